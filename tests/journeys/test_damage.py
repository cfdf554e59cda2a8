"""A damaged workspace shows its faults and everything else."""

import json
import re
from pathlib import Path

import pytest

from tests.building import append_metrics, points, write_run, write_workspace
from tests.journeys.damage import DAMAGES, WICKED, damaged_workspace, line_of
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.errors import SettingsError, WorkbenchError
from workbench.operations import activity, edits, runs_table, views
from workbench.operations.run_detail import detail
from workbench.operations.session import Session, open_session
from workbench.runfolder import METRICS

MB = 1 << 20


def _read(folder: Path) -> Session:
    session = open_session(folder, in_memory=True)
    session.sweep()
    return session


def _runs(session: Session) -> dict[str, RunRecord]:
    return {run.run_id: run for run in cards(session.catalogue, every(session.catalogue))}


def test_every_damaged_run_is_listed_beside_the_whole_ones(tmp_path: Path) -> None:
    """A run with a folder is never lost, whatever is wrong in it."""
    built = damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        runs = _runs(session)
        assert {run.run_id for run in built.values()} <= set(runs)
        for number in range(3):
            whole = runs[built[f"whole-{number}"].run_id]
            assert (whole.name, whole.status, whole.metrics["loss"].count) == (
                f"whole-{number}", "FINISHED", 5,
            )  # fmt: skip
            assert not whole.faults


@pytest.mark.parametrize(
    "name",
    [
        damage.__name__
        for damage in DAMAGES
        if damage.__name__ not in ("wild_times", "wicked_names", "long_values", "rotten_edits",
                                   "unreadable", "file_for_folder")
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault_with_its_path(tmp_path: Path, name: str) -> None:
    """A fault names a file of the run that is broken, and a reason."""
    built = damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        mine = [line for line in activity.faults(session) if line.path.startswith(built[name].key)]
        assert mine
        assert all(line.reason for line in mine)


def test_what_is_beside_the_runs_is_told(tmp_path: Path) -> None:
    """Links that leave, lines of settings and files that are no edits are faults too."""
    damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        faults = activity.faults(session)
        told = {line.path for line in faults}
        assert {"runs/out", "runs/churn/self", "workbench.toml"} <= told
        assert next(line.line for line in faults if line.path == "workbench.toml") == 3
        assert sum(path.startswith("edits/") for path in told) >= 12


def test_a_second_look_at_the_damage_changes_nothing(tmp_path: Path) -> None:
    """Faults are not found anew with every sweep."""
    damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        before = activity.faults(session)
        for _ in range(3):
            session.sweep()
        assert not session.sweep()
        assert activity.faults(session) == before


def test_everything_about_a_damaged_run_can_be_asked(tmp_path: Path) -> None:
    """Details, curves, journal, filters and columns answer for every run."""
    damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        for run in every(session.catalogue):
            assert detail(session, run)
            for metric in ("loss", WICKED):
                session.curves().series(run, metric)
        assert runs_table.columns(session)
        assert runs_table.count_matching(session, "name ~ 'whole'") == 3
        assert edits.journal(session)
        assert activity.activity(session).journal


def test_edits_go_on_working_among_rotten_ones(tmp_path: Path) -> None:
    """A person can rename, and take it back, whatever lies in the edits folder."""
    built = damaged_workspace(tmp_path)
    with _read(tmp_path) as session:
        run_id = built["whole-1"].run_id
        edits.edit(session, [run_id], {"name": "renamed"})
        session.sweep()
        assert _runs(session)[run_id].name == "renamed"
        edits.undo(session)
        session.sweep()
        assert _runs(session)[run_id].name == "whole-1"


@pytest.mark.parametrize("size", [20 * MB, pytest.param(200 * MB, marks=pytest.mark.slow)])
def test_a_line_too_long_to_hold_is_stepped_over(tmp_path: Path, size: int) -> None:
    """One endless line is a fault, and the lines behind it count."""
    run = write_run(tmp_path, number=1, status=None)
    line_of(run.writer() / METRICS, size)
    with _read(tmp_path) as session:
        record = _runs(session)[run.run_id]
        assert record.metrics["loss"].last == 0.5
        assert any(METRICS in fault.path for fault in record.faults)
        append_metrics(run, points(1, "loss", first=7))
        session.sweep()
        assert _runs(session)[run.run_id].metrics["loss"].count == 2


def test_five_thousand_metrics_in_a_run_are_all_kept(tmp_path: Path) -> None:
    """Names are bounded by nothing but patience."""
    names = [f"layer{n}/grad" for n in range(5000)]
    run = write_run(tmp_path, number=1, metrics=points(2, *names))
    with _read(tmp_path) as session:
        assert len(_runs(session)[run.run_id].metrics) == 5000
        assert len(session.curves().series(1, "layer4999/grad").values) == 2


@pytest.mark.parametrize("rubbish", [b"", b"DUCK", b"\x00" * 100_000, b"rubbish" * 5000])
def test_a_damaged_catalogue_is_set_aside(tmp_path: Path, rubbish: bytes) -> None:
    """The catalogue is only an index: rubbish in it costs a new reading."""
    write_run(tmp_path, number=1)
    with open_session(tmp_path) as session:
        session.sweep()
        path = session.catalogue.path
    assert path is not None
    path.write_bytes(rubbish)
    path.with_name(path.name + ".wal").write_bytes(rubbish)
    with open_session(tmp_path) as session:
        session.sweep()
        assert len(_runs(session)) == 1


def test_rubbish_in_the_journal_of_the_catalogue_costs_nothing_but_time(tmp_path: Path) -> None:
    """A log that was torn beside a whole catalogue does not keep it from opening."""
    write_run(tmp_path, number=1)
    with open_session(tmp_path) as session:
        session.sweep()
        path = session.catalogue.path
    assert path is not None
    path.with_name(path.name + ".wal").write_bytes(b"\x07rubbish" * 1000)
    with open_session(tmp_path) as session:
        session.sweep()
        assert len(_runs(session)) == 1


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_catalogue_cut_in_the_middle_is_made_anew(tmp_path: Path, part: float) -> None:
    """A disk that filled up leaves half a catalogue; at the latest the second start is well."""
    write_run(tmp_path, number=1)
    with open_session(tmp_path) as session:
        session.sweep()
        path = session.catalogue.path
    assert path is not None
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    said = []
    for _ in range(2):
        with open_session(tmp_path) as session:
            try:
                session.sweep()
            except WorkbenchError as error:
                said.append(error.hint)
                continue
            assert len(_runs(session)) == 1
    assert said in ([], ["Start again; the index is made anew from the folder."])


def test_a_workspace_card_of_rubbish_says_what_to_write(tmp_path: Path) -> None:
    """Without its card a workspace has no id; the error says how to mend it."""
    write_workspace(tmp_path)
    (tmp_path / ".workbench" / "workspace.json").write_text("[" * 100_000, "utf-8")
    with pytest.raises(SettingsError, match=re.escape("workspace.json")):
        open_session(tmp_path, in_memory=True)


def test_views_and_looks_of_rubbish_are_forgotten(tmp_path: Path) -> None:
    """What was this person's own state is replaced by the defaults when it is broken."""
    write_run(tmp_path, number=1)
    for rubbish in ("[" * 100_000, "7", '{"columns": 3}', '{"view": {"sort": [1]}}', "\x00"):
        with open_session(tmp_path, in_memory=True) as session:
            views.leave(session, views.View(filter="lr > 1"))
            for path in session.state.rglob("*.json"):
                path.write_text(rubbish, "utf-8")
            folder = tmp_path / "views"
            folder.mkdir(exist_ok=True)
            (folder / "x.json").write_text(rubbish, "utf-8")
            assert views.left(session) == views.View()
            assert isinstance(views.saved(session), tuple)
            activity.mark_looked(session)
            assert activity.last_look(session) is not None
            assert json.loads((session.state / "looked.json").read_bytes())
