"""What looks at the rows of a table for one rule, a part at a time, and what it needs to know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workbench.datasets.cells import cell
from workbench.datasets.fields import MASK
from workbench.datasets.filter_expressions import matching
from workbench.datasets.rules.rule import Example, Rule, RuleResult, State
from workbench.datasets.rules.wording import words
from workbench.datasets.table import Column, Table
from workbench.errors import UndecidedError, UsageError
from workbench.words import visible

if TYPE_CHECKING:
    import polars as pl

Lookup = Callable[[str], Table]
"""The table another rule names: a dataset such as ``countries@2``, or a file.

Raises `NotFoundError` where it is not there.
"""


def _no_lookup(name: str) -> Table:
    raise UndecidedError(f"{visible(name)} cannot be looked up here.")


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule is asked in."""

    columns: tuple[Column, ...]
    schema: "Mapping[str, pl.DataType]"
    now: float
    sensitive: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    """Columns that name a row, shown beside an example."""
    lookup: Lookup = _no_lookup
    scratch: Path | None = None
    """Where rows go that do not fit into memory; without it all stay there."""

    def type_of(self, name: str) -> str:
        """Return the word for a column's type.

        Raises:
            UsageError: There is no such column.
        """
        self.require(name)
        return next(column.type for column in self.columns if column.name == name)

    def require(self, *names: str) -> None:
        """Raise where one of the columns is not there."""
        for name in names:
            if name not in self.schema:
                raise UsageError(f"There is no column {visible(name)!r}.")

    def shown(self, name: str, value: object) -> str:
        """Return a value as text, hidden where its column is sensitive."""
        return MASK if name in self.sensitive else cell(value)

    def hides(self, rule: Rule) -> bool:
        """Say whether a value of the rule's columns must not be shown."""
        return any(name in self.sensitive for name in rule.columns)


class Watcher(Protocol):
    """Looks at every part of a table for one rule."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns it reads; it may read none."""

    def see(self, rows: "pl.DataFrame", at: int) -> None:
        """Look at a part that begins after ``at`` rows."""

    def result(self) -> RuleResult:
        """Return what came of it, now that all parts were seen."""

    def broken(self, reason: str) -> RuleResult:
        """Return what is known although not all parts could be read."""

    def close(self) -> None:
        """Let go of what was kept outside memory."""


def told(rule: Rule, state: State, reason: str = "", observed: str = "") -> RuleResult:
    """Return the result of a rule that is not of single rows, or could not be asked."""
    return RuleResult(rule, words(rule), state, reason=reason, observed=observed)


def where_of(rule: Rule, context: Context) -> "pl.Expr | None":
    """Return which rows a rule looks at; None for all of them."""
    return matching(rule.where, context.columns, context.schema, context.now)


def needed(columns: tuple[str, ...], where: "pl.Expr | None") -> tuple[str, ...]:
    """Return the columns a rule reads: its own, and those its filter asks for."""
    filtered = () if where is None else where.meta.root_names()
    return tuple(dict.fromkeys((*columns, *filtered)))


def example(
    context: Context, columns: tuple[str, ...], row: Mapping[str, object], at: int
) -> Example:
    """Return a row as an example: the columns asked about, and before them those that name it."""
    names = dict.fromkeys((*context.key, *columns))
    return Example(at, tuple((name, context.shown(name, row[name])) for name in names))
