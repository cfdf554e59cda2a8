"""How the code of two runs differs, on a screen of its own."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line
from workbench.tui.compare.desk import watch_below
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.messages import DetailReady, WatchStatusChanged, WentWrong
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets, diff_lines
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.lines import Lines
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.code import CodeDifference
    from workbench.operations.compare import Compared


class CodeScreen(WorkbenchScreen):
    """Show the difference between the code of two runs."""

    TITLE_WORDS: ClassVar[str] = "Code"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    AUTO_FOCUS: ClassVar[str] = "#code"
    DEFAULT_CSS = "CodeScreen #code { padding: 0 1; }"

    def __init__(
        self, session: Session, a: "Compared", b: "Compared", found: "CodeDifference | None" = None
    ) -> None:
        super().__init__()
        self.session = session
        self._a, self._b = a, b
        self._found = found

    def body(self) -> Iterable[Widget]:
        """Return the text."""
        yield Lines(lambda _width: [(Cell("Comparing the code …", "dim"),)], id="code")

    def on_mount(self) -> None:
        """Compare the code of the two runs."""
        self.tell_header(
            crumbs=("Compare", "Code"),
            facts=(f"{_called(self._a)} → {_called(self._b)}",),
            watch=watch_below(self),
        )
        if self._found is not None:
            self._show(self._found)
            return
        session, a, b = self.session, self._a.run, self._b.run

        def work() -> DetailReady:
            return DetailReady(b, difference(session, a, b))

        off_thread(self, work, group="code", doing="Compare the code")

    def on_detail_ready(self, event: DetailReady) -> None:
        """Show the difference."""
        self._show(event.detail)

    def _show(self, found: "CodeDifference") -> None:
        self._found = found
        self.query_one("#code", Lines).draw = lambda width: code_lines(found, width)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say why there is nothing to see."""
        event.stop()
        words = tell_error(self.app, event.doing, event.error)
        self.query_one("#code", Lines).draw = lambda width: bullets([words], "bad", width)

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def press_copy(self) -> None:
        """Copy the difference."""
        if self._found is not None and self._found.text:
            self.app.copy_to_clipboard(self._found.text)
            tell(self.app, f"Copied {plural(self._found.text.count(chr(10)), 'line')}.")

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def _called(run: "Compared") -> str:
    return f"{run.letter} {run.label}".strip()


def difference(session: Session, a: int, b: int) -> "CodeDifference":
    """Return how the code of two runs differs.

    Raises:
        NotFoundError: One of them is no longer there.
    """
    from workbench.catalogue.cards import cards  # noqa: PLC0415 - when asked for
    from workbench.errors import NotFoundError  # noqa: PLC0415 - likewise
    from workbench.operations.code import code_difference  # noqa: PLC0415 - likewise

    found = {record.run: record for record in cards(session.catalogue, [a, b])}
    if a not in found or b not in found:
        raise NotFoundError("One of the two runs is no longer in its folder.")
    return code_difference(session, found[a], found[b])


def code_lines(found: "CodeDifference", width: int) -> list[Line]:
    """Return what was compared, what is missing, and the difference itself."""
    lines = bullets([found.basis], "", width)
    lines += bullets([f"! {each}" for each in found.missing], "warn", width)
    if found.text:
        return [*lines, (), *diff_lines(found.text, width)]
    said = {True: "The code is the same.", False: "The code differs.", None: "Cannot tell."}
    return [*lines, (), (Cell(said[found.same], "bold"),)]
