"""What can be asked of the runs table, as frozen values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from workbench.filters.tree import Node

Kind = Literal["attribute", "param", "metric", "tag"]


class Column(NamedTuple):
    """One column of the runs table."""

    kind: Kind
    name: str
    part: str = "last"
    """Of a metric: last, min, max, first, best, count, nans, or a step of one of them."""

    @property
    def title(self) -> str:
        """Return what stands above the column."""
        if self.kind != "metric" or self.part == "last":
            return self.name
        return f"{self.part.replace('_', ' ')} {self.name}"


class Sort(NamedTuple):
    """One key of an order; missing and NaN values come last either way."""

    column: Column
    descending: bool = False


SEEDS = Column("attribute", "recipe")
"""Grouping by this collapses runs that are equal in all but the seed."""


@dataclass(frozen=True, slots=True)
class RunQuery:
    """Which runs, in which order, with which columns."""

    filter: "Node | None" = None
    columns: tuple[Column, ...] = ()
    sort: tuple[Sort, ...] = ()
    group: tuple[Column, ...] = ()
    expanded: frozenset[str] = frozenset()
    """Keys of the groups whose runs are listed beneath them."""
    archived: bool = False
    """Show the archived runs, and only those."""


class Spread(NamedTuple):
    """Mean and sample standard deviation of ``n`` values; ``std`` is None for one."""

    mean: float
    std: float | None
    n: int
    best: float | None = None
    """The best of them by the metric's direction; None where it has none."""
    goal: str = ""
    """``min`` or ``max`` where there is a best."""


class Varied(NamedTuple):
    """The smallest and the largest of the different values a group has in a column."""

    low: float | str
    high: float | str


Value = float | int | str | bool | Spread | Varied | None


class Head(NamedTuple):
    """The row that stands for a group."""

    key: str
    members: int
    expanded: bool


class RunRow(NamedTuple):
    """One row of the table; of a group it is the first run and the group's values."""

    run: int
    run_id: str
    status: str
    inferred: bool
    faults: int
    contested: str
    cells: tuple[Value, ...]
    head: Head | None = None


class TableView(NamedTuple):
    """An answered query, kept sorted in memory for paging."""

    name: str
    query: RunQuery
    rows: int
    """Lines of the table, groups included."""
    matching: int
    """Runs that match."""
    total: int
    """Runs there are, without archived ones unless those are asked for."""


class ColumnFacts(NamedTuple):
    """What is known of a column over all runs."""

    column: Column
    runs: int
    """Runs that have it."""
    distinct: int
    """Different values; 1 and ``runs`` equal to all runs means it is constant."""
    sample: str
    numeric: bool
    goal: str = ""
    """``min`` or ``max`` where known."""
    origin: str = ""
    """Who said so: ``settings``, ``script`` or ``guessed``."""
    longest: int = 0
    """Characters of its longest value, where that was counted: a param's."""
