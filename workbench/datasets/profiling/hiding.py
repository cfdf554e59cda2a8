"""What of a sensitive column is kept and shown: nothing that stands for fewer than five rows.

The one place that hides. A profile of a sensitive column is made through `hidden`, and a column
that was said to be sensitive only later is looked at through it, so both show the same.
"""

from collections.abc import Collection, Sequence
from typing import Final

from msgspec.structs import replace

from workbench.datasets.fields import FEWEST, MASK
from workbench.datasets.profile import Column, Lengths, Moments, Numbers, Pair, Profile
from workbench.datasets.profiling import buckets, grid
from workbench.datasets.profiling.grid import Floats, Grid

_ENOUGH: Final = 30
"""Values that few rows share, from which on a mean or a spread gives away none of them."""
_NO_FAULT: Final = "why is not shown, as the column is sensitive"


# -- keeping -----------------------------------------------------------------------------


def hide(profile: Profile, sensitive: Collection[str]) -> Profile:
    """Return a profile as it would be had these columns been sensitive when it was made."""
    names = {one.name for one in profile.columns if one.sensitive} | {*sensitive}
    columns = tuple(hidden(one) if one.name in names else one for one in profile.columns)
    pairs = tuple(one for one in profile.pairs if not _tells(one, names))
    return replace(profile, columns=columns, pairs=pairs)


def _tells(pair: Pair, names: Collection[str]) -> bool:
    """Say whether a pair is of so few rows that it tells of one of them."""
    return pair.n < _ENOUGH and (pair.a in names or pair.b in names)


def hidden(column: Column, levels: Floats = grid.LEVELS) -> Column:
    """Return what of a sensitive column may be kept.

    Args:
        column: Its summary; one that is marked as sensitive is so already.
        levels: At which shares points of the grid are kept.
    """
    if column.sensitive:
        return column
    top = tuple((value, count) for value, count in column.top if count >= FEWEST)
    gone = sum(count for _, count in column.top) - sum(count for _, count in top)
    other = column.other + gone
    return replace(
        column, top=top, other=other, buckets=buckets.safe(column, top),
        sensitive=True, fault=column.fault and _NO_FAULT,
        numbers=column.numbers and _numbers(column.numbers, column.n, levels),
        lengths=column.lengths and _lengths(column.lengths, column.n, other),
        moments=column.moments and _moments(column.moments, column.n),
    )  # fmt: skip


def _numbers(found: Numbers, n: int, levels: Floats) -> Numbers:
    """Return facts of numbers without the ends, and with quartiles read off the coarse grid."""
    signs = Numbers(zeros=_some(found.zeros), negatives=_some(found.negatives))
    exact = grid.restored(found.quantiles, n)
    points = None if exact is None else grid.coarse(exact, levels)
    if exact is None or points is None:
        return signs
    q1, median, q3 = (grid.value_at(points, share) for share in (0.25, 0.5, 0.75))
    kept = replace(signs, q1=q1, median=median, q3=q3, quantiles=grid.stored(points))
    if not _sums_tell_nothing(exact):
        return kept
    return replace(kept, mean=found.mean, std=found.std, skew=found.skew, scale=found.scale)


def _sums_tell_nothing(exact: Grid) -> bool:
    """Say whether no single value follows from a sum over all and the points that are kept."""
    times = exact.upto - exact.below
    alone = exact.n - int(times[times >= FEWEST].sum())
    unseen = exact.n - int(times.sum())
    return (not alone or alone >= _ENOUGH) and not 0 < unseen < FEWEST


def _lengths(found: Lengths, n: int, other: int) -> Lengths | None:
    """Return lengths with their ends widened to powers of two; None where few rows follow."""
    if n < FEWEST or 0 < other < FEWEST:
        return None
    low = 1 << found.min.bit_length() - 1 if found.min else 0
    high = 1 << (found.max - 1).bit_length() if found.max else 0
    return Lengths(low, high, found.mean, _some(found.empty))


def _moments(found: Moments, n: int) -> Moments | None:
    """Return moments within whole years, no gap named, and no point in time."""
    if n < FEWEST:
        return None
    return Moments(
        *_widened(found), hours=_pooled(found.hours), weekdays=_pooled(found.weekdays),
        months=_pooled(found.months),
    )  # fmt: skip


def _widened(found: Moments) -> tuple[str, str]:
    if "-" not in found.first[1:]:
        return "00:00:00", "23:59:59"
    first, last = (end.partition("T")[0].rsplit("-", 2)[0] for end in (found.first, found.last))
    return f"{first}-01-01", f"{last}-12-31"


def _pooled(tally: Sequence[int]) -> tuple[int, ...]:
    """Return counts without those of few rows, nor the next ones while the rest gives them away."""
    kept, gone = list(tally), 0
    for at in sorted(range(len(kept)), key=kept.__getitem__):
        if tally[at] >= FEWEST and not 0 < gone < FEWEST:
            break
        kept[at], gone = 0, gone + tally[at]
    return tuple(kept)


def _some(count: int) -> int:
    return count if count >= FEWEST else 0


# -- showing -----------------------------------------------------------------------------


def shown(profile: Profile, *, unmask: bool) -> Profile:
    """Return a profile as it is shown: sensitive columns without values unless somebody asked."""
    columns = tuple(shown_column(one, unmask=unmask) for one in profile.columns)
    return replace(profile, columns=columns)


def shown_column(column: Column, *, unmask: bool) -> Column:
    """Return a column as it is shown, with `MASK` for its frequent values and its first and last.

    What is drawn stays: shares, and points that are no row's value.
    """
    if unmask or not column.sensitive:
        return column
    moments = column.moments and replace(column.moments, first=MASK, last=MASK)
    return replace(column, top=tuple((MASK, count) for _, count in column.top), moments=moments)
