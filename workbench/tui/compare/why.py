"""Why one of two runs is better, on one page."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from workbench.errors import UsageError
from workbench.operations.session import Session
from workbench.operations.views import View
from workbench.tui.cells import Cell, Line
from workbench.tui.compare.desk import watch_below
from workbench.tui.folding import folded
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    CatalogueChanged,
    DetailReady,
    Finished,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.one_at_a_time import OneAtATime
from workbench.tui.paragraphs import bullets
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.operations.why import Why

_ASKING = "Looking for what is different …"
_CALM_S = 1.0
"""It is asked again at most this often while the two log: git is run several times for it."""
_DOING = "Say why"


class WhyScreen(WorkbenchScreen):
    """Show what differs between two runs, the largest first, and where they part."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("why",)
    TITLE_WORDS: ClassVar[str] = "Why"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("why")]
    AUTO_FOCUS: ClassVar[str] = "#why"
    DEFAULT_CSS = "WhyScreen #why { padding: 0 1; }"

    def __init__(self, session: Session, a: str, b: str, metric: str = "") -> None:
        super().__init__()
        self.session = session
        self._asked = (a, b, metric)
        self.found: Why | None = None
        self._work = OneAtATime(session.clock.steady)
        self._later: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Return the page."""
        yield Lines(lambda _width: [(Cell(_ASKING, "dim"),)], id="why")

    def on_mount(self) -> None:
        """Ask why."""
        self.tell_header(
            crumbs=("Compare", "Why"), workspace=self.session.title, watch=watch_below(self)
        )
        self._ask()

    def key_context(self) -> Context:
        """Return what is possible now."""
        return Context(rows=1, selected=self.found is not None, read_only=self.session.why_not)

    def _ask(self) -> None:
        self._later = None
        if not self._work.free():
            return
        self._work.begin()
        session, (a, b, metric) = self.session, self._asked

        def work() -> DetailReady:
            return DetailReady(0, answer(session, a, b, metric))

        off_thread(self, work, group="why", doing=_DOING)

    def _ask_later(self) -> None:
        """Ask in a second, together with what else is new until then."""
        if self._later is None:
            self._later = self.set_timer(_CALM_S, self._ask)

    def _done(self) -> None:
        """Take up the news that came meanwhile."""
        if self._work.done():
            self._ask_later()

    def on_detail_ready(self, event: DetailReady) -> None:
        """Show the page."""
        self._done()
        found: Why = event.detail
        self.found = found
        self.query_one("#why", Lines).draw = lambda width: page_lines(found, width)
        facts = tuple(f"{run.letter} {run.label}".strip() for run in (found.a, found.b))
        self.tell_header(
            facts=(" → ".join(facts), *([f"metric {found.metric}"] * bool(found.metric)))
        )
        self.keys_changed()

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say why there is no answer; an older one stays."""
        event.stop()
        words = tell_error(self.app, event.doing, event.error)
        if event.doing != _DOING:
            return
        self._done()
        if self.found is None:
            self.query_one("#why", Lines).draw = lambda width: bullets([words], "bad", width)

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Ask again when one of the two has logged."""
        pair = {self.found.a.run, self.found.b.run} if self.found else set()
        if pair & event.changes.changed:
            self._ask_later()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    # ------------------------------------------------------------ keys

    def press_code_diff(self) -> None:
        """Show how the code of the two differs."""
        from workbench.tui.compare.code import CodeScreen  # noqa: PLC0415 - when asked for

        found = self.found
        if found is not None:
            self.app.push_screen(CodeScreen(self.session, found.a, found.b, found.code))

    def press_copy(self) -> None:
        """Copy the page."""
        self.app.copy_to_clipboard(self.query_one("#why", Lines).text())
        tell(self.app, "Copied the page.")

    def press_export(self) -> None:
        """Write the page as Markdown into the current folder."""
        from workbench.operations.export_pages import export_why  # noqa: PLC0415 - when asked for

        session, found = self.session, self.found
        if found is not None:
            off_thread(
                self,
                lambda: Finished(f"Wrote {export_why(session, found)}"),
                doing="Export",
            )

    def on_finished(self, event: Finished) -> None:
        """Say where it is."""
        event.stop()
        tell(self.app, event.words)

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def why_of(session: Session, view: View, metrics: Sequence[str]) -> WhyScreen:
    """Return the page about the two marked runs: the baseline, or the one marked first, is A.

    It is about the metric the runs are sorted by, else the first of the ``metrics`` that are
    on the screen.
    """
    a, b = view.marks
    if view.baseline == b:
        a, b = b, a
    sorted_by = (key.column.name for key in view.sort if key.column.kind == "metric")
    return WhyScreen(session, a, b, next(sorted_by, next(iter(metrics), view.metric)))


def answer(session: Session, a: str, b: str, metric: str) -> "Why":
    """Return why, about another metric where neither run has the one that is shown.

    Raises:
        NotFoundError: One of the two runs is gone.
    """
    from workbench.operations.why import why  # noqa: PLC0415 - when asked for

    try:
        return why(session, a, b, metric=metric)
    except UsageError:
        return why(session, a, b)


def page_lines(found: "Why", width: int) -> list[Line]:
    """Return the page; a long line goes on under its own beginning."""
    from workbench.operations.why import why_lines  # noqa: PLC0415 - when asked for

    lines: list[Line] = []
    for text, style in why_lines(found):
        bare = text.lstrip(" ")
        margin = " " * (len(text) - len(bare))
        parts = folded(bare, max(8, width - len(margin))) or [""]
        lines += [(Cell(margin + part, style),) for part in parts]
    return lines
