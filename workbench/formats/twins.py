"""Curves that a tool tells itself and through another tool's logger too: shown once.

Its own record has them in full numbers but is written now and then; what was logged beside
it may be ahead. So a twin is left out while the tool's own curve gets as far as it does.
Decided by names and steps alone, and alike for the summaries and for the points of a run.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar, runtime_checkable

from workbench.formats.contract import Curves, Points

_T = TypeVar("_T")
Naming = Callable[[str], str]


@runtime_checkable
class HasTwins(Protocol):
    """A reader whose tool logs its curves through others under other names."""

    def own_name(self, name: str) -> str:
        """Return what this reader calls the metric that others call ``name``; else that itself."""


class Place(NamedTuple):
    """How far a run with twins was read."""

    progress: object
    left: frozenset[str]
    """The twins that were left out."""
    own: frozenset[str]
    """What the tool itself calls all that it told twice, or may come to."""


def twins(last_steps: Mapping[str, float | None], namings: Sequence[Naming]) -> frozenset[str]:
    """Return the metrics that are shown under another name, up to their last step.

    Args:
        last_steps: The last step of every metric of a run, None without any.
        namings: How the run's readers call what others tell.
    """
    return frozenset(
        name
        for name, last in last_steps.items()
        for own in {naming(name) for naming in namings}
        if own != name and own in last_steps and _reaches(last_steps[own], last)
    )


def without(mapping: Mapping[str, _T], names: frozenset[str]) -> dict[str, _T]:
    """Return all but some."""
    return {name: value for name, value in mapping.items() if name not in names}


def followed_once(
    namings: Sequence[Naming], progress: object, follow: Callable[[object], Curves]
) -> Curves:
    """Return what ``follow`` gives past ``progress`` without twins.

    What is a twin can only change when the tool's own record or what was left out went on:
    then all points are handed out again.
    """
    if not namings:
        return follow(progress)
    if isinstance(progress, Place):
        found = follow(progress.progress)
        own = progress.own | _own(found.points, namings)
        if not found.restarted and not (own | progress.left) & found.points.keys():
            return found._replace(progress=Place(found.progress, progress.left, own))
    found = follow(None)
    left = twins({name: _last(points) for name, points in found.points.items()}, namings)
    restarted = progress is not None
    place = Place(found.progress, left, _own(found.points, namings))
    return Curves(without(found.points, left), place, restarted)


def _own(names: Iterable[str], namings: Sequence[Naming]) -> frozenset[str]:
    return frozenset(own for name in names for naming in namings if (own := naming(name)) != name)


def _last(points: Points) -> float | None:
    return max((step for step in points.steps if step == step), default=None)  # noqa: PLR0124 - NaN is none


def _reaches(own: float | None, last: float | None) -> bool:
    return last is None or (own is not None and own >= last)
