"""The native reader: what a workspace's run folders say, whole, growing, and broken."""

import json
import math
import os
from pathlib import Path

import pytest

from tests.building import (
    BEGIN,
    append_metrics,
    end_writer,
    metric_lines,
    points,
    summed,
    write_run,
    write_writer,
)
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Artifact, Dataset, Rule
from workbench.formats.native.reader import NativeReader
from workbench.runfolder import STALE_AFTER

READER = NativeReader()


def life(folder: Path, at: float) -> None:
    """Set the modification time of everything below ``folder``."""
    for path in [folder, *folder.rglob("*")]:
        os.utime(path, (at, at))


def test_a_finished_run_is_read_from_its_two_cards(tmp_path: Path) -> None:
    """A finished run of one writer says everything without its lines."""
    run = write_run(
        tmp_path,
        updates=[
            {"time": BEGIN + 2, "kind": "params", "params": {"model": {"width": 8}, "lr": 0.2}},
            {"time": BEGIN + 3, "kind": "tags", "tags": {"team": None, "stage": "new"}},
            {"time": BEGIN + 3, "kind": "note", "note": "better"},
            {"time": BEGIN + 3, "kind": "name", "name": "renamed"},
            {"time": BEGIN + 3, "kind": "rule", "metric": "loss", "goal": "min",
             "summary": "best", "step_metric": None},
            {"time": BEGIN + 3, "kind": "dataset", "name": "census", "role": "training",
             "path": "census.csv", "hash": "sha256:00", "rows": 3, "columns": [["age", "int"]]},
            {"time": BEGIN + 3, "kind": "fact", "facts": {"dirty": True}},
        ],
        artifacts={"plots/roc.png": b"png"},
    )  # fmt: skip
    card, progress = READER.read(tmp_path, run.key, b"", BEGIN)
    assert (card.name, card.note, card.status, card.inferred) == (
        "renamed", "better", "FINISHED", False,
    )  # fmt: skip
    assert card.params == {"lr": 0.2, "model.depth": 4, "model.width": 8}
    assert card.tags == {"stage": "new"}
    assert card.metrics == summed(points(3, "loss"))
    assert card.rules == {"loss": Rule("min", "best", None)}
    assert card.artifacts == (Artifact("plots/roc.png", 3),)
    assert card.datasets == (
        Dataset("census", "training", "census.csv", "sha256:00", 3, (("age", "int"),)),
    )
    assert card.facts["dirty"] is True
    assert (card.started, card.ended, card.faults, progress) == (BEGIN, BEGIN + 60, (), b"")


def test_lines_and_cards_say_the_same(tmp_path: Path) -> None:
    """A run reads the same from its lines as from its end card."""
    said = [
        {"time": BEGIN + 2, "kind": "params", "params": {"model": {"width": 8}}},
        {"time": BEGIN + 3, "kind": "tags", "tags": {"team": None}},
        {"time": BEGIN + 3, "kind": "artifact", "path": "a.txt", "size": 4},
    ]
    run = write_run(tmp_path, updates=said, metrics=points(50, "loss", "val/auc"))
    short = READER.read(tmp_path, run.key, b"", BEGIN).card
    (run.writer() / "final.json").unlink()
    long = READER.read(tmp_path, run.key, b"", BEGIN).card
    for field in ("name", "params", "tags", "artifacts", "metrics", "note", "status", "facts"):
        assert getattr(short, field) == getattr(long, field)


def test_a_growing_run_is_read_on(tmp_path: Path) -> None:
    """Reading on from the last progress gives what reading everything gives."""
    run = write_run(tmp_path, status=None, metrics=points(3, "loss"))
    life(tmp_path, BEGIN)
    first = READER.read(tmp_path, run.key, b"", BEGIN)
    append_metrics(run, [(3, BEGIN, {"loss": math.nan, "acc": math.inf})])
    second = READER.read(tmp_path, run.key, first.progress, BEGIN)
    whole = READER.read(tmp_path, run.key, b"", BEGIN)
    assert repr(second.card) == repr(whole.card)
    assert second.card.metrics["loss"].count == 4
    assert second.card.metrics["loss"].nans == 1
    assert second.card.metrics["acc"].max == math.inf
    assert second.progress == whole.progress


def test_a_run_without_life_is_stale(tmp_path: Path) -> None:
    """Ten minutes without a sign of life make a run STALE, and that is inferred."""
    run = write_run(tmp_path, status=None)
    life(tmp_path, BEGIN)
    running = READER.read(tmp_path, run.key, b"", BEGIN + STALE_AFTER - 1).card
    stale = READER.read(tmp_path, run.key, b"", BEGIN + STALE_AFTER).card
    assert (running.status, running.inferred) == ("RUNNING", False)
    assert (stale.status, stale.inferred, stale.ended) == ("STALE", True, None)
    os.utime(run.folder.parent / ".alive" / f"{run.run_id}.0", (BEGIN + 500, BEGIN + 500))
    assert READER.read(tmp_path, run.key, b"", BEGIN + STALE_AFTER).card.status == "RUNNING"


def test_writers_are_merged(tmp_path: Path) -> None:
    """Several writers make one run: points joined by start, the last word by time."""
    run = write_run(
        tmp_path,
        status=None,
        metrics=points(3, "loss"),
        updates=[{"time": BEGIN + 100, "kind": "params", "params": {"lr": 5, "a": 1}}],
    )
    later = points(2, "loss", begin=BEGIN + 50, first=3)
    said = {"time": BEGIN + 50, "kind": "params", "params": {"lr": 6, "b": 2}}
    write_writer(run, 1, metrics=later, started=BEGIN + 40, updates=[said])
    end_writer(run, 0, "FAILED", metrics=points(3, "loss"))
    end_writer(run, 1, "FINISHED", metrics=later, started=BEGIN + 40, ended=BEGIN + 99)
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.status == "FINISHED"
    assert card.ended == BEGIN + 99
    assert card.metrics == summed(points(5, "loss"))
    assert card.params == {"lr": 5, "model.depth": 4, "a": 1, "b": 2}


def test_a_resumed_run_is_not_stale(tmp_path: Path) -> None:
    """A writer that was lost before a later one began does not hold up the run's end."""
    run = write_run(tmp_path, status=None)
    life(tmp_path, BEGIN + 5)
    write_writer(run, 1, started=BEGIN + 1000)
    end_writer(run, 1, started=BEGIN + 1000)
    assert READER.read(tmp_path, run.key, b"", BEGIN + 9999).card.status == "FINISHED"


def test_a_lost_rank_makes_the_run_stale(tmp_path: Path) -> None:
    """A writer that was lost while others went on is told."""
    run = write_run(tmp_path, status=None)
    write_writer(run, 1, started=BEGIN + 1)
    end_writer(run, 1, started=BEGIN + 1)
    life(tmp_path, BEGIN + 5)
    assert READER.read(tmp_path, run.key, b"", BEGIN + 9999).card.status == "STALE"


def test_wrong_lines_are_faults_and_the_others_count(tmp_path: Path) -> None:
    """Every wrong line is told with its number; a torn end is not yet a line."""
    run = write_run(tmp_path, status=None, metrics=points(2, "loss"))
    with (run.writer() / "metrics.jsonl").open("ab") as file:
        file.write(b'{"step":2,"time":1,"metrics":{"loss":0.5,"bad":"x"}}\n\nnot json\n')
        file.write(b'{"step":3.0,"time":1,"metrics":{"loss":0.25}}\n{"step":4,"time":1,"met')
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.metrics["loss"].count == 4
    assert card.metrics["loss"].last_step == 3
    assert "bad" not in card.metrics
    assert [fault.line for fault in card.faults] == [3, 5]
    assert all(fault.path == f"{run.key}/writers/0/metrics.jsonl" for fault in card.faults)


def test_faults_of_a_file_are_bounded(tmp_path: Path) -> None:
    """A thousand wrong lines are twenty faults and a count."""
    run = write_run(tmp_path, status=None)
    (run.writer() / "metrics.jsonl").write_bytes(b"garbage\n" * 1000 + metric_lines(points(1, "x")))
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert len(card.faults) == 21
    assert "980 more" in card.faults[-1].reason
    assert card.metrics["x"].count == 1


def test_a_line_of_many_megabytes_is_left_out(tmp_path: Path) -> None:
    """A line nobody can hold is a fault; what follows it counts."""
    run = write_run(tmp_path, status=None)
    with (run.writer() / "metrics.jsonl").open("wb") as file:
        file.seek(70 * 1024 * 1024)
        file.write(b"\n" + metric_lines(points(2, "x")))
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.metrics["x"].count == 2
    assert "was left out" in card.faults[0].reason


def test_lines_that_grew_after_the_end_count(tmp_path: Path) -> None:
    """When the sizes in the end card are not true any more, the lines are."""
    run = write_run(tmp_path, metrics=points(3, "loss"))
    append_metrics(run, points(2, "loss", first=3))
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.status == "FINISHED"
    assert card.metrics == summed(points(5, "loss"))


def test_lines_thrown_away_leave_the_summary(tmp_path: Path) -> None:
    """Without its lines a finished run keeps its summary, and says what is missing."""
    run = write_run(tmp_path)
    (run.writer() / "metrics.jsonl").unlink()
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.metrics == summed(points(3, "loss"))
    assert "missing" in card.faults[0].reason


@pytest.mark.parametrize(
    ("text", "params", "reason"),
    [
        ('{"format":1,"name":7,"params":{"lr":1}}', {"lr": 1}, "name"),
        ('{"format":1,"name":"n","params":[1]}', {}, "params"),
        ('{"format":9,"name":"n","params":{"lr":1},"new":[]}', {"lr": 1}, "newer"),
        ('{"format":1,"name":"n","tags":{"a":1,"b":"2"}}', {}, "tags"),
        ("[]", {}, "object"),
        ("{", {}, "JSON"),
        ("", {}, "JSON"),
        ("[" * 100_000, {}, "JSON"),
    ],
)
def test_a_wrong_start_card_hides_nothing_else(
    tmp_path: Path, text: str, params: dict[str, object], reason: str
) -> None:
    """What is right in a card is shown, what is wrong is a fault, and the run stays."""
    run = write_run(tmp_path)
    (run.folder / "run.json").write_text(text, "utf-8")
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.params == params
    assert card.metrics == summed(points(3, "loss"))
    assert card.status == "FINISHED"
    assert any(reason in fault.reason for fault in card.faults)


def test_an_end_card_that_is_torn_is_not_believed(tmp_path: Path) -> None:
    """A torn end card leaves the lines and the marker to speak."""
    run = write_run(tmp_path, status="FAILED")
    final = run.writer() / "final.json"
    final.write_bytes(final.read_bytes()[:100])
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert card.status == "FAILED"
    assert card.metrics == summed(points(3, "loss"))
    assert [fault.path for fault in card.faults] == [f"{run.key}/writers/0/final.json"]


def test_a_wrong_summary_is_a_fault_of_its_own(tmp_path: Path) -> None:
    """One summary of wrong type does not hide the others."""
    run = write_run(tmp_path, metrics=points(3, "loss", "acc"))
    final = run.writer() / "final.json"
    told = json.loads(final.read_text("utf-8"))
    told["metrics"]["acc"]["last"] = [1]
    final.write_text(json.dumps(told), "utf-8")
    card = READER.read(tmp_path, run.key, b"", BEGIN).card
    assert set(card.metrics) == {"loss"}
    assert card.faults


def test_the_survey_follows_what_happens(tmp_path: Path) -> None:
    """New runs, growing lines, ends and removals all show; nothing else does."""
    run = write_run(tmp_path, status=None)
    done = write_run(tmp_path, number=1)
    one = READER.survey(tmp_path, None)
    assert {key: ref.live for key, ref in one.refs.items()} == {run.key: True, done.key: False}
    append_metrics(run, points(1, "loss", first=3))
    two = READER.survey(tmp_path, one.memory)
    assert two.refs[run.key].stamp != one.refs[run.key].stamp
    assert two.refs[done.key] == one.refs[done.key]
    end_writer(run, 0)
    three = READER.survey(tmp_path, two.memory)
    assert three.refs[run.key].stamp != two.refs[run.key].stamp
    assert not three.refs[run.key].live
    write_writer(run, 1)
    four = READER.survey(tmp_path, three.memory)
    assert four.refs[run.key].live
    for path in sorted(done.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    done.folder.rmdir()
    assert set(READER.survey(tmp_path, four.memory).refs) == {run.key}


def test_the_survey_sees_changes_within_one_tick(tmp_path: Path) -> None:
    """A folder that changed again without its time moving is listed again."""
    write_run(tmp_path)
    folder = tmp_path / "runs" / "churn"
    times = [(path, path.stat().st_mtime_ns) for path in (folder, folder / ".alive")]
    one = READER.survey(tmp_path, None)
    new = write_run(tmp_path, number=1, status=None)
    for path, at in times:
        os.utime(path, ns=(at, at))
    assert new.key in READER.survey(tmp_path, one.memory).refs


def test_a_new_process_gives_the_same_stamps(tmp_path: Path) -> None:
    """Stamps are kept in a catalogue, so they are the same with and without memory."""
    write_run(tmp_path)
    write_run(tmp_path, number=1, status=None)
    one = READER.survey(tmp_path, None)
    again = READER.survey(tmp_path, one.memory)
    assert again.refs == READER.survey(tmp_path, None).refs == one.refs


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Links that leave, go round or lead nowhere are told; none is followed."""
    workspace, outside = tmp_path / "ws", tmp_path / "outside"
    run = write_run(workspace)
    other = write_run(outside, experiment="secret")
    runs = workspace / "runs"
    (runs / "away").symlink_to(other.folder.parent)
    (runs / "churn" / "away").symlink_to(other.folder)
    (runs / "round").symlink_to(runs / "round")
    (runs / "self").symlink_to(runs)
    survey = READER.survey(workspace, None)
    assert set(survey.refs) == {run.key}
    assert {fault.path for fault in survey.faults} == {
        "runs/away", "runs/churn/away", "runs/round",
    }  # fmt: skip
    (run.writer() / "metrics.jsonl").unlink()
    (run.writer() / "metrics.jsonl").symlink_to(other.writer() / "metrics.jsonl")
    (run.writer() / "final.json").unlink()
    assert READER.read(workspace, run.key, b"", BEGIN).card.metrics == {}
    assert READER.points(workspace, run.key, None, None).points == {}


def test_half_made_runs_are_nothing(tmp_path: Path) -> None:
    """A run being put together, files and hidden names are not runs."""
    run = write_run(tmp_path)
    (run.folder.parent / ".new-x").mkdir()
    (run.folder.parent / "notes.txt").write_text("x", "utf-8")
    (tmp_path / "runs" / ".hidden").mkdir()
    survey = READER.survey(tmp_path, None)
    assert set(survey.refs) == {run.key}
    assert survey.faults == ()


@pytest.mark.parametrize("key", ["", "runs", "runs/churn", "runs/../x", "x/y/z", "runs/churn/nope"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    """What is not a run is said to be none."""
    write_run(tmp_path)
    with pytest.raises(FormatError):
        READER.read(tmp_path, key, b"", BEGIN)


def test_artifacts_stay_inside(tmp_path: Path) -> None:
    """An artifact is found below the run and nowhere else."""
    run = write_run(tmp_path, artifacts={"plots/roc.png": b"png"})
    assert READER.artifact(tmp_path, run.key, "plots/roc.png").read_bytes() == b"png"
    for path in ("../run.json", "/etc/passwd", "", "plots", "nope", "plots/../../run.json", "a\0"):
        with pytest.raises(NotFoundError):
            READER.artifact(tmp_path, run.key, path)


def test_texts_are_named_by_role(tmp_path: Path) -> None:
    """The console, the diff and the environment are found when they are there."""
    run = write_run(tmp_path)
    (run.writer() / "console.log").write_text("hello", "utf-8")
    (run.folder / "source.diff").write_text("diff", "utf-8")
    assert READER.texts(tmp_path, run.key) == {
        "console": run.writer() / "console.log",
        "diff": run.folder / "source.diff",
    }


def test_points_of_all_writers_are_read_on(tmp_path: Path) -> None:
    """Points come once each, over all writers, also of a writer that came later."""
    run = write_run(tmp_path, status=None, metrics=points(3, "loss", "acc"))
    wanted = frozenset(["loss"])
    one = READER.points(tmp_path, run.key, wanted, None)
    assert one.points["loss"].steps == [0, 1, 2]
    assert set(one.points) == {"loss"}
    append_metrics(run, [(None, BEGIN, {"loss": math.nan}), (4, BEGIN, {"acc": 1.0})])
    write_writer(run, 1, metrics=points(1, "loss"))
    two = READER.points(tmp_path, run.key, wanted, one.progress)
    assert not two.restarted
    assert len(two.points["loss"].values) == 2
    assert math.isnan(two.points["loss"].steps[0])
    assert math.isnan(two.points["loss"].values[0])
    three = READER.points(tmp_path, run.key, wanted, two.progress)
    assert three.points == {}
    (run.writer() / "metrics.jsonl").write_bytes(metric_lines(points(1, "loss")))
    four = READER.points(tmp_path, run.key, wanted, three.progress)
    assert four.restarted
    assert len(four.points["loss"].values) == 2


def test_the_last_value_is_the_last_by_time(tmp_path: Path) -> None:
    """Of two writers at once, the one that wrote last has the last word on a metric."""
    run = write_run(tmp_path, status=None, metrics=points(9, "loss"))
    write_writer(run, 1, metrics=points(2, "loss", begin=BEGIN + 1), started=BEGIN + 1)
    summary = READER.read(tmp_path, run.key, b"", BEGIN).card.metrics["loss"]
    assert (summary.last, summary.last_step, summary.count) == (1 / 9, 8, 11)
