"""What can be done to a comparison: order, baseline, taking out, jumping, grouping, copying."""

from typing import TYPE_CHECKING

from workbench.catalogue.query import SEEDS
from workbench.operations import compared_text
from workbench.operations.runs_table import Column
from workbench.operations.views import AXES, View
from workbench.tui.compare.plots import ComparePlots
from workbench.tui.compare.reading import called
from workbench.tui.compare.state import next_difference, next_order
from workbench.tui.messages import Finished
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.narrow import NarrowBox
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.compare import Compared

_NO_ROW = "Put the cursor on a row with values."
_NO_RUN = "Put the cursor on the column of a run."
_LONGEST = 60


class CompareDoing(ComparePlots):
    """The part of the compare screen that answers keys."""

    def place_of(self, view: View) -> float | None:
        """Return the step that metrics are read at; the crosshair may stand on another axis."""
        return view.at if view.x == AXES[0] else None

    # ------------------------------------------------------------ rows

    def press_equal(self) -> None:
        """Show the equal rows too, or the differences alone."""
        self.change(equal=not self.view.equal)

    def press_next_difference(self) -> None:
        """Go to the next row that differs."""
        self._jump(1)

    def press_previous_difference(self) -> None:
        """Go to the row before that differs."""
        self._jump(-1)

    def _jump(self, way: int) -> None:
        if self.shown is None:
            return
        place = next_difference(self.shown, self.table.cursor, way)
        if place is None:
            tell(self.app, f"There is no difference {'below' if way > 0 else 'above'}.")
        else:
            self.table.move_to(place)

    def press_filter(self) -> None:
        """Type letters that a row's name must hold."""
        self.query_one(NarrowBox).open(self.typed)

    def on_narrow_box_narrowed(self, event: NarrowBox.Narrowed) -> None:
        """Show the rows that hold the letters."""
        if event.text != self.typed:
            self.typed = event.text
            self.rearrange()
        if event.done:
            self.table.focus()

    def press_back(self) -> None:
        """Stop reading, leave the chart, show all rows, then go back to the runs."""
        charts = self.plot if self.plots else self.charts
        if charts.reading:
            charts.stop_reading()
        elif self.shown is not None and not self.table.has_focus and self.focused is not None:
            self.table.focus()
        elif self.typed:
            self.typed = ""
            self.rearrange()
        else:
            self.dismiss(None)

    # ------------------------------------------------------------ runs

    def _here(self) -> "Compared | None":
        if self.run_here is None:
            tell(self.app, _NO_RUN)
        return self.run_here

    def press_open_run(self) -> None:
        """Show everything about the run of the column."""
        from workbench.tui.run.screen import RunScreen  # noqa: PLC0415 - when asked for

        here = self._here()
        if here is not None:
            self.app.push_screen(RunScreen(self.session, here.run))

    def press_baseline(self) -> None:
        """Compare against the run of the column, or against none."""
        here = self._here()
        if here is not None:
            self.change(baseline="" if here.run_id == self.view.baseline else here.run_id)

    def press_take_out(self) -> None:
        """Unmark the run of the column."""
        here = self._here()
        if here is None:
            return
        marks = tuple(mark for mark in self.view.marks if mark != here.run_id)
        if here.run_id == self.view.baseline:
            self.change(marks=marks, baseline="")
        else:
            self.change(marks=marks)

    def press_clear_marks(self) -> None:
        """Unmark all."""
        self.change(marks=())

    def press_order_runs(self) -> None:
        """Order the runs by the row under the cursor, or as they were marked."""
        self._order(turn=False)

    def press_order_reverse(self) -> None:
        """Order the runs by the row the other way round."""
        self._order(turn=True)

    def _order(self, *, turn: bool) -> None:
        fact = self.fact_here
        if fact is None:
            tell(self.app, _NO_ROW)
            return
        self.order = next_order(self.order, fact, turn=turn)
        self.rearrange()

    def press_group(self) -> None:
        """Choose what the curves are averaged over."""
        shown = self.shown
        if shown is None:
            return
        differing = [
            fact.name for fact in shown.comparison.facts if fact[0] == "params" and fact.differs
        ]
        choices = [
            Choice("", "No groups", "every run a curve of its own", now=not self.view.group),
            self._grouping(SEEDS, "Seeds", "the mean of runs equal in all but the seed"),
            self._grouping(Column("attribute", "experiment"), "Experiment", ""),
            self._grouping(Column("attribute", "status"), "Status", ""),
            self._grouping(Column("attribute", "format"), "Format", "the tool that wrote it"),
            *(self._grouping(Column("param", name), name, "param") for name in differing),
        ]
        self.app.push_screen(ChooseScreen("Mean and band over", choices), self._take_group)

    def _grouping(self, column: Column, title: str, sentence: str) -> Choice:
        now = column in self.view.group
        return Choice(f"{column.kind}:{column.name}", title, sentence, now=now)

    def _take_group(self, id_: str | None) -> None:
        if id_ is None:
            return
        kind, _, name = id_.partition(":")
        self.keep(group=(Column(kind, name),) if id_ else ())  # type: ignore[arg-type]
        self.show_charts()

    if TYPE_CHECKING:

        def show_charts(self) -> None:
            """Draw the runs; the screen knows how."""

    # ------------------------------------------------------------ why

    def press_why(self) -> None:
        """Say why one of the two marked runs is better."""
        from workbench.tui.compare.why import why_of  # noqa: PLC0415 - when asked for

        self.app.push_screen(why_of(self.session, self.view, self.charts.shown_metrics))

    def press_code_diff(self) -> None:
        """Show how the code of the column's run differs from the baseline's, or the first's."""
        from workbench.tui.compare.code import CodeScreen  # noqa: PLC0415 - when asked for

        here, shown = self._here(), self.shown
        if here is None or shown is None:
            return
        runs = shown.comparison.runs
        base = runs[shown.comparison.baseline or 0]
        if base.run_id == here.run_id:
            other = next(run for run in runs if run.run_id != here.run_id)
            base, here = here, other
        self.app.push_screen(CodeScreen(self.session, base, here))

    # ------------------------------------------------------------ the charts' keys, from the table

    def press_chart_columns(self) -> None:
        """Change how many charts stand side by side."""
        self.charts.cycle_columns()

    def press_at_step(self) -> None:
        """Read all values, of the charts and of the table, at a step somebody types."""
        self.charts.press_at_step()

    # ------------------------------------------------------------ taking things along

    def press_copy(self) -> None:
        """Copy the whole value under the cursor, or the name of its row."""
        fact, shown, column = self.fact_here, self.shown, self.table.column
        if fact is None or shown is None:
            return
        run = column - shown.beside
        text = compared_text.whole(fact, shown.runs[run]) if run >= 0 else fact.name
        self.app.copy_to_clipboard(text)
        tell(self.app, f"Copied {text[:_LONGEST]}")

    def press_copy_row(self) -> None:
        """Copy the row with the names of its runs, tab-separated."""
        fact, shown = self.fact_here, self.shown
        if fact is None or shown is None:
            tell(self.app, _NO_ROW)
            return
        runs = shown.comparison.runs
        head = "\t".join(["", *(called(runs[run]) for run in shown.runs)])
        name = compared_text.titled(fact, fact.name)
        cells = "\t".join([name, *(compared_text.whole(fact, run) for run in shown.runs)])
        self.app.copy_to_clipboard(f"{head}\n{cells}")
        tell(self.app, "Copied the row with the names of its runs.")

    def press_export(self) -> None:
        """Write the comparison as Markdown, its charts as SVG and as text."""
        from workbench.operations.export_pages import export_comparison  # noqa: PLC0415 - when asked

        shown, session, equal = self.shown, self.session, self.view.equal
        if self.plots:
            self.export_plot()
        if shown is None:
            return
        pictures, printing = self.charts.picturing(), self.charts.printing()

        def work() -> Finished:
            drawn = pictures()
            paths = export_comparison(
                session, shown.comparison, drawn, printing(), order=shown.runs, equal=equal
            )
            more = f" and {plural(len(drawn), 'chart')} beside it" if drawn else ""
            return Finished(f"Wrote {paths[0]}{more}")

        off_thread(self, work, doing="Export")
