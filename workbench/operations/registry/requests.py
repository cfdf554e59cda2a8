"""Asking for a promotion, agreeing to one, and ticking an item of a checklist.

Each is an event. What an approval or a tick is bound to, and when it stops counting, is
`workbench.operations.registry.words_given`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from workbench.errors import ConflictError, UsageError
from workbench.operations.edits import actor
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.registry.recording import Act, reason_of, record
from workbench.operations.registry.signatures import signed, with_signature
from workbench.operations.registry.stages import known_stage
from workbench.operations.registry.words_given import (
    Asked,
    approval_binding,
    has_approved,
    tick_binding,
)
from workbench.operations.session import Session
from workbench.registry import objections
from workbench.registry.changes import what_changed
from workbench.registry.checks import StagePolicy
from workbench.registry.event import APPROVED, REQUESTED, TICKED, WITHDRAWN, Event
from workbench.registry.policy import read_policy
from workbench.registry.state import State
from workbench.words import visible


class Seen(NamedTuple):
    """What a person was shown before they approved or ticked."""

    state: State
    """The model's journal as it was read for the screen."""
    rules: StagePolicy
    """What the stage asked then."""


def request(session: Session, model: str, version: int, stage: str, reason: str) -> Event:
    """Ask others to let a version into a stage.

    Raises:
        UsageError: No reason, or no such stage.
        NotAllowedError: There is nothing to ask for.
    """
    rules = _rules(session, stage)
    act = Act(REQUESTED, model, version, stage, reason_of(reason))
    may = partial(_requesting, version, rules, actor(session))
    return record(session, act, objections=may).event


def withdraw(session: Session, model: str, version: int, stage: str, reason: str) -> Event:
    """Take back what I asked for; it needs no settings.

    Raises:
        UsageError: No reason.
        NotAllowedError: I asked for no such thing.
    """
    who = actor(session)
    act = Act(WITHDRAWN, model, version, stage, reason_of(reason))

    def details(now: State) -> dict[str, object]:
        mine = objections.asked_by(now, version, stage, who)
        return {"request": mine.event.id if mine else ""}

    return record(
        session,
        act,
        objections=lambda now: objections.withdrawing(now, version, stage, who),
        details=details,
    ).event


def approve(
    session: Session,
    model: str,
    version: int,
    stage: str,
    reason: str = "",
    *,
    seen: Seen | None = None,
) -> Event:
    """Agree that exactly this version replaces exactly this champion under exactly these rules.

    Args:
        session: Where, and who.
        model: Name of the model.
        version: Number of the version.
        stage: Name of the stage.
        reason: What is to be remembered of it.
        seen: What the person was shown; None where it is read and agreed to at once.

    Raises:
        UsageError: No such stage, or a signature is asked for and there is no key.
        NotAllowedError: The approval would be worth nothing, and why.
        ConflictError: It would be bound to something else than the person was shown.
    """
    rules = _rules(session, stage)
    act = Act(APPROVED, model, version, stage, reason.strip(), {"rules": rules.rules_hash})

    def bound(now: State, asked: StagePolicy) -> Mapping[str, Any]:
        return approval_binding(now, version_of(now, version), asked)

    def may(now: State) -> tuple[str, ...]:
        return against_approving(session, now, version, rules)

    return _say(session, act, rules, bound, may, seen)


def against_approving(
    session: Session, state: State, version: int, rules: StagePolicy
) -> tuple[str, ...]:
    """Return why my approval would be worth nothing; signatures are looked at."""
    who, there = actor(session), state.versions.get(version)
    counts = there is not None and has_approved(
        Asked(state, there, rules, "", signed(session, state.model, rules)), who
    )
    return objections.approving(state, version, rules.name, rules, who, counts=counts)


def tick(
    session: Session,
    model: str,
    version: int,
    stage: str,
    check: str,
    reason: str = "",
    *,
    seen: Seen | None = None,
) -> Event:
    """Say that an item of a stage's checklist is done for a version.

    Args:
        session: Where, and who.
        model: Name of the model.
        version: Number of the version.
        stage: Name of the stage.
        check: Name of the check of kind ``manual``.
        reason: What is to be remembered of it.
        seen: What the person was shown; None where it is read and ticked at once.

    Raises:
        UsageError: No such stage or check, or a signature is asked for and there is no key.
        NotAllowedError: It is not mine to tick.
        ConflictError: It would be bound to something else than the person was shown.
    """
    rules = _rules(session, stage)
    who = actor(session)
    item = _item(rules, check)
    act = Act(TICKED, model, version, stage, reason.strip(), {"check": check, "item": item})

    def bound(now: State, asked: StagePolicy) -> Mapping[str, Any]:
        return {"check": check, **tick_binding(version_of(now, version), _item(asked, check))}

    def may(now: State) -> tuple[str, ...]:
        return objections.ticking(now, version, rules, check, who)

    return _say(session, act, rules, bound, may, seen)


_Bound: TypeAlias = Callable[[State, StagePolicy], Mapping[str, Any]]


def _say(
    session: Session,
    act: Act,
    rules: StagePolicy,
    bound: _Bound,
    may: Callable[[State], tuple[str, ...]],
    seen: Seen | None,
) -> Event:
    """Record what a person says of a version, bound to what they were shown."""
    assert act.version is not None  # noqa: S101 - an approval or a tick is of a version
    number, who = act.version, actor(session)

    def against(now: State) -> tuple[str, ...]:
        if seen is not None and bound(seen.state, seen.rules) != bound(now, rules):
            raise _changed(seen, now, act, rules, session.clock.now())
        return may(now)

    def details(now: State) -> dict[str, object]:
        said = bound(now, rules)
        return with_signature(rules, act.kind, act.model, number, who, said, session.settings.key)

    return record(session, act, objections=against, details=details).event


def _changed(seen: Seen, now: State, act: Act, rules: StagePolicy, moment: float) -> ConflictError:
    """Return what is another than the person was shown."""
    said = list(what_changed(seen.state, now, act.stage, now=moment))
    if seen.rules.rules_hash != rules.rules_hash:
        said.append(f"What {act.stage} asks was changed in workbench.toml since you looked.")
    return ConflictError(
        " ".join(said) or f"{act.model}@{act.version} changed since you looked.",
        hint="Look again, and decide again.",
    )


def _requesting(version: int, rules: StagePolicy, who: str, now: State) -> tuple[str, ...]:
    return objections.requesting(now, version, rules.name, rules, who)


def _rules(session: Session, stage: str) -> StagePolicy:
    policy = read_policy(session.root)
    known_stage(policy, stage)
    return policy.stages[stage]


def _item(rules: StagePolicy, check: str) -> str:
    """Return the text of an item.

    Raises:
        UsageError: The stage has no such item.
    """
    items = {one.name: one for one in rules.checks if one.kind == "manual"}
    if check not in items:
        raise UsageError(
            f"{rules.name} has nothing called {visible(check)!r} to tick.",
            hint=f"Name one of: {', '.join(map(visible, items))}." if items else "",
        )
    return str(items[check].options.get("item", ""))
