"""The most frequent values of a column, as text with their counts."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.fields import FEWEST
from workbench.datasets.profile import MOST_VALUES
from workbench.datasets.profiling.grid import Counts

if TYPE_CHECKING:
    import polars as pl

_LONGEST: Final = 100
"""Characters of a value that are kept; of longer ones the beginning and a hash."""
FEW_VALUES: Final = 20
"""Kept of a column whose values hardly ever repeat, such as measured numbers."""


class Top(NamedTuple):
    """Values with counts, most frequent first; of equally frequent ones the least first."""

    values: tuple[tuple[str, int], ...] = ()
    within: int = 0
    """By how much a count may be too low."""


def of_runs(
    values: NDArray[Any],
    times: Counts,
    text: Callable[[Any], str],
    most: int = MOST_VALUES,
) -> Top:
    """Return the most frequent of different values in ascending order."""
    kept = np.argsort(-times, kind="stable")[:most]
    return Top(tuple((text(values[k]), int(times[k])) for k in kept))


def of_counted(
    counted: "pl.DataFrame",
    distinct: int,
    most: int = MOST_VALUES,
    text: "Callable[[Any], str] | None" = None,
) -> Top:
    """Return the most frequent of counted values; the frame has a value and ``count`` a row.

    Where there are more than are kept, a value that is there once is not frequent.

    Args:
        counted: Values with their counts.
        distinct: How many different values there are.
        most: How many are kept.
        text: What a value is kept as; `shortened` of texts.
    """
    import polars as pl

    name = counted.columns[0]
    fewest = 1 if distinct <= most else 2
    if counted.height > most:
        last = counted["count"].top_k(most).min()
        fewest = max(fewest, int(str(last)))
    kept = counted.filter(pl.col("count") >= fewest)
    kept = kept.sort(["count", name], descending=[True, False]).head(most)
    kept_as = text or shortened
    return Top(tuple((kept_as(value), count) for value, count in kept.iter_rows()))


def decimal_text(value: Decimal | int) -> str:
    """Return a whole number or a decimal with all its digits; as floats are written if one is."""
    if isinstance(value, int):
        return str(value)
    short = str(float(value))
    return short if Decimal(short) == value else f"{value:f}"


def shortened(value: str) -> str:
    """Return a text as it is kept: a long one by its beginning and a hash that tells it apart."""
    if len(value) <= _LONGEST:
        return value
    return f"{value[:_LONGEST]}… #{sha256(value.encode()).hexdigest()[:8]}"


class Part(NamedTuple):
    """The top values of a part."""

    top: Sequence[tuple[str, int]]
    within: int
    n: int
    sensitive: bool

    @property
    def missing(self) -> int:
        """Return how often a value that is not among the kept may be there."""
        other = self.n - sum(count for _, count in self.top)
        least = min((count for _, count in self.top), default=FEWEST - 1 if self.sensitive else 1)
        return max(0, min(other, least + self.within))


def merged(
    parts: Sequence[Part],
    order: Callable[[str], Any] = str,
    *,
    most: int = MOST_VALUES,
) -> Top:
    """Return the most frequent values of all parts; counts are sums of those that were kept.

    Args:
        parts: What was kept of each part.
        order: By what equally frequent values are ordered.
        most: How many are kept.
    """
    together: dict[str, int] = {}
    unseen: dict[str, int] = {}
    all_missing = sum(part.missing for part in parts)
    for part in parts:
        for value, count in part.top:
            together[value] = together.get(value, 0) + count
            unseen[value] = unseen.get(value, all_missing) - part.missing
    kept = sorted(together.items(), key=lambda one: (-one[1], order(one[0])))[:most]
    within = sum(part.within for part in parts)
    return Top(tuple(kept), within + max((unseen[value] for value, _ in kept), default=0))
