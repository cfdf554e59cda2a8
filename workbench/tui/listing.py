"""Screens that list things of one kind, with what is known of the one under the cursor beside it.

A list is fetched whole and shown as rows; letters narrow it, news of the workspace fetch it again,
and the cursor stays on its own row. A screen says what it lists (`listed`), what stands beside it
(`about`), and which news concern it; how that is put on the screen is decided here alone.
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, Protocol, Self, TypeVar

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from workbench.operations.sections import Section, section
from workbench.operations.session import Session
from workbench.tui.asking import AskingScreen
from workbench.tui.cells import Line
from workbench.tui.messages import CatalogueChanged, WatchStatusChanged
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.narrow import NarrowBox
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.tui.widgets.table_values import Column
from workbench.words import count, plural

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.sync.sweep import Changes

_LOOK_S = 0.08
"""The cursor rests for so long before what is under it is read."""


class Named(Protocol):
    """What is listed has a name, which is the key of its row."""

    @property
    def name(self) -> str:
        """Return the name."""


L = TypeVar("L", bound=Named)
L_co = TypeVar("L_co", covariant=True)


class Fetched(Protocol[L_co]):
    """What was read for a list; it may hold more than the lines."""

    @property
    def lines(self) -> Sequence[L_co]:
        """Return everything there is, shown or not."""

    @property
    def now(self) -> float:
        """Return the time by which ages are told, seconds since 1970."""

    def _replace(self, *, now: float) -> Self:
        """Return the same as it is at another time."""


F = TypeVar("F", bound=Fetched[Any])


class Listed(NamedTuple):
    """What a list shows now."""

    columns: tuple[Column, ...]
    entries: Sequence[Entry]
    total: int
    """How many there would be if nothing was typed."""
    noun: str
    """``dataset``: what one of them is."""
    none: str = ""
    """What is said where there is no row."""
    facts: tuple[str, ...] = ()
    """What the header says beside how many there are."""


class ListScreen(AskingScreen, Generic[F, L]):
    """Show all things of one kind: an ``F`` is what was read, an ``L`` one line of it.

    Stand it first among the bases of a class: styles follow the first one alone.
    """

    LIST: ClassVar[str]
    """The id of the table."""
    NONE_YET: ClassVar[Empty]
    FOREIGN: ClassVar[Empty]
    """What is said where the folder is no workspace."""
    DEFAULT_CSS = """
    ListScreen #about { display: none; padding: 0 0 0 2; }
    ListScreen.-wide #about { display: block; }
    ListScreen #empty { display: none; }
    ListScreen.-empty #empty { display: block; }
    ListScreen.-empty #list { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.found: F | None = None
        """What was read; None until it was."""
        self.typed = ""
        """The letters that narrow the list."""
        self._rest: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list, and beside it what is under the cursor."""
        yield NarrowBox()
        yield EmptyState(self.NONE_YET if self.session.workspace else self.FOREIGN, id="empty")
        with Horizontal(id="list"):
            with Vertical(classes="pane"):
                yield ListTable(id=self.LIST)
            about = Lines(id="about")
            about.add_class("pane")
            yield about

    def grow_older(self) -> None:
        """Show ages as they are now; nothing is read and nothing moves."""
        if self.found is not None:
            self.found = self.found._replace(now=self.session.clock.now())
            self.show()

    # ------------------------------------------------------------ what a screen says

    @abstractmethod
    def listed(self, found: F) -> Listed:
        """Return what to list of what was read."""

    @abstractmethod
    def about(self, found: F, line: L) -> Callable[[int], list[Line]]:
        """Return what is known of one of them, for a width."""

    @abstractmethod
    def concerned(self, changes: "Changes") -> bool:
        """Say whether news of the workspace are about what is listed."""

    @abstractmethod
    def open_line(self, name: str) -> None:
        """Open the page of one of them."""

    def look_at(self, line: L) -> None:
        """Read more of the one on which the cursor rests, where it stands beside the list."""

    # ------------------------------------------------------------ showing

    @property
    def table(self) -> ListTable:
        """Return the list."""
        return self.query_one(f"#{self.LIST}", ListTable)

    @property
    def here(self) -> L | None:
        """Return what is under the cursor."""
        found = self.found
        entry = self.table.entry if found is not None else None
        if found is None or entry is None:
            return None
        return next((line for line in found.lines if line.name == entry.key), None)

    @property
    def rows(self) -> int:
        """Return how many are listed."""
        return self.table.sheet.count if self.found is not None else 0

    def on_mount(self) -> None:
        """Say where this is, and fetch the list."""
        self.tell_header(
            crumbs=(self.TITLE_WORDS,),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.reload()

    def show(self) -> None:
        """Show what was read; the cursor stays on its own row."""
        found = self.found
        if found is None:
            return
        listed = self.listed(found)
        self.table.show(listed.columns, listed.entries, words=listed.none)
        self.set_class(not found.lines, "-empty")
        if self.focused is None:  # the list was hidden while it had the focus
            self.call_after_refresh(self.table.focus)
        self.tell_header(facts=(*self._counted(listed), *listed.facts))
        self.keys_changed()
        self.show_about()

    def _counted(self, listed: Listed) -> tuple[str, ...]:
        total = plural(listed.total, listed.noun)
        if not self.typed:
            return (total,)
        return f"{count(len(listed.entries))} of {total}", f"/{self.typed}"

    def show_about(self) -> None:
        """Show what is known of the one under the cursor."""
        here, found, about = self.here, self.found, self.query_one("#about", Lines)
        if here is None or found is None:
            about.show(())
        else:
            about.draw = self.about(found, here)

    def rows_as_shown(self, title: str) -> tuple[Section, ...]:
        """Return the list as it is shown, to be taken along."""
        heads = tuple(column.title for column in self.table.sheet.columns)
        rows = [tuple(cell.text for cell in entry.cells) for entry in self.table.entries]
        return section(title, rows, heads)

    # ------------------------------------------------------------ the one under the cursor

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show what is known of the one under the cursor, and read the rest."""
        event.stop()
        self.show_about()
        self.look_soon()
        self.keys_changed()

    def look_soon(self) -> None:
        """Read more of the one under the cursor when the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_LOOK_S, self._look_at)

    def on_resize(self) -> None:
        """Read it too where there is room beside the list only now."""
        self.look_soon()

    def _look_at(self) -> None:
        here = self.here
        if here is not None and self.has_class("-wide"):
            self.look_at(here)

    def on_row_opened(self, event: RowOpened) -> None:
        """Open the page of the one under the cursor."""
        event.stop()
        self.open_line(str(event.row.key))

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the list again when something in it changed."""
        if self.concerned(event.changes):
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    # ------------------------------------------------------------ narrowing

    def press_filter(self) -> None:
        """Narrow the list by letters."""
        self.query_one(NarrowBox).open(self.typed)

    def on_narrow_box_narrowed(self, event: NarrowBox.Narrowed) -> None:
        """Show only what holds the letters."""
        self.typed = event.text
        self.show()
        if event.done:
            self.table.focus()

    def press_back(self) -> None:
        """Show all again; then go back."""
        if self.typed:
            self.typed = ""
            self.show()
        else:
            self.dismiss(None)
