"""A sweep finds what is new, changed and gone, and the second one finds nothing."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.building import (
    BEGIN,
    Built,
    append_metrics,
    end_writer,
    points,
    write_run,
    write_workspace,
)
from workbench.catalogue import ingest
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.faults import faults
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.formats.native.reader import NativeReader
from workbench.operations.edits import edit
from workbench.operations.session import Session, open_session
from workbench.settings import DEFAULTS, Settings
from workbench.sync.sweep import Changes, Source, Sweeper


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def records(session: Session) -> dict[str, RunRecord]:
    """Return every run there is, by id."""
    found = cards(session.catalogue, every(session.catalogue))
    return {record.run_id: record for record in found}


def settled(session: Session) -> None:
    """Sweep until nothing is found: names may come within one tick of the disk's clock."""
    for _ in range(20):
        if not session.sweep():
            return
    raise AssertionError("sweeps find something for ever")


def test_an_empty_workspace_holds_nothing(session: Session) -> None:
    """The first sweep says that it is the first, and is empty."""
    changes = session.sweep()
    assert not changes
    assert changes.initial
    assert not session.sweep().initial


def test_runs_that_are_there_are_new_once(session: Session) -> None:
    """Sweeping again finds nothing."""
    for number in range(3):
        write_run(session.root, number=number)
    changes = session.sweep()
    assert (len(changes.new), changes.changed, changes.gone) == (3, frozenset(), frozenset())
    settled(session)
    assert session.sweep() == Changes()


def test_the_newest_runs_come_first(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large folder fills the table from the top, batch by batch, and says how much is to come."""
    monkeypatch.setattr("workbench.sync.sweep._BATCH", 2)
    built = [write_run(session.root, number=n, experiment=f"e{n % 2}").run_id for n in range(5)]
    batches: list[tuple[list[str], int]] = []

    def on_batch(part: Changes) -> None:
        ids = [record.run_id for record in cards(session.catalogue, sorted(part.new))]
        batches.append((ids, part.waiting))

    session.sweep(on_batch)
    assert batches == [
        ([built[4], built[3]], 3), ([built[2], built[1]], 1), ([built[0]], 0),
    ]  # fmt: skip


def test_a_sweep_ends_early_when_asked(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a person cancelled stays cancelled until they ask again; then nothing is lost."""
    monkeypatch.setattr("workbench.sync.sweep._BATCH", 1)
    for number in range(3):
        write_run(session.root, number=number)
    assert len(session.sweeper().sweep(stopped=lambda: True).new) == 1
    assert not session.sweep().new
    session.sweeper().do_over()
    assert len(session.sweep().new) == 2


def test_a_sweep_that_broke_off_is_done_over(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs and edits that were not reached are found the next time, though nothing moved since."""
    monkeypatch.setattr("workbench.sync.sweep._BATCH", 1)
    runs = [write_run(session.root, number=number) for number in range(3)]
    settled(session)
    for run in runs:
        edit(session, [run.run_id], {"note": "edited"})

    def on_batch(_: Changes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        session.sweep(on_batch)
    session.sweep()
    assert {record.note for record in records(session).values()} == {"edited"}


def test_points_of_a_live_run_arrive(session: Session) -> None:
    """A run that goes on is the same run with more in it, until it has ended."""
    run = write_run(session.root, status=None)
    (number,) = session.sweep().new
    assert records(session)[run.run_id].status == "RUNNING"
    append_metrics(run, points(2, "loss", first=3))
    assert session.sweep().changed == {number}
    assert records(session)[run.run_id].metrics["loss"].count == 5
    end_writer(run, 0, metrics=points(5, "loss"))
    assert session.sweep().changed == {number}
    record = records(session)[run.run_id]
    assert (record.run, record.status, record.ended) == (number, "FINISHED", BEGIN + 60)


def test_a_run_moved_away_is_gone_and_a_run_brought_back_is_new(session: Session) -> None:
    """A folder deleted or moved by hand is noticed."""
    run = write_run(session.root)
    (number,) = session.sweep().new
    settled(session)
    away = shutil.move(run.folder, session.root / "away")
    assert session.sweep().gone == {number}
    assert records(session) == {}
    shutil.move(away, run.folder)
    (again,) = session.sweep().new
    assert again != number


def test_a_silent_run_goes_stale_by_the_clock_of_its_disk(session: Session) -> None:
    """Ten minutes without a sign of life, by the file system's time and no other."""
    run = write_run(session.root, status=None)
    written = max(path.stat().st_mtime for path in [*run.folder.rglob("*"), run.folder])
    moment, clock = [written], FixedClock(5.0)
    sweeper = Sweeper(
        session.catalogue, [Source(NativeReader(), session.root, ".")], clock,
        amendments=None, settings=DEFAULTS, probe=lambda: moment[0],
    )  # fmt: skip
    sweeper.sweep()
    assert records(session)[run.run_id].status == "RUNNING"
    moment[0] += 590
    clock.advance(590)
    sweeper.sweep()
    assert records(session)[run.run_id].status == "RUNNING"
    moment[0] += 20
    clock.advance(25)
    assert sweeper.sweep().changed
    record = records(session)[run.run_id]
    assert (record.status, record.inferred) == ("STALE", True)


def test_an_edit_changes_the_run_it_speaks_of(session: Session) -> None:
    """An edit by whomever is seen in the next sweep, and only its runs are read again."""
    runs = [write_run(session.root, number=number) for number in range(2)]
    session.sweep()
    settled(session)
    with open_session(session.root, in_memory=True) as other:
        edit(other, [runs[1].run_id], {"name": "better", "tags.team": None, "tags.new": "yes"})
    changes = session.sweep()
    record = records(session)[runs[1].run_id]
    assert (changes.changed, changes.edits) == ({record.run}, True)
    assert (record.name, record.tags) == ("better", {"new": "yes"})
    settled(session)


def test_an_edit_may_come_before_its_run(session: Session) -> None:
    """Files of a copied workspace arrive in any order."""
    run = write_run(session.root)
    edit(session, [run.run_id], {"archived": True})
    away = shutil.move(run.folder, session.root / "away")
    session.sweep()
    shutil.move(away, run.folder)
    settled(session)
    assert records(session)[run.run_id].archived


@pytest.mark.parametrize(
    ("status", "declared", "seen"),
    [(None, "KILLED", "KILLED"), ("FINISHED", "KILLED", "FINISHED"), (None, None, "RUNNING")],
)
def test_an_end_is_declared_only_where_there_is_none(
    session: Session, status: str | None, declared: str | None, seen: str
) -> None:
    """What a run says of its own end counts for more than what people say."""
    run = write_run(session.root, status=status)
    edit(session, [run.run_id], {"status": declared})
    session.sweep()
    assert records(session)[run.run_id].status == seen


def test_a_run_that_cannot_be_read_is_a_fault_and_the_rest_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the table with its reason, and is read as soon as it can be."""
    good, bad = write_run(session.root, number=1), write_run(session.root, number=2)
    read, broken = NativeReader.read, [True]

    def reading(self: NativeReader, root: Path, key: str, progress: bytes, now: float) -> Any:
        if broken[0] and key == bad.key:
            raise OSError(5, "the disk is ill")
        return read(self, root, key, progress, now)

    monkeypatch.setattr(NativeReader, "read", reading)
    session.sweep()
    found = records(session)
    assert found[good.run_id].status == "FINISHED"
    assert found[bad.run_id].status == "UNKNOWN"
    assert [line.run_id for line in faults(session.catalogue)] == [bad.run_id]
    assert "the disk is ill" in faults(session.catalogue)[0].reason
    broken[0] = False
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(60)
    assert session.sweep().changed == {found[bad.run_id].run}
    assert records(session)[bad.run_id].status == "FINISHED"
    assert faults(session.catalogue) == ()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BlockingIOError("A writer holds the database now."), []),
        (OSError(5, "the disk is ill"), ["cannot be read now: [Errno 5] the disk is ill"]),
    ],
)
def test_a_known_run_that_cannot_be_read_now_stays_as_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch, error: OSError, told: list[str]
) -> None:
    """What is shown of it holds until the next look, which comes with the next sweep."""
    run = write_run(session.root, status=None, metrics=points(2, "loss"))
    session.sweep()
    before = records(session)[run.run_id]
    append_metrics(run, [(9, 1.0, {"loss": 9.0})])
    with monkeypatch.context() as patch:

        def failing(*_: object) -> None:
            raise error

        patch.setattr(NativeReader, "read", failing)
        for _ in range(2):
            assert session.sweep().changed == frozenset()
            assert records(session)[run.run_id] == before
            assert [line.reason for line in faults(session.catalogue)] == told
    assert session.sweep().changed == {before.run}
    assert faults(session.catalogue) == ()


def test_a_run_that_a_writer_holds_is_listed_when_it_can_be_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no run that cannot be read, only one that nobody has read yet."""
    run = write_run(session.root)
    with monkeypatch.context() as patch:

        def failing(*_: object) -> None:
            raise BlockingIOError("A writer holds the database now.")

        patch.setattr(NativeReader, "read", failing)
        session.sweep()
        assert records(session) == {}
    session.sweep()
    assert set(records(session)) == {run.run_id}


def test_a_run_that_cannot_be_stored_is_a_fault_and_the_rest_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run no row can hold does not take the others of its batch with it."""
    good, bad = write_run(session.root, number=1), write_run(session.root, number=2)
    read = NativeReader.read

    def reading(self: NativeReader, root: Path, key: str, progress: bytes, now: float) -> Any:
        found = read(self, root, key, progress, now)
        if key == bad.key:
            return found._replace(card=replace(found.card, note="\ud800"))
        return found

    monkeypatch.setattr(NativeReader, "read", reading)
    assert len(session.sweep().new) == 2
    found = records(session)
    assert (found[good.run_id].status, found[good.run_id].faults) == ("FINISHED", ())
    assert found[bad.run_id].status == "UNKNOWN"
    assert found[bad.run_id].faults
    settled(session)


def test_a_file_among_the_edits_that_is_none_is_a_fault(session: Session) -> None:
    """It is told once, with its place, and stops nothing; so is one whose name is no text."""
    run = write_run(session.root)
    edit(session, [run.run_id], {"note": "kept"})
    month = next((session.root / "edits").iterdir())
    (month / "broken.json").write_text("{", "utf-8")
    if os.name == "posix" and os.sep == "/" and os.uname().sysname == "Linux":
        Path(os.fsdecode(os.fsencode(month) + b"/\xff.json")).write_text("{", "utf-8")
    session.sweep()
    told = [line.path for line in faults(session.catalogue)]
    assert f"edits/{month.name}/broken.json" in told
    assert len(told) == sum(1 for _ in month.iterdir()) - 1
    assert records(session)[run.run_id].note == "kept"
    settled(session)


def test_directions_come_from_settings_then_scripts_then_names(tmp_path: Path) -> None:
    """A guess is labelled as one, and the settings have the last word."""
    rule = {"time": BEGIN, "kind": "rule", "goal": "max", "summary": None, "step_metric": None}
    root = write_workspace(tmp_path)
    (root / "workbench.toml").write_text('[metrics]\nval = "min"\n', "utf-8")
    write_run(
        root,
        metrics=points(2, "loss", "val", "odd", "accuracy", "other"),
        updates=[{**rule, "metric": name} for name in ("loss", "val", "odd")],
    )
    with open_session(root, in_memory=True) as session:
        session.sweep()
        rows = session.catalogue.cursor().execute("FROM goals ORDER BY metric").fetchall()
    assert rows == [
        ("accuracy", "max", "guessed"), ("loss", "max", "script"), ("odd", "max", "script"),
        ("val", "min", "settings"),
    ]  # fmt: skip


def test_followed_folders_are_sources_of_their_own(tmp_path: Path) -> None:
    """Relative to the workspace; one that is missing is told, and comes later."""
    root = write_workspace(tmp_path / "w")
    (root / "workbench.toml").write_text(
        '[sources]\nfolders = ["../other", "missing"]\n', encoding="utf-8"
    )
    mine = write_run(root, number=1)
    theirs = write_run(tmp_path / "other", number=2)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        found = records(session)
        assert found[mine.run_id].path == mine.key
        assert found[theirs.run_id].root == "../other"
        assert (session.root / found[theirs.run_id].path).resolve() == theirs.folder
        assert [fault.path for fault in faults(session.catalogue)] == ["missing"]


def doubled(tmp_path: Path) -> tuple[Path, Built]:
    """Return a workspace that follows a copy of itself, and its run."""
    root = write_workspace(tmp_path / "w")
    run = write_run(root)
    shutil.copytree(root, tmp_path / "copy")
    (root / "workbench.toml").write_text('[sources]\nfolders = ["../copy"]\n', "utf-8")
    return root, run


def test_a_run_in_two_sources_is_listed_once(tmp_path: Path) -> None:
    """A copy of a workspace that is followed too has the same ids; the first one has the run."""
    root, run = doubled(tmp_path)
    with open_session(root, in_memory=True) as session:
        assert len(session.sweep().new) == 1
        assert not session.sweep()
        assert [one.root for one in records(session).values()] == ["."]
        assert [(fault.path, fault.reason) for fault in faults(session.catalogue)] == [
            ("../copy", "1 run is in another source too, and listed from there")
        ]
        append_metrics(run._replace(folder=tmp_path / "copy" / run.key), [(77, 1.0, {"a": 1.0})])
        session.sweep()
        assert [one.root for one in records(session).values()] == ["."]


def test_a_run_lost_by_one_source_is_listed_from_the_other(tmp_path: Path) -> None:
    """What another source has too is not gone; when it comes back it is listed there again."""
    root, run = doubled(tmp_path)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        run.folder.rename(tmp_path / "away")
        changes = session.sweep()
        assert (len(changes.gone), len(changes.new)) == (1, 1)
        assert [one.root for one in records(session).values()] == ["../copy"]
        assert faults(session.catalogue) == ()
        (tmp_path / "away").rename(run.folder)
        changes = session.sweep()
        assert (len(changes.gone), len(changes.new)) == (1, 1)
        assert [one.root for one in records(session).values()] == ["."]


def test_a_session_opened_again_knows_what_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that stand still are not read a second time by the next program."""
    root = write_workspace(tmp_path)
    write_run(root, number=1)
    with open_session(root) as session:
        assert session.sweep().new
    read: list[str] = []
    monkeypatch.setattr(NativeReader, "read", lambda *args: read.append(args[2]))
    with open_session(root) as session:
        assert not session.sweep()
    assert read == []


def test_edits_made_while_nobody_looked_are_seen(tmp_path: Path) -> None:
    """What changed between two programs is found by the second, though no run has moved."""
    root = write_workspace(tmp_path)
    run = write_run(root)
    with open_session(root) as session:
        session.sweep()
    with open_session(root, in_memory=True) as other:
        edit(other, [run.run_id], {"name": "new"})
    with open_session(root) as session:
        session.sweep()
        assert records(session)[run.run_id].name == "new"


def test_a_seed_that_is_named_in_the_settings_is_no_part_of_the_recipe(session: Session) -> None:
    """Two runs are equal in all but the seed by what the settings call a seed."""
    for number, tries in enumerate((1, 2)):
        write_run(session.root, number=number, params={"lr": 0.1, "attempt": tries})
    (session.root / "workbench.toml").write_text('[runs]\nseeds = ["attempt"]\n', "utf-8")
    with open_session(session.root, in_memory=True) as again:
        again.sweep()
        assert len({record.recipe for record in records(again).values()}) == 1
    session.sweep()
    assert len({record.recipe for record in records(session).values()}) == 2


def test_a_sweep_that_meets_a_folder_it_cannot_read_tells_it(session: Session) -> None:
    """The other sources are swept all the same."""

    class Lost(NativeReader):
        name = "lost"

        def survey(self, *_: object) -> Any:
            raise PermissionError(13, "Permission denied")

    write_run(session.root)
    sweeper = Sweeper(
        session.catalogue,
        [Source(Lost(), session.root, "gone"), Source(NativeReader(), session.root, ".")],
        FixedClock(), amendments=None, settings=DEFAULTS, probe=lambda: BEGIN,
    )  # fmt: skip
    assert sweeper.sweep().faults
    assert len(records(session)) == 1
    assert [(line.path, line.reason) for line in faults(session.catalogue)] == [
        ("gone", "cannot be read: Permission denied")
    ]
    assert not sweeper.sweep().faults
    assert ingest.known_runs(session.catalogue, 0) == {}


def test_runs_are_collapsed_by_the_seeds_of_now(session: Session) -> None:
    """Other params named as seeds in the settings change which runs are alike, also of old runs."""
    for number in range(2):
        write_run(session.root, number=number, params={"lr": 0.1, "fold": number})
    session.sweep()
    assert len({record.recipe for record in records(session).values()}) == 2
    session.sweeper().set_settings(replace_seeds(session, ("fold",)))
    session.sweep()
    assert len({record.recipe for record in records(session).values()}) == 1


def replace_seeds(session: Session, seeds: tuple[str, ...]) -> Settings:
    """Return the session's settings with other seeds."""
    return session.settings._replace(seeds=seeds)
