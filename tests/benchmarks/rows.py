"""One measured figure beside its budget."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.place import Place

OK, OVER, NO_BUDGET, NOT_RUN, BROKEN = "ok", "OVER", "-", "not run", "FAILED"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table.

    ``value`` is None where nothing was measured; ``note`` then says why. ``limit`` is the
    budget in the same unit, None where another tool's figure stands for comparison only.
    """

    what: str
    value: float | None
    unit: str = ""
    limit: float | None = None
    note: str = ""
    at_least: bool = False
    """The budget is a floor, not a ceiling."""
    broken: bool = False
    """It should have been measured, and could not be."""

    @property
    def verdict(self) -> str:
        """Say how the figure stands to the budget."""
        if self.value is None:
            return BROKEN if self.broken else NOT_RUN
        if self.limit is None:
            return NO_BUDGET
        return (
            OK if (self.value >= self.limit) == self.at_least or self.value == self.limit else OVER
        )


Measure = Callable[["Place"], Iterator[Row]]


def spread(values: Sequence[float], unit: str = "") -> str:
    """Return how many figures there are and between which ends they lie."""
    ends = f"{figure(min(values), unit)} to {figure(max(values), unit)}"
    return f"n={len(values)}, {ends}" if len(values) > 1 else "n=1"


def of_many(
    what: str, values: Sequence[float], unit: str, limit: float | None, note: str = ""
) -> Row:
    """Return the row of a median with its spread."""
    said = "; ".join(part for part in (spread(values, unit), note) if part)
    return Row(what, median(values), unit, limit, said)


def share(values: Sequence[float], part: float) -> float:
    """Return the value that ``part`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def figure(value: float, unit: str) -> str:
    """Return a number with as many digits as it deserves, and its unit."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return f"{text}{unit}" if unit in ("x", "") else f"{text} {unit}"
