"""The group of rows where the challenger does worst, and how far that can be trusted."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench import words
from workbench.datasets.measuring import LEVEL, Measured, measure, normal_quantile, points
from workbench.datasets.pairing import OTHER, Pairs, texts
from workbench.datasets.scoring import Codes, Metric
from workbench.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

FEWEST_ROWS: Final = 30
"""Of a group; below, its metric is mostly noise."""
MOST_VALUES: Final = 50
"""Of a column; one with more is an id or a number."""
MISSING: Final = "(missing)"


class Segment(NamedTuple):
    """A group of rows and how the versions differ there."""

    column: str
    value: str
    n: int
    difference: float
    """Challenger minus champion, in units of the metric."""
    low: float
    """With `high` an interval wide enough to hold, with all other groups', in `LEVEL` of cases;
    NaN where there is none."""
    high: float
    looked_at: int
    """Of how many groups it is the worst."""


class _Group(NamedTuple):
    column: str
    value: str
    rows: Codes
    found: Measured


def worst(
    pairs: Pairs, metric: Metric, columns: Sequence[str], resamples: int, seed: int
) -> Segment | None:
    """Return the group with the worst difference; None where no group is large enough.

    The worst of many is bad by chance too: its interval is the normal one with the bootstrap's
    standard error, widened after Bonferroni for the number of groups that were looked at.

    Args:
        pairs: The rows.
        metric: What is compared.
        columns: Columns whose values are groups; of each on its own, not of their combinations.
        resamples: Of the bootstrap, of the worst group only.
        seed: Of the bootstrap.

    Raises:
        UsageError: There is no such column, or it holds no groups.
    """
    sign = 1 if metric.greater_is_better else -1
    groups = [group for name in columns for group in _groups(pairs, metric, name)]
    if not groups:
        return None
    lowest = min(groups, key=lambda group: sign * group.found.difference)
    answers = pairs.champion.take(lowest.rows), pairs.challenger.take(lowest.rows)
    found = measure(*answers, metric, resamples, seed)
    share = 1 - (1 - LEVEL) / (2 * len(groups))
    reach = normal_quantile(share) * found.error
    difference = found.difference
    return Segment(
        lowest.column, lowest.value, len(lowest.rows), difference, difference - reach,
        difference + reach, len(groups),
    )  # fmt: skip


def _groups(pairs: Pairs, metric: Metric, name: str) -> Iterator[_Group]:
    column = _column(pairs.rows, name)
    for value in sorted(column.unique().to_list()):
        rows = (column == value).arg_true().to_numpy()
        if len(rows) < FEWEST_ROWS:
            continue
        answers = pairs.champion.take(rows), pairs.challenger.take(rows)
        found = points(*answers, metric)
        if found.same or not found.why_not:
            yield _Group(name, value, rows, found)


def _column(rows: "pl.DataFrame", name: str) -> "pl.Series":
    found = next((one for one in (name, f"{name}{OTHER}") if one in rows.columns), None)
    if found is None:
        raise UsageError(
            f"There is no column {words.visible(name)!r} to be a segment.",
            hint="Name it when logging: segments=[...].",
        )
    fault = no_groups(rows[found])
    if fault:
        raise UsageError(fault)
    return texts(rows[found]).fill_null(MISSING)


def no_groups(column: "pl.Series") -> str:
    """Return why a column's values are no groups of rows; empty if they are."""
    name = words.visible(column.name.removesuffix(OTHER))
    if column.dtype.is_float() or column.dtype.is_temporal() or column.dtype.is_nested():
        return (
            f"Segment {name!r} holds {column.dtype}; groups are text, whole numbers or true/false."
        )
    if column.n_unique() > MOST_VALUES:
        return (
            f"Segment {name!r} has {words.count(column.n_unique())} values; "
            f"at most {MOST_VALUES} are groups."
        )
    return ""
