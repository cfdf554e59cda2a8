"""Which earlier part a part is held against: the one before, or the same of the last cycle.

*Same* is told by moments: the middle of a part, put back a week or a year, lies in the part that
is meant. A week is put back by 52 weeks, which is the week of the same number in nearly every
year; a day by its date, of 29 February to the 28th.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS
from workbench.datasets.drift.part import Part

_WEEK: Final = timedelta(days=7)
_YEAR_OF_WEEKS: Final = timedelta(days=364)
_MISSING: Final = {
    PREVIOUS: "there is no chunk before it",
    LAST_WEEK: "there is no chunk of the week before",
    LAST_YEAR: "there is no chunk of the year before",
}


class Wanted(NamedTuple):
    """Which reference, among chunks of which kind."""

    reference: str
    """`PREVIOUS`, `LAST_WEEK` or `LAST_YEAR`."""
    chunks: str


def against(part: Part, pool: Sequence[Part], wanted: Wanted) -> Part:
    """Return a part with what it is held against, or with the reason why there is nothing.

    Args:
        part: The part.
        pool: All parts there are, in order; it is one of them.
        wanted: Which of them is meant.
    """
    found = reference_of(part, pool, wanted)
    if found is None:
        return replace(part, reason=why_not(part, wanted))
    return replace(part, reference=found.profile, reference_name=found.label)


def reference_of(part: Part, pool: Sequence[Part], wanted: Wanted) -> Part | None:
    """Return the part that a part is held against; None where it is not among these.

    A segment is held against the same segment.
    """
    pool = [one for one in pool if one.segment == part.segment]
    if wanted.reference == PREVIOUS:
        place = next(number for number, one in enumerate(pool) if one is part)
        return next((one for one in reversed(pool[:place]) if one.profile is not None), None)
    moment = put_back(part, wanted)
    if moment is None:
        return None
    fitting = (one for one in reversed(pool) if one is not part and holds(one, moment))
    return next((one for one in fitting if one.profile is not None), None)


def holds(part: Part, moment: float) -> bool:
    """Say whether a moment lies in a part."""
    if part.start is None or part.end is None:
        return False
    return part.start <= moment < part.end or part.start == moment == part.end


def put_back(part: Part, wanted: Wanted) -> float | None:
    """Return the middle of a part a week or a year before, seconds since 1970; None if unknown."""
    if part.start is None or part.end is None:
        return None
    middle = datetime.fromtimestamp((part.start + part.end) / 2, UTC)
    if wanted.reference == LAST_WEEK:
        return (middle - _WEEK).timestamp()
    if wanted.chunks == "week":
        return (middle - _YEAR_OF_WEEKS).timestamp()
    return _a_year_before(middle).timestamp()


def why_not(part: Part, wanted: Wanted) -> str:
    """Return why a part is held against nothing."""
    if wanted.reference != PREVIOUS and part.start is None:
        return "nobody knows when its rows are from: name the column of time"
    return _MISSING[wanted.reference]


def _a_year_before(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # 29 February
        return moment.replace(year=moment.year - 1, day=28)
