"""The files of a run: a list, and beside it what can be shown of the one under the cursor."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widget import Widget

from workbench.operations.run_detail import Table
from workbench.tui.cells import Cell, Line
from workbench.tui.folding import folded
from workbench.tui.run.lists import FILES
from workbench.tui.run.loader import Shown
from workbench.tui.widgets.chart_view import ChartView
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.table_values import Column
from workbench.words import plural, size

_MOST_LINES = 5_000


class FilesPane(Container):
    """Show files and a look into one of them."""

    DEFAULT_CSS = """
    FilesPane #files-box { height: 1fr; layout: vertical; }
    FilesPane #files-list { height: 7; }
    FilesPane #preview { height: 1fr; width: 1fr; }
    FilesPane.-beside #files-box { layout: horizontal; }
    FilesPane.-beside #files-list { width: 48; height: 1fr; margin-right: 2; }
    """
    path: str = ""
    """The file that is shown, or about to be."""

    def compose(self) -> ComposeResult:
        """Put the list before the preview."""
        yield Rule((Cell("Files", "bold"),))
        with Container(id="files-box"):
            yield ListTable("This run left no files behind.", id="files-list")
            with Vertical(id="preview"):
                yield Rule(id="preview-title")
                yield Lines(id="preview-text")
                yield ListTable(id="preview-table")
                yield ChartView(id="preview-picture")

    def on_mount(self) -> None:
        """Begin with words."""
        self._only("preview-text")

    def list(self, entries: Sequence[Entry]) -> None:
        """Show these files."""
        self.query_one("#files-list", ListTable).show(FILES, entries)

    @property
    def room(self) -> tuple[int, int]:
        """Return the cells there are for a picture."""
        box = self.query_one("#preview").size
        return max(1, box.width), max(1, box.height - 1)

    def show(self, shown: Shown) -> None:
        """Show what a file holds; one that is not wanted any more is let go."""
        if shown.path != self.path:
            return
        found = shown.preview
        self._title(shown)
        if shown.picture is not None:
            self._only("preview-picture")
            picture = self.query_one("#preview-picture", ChartView)
            picture.drawing, picture.words = shown.picture, ""
        elif found.table is not None:
            self._only("preview-table")
            self._table(found.table)
        else:
            self._only("preview-text")
            text, style = (found.text, "") if found.text else (found.reason, "dim")
            self.query_one("#preview-text", Lines).draw = lambda width: text_lines(
                text or "This file is empty.", style if text else "dim", width
            )

    def _title(self, shown: Shown) -> None:
        rule = self.query_one("#preview-title", Rule)
        rule.title = (Cell(shown.path, "bold"),)
        table = shown.preview.table
        facts = size(shown.preview.size)
        if table is not None:
            first = "the first " if table.more else ""
            facts = f"{first}{plural(len(table.rows), 'row')}, {facts}"
        rule.end = (Cell(facts, "dim"),)

    def _table(self, table: Table) -> None:
        columns = tuple(Column(f"{n}", name or f"({n})") for n, name in enumerate(table.columns))
        entries = [
            Entry(n, tuple(Cell(value) for value in row), tuple(map(_sortable, row)))
            for n, row in enumerate(table.rows)
        ]
        self.query_one("#preview-table", ListTable).show(columns, entries)

    def _only(self, id_: str) -> None:
        for widget in self.query("#preview > *").results(Widget):
            widget.display = widget.id in (id_, "preview-title")


def text_lines(text: str, style: str, width: int) -> list[Line]:
    """Return the beginning of a text as lines of a width."""
    lines = folded(text, width)
    shown: list[Line] = [(Cell(line, style),) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        shown.append((Cell(f"… {len(lines) - _MOST_LINES:,} more lines", "dim"),))
    return shown


def _sortable(value: str) -> float | str | None:
    try:
        return float(value)
    except ValueError:
        return value or None
