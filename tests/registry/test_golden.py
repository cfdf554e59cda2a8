"""A journal of format 1, with every kind of event, is read by every later program.

The folder ``tests/golden/journal-1`` is never edited: whoever changes what an event means or how
it is read makes a new one beside it.
"""

import shutil
from pathlib import Path

import pytest

from tests.registry.events import promote, state_of
from workbench.registry.encoding import decode
from workbench.registry.event import KINDS
from workbench.registry.facts import facts_of
from workbench.registry.folding import at
from workbench.registry.journal import FolderJournal, models
from workbench.registry.state import State
from workbench.registry.verification import anchor, verify

GOLDEN = Path(__file__).parents[1] / "golden" / "journal-1"
BEGIN = 1_795_000_000.0
HEAD = "61c32f5d1c645046e6a68675a347d772d75cc2df384115c9b01956e89f33d502"


@pytest.fixture(scope="module")
def state() -> State:
    """Return what the journal amounts to."""
    return state_of(FolderJournal(GOLDEN, "churn"))


def test_it_holds_every_kind_there_is(state: State) -> None:
    """And one of a program that is newer; none is left out."""
    kinds = {one.kind for one in state.events}
    assert kinds == {*KINDS, "shadowed"}
    assert (state.seq, state.unreadable, models(GOLDEN)) == (22, None, ("churn",))


def test_it_is_the_journal_it_always_was(state: State) -> None:
    """The hash of the head is that of every byte before it."""
    assert anchor([state]) == (f"churn 22 {HEAD}",)


def test_it_verifies(state: State) -> None:
    """Chain, checksums, and the files of every version that is not deleted."""
    assert verify(GOLDEN, "churn") == ()
    assert [number for number, one in state.versions.items() if one.deleted is None] == [1, 3]


def test_every_event_decodes_by_itself() -> None:
    """Each file is whole without the others."""
    files = sorted((GOLDEN / "registry" / "churn" / "events").iterdir())
    events = [decode(path.read_bytes(), previous_effective=0.0) for path in files]
    assert [one.seq for one in events] == list(range(1, 23))


def test_its_versions_are_what_they_were(state: State) -> None:
    """Descriptions, tags, retirements and deletions."""
    first, second, third = state.versions.values()
    assert (first.description, dict(first.tags)) == ("boosted trees — “first”", {"owner": "ana"})
    assert (second.deleted and second.deleted.reason) == "names a customer"
    assert (second.retired and second.retired.reason) == "leaks the label"
    assert (third.retired, dict(third.tags)) == (None, {"team": "risk", "checked": "yes"})
    assert facts_of(third).metrics["val/auc"]["last"] == 0.9


def test_its_stages_are_what_they_were(state: State) -> None:
    """Who held them, in which order, and since when."""
    holdings = [(one.version, one.since - BEGIN) for one in state.stage("production").holdings]
    assert holdings == [(1, 360), (2, 4300), (1, 4400), (None, 5500)]
    assert state.stage("production").rolled_away == {1, 2}
    assert state.stage("production").freeze is None
    assert state.stage("staging").holder == 1


def test_an_event_by_a_clock_that_was_behind_counts_when_it_was_recorded(state: State) -> None:
    """It says two minutes and follows one that says more than an hour."""
    frozen = next(one for one in state.events if one.kind == "frozen")
    assert (frozen.time - BEGIN, frozen.effective - BEGIN) == (120, 3700)
    assert at(state, BEGIN + 3700).stage("production").freeze is not None
    assert at(state, BEGIN + 3699).stage("production").freeze is None


def test_its_requests_were_met_or_withdrawn(state: State) -> None:
    """One of each."""
    assert [one.closed_by and one.closed_by.kind for one in state.requests] == [
        "promoted", "withdrawn",
    ]  # fmt: skip
    assert [one.actor for one in (*state.approvals, *state.ticks)] == ["cleo@pc", "ben@pc"]


def test_the_event_of_a_newer_program_is_kept_and_changes_nothing(state: State) -> None:
    """All it says is there to be shown; what this program knows is as before."""
    newer = state.events[20]
    assert (newer.kind, newer.known, newer.reason) == ("shadowed", False, "sees the same rows")
    assert newer.details == {"share": 0.1}
    assert [one.known for one in state.events].count(False) == 1
    assert at(state, newer.effective).stages == at(state, newer.effective - 1).stages


def test_it_can_be_written_on(tmp_path: Path) -> None:
    """The next event follows the last, also behind one of a newer program."""
    shutil.copytree(GOLDEN, tmp_path / "team")
    journal = FolderJournal(tmp_path / "team", "churn")
    now = promote(journal, 3, time=BEGIN + 6000)
    assert (now.seq, now.stage("production").holder) == (23, 3)
    assert verify(tmp_path / "team", "churn") == ()
