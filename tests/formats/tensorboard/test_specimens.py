"""Everything the tools' own reader found in the specimens is found, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import (
    SPECIMENS,
    damaged,
    expected,
    figures,
    folder_cards,
    spelled,
    told,
)
from workbench.errors import FormatError
from workbench.formats.contract import Points, RunCard
from workbench.formats.tensorboard.reader import TensorboardReader

READER = TensorboardReader()
STATUS = {"unknown": "UNKNOWN", "finished": "FINISHED"}
BOTH = ["tensorboard", "tensorboardX"]


def wanted(name: str) -> dict[str, dict[str, Any]]:
    """Return the expected runs by path, the session of each put to the run it is of."""
    runs = {run["path"]: dict(run) for run in expected(name)["runs"]}
    for path in [path for path in runs if path.endswith("/hp")]:
        session, whole = runs.pop(path), runs[path.removesuffix("/hp")]
        assert not whole["metrics"].keys() & session["metrics"].keys()
        whole["metrics"] = whole["metrics"] | session["metrics"]
        whole |= {key: session[key] for key in ("status", "raw_status", "params")}
    return runs


def others(card: RunCard) -> dict[str, list[str]]:
    """Return the other tags as the tool's own reader sorts them."""
    found = dict(card.facts.get("other_tags", {}))
    if "texts" in found:
        found["tensors"] = found.pop("texts")
    if "histograms" in found:
        found["distributions"] = found["histograms"]
    return found


@pytest.mark.parametrize("name", BOTH)
def test_the_runs_are_what_the_tool_says(name: str) -> None:
    """Names, status, params, tags, metrics, other tags: all of them, for every run."""
    cards = folder_cards(READER, SPECIMENS / name / "data")
    runs = wanted(name)
    assert cards.keys() == runs.keys()
    for path, run in runs.items():
        card = cards[path]
        assert f"runs/{run['name']}" == path
        assert card.name == path.rpartition("/")[2]
        assert card.experiment == path.split("/")[-2]
        assert card.status == STATUS[run["status"]]
        assert card.inferred == (run["raw_status"] is None)
        assert card.facts.get("raw_status") == run["raw_status"]
        assert card.params == run["params"]
        assert card.tags == run["tags"]
        assert told(card.metrics, run["metrics"]) == figures(run["metrics"])
        assert others(card) == run["other_tags"]
        assert card.faults == ()


@pytest.mark.parametrize("name", BOTH)
def test_the_times_are_those_in_the_files(name: str) -> None:
    """First and last wall time of every curve, and no artifact but those that are there."""
    root = SPECIMENS / name / "data"
    for path, run in wanted(name).items():
        assert {child.name for child in (root / path).iterdir()} == set(run["artifacts"])
        curves = READER.points(root, path, None, None).points
        assert curves.keys() == run["metrics"].keys()
        for metric, figure in run["metrics"].items():
            assert curves[metric].times[0] == figure["first_wall"]
            assert curves[metric].times[-1] == figure["last_wall"]


@pytest.mark.parametrize(
    ("name", "key"), [("hf_trainer", "tensorboard_metrics"), ("lightning", "metrics")]
)
def test_event_files_of_other_tools_are_read(name: str, key: str) -> None:
    """What trainers log through TensorBoard is all there too."""
    cards = folder_cards(READER, SPECIMENS / name / "data")
    runs = {run["path"]: run[key] for run in expected(name)["runs"] if run.get(key)}
    found = {path.removesuffix("/runs"): card for path, card in cards.items()}
    assert found
    for path, card in found.items():
        assert told(card.metrics, runs[path]) == figures(runs[path])
        assert card.status == "UNKNOWN"


@pytest.mark.parametrize("name", BOTH)
def test_summaries_and_curves_agree(name: str) -> None:
    """A summary is that of the points handed out."""
    root = SPECIMENS / name / "data"
    for key, card in folder_cards(READER, root).items():
        curves = READER.points(root, key, None, None).points
        assert curves.keys() == card.metrics.keys()
        for metric, summary in card.metrics.items():
            assert summary.count == len(curves[metric].values)
            assert spelled(summary.last) == spelled(curves[metric].values[-1])
            assert summary.last_step == curves[metric].steps[-1]


RUNS = [
    ("tensorboard", "runs/baseline-lr0.01"),
    ("tensorboard", "runs/baseline-lr0.01/hp"),
    ("tensorboard", "runs/diverged, lr=1e3 (50% off) é"),
    ("tensorboard", "runs/resumed"),
    ("tensorboardX", "runs/torn"),
]


@pytest.mark.parametrize(("name", "path"), RUNS)
def test_damage_shows_no_wrong_number(tmp_path: Path, name: str, path: str) -> None:
    """Cut anywhere the points are the first ones; with a byte flipped, true ones and a fault."""
    for source in sorted((SPECIMENS / name / "data" / path).glob("events.*")):
        data = source.read_bytes()
        copy = tmp_path / "run" / source.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(data)
        whole = READER.points(tmp_path, "run", None, None).points
        for what, harmed in damaged(data):
            copy.write_bytes(harmed)
            card = READER.read(tmp_path, "run", b"", 1.8e9).card
            found = READER.points(tmp_path, "run", None, None).points
            assert {n: s.count for n, s in card.metrics.items()} == {
                n: len(p.values) for n, p in found.items()
            }, what
            for metric, points in found.items():
                assert is_within(points, whole[metric]), what
                prefix = first(whole[metric], len(points.values))
                assert str(points) == str(prefix) or card.faults, what
            if what.startswith("cut"):
                assert not card.faults, what
            else:
                assert card.faults or str(found) == str(whole), what
        copy.unlink()


def first(points: Points, count: int) -> Points:
    """Return the first points."""
    return Points(*(column[:count] for column in points))


def is_within(points: Points, whole: Points) -> bool:
    """Say whether all points are among those of ``whole``, in their order."""
    there = iter([str(point) for point in zip(*whole, strict=True)])
    return all(str(point) in there for point in zip(*points, strict=True))


@pytest.mark.parametrize(("name", "path"), RUNS)
def test_every_length_can_be_gone_on_from(tmp_path: Path, name: str, path: str) -> None:
    """A file that grows in odd pieces ends up as one that is read at once."""
    source = min((SPECIMENS / name / "data" / path).glob("events.*"))
    data = source.read_bytes()
    copy = tmp_path / "run" / source.name
    copy.parent.mkdir()
    notes, place, curves = b"", None, {}
    for end in [*range(0, len(data), max(len(data) // 64, 1)), len(data)]:
        with copy.open("ab") as file:
            file.write(data[copy.stat().st_size : end])
        reading = READER.read(tmp_path, "run", notes, 1.8e9)
        notes = reading.progress
        news = READER.points(tmp_path, "run", None, place)
        assert not news.restarted
        assert reading.card.faults == ()
        place = news.progress
        for metric, points in news.points.items():
            before = curves.setdefault(metric, Points([], [], []))
            for column, more in zip(before, points, strict=True):
                column.extend(more)
    at_once = READER.read(tmp_path, "run", b"", 1.8e9).card
    assert str(reading.card.metrics) == str(at_once.metrics)
    assert reading.card.facts == at_once.facts
    assert str(curves) == str(READER.points(tmp_path, "run", None, None).points)


def test_a_shorter_file_in_its_place_starts_over(tmp_path: Path) -> None:
    """A file that was replaced is read anew, and the points are handed out anew."""
    source = next((SPECIMENS / "tensorboard/data/runs/baseline-lr0.01").glob("events.*"))
    short = next((SPECIMENS / "tensorboard/data/runs/torn").glob("events.*")).read_bytes()
    copy = tmp_path / "run" / source.name
    copy.parent.mkdir()
    copy.write_bytes(source.read_bytes())
    reading = READER.read(tmp_path, "run", b"", 1.8e9)
    place = READER.points(tmp_path, "run", None, None).progress
    copy.write_bytes(short)
    again = READER.read(tmp_path, "run", reading.progress, 1.8e9).card
    assert {name: summary.count for name, summary in again.metrics.items()} == {"train_loss": 7}
    assert again.facts == {"host": "trainbox"}
    news = READER.points(tmp_path, "run", None, place)
    assert news.restarted
    assert list(news.points) == ["train_loss"]


def test_nothing_is_written(tmp_path: Path) -> None:
    """A run without event files is no run, and asking leaves nothing behind."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(FormatError):
        READER.read(tmp_path, "empty", b"", 1.8e9)
    with pytest.raises(OSError, match="no event files"):
        READER.points(tmp_path, "empty", None, None)
    assert [*tmp_path.rglob("*")] == [tmp_path / "empty"]
