"""Approvals and ticks: what people said, what it was bound to, and whether it still counts.

An approval is bound to a version's bytes, a stage, the champion it was to replace, the event that
made it champion, and the rules then in force. When any of these is another now, the approval
stays in the journal for ever and does not count, and whoever asks is told why.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from workbench.registry.checks import Check, Result, StagePolicy
from workbench.registry.event import Event
from workbench.registry.people import called, person
from workbench.registry.state import State, Version
from workbench.words import plural, visible

Signed = Callable[[Event], str]
"""Why an event's signature does not count; empty where it does, or none is asked for."""


class Asked(NamedTuple):
    """What is to be decided, and by whom it is asked."""

    state: State
    version: Version
    policy: StagePolicy
    promoter: str
    signed: Signed
    person: Callable[[str], str] = person
    """Whom a name stands for; where words are signed, by the keys as well."""


class Counted(NamedTuple):
    """What people said of one version and stage."""

    people: tuple[str, ...]
    """Whose word counts, in order of giving."""
    left_out: tuple[str, ...]
    """Why others' does not, in sentences."""


def approval_binding(state: State, version: Version, policy: StagePolicy) -> dict[str, Any]:
    """Return what an approval given now is bound to."""
    holding = state.stage(policy.name).holding
    return {
        "manifest": version.manifest,
        "champion": holding.version if holding else None,
        "holding": holding.event.id if holding else "",
        "rules": policy.rules_hash,
    }


def tick_binding(version: Version, item: str) -> dict[str, Any]:
    """Return what a tick given now is bound to."""
    return {"manifest": version.manifest, "item": item}


def signed_bytes(
    kind: str, model: str, version: int | None, stage: str, actor: str, details: Mapping[str, Any]
) -> bytes:
    """Return what a person's key signs of an approval or a tick: everything but the signature."""
    said = {name: value for name, value in details.items() if name != "signature"}
    fields = {
        "kind": kind, "model": model, "version": version, "stage": stage, "actor": actor,
        "details": said,
    }  # fmt: skip
    return json.dumps(fields, sort_keys=True, ensure_ascii=True).encode()


def approvals(asked: Asked, check: Check) -> Counted:
    """Return whose approvals count for a check, and why others' do not."""
    ruled_out = {
        asked.person(asked.version.event.actor): "registered the version",
        asked.person(asked.promoter): "is the one who promotes",
    }
    allowed = {called(name) for name in check.options.get("from") or ()}
    gone = _moved_on(asked)

    def why_not(event: Event) -> str:
        who = asked.person(event.actor)
        if who in ruled_out:
            return f"{visible(event.actor)} {ruled_out[who]}"
        if allowed and called(event.actor) not in allowed:
            return f"{visible(event.actor)} is not among those who may approve"
        return gone(event) or asked.signed(event)

    return _counted(asked, asked.state.approvals, why_not)


def has_approved(asked: Asked, name: str) -> bool:
    """Say whether an approval under this name is of everything as it is, and signed if it must."""
    gone = _moved_on(asked)

    def why_not(event: Event) -> str:
        return gone(event) or asked.signed(event)

    mine = tuple(one for one in asked.state.approvals if called(one.actor) == called(name))
    return bool(_counted(asked, mine, why_not).people)


def ticks(asked: Asked, check: Check) -> Counted:
    """Return who ticked the item of a check, and why others' ticks do not count."""
    by = {called(name) for name in check.options.get("by") or ()}
    bound = tick_binding(asked.version, str(check.options.get("item", "")))

    def why_not(event: Event) -> str:
        if event.details.get("item") != bound["item"]:
            return f"{visible(event.actor)} ticked another text"
        if by and called(event.actor) not in by:
            return f"{visible(event.actor)} is not among those who may tick it"
        if event.details.get("manifest") != bound["manifest"]:
            return f"{visible(event.actor)} ticked it for other files"
        return asked.signed(event)

    given = tuple(
        one
        for one in asked.state.ticks
        if one.details.get("item") == bound["item"] or one.details.get("check") == check.name
    )
    return _counted(asked, given, why_not)


def approval_result(asked: Asked, check: Check) -> Result:
    """Return whether enough people approved exactly this."""
    needed = int(check.options.get("count", 1))
    found = approvals(asked, check)
    enough = len(found.people) >= needed
    given = ", ".join(map(visible, found.people)) or "nobody"
    missing = needed - len(found.people)
    why = "" if enough else f"{plural(missing, 'approval')} missing{_from(check, 'from')}."
    return Result(
        check,
        "holds" if enough else "fails",
        f"{len(found.people)} ({given})",
        f"{needed} other than the author and the promoter{_from(check, 'from')}",
        _and_why(why, found.left_out if not enough else ()),
    )


def tick_result(asked: Asked, check: Check) -> Result:
    """Return whether somebody ticked the item for this version."""
    found = ticks(asked, check)
    item = visible(str(check.options.get("item", "")))
    why = "" if found.people else f"Nobody{_from(check, 'by', 'of')} has ticked: {item}."
    return Result(
        check,
        "holds" if found.people else "fails",
        f"ticked by {', '.join(map(visible, found.people))}" if found.people else "not ticked",
        f"ticked{_from(check, 'by', 'by')}" if check.options.get("by") else "ticked by anybody",
        _and_why(why, found.left_out if not found.people else ()),
    )


def _counted(asked: Asked, given: tuple[Event, ...], why_not: Callable[[Event], str]) -> Counted:
    """Count each person once; a person whose later word counts is not held to an earlier one."""
    people: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for event in given:
        if event.version != asked.version.number or event.stage != asked.policy.name:
            continue
        why = why_not(event)
        if why:
            left_out[asked.person(event.actor)] = why
        else:
            people.setdefault(asked.person(event.actor), event.actor)
    said = tuple(why for who, why in left_out.items() if who not in people)
    return Counted(tuple(people.values()), said)


def _moved_on(asked: Asked) -> Callable[[Event], str]:
    """Return how to tell what is another now than when an approval was given."""
    bound = approval_binding(asked.state, asked.version, asked.policy)

    def why(event: Event) -> str:
        who, details = visible(event.actor), event.details
        if details.get("manifest") != bound["manifest"]:
            return f"{who} approved other files than those of version {asked.version.number}"
        if details.get("champion") != bound["champion"]:
            return (
                f"{who} approved it {_against(details.get('champion'))}, and now "
                f"{_holds(bound['champion'])}"
            )
        if details.get("holding") != bound["holding"]:
            return f"{who} approved it before {asked.policy.name} was last changed"
        if details.get("rules") != bound["rules"]:
            return f"{who} approved it under other rules of this stage"
        return ""

    return why


def _against(champion: object) -> str:
    return "while the stage was empty" if champion is None else f"in place of v{champion}"


def _holds(champion: object) -> str:
    return "the stage is empty" if champion is None else f"v{champion} holds the stage"


def _from(check: Check, option: str, word: str = "from") -> str:
    people = ", ".join(visible(str(one)) for one in check.options.get(option) or ())
    return f" {word} {people}" if people else ""


def _and_why(sentence: str, left_out: tuple[str, ...]) -> str:
    said = " ".join(f"{why[:1].upper()}{why[1:]}; it does not count." for why in left_out)
    return f"{sentence} {said}".strip()
