"""One row of data, all of it: every column under the other, long and nested values whole."""

import json
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from workbench.catalogue.data_views import View
from workbench.datasets.fields import MASK
from workbench.datasets.table import LIST, STRUCT, Column
from workbench.operations.datasets import row_words
from workbench.operations.datasets.rows import Rows
from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line, cut, visible, width_of
from workbench.tui.data.rows_cells import NULL, cell_of
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import Learned
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import Lines
from workbench.words import count

_NAME_WIDE, _TYPE_WIDE = 28, 12
_MOST_LINES = 2000
"""Of one value; the rest is said to be there."""
_LONGEST = 100_000
"""Letters of one value that are laid out."""


class Record(NamedTuple):
    """A row with all its columns."""

    number: int
    values: tuple[Any, ...]


class RecordScreen(WorkbenchScreen):
    """Show a row."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("record",)
    TITLE_WORDS: ClassVar[str] = "A row"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("record")]
    AUTO_FOCUS: ClassVar[str] = "#record"
    DEFAULT_CSS = "RecordScreen #record { padding: 0 1; }"

    def __init__(self, session: Session, rows: Rows, view: View, position: int) -> None:
        """Show a row of a view.

        Args:
            session: The workspace.
            rows: The data.
            view: Which rows there are to go through.
            position: The row's place in the view.
        """
        super().__init__()
        self.session = session
        self._rows = rows
        self._view = view
        self._position = position
        self._record: Record | None = None

    def body(self) -> Iterable[Widget]:
        """Return the lines of the row."""
        yield Lines(id="record")

    def on_mount(self) -> None:
        """Fetch the row."""
        self.tell_header(workspace=self.session.title, watch=self.watch_below())
        self._fetch()

    def key_context(self) -> Context:
        """Return what is possible now."""
        return Context(rows=self._view.rows, selected=self._record is not None)

    def _fetch(self) -> None:
        rows, view, position = self._rows, self._view, self._position

        def work() -> Learned:
            number = rows.page(position, 1, view, [])[0].number
            return Learned(self._show, Record(number, rows.row(number)))

        off_thread(self, work, group="record", doing="Read the row")

    def _show(self, record: Record) -> None:
        self._record = record
        columns = self._rows.columns
        self.tell_header(
            crumbs=("Data", visible(self._rows.title), f"row {count(record.number + 1)}"),
            facts=(f"{count(self._position + 1)} of {count(self._view.rows)} shown",),
        )
        lines = self.query_one("#record", Lines)
        lines.draw = lambda width: tuple(record_lines(columns, record.values, width))
        self.keys_changed()

    def press_next_row(self) -> None:
        """Show the row below."""
        self._step(1)

    def press_previous_row(self) -> None:
        """Show the row above."""
        self._step(-1)

    def _step(self, by: int) -> None:
        place = self._position + by
        if 0 <= place < self._view.rows:
            self._position = place
            self._fetch()

    def press_copy(self) -> None:
        """Copy the row as JSON, masked as it is shown."""
        if self._record is not None:
            columns = self._rows.columns
            pairs = zip(columns, self._record.values, strict=True)
            plain = {column.name: row_words.as_json(column, value) for column, value in pairs}
            self.app.copy_to_clipboard(json.dumps(plain, ensure_ascii=False, indent=2))
            tell(self.app, "Copied the row as JSON.")

    def press_back(self) -> None:
        """Go back to the rows, on this one."""
        self.dismiss(self._position)


def record_lines(columns: Sequence[Column], values: Sequence[Any], width: int) -> Iterator[Line]:
    """Yield a row as lines: name, type and value of each column."""
    names = max((width_of(visible(column.name)) for column in columns), default=0)
    wide = min(names, _NAME_WIDE)
    room = max(10, width - wide - _TYPE_WIDE - 2)
    gap = " " * (wide + _TYPE_WIDE + 2)
    for column, value in zip(columns, values, strict=True):
        name = cut(column.name, wide)
        kind = column.type + " " * (_TYPE_WIDE - len(column.type))
        head = (Cell(name, "bold"), Cell(" " * (wide - width_of(name) + 1)), Cell(kind, "dim"),
                Cell(" "))  # fmt: skip
        for place, cell in enumerate(_value_lines(column, value, room)):
            yield (*head, cell) if place == 0 else (Cell(gap), cell)


def _value_lines(column: Column, value: Any, room: int) -> list[Cell]:
    cell = cell_of(column, value)
    if cell is NULL or value == MASK:
        return [cell]
    text = _indented(cell.text) if column.type in (LIST, STRUCT) else cell.text
    lines = [piece for line in text[:_LONGEST].splitlines() for piece in _wrapped(line, room)]
    kept = [Cell(line, cell.style) for line in lines[:_MOST_LINES]] or [cell]
    more = len(text) > _LONGEST or len(lines) > _MOST_LINES
    return [*kept, Cell("… and more: y on the table copies all of it", "dim")] if more else kept


def _wrapped(line: str, room: int) -> list[str]:
    shown = visible(line)
    return wrap(shown, room, drop_whitespace=False, replace_whitespace=False) or [""]


def _indented(text: str) -> str:
    """Return a nested value spread over lines, as far as it is whole."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
