"""Promoting: what is asked, who is told what, and what the journal keeps."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import (
    CheckFailedError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    SettingsError,
    UndecidedError,
    UsageError,
)
from workbench.operations.registry import freezing, retiring, rollback
from workbench.operations.registry.describing import describe
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import approve, request
from workbench.registry import manifest

GOOD = """
[[stages.production.checks]]
name = "good enough"
rule = "metrics.`val/auc` >= 0.85"
"""
STRICT = GOOD.replace("0.85", "0.99")
WHOLE = '[[stages.production.checks]]\nname = "whole"\nkind = "files-intact"\n'
UNKNOWN = GOOD.replace("val/auc", "val/f1")


def test_who_promotes_first_holds_the_stage(people: People) -> None:
    """The journal has who, why and what they saw, and the pointer says the same."""
    number = people.register()
    done = people.promote(number)
    assert people.holder() == number
    event = people.last()
    assert event == done.event
    assert (event.actor, event.reason, event.version) == ("ana", "It is better.", number)
    assert dict(event.saw) == {"seq": 1, "holder": None}
    assert done.deployment.done
    pointer = json.loads((people.root / "deploy/production/churn.json").read_text("utf-8"))
    assert (pointer["version"], pointer["seq"]) == (number, event.seq)


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_a_reason_is_needed(people: People, reason: str) -> None:
    """Nobody knows afterwards why, if nobody has to say so."""
    number = people.register()
    with pytest.raises(UsageError, match="reason"):
        people.promote(number, reason=reason)
    assert people.holder() is None


def test_a_version_or_stage_or_model_nobody_knows_is_named(people: People) -> None:
    """The sentence says what there is instead."""
    people.register()
    with pytest.raises(NotFoundError, match="no version 9"):
        people.look(9)
    with pytest.raises(UsageError, match="staging, production"):
        people.look(1, "moon")
    from workbench.operations.registry.gate import gate

    with pytest.raises(NotFoundError, match="Did you mean churn"):
        gate(people.ana, "chrun", 1, "production")
    with pytest.raises(NotFoundError, match="can be called"):
        gate(people.ana, "../churn", 1, "production")


def _promoted_another(people: People) -> None:
    people.promote(2, reason="Ben's is faster.", who=people.ben)


def _froze(people: People) -> None:
    freezing.freeze(people.ben, MODEL, "production", "Black Friday")


def _retired(people: People) -> None:
    retiring.retire(people.ben, MODEL, 1, "It leaks.")


def _deleted(people: People) -> None:
    retiring.delete(people.ben, MODEL, 1, "It leaks.")


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (_promoted_another, "ben put v2 in production .*, because Ben's is faster"),
        (_froze, "ben froze production .*, because Black Friday"),
        (_retired, "ben retired v1 .*, because It leaks"),
        (_deleted, "ben deleted v1 .*, because It leaks"),
    ],
)
def test_who_looked_at_an_older_state_is_told_what_changed(
    people: People, happening: Callable[[People], None], sentence: str
) -> None:
    """Two operators: the second one is refused with the first one's name and reason."""
    people.register()
    people.register()
    seen = people.look(1)
    happening(people)
    people.clock.advance(4)
    before = people.state().seq
    with pytest.raises(ConflictError, match=sentence) as refused:
        promote(people.ana, seen, "It is better.")
    assert refused.value.exit_code == 6
    assert people.state().seq == before


def test_a_stage_that_went_away_and_came_back_is_not_what_was_seen(people: People) -> None:
    """The same holder by another event is another state: somebody had a reason."""
    for _ in range(3):
        people.register()
    people.promote(1)
    seen = people.look(3)
    people.promote(2, who=people.ben)
    people.roll_back(who=people.ben)
    assert people.holder() == seen.was
    with pytest.raises(ConflictError, match=r"ben put v2.*ben rolled production back to v1"):
        promote(people.ana, seen, "It is better.")


def test_what_does_not_concern_the_stage_is_no_reason_to_refuse(people: People) -> None:
    """Others may register, ask, and change other stages while somebody decides."""
    people.register()
    seen = people.look(1)
    people.register(people.ben)
    request(people.ben, MODEL, 2, "production", "please")
    people.promote(2, "staging", who=people.ben)
    assert promote(people.ana, seen, "It is better.").event.seq == 5


def test_rules_that_changed_since_are_a_conflict(people: People) -> None:
    """What was read on the card is what was agreed to."""
    people.register()
    seen = people.look(1)
    people.settings(GOOD)
    with pytest.raises(ConflictError, match="What production asks was changed"):
        promote(people.ana, seen, "It is better.")


@pytest.mark.parametrize(
    ("happening", "sentence"),
    [
        (_froze, "production is frozen, by ben: Black Friday"),
        (_retired, "churn@1 was retired by ben: It leaks"),
        (_deleted, "churn@1 was deleted by ben"),
        (lambda people: people.promote(1), "churn@1 holds production already"),
    ],
)
def test_what_nothing_overrides_is_said_on_the_card_and_refused(
    people: People, happening: Callable[[People], None], sentence: str
) -> None:
    """An objection stands on the card before anybody presses a key."""
    people.register()
    happening(people)
    card = people.look(1)
    assert sentence in " ".join(card.objections)
    with pytest.raises(NotAllowedError, match=sentence):
        promote(people.ana, card, "It is better.")


def test_a_freeze_ends_by_itself(people: People) -> None:
    """Nobody has to thaw what was frozen until Monday."""
    people.register()
    freezing.freeze(people.ana, MODEL, "production", "weekend", people.clock.now() + 60)
    assert people.look(1).objections
    people.clock.advance(120)
    assert people.promote(1).event.version == 1


def test_a_stage_that_comes_after_another_waits_for_it(people: People) -> None:
    """Held now or before."""
    people.settings('[stages.production]\nafter = "staging"\n')
    for _ in range(2):
        people.register()
    with pytest.raises(NotAllowedError, match="has never held staging"):
        people.promote(1)
    people.promote(1, "staging")
    people.promote(2, "staging")
    assert people.promote(1).event.version == 1


def test_settings_that_cannot_be_read_stop_promotions_alone(people: People) -> None:
    """The line is said; looking at the journal and rolling back go on."""
    for _ in range(2):
        people.register()
    people.promote(1)
    people.promote(2)
    seen = people.look(1, "staging")
    people.settings("[stages.production]\nafter = \n")
    with pytest.raises(SettingsError) as fault:
        people.look(1, "staging")
    assert fault.value.line == 2
    with pytest.raises(SettingsError):
        promote(people.ana, seen, "It is better.")
    assert people.holder() == 2
    card = rollback.card(people.ana, MODEL, "production")
    assert "line 2" in " ".join(card.said)
    assert rollback.roll_back(people.ana, card, "It was worse.").deployment.done
    assert people.holder() == 1


def test_a_failing_check_is_refused_and_may_be_overridden_with_a_reason(people: People) -> None:
    """The reason stands in the event beside the values, for ever."""
    people.settings(STRICT)
    people.register()
    with pytest.raises(CheckFailedError, match="'good enough' fails") as refused:
        people.promote(1)
    assert refused.value.exit_code == 3
    done = people.promote(1, overrides={"good enough": "The board decided."})
    assert dict(done.overrides) == {"good enough": "The board decided."}
    details = people.last().details
    assert details["overrides"] == {"good enough": "The board decided."}
    (check,) = details["checks"]
    assert (check["name"], check["kind"], check["outcome"]) == ("good enough", "rule", "fails")
    assert "0.9" in check["observed"]
    assert "0.99" in check["required"]
    assert check["text"] == "metrics.`val/auc` >= 0.99"
    assert details["settings_hash"]
    assert details["rules_hash"]


def test_an_undecided_check_is_never_passed(people: People) -> None:
    """It has an exit code of its own, and may be overridden like one that fails."""
    people.settings(UNKNOWN)
    people.register()
    with pytest.raises(UndecidedError, match="could not be evaluated") as refused:
        people.promote(1)
    assert refused.value.exit_code == 5
    assert people.promote(1, overrides={"good enough": "No labels yet."}).event.version == 1


def test_a_failing_and_an_undecided_check_are_a_failure(people: People) -> None:
    """What is known to be wrong weighs more than what is not known."""
    people.settings(STRICT + UNKNOWN.replace("good enough", "f1"))
    people.register()
    with pytest.raises(CheckFailedError, match=r"good enough.*f1"):
        people.promote(1)
    with pytest.raises(UndecidedError, match="f1"):
        people.promote(1, overrides={"good enough": "The board decided."})


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"moon": "why"}, "no check 'moon'. Name one of: good enough"),
        ({"good enough": " "}, "needs a reason"),
    ],
)
def test_an_override_must_fit(people: People, overrides: Any, sentence: str) -> None:
    """A misspelt name is said with the names there are."""
    people.settings(STRICT)
    people.register()
    with pytest.raises(UsageError, match=sentence):
        people.promote(1, overrides=overrides)


def test_what_holds_cannot_be_overridden(people: People) -> None:
    """An override on record is always of something that did not pass."""
    people.settings(GOOD)
    people.register()
    with pytest.raises(UsageError, match="nothing to override"):
        people.promote(1, overrides={"good enough": "to be sure"})


def test_an_old_pass_is_never_trusted(people: People) -> None:
    """The files are hashed again when it counts, not when somebody looked."""
    people.settings(WHOLE)
    people.register()
    seen = people.look(1)
    assert seen.outcome == "holds"
    people.damage(1)
    with pytest.raises(NotAllowedError, match="not as it was registered"):
        promote(people.ana, seen, "It is better.")
    assert people.holder() is None


def test_damaged_files_never_take_a_stage(people: People) -> None:
    """No check needs to ask for it, no override helps, and the card says it before."""
    people.settings(WHOLE)
    people.register()
    people.damage(1)
    seen = people.look(1)
    assert "churn@1 is not as it was registered: model.onnx" in seen.objections[0]
    with pytest.raises(NotAllowedError, match="Register it again"):
        promote(people.ana, seen, "It is better.", {"whole": "It will do."})
    with pytest.raises(NotAllowedError, match="not as it was registered"):
        people.promote(1, "staging")
    assert people.state().stages == {}


def test_files_are_read_once_a_look(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check needs to know of them and what every promotion does is read together."""
    people.settings(WHOLE)
    people.register()
    read: list[str] = []
    real = manifest.check
    monkeypatch.setattr(manifest, "check", lambda *args: read.append(args[2]) or real(*args))
    seen = people.look(1)
    assert len(read) == 1
    promote(people.ana, seen, "It is better.")
    assert len(read) == 2


def test_damage_seen_while_somebody_else_writes_stands(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the journal decides is decided again; what the files are is not forgotten by that."""
    people.register()
    seen = people.look(1)
    people.damage(1)
    _during_checks(monkeypatch, lambda: approve(people.ben, MODEL, 1, "production", "fine"))
    with pytest.raises(NotAllowedError, match="not as it was registered"):
        promote(people.ana, seen, "It is better.")


def test_the_card_shows_what_the_stage_asks_anew(people: People) -> None:
    """Rules that were made softer for one promotion do not go unseen at the next."""
    people.settings(GOOD)
    people.register()
    people.register()
    people.promote(1)
    people.settings(GOOD.replace("0.85", "0.5"))
    (said,) = people.look(2).changed_rules
    assert "good enough" in said
    assert "0.85" in said
    assert "0.5" in said


def test_the_card_shows_metrics_columns_and_data_beside_the_champions(people: People) -> None:
    """Better and worse go by the direction, unknown without one."""
    people.register(metrics={"val/auc": {"last": 0.9}, "loss": {"last": 1.0}, "n": {"last": 1}},
                    goals={"val/auc": "max"})  # fmt: skip
    people.settings('[metrics]\nloss = "min"\n')
    people.ana.settings = people.ana.settings._replace(goals={"loss": "min"})
    people.register(
        metrics={"val/auc": {"last": 0.8}, "loss": {"last": 0.5}, "n": {"last": "NaN"},
                 "system/cpu": {"last": 3}},
        goals={"val/auc": "max"},
        datasets=[{"name": "census", "hash": "cd" * 32, "role": "training", "rows": 1200}],
    )  # fmt: skip
    people.promote(1)
    card = people.look(2)
    assert {one.metric: one.better for one in card.deltas} == {
        "val/auc": False, "loss": True, "n": None,
    }  # fmt: skip
    assert card.data == ("census (training): abababab, 100 rows → cdcdcdcd, 1,200 rows",)
    assert card.signature == ()
    assert (card.was, card.version, card.holding and card.holding.event.actor) == (1, 2, "ana")


def test_a_first_version_has_nothing_beside_it(people: People) -> None:
    """An empty stage is no champion of zeros."""
    people.register()
    card = people.look(1)
    assert [one.was for one in card.deltas] == [None]
    assert (card.data, card.signature, card.changed_rules) == ((), (), ())


def test_a_read_only_workspace_is_said_before_anything(people: People) -> None:
    """A card can be looked at; nothing is written."""
    people.register()
    card = people.look(1)
    people.ana._why_not = "You may look, not write."
    with pytest.raises(NotAllowedError, match="look, not write"):
        promote(people.ana, card, "It is better.")


def test_a_card_of_a_rollback_promotes_nothing(people: People) -> None:
    """The two are confirmed differently, so one is never taken for the other."""
    people.register()
    people.register()
    people.promote(1)
    people.promote(2)
    back = rollback.card(people.ana, MODEL, "production")
    with pytest.raises(UsageError):
        promote(people.ana, back, "It is better.")
    with pytest.raises(UsageError):
        rollback.roll_back(people.ana, people.look(1), "It is better.")


def test_an_unreadable_journal_is_looked_at_and_not_written(people: People) -> None:
    """The first event that does not fit is named."""
    people.register()
    people.register()
    (people.root / "registry/churn/events/0000000002.json").write_text("torn", "utf-8")
    card = people.look(1)
    assert any("0000000002.json" in one for one in card.objections)
    with pytest.raises(NotAllowedError, match=r"0000000002\.json"):
        promote(people.ana, card, "It is better.")


def test_a_promotion_that_cannot_be_deployed_is_recorded_and_said(people: People) -> None:
    """The journal is the commit; consumers get it as soon as it can be."""
    blocked = people.root.parent / "prod"
    blocked.write_text("a file where a folder should be", "utf-8")
    people.settings(f"[stages.production]\ndeploy_to = '{blocked.as_posix()}'\n")
    people.register()
    done = people.promote(1)
    assert people.holder() == 1
    assert done.deployment.state == "pending"
    assert done.deployment.reason


def test_files_of_the_version_lie_where_the_pointer_says(people: People) -> None:
    """A consumer who follows the pointer finds the manifest the event names."""
    people.register()
    done = people.promote(1)
    assert manifest.read(people.root, MODEL, done.event.details["manifest"]).files


def test_who_is_overtaken_while_the_checks_run_is_told(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing takes its time; what counts is the moment of writing."""
    people.settings(WHOLE)
    people.register()
    people.register()
    seen = people.look(1)
    _during_checks(monkeypatch, lambda: people.promote(2, reason="Mine.", who=people.ben))
    with pytest.raises(ConflictError, match=r"ben put v2 in production .*, because Mine"):
        promote(people.ana, seen, "It is better.")
    assert people.holder() == 2


def test_what_people_say_while_the_checks_run_is_heard(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event keeps what was so when it was written, with the other results as they were."""
    people.settings(WHOLE + '[[stages.production.checks]]\nname = "two"\nkind = "approval"\n')
    people.register()
    seen = people.look(1)
    _during_checks(monkeypatch, lambda: approve(people.ben, MODEL, 1, "production", "fine"))
    done = promote(people.ana, seen, "It is better.", {"two": "Urgent."})
    assert (done.event.seq, done.event.details["approvals"]) == (3, ["ben"])
    assert dict(done.overrides) == {}
    assert [one["outcome"] for one in done.event.details["checks"]] == ["holds", "holds"]


def test_a_tag_that_changes_while_the_checks_run_is_looked_at_again(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tags are the only thing rules ask about that somebody may change."""
    rule = '[[stages.production.checks]]\nname = "reviewed"\nrule = "tags.reviewed = yes"\n'
    people.settings(rule + WHOLE)
    people.register(tags={"reviewed": "yes"})
    seen = people.look(1)
    tags = {"reviewed": "no"}
    _during_checks(monkeypatch, lambda: describe(people.ben, MODEL, 1, tags=tags))
    with pytest.raises(ConflictError, match=r"'reviewed' held when you looked.*of churn@1 is no"):
        promote(people.ana, seen, "It is better.")
    assert people.holder() is None


def _during_checks(monkeypatch: pytest.MonkeyPatch, happening: Callable[[], Any]) -> None:
    """Let something happen once, while the files of a promotion are hashed."""
    real, waiting = manifest.check, [happening]

    def slow(*args: Any, **options: Any) -> tuple[str, ...]:
        if waiting:
            waiting.pop()()
        return real(*args, **options)

    monkeypatch.setattr(manifest, "check", slow)
