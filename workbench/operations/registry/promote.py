"""Putting a version in a stage: evaluated anew, recorded once, then deployed.

What the person saw is compared with what is, at the start and again at every try to write. The
event is the commit; what becomes of the deployment is said beside it and never undoes it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from workbench.errors import CheckFailedError, ConflictError, UndecidedError, UsageError
from workbench.operations.edits import actor
from workbench.operations.registry.card import Card, Done
from workbench.operations.registry.deploying import deploy
from workbench.operations.registry.destinations import agree_to
from workbench.operations.registry.evaluating import FROM_THE_JOURNAL, evaluate_one, subject_of
from workbench.operations.registry.gate import card_of
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.registry.recording import Act, reason_of, record, refuse
from workbench.operations.registry.signatures import keep_signers, person_by_key, signed
from workbench.operations.registry.stages import known_stage
from workbench.operations.registry.words_given import Asked, approvals
from workbench.operations.session import Session
from workbench.registry.changes import what_changed
from workbench.registry.checks import Policy, Result, StagePolicy
from workbench.registry.event import PROMOTED
from workbench.registry.objections import promoting
from workbench.registry.policy import read_policy
from workbench.registry.state import State
from workbench.words import visible

_NONE: Mapping[str, str] = MappingProxyType({})


def promote(
    session: Session, card: Card, reason: str, overrides: Mapping[str, str] = _NONE
) -> Done:
    """Put the version of a card in its stage and bring it to consumers.

    Args:
        session: Where, and who.
        card: What the person saw; its results are never trusted, its state is what a change
            in between is told by.
        reason: Why.
        overrides: Reason by name of a check that does not pass.

    Raises:
        UsageError: No reason, or an override that does not fit.
        SettingsError: ``workbench.toml`` cannot be read.
        CheckFailedError: A check fails and is not overridden.
        UndecidedError: A check could not be evaluated and is not overridden.
        NotAllowedError: The version may not take the stage, its files are damaged, or nothing
            can be written here.
        ConflictError: Somebody changed the stage, the version or what is asked since.
        UnknownOutcomeError: Nobody can tell whether it was recorded; say it again.
    """
    session.require_writable()
    version = card.version
    if card.kind != "promote" or version is None:
        raise UsageError("This card is not of a promotion.")
    policy = read_policy(session.root)
    known_stage(policy, card.stage)
    act = Act(
        PROMOTED, card.model, version, card.stage, reason_of(reason),
        {"overrides": _reasons(card, overrides)},
    )  # fmt: skip
    promotion = _Promotion(session, card, policy, act)
    done = record(
        session,
        act,
        objections=promotion.objections,
        details=promotion.details,
        saw={"seq": card.seen.seq, "holder": card.was},
    )
    keep_signers(session, policy.stages[card.stage])
    agree_to(session, card.deploys_to)
    deployment = deploy(session, card.model, card.stage, policy.stages[card.stage])
    return Done(done.event, deployment, done.repeated, _overridden(done.event.details))


class _Promotion:
    """One promotion while it is tried: evaluated once, held against the journal at every try."""

    def __init__(self, session: Session, card: Card, policy: Policy, act: Act) -> None:
        self._session = session
        self._card = card
        self._policy = policy
        self._rules = policy.stages[card.stage]
        self._act = act
        self._evaluated: Card | None = None

    def objections(self, now: State) -> Sequence[str]:
        """Return why it cannot be; raises what says it better."""
        if self._evaluated is None:
            self._evaluated = self._evaluate(now)
        _same_as_seen(self._card, now, self._rules, self._session.clock.now())
        card = self._evaluated = self._as_of(now, self._evaluated)
        refuse(card.objections)
        _same_words(self._card, card)
        _judge(card, self._overrides())
        return ()

    def details(self, now: State) -> Mapping[str, Any]:
        """Return what the event says for ever after."""
        card = self._evaluated
        assert card is not None  # noqa: S101 - objections were asked for first
        overrides = self._overrides()
        return {
            "checks": [_stored(one) for one in card.checks],
            "overrides": {one.check.name: overrides[one.check.name] for one in card.in_the_way},
            "approvals": list(self._approvals(now)),
            "settings_hash": card.settings_hash,
            "rules_hash": self._rules.rules_hash,
            "after": self._rules.after,
            "deploy_to": self._rules.deploy_to,
            "manifest": version_of(now, _number(card)).manifest,
        }

    def _overrides(self) -> Mapping[str, str]:
        return dict(self._act.options["overrides"])

    def _evaluate(self, now: State) -> Card:
        """Evaluate everything; the journal as it is now, not as it was seen."""
        version = version_of(now, _number(self._card))
        return card_of(self._session, self._policy, now, version, self._card.stage)

    def _approvals(self, now: State) -> Sequence[str]:
        """Return who agreed to this, whichever check asked for it."""
        asked = self._asked(now)
        given = (
            name
            for check in self._rules.checks
            if check.kind == "approval"
            for name in approvals(asked, check).people
        )
        return tuple(dict.fromkeys(given))

    def _asked(self, now: State) -> Asked:
        return Asked(
            now, version_of(now, _number(self._card)), self._rules, actor(self._session),
            signed(self._session, now.model, self._rules),
            person_by_key(self._session, self._rules),
        )  # fmt: skip

    def _as_of(self, now: State, card: Card) -> Card:
        """Return the card with what the journal alone decides decided again."""
        if now.seq == card.seen.seq:
            return card
        subject = subject_of(self._session, self._asked(now))
        checks = tuple(
            evaluate_one(subject, one.check) if one.check.kind in FROM_THE_JOURNAL else one
            for one in card.checks
        )
        against = promoting(now, _number(card), card.stage, self._rules, self._session.clock.now())
        objections = (*against, card.damage) if card.damage else against
        return replace(card, seen=now, checks=checks, objections=objections)


def _number(card: Card) -> int:
    assert card.version is not None  # noqa: S101 - a promotion is of a version
    return card.version


def _same_as_seen(card: Card, now: State, rules: StagePolicy, moment: float) -> None:
    """Do nothing if what the person looked at still holds.

    Raises:
        ConflictError: Holder, freeze, retirement or what is asked changed since.
    """
    if _looked_at(card.seen, card, moment) != _looked_at(now, card, moment):
        changed = what_changed(card.seen, now, card.stage, now=moment)
        raise ConflictError(
            " ".join(changed) or f"{card.model}@{card.stage} changed since you looked.",
            hint="Look again, and decide again.",
        )
    if rules.rules_hash != card.policy.rules_hash:
        raise ConflictError(
            f"What {card.stage} asks was changed in workbench.toml since you looked.",
            hint="Look again, and decide again.",
        )


def _same_words(seen: Card, card: Card) -> None:
    """Do nothing if what people had said when the card was looked at still counts.

    Raises:
        ConflictError: An approval or a tick that counted then does not count now.
    """
    counted = {one.check.name for one in seen.checks if one.passed}
    for one in card.in_the_way:
        if one.check.kind in FROM_THE_JOURNAL and one.check.name in counted:
            raise ConflictError(
                f"{visible(one.check.name)!r} held when you looked. {one.sentence}",
                hint="Look again, and decide again.",
            )


def _looked_at(state: State, card: Card, moment: float) -> tuple[object, ...]:
    """Return what a promotion rests on besides its checks."""
    stage = state.stage(card.stage)
    version = state.versions.get(_number(card))
    return (
        stage.holder,
        stage.holding.event.id if stage.holding else "",
        stage.freeze is not None and stage.freeze.holds(moment),
        version is not None and version.retired is not None,
        version is not None and version.deleted is not None,
    )


def _reasons(card: Card, overrides: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons for overriding, by the name of the check.

    Raises:
        UsageError: There is no such check, it passed when it was looked at, or a reason is empty.
    """
    known = {one.check.name: one for one in card.checks}
    reasons = {}
    for name, reason in overrides.items():
        if name not in known:
            names = ", ".join(visible(one.check.name) for one in card.in_the_way)
            raise UsageError(
                f"{card.stage} has no check {visible(name)!r}.",
                hint=f"Name one of: {names}." if names else "Nothing needs to be overridden.",
            )
        if known[name].passed:
            raise UsageError(
                f"The check {visible(name)!r} holds; there is nothing to override.",
                hint="Leave it out.",
            )
        if not reason.strip():
            raise UsageError(
                f"Overriding {visible(name)!r} needs a reason.", hint="Say in a sentence why."
            )
        reasons[name] = reason_of(reason)
    return reasons


def _judge(card: Card, overrides: Mapping[str, str]) -> None:
    """Do nothing if every check passes or is overridden.

    Raises:
        CheckFailedError: One fails.
        UndecidedError: None fails, and one could not be evaluated.
    """
    left = [one for one in card.in_the_way if one.check.name not in overrides]
    if not left:
        return
    fails = [one for one in left if one.outcome == "fails"]
    said = " ".join(_sentence(one) for one in left)
    hint = "Override it with a reason, or mend it." if len(left) == 1 else (
        "Override each with a reason, or mend them."
    )  # fmt: skip
    raise (CheckFailedError if fails else UndecidedError)(said, hint=hint)


def _sentence(result: Result) -> str:
    name = visible(result.check.name)
    if result.outcome == "undecided":
        return f"The check {name!r} could not be evaluated. {result.sentence}".strip()
    compared = f": {result.observed}, required {result.required}" if result.required else ""
    return f"The check {name!r} fails{compared}. {result.sentence}".strip()


def _stored(result: Result) -> dict[str, Any]:
    """Return what an event keeps of a check."""
    check = result.check
    return {
        "name": check.name, "kind": check.kind, "text": check.text, "outcome": result.outcome,
        "observed": result.observed, "required": result.required, "sentence": result.sentence,
    }  # fmt: skip


def _overridden(details: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the reason by check, as an event has it."""
    found = details.get("overrides")
    if not isinstance(found, Mapping):
        return _NONE
    return {str(name): str(reason) for name, reason in found.items()}
