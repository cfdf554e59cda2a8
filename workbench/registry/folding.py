"""From events to what they amount to.

The only place that says what a kind of event does. Folding never fails: an event of a kind that
is not known, or one that cannot be meant (a second version 3, a stage for one that was never
registered), changes nothing and is still there to be shown.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Self

from workbench.registry.event import (
    APPROVED,
    DELETED,
    DESCRIBED,
    FROZEN,
    PROMOTED,
    REGISTERED,
    REINSTATED,
    REQUESTED,
    RETIRED,
    ROLLED_BACK,
    TICKED,
    UNFROZEN,
    WITHDRAWN,
    Event,
    Reading,
)
from workbench.registry.state import Freeze, Holding, Request, Stage, State, Version


def fold(model: str, reading: Reading, before: State | None = None) -> State:
    """Return what the events of a model amount to.

    Args:
        model: Whose they are.
        reading: All of them, as far as they can be read.
        before: What some of the first of them amount to, if that is known: a thousand events
            and one more then cost little more than one.
    """
    if before is None or not _begins(reading.events, before):
        before = None
    sums = _Sums.of(before)
    for event in reading.events[before.seq :] if before else reading.events:
        change = _CHANGES.get(event.kind)
        if change is not None:
            change(sums, event)
    return State(
        model=model,
        events=reading.events,
        versions=MappingProxyType(sums.versions),
        stages=MappingProxyType({name: one.whole() for name, one in sums.stages.items()}),
        requests=tuple(sums.requests),
        approvals=tuple(sums.approvals),
        ticks=tuple(sums.ticks),
        unreadable=reading.unreadable,
    )


def _begins(events: tuple[Event, ...], before: State) -> bool:
    """Say whether ``events`` begin with those that ``before`` was made of."""
    return 0 < before.seq <= len(events) and events[before.seq - 1].hash == before.head


def at(state: State, moment: float) -> State:
    """Return the state as it was.

    Args:
        state: As it is.
        moment: Effective time, seconds since 1970; what happened right then counts.
    """
    count = bisect_right(state.events, moment, key=lambda event: event.effective)
    return fold(state.model, Reading(state.events[:count], state.unreadable))


def next_version(state: State) -> int:
    """Return the number that the next version registered gets; none is ever used again."""
    return max(state.versions, default=0) + 1


@dataclass(slots=True)
class _Sum:
    """A stage while events are added to it."""

    name: str
    holdings: list[Holding]
    freeze: Freeze | None
    rolled_away: set[int]

    def whole(self) -> Stage:
        return Stage(self.name, tuple(self.holdings), self.freeze, frozenset(self.rolled_away))


@dataclass(slots=True)
class _Sums:
    """A state while events are added to it."""

    versions: dict[int, Version]
    stages: dict[str, _Sum]
    requests: list[Request]
    approvals: list[Event]
    ticks: list[Event]

    @classmethod
    def of(cls, before: State | None) -> Self:
        """Return what a state was made of, to be added to; nothing for none."""
        if before is None:
            return cls({}, {}, [], [], [])
        stages = {
            name: _Sum(name, list(one.holdings), one.freeze, set(one.rolled_away))
            for name, one in before.stages.items()
        }
        return cls(
            dict(before.versions), stages, list(before.requests), list(before.approvals),
            list(before.ticks),
        )  # fmt: skip

    def stage(self, name: str) -> _Sum:
        if name not in self.stages:
            self.stages[name] = _Sum(name, [], None, set())
        return self.stages[name]

    def close(self, event: Event, of: Callable[[Request], bool]) -> None:
        """Close the open requests that ``of`` is true of."""
        for place, request in enumerate(self.requests):
            if request.closed_by is None and of(request):
                self.requests[place] = replace(request, closed_by=event)


def _registered(sums: _Sums, event: Event) -> None:
    if event.version is not None and event.version not in sums.versions:
        details = event.details
        sums.versions[event.version] = Version(
            event.version, event, str(details.get("description") or ""), _tags({}, details)
        )


def _described(sums: _Sums, event: Event) -> None:
    if (version := _version(sums, event)) is None:
        return
    details = event.details
    description = details.get("description")
    sums.versions[version.number] = replace(
        version,
        description=version.description if description is None else str(description),
        tags=_tags(version.tags, details),
    )


def _tags(before: Mapping[str, str], details: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the tags after an event; None takes one away."""
    changed = details.get("tags")
    if not isinstance(changed, Mapping):
        return before
    merged = {**before, **changed}
    return MappingProxyType({name: str(tag) for name, tag in merged.items() if tag is not None})


def _promoted(sums: _Sums, event: Event) -> None:
    if event.version is not None and event.version not in sums.versions:
        return  # nothing is known of it that could hold a stage
    _hold(sums.stage(event.stage), event)
    sums.close(event, lambda one: (one.version, one.stage) == (event.version, event.stage))


def _rolled_back(sums: _Sums, event: Event) -> None:
    if event.version is not None and event.version not in sums.versions:
        return
    stage = sums.stage(event.stage)
    if stage.holdings and (left := stage.holdings[-1].version) is not None:
        stage.rolled_away.add(left)
    _promoted(sums, event)


def _hold(stage: _Sum, event: Event) -> None:
    if stage.holdings:
        stage.holdings[-1] = replace(stage.holdings[-1], until=event.effective, ended_by=event)
    stage.holdings.append(Holding(stage.name, event.version, event, event.effective))


def _requested(sums: _Sums, event: Event) -> None:
    if event.version is not None:
        sums.requests.append(Request(event, event.version, event.stage))


def _withdrawn(sums: _Sums, event: Event) -> None:
    """Close the request that is named, else all for this version and stage."""
    named = event.details.get("request")
    sums.close(
        event,
        lambda one: (
            one.event.id == named
            if named
            else (one.version, one.stage) == (event.version, event.stage)
        ),
    )


def _approved(sums: _Sums, event: Event) -> None:
    sums.approvals.append(event)


def _ticked(sums: _Sums, event: Event) -> None:
    sums.ticks.append(event)


def _frozen(sums: _Sums, event: Event) -> None:
    until = event.details.get("until")
    moment = float(until) if isinstance(until, (int, float)) else None
    sums.stage(event.stage).freeze = Freeze(event, moment)


def _unfrozen(sums: _Sums, event: Event) -> None:
    sums.stage(event.stage).freeze = None


def _retired(sums: _Sums, event: Event) -> None:
    if (version := _version(sums, event)) is not None:
        sums.versions[version.number] = replace(version, retired=event)
        sums.close(event, lambda one: one.version == version.number)


def _reinstated(sums: _Sums, event: Event) -> None:
    if (version := _version(sums, event)) is not None:
        sums.versions[version.number] = replace(version, retired=None)


def _deleted(sums: _Sums, event: Event) -> None:
    if (version := _version(sums, event)) is not None:
        sums.versions[version.number] = replace(version, deleted=event)
        sums.close(event, lambda one: one.version == version.number)


def _version(sums: _Sums, event: Event) -> Version | None:
    return None if event.version is None else sums.versions.get(event.version)


_CHANGES: Final[Mapping[str, Callable[[_Sums, Event], None]]] = MappingProxyType(
    {
        REGISTERED: _registered,
        DESCRIBED: _described,
        PROMOTED: _promoted,
        ROLLED_BACK: _rolled_back,
        REQUESTED: _requested,
        WITHDRAWN: _withdrawn,
        APPROVED: _approved,
        TICKED: _ticked,
        FROZEN: _frozen,
        UNFROZEN: _unfrozen,
        RETIRED: _retired,
        REINSTATED: _reinstated,
        DELETED: _deleted,
    }
)
