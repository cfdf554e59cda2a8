"""What was seen in a column while a rule looked at it, so that a failure explains itself."""

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Protocol

from workbench.datasets.cells import cell
from workbench.datasets.fields import MASK
from workbench.words import count, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

_MOST_COUNTED: Final = 10_000
"""Different offending values that are counted; beyond, only those already met go on counting."""
_MOST_SAID: Final = 3


class Observer(Protocol):
    """Looks at the values of a column, a part at a time."""

    def see(self, values: "pl.Series", bad: "Callable[[], pl.Series]") -> None:
        """Look at the values the rule looks at; ``bad`` gives those against it."""

    def words(self, *, hidden: bool) -> str:
        """Return what was seen; without any value where they must be hidden."""


class Extent:
    """The smallest and the largest value."""

    def __init__(self) -> None:
        self._low: Any = None
        self._high: Any = None

    def see(self, values: "pl.Series", bad: "Callable[[], pl.Series]") -> None:  # noqa: ARG002
        """Look at the values of a part."""
        there = values.drop_nulls()
        there = there.drop_nans() if there.dtype.is_float() else there
        if there.is_empty():
            return
        low, high = there.min(), there.max()
        self._low = low if self._low is None else min(self._low, low)
        self._high = high if self._high is None else max(self._high, high)

    def words(self, *, hidden: bool) -> str:
        """Return what was seen."""
        if self._low is None:
            return ""
        return (
            f"from {MASK} to {MASK}" if hidden else f"from {cell(self._low)} to {cell(self._high)}"
        )


class Absent:
    """How many values are null and how many are NaN."""

    def __init__(self) -> None:
        self._nulls = self._nans = 0

    def see(self, values: "pl.Series", bad: "Callable[[], pl.Series]") -> None:  # noqa: ARG002
        """Look at the values of a part."""
        self._nulls += values.null_count()
        if values.dtype.is_float():
            self._nans += int(values.is_nan().sum() or 0)

    def words(self, *, hidden: bool) -> str:  # noqa: ARG002 - a count is no value
        """Return what was seen."""
        both = ((self._nulls, "null"), (self._nans, "NaN"))
        return ", ".join(f"{count(many)} {what}" for many, what in both if many)


class Offending:
    """The values that are against a rule, the most frequent first."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._cut = False

    def see(self, values: "pl.Series", bad: "Callable[[], pl.Series]") -> None:  # noqa: ARG002
        """Look at the values of a part."""
        wrong = bad()
        if wrong.is_empty():
            return
        for value, times in wrong.value_counts(sort=True).iter_rows():
            text = cell(value)
            if text in self._times or len(self._times) < _MOST_COUNTED:
                self._times[text] += times
            else:
                self._cut = True

    def words(self, *, hidden: bool) -> str:
        """Return what was seen."""
        if not self._times:
            return ""
        if hidden:
            return f"{self._different()}: {MASK}"
        ranked = sorted(self._times.items(), key=lambda one: (-one[1], one[0]))
        said = [f"{value} ({count(times)} ×)" for value, times in ranked[:_MOST_SAID]]
        more = len(self._times) - len(said)
        return ", ".join(said) + (f" and {plural(more, 'more value')}" if more else "")

    def _different(self) -> str:
        return ("over " if self._cut else "") + plural(len(self._times), "other value")
