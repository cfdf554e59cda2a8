"""Registering files and runs: one number each, once, with what was known at that moment."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, NotFoundError, UsageError
from workbench.operations.registry.opening_journal import state
from workbench.operations.registry.register import check_name, near_name, register
from workbench.operations.session import Session, open_session
from workbench.registry import manifest
from workbench.registry.event import DELETED, REGISTERED, Draft
from workbench.registry.journal import FolderJournal
from workbench.runfolder import ENVIRONMENT


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session in an empty workspace, of ana."""
    with open_session(
        write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True
    ) as opened:
        opened.settings = opened.settings._replace(user="ana")
        yield opened


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a model file."""
    (tmp_path / "model.onnx").write_bytes(b"\x08\x07weights")
    return tmp_path / "model.onnx"


def test_a_version_is_registered_with_the_files_it_has(session: Session, model: Path) -> None:
    """The event names the manifest, the rung and who; the files are whole in the registry."""
    made = register(session, "churn", model, description="first", tags={"team": "risk"})
    assert (str(made), made.new, made.event.actor, made.event.kind) == (
        "churn@1", True, "ana", REGISTERED,
    )  # fmt: skip
    details = made.event.details
    assert (details["manifest"], details["size"], details["files"]) == (made.manifest.hash, 9, 1)
    assert (details["rung"], details["format"], details["types"]) == ("data", "onnx", [])
    assert (details["run"], details["signature"], details["signature_hash"]) == (None, None, "")
    version = state(session, "churn").versions[1]
    assert (version.description, version.tags) == ("first", {"team": "risk"})
    assert manifest.check(session.root, "churn", version.manifest) == ()


def test_the_same_files_without_a_run_have_one_number(session: Session, model: Path) -> None:
    """Saying it again after a lost answer doubles nothing."""
    first = register(session, "churn", model)
    again = register(session, "churn", model, description="other words")
    assert (again.version, again.new, again.event) == (1, False, first.event)
    model.write_bytes(b"other")
    assert register(session, "churn", model).version == 2


def test_a_deleted_version_does_not_stand_for_its_files(session: Session, model: Path) -> None:
    """Registering them again is a new version, and numbers are never used twice."""
    made = register(session, "churn", model)
    journal = FolderJournal(session.root, "churn")
    deleted = Draft("0" * 26, DELETED, "ana", "lab", session.clock.now(), version=1)
    journal.publish(deleted, after=made.event)
    assert register(session, "churn", model).version == 2


def test_a_run_gives_what_was_known_of_it(session: Session, model: Path) -> None:
    """Params, summaries, datasets, environment and git are in the event; NaN by its name."""
    nan = float("nan")
    run = write_run(
        session.root,
        metrics=[(0, 1.0, {"auc": 0.5, "loss": nan}), (1, 2.0, {"auc": 0.9})],
        updates=[
            {"kind": "dataset", "time": 1.0, "name": "census", "role": "training",
             "path": "data/census.csv", "hash": "sha256:ab", "rows": 7},
            {"kind": "rule", "time": 1.0, "metric": "auc", "goal": "max"},
            {"kind": "fact", "time": 1.0, "facts": {"dirty": True, "diff_hash": "d1"}},
        ],
    )  # fmt: skip
    (run.folder / ENVIRONMENT).write_text(
        '{"python": "3.12.1", "platform": "Linux", "secret": 1, "packages": {"numpy": "2.3"}}'
    )
    session.sweep()
    details = register(session, "churn", model, run="baseline").event.details
    assert details["run"] == {
        "id": run.run_id, "name": "baseline", "experiment": "churn", "path": run.key,
        "status": "FINISHED",
    }  # fmt: skip
    assert details["params"] == {"lr": 0.1, "model.depth": 4}
    assert details["metrics"]["auc"] == {
        "last": 0.9, "min": 0.5, "max": 0.9, "first": 0.5, "count": 2, "step_of_min": 0,
        "step_of_max": 1,
    }  # fmt: skip
    assert details["metrics"]["loss"]["last"] == "NaN"
    assert details["datasets"] == [
        {"name": "census", "hash": "sha256:ab", "role": "training", "path": "data/census.csv",
         "rows": 7}
    ]  # fmt: skip
    assert details["environment"] == {
        "python": "3.12.1", "platform": "Linux", "packages": {"numpy": "2.3"},
    }  # fmt: skip
    assert details["git"] == {
        "commit": "9f3c", "branch": "main", "dirty": True, "diff_hash": "d1",
    }  # fmt: skip
    assert details["goals"] == {"auc": "max"}


def test_a_run_that_goes_on_is_kept_as_it_is_now(session: Session, model: Path) -> None:
    """The status in the event says that more may have come."""
    write_run(session.root, status=None, metrics=[(0, 1.0, {"auc": 0.5})])
    session.sweep()
    details = register(session, "churn", model, run="baseline").event.details
    assert details["run"]["status"] in ("RUNNING", "STALE")
    assert details["metrics"]["auc"]["count"] == 1


def test_the_same_files_of_two_runs_are_two_versions(session: Session, model: Path) -> None:
    """They are two trainings that came out the same; the files are there once."""
    for number in (1, 2):
        write_run(session.root, number=number, name=f"r{number}")
    session.sweep()
    versions = [register(session, "churn", model, run=f"r{number}") for number in (1, 2, 2)]
    assert [one.version for one in versions] == [1, 2, 2]
    assert len(list((session.root / "registry/churn/files").iterdir())) == 1


def test_directions_of_the_settings_count_before_the_scripts(session: Session, model: Path) -> None:
    """A person may know better than a script of last year."""
    write_run(
        session.root,
        metrics=[(0, 1.0, {"auc": 0.5})],
        updates=[{"kind": "rule", "time": 1.0, "metric": "auc", "goal": "max"}],
    )
    session.settings = session.settings._replace(goals={"auc": "min", "other": "max"})
    session.sweep()
    details = register(session, "churn", model, run="baseline").event.details
    assert details["goals"] == {"auc": "min"}


@pytest.mark.parametrize(
    ("name", "why", "near"),
    [
        ("", "cannot be called '': a name is needed", "model"),
        ("Churn", "cannot be called 'Churn'", "churn"),
        ("My Model", "cannot be called 'My Model'", "my-model"),
        ("../x", "cannot be called", "x"),
        ("con", "cannot be called", "model-con"),
        ("Con.a", "cannot be called", "model-con.a"),
        ("a@b", "cannot be called", "a-b"),
        (".a", "cannot be called", "a"),
        ("-a", "cannot be called", "a"),
        ("Prévision v1.2", "cannot be called", "prevision-v1.2"),
        ("模型", "cannot be called", "model"),
        ("x" * 300, "it has 300 letters, and a name may have 64", "x" * 64),
        (None, "name is text, not None", "model"),
        (3, "name is text, not 3", "model"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_one_that_can(
    session: Session, model: Path, name: Any, why: str, near: str
) -> None:
    """Nothing is written before; the other name is readable and can be."""
    with pytest.raises(UsageError, match=why) as told:
        register(session, name, model)
    assert not (session.root / "registry").exists()
    assert near_name(name) == near
    check_name(near)
    assert not isinstance(name, str) or told.value.hint.endswith(f": {near!r}.")


def test_files_and_runs_that_are_not_there_are_named(session: Session, model: Path) -> None:
    """And nothing is left behind."""
    with pytest.raises(NotFoundError, match="There is no file"):
        register(session, "churn", model.parent / "missing")
    with pytest.raises(NotFoundError, match="There is no run"):
        register(session, "churn", model, run="missing")
    assert not (session.root / "registry").exists()


def test_a_journal_that_cannot_be_read_takes_no_files(session: Session, model: Path) -> None:
    """They would lie there without an event for ever."""
    events = session.root / "registry/churn/events"
    events.mkdir(parents=True)
    (events / "0000000001.json").write_text("{}")
    with pytest.raises(NotAllowedError, match="cannot be read"):
        register(session, "churn", model)
    assert not (session.root / "registry/churn/files").exists()
    assert list((session.root / ".workbench/tmp").iterdir()) == []


def test_a_share_that_cannot_be_written_is_said(
    session: Session, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names the reason; no trace of a failed call is shown to anybody."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(session.root))

    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(NotAllowedError, match="cannot be written: Permission denied"):
        register(session, "churn", model)


def test_a_folder_of_another_tool_is_only_looked_at(tmp_path: Path, model: Path) -> None:
    """Nothing is written into it."""
    (tmp_path / "mlruns").mkdir()
    with (
        open_session(tmp_path / "mlruns", in_memory=True) as session,
        pytest.raises(NotAllowedError, match="only looked at"),
    ):
        register(session, "churn", model)
    assert list((tmp_path / "mlruns").iterdir()) == []
