"""The page of a run as parts: which there are, and how a run that was fetched fills them."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.containers import Vertical
from textual.widget import Widget

from workbench.charts.palette import colors
from workbench.operations.run_words import no_metric
from workbench.operations.session import Session
from workbench.tui.cells import Cell, cut
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import Line, Subject
from workbench.tui.keys import Scope
from workbench.tui.messages import DetailReady, SparklinesReady
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import console_lines, diff_lines, labelled
from workbench.tui.parts import WIDE_FROM, Part, Tab
from workbench.tui.present import status
from workbench.tui.run import lists
from workbench.tui.run.changes import RunChanges
from workbench.tui.run.files import FilesPane
from workbench.tui.run.loader import Opened, sparklines
from workbench.tui.run.overview import (
    duration_of,
    environment_facts,
    git_facts,
    overview_lines,
    packages_of,
)
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.tree import ValueTree, nested
from workbench.words import count, duration

_MOST_FAMILY = 9


class RunPage(RunChanges):
    """The parts of a run's page, and how a run fills them."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("run",)
    TITLE_WORDS = "Run detail"
    PARTS = (
        Part("overview", "Overview", ("facts", "family")),
        Part("metrics", "Metrics", ("metrics-list",), narrows=True),
        Part("params", "Params", ("params-tree",), narrows=True),
        Part("charts", "Charts", ("chart-pane",)),
        Part("files", "Files", ("files-list", "preview"), narrows=True),
        Part("environment", "Environment", ("machine", "packages"), narrows=True),
        Part("git", "Git", ("git-text",)),
        Part("console", "Console", ("console-text",)),
        Part("faults", "Faults", ("faults-list",)),
    )
    GROUPS = (
        ("overview", "metrics", "params", "charts"),
        ("files",),
        ("environment", "git"),
        ("console", "faults"),
    )
    DEFAULT_CSS = """
    RunPage #parts.-group-0 { grid-size: 2 2; grid-columns: 3fr 6fr; grid-rows: 2fr 3fr; }
    RunPage #parts.-group-2 { grid-size: 2 1; grid-columns: 2fr 3fr; }
    RunPage #parts.-group-3 { grid-size: 1 2; grid-rows: 4fr 1fr; }
    RunPage .pane > Lines, RunPage ValueTree { padding: 0 1; }
    RunPage ValueTree > .tree--cursor { background: $foreground 7%; }
    RunPage ValueTree:focus > .tree--cursor { background: $accent 20%; }
    RunPage #family { height: 4; }
    RunPage #machine { height: auto; max-height: 40%; }
    """

    def __init__(self, session: Session, run: int, *, part: str = "") -> None:
        super().__init__()
        if part:
            self.set_reactive(RunPage.part, part)
        self.session = session
        self.run = run
        self.opened: Opened | None = None
        self._sparks: Mapping[str, str] = {}
        self._measured: object = None

    def panes(self) -> Iterable[Widget]:
        """Return the nine parts."""
        with Vertical(id="overview", classes="pane"):
            yield Rule((Cell("Overview", "bold"),))
            yield Lines(id="facts")
            yield ListTable(id="family")
        with Vertical(id="metrics", classes="pane"):
            yield Rule((Cell("Metrics", "bold"),))
            yield ListTable(id="metrics-list")
        with Vertical(id="params", classes="pane"):
            yield Rule((Cell("Params", "bold"),))
            yield ValueTree(id="params-tree")
        with Vertical(id="charts", classes="pane"):
            yield ChartPane(self.session, id="chart-pane")
        yield FilesPane(id="files", classes="pane")
        with Vertical(id="environment", classes="pane"):
            yield Rule((Cell("Environment", "bold"),))
            yield Lines(id="machine")
            yield ListTable("No packages were recorded.", id="packages")
        with Vertical(id="git", classes="pane"):
            yield Rule((Cell("Git", "bold"),))
            yield Lines(id="git-text")
        with Vertical(id="console", classes="pane"):
            yield Rule((Cell("Console", "bold"),), end=(Cell("the last 64 kB", "dim"),))
            yield Lines(id="console-text")
        with Vertical(id="faults", classes="pane"):
            yield Rule((Cell("Faults", "bold"),))
            yield ListTable("Everything of this run could be read.", id="faults-list")

    # ------------------------------------------------------------ showing

    def on_detail_ready(self, event: DetailReady) -> None:
        """Show the run; nothing that a person looks at moves."""
        opened: Opened = event.detail
        self.opened = opened
        self._show_overview(opened)
        self._show_params(opened)
        self._show_metrics()
        self._show_charts(opened)
        self._show_surroundings(opened)
        self._show_console(opened)
        self._show_faults(opened)
        self.query_one(FilesPane).list(
            lists.file_entries(opened.detail, self.narrowed.get("files", ""))
        )
        self._tell(opened)
        self._draw_sparklines(opened)

    def _tell(self, opened: Opened) -> None:
        record = opened.detail.record
        state = status(record.status, inferred=record.inferred).text
        lasted = duration_of(record, opened.now)
        facts = (state, *([] if lasted is None else [duration(lasted)]), record.experiment)
        self.tell_header(crumbs=("Runs", record.name), facts=facts)
        counts = {
            "metrics": len(record.metrics),
            "params": len(record.params),
            "files": len(record.artifacts),
            "environment": len(packages_of(opened)),
            "faults": len(record.faults),
        }
        self.tell_tabs(
            [
                Tab(
                    part.id,
                    part.title,
                    self._badge(part.id, counts.get(part.id, 0), diff=bool(opened.detail.diff)),
                    alarm=part.id == "faults",
                )
                for part in self.PARTS
            ]
        )
        self.keys_changed()

    def _badge(self, part: str, number: int, *, diff: bool) -> str:
        typed = self.narrowed.get(part)
        if part == "git":
            return "±" if diff else ""
        badge = count(number) if number else ""
        return f"{badge} /{cut(typed, 12)}" if typed else badge

    def _show_overview(self, opened: Opened) -> None:
        self.query_one("#facts", Lines).draw = lambda width: overview_lines(
            opened, width, alone=self.size.width < WIDE_FROM
        )
        family = self.query_one("#family", ListTable)
        entries = lists.family_entries(opened.detail)
        family.display = bool(entries)
        family.styles.height = min(len(entries), _MOST_FAMILY) + 1
        family.show(lists.FAMILY, entries)

    def _show_params(self, opened: Opened) -> None:
        tree = self.query_one("#params-tree", ValueTree)
        typed = self.narrowed.get("params", "")
        values = nested(
            {
                name: value
                for name, value in opened.detail.record.params.items()
                if holds(f"{name} {value}", typed)
            }
        )
        if values != tree.values:
            line = tree.cursor_line
            tree.values = values
            tree.cursor_line = max(0, line)

    def _show_metrics(self) -> None:
        if self.opened is not None:
            typed = self.narrowed.get("metrics", "")
            ink = f"#{self._color(self.opened.detail.record.run_id):06x}"
            entries = lists.metric_entries(self.opened, self._sparks, ink, typed)
            none = no_metric(self.opened.detail.record)
            self.query_one("#metrics-list", ListTable).show(lists.METRICS, entries, words=none)

    def _color(self, run_id: str) -> int:
        return colors([run_id], chart_theme(self.app))[run_id]

    def _show_charts(self, opened: Opened) -> None:
        record = opened.detail.record
        line = Line(record.run, record.name, self._color(record.run_id), focused=True)
        pane = self.query_one("#chart-pane", ChartPane)
        names = lists.in_order(record.metrics)
        pane.subject = Subject((line,), names, none=no_metric(record))

    def _show_surroundings(self, opened: Opened) -> None:
        facts = environment_facts(opened)
        machine = self.query_one("#machine", Lines)
        machine.draw = lambda width: (
            labelled(facts, width) or [(Cell("Nothing was recorded.", "dim"),)]
        )
        self._show_packages(opened)
        git = git_facts(opened)
        nothing = [(Cell("No git repository was found, or nothing was recorded.", "dim"),)]
        self.query_one("#git-text", Lines).draw = lambda width: [
            *(labelled(git, width) or nothing),
            (),
            *diff_lines(opened.detail.diff, width),
        ]

    def _show_packages(self, opened: Opened) -> None:
        typed = self.narrowed.get("environment", "")
        entries = lists.package_entries(packages_of(opened), typed)
        self.query_one("#packages", ListTable).show(lists.PACKAGES, entries)

    def _show_console(self, opened: Opened) -> None:
        pane = self.query_one("#console-text", Lines)
        at_end = pane.scroll_offset.y >= pane.max_scroll_y - 1
        text = opened.detail.console
        nothing = [(Cell("No output was kept; start_run(console=True) keeps it.", "dim"),)]
        pane.draw = lambda width: console_lines(text, width) or nothing
        if at_end:
            pane.scroll_end(animate=False)

    def _show_faults(self, opened: Opened) -> None:
        entries = lists.fault_entries(opened.detail)
        self.query_one("#faults-list", ListTable).show(lists.FAULTS, entries)

    def _draw_sparklines(self, opened: Opened) -> None:
        """Draw the tiny curves again, if there is any news in them."""
        metrics = opened.detail.record.metrics
        if metrics == self._measured:
            return
        self._measured = metrics
        session, run, names = self.session, self.run, lists.in_order(metrics)
        self.query_one("#chart-pane", ChartPane).draw_soon()

        def work() -> SparklinesReady:
            return SparklinesReady(run, sparklines(session, run, names))

        off_thread(self, work, group="sparklines", doing="Draw the curves")

    def on_sparklines_ready(self, event: SparklinesReady) -> None:
        """Put the tiny curves into the table."""
        self._sparks = event.sparklines
        self._show_metrics()

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show in a part only what holds the letters typed."""
        if self.opened is None:
            return
        if part == "metrics":
            self._show_metrics()
        elif part == "params":
            self._show_params(self.opened)
        elif part == "environment":
            self._show_packages(self.opened)
        elif part == "files":
            entries = lists.file_entries(self.opened.detail, self.narrowed["files"])
            self.query_one(FilesPane).list(entries)
        self._tell(self.opened)
