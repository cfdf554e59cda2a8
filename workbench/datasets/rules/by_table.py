"""Rules about the table as a whole: its types, how many rows it has, how new it is."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from workbench.datasets.cells import cell
from workbench.datasets.fields import MASK
from workbench.datasets.rules.rule import Rule, RuleResult
from workbench.datasets.rules.watching import Context, needed, told, where_of
from workbench.datasets.rules.wording import words
from workbench.errors import UsageError
from workbench.filters.literals import seconds_of
from workbench.words import count, duration, plural, visible

if TYPE_CHECKING:
    import polars as pl

_AHEAD: Final = timedelta(hours=14)
"""A clock without a zone may be this far ahead of UTC."""
_SKEW: Final = timedelta(minutes=5)
"""Clocks of two machines may be this far apart."""


class OfType:
    """Compares the type of a column with the one asked for; needs no row."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule = rule
        self._context = context

    @property
    def needs(self) -> tuple[str, ...]:
        """Return no column: types are known without reading."""
        return ()

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        """Look at nothing."""

    def result(self) -> RuleResult:
        """Return whether the column has one of the types; one that is not there has none."""
        name, asked = self._rule.columns[0], self._rule.options["type"]
        found = next((one for one in self._context.columns if one.name == name), None)
        if found is None:
            return told(self._rule, "fails", observed="there is no such column")
        good = found.type in ([asked] if isinstance(asked, str) else asked)
        return told(
            self._rule, "holds" if good else "fails", observed=f"{found.type} ({found.dtype})"
        )

    def broken(self, reason: str) -> RuleResult:  # noqa: ARG002 - types are known all the same
        """Return whether the column has one of the types."""
        return self.result()

    def close(self) -> None:
        """Let go of nothing."""


class RowCount:
    """Counts rows."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule = rule
        self._where = where_of(rule, context)
        self._rows = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns its filter asks for."""
        return needed((), self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:  # noqa: ARG002 - a count has no place
        """Count the rows of a part."""
        if self._where is None:
            self._rows += rows.height
        else:
            self._rows += int(rows.select(self._where.alias("where"))["where"].sum())

    def result(self) -> RuleResult:
        """Return whether there are as many rows as asked for."""
        low, high = self._rule.options.get("min", 0), self._rule.options.get("max")
        good = low <= self._rows and (high is None or self._rows <= high)
        return RuleResult(
            self._rule, words(self._rule), "holds" if good else "fails", None, self._rows,
            observed=plural(self._rows, "row"),
        )  # fmt: skip

    def broken(self, reason: str) -> RuleResult:
        """Return that it cannot be told, unless there are too many already."""
        high = self._rule.options.get("max")
        if high is not None and self._rows > high:
            return self.result()
        return told(self._rule, "error", reason, f"at least {count(self._rows)} rows")

    def close(self) -> None:
        """Let go of nothing."""


class Newest:
    """Keeps the newest moment of a column and compares it with the time it is asked."""

    def __init__(self, rule: Rule, context: Context) -> None:
        kind = context.type_of(rule.columns[0])
        if kind not in {"date", "datetime"}:
            name = visible(rule.columns[0])
            raise UsageError(f"{name} is {kind}: only dates and moments can be new.")
        self._rule = rule
        self._context = context
        self._where = where_of(rule, context)
        self._days = kind == "date"
        self._zoned = bool(getattr(context.schema[rule.columns[0]], "time_zone", None))
        self._newest: Any = None

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the column, and those its filter asks for."""
        return needed(self._rule.columns, self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:  # noqa: ARG002 - a moment has no place
        """Look for a newer moment in a part."""
        kept = rows if self._where is None else rows.filter(self._where)
        newest = kept[self._rule.columns[0]].max()
        if newest is not None and (self._newest is None or newest > self._newest):
            self._newest = newest

    def result(self) -> RuleResult:
        """Return whether the newest moment is new enough; one that is still to come is not."""
        if self._newest is None:
            return told(self._rule, "undecided", "There is no moment to look at.")
        now = datetime.fromtimestamp(self._context.now, tz=UTC)
        limit = timedelta(seconds=seconds_of(self._rule.options["at_most"]) or 0)
        age = self._age(now)
        ahead = _SKEW if self._zoned else _AHEAD
        hidden = self._context.hides(self._rule)
        newest = MASK if hidden else cell(self._newest)
        if age < -ahead:
            observed = f"newest is {newest}, {duration(-age.total_seconds())} still to come"
            return told(self._rule, "fails", observed=observed)
        old = plural(age.days, "day") if self._days else duration(age.total_seconds())
        observed = f"newest is {newest}, {old} old"
        return told(self._rule, "holds" if age <= limit else "fails", observed=observed)

    def _age(self, now: datetime) -> timedelta:
        """Return how old the newest is; of days in whole days, as yesterday is a day ago."""
        if self._days:
            day: date = self._newest
            return now.date() - day
        moment: datetime = self._newest
        return now - (moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def broken(self, reason: str) -> RuleResult:
        """Return that it cannot be told: a newer one may stand in what could not be read."""
        return told(self._rule, "error", reason)

    def close(self) -> None:
        """Let go of nothing."""
