"""What may not be done is said in sentences, and nothing is said where it may."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.building import BEGIN
from tests.registry.events import promote, register, registered, roll_back, say, state_of
from workbench.registry import objections
from workbench.registry.checks import Check, StagePolicy
from workbench.registry.event import Reading, Unreadable
from workbench.registry.folding import fold
from workbench.registry.journal import MemoryJournal
from workbench.registry.state import State

NOW = BEGIN + 100
PRODUCTION = StagePolicy(
    "production",
    after="staging",
    checks=(
        Check("looked at", "manual", "somebody looked at it", {"item": "ok", "by": ["ana", "ben"]}),
        Check("good", "rule", "metrics.auc > 0.8"),
    ),
    rules_hash="beef",
)
STAGING = StagePolicy("staging")


@pytest.fixture
def journal() -> MemoryJournal:
    """Return a journal of three versions; the first two were in staging, the first is live."""
    made = registered(3)
    promote(made, 1, "staging")
    promote(made, 2, "staging")
    promote(made, 1)
    return made


def promoting(state: State, version: int, policy: StagePolicy = PRODUCTION) -> tuple[str, ...]:
    """Ask whether a version may be promoted now."""
    return objections.promoting(state, version, policy.name, policy, NOW)


def test_a_version_that_held_the_stage_before_may_be_promoted(journal: MemoryJournal) -> None:
    """It holds it now, or has held it."""
    assert promoting(state_of(journal), 2) == ()
    promote(journal, 3, "staging")
    assert promoting(state_of(journal), 2) == ()
    assert promoting(state_of(journal), 3) == ()


def test_a_version_that_did_not_come_that_way_may_not(journal: MemoryJournal) -> None:
    """The stage that comes first is named."""
    assert promoting(state_of(journal), 3) == (
        "churn@3 has never held staging, which comes first.",
    )
    assert promoting(state_of(journal), 3, STAGING) == ()


def test_what_is_there_already_is_not_promoted(journal: MemoryJournal) -> None:
    """Nothing would change."""
    assert promoting(state_of(journal), 1) == ("churn@1 holds production already.",)


def test_an_unknown_version_and_an_unknown_stage_are_named(journal: MemoryJournal) -> None:
    """Both at once, so that both can be put right."""
    assert objections.promoting(state_of(journal), 9, "live", None, NOW) == (
        "churn has no version 9.",
        "There is no stage live.",
    )


def test_a_retired_version_comes_back_only_when_reinstated(journal: MemoryJournal) -> None:
    """Who retired it is said, and why."""
    state = say(journal, "retired", version=2, actor="ben", reason="leaks labels.")
    assert promoting(state, 2) == ("churn@2 was retired by ben: leaks labels.",)
    assert promoting(say(journal, "reinstated", version=2), 2) == ()


def test_a_deleted_version_does_not_come_back(journal: MemoryJournal) -> None:
    """Not even where it was retired before."""
    say(journal, "retired", version=2)
    state = say(journal, "deleted", version=2, actor="ben")
    assert promoting(state, 2) == ("churn@2 was deleted by ben.",)


def test_a_frozen_stage_takes_nothing_until_its_end(journal: MemoryJournal) -> None:
    """Who froze it, why and until when; afterwards, or thawed, it takes versions again."""
    state = say(journal, "frozen", actor="ben", reason="sale", details={"until": NOW + 1})
    (said,) = promoting(state, 2)
    assert said.startswith("production is frozen until 20")
    assert said.endswith(", by ben: sale.")
    assert objections.promoting(state, 2, "production", PRODUCTION, NOW + 1) == ()
    endless = say(journal, "frozen", actor="ben", reason="")
    assert promoting(endless, 2) == ("production is frozen, by ben.",)
    assert promoting(say(journal, "unfrozen"), 2) == ()


def test_nothing_may_be_done_behind_an_event_that_cannot_be_read(journal: MemoryJournal) -> None:
    """Every rule says so, with path and reason."""
    fault = Unreadable(7, "registry/churn/events/0000000007.json", "It is empty.")
    state = fold("churn", Reading(journal.read().events, fault))
    expected = (
        "registry/churn/events/0000000007.json cannot be read, and nothing can be recorded until it"
        " can: It is empty."
    )
    rules: list[tuple[Callable[..., tuple[str, ...]], tuple[Any, ...]]] = [
        (objections.promoting, (2, "production", PRODUCTION, NOW)),
        (objections.rolling_back, ("staging", 1)),
        (objections.requesting, (2, "production", PRODUCTION, "ana")),
        (objections.withdrawing, (2, "production", "ana")),
        (objections.approving, (2, "production", PRODUCTION, "ben")),
        (objections.ticking, (2, PRODUCTION, "looked at", "ana")),
        (objections.freezing, ("production", None, NOW)),
        (objections.unfreezing, ("production", NOW)),
        (objections.retiring, (3,)),
        (objections.reinstating, (3,)),
        (objections.describing, (3,)),
        (objections.deleting, (3,)),
    ]
    for rule, words in rules:
        assert rule(state, *words)[0] == expected, rule


# ---------------------------------------------------------------- rolling back


def test_the_default_is_the_latest_that_was_never_rolled_away_from(journal: MemoryJournal) -> None:
    """So that a second time never restores what the first one took away."""
    promote(journal, 2)
    state = promote(journal, 3)
    assert objections.rollback_targets(state, "production") == (2, 1)
    state = roll_back(journal, 2)
    assert objections.rollback_targets(state, "production") == (1,)
    state = roll_back(journal, 1)
    assert objections.rollback_targets(state, "production") == ()
    assert objections.rolling_back(state, "production", None) == ()


def test_the_same_files_under_another_number_are_as_bad() -> None:
    """Neither those of the version that is left, nor those of one that was rolled away."""
    journal = registered(1)
    for _ in (2, 3):
        register(journal, details={"manifest": "ab" * 32})
    for version in (1, 2):
        promote(journal, version)
    state = promote(journal, 3)
    assert objections.rollback_targets(state, "production") == (1,)
    state = roll_back(journal, 1)
    assert objections.rollback_targets(state, "production") == ()
    register(journal)
    state = promote(journal, 4)
    assert objections.rollback_targets(state, "production") == (1,)
    assert objections.rolling_back(state, "production", 2) == ()


def test_what_was_deleted_is_no_choice_and_what_was_retired_the_last(
    journal: MemoryJournal,
) -> None:
    """A retired version is better than an empty stage, and worse than any other."""
    promote(journal, 2)
    promote(journal, 3)
    state = say(journal, "retired", version=2)
    assert objections.rollback_targets(state, "production") == (1, 2)
    assert objections.rolling_back(state, "production", 2) == ()
    state = say(journal, "deleted", version=2)
    assert objections.rollback_targets(state, "production") == (1,)
    assert "was deleted" in objections.rolling_back(state, "production", 2)[0]


def test_a_freeze_does_not_stop_a_rollback(journal: MemoryJournal) -> None:
    """Whoever has to go back has no time to ask for a thaw."""
    promote(journal, 2)
    assert objections.rolling_back(say(journal, "frozen"), "production", 1) == ()


@pytest.mark.parametrize(
    ("stage", "to", "why"),
    [
        ("live", 1, "churn was never in live."),
        ("live", None, "churn was never in live."),
        ("production", 1, "churn@1 holds production already."),
        ("production", 3, "churn@3 never held production: promote it instead."),
    ],
)
def test_a_stage_is_given_back_only_to_who_held_it(
    journal: MemoryJournal, stage: str, to: int | None, why: str
) -> None:
    """Anything else is a promotion."""
    assert objections.rolling_back(state_of(journal), stage, to) == (why,)


def test_an_empty_stage_is_not_emptied(journal: MemoryJournal) -> None:
    """It can be given back to who held it."""
    state = roll_back(journal, None)
    assert objections.rolling_back(state, "production", None) == ("production is empty already.",)
    assert objections.rolling_back(state, "production", 1) == ()


# ---------------------------------------------------------------- people


def test_a_request_is_made_once_and_withdrawn_by_who_made_it(journal: MemoryJournal) -> None:
    """Somebody else may ask for the same."""
    state = say(journal, "requested", version=2, actor="ana")
    asked = (2, "production", PRODUCTION)
    assert objections.requesting(state, *asked, "ben") == ()
    assert objections.requesting(state, *asked, "ana") == (
        "You have asked for churn@2 in production already.",
    )
    assert objections.withdrawing(state, 2, "production", "ana") == ()
    assert objections.withdrawing(state, 2, "production", "ben") == (
        "ana asked for churn@2 in production, not you.",
    )
    assert objections.withdrawing(state, 3, "production", "ana") == (
        "Nobody asks for churn@3 in production.",
    )
    state = say(journal, "withdrawn", version=2)
    assert objections.requesting(state, *asked, "ana") == ()


def test_who_registered_does_not_approve(journal: MemoryJournal) -> None:
    """Somebody else has to look."""
    state = state_of(journal)
    assert objections.approving(state, 2, "production", PRODUCTION, "ana@lab") == (
        "You registered churn@2: somebody else has to approve it.",
    )
    assert objections.approving(state, 2, "production", PRODUCTION, "ben") == ()


def test_an_approval_is_given_once_as_long_as_it_counts(journal: MemoryJournal) -> None:
    """Whether one does is for the caller to see, who can read signatures."""
    asked = (state_of(journal), 2, "production", PRODUCTION, "ben")
    assert objections.approving(*asked, counts=True) == (
        "You have approved churn@2 for production as it is now.",
    )
    assert objections.approving(*asked, counts=False) == ()


def test_whoever_is_not_asked_does_not_approve(journal: MemoryJournal) -> None:
    """One check that counts them is enough, and names are told apart as people are."""
    state = state_of(journal)
    named = Check("four eyes", "approval", "", {"count": 1, "from": ("Cleo", "Dora")})
    anybody = Check("six eyes", "approval", "", {"count": 1, "from": None})
    assert objections.approving(state, 2, "production", _asking(named), "ben") == (
        "production asks Cleo, Dora to approve, not you.",
    )
    assert objections.approving(state, 2, "production", _asking(named), "cleo ") == ()
    assert objections.approving(state, 2, "production", _asking(named, anybody), "ben") == ()


def _asking(*checks: Check) -> StagePolicy:
    return StagePolicy("production", checks=checks)


@pytest.mark.parametrize("name", ["ana@lab", "Ana@laptop", "ana", "\u200bana", "\uff41na@lab"])
def test_an_author_is_nobody_else_on_another_machine(journal: MemoryJournal, name: str) -> None:
    """Nor in another spelling."""
    state = state_of(journal)
    assert objections.approving(state, 2, "production", PRODUCTION, name) == (
        "You registered churn@2: somebody else has to approve it.",
    )


def test_a_request_is_of_a_person_not_of_a_spelling(journal: MemoryJournal) -> None:
    """Whoever asked on one machine does not ask again on another, and can take it back there."""
    state = say(journal, "requested", version=2, actor="Ana@gpu01")
    assert objections.requesting(state, 2, "production", PRODUCTION, "ana@laptop") == (
        "You have asked for churn@2 in production already.",
    )
    assert objections.withdrawing(state, 2, "production", "ana@laptop") == ()


def test_an_item_is_ticked_by_those_it_names(journal: MemoryJournal) -> None:
    """And only items of a checklist are."""
    state = state_of(journal)
    assert objections.ticking(state, 2, PRODUCTION, "looked at", "ben") == ()
    assert objections.ticking(state, 2, PRODUCTION, "looked at", "Ben ") == ()
    assert objections.ticking(state, 2, PRODUCTION, "looked at", "cleo") == (
        "looked at is for ana, ben to tick.",
    )
    for name, policy in (("good", PRODUCTION), ("looked at", STAGING), ("looked at", None)):
        assert objections.ticking(state, 2, policy, name, "ben") == (
            f"There is nothing called {name} to tick.",
        )


# ---------------------------------------------------------------- freezing, retiring, deleting


def test_a_stage_is_frozen_anew_only_with_another_end(journal: MemoryJournal) -> None:
    """An end that is over is none."""
    state = state_of(journal)
    assert objections.freezing(state, "production", NOW + 10, NOW) == ()
    assert "over already" in objections.freezing(state, "production", NOW, NOW)[0]
    assert objections.unfreezing(state, "production", NOW) == ("production is not frozen.",)
    state = say(journal, "frozen", details={"until": NOW + 10})
    assert objections.freezing(state, "production", NOW + 10, NOW) == (
        "production is frozen until then already.",
    )
    assert objections.freezing(state, "production", NOW + 20, NOW) == ()
    assert objections.unfreezing(state, "production", NOW) == ()
    assert objections.unfreezing(state, "production", NOW + 10) == ("production is not frozen.",)


@pytest.mark.parametrize("rule", [objections.retiring, objections.deleting])
def test_what_holds_a_stage_is_neither_retired_nor_deleted(
    journal: MemoryJournal, rule: Callable[[State, int], tuple[str, ...]]
) -> None:
    """The stages are named; a former holder is free."""
    promote(journal, 1, "staging")
    state = state_of(journal)
    assert rule(state, 1) == (
        "churn@1 holds staging, production: promote another version or roll back first.",
    )
    assert rule(state, 2) == ()
    assert rule(state, 9) == ("churn has no version 9.",)


def test_a_retired_version_can_be_described_deleted_and_reinstated(journal: MemoryJournal) -> None:
    """A deleted one cannot."""
    state = state_of(journal)
    assert objections.reinstating(state, 3) == ("churn@3 is not retired.",)
    state = say(journal, "retired", version=3, actor="ben", reason="")
    assert objections.retiring(state, 3) == ("churn@3 was retired by ben.",)
    for rule in (objections.describing, objections.deleting, objections.reinstating):
        assert rule(state, 3) == ()
    state = say(journal, "deleted", version=3, actor="ben")
    for rule in (objections.describing, objections.deleting, objections.reinstating):
        assert rule(state, 3) == ("churn@3 was deleted by ben.",)


def test_what_people_wrote_does_not_steer_a_terminal(journal: MemoryJournal) -> None:
    """Signs that cannot be seen are made visible."""
    state = say(journal, "retired", version=2, actor="b\x1b[31m", reason="a\nb\u202e")
    (said,) = promoting(state, 2)
    assert said.isprintable()
    assert "b␛[31m: a↵b⇄" in said
