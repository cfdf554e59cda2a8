"""Ask a table every rule in one pass over its rows, in memory that does not grow with them."""

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.datasets.rules import by_table, values
from workbench.datasets.rules.by_key import ForeignKey, Unique
from workbench.datasets.rules.by_row import ByRow
from workbench.datasets.rules.expressions import truth
from workbench.datasets.rules.rule import Rule, RuleResult
from workbench.datasets.rules.totals import Totals
from workbench.datasets.rules.watching import Context, Lookup, Watcher, told
from workbench.datasets.table import Table
from workbench.errors import UndecidedError, WorkbenchError
from workbench.filters import parse_expression
from workbench.filters.expression_tree import columns_of, totals_of
from workbench.words import plural, visible

if TYPE_CHECKING:
    import polars as pl

_WATCHED: Final[dict[str, Callable[[Rule, Context], Watcher]]] = {
    "type": by_table.OfType,
    "not_null": values.not_null,
    "unique": Unique,
    "range": values.within,
    "set": values.listed,
    "regex": values.fitting,
    "rows": by_table.RowCount,
    "freshness": by_table.Newest,
    "foreign_key": ForeignKey,
}


def _no_table(name: str) -> Table:
    raise UndecidedError(f"{visible(name)} cannot be looked up here.")


def check(
    table: Table,
    rules: Sequence[Rule],
    *,
    now: float,
    sensitive: Collection[str] = (),
    lookup: Lookup = _no_table,
    key: Sequence[str] = (),
    scratch: Path | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[RuleResult, ...]:
    """Return what came of each rule, in the order of the rules.

    Args:
        table: What is asked.
        rules: What to ask; one that cannot be read is reported and not asked.
        now: The time, seconds since 1970.
        sensitive: Columns whose values are hidden in what is returned.
        lookup: The table a foreign key points to, by the name in the rule.
        key: Columns that name a row, shown beside its number.
        scratch: A folder for rows that do not fit into memory; without it all stay there.
        on_rows: Told how many rows were seen.
        stopped: Whether to give up; what was not decided by then is an error.

    A part that cannot be read, a rule that cannot be asked: both become results, not exceptions.
    """
    try:
        schema = table.head(0).schema
    except WorkbenchError as error:
        return tuple(_unasked(rule, error.message) for rule in rules)
    there = tuple(name for name in key if name in schema)
    context = Context(table.columns, schema, now, frozenset(sensitive), there, lookup, scratch)
    with ExitStack() as stack:
        asked = [_Asked(rule, context) for rule in rules]
        for one in asked:
            stack.callback(one.close)
        reason = _pass(table, asked, on_rows, stopped)
        return tuple(one.result(reason) for one in asked)


def _unasked(rule: Rule, reason: str) -> RuleResult:
    return told(rule, "error", rule.fault or reason)


def _pass(
    table: Table, asked: "Sequence[_Asked]", on_rows: Callable[[int], None],
    stopped: Callable[[], bool],
) -> str:  # fmt: skip
    """Show every part to every rule; return why not all parts could be, or nothing."""
    needs = {name for one in asked for name in one.needs}
    names = [column.name for column in table.columns if column.name in needs]
    seen = 0
    try:
        for rows in table.batches(names or [column.name for column in table.columns[:1]]):
            if stopped():
                return f"Stopped after {plural(seen, 'row')}."
            for one in asked:
                one.see(rows, seen)
            seen += rows.height
            on_rows(seen)
    except WorkbenchError as error:
        return error.message
    return ""


class _Asked:
    """A rule, what watches for it, and why it cannot be asked once that is known."""

    def __init__(self, rule: Rule, context: Context) -> None:
        self._rule = rule
        self._watcher: Watcher | None = None
        self._settled: RuleResult | None = None
        try:
            if rule.fault:
                self._settled = told(rule, "error", rule.fault)
            else:
                self._watcher = _watcher(rule, context)
        except UndecidedError as error:
            self._settled = told(rule, "undecided", str(error))
        except WorkbenchError as error:
            self._settled = told(rule, "error", str(error))

    @property
    def needs(self) -> tuple[str, ...]:
        return () if self._watcher is None else self._watcher.needs

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        import polars as pl

        if self._watcher is None or self._settled is not None:
            return
        try:
            self._watcher.see(rows, at)
        except (WorkbenchError, pl.exceptions.PolarsError) as error:
            self._settled = told(self._rule, "error", _first_line(error))

    def result(self, broken: str) -> RuleResult:
        import polars as pl

        if self._settled is not None or self._watcher is None:
            return self._settled or told(self._rule, "error", broken)
        try:
            return self._watcher.broken(broken) if broken else self._watcher.result()
        except (WorkbenchError, pl.exceptions.PolarsError) as error:
            return told(self._rule, "error", _first_line(error))

    def close(self) -> None:
        if self._watcher is not None:
            self._watcher.close()


def _first_line(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return visible(text.splitlines()[0])


def _watcher(rule: Rule, context: Context) -> Watcher:
    if rule.kind != "expression":
        return _WATCHED[rule.kind](rule, context)
    tree = parse_expression(rule.options["expression"])
    if totals_of(tree):
        return Totals(rule, tree, context)
    nulls = rule.options.get("nulls", "undecided")
    return ByRow(rule, truth(tree, context), columns_of(tree), context, nulls=nulls)
