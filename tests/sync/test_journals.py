"""The catalogue keeps up with every journal, and one that is damaged stops no other."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.building import write_run, write_workspace
from tests.registry_building import draft, life, register, write_journal
from workbench.catalogue.faults import faults
from workbench.catalogue.history import happened
from workbench.clock import FixedClock
from workbench.operations.registry import listing
from workbench.operations.registry.listing import models
from workbench.operations.session import Session, open_session
from workbench.registry.event import PROMOTED
from workbench.registry.journal import FolderJournal
from workbench.sync.journals import Journals
from workbench.sync.turns import TRY_AGAIN_S

if TYPE_CHECKING:
    from workbench.sync.sweep import Changes


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def events_of(session: Session, model: str) -> Path:
    """Return the folder of a model's events."""
    return session.root / "registry" / model / "events"


def stamp(folder: Path, seconds: int) -> None:
    """Set the time of a folder, as a coarse clock would leave it."""
    os.utime(folder, ns=(seconds * 10**9, seconds * 10**9))


def test_a_workspace_without_models_holds_none(session: Session) -> None:
    """The first sweep finds nothing, and there is nothing to watch."""
    assert session.sweep().models == frozenset()
    assert session.sweeper().model_folders() == []


def test_models_that_are_there_are_found_once(session: Session) -> None:
    """Sweeping again finds nothing."""
    for model in ("churn", "fraud"):
        write_journal(session.root, model, life(model, 10))
    assert session.sweep().models == {"churn", "fraud"}
    assert not session.sweep()
    assert [line.name for line in listing.models(session)] == ["churn", "fraud"]


def test_an_event_that_arrives_is_seen(session: Session) -> None:
    """Only the model it belongs to has changed."""
    before = write_journal(session.root, "churn", life("churn", 10))
    write_journal(session.root, "fraud", life("fraud", 3))
    session.sweep()
    write_journal(
        session.root, "churn", [draft(PROMOTED, 90, version=9, stage="staging")], after=before
    )
    assert session.sweep().models == {"churn"}
    (line,) = listing.models(session, "churn")
    assert {one.stage: one.version for one in line.stages}["staging"] == 9


def test_events_within_one_tick_of_the_clock_are_all_seen(session: Session) -> None:
    """The folder's time is the same; the next number is there all the same."""
    before = write_journal(session.root, "churn", [register("churn", 1, 1)])
    stamp(events_of(session, "churn"), 1_795_000_000)
    session.sweep()
    for number in (2, 3):
        before = write_journal(
            session.root, "churn", [register("churn", number, number)], after=before
        )
        stamp(events_of(session, "churn"), 1_795_000_000)
        assert session.sweep().models == {"churn"}
    assert listing.models(session)[0].latest == 3


def test_an_event_after_a_long_rest_is_seen(session: Session) -> None:
    """A folder that has been quiet is told to have moved by its time alone."""
    before = write_journal(session.root, "churn", [register("churn", 1, 1)])
    for _ in range(3):
        session.sweep()
        assert isinstance(session.clock, FixedClock)
        session.clock.advance(10)
    write_journal(session.root, "churn", [register("churn", 2, 2)], after=before)
    assert session.sweep().models == {"churn"}


def test_a_start_later_reads_only_what_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the catalogue knows is not read again, not even when the folder's time stands still."""
    root = write_workspace(tmp_path / "w")
    before = write_journal(root, "churn", [register("churn", 1, 1)])
    write_journal(root, "fraud", life("fraud", 3))
    folder = root / "registry/churn/events"
    stamp(folder, 1_795_000_000)
    with open_session(root, clock=FixedClock()) as first:
        first.sweep()
    write_journal(root, "churn", [register("churn", 2, 2)], after=before)
    stamp(folder, 1_795_000_000)
    read: list[str] = []
    real = FolderJournal.read

    def reading(journal: FolderJournal, *args: object, **kwargs: object) -> object:
        read.append(journal.model)
        return real(journal, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(FolderJournal, "read", reading)
    with open_session(root, clock=FixedClock()) as second:
        assert second.sweep().models == {"churn"}
        assert read == ["churn"]
        assert [line.latest for line in listing.models(second)] == [2, 3]


def test_an_event_more_has_only_itself_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long journal is not read anew for each event: only the last one known is looked at."""
    before = write_journal(session.root, "churn", life("churn", 30))
    session.sweep()
    write_journal(session.root, "churn", [register("churn", 31, 99)], after=before)
    loaded: list[int] = []
    real = FolderJournal._load

    def loading(journal: FolderJournal, seq: int) -> bytes:
        loaded.append(seq)
        return real(journal, seq)

    monkeypatch.setattr(FolderJournal, "_load", loading)
    assert session.sweep().models == {"churn"}
    assert loaded == [len(before), len(before) + 1]


def test_a_damaged_event_is_a_fault_and_stops_no_other_model(session: Session) -> None:
    """The model's line says what is wrong; what came before it stands."""
    write_journal(session.root, "churn", [register("churn", n, n) for n in (1, 2, 3)])
    write_journal(session.root, "fraud", life("fraud", 3))
    broken = events_of(session, "churn") / "0000000003.json"
    broken.write_bytes(broken.read_bytes()[:-20])
    changes = session.sweep()
    assert changes.models == {"churn", "fraud"}
    assert changes.faults
    (fault,) = faults(session.catalogue)
    assert fault.path == "registry/churn/events/0000000003.json"
    assert "cut short" in fault.reason
    churn, fraud = listing.models(session)
    assert churn.latest == 2
    assert churn.unreadable == f"{fault.path}: {fault.reason}"
    assert (fraud.latest, fraud.unreadable) == (3, "")


def test_a_fault_is_remembered_and_ends_when_the_event_is_whole(tmp_path: Path) -> None:
    """A start later still tells it; once the file is put back it is read, though nothing moved."""
    root, clock = write_workspace(tmp_path / "w"), FixedClock()
    write_journal(root, "churn", [register("churn", n, n) for n in (1, 2)])
    broken = root / "registry/churn/events/0000000002.json"
    whole = broken.read_bytes()
    broken.write_bytes(b"")
    with open_session(root, clock=clock) as first:
        first.sweep()
    with open_session(root, clock=clock) as second:
        second.sweep()
        assert len(faults(second.catalogue)) == 1
        broken.write_bytes(whole)
        assert second.sweep().models == frozenset()
        clock.advance(TRY_AGAIN_S + 1)
        changes = second.sweep()
        assert (changes.models, changes.faults) == ({"churn"}, True)
        assert faults(second.catalogue) == ()
        assert listing.models(second)[0].unreadable == ""


def test_a_gap_in_the_numbers_is_a_fault(session: Session) -> None:
    """Nothing after a missing event counts."""
    write_journal(session.root, "churn", [register("churn", n, n) for n in (1, 2, 3)])
    (events_of(session, "churn") / "0000000002.json").unlink()
    session.sweep()
    assert "missing" in faults(session.catalogue)[0].reason
    assert listing.models(session)[0].latest == 1


def test_an_event_that_cannot_be_stored_is_a_fault_of_its_model(session: Session) -> None:
    """A number no column can hold does not keep the others out."""
    write_journal(session.root, "churn", [draft("of the future", 1, version=10**40)])
    write_journal(session.root, "fraud", life("fraud", 3))
    session.sweep()
    assert len(faults(session.catalogue)) == 1
    churn, fraud = listing.models(session)
    assert churn.unreadable.startswith("registry/churn/events: ")
    assert fraud.latest == 3


def test_an_unknown_kind_is_kept(session: Session) -> None:
    """It is told as newer than this program, and everything else goes on."""
    write_journal(session.root, "churn", [register("churn", 1, 1), draft("sold", 2)])
    session.sweep()
    assert [one.kind for one in happened(session.catalogue)] == ["sold", "registered"]
    assert faults(session.catalogue) == ()


def test_a_model_that_vanishes_is_gone_and_one_brought_back_is_there(session: Session) -> None:
    """A folder moved by hand is noticed, with its faults."""
    write_journal(session.root, "churn", life("churn", 3))
    session.sweep()
    folder = session.root / "registry/churn"
    shutil.move(folder, session.root / "away")
    assert session.sweep().models == {"churn"}
    assert listing.models(session) == ()
    assert happened(session.catalogue) == ()
    shutil.move(session.root / "away", folder)
    assert session.sweep().models == {"churn"}
    assert listing.models(session)[0].latest == 3


def test_a_model_whose_events_are_gone_is_gone(session: Session) -> None:
    """Its files alone make no model."""
    write_journal(session.root, "churn", life("churn", 3))
    (session.root / "registry/churn/files").mkdir()
    session.sweep()
    shutil.rmtree(events_of(session, "churn"))
    assert session.sweep().models == {"churn"}
    assert not session.sweep()


def test_a_registry_that_is_gone_is_empty(session: Session) -> None:
    """The whole folder may be moved away."""
    write_journal(session.root, "churn", life("churn", 3))
    session.sweep()
    shutil.rmtree(session.root / "registry")
    assert session.sweep().models == {"churn"}
    assert listing.models(session) == ()


def test_a_journal_that_was_put_back_is_read_anew(session: Session) -> None:
    """A folder of a backup has fewer events, or others under the same numbers."""
    write_journal(session.root, "churn", [register("churn", n, n) for n in (1, 2, 3)])
    session.sweep()
    shutil.rmtree(session.root / "registry")
    write_journal(session.root, "churn", [register("churn", n, n + 50) for n in (1, 2)])
    assert session.sweep().models == {"churn"}
    assert [one.event_id for one in happened(session.catalogue)] == [
        f"01kc{52:022d}", f"01kc{51:022d}",
    ]  # fmt: skip


def test_folders_with_names_no_model_has_are_left_alone(session: Session) -> None:
    """What no model can be called is nobody's loss."""
    (session.root / "registry").mkdir()
    (session.root / "registry" / "Not A Model").mkdir()
    (session.root / "registry" / ".hidden").mkdir()
    assert session.sweep().models == frozenset()


def test_what_stands_in_a_models_place_is_named_and_not_followed(session: Session) -> None:
    """A file or a link where a model could be is a model that cannot be read, and says so."""
    (session.root / "registry").mkdir()
    (session.root / "registry" / "notes").write_text("x", "utf-8")
    outside = session.root.parent / "outside"
    write_journal(outside, "churn", life("churn", 3))
    (session.root / "registry" / "churn").symlink_to(outside / "registry/churn")
    assert session.sweep().models == {"churn", "notes"}
    lines = models(session)
    assert [(one.name, one.versions, bool(one.unreadable)) for one in lines] == [
        ("churn", 0, True), ("notes", 0, True),
    ]  # fmt: skip


def test_models_are_reported_in_batches_with_how_many_are_to_come(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large registry fills the list, the newest first, and can be ended in between."""
    monkeypatch.setattr("workbench.sync.journals._BATCH_EVENTS", 1)
    for number, model in enumerate(("a", "b", "c")):
        write_journal(session.root, model, [register(model, 1, number)])
        stamp(events_of(session, model), 1_795_000_000 + number)
    seen: list[Changes] = []
    session.sweep(seen.append)
    assert [(sorted(one.models), one.waiting) for one in seen if one.models] == [
        (["c"], 2), (["b"], 1), (["a"], 0),
    ]  # fmt: skip
    assert all(one.initial for one in seen)


class Slow(FixedClock):
    """A clock on which every look takes a tenth of a second."""

    def steady(self) -> float:
        """Return a time that is later at each call."""
        self.at += 0.1
        return self.at


def test_on_a_slow_drive_models_are_looked_at_in_turn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that changed last every time, the others a few at a time, and none for ever not."""
    monkeypatch.setattr("workbench.sync.turns._ALWAYS", 2)
    names = [f"m{number}" for number in range(9)]
    said = {model: write_journal(session.root, model, [register(model, 1, 1)]) for model in names}
    slow = Journals(session.root, session.catalogue, Slow())
    list(slow.look())
    for model in names:
        write_journal(session.root, model, [register(model, 2, 2)], after=said[model])
    looks = [frozenset().union(*(part.models for part in slow.look())) for _ in range(9)]
    assert 0 < len(looks[0]) < len(names)
    assert frozenset().union(*looks) == frozenset(names)


def test_a_person_who_asks_has_everything_looked_at(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it takes."""
    monkeypatch.setattr("workbench.sync.turns._ALWAYS", 2)
    names = [f"m{number}" for number in range(9)]
    said = {model: write_journal(session.root, model, [register(model, 1, 1)]) for model in names}
    slow = Journals(session.root, session.catalogue, Slow())
    list(slow.look())
    for model in names:
        write_journal(session.root, model, [register(model, 2, 2)], after=said[model])
    slow.do_over()
    assert frozenset().union(*(part.models for part in slow.look())) == frozenset(names)


def test_the_folders_worth_a_watch_are_those_that_changed_last(session: Session) -> None:
    """The registry itself first, then models by their newest event."""
    write_journal(session.root, "old", [register("old", 1, 1)])
    write_journal(session.root, "new", [register("new", 1, 5)])
    session.sweep()
    assert session.sweeper().model_folders() == [
        session.root / "registry", events_of(session, "new"), events_of(session, "old"),
    ]  # fmt: skip


def test_runs_and_models_come_in_one_sweep(session: Session) -> None:
    """A sweep tells both, each by its own name."""
    write_run(session.root)
    write_journal(session.root, "churn", life("churn", 3))
    changes = session.sweep()
    assert (len(changes.new), changes.models) == (1, {"churn"})
