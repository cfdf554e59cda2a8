"""Exports to MLflow, read back by our reader of its stores; tests/live has MLflow's own."""

import json
import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, Point, forget_start, points, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, StoppedError, UsageError
from workbench.formats.contract import RunCard
from workbench.formats.native.reader import NativeReader
from workbench.formats.registered import HoldsModels
from workbench.operations.edits import edit
from workbench.operations.importing.finding import found_at
from workbench.operations.importing.import_runs import import_runs
from workbench.operations.importing.values import Options
from workbench.operations.mlflow_export import files
from workbench.operations.mlflow_export.export_mlflow import Exported, Wanted, export_mlflow
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.operations.registry.register import register, versions_of
from workbench.operations.session import Session, open_session

NOW = 2_000_000_000.0
_ODD: list[Point] = [
    (0, BEGIN, {"loss": 1.5}), (1, BEGIN + 1, {"loss": math.nan, "val/auc": 0.5}),
    (2, BEGIN + 2.25, {"loss": math.inf, "val/auc": -math.inf}),
]  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A workspace with a sweep: a parent, a child that failed, and one that was killed."""
    root = write_workspace(tmp_path / "w")
    parent = write_run(
        root, number=1, name="sweep", note="a note", params={"lr": 0.1, "on": True},
        metrics=_ODD, artifacts={"report.txt": b"fine", "plots/roc.png": b"png"},
    )  # fmt: skip
    write_run(root, number=2, name="child", parent=parent.run_id, status="FAILED")
    write_run(root, number=3, name="odd", status="KILLED", experiment="other, one")
    with open_session(root, clock=FixedClock(NOW), in_memory=True) as made:
        made.sweep()
        yield made


def export(session: Session, path: Path, *runs: str, **wanted: Any) -> Exported:
    """Export all runs, or some."""
    return export_mlflow(session, path, Wanted(runs, **wanted))


def read(store: Path) -> dict[str, RunCard]:
    """Return the runs of a store by name."""
    waiting = found_at(store, Path("/nowhere")).waiting
    found = [one.reader.read(one.root, one.ref.key, b"", NOW).card for one in waiting]
    return {card.name: card for card in found}


def test_runs_can_be_read_back(session: Session, tmp_path: Path) -> None:
    """Names, statuses, times to the millisecond, params as text, parents and files."""
    done = export(session, tmp_path / "store")
    assert (done.written, done.failed) == (3, ())
    found = read(tmp_path / "store")
    sweep = found["sweep"]
    assert (sweep.status, sweep.started, sweep.note) == ("FINISHED", BEGIN, "a note")
    assert sweep.params == {"lr": "0.1", "on": "True"}
    assert {one.path: one.size for one in sweep.artifacts} == {"report.txt": 4, "plots/roc.png": 3}
    assert (found["child"].status, found["child"].parent) == ("FAILED", sweep.run_id)
    assert (found["odd"].status, found["odd"].experiment) == ("KILLED", "other, one")
    assert sweep.metrics["loss"].nans == 1
    assert sweep.metrics["loss"].max == math.inf
    assert sweep.metrics["val/auc"].last_step == 2


def test_a_round_trip_gives_the_same_runs(session: Session, tmp_path: Path) -> None:
    """Exported, read as MLflow's and imported into another workspace: ids and curves are equal."""
    export(session, tmp_path / "store")
    native = NativeReader()
    with open_session(
        write_workspace(tmp_path / "back"), clock=FixedClock(NOW), in_memory=True
    ) as back:
        assert len(import_runs(back, tmp_path / "store", Options()).taken) == 3
    for key in native.survey(session.root, None).refs:
        ours = native.read(session.root, key, b"", NOW).card
        theirs = native.read(tmp_path / "back", key, b"", NOW).card
        assert (theirs.run_id, theirs.name, theirs.status) == (ours.run_id, ours.name, ours.status)
        assert (theirs.started, theirs.ended, theirs.parent) == (
            ours.started, ours.ended, ours.parent,
        )  # fmt: skip
        assert repr(theirs.metrics) == repr(ours.metrics)
        assert theirs.params == {name: str(value) for name, value in ours.params.items()}
        mine = native.points(session.root, key, None, None).points
        other = native.points(tmp_path / "back", key, None, None).points
        assert repr(sorted(mine.items())) == repr(sorted(other.items()))


def test_our_own_export_is_no_news_to_the_workspace_it_is_of(
    session: Session, tmp_path: Path
) -> None:
    """A run is known again by its id, wherever it has been."""
    export(session, tmp_path / "store")
    report = import_runs(session, tmp_path / "store", Options())
    assert (report.taken, report.same) == ((), 3)


def test_exporting_again_writes_what_changed_and_nothing_else(
    session: Session, tmp_path: Path
) -> None:
    """A run that was renamed is written anew."""
    export(session, tmp_path / "store")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")}
    again = export(session, tmp_path / "store")
    assert (again.written, again.same) == (0, 3)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*")} == before
    edit(session, ("01kb" + "1".zfill(22),), {"name": "renamed"})
    session.sweep()
    assert export(session, tmp_path / "store").written == 1
    assert set(read(tmp_path / "store")) == {"renamed", "child", "odd"}


def test_some_runs_are_chosen(session: Session, tmp_path: Path) -> None:
    """By name, by pattern, or by filter."""
    export(session, tmp_path / "named", "swe*")
    assert set(read(tmp_path / "named")) == {"sweep"}
    export(session, tmp_path / "filtered", filter="status = FAILED")
    assert set(read(tmp_path / "filtered")) == {"child"}


def test_points_without_steps_or_times_get_what_mlflow_needs(
    session: Session, tmp_path: Path
) -> None:
    """Numbers as steps, the run's start as time, no two equal; a tag and the report say so."""
    bare: list[Any] = [(None, None, {"acc": 0.5}), (None, None, {"acc": 0.5})]
    twice: list[Any] = [(0, None, {"acc": 0.5}), (0, None, {"acc": 0.5})]
    write_run(session.root, number=8, name="bare", metrics=bare)
    write_run(session.root, number=9, name="twice", metrics=twice)
    session.sweep()
    done = export(session, tmp_path / "store", "bare", "twice")
    assert done.lost == {"metrics without steps": 1, "points without times": 4, "equal points": 1}
    start = round(BEGIN * 1000)
    (one,) = (tmp_path / "store").glob(f"*/*{8}/metrics/acc")
    assert one.read_text() == f"{start} 0.5 0\n{start} 0.5 1\n"
    (two,) = (tmp_path / "store").glob(f"*/*{9}/metrics/acc")
    assert two.read_text() == f"{start} 0.5 0\n{start + 1} 0.5 0\n"
    (tag,) = (tmp_path / "store").glob("*/*/tags/workbench.metrics_without_steps")
    assert json.loads(tag.read_text()) == ["acc"]


@pytest.mark.parametrize(
    ("metrics", "ended", "start", "instead"),
    [
        ([(0, None, {"a": 1.0}), (1, BEGIN + 5, {"a": 2.0})], BEGIN + 9, BEGIN + 5, "first point"),
        ([(0, None, {"a": 1.0})], BEGIN + 9, BEGIN + 9, "the end"),
        ([(0, None, {"a": 1.0})], None, BEGIN + 77, "date of the run's files"),
    ],
)
def test_every_run_has_a_start_because_mlflow_lists_no_other(
    session: Session, tmp_path: Path, metrics: Any, ended: Any, start: float, instead: str
) -> None:
    """The best there is stands for it, in the points too; a tag and the report say which."""
    built = write_run(session.root, number=8, name="bare", metrics=metrics, ended=ended)
    forget_start(built)
    os.utime(built.folder, (BEGIN + 77, BEGIN + 77))
    session.sweep()
    done = export(session, tmp_path / "store", "bare")
    assert done.lost["starts nobody wrote down"] == 1
    card = read(tmp_path / "store")["bare"]
    assert card.started == start
    assert instead in card.tags["workbench.start"]
    (points_,) = (tmp_path / "store").glob("*/*/metrics/a")
    assert points_.read_text().startswith(f"{round(start * 1000)} 1.0 0\n")


def test_long_params_are_cut_and_stand_whole_in_a_file(session: Session, tmp_path: Path) -> None:
    """MLflow takes 6,000 signs."""
    write_run(session.root, number=8, name="long", params={"text": "x" * 7000})
    session.sweep()
    export(session, tmp_path / "store", "long")
    (cut,) = (tmp_path / "store").glob("*/*/params/text")
    assert len(cut.read_text()) == 6000
    (whole,) = (tmp_path / "store").glob("*/*/artifacts/workbench/long_params.json")
    assert json.loads(whole.read_text()) == {"text": "x" * 7000}


def test_a_run_that_is_going_has_no_end(session: Session, tmp_path: Path) -> None:
    """MLflow has no word for a run nobody heard of; a tag has ours."""
    write_run(session.root, number=8, name="stale", status=None)
    session.sweep()
    done = export(session, tmp_path / "store", "stale")
    card = read(tmp_path / "store")["stale"]
    assert (card.ended, card.tags["workbench.status"].split()[0]) in {
        (None, "STALE"), (None, "RUNNING"),
    }  # fmt: skip
    assert done.lost["status"] == 1


def test_models_go_with_their_versions_stages_and_files(session: Session, tmp_path: Path) -> None:
    """A round trip registers the same files under the same numbers."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    register(session, "churn", tmp_path / "model.bin", description="first", tags={"a": "b"})
    (tmp_path / "model.bin").write_bytes(b"more weights")
    register(session, "churn", tmp_path / "model.bin", run="01kb" + "1".zfill(22))
    promote(session, gate(session, "churn", 2, "production"), "good")
    assert export(session, tmp_path / "store").versions == 2
    assert export(session, tmp_path / "store").versions == 0
    with open_session(
        write_workspace(tmp_path / "back"), clock=FixedClock(NOW), in_memory=True
    ) as back:
        (taken,) = import_runs(back, tmp_path / "store", Options()).models
    assert (taken.numbers, taken.stages) == ({1: 1, 2: 2}, {"production": 2})
    ours, theirs = (versions_of(root, "churn") for root in (session.root, tmp_path / "back"))
    for number in (1, 2):
        assert ours.versions[number].manifest == theirs.versions[number].manifest
    assert theirs.versions[1].description == "first"
    assert theirs.versions[1].tags["a"] == "b"
    assert theirs.versions[2].event.details["run"]["id"] == "01kb" + "1".zfill(22)


def test_what_import_kept_of_another_registry_goes_back_to_where_it_was(
    session: Session, tmp_path: Path
) -> None:
    """Aliases, the model's words and tags, old stages; tags that kept them are not written."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    tags = {
        "a": "b", "imported.version": "1", "imported.aliases": "best, champion",
        "imported.stage": "Archived", "imported.status": "PENDING_REGISTRATION",
        "imported.model_description": "of the model", "imported.model.team": "risk",
    }  # fmt: skip
    register(session, "churn", tmp_path / "model.bin", tags=tags)
    export(session, tmp_path / "store")
    (store,) = found_at(tmp_path / "store", Path("/nowhere")).stores
    assert isinstance(store.reader, HoldsModels)
    (model,) = store.reader.registry(store.root).models
    assert (model.description, model.tags) == ("of the model", {"team": "risk"})
    assert model.aliases == {"best": 1, "champion": 1}
    (version,) = model.versions
    assert (version.stage, version.status) == ("Archived", "PENDING_REGISTRATION")
    assert version.tags.keys() == {"a", "workbench.manifest"}


def test_what_happened_here_counts_before_what_was_there(session: Session, tmp_path: Path) -> None:
    """A stage that another version holds here is that one's alias, and in MLflow its stage."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    tags = {"imported.aliases": "production", "imported.stage": "Production"}
    register(session, "churn", tmp_path / "model.bin", tags=tags)
    (tmp_path / "model.bin").write_bytes(b"better weights")
    register(session, "churn", tmp_path / "model.bin")
    promote(session, gate(session, "churn", 2, "production"), "better")
    export(session, tmp_path / "store")
    (store,) = found_at(tmp_path / "store", Path("/nowhere")).stores
    assert isinstance(store.reader, HoldsModels)
    (model,) = store.reader.registry(store.root).models
    assert model.aliases == {"production": 2}
    assert [one.stage for one in model.versions] == ["", "Production"]


def test_our_own_versions_are_no_news_to_the_workspace_they_are_of(
    session: Session, tmp_path: Path
) -> None:
    """What was exported and comes back has its number already."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    register(session, "churn", tmp_path / "model.bin")
    export(session, tmp_path / "store")
    (taken,) = import_runs(session, tmp_path / "store", Options()).models
    assert (taken.new, taken.numbers) == (0, {1: 1})


def test_a_folder_with_something_else_in_it_is_refused(session: Session, tmp_path: Path) -> None:
    """Nothing of it is touched."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("text")
    with pytest.raises(UsageError, match="no export wrote"):
        export(session, tmp_path / "mine")
    with pytest.raises(UsageError, match="is a file"):
        export(session, tmp_path / "mine" / "thesis.txt")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_stopped_export_goes_on(session: Session, tmp_path: Path) -> None:
    """What was written before stays, whole."""
    asked = iter([False] * 3)
    with pytest.raises(StoppedError):
        export_mlflow(session, tmp_path / "store", Wanted(), stop=lambda: next(asked, True))
    whole = len(list((tmp_path / "store").glob("*/*/meta.yaml")))
    assert whole < 3
    assert export(session, tmp_path / "store").written == 3 - whole
    assert not list((tmp_path / "store").glob("*/.new-*"))


def test_a_full_disk_is_one_sentence(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No run is half there."""

    def full(path: Path, text: str) -> None:
        raise OSError(28, "No space left on device", str(path), None, text)

    monkeypatch.setattr(files, "write", full)
    with pytest.raises(NotAllowedError, match="its disk is full"):
        export(session, tmp_path / "store")
    assert not list((tmp_path / "store").glob("*/*/meta.yaml"))


def test_charts_need_no_points(session: Session, tmp_path: Path) -> None:
    """A run without metrics is a run all the same."""
    write_run(session.root, number=8, name="empty", metrics=points(0))
    session.sweep()
    export(session, tmp_path / "store", "empty")
    assert read(tmp_path / "store")["empty"].metrics == {}
