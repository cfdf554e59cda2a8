"""What the runs screen fetches away from the UI thread: views, pages, overviews.

Every function takes a session and frozen values and returns frozen values; none
touches a widget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from workbench.catalogue.columns import formats
from workbench.catalogue.places import numbers
from workbench.errors import FilterError, WorkbenchError
from workbench.operations import runs_table
from workbench.operations.runs_table import Column, ColumnFacts, RunQuery, Sort, TableView
from workbench.operations.session import Session
from workbench.operations.views import View
from workbench.tui.runs.rows import Context, key_of, row_of, shown_column
from workbench.tui.widgets.table_values import PAGE_ROWS, Page, Sheet, SortKey

if TYPE_CHECKING:
    from workbench.filters.tree import Node

NAME = Column("attribute", "name")
_KNOWN = (Column("attribute", "id"), NAME, Column("attribute", "note"))


class Known(NamedTuple):
    """What a key needs of a run at once, without asking anybody."""

    run_id: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A view that somebody wants to see."""

    generation: int
    view: View
    expanded: frozenset[str]
    cursor: int | None
    """The run under the cursor, to be found again."""
    span: tuple[int, int]
    """Lines on the screen now."""
    newest: int | None = None
    """The newest run nobody has looked at."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A view that is ready to be shown."""

    wanted: Wanted
    table: TableView
    sheet: Sheet
    pages: tuple[Page, ...]
    position: int | None
    """The line the cursor's run stands on now."""
    columns: tuple[Column, ...]
    facts: tuple[ColumnFacts, ...]
    folded: int
    """Columns left out because they are the same in every run."""
    context: Context
    marks: Mapping[str, int]
    """Run id of every mark and the baseline to its number."""
    known: Mapping[int, Known]
    """What is known of the marked runs, wherever they are in the table."""
    newest_at: int | None
    """The line the newest run stands on."""
    refused: str = ""
    """Why the filter cannot be answered; the table then shows all runs."""
    tool: str = ""
    """The format of all runs of a folder that is no workspace; empty where there are several."""


def load(session: Session, wanted: Wanted) -> Loaded:
    """Answer a view and fetch the rows around the cursor.

    A filter may name what no run has yet, or has no more: then all runs are shown, and it is
    asked again with the next answer.
    """
    view = wanted.view
    tree, refused = _filter(session, view.filter)
    facts = runs_table.columns(session)
    columns = view.columns or runs_table.first_columns(session, facts)
    query = RunQuery(
        filter=tree,
        columns=columns,
        sort=view.sort,
        group=view.group,
        expanded=wanted.expanded,
        archived=view.archived,
    )
    table = runs_table.prepare(session, query)
    marks = numbers(session.catalogue, [*view.marks, *([view.baseline] if view.baseline else [])])
    context = _context(session, table, view, columns, marks)
    position, newest_at = (
        runs_table.position(session, table, run) if run is not None else None
        for run in (wanted.cursor, wanted.newest)
    )
    sheet = _sheet(wanted.generation, table, view, columns)
    starts = _page_starts(wanted.span, position, table.rows)
    pages = tuple(fetch(session, table, start, sheet.generation, context) for start in starts)
    return Loaded(
        wanted, table, sheet, pages, position, columns, facts, _folded(facts, view), context, marks,
        known(session, list(marks.values())), newest_at, refused,
        _tool(session),
    )  # fmt: skip


def _filter(session: Session, text: str) -> tuple["Node | None", str]:
    """Return what a filter means here, or why it cannot be answered."""
    try:
        return runs_table.read_filter(session, text), ""
    except FilterError as error:
        return None, error.message


def _tool(session: Session) -> str:
    found = formats(session.catalogue) if session.workspace is None else ()
    return found[0] if len(found) == 1 else ""


def fetch(
    session: Session, table: TableView, start: int, generation: int, context: Context
) -> Page:
    """Return one page of finished rows."""
    stop = min(start + PAGE_ROWS, table.rows)
    lines = runs_table.page(session, table, start, stop)
    about = known(session, [line.run for line in lines if line.head is None])
    rows = tuple(
        row_of(line, table.query.columns, context)._replace(about=about.get(line.run))
        for line in lines
    )
    return Page(start, rows, generation)


def known(session: Session, runs: Sequence[int]) -> dict[int, Known]:
    """Return what is known of runs by their number."""
    found = runs_table.rows_of(session, runs, _KNOWN) if runs else {}
    return {run: Known(*(str(cell or "") for cell in cells)) for run, cells in found.items()}


def _context(
    session: Session,
    table: TableView,
    view: View,
    columns: tuple[Column, ...],
    marks: Mapping[str, int],
) -> Context:
    baseline = marks.get(view.baseline)
    values = {}
    if baseline is not None:
        cells = runs_table.rows_of(session, [baseline], columns).get(baseline, ())
        values = dict(zip(columns, cells, strict=False))
    return Context(
        now=session.clock.now(),
        goals=session.goals,
        best=runs_table.best_values(session, table),
        baseline=values,
        baseline_run=baseline,
        by_seed=any(column.name == "recipe" for column in view.group),
    )


def _sheet(generation: int, table: TableView, view: View, columns: tuple[Column, ...]) -> Sheet:
    widths = dict(view.widths)
    return Sheet(
        generation,
        table.rows,
        tuple(
            shown_column(column, width=widths.get(key_of(column)), pinned=place < view.pinned)
            for place, column in enumerate(columns)
        ),
        tuple(SortKey(key_of(sort.column), sort.descending) for sort in view.sort),
    )


def _page_starts(span: tuple[int, int], position: int | None, rows: int) -> list[int]:
    """Return the pages on the screen if the cursor's row keeps its place."""
    top, end = span
    if position is not None:
        height = end - top
        top, end = max(0, position - height), position + height
    first, last = top // PAGE_ROWS, max(0, min(end, rows) - 1) // PAGE_ROWS
    return [number * PAGE_ROWS for number in range(first, last + 1)] if rows else []


def _folded(facts: tuple[ColumnFacts, ...], view: View) -> int:
    """Return how many params say nothing because every run has the same."""
    if view.columns:
        return 0
    return sum(1 for fact in facts if fact.column.kind == "param" and fact.distinct == 1)


def sorted_by(view: View, keys: tuple[SortKey, ...], columns: tuple[Column, ...]) -> View:
    """Return the view with the order a table's header stands for."""
    by_key = {key_of(column): column for column in columns}
    return replace(
        view,
        sort=tuple(
            Sort(by_key[key.column], key.descending) for key in keys if key.column in by_key
        ),
    )


def count(
    session: Session, text: str, *, archived: bool
) -> tuple[int | None, WorkbenchError | None]:
    """Return how many runs a filter matches, or why it cannot be read."""
    try:
        return runs_table.count_matching(session, text, archived=archived), None
    except WorkbenchError as error:
        return None, error
