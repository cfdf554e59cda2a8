"""Rolling back: to the latest good one, whatever else is broken, and never to the bad one."""

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from workbench.operations.registry import freezing, retiring
from workbench.operations.registry.rollback import card, roll_back


def promoted(people: People, *versions: int) -> None:
    """Register three versions and promote some of them in this order."""
    for _ in range(3):
        people.register()
    for version in versions:
        people.promote(version)


def test_the_latest_former_holder_comes_back(people: People) -> None:
    """The card says what comes and what goes; the pointer follows."""
    promoted(people, 1, 2, 3)
    shown = card(people.ben, MODEL, "production")
    assert (shown.was, shown.version, shown.targets) == (3, 2, (2, 1))
    done = roll_back(people.ben, shown, "Complaints.")
    assert (people.holder(), done.event.actor, done.event.reason) == (2, "ben", "Complaints.")
    assert dict(done.event.details) == {"from": 3}
    assert done.deployment.done


def test_a_second_time_never_restores_the_bad_one(people: People) -> None:
    """Who rolls back twice goes further back, then empties the stage, then is told."""
    promoted(people, 1, 2)
    people.roll_back()
    assert people.holder() == 1
    shown = card(people.ana, MODEL, "production")
    assert (shown.version, shown.targets) == (None, ())
    assert "would be empty" in " ".join(shown.said)
    people.roll_back()
    assert people.holder() is None
    with pytest.raises(NotAllowedError, match="empty already"):
        people.roll_back()


def test_others_come_back_by_choice(people: People) -> None:
    """Also one that was rolled away from: a person chose it."""
    promoted(people, 1, 2, 3)
    people.roll_back(to=1)
    assert people.holder() == 1
    people.roll_back(to=3)
    assert people.holder() == 3


@pytest.mark.parametrize(
    ("to", "sentence"),
    [(3, "churn@3 never held production"), (2, "holds production already"), (9, "never held")],
)
def test_what_cannot_come_back_is_said(people: People, to: int, sentence: str) -> None:
    """Only former holders come back; others are promoted."""
    promoted(people, 1, 2)
    shown = card(people.ana, MODEL, "production", to)
    assert sentence in " ".join(shown.objections)
    with pytest.raises(NotAllowedError, match=sentence):
        roll_back(people.ana, shown, "why not")


def test_damaged_files_are_passed_over_and_never_restored(people: People) -> None:
    """The default goes to one that verifies; a damaged choice is refused."""
    promoted(people, 1, 2, 3)
    people.damage(2)
    shown = card(people.ana, MODEL, "production")
    assert (shown.version, shown.targets) == (1, (1,))
    assert "v2 cannot come back" in " ".join(shown.said)
    with pytest.raises(NotAllowedError, match="v2 cannot come back"):
        people.roll_back(to=2)
    assert people.holder() == 3


def test_files_damaged_after_the_look_are_seen(people: People) -> None:
    """What comes back is whole when it comes back."""
    promoted(people, 1, 2)
    shown = card(people.ana, MODEL, "production")
    people.damage(1)
    with pytest.raises(NotAllowedError, match="v1 cannot come back"):
        roll_back(people.ana, shown, "Complaints.")


def test_all_damaged_empties_the_stage(people: People) -> None:
    """Better nothing than something nobody registered."""
    promoted(people, 1, 2)
    people.damage(1)
    shown = card(people.ana, MODEL, "production")
    assert shown.version is None
    assert "whose files are whole" in " ".join(shown.said)


def test_no_gate_no_approval_and_no_thaw_is_asked_for(people: People) -> None:
    """The worst day is no day for paperwork."""
    promoted(people, 1, 2)
    retiring.retire(people.ben, MODEL, 1, "old")
    freezing.freeze(people.ben, MODEL, "production", "Black Friday")
    people.settings(
        '[[stages.production.checks]]\nname = "no"\nrule = "metrics.`val/auc` > 2"\n'
        '[[stages.production.checks]]\nname = "two"\nkind = "approval"\ncount = 2\n'
    )
    shown = card(people.ana, MODEL, "production")
    assert (shown.version, shown.checks, shown.objections) == (1, (), ())
    roll_back(people.ana, shown, "Complaints.")
    assert people.holder() == 1


def test_a_stage_may_be_emptied_by_choice(people: People) -> None:
    """Though somebody could come back."""
    promoted(people, 1, 2)
    shown = card(people.ana, MODEL, "production", empty=True)
    assert (shown.version, shown.targets) == (None, (1,))
    roll_back(people.ana, shown, "Law.")
    assert people.holder() is None
    assert '"version":null' in (people.root / "deploy/production/churn.json").read_text("utf-8")


def test_who_looked_at_another_holder_is_told(people: People) -> None:
    """Two who press the key at once do not roll back twice."""
    promoted(people, 1, 2, 3)
    hers, his = (card(who, MODEL, "production") for who in (people.ana, people.ben))
    roll_back(people.ana, hers, "Complaints.")
    with pytest.raises(ConflictError, match=r"ana rolled production back to v2.*Complaints"):
        roll_back(people.ben, his, "Complaints.")
    assert people.holder() == 2


def test_a_reason_and_a_stage_are_needed(people: People) -> None:
    """A stage where nothing ever was has nothing to give back."""
    promoted(people, 1, 2)
    with pytest.raises(UsageError, match="reason"):
        roll_back(people.ana, card(people.ana, MODEL, "production"), " ")
    with pytest.raises(NotAllowedError, match="never in staging"):
        people.roll_back("staging")
    with pytest.raises(NotFoundError):
        card(people.ana, "other", "production")


def test_a_stage_the_settings_forgot_can_be_rolled_back(people: People) -> None:
    """Whoever took a stage out of the settings did not take it out of the world."""
    people.settings("[stages.canary]\n")
    promoted(people)
    people.promote(1, "canary")
    people.promote(2, "canary")
    people.settings("[stages.other]\n")
    people.roll_back("canary")
    assert people.holder("canary") == 1
