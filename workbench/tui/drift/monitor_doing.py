"""What the keys of a monitor's screen do."""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from workbench.tui.drift import exporting, looking, plots
from workbench.tui.drift.desk import MonitorDesk
from workbench.tui.drift.grid import key_of, segments_of
from workbench.tui.errand import carry_out
from workbench.tui.parts import PartsScreen
from workbench.tui.toast import tell
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.choose import Choice
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.prompt import PromptScreen

if TYPE_CHECKING:
    from workbench.operations.drift.looking import Looked

ALL_ROWS = "all rows"


class MonitorDoing(PartsScreen, MonitorDesk):
    """The part of a monitor's screen that answers keys."""

    kind: str = ""
    """The plot that is wanted; a column that has none of it shows its first."""
    kind_shown: str = ""
    drawn: plots.Subject | None = None
    looked: "Looked | None" = None
    _stop_look: Callable[[], None] | None = None

    @abstractmethod
    def show_all(self) -> None:
        """Show everything anew."""

    @abstractmethod
    def show_cell(self) -> None:
        """Show the cell under the cursor."""

    @abstractmethod
    def want_plot(self) -> None:
        """Have the plot drawn."""

    # ------------------------------------------------------------ going along the strip

    def press_chunk_next(self) -> None:
        """Go to the next chunk."""
        self.strip.go_to(at=self.strip.at + 1)

    def press_chunk_previous(self) -> None:
        """Go to the chunk before."""
        self.strip.go_to(at=self.strip.at - 1)

    def press_drift_next(self) -> None:
        """Go to the next column, after the last one to the first."""
        self._step_column(1)

    def press_drift_previous(self) -> None:
        """Go to the column before."""
        self._step_column(-1)

    def _step_column(self, by: int) -> None:
        grid = self.grid
        if grid is not None:
            self.strip.go_to(row=(self.strip.row + by) % len(grid.rows))

    def press_mark_column(self) -> None:
        """Keep the column at the top, or no more."""
        self.toggle_mark()
        self.put_on_strip(self.narrowed.get("columns", ""))

    def press_order_columns(self) -> None:
        """Order the columns otherwise."""
        order = self.next_order()
        self.put_on_strip(self.narrowed.get("columns", ""))
        tell(self.app, f"Columns by {order}.")

    def press_segment(self) -> None:
        """Show the chunks of another segment."""
        series = self.series
        if series is None:
            return
        choices = [
            Choice(one or ALL_ROWS, one or ALL_ROWS, now=one == self.segment)
            for one in segments_of(series)
        ]
        self.choose("Which rows?", choices, self._take_segment)

    def _take_segment(self, id_: str) -> None:
        self.segment = "" if id_ == ALL_ROWS else id_
        self.show_all()

    # ------------------------------------------------------------ the plot

    def press_drift_kind(self) -> None:
        """Draw the next kind of plot."""
        subject = self.subject
        kinds = plots.kinds_of(subject) if subject is not None else ()
        if kinds:
            here = kinds.index(self.kind_shown) if self.kind_shown in kinds else -1
            self.kind = kinds[(here + 1) % len(kinds)]
            self.want_plot()

    def press_chart_table(self) -> None:
        """Show the plot as a table, or the table as a plot."""
        view, table = self.query_one("#plot-view"), self.query_one("#plot-table", Lines)
        focused = self.focused in (view, table)
        view.display = not view.display
        table.display = not view.display
        if focused:
            self.go_to("plot")

    # ------------------------------------------------------------ another reference

    def press_drift_reference(self) -> None:
        """Choose what the data are held against, for a look."""
        session, monitor = self.session, self.monitor
        now = self.looked.reference if self.looked is not None else ""
        self.ask(
            partial(looking.choices, session, monitor, now),
            lambda found: self.choose("Hold it against what?", found, self._take_reference),
            "Read the references",
        )

    def _take_reference(self, id_: str) -> None:
        if id_ == looking.OTHER:
            hint = "a dataset version such as census@4, or the path of a file"
            self.app.push_screen(PromptScreen("Hold it against", hint=hint), self._look_against)
        elif id_ == looking.KEPT:
            self.end_look()
        else:
            self._look_against(id_)

    def _look_against(self, reference: str | None) -> None:
        if reference:
            self.stop_look()
            tell(self.app, f"Holding it against {reference}; Esc stops it.")
            self._stop_look = looking.look(self, self.monitor, reference, self._show_look)

    def _show_look(self, looked: "Looked") -> None:
        self._stop_look = None
        self.looked = looked
        self.other, self.other_series = looked.report, looked.series
        self.show_all()

    def stop_look(self) -> bool:
        """Stop what is being computed for a look; False where nothing is."""
        stop, self._stop_look = self._stop_look, None
        if stop is not None:
            stop()
        return stop is not None

    def end_look(self) -> bool:
        """Show again what is kept; False where that is shown."""
        if self.looked is None:
            return False
        self.looked = self.other = self.other_series = None
        self.show_all()
        return True

    # ------------------------------------------------------------ taking along

    def press_export(self) -> None:
        """Choose what to write to a file."""
        grid, subject = self.strip.grid, self.subject
        if grid is None or subject is None:
            tell(self.app, "There is nothing to write yet.")
            return
        taken = exporting.Taken(
            self.monitor, grid, subject, self.kind_shown, self.report, chart_theme(self.app)
        )
        self.choose("Export what?", exporting.offered(taken), partial(self._export, taken))

    def _export(self, taken: exporting.Taken, what: str) -> None:
        work = partial(exporting.export, self.session, taken, what)
        carry_out(self, self.session, "Export", work, lambda path: tell(self.app, f"Wrote {path}"))

    def press_copy(self) -> None:
        """Copy what is said of the cell under the cursor, or the text that has the focus."""
        if self.focused is self.strip:
            said = self.query_one("#strip-said", Lines).text()
            self.app.copy_to_clipboard(said)
            tell(self.app, "Copied what is said of it.")
        else:
            super().press_copy()

    # ------------------------------------------------------------ earlier reports

    def press_earlier_reports(self) -> None:
        """Go to the chunks of another report."""
        series = self.series
        if series is None:
            return
        heads = {chunk.key: chunk for chunk in reversed(series.chunks)}
        choices = [
            Choice(key, head.label, f"{head.verdict}, against {head.reference}")
            for key, head in heads.items()
        ]
        self.choose("Which report?", choices, self._take_report, none="It was never checked.")

    def _take_report(self, key: str) -> None:
        grid = self.strip.grid
        head = next((one for one in grid.series.chunks if one.key == key), None) if grid else None
        if grid is not None and head is not None:
            self.strip.go_to(at=grid.at_of(key_of(head)))
            self.go_to("report")

    # ------------------------------------------------------------ going back

    def press_back(self) -> None:
        """Stop what goes on, end a look, take narrowing and zoom off; then go back."""
        if not (self.stop_check() or self.stop_look() or self.end_look()):
            super().press_back()
