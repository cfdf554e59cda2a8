"""The runs table: what is asked, what comes back, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.catalogue import columns as column_facts
from workbench.catalogue import table
from workbench.catalogue.query import (
    Column,
    ColumnFacts,
    Head,
    RunQuery,
    RunRow,
    Sort,
    Spread,
    TableView,
    Value,
    Varied,
)
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.filters import Names
    from workbench.filters.tree import Node

__all__ = [
    "Column",
    "ColumnFacts",
    "Head",
    "RunQuery",
    "RunRow",
    "Sort",
    "Spread",
    "TableView",
    "Value",
    "Varied",
    "best_values",
    "columns",
    "count_matching",
    "default_columns",
    "drop",
    "first_columns",
    "in_order",
    "members",
    "names",
    "page",
    "position",
    "prepare",
    "read_filter",
    "rows_of",
    "runs_in",
    "telling_first",
    "values_of",
]

_FEW = 4
_SEVERAL = 2
_WIDEST = 100
"""Characters of a param in a column nobody asked for: longer ones would be all of the table."""


def names(session: Session) -> "Names":
    """Return every name a filter may use."""
    from workbench.filters import Names  # noqa: PLC0415 - the language, where one filters

    found = column_facts.names(session.catalogue)
    return Names(found["params"], found["metrics"], found["tags"])


def read_filter(session: Session, text: str) -> "Node | None":
    """Return what a filter means here; None for an empty one.

    Raises:
        FilterError: It cannot be read, or a name in it is unknown or ambiguous.
    """
    if not text.strip():
        return None
    from workbench.catalogue.filtering import check_expressions  # noqa: PLC0415 - where one filters
    from workbench.filters import parse, resolve  # noqa: PLC0415 - where one filters

    text = text.encode("utf-8", "replace").decode()  # an argument may hold bytes that are no text
    tree = parse(text)
    if tree is None:
        return None
    check_expressions(session.catalogue, tree, text)
    return resolve(tree, names(session), text=text)


def prepare(session: Session, query: RunQuery) -> TableView:
    """Answer a query into memory and return the view to page through."""
    return table.prepare(session.catalogue, query, session.goals, session.clock.now())


def page(session: Session, view: TableView, start: int, stop: int) -> tuple[RunRow, ...]:
    """Return the lines ``start`` to ``stop`` (exclusive) of a view."""
    return table.page(session.catalogue, view, start, stop, session.goals)


def drop(session: Session, view: TableView) -> None:
    """Let go of a view."""
    table.drop(session.catalogue, view)


def position(session: Session, view: TableView, run: int) -> int | None:
    """Return the line a run stands on, or None."""
    return table.position(session.catalogue, view, run)


def runs_in(session: Session, view: TableView) -> tuple[int, ...]:
    """Return every matching run in the order of the view."""
    return table.runs_in(session.catalogue, view)


def members(session: Session, view: TableView, key: str) -> tuple[int, ...]:
    """Return the runs of one group in the order of the view."""
    return table.members(session.catalogue, view, key)


def best_values(session: Session, view: TableView) -> Mapping[Column, float]:
    """Return the best value of every metric column whose direction is known."""
    return table.best_values(session.catalogue, view, session.goals)


def rows_of(
    session: Session, runs: Sequence[int], columns: Sequence[Column]
) -> Mapping[int, tuple[Value, ...]]:
    """Return the cells of the given runs."""
    return table.rows_of(session.catalogue, runs, columns, session.goals)


def count_matching(session: Session, text: str, *, archived: bool = False) -> int:
    """Return how many runs a filter matches.

    Raises:
        FilterError: It cannot be read.
    """
    query = RunQuery(filter=read_filter(session, text), archived=archived)
    return table.count_matching(session.catalogue, query, session.goals, session.clock.now())


def columns(session: Session) -> tuple[ColumnFacts, ...]:
    """Return every param, metric and tag any run has."""
    return column_facts.columns(session.catalogue)


def values_of(session: Session, column: Column) -> tuple[str, ...]:
    """Return the commonest values of a column, for completion."""
    return column_facts.values_of(session.catalogue, column)


def first_columns(
    session: Session, facts: Sequence[ColumnFacts] | None = None
) -> tuple[Column, ...]:
    """Return the columns a table begins with; who wrote a run is one where several tools did.

    Args:
        session: Where the runs are.
        facts: What `columns` returned, if that is known already.
    """
    chosen = default_columns(columns(session) if facts is None else facts)
    if len(column_facts.formats(session.catalogue)) < _SEVERAL:
        return chosen
    name, status, *others = chosen
    format_, experiment = Column("attribute", "format"), Column("attribute", "experiment")
    return (name, status, format_, experiment, *(c for c in others if c != experiment))


def default_columns(facts: Sequence[ColumnFacts]) -> tuple[Column, ...]:
    """Return the columns to begin with: what most runs have and what differs.

    Metrics of the machine come last in the choice and never by themselves, nor do params
    that would fill the table; a metric whose direction is known is more likely the one that counts.
    """
    metrics = [f for f in facts if f.column.kind == "metric" and not _is_system(f)]
    metrics.sort(key=lambda f: (_rank(f), -f.runs, f.column.name))
    params = [f for f in facts if f.column.kind == "param" and f.distinct > 1]
    params = [f for f in params if f.longest <= _WIDEST]
    params.sort(key=lambda f: (-f.runs, f.column.name))
    return (
        Column("attribute", "name"),
        Column("attribute", "status"),
        *(f.column for f in metrics[:_FEW]),
        *(f.column for f in params[:_FEW]),
        Column("attribute", "started"),
        Column("attribute", "duration"),
        Column("attribute", "experiment"),
    )


def _is_system(facts: ColumnFacts) -> bool:
    return facts.column.name.startswith("system/")


def _rank(facts: ColumnFacts) -> int:
    held_out = facts.column.name.casefold().startswith(("val", "test", "valid", "eval"))
    if facts.origin in ("settings", "script"):
        return 0 if held_out else 1
    if held_out:
        return 2
    return 3 if facts.goal else 4


def in_order(metrics: Iterable[str], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return a run's metrics as the table orders them, then its others, the machine's last."""
    places = {column.name: n for n, column in enumerate(columns) if column.kind == "metric"}
    return tuple(
        sorted(
            metrics, key=lambda name: (name.startswith("system/"), places.get(name, len(places)))
        )
    )


def telling_first(session: Session, metrics: Iterable[str]) -> tuple[str, ...]:
    """Return metrics as they are to be looked at: those that count first, the machine's last."""
    return in_order(metrics, default_columns(columns(session)))
