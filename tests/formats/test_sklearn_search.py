"""Results of scikit-learn's searches as runs."""

from pathlib import Path

import pytest

from tests.formats.checking import SPECIMENS, damaged, expected, spelled, store_cards
from workbench.errors import FormatError
from workbench.formats.contract import RunCard
from workbench.formats.sklearn_search import SklearnSearchReader, literal, scalar
from workbench.formats.walking import list_folder

READER = SklearnSearchReader()
DATA = SPECIMENS / "sklearn_cv" / "data"
STORES = [DATA / "search_a" / "cv_results.csv", DATA / "search_b" / "cv_results.csv"]


def cards_of(store: Path) -> dict[str, RunCard]:
    """Return the candidates of a file by name."""
    return {card.name: card for card in store_cards(READER, store).values()}


def test_candidates_are_what_the_search_found() -> None:
    """Every row has the params and the figures of the search, and failed where a score is NaN."""
    runs = {run["name"]: run for run in expected("sklearn_cv")["runs"]}
    cards = {name: card for store in STORES for name, card in cards_of(store).items()}
    assert cards.keys() == runs.keys()
    for name, run in runs.items():
        card = cards[name]
        assert card.status == {"finished": "FINISHED", "failed": "FAILED"}[run["status"]]
        assert card.experiment == run["path"]
        assert card.params == run["params"]
        assert card.tags == run["tags"]
        assert {n: {"last": spelled(s.last)} for n, s in card.metrics.items()} == run["metrics"]
        assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
        assert card.faults == ()


def test_figures_are_curves_of_one_point() -> None:
    """What the table says of a metric is its only point."""
    for key in READER.survey(STORES[1], None).refs:
        card = READER.read(STORES[1], key, b"", 0.0).card
        curves = READER.points(STORES[1], key, None, None)
        found = {name: [spelled(v) for v in p.values] for name, p in curves.points.items()}
        assert found == {name: [spelled(s.last)] for name, s in card.metrics.items()}
        assert READER.points(STORES[1], key, None, curves.progress).points == {}


def test_is_found_by_its_header(tmp_path: Path) -> None:
    """A table is a search's when its columns are, and its name hints at it."""
    (tmp_path / "cv_results_rf.csv").write_bytes(STORES[0].read_bytes())
    (tmp_path / "search.csv").write_text("a,b\n1,2\n")
    (tmp_path / "cv.csv").write_text('"' * 100_000)
    folder = list_folder(tmp_path, "", [])
    assert folder is not None
    assert READER.roots(folder) == ["cv_results_rf.csv"]


@pytest.mark.parametrize("store", STORES, ids=["a", "b"])
def test_a_damaged_file_says_nothing_wrong(store: Path, tmp_path: Path) -> None:
    """Cut short, it has fewer rows and every one is true; a byte flipped makes no crash."""
    data, truth = store.read_bytes(), {k: c.metrics for k, c in store_cards(READER, store).items()}
    for number, (how, broken) in enumerate(damaged(data)):
        path = tmp_path / f"{number}" / "cv_results.csv"
        path.parent.mkdir()
        path.write_bytes(broken)
        survey = READER.survey(path, None)
        for key in survey.refs:
            card = READER.read(path, key, b"", 0.0).card
            if how.startswith("cut"):
                assert repr(card.metrics) == repr(truth[key])


def test_a_row_with_objects_has_its_params_from_the_columns(tmp_path: Path) -> None:
    """What is no literal is text, and the other params keep their kind."""
    path = tmp_path / "cv_results.csv"
    path.write_text(
        "param_model,param_c,param_none,params,mean_test_score\n"
        "SVC(C=1),0.5,None,\"{'model': SVC(C=1),\n 'c': 0.5}\",0.9\n"
    )
    (card,) = cards_of(path).values()
    assert card.params == {"model": "SVC(C=1)", "c": 0.5, "none": None}


@pytest.mark.parametrize(
    "text", ["(" * 8000, "-" * 8000 + "1", "1+" * 4000 + "1j", "{" * 100_000, "__import__('os')"]
)
def test_bombs_in_literals_are_texts(text: str) -> None:
    """Neither depth nor names get anything out of the parser."""
    assert literal(text) is None
    assert scalar(text) == text


def test_another_table_is_refused(tmp_path: Path) -> None:
    """A file replaced by something else is a fault, and its runs are kept until it is back."""
    path = tmp_path / "cv_results.csv"
    path.write_bytes(STORES[0].read_bytes())
    before = READER.survey(path, None)
    path.write_text("nothing,of,the,kind\n1,2,3,4\n")
    after = READER.survey(path, before.memory)
    assert after.refs == before.refs
    assert [fault.path for fault in after.faults] == ["cv_results.csv"]
    with pytest.raises(FormatError):
        READER.read(path, "#000000", b"", 0.0)


def test_a_damaged_name_or_figure_is_told(tmp_path: Path) -> None:
    """A name with bytes that are no text, and a figure that is no number, are a fault each."""
    text = b"params,mean_test_score,std_test_score,note\n{},0.5,0.1,fine\n"
    whole, figure, name = (tmp_path / f"{number}_cv_results.csv" for number in range(3))
    whole.write_bytes(text)
    assert READER.survey(whole, None).faults == ()
    assert READER.read(whole, "#000000", b"", 0.0).card.faults == ()
    figure.write_bytes(text.replace(b"0.1", b"0\xd11"))
    (fault,) = READER.read(figure, "#000000", b"", 0.0).card.faults
    assert "std_test_score of #000000" in fault.reason
    name.write_bytes(text.replace(b"std_", b"s\x8bd_"))
    assert [fault.line for fault in READER.survey(name, None).faults] == [1]
