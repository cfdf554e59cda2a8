"""How one version of a model differs from another: metrics, params, columns, data, code."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from workbench.operations.sections import Section
from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.messages import Finished, PageReady, WatchStatusChanged, WentWrong
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets, diff_lines, heading
from workbench.tui.registry.section_lines import sections_lines
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.lines import Lines


class Compared(NamedTuple):
    """How two versions differ, ready to be laid out."""

    sections: tuple[Section, ...]
    code: str
    """The difference of the code, line by line; empty where there is none to show."""


class DiffScreen(WorkbenchScreen):
    """Show how version ``now`` differs from version ``was``."""

    TITLE_WORDS: ClassVar[str] = "Two versions"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    AUTO_FOCUS: ClassVar[str] = "#diff"
    DEFAULT_CSS = "DiffScreen #diff { padding: 0 1; }"

    def __init__(self, session: Session, model: str, was: int, now: int) -> None:
        super().__init__()
        self.session = session
        self._asked = (model, was, now)

    def body(self) -> Iterable[Widget]:
        """Return the text."""
        yield Lines(lambda _width: [(Cell("Comparing …", "dim"),)], id="diff")

    def on_mount(self) -> None:
        """Compare the two."""
        model, was, now = self._asked
        self.tell_header(
            crumbs=("Models", model, "Diff"), facts=(f"v{was} → v{now}",), watch=self.watch_below()
        )
        session = self.session
        off_thread(
            self, lambda: PageReady(compared(session, model, was, now)),
            group="diff", doing="Compare",
        )  # fmt: skip

    def on_page_ready(self, event: PageReady) -> None:
        """Show the differences."""
        found: Compared = event.page
        self.query_one("#diff", Lines).draw = partial(compared_lines, found)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say why there is nothing to see."""
        event.stop()
        words = tell_error(self.app, event.doing, event.error)
        if event.doing == "Compare":
            self.query_one("#diff", Lines).draw = lambda width: bullets([words], "bad", width)

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def press_copy(self) -> None:
        """Copy the page."""
        self.app.copy_to_clipboard(self.query_one("#diff", Lines).text())
        tell(self.app, "Copied the page.")

    def press_export(self) -> None:
        """Write the page as text."""
        from workbench.operations.taking_along import write_page  # noqa: PLC0415

        model, was, now = self._asked
        lines = self.query_one("#diff", Lines).text().splitlines()
        work = partial(write_page, self.session, f"{model}-v{was}-v{now}", lines)
        off_thread(self, lambda: Finished(f"Wrote {work()}"), doing="Export")

    def on_finished(self, event: Finished) -> None:
        """Say where it is."""
        event.stop()
        tell(self.app, event.words)

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def compared(session: Session, model: str, was: int, now: int) -> Compared:
    """Return how one version differs from another.

    Raises:
        NotFoundError: There is no such model, or no such version of it.
    """
    from workbench.operations.registry.versions_compared import (  # noqa: PLC0415 - when asked for
        compare_versions,
        compared_sections,
    )

    found = compare_versions(session, model, was, now)
    return Compared(tuple(compared_sections(found)), found.code.text if found.code else "")


def compared_lines(found: Compared, width: int) -> list[Line]:
    """Return everything that differs, the code's difference last."""
    lines = sections_lines(found.sections, width)[1:]
    if not found.code:
        return lines
    return [*lines, *heading("code, line by line"), *diff_lines(found.code, width)]
