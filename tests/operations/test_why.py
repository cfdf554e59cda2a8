"""Why one run is better than another: what differs, how sure that is, and what is not known."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, Built, write_run, write_workspace
from tests.repositories import commit, make_repository
from workbench.catalogue import repeating
from workbench.clock import FixedClock
from workbench.errors import NotFoundError, UsageError
from workbench.operations.session import Session, open_session
from workbench.operations.why import Why, why, why_lines, why_markdown
from workbench.operations.why_text import fenced


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session outside of any repository."""
    workspace = write_workspace(tmp_path / "w")
    monkeypatch.chdir(workspace)
    with open_session(workspace, clock=FixedClock(), in_memory=True) as made:
        yield made


def curve(level: float, *, steps: int = 60, metric: str = "val/auc") -> list[Any]:
    """Return a curve that starts alike and ends near a level."""
    return [
        (step, BEGIN + step, {metric: 0.5 + (level - 0.5) * max(0, step - 20) / 40 +
                              0.0002 * math.sin(step * 9.7 + level)})
        for step in range(steps)
    ]  # fmt: skip


def trained(session: Session, number: int, level: float, **params: Any) -> Built:
    """Write a run that ended at a level."""
    return write_run(
        session.root, number=number, name=f"run-{number}", params=params, metrics=curve(level),
        started=BEGIN + number,
    )  # fmt: skip


def text(found: Why) -> str:
    """Return the page as one text."""
    return "\n".join(line.text for line in why_lines(found))


def test_a_difference_over_seeds_has_its_interval(session: Session) -> None:
    """The runs of both recipes are paired by seed, and what they say is on the page."""
    levels = {0.1: (0.80, 0.81, 0.79), 0.2: (0.85, 0.865, 0.835)}
    for place, (lr, values) in enumerate(levels.items()):
        for seed, level in enumerate(values):
            trained(session, 10 * place + seed, level, lr=lr, seed=seed)
    session.sweep()
    found = why(session, "run-0", "run-10")
    assert found.metric == "val/auc"
    assert (found.difference.method, found.difference.n) == ("paired t", 3)
    assert found.difference.distinguishable is True
    assert found.difference.mean == pytest.approx(0.05, abs=0.002)
    assert [one.name for one in found.params] == ["lr"]
    page = text(found)
    assert page.startswith("Why is lr=0.2 better than lr=0.1?")
    assert found.difference.words in page
    assert found.parting is not None
    assert 15 <= found.parting.x <= 35
    assert "part at step" in page


def test_folds_pair_runs_as_seeds_do(session: Session) -> None:
    """A fold is a part of the data and not a choice; runs of one fold are compared."""
    for place, lr in enumerate((0.1, 0.2)):
        for fold in range(4):
            level = 0.7 + 0.05 * fold + 0.03 * place + 0.002 * (fold % 2) * place
            trained(session, 10 * place + fold, level, lr=lr, cv={"fold": fold})
    session.sweep()
    found = why(session, "run-0", "run-10")
    assert (found.difference.method, found.difference.n) == ("paired t", 4)
    assert found.difference.distinguishable is True


def test_one_run_of_each_is_no_evidence(session: Session) -> None:
    """Whatever the distance, two single runs cannot be told from noise, and that is said."""
    trained(session, 1, 0.6, lr=0.1, seed=1)
    trained(session, 2, 0.9, lr=0.2, seed=1)
    session.sweep()
    found = why(session, "run-1", "run-2")
    assert found.difference.distinguishable is None
    assert any("cannot be told from noise" in one for one in found.said)
    assert "cannot be told from noise" in text(found)


def test_what_differs_by_chance_is_not_called_better_for_sure(session: Session) -> None:
    """Seeds that contradict each other give the words "not distinguishable"."""
    for place, values in enumerate(((0.80, 0.84, 0.82), (0.84, 0.80, 0.825))):
        for seed, level in enumerate(values):
            trained(session, 10 * place + seed, level, lr=place, seed=seed)
    session.sweep()
    found = why(session, "run-0", "run-10")
    assert found.difference.distinguishable is False
    assert "not distinguishable, n=3" in text(found)
    assert not text(found).startswith("Why")


def test_two_seeds_of_one_recipe_differ_by_chance(session: Session) -> None:
    """Runs equal in all but the seed are told to be just that."""
    trained(session, 1, 0.80, lr=0.1, seed=1)
    trained(session, 2, 0.81, lr=0.1, seed=2)
    session.sweep()
    found = why(session, "run-1", "run-2")
    assert found.difference.distinguishable is None
    assert "equal in all but seed" in " ".join(found.said)


def test_archived_unfinished_and_doubled_repeats_do_not_count(session: Session) -> None:
    """Only finished runs repeat a recipe, one for each seed; what is left out is said."""
    for seed in (1, 2):
        trained(session, seed, 0.8 + seed / 100, lr=0.1, seed=seed)
        trained(session, 10 + seed, 0.9 + seed / 90, lr=0.2, seed=seed)
    trained(session, 20, 0.1, lr=0.1, seed=2)
    write_run(session.root, number=30, name="going", status=None, params={"lr": 0.1, "seed": 3},
              metrics=curve(0.2))  # fmt: skip
    session.sweep()
    found = why(session, "run-1", "run-11")
    assert found.difference.n == 2
    assert "Left out: 1 run with a seed" in " ".join(found.said)
    assert any("B is running" in one for one in why(session, "run-1", "going").said)


@pytest.mark.parametrize("kind", ["seed", "fold"])
def test_repeats_beyond_the_bound_are_left_out_and_told(
    session: Session, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The latest ones are taken; runs without the metric or of other params cost no place."""
    monkeypatch.setattr(repeating, "MOST", 2)
    for place in range(5):
        trained(
            session, place, 0.8 + place / 100, lr=0.1, model={"layers": [1, 2]}, **{kind: place}
        )
    trained(session, 10, 0.9, lr=0.2, **{kind: 4})
    trained(session, 11, 0.9, lr=0.3, **{kind: 4})
    write_run(session.root, number=12, name="other", params={"lr": 0.2, kind: 3},
              metrics=curve(0.2, metric="loss"))  # fmt: skip
    session.sweep()
    found = why(session, "run-0", "run-10")
    assert [one.place for one in found.repeats] == [f"{kind}={place}" for place in (0, 3, 4)]
    told = [one for one in found.said if "were looked at" in one]
    assert told == ["Only the latest 2 of 4 runs that may repeat A were looked at."]


def test_metrics_are_told_the_largest_first(session: Session) -> None:
    """By relative size, with better and worse where a direction is known, the machine's last."""
    last = {"val/auc": 0.8, "loss": 0.5, "things": 10.0, "zero": 0.0, "odd": math.nan, "same": 1.0,
            "system/cpu_percent": 1.0}  # fmt: skip
    other = {"val/auc": 0.84, "loss": 0.25, "things": 11.0, "zero": 1.0, "odd": 1.0, "same": 1.0,
             "system/cpu_percent": 99.0}  # fmt: skip
    write_run(session.root, number=1, name="a", metrics=[(0, BEGIN, last)])
    write_run(session.root, number=2, name="b", metrics=[(0, BEGIN, other)])
    session.sweep()
    found = why(session, "a", "b")
    assert [one.name for one in found.metrics] == [
        "zero", "loss", "things", "val/auc", "odd", "system/cpu_percent",
    ]  # fmt: skip
    verdicts = {one.name: one.delta.verdict for one in found.metrics}
    assert verdicts["loss"] == verdicts["val/auc"] == "better"
    assert verdicts["things"] == "unknown"
    assert found.metrics[1].guessed
    assert "single point" in found.curves
    assert why(session, "a", "b", metric="things").metric == "things"


def test_a_direction_somebody_gave_is_no_guess(session: Session) -> None:
    """Only a direction taken from the metric's name is called one."""
    rule = {"time": BEGIN, "kind": "rule", "metric": "loss", "goal": "min"}
    for number in (1, 2):
        write_run(session.root, number=number, name=f"run-{number}", updates=[rule],
                  metrics=[(0, BEGIN, {"loss": 1.0 / number})])  # fmt: skip
    session.sweep()
    found = why(session, "run-1", "run-2")
    assert found.main is not None
    assert not found.main.guessed
    assert "guessed" not in text(found)


def test_code_packages_data_and_machine_are_on_the_page(session: Session, tmp_path: Path) -> None:
    """Everything the two recorded and that differs has its place, what is alike one line."""
    project = tmp_path / "project"
    first = make_repository(project, {"train.py": b"depth = 3\n"})
    second = commit(project, {"train.py": b"depth = 5\n"})
    for number, (now, version) in enumerate(((first, "1.0"), (second, "2.0"))):
        data = {"time": BEGIN, "kind": "dataset", "name": "census", "role": "train",
                "hash": f"sha256:{version}"}  # fmt: skip
        made = write_run(session.root, number=number, name=f"run-{number}", updates=[
            data, {"time": BEGIN, "kind": "fact", "facts": {"dirty": False}},
        ], git={"commit": now}, host=f"box{number}")  # fmt: skip
        (made.folder / "environment.json").write_text(
            f'{{"python": "3.11", "packages": {{"torch": "{version}", "numpy": "2"}}}}', "utf-8"
        )
    session.sweep()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        found = why(session, "run-0", "run-1")
    assert [one.name for one in found.packages] == ["torch"]
    assert [one.values for one in found.data] == [("sha256:1.0", "sha256:2.0")]
    assert [one.name for one in found.environment] == ["host"]
    assert found.code.files[0].path == "train.py"
    styles = {line.text.strip(): line.style for line in why_lines(found)}
    assert styles["-depth = 3"] == "bad"
    assert styles["+depth = 5"] == "good"
    assert styles["torch  1.0 → 2.0"] == ""
    assert styles["params, metrics"] == "dim"
    markdown = why_markdown(found)
    assert "```diff\n" in markdown
    assert "- torch 1.0 → 2.0\n" in markdown


def test_packages_one_run_never_recorded_do_not_differ(session: Session) -> None:
    """A run without a list of packages does not lack all of them; that it has none is said."""
    made = write_run(session.root, number=1, name="a")
    (made.folder / "environment.json").write_text('{"packages": {"numpy": "2"}}', "utf-8")
    write_run(session.root, number=2, name="b")
    session.sweep()
    found = why(session, "a", "b")
    assert found.packages == ()
    assert any("packages" in one for one in found.said)


def test_runs_without_anything_in_common_are_shown(session: Session) -> None:
    """Different metrics, no git, no steps: what there is is shown and what is missing is said."""
    write_run(session.root, number=1, name="a", git=None, metrics=[(None, BEGIN, {"x": 1.0})])
    write_run(
        session.root, number=2, name="b", git=None, params={}, metrics=[(0, BEGIN, {"y": 1.0})]
    )
    session.sweep()
    found = why(session, "a", "b")
    assert (found.metric, found.main, found.metrics) == ("", None, ())
    assert text(found).startswith("How does ")
    assert "no metric in common" in text(found)
    assert "Only one of the runs has y." in text(why(session, "a", "b", metric="y"))


def test_wrong_words_are_told(session: Session) -> None:
    """One run twice, a run or a metric that is not there: an error that says so."""
    write_run(session.root, number=1, name="a")
    write_run(session.root, number=2, name="b")
    session.sweep()
    with pytest.raises(UsageError, match="Both words"):
        why(session, "a", "a")
    with pytest.raises(NotFoundError):
        why(session, "a", "nobody")
    with pytest.raises(UsageError, match="Neither run has a metric 'nope'"):
        why(session, "a", "b", metric="nope")


@pytest.mark.parametrize("kind", ["diff", "sh"])
def test_a_block_of_code_ends_where_it_ends(kind: str) -> None:
    """Its fence is longer than any in it, and nothing in it steers a terminal."""
    rows = fenced(["a ```` b", "`", "\x1b[2J"], kind)
    assert (rows[0], rows[-1]) == (f"`````{kind}", "`````")
    assert rows[1:-1] == ["a ```` b", "`", "␛[2J"]
    assert fenced([], kind) == [f"```{kind}", "```"]


def test_nothing_on_the_page_steers_a_terminal(session: Session) -> None:
    """Names and values of users are shown with their control characters visible."""
    evil = "\x1b[2J`evil`"
    for number in (1, 2):
        called = f"{evil}{number}"
        write_run(
            session.root, number=number, name=called, params={"p": called}, git={"commit": evil}
        )
    session.sweep()
    first, second = (f"{number:022d}" for number in (1, 2))
    found = why(session, first, second)
    assert "\x1b" not in text(found)
    assert "\x1b" not in why_markdown(found)
    assert "\\`evil\\`" in why_markdown(found)


def test_values_that_differ_are_never_shown_alike(session: Session) -> None:
    """The page has as many digits as it takes, and of long texts the part that differs."""
    long = "/data/" + "x" * 500
    trained(session, 1, 0.8, lr=0.1, path=f"{long}1")
    trained(session, 2, 0.8, lr=0.1000000001, path=f"{long}2")
    session.sweep()
    page = text(why(session, "run-1", "run-2"))
    assert "0.1 → 0.1000000001" in page
    assert f"…{'x' * 20}1 → …{'x' * 20}2" in page
    assert max(map(len, page.splitlines())) < 200
