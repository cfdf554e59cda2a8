"""Lists, histories and requests say what the journals say, once a sweep has looked."""

import pytest

from tests.operations.registry.people import People
from tests.registry.events import draft
from workbench.operations.activity import activity
from workbench.operations.registry import freezing, requests, waiting
from workbench.operations.registry.history import held, history
from workbench.operations.registry.lineage import lineage, versions_of_dataset
from workbench.operations.registry.listing import models, versions, waiting_for
from workbench.operations.registry.names import Ref
from workbench.operations.registry.opening_journal import journal
from workbench.operations.registry.words_given import Asked, Counted, approvals
from workbench.registry.checks import Check

ASKING = """
[stages.production]

[[stages.production.checks]]
name = "two agree"
kind = "approval"
count = 1
from = ["ben", "cem"]

[[stages.production.checks]]
name = "card"
kind = "manual"
item = "The model card is written."
by = ["cem"]
"""


@pytest.fixture
def promoted(people: People) -> People:
    """Two versions; the second replaced the first in production, and it was rolled back."""
    for _ in range(2):
        people.promote(people.register())
    people.roll_back()
    people.ben.sweep()
    return people


def test_a_model_is_listed_with_what_holds_its_stages(promoted: People) -> None:
    """With who put it there and why."""
    (line,) = models(promoted.ben)
    (stage,) = line.stages
    assert (line.name, line.versions, line.latest, line.champion) == ("churn", 2, 2, 1)
    assert (stage.stage, stage.version, stage.actor, stage.reason) == (
        "production", 1, "ana", "It was worse.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [("", 1), ("chu", 1), ("CHURN production", 1), ("production@1", 1), ("production@2", 0),
     ("churn staging", 0)],
)  # fmt: skip
def test_models_are_narrowed_by_words(promoted: People, typed: str, found: int) -> None:
    """All of them, in names, descriptions and what holds a stage."""
    assert len(models(promoted.ben, typed)) == found


def test_versions_are_listed_newest_first(promoted: People) -> None:
    """With the stages they hold now."""
    second, first = versions(promoted.ben, "churn")
    assert (second.number, second.stages, first.number, first.stages) == (
        2, (), 1, ("production",),
    )  # fmt: skip
    assert first.metrics == {"val/auc": 0.9}
    assert [one.name for one in first.datasets] == ["census"]
    assert versions(promoted.ben, "nothing") == ()


def test_history_is_told_in_words(promoted: People) -> None:
    """Who did what and why, newest first, with what it replaced."""
    assert [(line.actor, line.what, line.why) for line in history(promoted.ben, limit=2)] == [
        ("ana", "rolled production back to v1 from v2", "It was worse."),
        ("ana", "put v2 in production in place of v1", "It is better."),
    ]
    assert [line.what for line in history(promoted.ben, "churn")[2:]] == [
        "registered v2", "put v1 in production", "registered v1",
    ]  # fmt: skip


def test_history_keeps_checks_and_overrides(people: People) -> None:
    """What came out, what was asked, and why it was promoted all the same."""
    people.settings(
        '[[stages.production.checks]]\nname = "good"\nrule = "metrics.`val/auc` >= 0.95"\n'
    )
    people.promote(people.register(), overrides={"good": "The bank insists."})
    people.ben.sweep()
    line = history(people.ben)[0]
    (check,) = line.checks
    assert (check.name, check.outcome) == ("good", "fails")
    assert "0.9" in check.observed
    assert "0.95" in check.required
    assert dict(line.overrides) == {"good": "The bank insists."}
    assert "overriding good" in activity(people.ben).journal[0].what


def test_what_was_held_on_a_day(promoted: People) -> None:
    """As the events' effective times have it."""
    lines = history(promoted.ben)
    moments = [line.time for line in reversed(lines)]
    found = [[one.version for one in held(promoted.ben, at, "churn")] for at in moments]
    assert found == [[], [1], [1], [2], [1]]


def test_every_kind_of_event_has_words(people: People) -> None:
    """None of them is newer than this program."""
    people.settings(ASKING)
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    freezing.freeze(people.ana, "churn", "production", "Sale.", people.clock.now() + 60)
    freezing.unfreeze(people.ana, "churn", "production", "Over.")
    people.ben.sweep()
    said = [line.what for line in history(people.ben)]
    assert said[0] == "thawed production"
    assert said[1].startswith("froze production until ")
    assert said[2] == "asked for v1 in production"


def test_a_request_waits_for_those_who_can_move_it_on(people: People) -> None:
    """For whoever may approve or tick and has not; not for who asked."""
    people.settings(ASKING)
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    people.ben.sweep()
    (for_ben,) = waiting_for(people.ben, "Ben")
    assert (for_ben.actor, for_ben.reason) == ("ana", "Please look.")
    assert for_ben.needs == ("1 approval", "tick: card")
    assert len(waiting_for(people.ben, "cem")) == 1
    assert waiting_for(people.ben, "ana") == ()
    assert waiting_for(people.ben, "dora") == ()


def test_a_request_waits_no_longer_for_who_has_spoken(people: People) -> None:
    """And needs what is still missing; who approved cannot promote, who asked can."""
    people.settings(ASKING)
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    requests.approve(people.ben, "churn", 1, "production", "Fine.")
    people.ben.sweep()
    assert waiting_for(people.ben, "ben") == ()
    (for_cem,) = waiting_for(people.ben, "cem")
    assert for_cem.needs == ("tick: card",)
    requests.tick(people.cem, "churn", 1, "production", "card")
    people.ben.sweep()
    assert waiting_for(people.ben, "ben") == ()
    (for_ana,) = waiting_for(people.ben, "ana")
    assert for_ana.needs == ("promotion",)
    people.promote(1, who=people.ana)
    people.ben.sweep()
    assert waiting_for(people.ben, "ana") == ()


def test_a_request_waits_again_for_whose_word_counts_no_more(people: People) -> None:
    """The stage went to another version and back: ben has to look again, on whatever machine."""
    people.settings('[[stages.production.checks]]\nname = "four eyes"\nkind = "approval"\n')
    for _ in range(2):
        people.register()
    people.promote(2, overrides={"four eyes": "the first"})
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    requests.approve(people.ben, "churn", 1, "production", "Fine.")
    people.register()
    people.ben.sweep()
    assert waiting_for(people.ben, "ben@laptop") == ()
    people.promote(3, overrides={"four eyes": "urgent"})
    people.roll_back()
    people.ben.sweep()
    (for_ben,) = waiting_for(people.ben, "ben@laptop")
    assert for_ben.needs == ("1 approval",)
    assert waiting_for(people.ben, "ana@laptop") == ()


def test_requests_are_in_activity_for_those_they_wait_for(people: People) -> None:
    """The journal beside them tells what was done to models."""
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    for who in (people.ana, people.ben):
        who.sweep()
    assert [one.model for one in activity(people.ben).requests] == ["churn"]
    assert activity(people.ana).requests == ()
    newest = activity(people.ben).journal[0]
    assert (newest.model, newest.actor, newest.runs) == ("churn", "ana", ())
    assert newest.what == "churn: asked for v1 in production, because Please look."


def test_settings_that_cannot_be_read_hide_no_request(people: People) -> None:
    """They wait for whoever corrects the settings."""
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    people.settings("[stages.production\n")
    people.ben.sweep()
    (line,) = waiting_for(people.ben, "ben")
    assert line.needs[0].startswith("workbench.toml to be corrected")
    assert [one.name for one in models(people.ben)] == ["churn"]


def test_lineage_leads_both_ways(promoted: People) -> None:
    """From datasets over the run to stages, and back from a dataset to versions."""
    found = lineage(promoted.ben, "churn", 1)
    assert found.ref == Ref("churn", version=1)
    assert [one.hash for one in found.datasets] == ["ab" * 32]
    assert [(one.stage, one.until is None) for one in found.holdings] == [
        ("production", False), ("production", True),
    ]  # fmt: skip
    assert found.pointers == ("deploy/production/churn.json",)
    assert found.run is None
    assert versions_of_dataset(promoted.ben, "census") == (Ref("churn", 2), Ref("churn", 1))
    assert versions_of_dataset(promoted.ben, "census", "other") == ()


def test_a_stage_given_to_what_was_never_registered_hides_nothing(people: People) -> None:
    """Anybody who can write can say so: gates, requests and other models go on."""
    people.settings(
        ASKING + '[[stages.production.checks]]\nname = "same"\n'
        'rule = "signature = champion.signature"\n'
    )
    people.register()
    requests.request(people.ana, "churn", 1, "production", "Please look.")
    own = journal(people.ana, "churn")
    own.publish(draft("promoted", version=7), after=people.last())
    other = journal(people.ana, "sales")
    last = other.publish(draft("registered", details={"manifest": "ab" * 32}), after=None)
    other.publish(draft("requested"), after=last)
    people.ben.sweep()
    assert people.holder() is None
    assert [one.model for one in waiting.requests(people.ben)] == ["sales", "churn"]
    assert all(one.needs and "journal" not in one.needs[0] for one in waiting.requests(people.ben))
    same = next(one for one in people.look(1).checks if one.check.name == "same")
    assert same.outcome == "not applicable"


def test_a_request_nobody_can_tell_the_needs_of_hides_no_other(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong with one is said in its place."""
    people.settings(ASKING)
    for name in ("first", "second"):
        own = journal(people.ana, name)
        last = own.publish(draft("registered", details={"manifest": "ab" * 32}), after=None)
        own.publish(draft("requested"), after=last)
    people.ben.sweep()

    def breaks(asked: Asked, check: Check) -> Counted:
        if asked.state.model == "first":
            raise RuntimeError("no such luck")
        return approvals(asked, check)

    monkeypatch.setattr("workbench.operations.registry.waiting.approvals", breaks)
    found = {one.model: one.needs for one in waiting.requests(people.ben)}
    assert found["first"] == ("a look at its journal: RuntimeError: no such luck",)
    assert "approval" in found["second"][0]
