"""What screens that read, copy and export have in common, whatever they are about."""

from collections.abc import Callable
from typing import TypeVar

from workbench.operations.sections import Section, text
from workbench.operations.taking_along import write_page
from workbench.tui.asking import AskingScreen
from workbench.tui.errand import carry_out
from workbench.tui.messages import WentWrong
from workbench.tui.offload import Work, off_thread
from workbench.tui.one_at_a_time import PATIENCE_S, SECOND_S, reading_words
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.list_table import ListTable

T = TypeVar("T")


class Desk(AskingScreen):
    """A screen on which something is read, copied, exported and written."""

    _since: float | None = None
    """When what is being read was asked for, on the steady clock."""

    # ------------------------------------------------------------ reading

    def read(self, work: Work, *, group: str, about: object, doing: str) -> None:
        """Read what the screen shows; from a moment on the header says that it goes on.

        Args:
            work: Returns the message that hands it over; its handler calls `was_read`.
            group: What is read.
            about: Which of them.
            doing: In words, should it go wrong.
        """
        off_thread(self, work, group=group, about=about, doing=doing)
        if self._since is None:
            self._since = self.session.clock.steady()
            self.set_timer(PATIENCE_S, self._tell_reading)

    def _tell_reading(self) -> None:
        if self._since is None:
            return
        past = self.session.clock.steady() - self._since
        self.tell_header(busy=reading_words(past))
        self.set_timer(SECOND_S, self._tell_reading)

    def was_read(self) -> None:
        """Say no more that something is being read."""
        if self._since is not None:
            self._since = None
            self.tell_header(busy="")

    def on_went_wrong(self, _event: WentWrong) -> None:
        """Say no more that something is being read."""
        self.was_read()

    # ------------------------------------------------------------ taking along

    def press_copy(self) -> None:
        """Copy the cell under the cursor, or the text that has the focus."""
        focused = self.focused
        if isinstance(focused, ListTable):
            cell = focused.cursor_cell
            taken = cell.text if cell is not None else ""
        else:
            taken = focused.text() if isinstance(focused, Lines) else ""
        if taken:
            self.app.copy_to_clipboard(taken)
            tell(self.app, "Copied what stands there." if "\n" in taken else f"Copied {taken}")

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return what the page is about and what stands on it; screens know."""
        return None

    def press_export(self) -> None:
        """Write what is on the page to a file in the current folder."""
        page, session = self.page_text(), self.session
        if page is None:
            return
        name, found = page

        def work() -> str:
            return f"Wrote {write_page(session, name, list(text(found)))}"

        carry_out(self, session, "Export", work, lambda words: tell(self.app, words))

    # ------------------------------------------------------------ writing

    def write(self, work: Callable[[], T], said: Callable[[T], str], doing: str) -> None:
        """Write something, say what came of it wherever the person is by then, and show it.

        Args:
            work: Writes.
            said: What is said of what it returned.
            doing: What it is for, in words.
        """
        carry_out(self, self.session, doing, work, lambda found: self.done(said(found)))
