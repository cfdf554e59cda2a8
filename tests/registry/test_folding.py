"""Events amount to versions, stages and requests."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import BEGIN
from tests.registry.events import draft, promote, register, registered, roll_back, say, state_of
from workbench.registry.event import KINDS, Event, Reading, Unreadable
from workbench.registry.folding import at, fold, next_version
from workbench.registry.journal import MemoryJournal
from workbench.registry.state import State


def test_nothing_amounts_to_nothing() -> None:
    """A model without events has no versions, and its next is the first."""
    state = fold("churn", Reading(()))
    assert (state.seq, state.head, dict(state.versions), next_version(state)) == (0, "", {}, 1)
    assert state.stage("production").holder is None


def test_a_version_says_what_was_registered() -> None:
    """Number, manifest, description and tags are those of the event."""
    journal = MemoryJournal("churn")
    state = register(journal, details={"description": "first", "tags": {"team": "risk", "n": 3}})
    version = state.versions[1]
    assert (version.number, version.description) == (1, "first")
    assert version.tags == {"team": "risk", "n": "3"}
    assert version.manifest == f"{1:064x}"
    assert next_version(state) == 2


def test_a_description_replaces_and_tags_are_merged() -> None:
    """What is not named stays; None takes a tag away."""
    journal = MemoryJournal("churn")
    register(journal, details={"description": "first", "tags": {"a": "1", "b": "2"}})
    state = say(journal, "described", version=1, details={"tags": {"b": None, "c": "3"}})
    assert (state.versions[1].description, state.versions[1].tags) == (
        "first",
        {"a": "1", "c": "3"},
    )
    state = say(journal, "described", version=1, details={"description": ""})
    assert (state.versions[1].description, state.versions[1].tags) == ("", {"a": "1", "c": "3"})


def test_what_was_never_registered_holds_no_stage() -> None:
    """Nothing is known of it: whoever held the stage goes on, and was not rolled away from."""
    journal = registered(1)
    before = promote(journal, 1).stage("production")
    last = journal.read().events[-1]
    for kind, stage in (("promoted", "production"), ("rolled-back", "production"),
                        ("promoted", "staging")):  # fmt: skip
        last = journal.publish(draft(kind, version=7, stage=stage), after=last)
    assert state_of(journal).stage("production") == before
    assert state_of(journal).stage("staging").holdings == ()


def test_a_stage_remembers_who_held_it() -> None:
    """Each holding ends when the next begins, and knows by what."""
    journal = registered(2)
    promote(journal, 1, time=BEGIN + 1)
    state = promote(journal, 2, time=BEGIN + 5)
    first, second = state.stage("production").holdings
    assert (first.version, first.since, first.until) == (1, BEGIN + 1, BEGIN + 5)
    assert first.ended_by == second.event
    assert (second.version, second.until, second.ended_by) == (2, None, None)
    assert state.stage("production").holder == 2
    assert state.stage("staging").holder is None


def test_who_was_rolled_away_from_is_remembered_for_ever() -> None:
    """Also when it comes back later."""
    journal = registered(2)
    promote(journal, 1)
    promote(journal, 2)
    roll_back(journal, 1)
    state = promote(journal, 2)
    assert state.stage("production").rolled_away == {2}
    assert [one.version for one in state.stage("production").holdings] == [1, 2, 1, 2]


def test_a_stage_can_be_emptied_and_filled_again() -> None:
    """Nothing to give it back to: it is empty, and that is a holding too."""
    journal = registered(1)
    promote(journal, 1)
    state = roll_back(journal, None)
    stage = state.stage("production")
    assert (stage.holder, stage.holding and stage.holding.version) == (None, None)
    assert [one.version for one in stage.holdings] == [1, None]
    state = roll_back(journal, 1)
    assert (state.stage("production").holder, state.stage("production").rolled_away) == (1, {1})


def test_a_version_may_hold_several_stages() -> None:
    """Stages know nothing of each other."""
    journal = registered(1)
    promote(journal, 1, "staging")
    state = promote(journal, 1, "production")
    assert {name: one.holder for name, one in state.stages.items()} == {
        "staging": 1, "production": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("promoted", {}),
        ("rolled-back", {"version": 1}),
        ("withdrawn", {}),
        ("retired", {"stage": ""}),
        ("deleted", {"stage": ""}),
    ],
)
def test_a_request_is_open_until_something_closes_it(kind: str, fields: dict[str, Any]) -> None:
    """It was met, withdrawn, or can no longer be."""
    journal = registered(2)
    say(journal, "requested")
    state = say(journal, "requested", version=2)
    assert [one.closed_by for one in state.requests] == [None, None]
    state = say(journal, kind, **fields)
    assert [one.closed_by and one.closed_by.kind for one in state.requests] == [kind, None]


def test_one_of_two_requests_can_be_withdrawn() -> None:
    """By the id of its event, where two people asked for the same."""
    journal = registered(1)
    say(journal, "requested", actor="ana")
    state = say(journal, "requested", actor="ben")
    state = say(journal, "withdrawn", details={"request": state.requests[0].event.id})
    assert [one.closed_by is None for one in state.requests] == [False, True]


def test_approvals_and_ticks_are_kept() -> None:
    """Whether one counts is decided by what it is bound to, not here."""
    journal = registered(1)
    say(journal, "approved")
    say(journal, "ticked")
    state = promote(journal, 1)
    assert [one.kind for one in (*state.approvals, *state.ticks)] == ["approved", "ticked"]


@pytest.mark.parametrize(
    ("until", "later"),
    [(BEGIN + 60, False), (None, True), ("soon", True), (int(BEGIN) + 60, False)],
)
def test_a_freeze_holds_until_its_end(until: object, *, later: bool) -> None:
    """An end that is no moment is no end: it holds until somebody thaws it."""
    journal = registered(1)
    freeze = say(journal, "frozen", details={"until": until}).stage("production").freeze
    assert freeze is not None
    assert (freeze.holds(BEGIN), freeze.holds(BEGIN + 60)) == (True, later)
    assert say(journal, "unfrozen").stage("production").freeze is None


def test_a_version_is_retired_reinstated_and_deleted() -> None:
    """Each knows by whom; a deleted version keeps its number."""
    journal = registered(2)
    assert say(journal, "retired", actor="ben").versions[1].retired is not None
    assert say(journal, "reinstated").versions[1].retired is None
    state = say(journal, "deleted", version=2)
    assert state.versions[2].deleted is not None
    assert next_version(state) == 3


def test_events_that_cannot_be_meant_change_nothing() -> None:
    """The first registration of a number stands, and what names no version there is is kept."""
    reading = registered(1).read()
    twice = draft("registered", version=1, details={"manifest": "other"})
    journal = MemoryJournal("churn")
    last: Event | None = None
    for meant in (draft("registered", details={"manifest": "one"}), twice,
                  draft("retired", version=7), draft("described", version=None),
                  draft("blessed", version=1)):  # fmt: skip
        last = journal.publish(meant, after=last)
    state = state_of(journal)
    assert (len(state.events), list(state.versions)) == (5, [1])
    assert state.versions[1].manifest == "one"
    assert reading.events[0].known


def test_what_was_so_on_a_day() -> None:
    """The state at a moment is that of the events up to it, the moment itself included."""
    journal = registered(2)
    promote(journal, 1, time=BEGIN + 10)
    now = promote(journal, 2, time=BEGIN + 20)
    holders = {
        moment: at(now, BEGIN + moment).stage("production").holder
        for moment in (-1, 0, 9.9, 10, 19, 20, math.inf)
    }
    assert holders == {-1: None, 0: None, 9.9: None, 10: 1, 19: 1, 20: 2, math.inf: 2}
    assert at(now, BEGIN + 10).stage("production").holdings[0].until is None
    assert at(now, BEGIN - 1).seq == 0


def test_a_clock_an_hour_ahead_moves_what_follows_not_the_order() -> None:
    """Order is by number: who is promoted later holds the stage, whatever their clock says."""
    journal = registered(2)
    promote(journal, 1, time=BEGIN + 3600)
    now = promote(journal, 2, time=BEGIN + 5)
    first, second = now.stage("production").holdings
    assert (first.since, second.since, second.event.time) == (BEGIN + 3600, BEGIN + 3600, BEGIN + 5)
    assert at(now, BEGIN + 10).stage("production").holder is None
    assert at(now, BEGIN + 3600).stage("production").holder == 2


def test_what_cannot_be_read_is_part_of_the_state() -> None:
    """Also of the state as it was: what followed might have been before that moment."""
    fault = Unreadable(3, "registry/churn/events/0000000003.json", "It is empty.")
    state = fold("churn", Reading(registered(2).read().events, fault))
    assert state.unreadable == at(state, BEGIN).unreadable == fault


MOVES = st.lists(
    st.tuples(
        st.sampled_from(sorted(KINDS)), st.integers(1, 3), st.sampled_from(["staging", "live"]),
        st.integers(0, 50),
    ),
    max_size=25,
)  # fmt: skip


def _story(moves: list[tuple[str, int, str, int]]) -> State:
    journal = MemoryJournal("churn")
    last = None
    for kind, version, stage, time in moves:
        of_stage = kind not in ("registered", "described", "retired", "reinstated", "deleted")
        meant = draft(kind, version=version, stage=stage if of_stage else "", time=float(time))
        last = journal.publish(meant, after=last)
    return state_of(journal)


@given(moves=MOVES, moment=st.floats(0, 60))
def test_any_events_in_any_order_amount_to_something_consistent(
    moves: list[tuple[str, int, str, int]], moment: float
) -> None:
    """Holdings follow each other without a gap, and the past is a prefix of the present."""
    state = _story(moves)
    assert len(state.events) == len(moves)
    for stage in state.stages.values():
        for one, following in zip(stage.holdings, stage.holdings[1:], strict=False):
            assert one.until == following.since
            assert one.since <= following.since
            assert one.ended_by == following.event
        assert all(one.until is None for one in stage.holdings[-1:])
    then = at(state, moment)
    assert then.events == state.events[: len(then.events)]
    assert all(one.effective > moment for one in state.events[len(then.events) :])


@given(moves=MOVES, known=st.integers(0, 25))
def test_going_on_from_a_state_is_the_same_as_beginning_anew(
    moves: list[tuple[str, int, str, int]], known: int
) -> None:
    """However many events are known already, and the state gone on from stays as it was."""
    whole = _story(moves)
    part = fold("churn", Reading(whole.events[:known]))
    assert fold("churn", Reading(whole.events), part) == whole
    assert part == fold("churn", Reading(whole.events[:known]))


def test_a_state_of_other_events_is_not_gone_on_from() -> None:
    """A journal that was put back from elsewhere is folded anew."""
    stranger = promote(registered(1), 1)
    mine = registered(3).read()
    assert fold("churn", mine, stranger) == fold("churn", mine)
