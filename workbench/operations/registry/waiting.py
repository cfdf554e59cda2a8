"""Requests for promotions: what each still needs, and which wait for whom."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.catalogue import registered
from workbench.catalogue.history import said_of_stages
from workbench.catalogue.registered import RequestLine
from workbench.operations.registry.signatures import person_by_key, signed
from workbench.operations.registry.stages import policy_or_fault
from workbench.operations.registry.words_given import Asked, approvals, ticks
from workbench.operations.session import Session
from workbench.registry.checks import Policy
from workbench.registry.event import Event, Reading
from workbench.registry.folding import fold
from workbench.registry.people import called, person
from workbench.registry.state import State
from workbench.words import plural, visible


class _Need(NamedTuple):
    """Something a request still needs."""

    words: str
    people: frozenset[str]
    """Who may give it, as names are compared; empty for anybody."""
    not_by: frozenset[str]
    """Who may not, or did already, as people are."""


def requests(session: Session) -> tuple[RequestLine, ...]:
    """Return every open request with what it still needs, oldest first."""
    return tuple(line for line, _ in _open(session))


def waiting_for(session: Session, actor: str) -> tuple[RequestLine, ...]:
    """Return the open requests that this person can move on, oldest first.

    Those that need an approval or a tick the person may give and has not given; and those that
    need nothing more than to be promoted, by anybody who did not approve it. Where nobody has to
    approve, whoever asked wants somebody else to do it.
    """
    return tuple(line for line, needs in _open(session) if any(_mine(one, actor) for one in needs))


def _mine(need: _Need, actor: str) -> bool:
    asked = not need.people or called(actor) in need.people
    return asked and person(actor) not in need.not_by


def _open(session: Session) -> list[tuple[RequestLine, tuple[_Need, ...]]]:
    lines = registered.requests(session.catalogue)
    if not lines:
        return []
    policy, fault = policy_or_fault(session)
    said = said_of_stages(session.catalogue, _asking_people(policy, lines)) if policy else {}
    found = []
    for line in lines:
        if policy is None:
            told = f"workbench.toml to be corrected: {fault.message}" if fault else ""
            needs: tuple[_Need, ...] = (_Need(told, frozenset(), frozenset()),)
        else:
            needs = _needs_or_why_not(session, policy, line, said.get(line.model, ()))
        found.append((line._replace(needs=tuple(one.words for one in needs)), needs))
    return found


def _needs_or_why_not(
    session: Session, policy: Policy, line: RequestLine, said: tuple[Event, ...]
) -> tuple[_Need, ...]:
    """Return what a request still needs of people, or that nobody can tell."""
    try:
        return _needs(session, policy, line, fold(line.model, Reading(said)))
    except Exception as error:  # noqa: BLE001 - one model must not hide the others; it says so
        told = f"a look at its journal: {type(error).__name__}: {visible(str(error))}"
        return (_Need(told, frozenset(), frozenset()),)


def _asking_people(policy: Policy, lines: Sequence[RequestLine]) -> tuple[str, ...]:
    """Return the models of which it matters what people said: of most stages nobody is asked."""
    stages = {
        name
        for name, rules in policy.stages.items()
        if any(check.kind in ("approval", "manual") for check in rules.checks)
    }
    return tuple({line.model for line in lines if line.stage in stages})


def _needs(session: Session, policy: Policy, line: RequestLine, state: State) -> tuple[_Need, ...]:
    """Return what a request still needs of people."""
    rules, version = policy.stages.get(line.stage), state.versions.get(line.version)
    requester = frozenset((person(line.actor),))
    if rules is None:
        return (_Need(f"a stage {line.stage} in workbench.toml", frozenset(), frozenset()),)
    if version is None:
        return (_Need("promotion", frozenset(), requester),)
    asked = Asked(
        state,
        version,
        rules,
        line.actor,
        signed(session, line.model, rules),
        person_by_key(session, rules),
    )
    found = []
    agreed: frozenset[str] = frozenset()
    for check in rules.checks:
        if check.kind == "approval":
            given = approvals(asked, check).people
            agreed |= frozenset(map(person, given))
            missing = int(check.options.get("count", 1)) - len(given)
            not_by = {*map(person, given), person(version.event.actor), *requester}
            if missing > 0:
                told = plural(missing, "approval")
                found.append(_Need(told, _people(check.options.get("from")), frozenset(not_by)))
        elif check.kind == "manual" and not ticks(asked, check).people:
            by = _people(check.options.get("by"))
            found.append(_Need(f"tick: {check.name}", by, frozenset()))
    return tuple(found) or (_Need("promotion", frozenset(), agreed or requester),)


def _people(names: object) -> frozenset[str]:
    return (
        frozenset(called(str(one)) for one in names)
        if isinstance(names, list | tuple)
        else frozenset()
    )
