"""Who did what to a model or to all, when and why; and what was in each stage at a date."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench import words
from workbench.errors import UsageError
from workbench.operations.registry.history import HeldLine, HistoryLine
from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    CatalogueChanged,
    Finished,
    PageReady,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets, heading
from workbench.tui.registry.card_lines import check_lines, version_words
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.narrow import NarrowBox, holds
from workbench.tui.widgets.prompt import PromptScreen
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.tui.widgets.table_values import Column

MOST = 2_000
"""Events shown; who wants more takes the command line's `workbench history`."""
_EVENTS = (
    Column("time", "when", pinned=True),
    Column("actor", "who", most=20),
    Column("model", "model", most=20),
    Column("what", "what", most=48),
    Column("why", "because", most=80),
)
_HELD = (
    Column("model", "model", pinned=True, most=24),
    Column("stage", "stage", most=20),
    Column("version", "held"),
    Column("since", "since"),
    Column("actor", "put there by", most=24),
    Column("reason", "because", most=80),
)
_NOTHING = "Nothing has happened to any model yet."


class Told(NamedTuple):
    """What is shown: events, or what was held at a moment."""

    lines: tuple[HistoryLine, ...]
    held: tuple[HeldLine, ...]
    at: str
    """The moment that was asked about, in words; empty for all events."""
    untold: tuple[tuple[str, str], ...] = ()
    """Models of which it cannot be told what they held, each with why."""


class HistoryScreen(WorkbenchScreen):
    """Show the history of a model, or of all."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("registry-history",)
    TITLE_WORDS: ClassVar[str] = "History of models"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("registry-history")]
    AUTO_FOCUS: ClassVar[str] = "#events"
    DEFAULT_CSS = """
    HistoryScreen #event-pane { height: 9; }
    HistoryScreen.-wide #event-pane { height: 16; }
    HistoryScreen #event { padding: 0 1; }
    """

    def __init__(self, session: Session, model: str = "") -> None:
        super().__init__()
        self.session = session
        self._model = model
        self._all = not model
        self._at = ""
        self._typed = ""
        self.told: Told | None = None

    def body(self) -> Iterable[Widget]:
        """Return the events over the whole of one."""
        yield NarrowBox()
        with Vertical(classes="pane"):
            yield ListTable(_NOTHING, id="events")
        with Vertical(id="event-pane", classes="pane"):
            yield Rule((Cell("Event", "bold"),), id="event-rule")
            yield Lines(id="event")

    def on_mount(self) -> None:
        """Read the history."""
        self.tell_header(workspace=self.session.title, watch=self.watch_below())
        self.reload()

    @property
    def table(self) -> ListTable:
        """Return the list."""
        return self.query_one("#events", ListTable)

    def key_context(self) -> Context:
        """Return what is possible now."""
        if self.told is None:
            return Context()
        return Context(rows=self.table.sheet.count, selected=self.table.entry is not None)

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Read it again."""
        session, model, at = self.session, "" if self._all else self._model, self._at
        off_thread(
            self, lambda: PageReady(tell_history(session, model, at)),
            group="history", about=(model, at), doing="Read the history",
        )  # fmt: skip

    def on_page_ready(self, event: PageReady) -> None:
        """Show it."""
        self.told = event.page
        self._show()

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what could not be read."""
        event.stop()
        tell_error(self.app, event.doing, event.error)

    def _show(self) -> None:
        told = self.told
        if told is None:
            return
        empty = f"Nothing here holds {self._typed}. Esc shows all." if self._typed else _NOTHING
        if not told.at:
            columns, entries = event_rows(told.lines, self._typed, every=self._all)
            self.table.show(columns, entries, words=empty)
        else:
            entries = [*untold_entries(told.untold), *held_entries(told.held, self._typed)]
            self.table.show(_HELD, entries, words="No stage held anything then.")
        self._tell(told)
        self._show_event()

    def _tell(self, told: Told) -> None:
        crumbs = ("Models", "History") if self._all else ("Models", self._model, "History")
        if told.at:
            crumbs = (*crumbs, f"at {told.at}")
            facts = ["Esc shows all events"]
        else:
            facts = [words.plural(len(told.lines), "event")]
            facts += ["the newest; `workbench history` prints all"] * (len(told.lines) == MOST)
        facts += [f"/{self._typed}"] * bool(self._typed)
        self.tell_header(crumbs=crumbs, facts=tuple(facts))
        self.keys_changed()

    def _show_event(self) -> None:
        pane, entry, told = self.query_one("#event", Lines), self.table.entry, self.told
        if entry is None or told is None:
            pane.show(())
            return
        if not told.at:
            line = next((one for one in told.lines if one.event_id == entry.key), None)
            pane.draw = partial(event_lines, line) if line is not None else None
        else:
            held = next((one for one in told.held if (one.model, one.stage) == entry.key), None)
            why = next((one for name, one in told.untold if (name, "") == entry.key), "")
            pane.draw = partial(held_lines, held) if held else partial(bullets, [why], "warn")
        pane.scroll_home(animate=False)

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Read it again when something happened."""
        if event.changes.models:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show the whole of the event under the cursor."""
        event.stop()
        self._show_event()

    # ------------------------------------------------------------ keys

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the model the event is about."""
        told, key = self.told, event.row.key
        if told is None:
            return
        line = next((one for one in told.lines if one.event_id == key), None)
        held = next((one for one in told.held if (one.model, one.stage) == key), None)
        found = line or held
        if found is not None:
            self.app.push_screen(
                screen_of("model", self.session, found.model, version=found.version)
            )

    def press_at_date(self) -> None:
        """Ask for a moment and show what each stage held then."""
        prompt = PromptScreen(
            "What was in each stage, when?", self._at,
            hint="2026-08-14 (at its end), 2026-08-14T09:30, -2d; empty shows all events",
            check=self._wrong_moment,
        )  # fmt: skip
        self.app.push_screen(prompt, self._take_moment)

    def _take_moment(self, text: str | None) -> None:
        if text is not None:
            self._at = text.strip()
            self.reload()

    def _wrong_moment(self, text: str) -> str | None:
        from workbench.operations.moments import moment_at  # noqa: PLC0415 - when asked for

        try:
            if text.strip():
                moment_at(text, self.session.clock.now())
        except UsageError as error:
            return str(error)
        return None

    def press_all_models(self) -> None:
        """Show all models, or the one again."""
        if not self._model:
            tell(self.app, "This is the history of all models.")
            return
        self._all = not self._all
        self.reload()

    def press_filter(self) -> None:
        """Narrow the list by letters."""
        self.query_one(NarrowBox).open(self._typed)

    def on_narrow_box_narrowed(self, event: NarrowBox.Narrowed) -> None:
        """Show only what holds the letters."""
        self._typed = event.text
        self._show()
        if event.done:
            self.table.focus()

    def press_copy(self) -> None:
        """Copy the whole event."""
        self.app.copy_to_clipboard(self.query_one("#event", Lines).text())
        tell(self.app, "Copied the event.")

    def press_export(self) -> None:
        """Write the list as text."""
        from workbench.operations.taking_along import write_page  # noqa: PLC0415

        titles = [column.title for column in self.table.sheet.columns]
        rows = [titles, *([cell.text for cell in each.cells] for each in self.table.entries)]
        lines = ["\t".join(words.visible(cell) for cell in row) for row in rows]
        name = "history" if self._all else f"{self._model}-history"
        work = partial(write_page, self.session, name, lines)
        off_thread(self, lambda: Finished(f"Wrote {work()}"), doing="Export")

    def on_finished(self, event: Finished) -> None:
        """Say where it is."""
        event.stop()
        tell(self.app, event.words)

    def press_back(self) -> None:
        """Show all again, then all events; then go back."""
        if self._typed:
            self._typed = ""
            self._show()
        elif self._at:
            self._at = ""
            self.reload()
        else:
            self.dismiss(None)


def tell_history(session: Session, model: str, at: str) -> Told:
    """Return the newest events, or what the stages held at a moment.

    Raises:
        UsageError: The moment cannot be read.
    """
    from workbench.operations.moments import moment_at  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.history import held, history, untold  # noqa: PLC0415

    if not at:
        return Told(history(session, model or None, limit=MOST), (), "")
    moment = moment_at(at, session.clock.now())
    asked = (session, moment, model or None)
    return Told((), held(*asked), "now" if moment is None else words.moment(moment), untold(*asked))


def event_rows(
    lines: Sequence[HistoryLine], typed: str = "", *, every: bool
) -> tuple[tuple[Column, ...], list[Entry]]:
    """Return a row per event and their columns; the model's is left out where it is but one."""
    columns = tuple(column for column in _EVENTS if every or column.key != "model")
    shown = [
        line
        for line in lines
        if holds(f"{line.actor} {line.model} {line.what} {line.why} {line.stage}", typed)
    ]
    return columns, [_event(line, every=every) for line in shown]


def _event(line: HistoryLine, *, every: bool) -> Entry:
    cells = (
        Cell(words.moment(line.time), "dim"),
        Cell(line.actor),
        *([Cell(line.model, "bold")] * every),
        Cell(f"{'! ' if line.overrides else ''}{line.what}", _style(line)),
        Cell(line.why, "italic"),
    )
    model = (line.model,) * every
    return Entry(line.event_id, cells, (line.time, line.actor, *model, line.what, line.why))


def _style(line: HistoryLine) -> str:
    if line.overrides:
        return "warn"
    return "accent" if line.kind in ("promoted", "rolled-back") else ""


def held_entries(held: Sequence[HeldLine], typed: str = "") -> list[Entry]:
    """Return a row per stage that held something."""
    return [
        Entry(
            (line.model, line.stage),
            (
                Cell(line.model, "bold"),
                Cell(line.stage),
                Cell(version_words(line.version), "bold"),
                Cell(words.moment(line.since), "dim"),
                Cell(line.actor),
                Cell(line.reason, "italic"),
            ),
        )
        for line in held
        if holds(f"{line.model} {line.stage} {line.actor} {line.reason}", typed)
    ]


def untold_entries(untold: Sequence[tuple[str, str]]) -> list[Entry]:
    """Return a row per model of which it cannot be told what it held."""
    return [
        Entry((name, ""), (Cell(name, "bold"), *[Cell("?", "warn")] * 4, Cell(why, "warn")))
        for name, why in untold
    ]


def held_lines(line: HeldLine, width: int) -> list[Line]:
    """Return the whole of what a stage held."""
    lines: list[Line] = [
        (Cell(f"{line.model} {line.stage}  ", "bold"), Cell(version_words(line.version), "bold")),
        (Cell(f"since {words.moment(line.since)}, put there by {line.actor}", "dim"),),
    ]
    return [*lines, *bullets([f"“{line.reason}”"] if line.reason else [], "italic", width)]


def event_lines(line: HistoryLine, width: int) -> list[Line]:
    """Return the whole of an event: the reason, its checks, what was overridden, who approved."""
    lines: list[Line] = [
        (Cell(f"{line.model}  ", "bold"), Cell(line.what)),
        (Cell(f"{words.moment(line.time)}, {line.actor} on {line.host}, event {line.seq}", "dim"),),
        *bullets([f"“{line.why}”"] if line.why else [], "italic", width),
    ]
    if line.said < line.time:
        slow = f"The author's clock said {words.moment(line.said)}, before the event before it."
        lines += bullets([slow], "warn", width)
    if line.checks:
        lines += heading("Checks", len(line.checks))
        for check in line.checks:
            lines += check_lines(check, width, override=line.overrides.get(check.name, ""))
    if line.approvals:
        lines += [(), (Cell("Approved by ", "dim"), Cell(", ".join(line.approvals)))]
    return lines
