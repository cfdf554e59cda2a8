"""A small program with every widget in it, for tests and for looking at.

``python -m tests.tui.gallery`` shows it.
"""

import math
from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.app import App
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.charts.drawing import Drawing, Ink, Span, drawing
from workbench.tui.cells import Cell
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Context
from workbench.tui.palette import KeysProvider, NamesProvider
from workbench.tui.present import status
from workbench.tui.themes import APP_CSS, THEMES
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted
from workbench.tui.widgets.filter_box import FilterBox
from workbench.tui.widgets.header import HeaderFacts
from workbench.tui.widgets.lines import Rule
from workbench.tui.widgets.table_messages import MarkPressed, PageWanted, RowOpened, SortPressed
from workbench.tui.widgets.table_values import Column, Page, Row, Sheet, SortKey, next_sort
from workbench.tui.widgets.too_small import guard_size
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import age, number

STATES = ("FINISHED", "FINISHED", "RUNNING", "FAILED", "FINISHED", "KILLED", "STALE")
COLORS = ("#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#d55e00", "#4c9bd6", "#999999")
METRICS = ("val/auc", "val/loss", "train/loss", "val/f1", "train/acc")
PARAMS = ("lr", "model.depth", "batch_size", "optimizer", "dropout", "weight_decay")
NAMES = ("gbm-baseline", "gbm-target-encoding", "mlp-wide", "mlp-dropout", "linear")


def columns(extra: int = 17) -> tuple[Column, ...]:
    """Return some thirty columns; the first two stay in sight."""
    return (
        Column("name", "name", pinned=True),
        Column("status", "status"),
        *(Column(name, name, "right") for name in METRICS),
        *(Column(name, name, "right") for name in PARAMS),
        Column("age", "age", "right"),
        *(Column(f"tag{n}", f"tag{n}") for n in range(extra)),
    )


def metric(run: int, place: int) -> float:
    """Return a metric that is always the same for the same run."""
    return 0.5 + 0.45 * abs(math.sin(run * 12.9898 + place * 78.233))


def row(run: int, named: str | None = None, extra: int = 17) -> Row:
    """Return the row of a run; ``run`` is its key."""
    values = [metric(run, place) for place in range(len(METRICS))]
    best = values[0] > 0.948
    return Row(
        run,
        (
            Cell(named or f"{NAMES[run % 5]}-{run:05d}"),
            status(STATES[run % 7], inferred=run % 7 == 6),
            Cell(number(values[0], pad=True), "best good" if best else ""),
            *(Cell(number(value, pad=True)) for value in values[1:]),
            Cell(number(10 ** -(run % 4 + 1))),
            Cell(str(run % 9 + 2)),
            Cell(str(2 ** (run % 5 + 4))),
            Cell(("adam", "sgd", "adamw")[run % 3]),
            Cell(number(run % 5 / 10)),
            Cell(number(10 ** -(run % 3 + 3))),
            Cell(age((run % 977) * 61.0), "dim"),
            *(Cell(f"value {run % (n + 2)}", "dim") for n in range(extra)),
        ),
    )


def wave(width: int, height: int) -> Drawing:
    """Return something drawn: a wave of dots under a scale."""
    rows: list[list[Span]] = []
    for y in range(height - 2):
        at = [
            "⠒" if abs((math.sin(x / 9) + 1) / 2 * (height - 3) - y) < 0.6 else " "
            for x in range(width - 8)
        ]
        label = f"{1 - y / (height - 3):6.2f}"
        rows.append([Span(f"{label} ┤", Ink(dim=True)), Span("".join(at), Ink(0x56B4E9))])
    rows.append([Span(" " * 7 + "└" + "─" * (width - 8), Ink(dim=True))])
    rows.append([Span(" " * 8 + "0".ljust(width - 12) + "100", Ink(dim=True))])
    return drawing(width, height, rows)


class GalleryScreen(WorkbenchScreen):
    """A table over a chart, with a filter."""

    SCOPES = ("runs",)
    TITLE_WORDS = "Runs"
    DEFAULT_CSS = """
    GalleryScreen #runs { height: 2fr; }
    GalleryScreen #chart { height: 1fr; }
    """

    def __init__(self, count: int, names: dict[int, str]) -> None:
        super().__init__()
        self.keys = list(range(count))
        self.names = names
        self.fetched: list[tuple[int, int]] = []
        self.opened: list[object] = []
        self.filters: list[str] = []

    def body(self) -> Iterable[Widget]:
        """A table, a chart."""
        yield FilterBox()
        with Vertical(id="runs", classes="pane"):
            yield WindowedTable()
        with Vertical(id="chart", classes="pane"):
            yield Rule((Cell("val/auc", "bold"), Cell("  gbm-baseline-00003", "dim")))
            yield ChartView()

    @property
    def table(self) -> WindowedTable:
        """The table."""
        return self.query_one(WindowedTable)

    def on_mount(self) -> None:
        """Show the runs."""
        self.show()
        self.table.focus()
        self.tell_header()

    def key_context(self) -> Context:
        """Say what there is."""
        return Context(
            rows=len(self.keys),
            selected=bool(self.keys),
            marked=len(self.table.marks),
            metrics=5,
        )

    def tell_header(self, **changed: Any) -> None:
        """Say how much there is."""
        facts = [f"{len(self.keys):,} runs"]
        if self.table.marks:
            facts.append(f"{len(self.table.marks)} marked")
        told = HeaderFacts(("Runs",), "churn", tuple(facts), "watching", new=12)
        super().tell_header(
            **{name: getattr(told, name) for name in HeaderFacts.__slots__} | changed
        )

    def show(self, sort: tuple[SortKey, ...] = (SortKey("val/auc", descending=True),)) -> None:
        """Prepare a view and hand it over, as a screen does after a worker."""
        generation = self.table.sheet.generation + 1
        here = self.table.cursor_row
        key = here.key if here else None
        position = self.keys.index(key) if key in self.keys else None
        start, end = self.table.span_around(position or 0)
        first = start // 200 * 200
        page = self.page(first, max(end, first + 200), generation)
        sheet = Sheet(generation, len(self.keys), columns(), sort)
        self.table.replace_view(sheet, (page,), key=key, position=position)
        self.keys_changed()

    def page(self, start: int, stop: int, generation: int) -> Page:
        """Return the rows of a page."""
        rows = tuple(row(key, self.names.get(key)) for key in self.keys[start:stop])
        return Page(start, rows, generation)

    def insert(self, keys: list[int]) -> None:
        """Let runs arrive above all others."""
        self.keys = keys + self.keys
        self.show(self.table.sheet.sort)

    @on(PageWanted)
    def answer_page(self, event: PageWanted) -> None:
        """Hand a page over."""
        self.fetched.append((event.start, event.end))
        self.table.give(self.page(event.start, event.end, event.generation))

    @on(DrawingWanted)
    def draw(self, event: DrawingWanted) -> None:
        """Draw."""
        event.view.drawing = wave(event.width, event.height)

    @on(MarkPressed)
    def mark(self, event: MarkPressed) -> None:
        """Mark or unmark a run."""
        marks = dict(self.table.marks)
        if event.row.key in marks:
            del marks[event.row.key]
        else:
            marks[event.row.key] = Cell("abcdefgh"[len(marks) % 8], COLORS[len(marks) % 8])
        self.table.marks = marks
        self.tell_header()
        self.keys_changed()

    @on(SortPressed)
    def sort(self, event: SortPressed) -> None:
        """Show the order in the header."""
        self.show(next_sort(self.table.sheet.sort, event.column.key, turn=event.turn))

    @on(RowOpened)
    def open(self, event: RowOpened) -> None:
        """Remember what was opened."""
        self.opened.append(event.row.key)

    @on(FilterBox.Submitted)
    def filtered(self, event: FilterBox.Submitted) -> None:
        """Remember what was asked for."""
        self.filters.append(event.text)

    def press_filter(self) -> None:
        """Open the filter."""
        self.query_one(FilterBox).open()

    def press_columns(self) -> None:
        """Answer the key."""

    press_group = press_baseline = press_views = press_edit = press_columns
    press_metric_next = press_undo = press_archive = press_columns


class Gallery(Keyed, App[None]):
    """The program."""

    CSS = APP_CSS
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[Any]] = {KeysProvider, NamesProvider}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]

    def __init__(self, count: int = 5_051, names: dict[int, str] | None = None) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "workbench"
        self.gallery = GalleryScreen(count, names or {})

    def on_mount(self) -> None:
        """Show the one screen."""
        self.push_screen(self.gallery)

    def on_resize(self) -> None:
        """Mind the size."""
        guard_size(self)

    def press_quit(self) -> None:
        """Leave."""
        self.exit()

    def press_palette(self) -> None:
        """Find things by name."""
        self.action_command_palette()


if __name__ == "__main__":
    Gallery().run()
