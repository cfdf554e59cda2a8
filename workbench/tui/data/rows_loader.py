"""What the screen of rows fetches away from the UI thread: views, pages, counts, completions.

Every function takes the rows and frozen values and returns frozen values; none touches a widget.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from workbench.catalogue.data_views import Only, View
from workbench.datasets.table import Column
from workbench.errors import FilterError
from workbench.filters import complete_rows
from workbench.operations.datasets.rows import BLOCK, Order, Rows
from workbench.tui.data.rows_cells import NUMBER_KEY, row_of, shown_columns
from workbench.tui.messages import CountReady
from workbench.tui.widgets.filter_box import Answer, Completion
from workbench.tui.widgets.table_values import PAGE_ROWS, Page, Sheet, SortKey

MOST_COLUMNS: Final = 100
"""Side by side; of a wider table the rest is chosen by name."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the rows are looked at."""

    filter: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    only: Only = ""
    only_columns: tuple[str, ...] = ()
    columns: str = ""
    """Names and patterns of the columns to show, with commas; empty for all."""

    @property
    def order(self) -> Order:
        """Return which rows that is."""
        return Order(self.filter, self.sort, self.only, self.only_columns)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A look that somebody wants to have."""

    generation: int
    look: Look
    cursor: int | None
    """The number of the row under the cursor, to be found again."""
    span: tuple[int, int]
    """Lines on the screen now."""
    widths: Mapping[str, int] = field(default_factory=dict)
    from_top: bool = False
    """The first rows are wanted, wherever the cursor's row is now."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A look that is ready to be shown."""

    wanted: Wanted
    view: View
    sheet: Sheet
    pages: tuple[Page, ...]
    position: int | None
    """The line the cursor's row stands on now; None to stay on the line that it is on."""
    columns: tuple[Column, ...]
    """Those that are shown."""
    total: int
    """Rows at hand."""
    from_top: bool = False
    """The cursor goes to the first row: its own is not wanted, or is not there any more."""


def load(rows: Rows, wanted: Wanted) -> Loaded | None:
    """Answer a look and fetch the rows around the cursor; None where it was stopped.

    Raises:
        FilterError: The filter cannot be read.
        FormatError: The files cannot be read any more, or have changed.
    """
    look = wanted.look
    view = rows.arrange(look.order)
    if view is None:
        return None
    columns = chosen_columns(rows.columns, look.columns)[:MOST_COLUMNS]
    sheet = Sheet(
        wanted.generation,
        view.rows,
        shown_columns(columns, wanted.widths, rows.masked),
        tuple(SortKey(name, largest) for name, largest in look.sort),
    )
    position = _line_of(rows, wanted, view)
    from_top = wanted.from_top or (position is None and wanted.cursor is not None)
    pages = tuple(
        fetch(rows, view, columns, start, sheet.generation)
        for start in _page_starts(wanted.span, 0 if from_top else position, view.rows)
    )
    return Loaded(wanted, view, sheet, pages, position, columns, rows.at_hand, from_top)


def _line_of(rows: Rows, wanted: Wanted, view: View) -> int | None:
    """Return the line that the cursor's row stands on, if anybody wants to stay with it."""
    if wanted.cursor is None or wanted.from_top:
        return None
    return rows.find(wanted.cursor, view)


def fetch(rows: Rows, view: View, columns: Sequence[Column], start: int, generation: int) -> Page:
    """Return one page of finished rows."""
    names = [column.name for column in columns]
    found = rows.page(start, PAGE_ROWS, view, names)
    return Page(start, tuple(row_of(row, columns) for row in found), generation)


def fetch_ahead(
    rows: Rows, view: View, columns: Sequence[Column], start: int, *, down: bool
) -> None:
    """Fetch the block that comes next, so that scrolling on does not wait for it."""
    place = (start // BLOCK + (1 if down else -1)) * BLOCK
    if 0 <= place < view.rows:
        rows.page(place, 1, view, [column.name for column in columns])


def chosen_columns(columns: Sequence[Column], chosen: str) -> tuple[Column, ...]:
    """Return the columns whose names fit, in the order they were written; all for none."""
    patterns = [one.strip() for one in chosen.split(",") if one.strip()]
    exact = {column.name: column for column in columns}
    found: dict[str, Column] = {}
    for pattern in patterns:
        if pattern in exact:
            found[pattern] = exact[pattern]
            continue
        folded = pattern.casefold()
        folded = folded if any(sign in folded for sign in "*?[") else f"*{folded}*"
        found |= {one.name: one for one in columns if fnmatchcase(one.name.casefold(), folded)}
    return tuple(found.values()) if patterns else tuple(columns)


def _page_starts(span: tuple[int, int], position: int | None, rows: int) -> list[int]:
    """Return the pages on the screen if the cursor's row keeps its place."""
    top, end = span
    if position is not None:
        height = end - top
        top, end = max(0, position - height), position + height
    elif top >= rows:
        top, end = 0, end - top
    first, last = top // PAGE_ROWS, max(0, min(end, rows) - 1) // PAGE_ROWS
    return [number * PAGE_ROWS for number in range(first, last + 1)] if rows else []


def counted(rows: Rows, text: str, column: int) -> CountReady | None:
    """Return what is known about a filter that is being typed; None where another came."""
    completions = _completions(rows, text, column)
    total = rows.at_hand
    try:
        matching = rows.matching(text)
        if matching is None:
            return None
        answer = Answer(text, matching, total, completions=completions)
    except FilterError as error:
        # While a name is being typed, what could follow says more than what is wrong.
        at_the_end = error.column >= len(text.rstrip())
        if at_the_end and completions:
            answer = Answer(text, None, total, "", error.column, completions)
        else:
            answer = refused(text, error)
    return CountReady(text, answer.matching, total, answer)


def refused(text: str, error: FilterError) -> Answer:
    """Return what is wrong with a filter, and where."""
    said = f"{error.message} {error.hint}".strip()
    return Answer(text, None, 0, said, error.column)


def _completions(rows: Rows, text: str, column: int) -> tuple[Completion, ...]:
    offers = complete_rows(text, column, rows.columns, rows.values) if text else []
    return tuple(Completion(offer.text, offer.start, offer.kind) for offer in offers)


def sorted_by(keys: Sequence[SortKey]) -> tuple[tuple[str, bool], ...]:
    """Return the order a header stands for; by the number of the row is as the rows are."""
    return tuple((key.column, key.descending) for key in keys if key.column != NUMBER_KEY)
