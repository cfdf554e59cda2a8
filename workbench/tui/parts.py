"""Screens of several parts: side by side where there is room, else one at a time.

A strip names all parts. Tab goes from one to the next and brings it to the front; on a
wide screen parts that belong together stand beside each other. `z` gives one of
them the whole screen.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.containers import Container
from textual.events import Click, Resize
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from workbench.tui.cells import Cell, Line, width_of
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import OneLine
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.narrow import NarrowBox

WIDE_FROM = 120


class Part(NamedTuple):
    """A part of a screen: the id of its pane, its title, and the widgets Tab stops at."""

    id: str
    title: str
    stops: tuple[str, ...]
    narrows: bool = False
    """Letters typed after ``/`` narrow what it lists."""


class Tab(NamedTuple):
    """A part's name on the strip."""

    id: str
    title: str
    badge: str = ""
    alarm: bool = False
    """The badge says that something is wrong; it is shown at every width."""


class PartStrip(OneLine):
    """The names of all parts; the one with the keys is marked."""

    DEFAULT_CSS = "PartStrip { height: 1; background: $background; }"

    tabs: reactive[tuple[Tab, ...]] = reactive((), init=False)
    active: reactive[str] = reactive("", init=False)
    shown: reactive[tuple[str, ...]] = reactive((), init=False)

    class Chosen(Message):
        """Somebody clicked on a name."""

        def __init__(self, part: str) -> None:
            super().__init__()
            self.part = part

    def line(self, width: int) -> Line:
        """Return the strip for a width."""
        return strip_line(self.tabs, self.active, self.shown, width)

    def on_click(self, event: Click) -> None:
        """Take the name under the mouse."""
        at = 0
        pieces = strip_pieces(self.tabs, self.active, self.shown, self.size.width)
        for tab, cells in zip(self.tabs, pieces, strict=True):
            at += sum(width_of(cell.text) for cell in cells)
            if event.x < at:
                self.post_message(self.Chosen(tab.id))
                return


class PartsScreen(WorkbenchScreen):
    """A screen of parts; says which there are and which stand together."""

    PARTS: ClassVar[tuple[Part, ...]] = ()
    GROUPS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Parts that stand side by side on a wide screen."""
    STACKS: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Parts of a group that stand one above the other where there is no room beside."""
    DEFAULT_CSS = """
    PartsScreen #parts { height: 1fr; layout: grid; grid-gutter: 0 2; }
    PartsScreen #parts > .pane { height: 1fr; width: 1fr; }
    PartsScreen #parts.-single { grid-size: 1 1; }
    PartsScreen #parts.-single > .pane > Rule { display: none; }
    """

    part: reactive[str] = reactive("", init=False)

    def __init__(self) -> None:
        super().__init__()
        self._zoomed = False
        self.narrowed: dict[str, str] = {}
        self.set_reactive(PartsScreen.part, self.PARTS[0].id)

    def body(self) -> Iterable[Widget]:
        """Put the strip over the parts."""
        yield PartStrip()
        yield NarrowBox()
        with Container(id="parts"):
            yield from self.panes()

    def panes(self) -> Iterable[Widget]:
        """Return one pane per part, its id the part's, its class ``pane``."""
        return ()

    def narrow(self, part: str, text: str) -> None:
        """Show in a part only what holds the text; screens know how."""

    def tell_tabs(self, tabs: Sequence[Tab]) -> None:
        """Say how much is in each part."""
        self.query_one(PartStrip).tabs = tuple(tabs)

    # ------------------------------------------------------------ which part

    def on_mount(self) -> None:
        """Begin with the first part."""
        self.tell_tabs([Tab(part.id, part.title) for part in self.PARTS])
        self.watch(self, "focused", self._follow_focus, init=False)
        self._lay_out()
        self.go_to(self.part)

    def on_resize(self, _event: Resize) -> None:
        """Show as many parts as there is room for."""
        self._lay_out()
        self._keep_focus()

    def watch_part(self) -> None:
        """Bring the part to the front."""
        self._lay_out()

    def go_to(self, part: str, stop: str = "") -> None:
        """Bring a part to the front and give it the keys."""
        self.part = part
        stops = [each for each in self._stops() if each[0] == part]
        wanted = next((each for each in stops if each[1].id == stop), stops[0] if stops else None)
        if wanted is not None:
            inner = _focusable(wanted[1])
            if inner is not None:
                self.set_focus(inner)

    def _lay_out(self) -> None:
        if not self.is_mounted:
            return
        shown = self._shown()
        box = self.query_one("#parts")
        box.set_class(len(shown) == 1, "-single")
        for number, group in enumerate(self.GROUPS):
            box.set_class(self.part in group and len(shown) > 1, f"-group-{number}")
        for part in self.PARTS:
            self.query_one(f"#{part.id}").display = part.id in shown
        strip = self.query_one(PartStrip)
        strip.active, strip.shown = self.part, shown

    def _shown(self) -> tuple[str, ...]:
        if self._zoomed:
            return (self.part,)
        groups = self.GROUPS if self.size.width >= WIDE_FROM else self.STACKS
        return next((group for group in groups if self.part in group), (self.part,))

    def _stops(self) -> list[tuple[str, Widget]]:
        """Return every widget Tab stops at, in order; hidden ones are left out."""
        return [
            (part.id, widget)
            for part in self.PARTS
            for widget in (self.query_one(f"#{stop}") for stop in part.stops)
            if widget.display and _focusable(widget) is not None
        ]

    def _follow_focus(self) -> None:
        part = self.part_of(self.focused)
        if part:
            self.part = part
        self.keys_changed()

    def _keep_focus(self) -> None:
        if self.focused is None or self.part_of(self.focused) != self.part:
            self.go_to(self.part)

    def part_of(self, widget: Widget | None) -> str:
        """Return the part that a widget is in."""
        ids = {part.id for part in self.PARTS}
        nodes = widget.ancestors_with_self if widget is not None else ()
        return next((node.id for node in nodes if node.id in ids), "")

    @on(PartStrip.Chosen)
    def _take_part(self, event: PartStrip.Chosen) -> None:
        self.go_to(event.part)

    # ------------------------------------------------------------ keys

    def press_next_pane(self) -> None:
        """Go to the next part, or to what comes next in it."""
        self._step(1)

    def press_previous_pane(self) -> None:
        """Go to the part before."""
        self._step(-1)

    def _step(self, by: int) -> None:
        stops = self._stops()
        chain = set(self.focused.ancestors_with_self) if self.focused is not None else set()
        here = next((n for n, (_, widget) in enumerate(stops) if widget in chain), -by)
        part, widget = stops[(here + by) % len(stops)]
        self.go_to(part, widget.id or "")

    def press_zoom(self) -> None:
        """Give the part the whole screen, or show its neighbours again."""
        self._zoomed = not self._zoomed
        self._lay_out()

    def press_filter(self) -> None:
        """Narrow what the part lists."""
        part = next(part for part in self.PARTS if part.id == self.part)
        if not part.narrows:
            tell(self.app, f"There is nothing to narrow in {part.title}.")
            return
        self.query_one(NarrowBox).open(self.narrowed.get(self.part, ""))

    @on(NarrowBox.Narrowed)
    def _narrow(self, event: NarrowBox.Narrowed) -> None:
        self.narrowed[self.part] = event.text
        self.narrow(self.part, event.text)
        if event.done:
            self.go_to(self.part)

    def press_back(self) -> None:
        """Show everything again, then the neighbours; then go back."""
        if self.narrowed.get(self.part):
            self.narrowed[self.part] = ""
            self.narrow(self.part, "")
        elif self._zoomed:
            self.press_zoom()
        else:
            self.dismiss(None)

    def press_copy_row(self) -> None:
        """Copy the row with its column names."""
        focused = self.focused
        if isinstance(focused, ListTable) and focused.entry is not None:
            titles = "\t".join(column.title for column in focused.sheet.columns)
            cells = "\t".join(cell.text for cell in focused.entry.cells)
            self.app.copy_to_clipboard(f"{titles}\n{cells}\n")
            tell(self.app, "Copied the row with its column names.")


def _focusable(widget: Widget) -> Widget | None:
    """Return the widget, or the first in it, that can take the keys."""
    if widget.can_focus:
        return widget
    inner = widget.query("*").results(Widget)
    return next((each for each in inner if each.can_focus and _seen(each, widget)), None)


def _seen(inner: Widget, outer: Widget) -> bool:
    chain = []
    for node in inner.ancestors_with_self:
        if node is outer:
            break
        chain.append(node)
    return all(node.display for node in chain if isinstance(node, Widget))


def strip_pieces(
    tabs: Sequence[Tab], active: str, shown: Sequence[str], width: int
) -> list[tuple[Cell, ...]]:
    """Return the cells of each name; badges that do not fit are left out."""
    pieces = [_tab(tab, active, shown, badges=True) for tab in tabs]
    if sum(width_of(cell.text) for piece in pieces for cell in piece) > width:
        pieces = [_tab(tab, active, shown, badges=tab.alarm) for tab in tabs]
    return pieces


def strip_line(
    tabs: Sequence[Tab], active: str, shown: Sequence[str], width: int
) -> tuple[Cell, ...]:
    """Return the strip, and how to walk along it where there is room to say so."""
    line = [cell for piece in strip_pieces(tabs, active, shown, width) for cell in piece]
    hint = (Cell("Tab", "bold key"), Cell(" next ", "dim"))
    used = sum(width_of(cell.text) for cell in line)
    left = width - used - sum(width_of(cell.text) for cell in hint)
    return (*line, Cell(" " * left), *hint) if left > 0 else tuple(line)


def _tab(tab: Tab, active: str, shown: Sequence[str], *, badges: bool) -> tuple[Cell, ...]:
    here = tab.id == active
    style = "bold accent" if here else ("bold" if tab.id in shown else "dim")
    cells = [Cell("▸" if here else " ", "bold accent"), Cell(tab.title, style)]
    if badges and tab.badge:
        cells.append(Cell(f" {tab.badge}", "warn" if tab.alarm else "faint"))
    return (*cells, Cell(" "))
