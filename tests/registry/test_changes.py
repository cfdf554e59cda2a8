"""Who was second is told what the first one did."""

from typing import Any

import pytest

from tests.building import BEGIN
from tests.registry.events import promote, registered, roll_back, say, state_of
from workbench.registry.changes import rolled_back, what_changed
from workbench.registry.journal import MemoryJournal


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("promoted", {"version": 2}, "ana@lab put v2 in production 4s ago, because why."),
        ("promoted", {"reason": ""}, "ana@lab put v1 in production 4s ago."),
        ("rolled-back", {"version": 1},
         "ana@lab rolled production back to v1 4s ago, because why."),
        ("rolled-back", {"version": None}, "ana@lab emptied production 4s ago, because why."),
        ("frozen", {"reason": "sale."}, "ana@lab froze production 4s ago, because sale."),
        ("unfrozen", {}, "ana@lab thawed production 4s ago, because why."),
        ("retired", {"version": 2, "stage": ""}, "ana@lab retired v2 4s ago, because why."),
        ("reinstated", {"stage": ""}, "ana@lab reinstated v1 4s ago, because why."),
        ("deleted", {"version": 2, "stage": ""}, "ana@lab deleted v2 4s ago, because why."),
        ("promoted", {"actor": "b\x07", "reason": "a\nb"},
         "b␇ put v1 in production 4s ago, because a↵b."),
    ],
)  # fmt: skip
def test_each_deed_is_a_sentence(kind: str, fields: dict[str, Any], sentence: str) -> None:
    """Who, what, when and why."""
    journal = registered(2)
    before = state_of(journal)
    after = say(journal, kind, **fields)
    assert what_changed(before, after, "production", now=BEGIN + 4) == (sentence,)


def test_a_freeze_says_its_end() -> None:
    """A date and a time."""
    journal = registered(1)
    before = state_of(journal)
    after = say(journal, "frozen", details={"until": BEGIN + 86_400})
    (said,) = what_changed(before, after, "production", now=BEGIN)
    assert said.startswith("ana@lab froze production until 20")
    assert said.endswith(" just now, because why.")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("promoted", {"stage": "staging"}),
        ("described", {}),
        ("requested", {}),
        ("approved", {}),
        ("registered", {"version": 2}),
    ],
)
def test_what_does_not_concern_the_stage_is_left_out(kind: str, fields: dict[str, Any]) -> None:
    """It changes nothing for whoever wanted that stage."""
    journal = registered(1)
    before = state_of(journal)
    assert what_changed(before, say(journal, kind, **fields), "production", now=BEGIN) == ()


def test_all_that_happened_is_told_in_order() -> None:
    """The first one first, and nothing from before the look."""
    journal = registered(3)
    promote(journal, 1)
    before = state_of(journal)
    promote(journal, 2)
    after = roll_back(journal, 1)
    told = what_changed(before, after, "production", now=BEGIN)
    assert [one.partition(" just now")[0] for one in told] == [
        "ana@lab put v2 in production", "ana@lab rolled production back to v1",
    ]  # fmt: skip
    assert what_changed(after, after, "production", now=BEGIN) == ()


def test_a_clock_ahead_of_ours_is_just_now() -> None:
    """Nothing is said to happen in the future."""
    journal = MemoryJournal("churn")
    before = state_of(journal)
    say(journal, "registered", version=1)
    after = promote(journal, 1, time=BEGIN + 3600)
    assert what_changed(before, after, "production", now=BEGIN)[0].endswith(
        "just now, because why."
    )


def test_who_rolled_a_version_back_is_remembered() -> None:
    """Whoever promotes it once more is told; of a version never rolled back nothing is said."""
    journal = registered(2)
    promote(journal, 1)
    promote(journal, 2)
    roll_back(journal, 1)
    state = state_of(journal)
    (said,) = rolled_back(state, 2, "production", now=state.events[-1].effective + 180)
    assert said.startswith("v2 was rolled back from production 3m ago by ana@lab")
    assert rolled_back(state, 1, "production", now=BEGIN) == ()
    assert rolled_back(state, 2, "staging", now=BEGIN) == ()
