"""Why something may not be done, as sentences that can be shown before anybody presses a key.

Only what no reason can override stands here: what was retired, deleted or frozen, what is there
already, what the journal does not let be known. Checks of a stage, which a person may override,
are `workbench.registry.checks`. No sentences mean that it may be done.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import ParamSpec

from workbench import words
from workbench.registry.checks import StagePolicy
from workbench.registry.event import Event
from workbench.registry.people import called, person
from workbench.registry.state import Request, State
from workbench.words import visible

_P = ParamSpec("_P")


def _sentences(rule: Callable[_P, Iterator[str]]) -> Callable[_P, tuple[str, ...]]:
    """Let a rule yield its sentences and hand them on together."""

    @wraps(rule)
    def together(*args: _P.args, **kwargs: _P.kwargs) -> tuple[str, ...]:
        return tuple(rule(*args, **kwargs))

    return together


@_sentences
def promoting(
    state: State, version: int, stage: str, policy: StagePolicy | None, now: float
) -> Iterator[str]:
    """Return why a version cannot be put in a stage.

    Args:
        state: Of the model.
        version: Which.
        stage: Where.
        policy: What the settings ask of that stage; None where they do not name it.
        now: Seconds since 1970, for freezes that have an end.
    """
    yield from _unreadable(state)
    yield from _gone(state, version)
    if policy is None:
        yield f"There is no stage {visible(stage)}."
    if state.stage(stage).holder == version:
        yield f"{state.model}@{version} holds {visible(stage)} already."
    yield from _frozen(state, stage, now)
    if policy is not None and policy.after and not _held(state, version, policy.after):
        yield f"{state.model}@{version} has never held {policy.after}, which comes first."


@_sentences
def rolling_back(state: State, stage: str, to: int | None) -> Iterator[str]:
    """Return why a stage cannot be given back; a freeze or a retirement is no reason.

    Args:
        state: Of the model.
        stage: Which stage.
        to: A version that held it before; None empties the stage.
    """
    yield from _unreadable(state)
    here = state.stage(stage)
    if not here.holdings:
        yield f"{state.model} was never in {visible(stage)}."
    elif to is None and here.holder is None:
        yield f"{visible(stage)} is empty already."
    elif to is not None:
        yield from _not_given_back(state, stage, to)


def rollback_targets(state: State, stage: str) -> tuple[int, ...]:
    """Return the versions a stage may be given back to by default, the first choice first.

    Former holders that were never rolled away from and are not deleted, latest first; retired ones
    come after all others, because somebody had a reason. A version of the same files as one that
    was rolled away, or is about to be, is as bad as that. Whether the files of the others are
    whole is for the caller to see.
    """
    here = state.stage(stage)
    bad = _files_of(state, (*here.rolled_away, here.holder))
    latest = dict.fromkeys(one.version for one in reversed(here.holdings))
    able = [
        version
        for number in latest
        if number is not None
        and number != here.holder
        and number not in here.rolled_away
        and (version := state.versions.get(number)) is not None
        and version.deleted is None
        and version.manifest not in bad
    ]
    return tuple(one.number for one in sorted(able, key=lambda one: one.retired is not None))


def _files_of(state: State, numbers: Iterable[int | None]) -> frozenset[str]:
    """Return the manifests of versions; one that is not named is nobody's."""
    known = (state.versions.get(one) for one in numbers if one is not None)
    return frozenset(one.manifest for one in known if one is not None and one.manifest)


@_sentences
def requesting(
    state: State, version: int, stage: str, policy: StagePolicy | None, actor: str
) -> Iterator[str]:
    """Return why nobody can be asked for this; a freeze may be over by then."""
    yield from _unheard(state, version, stage, policy)
    if state.stage(stage).holder == version:
        yield f"{state.model}@{version} holds {visible(stage)} already."
    if asked_by(state, version, stage, actor):
        yield f"You have asked for {state.model}@{version} in {visible(stage)} already."


@_sentences
def withdrawing(state: State, version: int, stage: str, actor: str) -> Iterator[str]:
    """Return why a request cannot be withdrawn: only who asked can."""
    yield from _unreadable(state)
    asked = open_requests(state, version, stage)
    if not asked:
        yield f"Nobody asks for {state.model}@{version} in {visible(stage)}."
    elif not asked_by(state, version, stage, actor):
        who = visible(asked[0].event.actor)
        yield f"{who} asked for {state.model}@{version} in {visible(stage)}, not you."


@_sentences
def approving(
    state: State,
    version: int,
    stage: str,
    policy: StagePolicy | None,
    actor: str,
    *,
    counts: bool = False,
) -> Iterator[str]:
    """Return why somebody's approval would be worth nothing.

    Args:
        state: Of the model.
        version: Which.
        stage: Where it is to go.
        policy: What the settings ask of that stage; None where they do not name it.
        actor: Who approves. Whoever promotes does not count either, and is not known yet.
        counts: An approval of theirs counts already.
    """
    yield from _unheard(state, version, stage, policy)
    there = state.versions.get(version)
    if there is not None and person(there.event.actor) == person(actor):
        yield f"You registered {state.model}@{version}: somebody else has to approve it."
    asked = [one for one in policy.checks if one.kind == "approval"] if policy is not None else []
    if asked and not any(_is_among(actor, one.options.get("from")) for one in asked):
        names = dict.fromkeys(str(name) for one in asked for name in one.options.get("from") or ())
        yield f"{visible(stage)} asks {', '.join(map(visible, names))} to approve, not you."
    if counts:
        yield f"You have approved {state.model}@{version} for {visible(stage)} as it is now."


@_sentences
def ticking(
    state: State, version: int, policy: StagePolicy | None, check: str, actor: str
) -> Iterator[str]:
    """Return why somebody cannot tick an item of a checklist."""
    yield from _unreadable(state)
    yield from _gone(state, version)
    asked = policy.checks if policy is not None else ()
    manual = next((one for one in asked if one.kind == "manual" and one.name == check), None)
    if manual is None:
        yield f"There is nothing called {visible(check)} to tick."
        return
    by = [str(name) for name in manual.options.get("by", ())]
    if not _is_among(actor, by):
        yield f"{visible(check)} is for {', '.join(map(visible, by))} to tick."


@_sentences
def freezing(state: State, stage: str, until: float | None, now: float) -> Iterator[str]:
    """Return why a stage cannot be frozen; one that is may be frozen anew, with another end."""
    yield from _unreadable(state)
    if until is not None and until <= now:
        yield f"The end of the freeze, {words.moment(until)}, is over already."
    freeze = state.stage(stage).freeze
    if freeze is not None and freeze.holds(now) and freeze.until == until:
        yield f"{visible(stage)} is frozen until then already."


@_sentences
def unfreezing(state: State, stage: str, now: float) -> Iterator[str]:
    """Return why a stage cannot be thawed."""
    yield from _unreadable(state)
    freeze = state.stage(stage).freeze
    if freeze is None or not freeze.holds(now):
        yield f"{visible(stage)} is not frozen."


@_sentences
def retiring(state: State, version: int) -> Iterator[str]:
    """Return why a version cannot be retired."""
    yield from _unreadable(state)
    yield from _gone(state, version)
    yield from _holding(state, version)


@_sentences
def reinstating(state: State, version: int) -> Iterator[str]:
    """Return why a version cannot be taken out of retirement."""
    yield from _unreadable(state)
    there = state.versions.get(version)
    if there is None or there.deleted is not None:
        yield from _gone(state, version)
    elif there.retired is None:
        yield f"{state.model}@{version} is not retired."


@_sentences
def describing(state: State, version: int) -> Iterator[str]:
    """Return why a version cannot be described; a retired one can."""
    yield from _unreadable(state)
    yield from _missing(state, version)


@_sentences
def deleting(state: State, version: int) -> Iterator[str]:
    """Return why a version cannot be deleted; a retired one can."""
    yield from _unreadable(state)
    yield from _missing(state, version)
    yield from _holding(state, version)


def open_requests(state: State, version: int, stage: str) -> tuple[Request, ...]:
    """Return the requests for a version in a stage that are neither met nor withdrawn."""
    return tuple(
        one
        for one in state.requests
        if one.closed_by is None and (one.version, one.stage) == (version, stage)
    )


def asked_by(state: State, version: int, stage: str, actor: str) -> Request | None:
    """Return the open request of a person, if there is one."""
    asked = open_requests(state, version, stage)
    return next((one for one in asked if person(one.event.actor) == person(actor)), None)


def _unheard(state: State, version: int, stage: str, policy: StagePolicy | None) -> Iterator[str]:
    """Yield why nothing that people say of a version in a stage can count."""
    yield from _unreadable(state)
    yield from _gone(state, version)
    if policy is None:
        yield f"There is no stage {visible(stage)}."


def _unreadable(state: State) -> Iterator[str]:
    if state.unreadable is not None:
        path, reason = visible(state.unreadable.path), visible(state.unreadable.reason)
        yield f"{path} cannot be read, and nothing can be recorded until it can: {reason}"


def _missing(state: State, version: int) -> Iterator[str]:
    there = state.versions.get(version)
    if there is None:
        yield f"{state.model} has no version {version}."
    elif there.deleted is not None:
        yield f"{state.model}@{version} was deleted by {visible(there.deleted.actor)}."


def _gone(state: State, version: int) -> Iterator[str]:
    yield from _missing(state, version)
    there = state.versions.get(version)
    if there is not None and there.retired is not None and there.deleted is None:
        yield f"{state.model}@{version} was retired by {_because(there.retired)}."


def _holding(state: State, version: int) -> Iterator[str]:
    held = [name for name, stage in state.stages.items() if stage.holder == version]
    if held:
        where = ", ".join(map(visible, held))
        yield f"{state.model}@{version} holds {where}: promote another version or roll back first."


def _frozen(state: State, stage: str, now: float) -> Iterator[str]:
    freeze = state.stage(stage).freeze
    if freeze is not None and freeze.holds(now):
        end = "" if freeze.until is None else f" until {words.moment(freeze.until)}"
        yield f"{visible(stage)} is frozen{end}, by {_because(freeze.event)}."


def _held(state: State, version: int, stage: str) -> bool:
    return any(one.version == version for one in state.stage(stage).holdings)


def _not_given_back(state: State, stage: str, to: int) -> Iterator[str]:
    if state.stage(stage).holder == to:
        yield f"{state.model}@{to} holds {visible(stage)} already."
    elif not _held(state, to, stage):
        yield f"{state.model}@{to} never held {visible(stage)}: promote it instead."
    else:
        yield from _missing(state, to)


def _is_among(actor: str, names: Iterable[object] | None) -> bool:
    """Say whether somebody is asked; where nobody is named, everybody is."""
    asked = {called(str(name)) for name in names or ()}
    return not asked or called(actor) in asked


def _because(event: Event) -> str:
    who, why = visible(event.actor), visible(event.reason).rstrip(".")
    return f"{who}: {why}" if why else who
