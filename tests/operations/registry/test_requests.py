"""Requests, approvals and ticks: who may, what they are bound to, and when they stop counting."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import (
    CheckFailedError,
    ConflictError,
    NotAllowedError,
    SettingsError,
    UsageError,
)
from workbench.ids import new_id
from workbench.operations.registry.opening_journal import journal
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import Seen, approve, request, tick, withdraw
from workbench.operations.registry.words_given import approval_binding
from workbench.registry.checks import Result
from workbench.registry.committing import commit
from workbench.registry.event import APPROVED, TICKED, Draft

ONE = '[[stages.production.checks]]\nname = "four eyes"\nkind = "approval"\n'
TWO = ONE + "count = 2\n"
FROM_BEN = ONE + 'from = ["ben"]\n'
ITEM = """
[[stages.production.checks]]
name = "card"
kind = "manual"
item = "The model card is written"
by = ["ben"]
"""


def only(people: People, version: int = 1) -> Result:
    """Return what comes out of the one check of the stage."""
    (result,) = people.look(version).checks
    return result


def test_a_request_is_open_until_the_version_is_there(people: People) -> None:
    """Promoting it closes it, for everybody who asked."""
    people.register()
    request(people.ana, MODEL, 1, "production", "It is better.")
    request(people.ben, MODEL, 1, "production", "I need it.")
    assert [one.closed_by for one in people.state().requests] == [None, None]
    done = people.promote(1, who=people.ben)
    assert [one.closed_by for one in people.state().requests] == [done.event, done.event]


def test_a_request_can_be_withdrawn_by_who_made_it(people: People) -> None:
    """Only theirs, and only while it is open."""
    people.register()
    asked = request(people.ana, MODEL, 1, "production", "It is better.")
    with pytest.raises(NotAllowedError, match="ana asked for churn@1 in production, not you"):
        withdraw(people.ben, MODEL, 1, "production", "no")
    event = withdraw(people.ana, MODEL, 1, "production", "Not yet.")
    assert event.details["request"] == asked.id
    with pytest.raises(NotAllowedError, match="Nobody asks"):
        withdraw(people.ana, MODEL, 1, "production", "Not yet.")


def test_nobody_asks_twice_or_without_a_reason(people: People) -> None:
    """One open request a person, version and stage."""
    people.register()
    request(people.ana, MODEL, 1, "production", "It is better.")
    with pytest.raises(NotAllowedError, match="have asked"):
        request(people.ana, MODEL, 1, "production", "Please!")
    with pytest.raises(UsageError, match="reason"):
        request(people.ben, MODEL, 1, "production", "")
    with pytest.raises(UsageError, match="no stage"):
        request(people.ben, MODEL, 1, "moon", "why")


def test_settings_that_cannot_be_read_let_nobody_approve(people: People) -> None:
    """An approval of rules nobody can read would be of nothing."""
    people.register()
    people.settings("[stages.production")
    with pytest.raises(SettingsError):
        approve(people.ben, MODEL, 1, "production")


def test_four_eyes_are_neither_the_authors_nor_the_promoters(people: People) -> None:
    """Ana made it, ben promotes it: cem has to look."""
    people.settings(ONE)
    people.register()
    with pytest.raises(NotAllowedError, match="somebody else has to approve"):
        approve(people.ana, MODEL, 1, "production", "fine")
    approve(people.ben, MODEL, 1, "production", "fine")
    with pytest.raises(CheckFailedError, match="Ben is the one who promotes"):
        people.promote(1, who=people.ben)
    done = people.promote(1, who=people.cem)
    assert done.event.details["approvals"] == ("ben",) or done.event.details["approvals"] == ["ben"]


def test_as_many_people_as_asked_for(people: People) -> None:
    """The card says how many are missing; one person counts once."""
    people.settings(TWO)
    people.register()
    approve(people.ben, MODEL, 1, "production", "fine")
    with pytest.raises(NotAllowedError, match="You have approved"):
        approve(people.ben, MODEL, 1, "production", "really")
    (waiting,) = people.look(1).asks
    assert (waiting.kind, waiting.missing) == ("approval", 1)
    assert "1 approval missing" in waiting.sentence
    approve(people.cem, MODEL, 1, "production", "fine")
    assert people.look(1).asks == ()
    assert people.promote(1).event.version == 1


def said(people: People, kind: str, who: str, details: Mapping[str, Any] | None = None) -> None:
    """Write what somebody says of v1 as any program may: bound as it should be, unless told."""
    identity = new_id(people.clock.now())
    version, rules = people.state().versions[1], people.look(1).policy
    bound = details or approval_binding(people.state(), version, rules)
    draft = Draft(identity, kind, who, "h", people.clock.now(), version=1,
                  stage="production", details=bound)  # fmt: skip
    commit(journal(people.ben, MODEL), identity, lambda _: draft)


@pytest.mark.parametrize("name", ["Ana ", "ana@laptop", "a\u200bna"])
def test_another_spelling_is_not_another_person(people: People, name: str) -> None:
    """Ana does not become two by a capital letter, another machine or a sign nobody sees."""
    people.settings(ONE)
    people.register()
    with pytest.raises(NotAllowedError, match="You registered"):
        approve(people.session(name), MODEL, 1, "production", "fine")
    said(people, APPROVED, name)
    assert only(people).outcome == "fails"


def test_one_person_counts_once_on_two_machines(people: People) -> None:
    """Two approvals are of two people."""
    people.settings(TWO)
    people.register()
    for name in ("ben@gpu01", "Ben@laptop", "be\u00adn"):
        said(people, APPROVED, name)
    assert (only(people).outcome, only(people).observed) == ("fails", "1 (ben@gpu01)")


def test_only_those_named_count(people: People) -> None:
    """A check may say who."""
    people.settings(FROM_BEN)
    people.register()
    with pytest.raises(NotAllowedError, match="asks ben to approve, not you"):
        approve(people.cem, MODEL, 1, "production", "fine")
    for name in ("cem", "ben@elsewhere"):
        said(people, APPROVED, name)
    result = only(people)
    assert result.outcome == "fails"
    assert "Cem is not among those who may approve" in result.sentence
    approve(people.session("Ben"), MODEL, 1, "production", "fine")
    assert only(people).outcome == "holds"


def test_an_approval_from_before_a_rollback_does_not_count_again(people: People) -> None:
    """What was agreed to was put in the stage, and turned out to be bad; it can be given anew."""
    people.settings(ONE)
    for _ in range(2):
        people.register()
    people.promote(1, overrides={"four eyes": "the first"})
    approve(people.ben, MODEL, 2, "production", "fine")
    people.promote(2)
    people.roll_back(to=1)
    result = only(people, 2)
    assert result.outcome == "fails"
    assert "Ben approved it before production was last changed" in result.sentence
    approve(people.ben, MODEL, 2, "production", "mended")
    assert only(people, 2).outcome == "holds"


def _another_champion(people: People) -> None:
    people.promote(2, overrides={"four eyes": "urgent"})


def _other_rules(people: People) -> None:
    people.settings(ONE + '[[stages.production.checks]]\nname="f"\nkind="files-intact"\n')


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (_another_champion, "while the stage was empty, and now v2 holds the stage"),
        (_other_rules, "Ben approved it under other rules"),
    ],
)
def test_an_approval_of_something_else_does_not_count(
    people: People, happening: Callable[[People], None], sentence: str
) -> None:
    """It stays in the journal, and whoever asks is told why it does not count."""
    people.settings(ONE)
    people.register()
    people.register()
    approve(people.ben, MODEL, 1, "production", "fine")
    assert only(people).outcome == "holds"
    happening(people)
    result = people.look(1).checks[0]
    assert result.outcome == "fails"
    assert sentence in result.sentence
    assert len(people.state().approvals) == 1
    approve(people.ben, MODEL, 1, "production", "still fine")
    assert people.look(1).checks[0].outcome == "holds"


def test_an_approval_is_of_one_version_and_stage(people: People) -> None:
    """Approving v1 for staging says nothing of v2, nor of production."""
    people.settings(ONE)
    people.register()
    people.register()
    approve(people.ben, MODEL, 1, "staging", "fine")
    approve(people.ben, MODEL, 2, "production", "fine")
    assert only(people, 1).outcome == "fails"
    assert only(people, 2).outcome == "holds"


def test_a_word_about_the_same_bytes_of_another_version_or_stage_is_another(
    people: People,
) -> None:
    """Whoever agreed to v1 in staging was not asked about v2, nor about production."""
    item = ITEM.replace('"card"', '"item"')
    people.settings(ONE + item + item.replace("stages.production", "stages.staging"))
    for _ in range(2):
        people.register(content="the same")
    approve(people.ben, MODEL, 1, "production", "fine")
    tick(people.ben, MODEL, 1, "staging", "item")
    assert [one.outcome for one in people.look(1).checks] == ["holds", "fails"]
    assert [one.outcome for one in people.look(2).checks] == ["fails", "fails"]
    assert [one.outcome for one in people.look(1, "staging").checks] == ["holds"]


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        (APPROVED, ONE, "Ben approved other files than those of version 1"),
        (TICKED, ITEM, "Ben ticked it for other files"),
    ],
)
def test_a_word_about_other_bytes_does_not_count(
    people: People, kind: str, settings: str, sentence: str
) -> None:
    """Events are files: another program may have written one about other files."""
    people.settings(settings)
    people.register()
    rules = people.look(1).policy.rules_hash
    said(people, kind, "ben", {
        "manifest": "ab" * 32, "champion": None, "holding": "", "rules": rules,
        "item": "The model card is written", "check": "card",
    })  # fmt: skip
    assert only(people).outcome == "fails"
    assert sentence in only(people).sentence


def test_an_approval_that_comes_while_somebody_looks_counts(people: People) -> None:
    """Nothing the person rested on changed: it only got better."""
    people.settings(ONE)
    people.register()
    seen = people.look(1)
    approve(people.ben, MODEL, 1, "production", "fine")
    done = promote(people.ana, seen, "It is better.", {"four eyes": "urgent"})
    assert dict(done.overrides) == {}
    assert done.event.details["checks"][0]["outcome"] == "holds"


def test_a_tick_is_bound_to_person_version_and_text(people: People) -> None:
    """Another version, another text, another person: not ticked."""
    people.settings(ITEM)
    people.register()
    people.register()
    assert only(people).outcome == "fails"
    with pytest.raises(NotAllowedError, match="for ben to tick"):
        tick(people.cem, MODEL, 1, "production", "card")
    tick(people.ben, MODEL, 1, "production", "card", "Read it twice.")
    assert (only(people).outcome, only(people).observed) == ("holds", "ticked by ben")
    assert only(people, 2).outcome == "fails"
    people.settings(ITEM.replace("is written", "is written and read"))
    result = only(people)
    assert result.outcome == "fails"
    assert "Ben ticked another text" in result.sentence


def test_an_item_nobody_knows_is_named(people: People) -> None:
    """Only items of the stage are ticked, everything else is evaluated."""
    people.settings(ITEM + ONE)
    people.register()
    for name in ("moon", "four eyes"):
        with pytest.raises(UsageError, match=f"nothing called '{name}' to tick"):
            tick(people.ben, MODEL, 1, "production", name)


def test_words_about_a_retired_version_are_refused(people: People) -> None:
    """Nobody is asked for what cannot be."""
    from workbench.operations.registry.retiring import retire

    people.settings(ITEM)
    people.register()
    request(people.ana, MODEL, 1, "production", "please")
    retire(people.ana, MODEL, 1, "It leaks.")
    assert people.state().requests[0].closed_by == people.last()
    for act in (
        lambda: request(people.ben, MODEL, 1, "production", "why"),
        lambda: approve(people.ben, MODEL, 1, "production", "why"),
        lambda: tick(people.ben, MODEL, 1, "production", "card", "why"),
    ):
        with pytest.raises(NotAllowedError, match="retired by ana: It leaks"):
            act()


# ------------------------------------------------------------ what was shown


def shown(people: People, version: int = 1) -> Seen:
    """Return what somebody is shown who is to sign."""
    card = people.look(version)
    return Seen(card.seen, card.policy)


def _put_back(people: People) -> None:
    people.promote(2, overrides={"four eyes": "urgent"})
    people.roll_back()


def _another_item(people: People) -> None:
    people.settings(ONE + ITEM.replace("is written", "is written and read"))


def test_what_was_shown_is_what_is_signed(people: People) -> None:
    """Nothing changed between the look and the word, beside what does not matter."""
    people.settings(ONE + ITEM)
    people.register()
    seen = shown(people)
    request(people.ana, MODEL, 1, "production", "please")
    event = approve(people.ben, MODEL, 1, "production", "fine", seen=seen)
    assert event.details["rules"] == seen.rules.rules_hash
    tick(people.ben, MODEL, 1, "production", "card", seen=seen)
    assert [one.outcome for one in people.look(1).checks] == ["holds", "holds"]


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (_another_champion, "ana put v2 in production just now, because It is better"),
        (_put_back, "ana rolled production back"),
        (_other_rules, "What production asks was changed in workbench.toml"),
    ],
)
def test_what_changed_since_it_was_shown_is_not_approved(
    people: People, happening: Callable[[People], None], sentence: str
) -> None:
    """Whoever looked is told what is another now, and nothing is recorded."""
    people.settings(ONE)
    for _ in range(3):
        people.register()
    people.promote(3, overrides={"four eyes": "the first"})
    seen = shown(people)
    happening(people)
    with pytest.raises(ConflictError, match=sentence):
        approve(people.ben, MODEL, 1, "production", "fine", seen=seen)
    assert people.state().approvals == ()


def test_an_item_that_reads_otherwise_is_not_ticked(people: People) -> None:
    """The text that was shown is the text that is ticked."""
    people.settings(ONE + ITEM)
    people.register()
    seen = shown(people)
    _another_item(people)
    with pytest.raises(ConflictError, match=r"changed in workbench\.toml"):
        tick(people.ben, MODEL, 1, "production", "card", seen=seen)
    assert people.state().ticks == ()
