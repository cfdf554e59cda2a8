"""What happened to a stage while somebody was looking, in sentences."""

from collections.abc import Iterator

from workbench.registry.event import (
    DELETED,
    FROZEN,
    PROMOTED,
    REINSTATED,
    RETIRED,
    ROLLED_BACK,
    UNFROZEN,
    Event,
)
from workbench.registry.state import State
from workbench.words import age, moment, visible

_OF_A_STAGE = frozenset((PROMOTED, ROLLED_BACK, FROZEN, UNFROZEN))
_OF_A_VERSION = frozenset((RETIRED, REINSTATED, DELETED))


def what_changed(before: State, after: State, stage: str, *, now: float) -> tuple[str, ...]:
    """Return what others did to a stage and to versions between two looks, oldest first.

    Args:
        before: As the person saw it.
        after: As it is.
        stage: The stage they wanted to change.
        now: Seconds since 1970, for how long ago it was.
    """
    return tuple(
        f"{visible(event.actor)} {what} {_ago(now - event.effective)}{_because(event)}."
        for event in after.events[before.seq :]
        if (what := "".join(_deed(event, stage)))
    )


def rolled_back(state: State, version: int, stage: str, *, now: float) -> tuple[str, ...]:
    """Return that a stage was rolled back from a version before: who, when and why it was last.

    Args:
        state: The journal.
        version: The version that is to take the stage.
        stage: The stage.
        now: Seconds since 1970.
    """
    ends = [
        holding.ended_by
        for holding in state.stage(stage).holdings
        if holding.version == version and holding.ended_by is not None
    ]
    last = next((event for event in reversed(ends) if event.kind == ROLLED_BACK), None)
    if last is None:
        return ()
    who, ago = visible(last.actor), _ago(now - last.effective)
    return (f"v{version} was rolled back from {visible(stage)} {ago} by {who}{_because(last)}.",)


def _deed(event: Event, stage: str) -> Iterator[str]:
    """Yield what an event did, if it concerns the stage or any version."""
    where = visible(stage)
    if event.kind in _OF_A_VERSION:
        yield f"{event.kind} v{event.version}"
    elif event.kind in _OF_A_STAGE and event.stage == stage:
        if event.kind == PROMOTED:
            yield f"put v{event.version} in {where}"
        elif event.kind == ROLLED_BACK and event.version is None:
            yield f"emptied {where}"
        elif event.kind == ROLLED_BACK:
            yield f"rolled {where} back to v{event.version}"
        elif event.kind == UNFROZEN:
            yield f"thawed {where}"
        else:
            until = event.details.get("until")
            end = f" until {moment(until)}" if isinstance(until, (int, float)) else ""
            yield f"froze {where}{end}"


def _ago(seconds: float) -> str:
    """Return how long ago; another's clock may be ahead of ours."""
    found = age(seconds)
    return "just now" if found == "now" else f"{found} ago"


def _because(event: Event) -> str:
    return f", because {visible(event.reason).rstrip('.')}" if event.reason else ""
