"""Expressions over the whole table: sums, means and counts, gathered part by part.

Whole numbers are summed exactly and without bound, fractions by parts; two totals of fractions
equal each other within `reckoning.NEAR`, as the order of adding changes the last digits.
"""

from decimal import Context as Digits
from decimal import Decimal
from fractions import Fraction
from math import fsum, isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

from workbench.datasets.cells import cell
from workbench.datasets.fields import MASK
from workbench.datasets.reckoning import NEAR
from workbench.datasets.rules.rule import Rule, RuleResult
from workbench.datasets.rules.terms import write
from workbench.datasets.rules.watching import Context, needed, told, where_of
from workbench.errors import UsageError
from workbench.filters.expression_tree import (
    Applied,
    ColumnName,
    Expression,
    Listed,
    Missing,
    Patterned,
    Reckoned,
    Related,
    Term,
    Totalled,
    below,
    columns_of,
    totals_of,
)
from workbench.filters.tree import And, Not, Number, Op, Or, Text, Truth
from workbench.words import exact, number, plural, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

_NUMERIC: Final = frozenset({"sum", "mean"})
_ORDERED: Final = frozenset({"number", "text"})
_EXACTLY: Final = Digits(prec=60)
"""More digits than decimals of 38 come to, however many are added."""


class Gathered:
    """One total, gathered part by part."""

    def __init__(self, total: Totalled, context: Context) -> None:
        written = write(total.of, context)
        if total.function in _NUMERIC and written.kind != "number":
            raise UsageError(f"{total.function}() is of numbers.")
        if total.function in {"min", "max"} and written.kind not in _ORDERED:
            raise UsageError(f"{total.function}() is of numbers or texts here.")
        self._function = total.function
        self._written = written
        self._whole, self._parts = 0, list[float]()
        self._exact: Decimal | None = None
        self._edge: Any = None
        self.there = self.missing = 0

    def see(self, rows: "pl.DataFrame") -> None:
        """Add a part."""
        values = rows.select(self._written.values.alias("v"))["v"]
        if values.len() != rows.height:  # a constant is one value, whatever the rows
            values = (
                values.extend_constant(values[0], rows.height - 1) if rows.height else values[:0]
            )
        missing = values.null_count()
        self.there += values.len() - missing
        self.missing += missing
        if values.len() == missing:
            return
        if self._function in _NUMERIC:
            self._add(values)
        elif self._function in {"min", "max"}:
            found: Any = values.min() if self._function == "min" else values.max()
            better: Callable[..., Any] = min if self._function == "min" else max
            self._edge = found if self._edge is None else better(self._edge, found)

    def _add(self, values: "pl.Series") -> None:
        import polars as pl

        if values.dtype.is_decimal():
            self._exact = _EXACTLY.add(self._exact or Decimal(0), Decimal(str(values.sum())))
        elif values.dtype.is_integer():
            self._whole += int(values.cast(pl.Int128).sum())
        else:
            self._parts.append(float(values.sum()))

    def value(self) -> Any:
        """Return the total; None where it is of nothing or no number."""
        match self._function:
            case "count":
                return self.there
            case "nulls":
                return self.missing
            case "min" | "max":
                return self._edge
        if not self.there:
            return None
        total = self._sum()
        if total is None or self._function == "sum":
            return total
        return float(Fraction(total) / self.there)

    def _sum(self) -> Any:
        if self._exact is not None:
            return self._exact
        if not self._parts:
            return self._whole
        if not all(map(isfinite, self._parts)):
            found = sum(self._parts)
        else:
            try:
                found = fsum(self._parts)
            except OverflowError:
                return None
        return found if isfinite(found) else None


class Totals:
    """Judges an expression over totals once all parts were seen."""

    def __init__(self, rule: Rule, tree: Expression, context: Context) -> None:
        outside = _outside(tree)
        if outside:
            raise UsageError(
                f"{visible(outside)} stands outside a total.",
                hint=f"Write sum({outside}), mean({outside}), min({outside}) or the like.",
            )
        self._rule = rule
        self._tree = tree
        self._context = context
        self._where = where_of(rule, context)
        self._totals = {total: Gathered(total, context) for total in totals_of(tree)}
        self._columns = columns_of(tree)
        self._rows = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns of the expression, and those its filter asks for."""
        return needed(self._columns, self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:  # noqa: ARG002 - a total has no place
        """Add a part to every total."""
        kept = rows if self._where is None else rows.filter(self._where)
        self._rows += kept.height
        for gathered in self._totals.values():
            gathered.see(kept)

    def result(self) -> RuleResult:
        """Return what the totals come to; undecided where one of them is of nothing."""
        truth = self._truth(self._tree)
        observed = self._observed()
        if truth is None:
            why = "There are no rows to look at." if not self._rows else "A total has no value."
            return told(self._rule, "undecided", why, observed)
        return told(self._rule, "holds" if truth else "fails", observed=observed)

    def broken(self, reason: str) -> RuleResult:
        """Return that it cannot be told: a total of a part says nothing."""
        return told(self._rule, "error", reason)

    def close(self) -> None:
        """Let go of nothing."""

    def _observed(self) -> str:
        said = []
        for total, gathered in self._totals.items():
            value = gathered.value()
            counts = total.function in {"count", "nulls"}
            hidden = not counts and not self._context.sensitive.isdisjoint(columns_of(total))
            shown = MASK if hidden and value is not None else _shown(value)
            missing = 0 if counts else gathered.missing
            left_out = f" ({plural(missing, 'missing value')} left out)" if missing else ""
            said.append(f"{_called(total)} = {shown}{left_out}")
        return "; ".join(dict.fromkeys(said))

    def _truth(self, node: Expression) -> bool | None:
        match node:
            case And(parts):
                found = [self._truth(part) for part in parts]
                return False if False in found else (None if None in found else True)
            case Or(parts):
                found = [self._truth(part) for part in parts]
                return True if True in found else (None if None in found else False)
            case Not(part):
                inner = self._truth(part)
                return None if inner is None else not inner
            case Missing(of, negated):
                return (self._value(of) is None) != negated
            case Related(left, op, right):
                return stands(self._value(left), op, self._value(right))
            case Listed(of, values, negated):
                listed = [stands(self._value(of), "=", self._value(one)) for one in values]
                inner = True if True in listed else (None if None in listed else False)
                return None if inner is None else inner != negated
            case Patterned():
                raise UsageError("~ asks single rows: totals are numbers.")

    def _value(self, term: Term) -> Any:
        match term:
            case Number(value):
                return int(value) if isinstance(value, int) or value.is_integer() else value
            case Text(text):
                return text
            case Truth(truth):
                return truth
            case Totalled():
                return self._totals[term].value()
            case Applied("abs", of):
                value = self._value(of)
                return None if value is None else abs(value)
            case Reckoned(op, left, right):
                return reckoned(op, self._value(left), self._value(right))
        raise UsageError("Only totals and numbers can be compared here.")


def stands(left: Any, op: Op, right: Any) -> bool | None:
    """Return whether two values stand in a relation; None where one is missing.

    Raises:
        UsageError: They are of different kinds.
    """
    if left is None or right is None:
        return None
    if isinstance(left, str) != isinstance(right, str):
        raise UsageError("A text cannot be compared with a number.")
    exact = not isinstance(left, float) and not isinstance(right, float)
    same = left == right if exact else _near(float(left), float(right))
    match op:
        case "=":
            return bool(same)
        case "!=":
            return not same
        case "<" | "<=":
            return bool(left < right and not same) or (op == "<=" and bool(same))
    return bool(left > right and not same) or (op == ">=" and bool(same))


def _near(left: float, right: float) -> bool:
    return left == right or abs(left - right) <= NEAR * max(abs(left), abs(right))


def reckoned(op: str, left: Any, right: Any) -> Any:
    """Return what comes of two totals; None where one is missing or nothing finite comes."""
    if left is None or right is None:
        return None
    if isinstance(left, str) or isinstance(right, str):
        raise UsageError("Nothing can be reckoned with a text.")
    if isinstance(left, Decimal) != isinstance(right, Decimal):
        left, right = float(left), float(right)
    try:
        match op:
            case "+":
                found = left + right
            case "-":
                found = left - right
            case "*":
                found = left * right
            case _:
                found = left / right
    except (ZeroDivisionError, OverflowError, ArithmeticError):
        return None
    return None if isinstance(found, float) and (isnan(found) or not isfinite(found)) else found


def _outside(tree: Expression) -> str:
    """Return the first column that stands outside a total; empty if none does."""
    waiting: list[object] = [tree]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, ColumnName):
            return here.name
        waiting[:0] = () if isinstance(here, Totalled) else below(here)
    return ""


def _called(total: Totalled) -> str:
    of = total.of.name if isinstance(total.of, ColumnName) else "…"
    return visible(f"{total.function}({of})")


def _shown(value: Any) -> str:
    if value is None:
        return "no value"
    if isinstance(value, int):
        return exact(value)
    return number(value, 12) if isinstance(value, float) else cell(value)
