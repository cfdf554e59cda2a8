"""Rules about rows among others: no key twice, every key known elsewhere. Exact, not by hash."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from workbench.datasets.fields import MASK
from workbench.datasets.rules.rule import MOST_EXAMPLES, Example, Rule, RuleResult, State
from workbench.datasets.rules.watching import Context, needed, told, where_of
from workbench.datasets.rules.wording import words
from workbench.datasets.spilling import Buckets
from workbench.datasets.table import Table
from workbench.errors import FormatError, UndecidedError, UsageError, WorkbenchError
from workbench.words import count, plural, visible

if TYPE_CHECKING:
    import polars as pl

_BUCKETS: Final = 64
_ROW: Final = "\0row"
_NESTED: Final = frozenset({"list", "struct", "other"})
_WHOLE, _FRACTION, _TEXT = "whole numbers", "numbers", "texts"


class Unique:
    """Collects the keys of all rows and counts those that repeat an earlier one."""

    def __init__(self, rule: Rule, context: Context) -> None:
        for name in rule.columns:
            if context.type_of(name) in _NESTED:
                raise UsageError(f"{visible(name)} holds no plain values.")
        self._rule = rule
        self._context = context
        self._where = where_of(rule, context)
        self._keys = Buckets(rule.columns, count=_BUCKETS, scratch=context.scratch)
        self._seen = self._left_out = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns of the key, and those its filter asks for."""
        return needed(self._rule.columns, self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        """Keep the keys of a part; those with a missing value name nothing."""
        keys = _keys(rows, self._rule.columns, at, self._where)
        there = keys.drop_nulls()
        self._seen += keys.height
        self._left_out += keys.height - there.height
        self._keys.add(there)

    def result(self) -> RuleResult:
        """Return how many rows repeat an earlier one."""
        looked_at = self._seen - self._left_out
        if not looked_at:
            why = "There is no key to look at." if self._seen else "There are no rows to look at."
            return self._result("undecided", 0, looked_at, (), "", why)
        repeats, first, keys = self._repeats()
        failed = repeats > self._rule.allowed.least(looked_at)
        observed = f"{plural(keys, 'value')} more than once" if repeats else ""
        return self._result("fails" if failed else "holds", repeats, looked_at, first, observed, "")

    def _repeats(self) -> tuple[int, tuple[Example, ...], int]:
        """Return the rows that repeat an earlier one, the first of them, and how many values do."""
        import polars as pl

        columns, repeats, keys = list(self._rule.columns), 0, 0
        first: list[dict[str, Any]] = []
        for bucket in self._keys:
            again = bucket.select(columns).is_duplicated()
            if not again.any():
                continue
            several = bucket.filter(again).with_columns(
                pl.col(_ROW).min().over(columns).alias("\0first")
            )
            later = several.filter(pl.col(_ROW) != pl.col("\0first"))
            repeats += later.height
            keys += several["\0first"].n_unique()
            first += later.bottom_k(MOST_EXAMPLES, by=_ROW).to_dicts()
        first = sorted(first, key=lambda row: int(row[_ROW]))[:MOST_EXAMPLES]
        return repeats, tuple(self._example(row) for row in first), keys

    def _example(self, row: dict[str, Any]) -> Example:
        values = tuple((name, self._context.shown(name, row[name])) for name in self._rule.columns)
        return Example(row[_ROW], (*values, ("first in row", count(row["\0first"]))))

    def broken(self, reason: str) -> RuleResult:
        """Return that it cannot be told: a repeat may be there, the whole is not known."""
        return told(self._rule, "error", reason)

    def _result(
        self, state: State, failed: int, looked_at: int, examples: tuple[Example, ...],
        observed: str, reason: str,
    ) -> RuleResult:  # fmt: skip
        return RuleResult(
            self._rule, words(self._rule), state, failed, looked_at, examples, observed, reason,
            self._left_out,
        )  # fmt: skip

    def close(self) -> None:
        """Remove what was kept outside memory."""
        self._keys.close()


class ForeignKey:
    """Collects the keys of all rows and counts those that another table does not have."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule = rule
        self._context = context
        self._where = where_of(rule, context)
        self._other = _looked_up(rule.options["in"], context)
        of = rule.options.get("of", list(rule.columns))
        self._of = (of,) if isinstance(of, str) else tuple(of)
        self._kinds = [
            _kind_of_pair(context.type_of(mine), _type_in(self._other, theirs, rule), mine)
            for mine, theirs in zip(rule.columns, self._of, strict=True)
        ]
        names = [str(number) for number in range(len(self._of))]
        self._names = names
        self._mine = Buckets(names, count=_BUCKETS, scratch=context.scratch)
        self._theirs = Buckets(names, count=_BUCKETS, scratch=context.scratch)
        self._seen = self._left_out = 0

    @property
    def needs(self) -> tuple[str, ...]:
        """Return the columns of the key, and those its filter asks for."""
        return needed(self._rule.columns, self._where)

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        """Keep the keys of a part; one with a missing value points nowhere."""
        keys = _keys(rows, self._rule.columns, at, self._where)
        there = self._alike(keys, self._rule.columns).drop_nulls(self._names)
        self._seen += keys.height
        self._left_out += keys.height - there.height
        self._mine.add(there)

    def _alike(self, rows: "pl.DataFrame", columns: Sequence[str]) -> "pl.DataFrame":
        """Return keys under common names and of common types, so that equal ones are equal."""
        import polars as pl

        wide = {_WHOLE: pl.Int128, _FRACTION: pl.Float64, _TEXT: pl.String}
        keys = []
        for name, mine, kind in zip(self._names, columns, self._kinds, strict=True):
            column = pl.col(mine).cast(wide[kind]) if kind in wide else pl.col(mine)
            if kind == _FRACTION:
                column = column.fill_nan(None) + 0.0
            keys.append(column.alias(name))
        row = [pl.col(_ROW)] if _ROW in rows.columns else []
        return rows.select(*keys, *row)

    def result(self) -> RuleResult:
        """Return how many rows point to nothing."""
        looked_at = self._seen - self._left_out
        if not looked_at:
            why = "There is no key to look at." if self._seen else "There are no rows to look at."
            return self._result("undecided", 0, looked_at, (), why)
        try:
            for rows in self._other.batches(list(self._of)):
                self._theirs.add(self._alike(rows, self._of).drop_nulls().unique())
        except WorkbenchError as error:
            return told(self._rule, "undecided", f"{self._rule.options['in']}: {error.message}")
        bad, first = self._pointing_nowhere()
        failed = bad > self._rule.allowed.least(looked_at)
        return self._result("fails" if failed else "holds", bad, looked_at, first, "")

    def _pointing_nowhere(self) -> tuple[int, tuple[Example, ...]]:
        bad, first = 0, list[dict[str, Any]]()
        for number in range(_BUCKETS):
            mine, theirs = self._mine.take(number), self._theirs.take(number)
            if mine is None or not mine.height:
                continue
            lost = mine if theirs is None else mine.join(theirs, on=self._names, how="anti")
            bad += lost.height
            first += lost.bottom_k(MOST_EXAMPLES, by=_ROW).to_dicts()
        first = sorted(first, key=lambda row: int(row[_ROW]))[:MOST_EXAMPLES]
        return bad, tuple(self._example(row) for row in first)

    def _example(self, row: dict[str, Any]) -> Example:
        pairs = zip(self._rule.columns, self._names, strict=True)
        return Example(
            row[_ROW], tuple((mine, self._context.shown(mine, row[name])) for mine, name in pairs)
        )

    def broken(self, reason: str) -> RuleResult:
        """Return that it cannot be told."""
        return told(self._rule, "error", reason)

    def _result(
        self, state: State, failed: int, looked_at: int, examples: tuple[Example, ...], reason: str
    ) -> RuleResult:
        observed = ""
        if examples:
            values = (", ".join(text for _, text in one.values) for one in examples)
            shown = dict.fromkeys(values)
            observed = MASK if self._context.hides(self._rule) else "; ".join(shown)
        return RuleResult(
            self._rule, words(self._rule), state, failed, looked_at, examples, observed, reason,
            self._left_out,
        )  # fmt: skip

    def close(self) -> None:
        """Remove what was kept outside memory."""
        self._mine.close()
        self._theirs.close()


def _keys(
    rows: "pl.DataFrame", columns: Sequence[str], at: int, where: "pl.Expr | None"
) -> "pl.DataFrame":
    """Return the keys of the rows a rule looks at, with their numbers from 1."""
    import polars as pl

    numbered = rows.with_row_index(_ROW, at + 1)
    kept = numbered if where is None else numbered.filter(where)
    fractions = [name for name in columns if rows.schema[name].is_float()]
    return kept.select(*columns, pl.col(_ROW).cast(pl.Int64)).with_columns(
        pl.col(name).fill_nan(None) for name in fractions
    )


def _looked_up(name: str, context: Context) -> Table:
    """Return the table pointed to; one that cannot be read leaves the rule undecided.

    Raises:
        NotFoundError: It is not there: the rule cannot be asked.
        UndecidedError: It cannot be read.
    """
    try:
        return context.lookup(name)
    except FormatError as error:
        raise UndecidedError(error.message) from None


def _type_in(other: Table, name: str, rule: Rule) -> str:
    found = next((column.type for column in other.columns if column.name == name), None)
    if found is None:
        where = visible(rule.options["in"])
        raise UsageError(f"{where} has no column {visible(name)!r}.")
    return found


def _kind_of_pair(mine: str, theirs: str, name: str) -> str:
    """Return what two columns are compared as."""
    both = {mine, theirs}
    if both <= {"integer"}:
        return _WHOLE
    if both <= {"integer", "float", "decimal"}:
        return _FRACTION
    if both <= {"text", "categorical"}:
        return _TEXT
    if len(both) == 1 and mine not in _NESTED:
        return mine
    raise UsageError(f"{visible(name)} is {mine} here and {theirs} there: no row could match.")
