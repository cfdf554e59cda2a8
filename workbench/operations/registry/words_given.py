"""Approvals and ticks: what people said, what it was bound to, and whether it still counts.

An approval is bound to a version's bytes, a stage, the champion it was to replace and the rules
then in force. When any of these is another now, the approval stays in the journal for ever and
does not count, and whoever asks is told why.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from workbench.registry.checks import Check, Result, StagePolicy
from workbench.registry.event import Event
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


class Counted(NamedTuple):
    """What people said of one version and stage."""

    people: tuple[str, ...]
    """Whose word counts, in order of giving."""
    left_out: tuple[str, ...]
    """Why others' does not, in sentences."""


def approval_binding(state: State, version: Version, policy: StagePolicy) -> dict[str, Any]:
    """Return what an approval given now is bound to."""
    champion = state.stage(policy.name).holder
    return {
        "manifest": version.manifest,
        "champion": champion,
        "champion_manifest": state.versions[champion].manifest if champion is not None else "",
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
        _person(asked.version.event.actor): "registered the version",
        _person(asked.promoter): "is the one who promotes",
    }
    allowed = {_person(name) for name in check.options.get("from") or ()}
    bound = approval_binding(asked.state, asked.version, asked.policy)

    def why_not(event: Event) -> str:
        who = _person(event.actor)
        if who in ruled_out:
            return f"{visible(event.actor)} {ruled_out[who]}"
        if allowed and who not in allowed:
            return f"{visible(event.actor)} is not among those who may approve"
        return _moved_on(event, bound, asked.version) or asked.signed(event)

    return _counted(asked, asked.state.approvals, why_not)


def ticks(asked: Asked, check: Check) -> Counted:
    """Return who ticked the item of a check, and why others' ticks do not count."""
    by = {_person(name) for name in check.options.get("by") or ()}
    bound = tick_binding(asked.version, str(check.options.get("item", "")))

    def why_not(event: Event) -> str:
        if event.details.get("item") != bound["item"]:
            return f"{visible(event.actor)} ticked another text"
        if by and _person(event.actor) not in by:
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
            left_out[_person(event.actor)] = why
        else:
            people.setdefault(_person(event.actor), event.actor)
    said = tuple(why for who, why in left_out.items() if who not in people)
    return Counted(tuple(people.values()), said)


def _moved_on(event: Event, bound: Mapping[str, Any], version: Version) -> str:
    """Return what is another now than when an approval was given."""
    who, details = visible(event.actor), event.details
    if details.get("manifest") != bound["manifest"]:
        return f"{who} approved other files than those of version {version.number}"
    if any(details.get(name) != bound[name] for name in ("champion", "champion_manifest")):
        return (
            f"{who} approved it {_against(details.get('champion'))}, and now "
            f"{_holds(bound['champion'])}"
        )
    if details.get("rules") != bound["rules"]:
        return f"{who} approved it under other rules of this stage"
    return ""


def _against(champion: object) -> str:
    return "while the stage was empty" if champion is None else f"in place of v{champion}"


def _holds(champion: object) -> str:
    return "the stage is empty" if champion is None else f"v{champion} holds the stage"


def _person(name: str) -> str:
    """Return a name as people are told apart by it: Ana and ana are one."""
    return name.strip().casefold()


def _from(check: Check, option: str, word: str = "from") -> str:
    people = ", ".join(visible(str(one)) for one in check.options.get(option) or ())
    return f" {word} {people}" if people else ""


def _and_why(sentence: str, left_out: tuple[str, ...]) -> str:
    said = " ".join(f"{why[:1].upper()}{why[1:]}; it does not count." for why in left_out)
    return f"{sentence} {said}".strip()
