"""Sacred's folders: the status is said, and a heartbeat that stopped is seen."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import (
    LATER,
    SPECIMENS,
    damaged,
    expected,
    figures,
    folder_cards,
    spelled,
    told,
)
from workbench.errors import FormatError, NotFoundError
from workbench.formats.points import summarise
from workbench.formats.sacred.files import moment, plain
from workbench.formats.sacred.reader import SacredReader
from workbench.runfolder import FAILED, FINISHED, KILLED, RUNNING, STALE, UNKNOWN

DATA = SPECIMENS / "sacred" / "data"
READER = SacredReader()
_STATUS = {"finished": FINISHED, "failed": FAILED, "running": STALE}


def write(folder: Path, **more: Any) -> Path:
    """Return a run that is going on, with ``more`` in its card."""
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "status": "RUNNING", "start_time": "2026-01-01T00:00:00", "heartbeat": None,
        "experiment": {"name": "digits"}, "host": {}, "meta": {}, "artifacts": [], **more,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(card))
    (folder / "config.json").write_text('{"lr": 0.1}')
    (folder / "cout.txt").write_text("epoch 1\n")
    return folder


def log(folder: Path, count: int) -> None:
    """Write ``count`` points of one metric."""
    metric = {
        "steps": list(range(count)),
        "values": [1 / (step + 1) for step in range(count)],
        "timestamps": [f"2026-01-01T00:00:{step:02}" for step in range(count)],
    }
    (folder / "metrics.json").write_text(json.dumps({"loss": metric}))


def test_every_run_of_the_specimen_is_found_with_all_that_stands_in_it() -> None:
    """Names, status, times, params, figures, files, error and result are those expected."""
    before = sorted(map(str, DATA.rglob("*")))
    cards = folder_cards(READER, DATA)
    wanted = {run["path"]: run for run in expected("sacred")["runs"]}
    assert cards.keys() == wanted.keys()
    for key, run in wanted.items():
        card = cards[key]
        assert (card.name, card.status) == (run["name"], _STATUS[run["status"]])
        assert card.inferred == (run["status"] == "running")
        assert card.facts["raw_status"] == run["raw_status"]
        assert card.started == moment(run["start_time"])
        assert card.ended == moment(run["stop_time"] or run["heartbeat"])
        assert card.params == run["params"]
        assert dict(card.tags) == run["tags"]
        assert told(card.metrics, run["metrics"]) == figures(run["metrics"])
        assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
        assert card.facts.get("result") == spelled(run["result"])
        assert (card.error[-1] + "\n" if card.error else None) == run["fail_trace_last"]
        assert card.faults == ()
    assert sorted(map(str, DATA.rglob("*"))) == before


def test_curves_are_what_the_summaries_say() -> None:
    """The points of every run, summarised, are the metrics of its card."""
    for key, card in folder_cards(READER, DATA).items():
        found = READER.points(DATA, key, None, None).points
        summaries = {
            name: summarise(p.values, [int(step) for step in p.steps]) for name, p in found.items()
        }
        assert repr(sorted(summaries.items())) == repr(sorted(card.metrics.items()))


@pytest.mark.parametrize(
    ("word", "status", "inferred"),
    [
        ("COMPLETED", FINISHED, False),
        ("FAILED", FAILED, False),
        ("INTERRUPTED", KILLED, False),
        ("TIMEOUT", KILLED, False),
        ("QUEUED", UNKNOWN, True),
    ],
)
def test_the_word_for_the_end_is_taken(
    tmp_path: Path, word: str, status: str, inferred: bool
) -> None:
    """What Sacred says of the end counts, however old the files are."""
    write(tmp_path / "1", status=word, stop_time="2026-01-01T00:01:00")
    card = READER.read(tmp_path, "1", b"", LATER).card
    assert (card.status, card.inferred) == (status, inferred)
    assert card.facts["raw_status"] == word


def test_a_heartbeat_that_stopped_is_told_from_one_that_goes_on(tmp_path: Path) -> None:
    """Half a minute without a sign of life is a conclusion: the run has died."""
    folder = write(tmp_path / "1")
    at = (folder / "run.json").stat().st_mtime
    going = READER.read(tmp_path, "1", b"", at + 20).card
    assert (going.status, going.inferred, going.ended) == (RUNNING, False, None)
    dead = READER.read(tmp_path, "1", b"", at + 40).card
    assert (dead.status, dead.inferred) == (STALE, True)


def test_a_script_that_beats_seldom_is_given_longer(tmp_path: Path) -> None:
    """The interval the script was started with counts."""
    folder = write(tmp_path / "1", meta={"options": {"--beat-interval": "60"}})
    at = (folder / "run.json").stat().st_mtime
    assert READER.read(tmp_path, "1", b"", at + 100).card.status == RUNNING
    assert READER.read(tmp_path, "1", b"", at + 200).card.status == STALE


def test_a_run_that_was_not_named_is_called_by_experiment_and_number(tmp_path: Path) -> None:
    """The experiment's name alone would be that of a hundred runs."""
    write(tmp_path / "runs" / "7")
    card = READER.read(tmp_path, "runs/7", b"", LATER).card
    assert (card.name, card.experiment) == ("digits 7", "digits")


def test_new_points_follow_those_handed_out(tmp_path: Path) -> None:
    """A file written over with more points gives only those; another curve gives all again."""
    folder = write(tmp_path / "1")
    log(folder, 3)
    first = READER.points(tmp_path, "1", None, None)
    log(folder, 5)
    more = READER.points(tmp_path, "1", None, first.progress)
    assert (more.points["loss"].steps, more.restarted) == ([3.0, 4.0], False)
    assert READER.points(tmp_path, "1", None, more.progress).points == {}
    log(folder, 2)
    again = READER.points(tmp_path, "1", None, more.progress)
    assert (again.points["loss"].steps, again.restarted) == ([0.0, 1.0], True)


def test_half_a_file_leaves_what_was_read_before(tmp_path: Path) -> None:
    """Status, params and figures stand until the files are whole again."""
    folder = write(tmp_path / "1", status="COMPLETED")
    log(folder, 3)
    whole, progress = READER.read(tmp_path, "1", b"", LATER)
    curves = READER.points(tmp_path, "1", None, None)
    for name in ("run.json", "config.json", "metrics.json"):
        text = (folder / name).read_text()
        (folder / name).write_text(text[: len(text) // 2])
    card, progress = READER.read(tmp_path, "1", progress, LATER)
    assert (card.status, card.params, card.metrics) == (FINISHED, whole.params, whole.metrics)
    assert {f.path for f in card.faults} == {"1/run.json", "1/config.json", "1/metrics.json"}
    assert READER.points(tmp_path, "1", None, curves.progress).points == {}
    write(folder, status="FAILED", fail_trace=["Traceback:\n", "ValueError: no\n"])
    log(folder, 4)
    card, _ = READER.read(tmp_path, "1", progress, LATER)
    assert (card.status, card.error, card.faults) == (
        FAILED, ("Traceback:", "ValueError: no"), (),
    )  # fmt: skip
    assert card.metrics["loss"].count == 4
    assert READER.points(tmp_path, "1", None, curves.progress).points["loss"].steps == [3.0]


def test_what_did_not_change_is_not_opened_again(tmp_path: Path) -> None:
    """A file with the facts of the last look is known, even one that cannot be read now."""
    folder = write(tmp_path / "1", status="COMPLETED")
    log(folder, 3)
    whole, progress = READER.read(tmp_path, "1", b"", LATER)
    (folder / "metrics.json").chmod(0)
    card, _ = READER.read(tmp_path, "1", progress, LATER)
    assert card.metrics == whole.metrics


@pytest.mark.parametrize(
    ("told_", "meant"),
    [
        ({"py/tuple": [1, 2]}, [1, 2]),
        ({"py/object": "numpy.float64", "dtype": "float64", "value": 0.5}, 0.5),
        ({"py/object": "numpy.ndarray", "dtype": "int64", "values": [1, 2]}, [1, 2]),
        ({"py/object": "script.Options", "depth": 3, "deep": {"py/set": ["a"]}},
         {"depth": 3, "deep": ["a"]}),
        ({"py/type": "torch.nn.ReLU"}, "torch.nn.ReLU"),
        ({"py/object": "script.Empty"}, "script.Empty"),
        ({"py/reduce": [{"py/type": "os.system"}, {"py/tuple": ["echo"]}]}, {}),
        ([{"a": {"py/id": 3}}], [{"a": 3}]),
    ],
)  # fmt: skip
def test_objects_are_shown_as_their_data(told_: Any, meant: Any) -> None:
    """Nothing that ``jsonpickle`` describes is built; what it holds is kept."""
    assert plain(told_) == meant


@pytest.mark.parametrize("name", ["run.json", "config.json", "metrics.json", "info.json"])
def test_damage_is_a_fault_and_never_another_number(tmp_path: Path, name: str) -> None:
    """Cut or with a byte flipped, a file says nothing; whole again, all of it."""
    shutil.copytree(DATA / "sacred_runs" / "3", tmp_path / "3")
    whole = READER.read(tmp_path, "3", b"", LATER).card
    curves = repr(READER.points(tmp_path, "3", None, None).points)
    path = tmp_path / "3" / name
    data = path.read_bytes()
    for what, broken in damaged(data):
        path.write_bytes(broken)
        progress = b""
        try:
            card, progress = READER.read(tmp_path, "3", b"", LATER)
            assert {str(v) for v in card.params.values()} <= {str(v) for v in whole.params.values()}
            figures_now = {repr(summary) for summary in card.metrics.values()}
            assert figures_now <= {repr(summary) for summary in whole.metrics.values()}, what
            assert card.faults or broken.strip() == data.strip(), what
        except FormatError:
            assert name == "run.json"
        READER.points(tmp_path, "3", None, None)
        path.write_bytes(data)
        healed = READER.read(tmp_path, "3", progress, LATER).card
        assert repr(healed) == repr(whole), what
        assert repr(READER.points(tmp_path, "3", None, None).points) == curves


def test_hostile_folders_are_faults(tmp_path: Path) -> None:
    """Paths that lead out, half characters, uneven columns and deep documents harm nothing."""
    folder = write(
        tmp_path / "1", status="COMPLETED", result=math.nan,
        artifacts=["../../secret", "/etc/passwd", "a\0b", "cout.txt", {"name": "cout.txt"}],
    )  # fmt: skip
    (folder / "config.json").write_text('{"a": "\\ud800", "big": 1' + "0" * 40 + "}")
    (folder / "info.json").write_text('{"a":' * 5000 + "1" + "}" * 5000)
    (folder / "metrics.json").write_text(
        '{"a": {"steps": [1, 2], "timestamps": ["x"], "values": [3]}, "b": 7,'
        ' "c": {"steps": [1e400, 2], "timestamps": [0, 0], "values": ["?", true]}}'
    )
    card, progress = READER.read(tmp_path, "1", b"", LATER)
    assert card.params["a"] == "?"
    assert [artifact.path for artifact in card.artifacts] == ["cout.txt"]
    assert card.facts["result"] == "NaN"
    assert {fault.path for fault in card.faults} == {
        "1/run.json", "1/metrics.json", "1/info.json",
    }  # fmt: skip
    assert list(card.metrics) == ["a"]
    assert READER.read(tmp_path, "1", progress, LATER).card.metrics == card.metrics
    with pytest.raises(NotFoundError):
        READER.artifact(tmp_path, "1", "../1/run.json")


def test_other_tools_files_of_the_same_name_are_not_claimed(tmp_path: Path) -> None:
    """Two JSON files alone do not make a run of Sacred's."""
    (tmp_path / "run.json").write_text('{"status": "ok"}')
    (tmp_path / "config.json").write_text("{}")
    assert folder_cards(READER, tmp_path) == {}
