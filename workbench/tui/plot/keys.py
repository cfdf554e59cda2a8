"""The keys of a chart over many runs: each changes what is asked, and the pane asks again."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.message import Message

from workbench.operations import runs_table
from workbench.operations.runs_table import Column
from workbench.operations.session import Session
from workbench.tui.messages import ColumnsReady, MetricsReady
from workbench.tui.offload import off_thread
from workbench.tui.plot import brush
from workbench.tui.plot.words import choices_of, unreadable
from workbench.tui.toast import tell
from workbench.tui.widgets.choose import ChooseScreen
from workbench.tui.widgets.prompt import PromptScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.reactive import reactive
    from textual.widget import Widget

    from workbench.operations.many import Asked, Picture

    _Widget = Widget
else:
    _Widget = object


class AskedChanged(Message):
    """A person chose other axes, another brush, another run."""

    def __init__(self, pane: "PlotKeys", asked: "Asked") -> None:
        super().__init__()
        self.pane = pane
        self.asked = asked


class FilterChosen(Message):
    """A person wants to see only the runs that are let through."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class PlotKeys(_Widget):
    """Answer the keys that change what is asked."""

    picture: "Picture | None" = None
    _session: Session
    _axis_chosen: str = "x"
    _dialog: ChooseScreen | None = None

    if TYPE_CHECKING:
        asked: reactive[Asked | None]

    def _ask(self, **changes: Any) -> None:
        if self.asked is not None:
            self._take(replace(self.asked, **changes))

    def _take(self, asked: "Asked") -> None:
        if asked != self.asked:
            self.asked = asked
            self.post_message(AskedChanged(self, asked))

    def press_plot_x(self) -> None:
        """Choose what is across."""
        self._choose("x", "Across")

    def press_plot_y(self) -> None:
        """Choose what is up."""
        self._choose("y", "Up")

    def press_plot_z(self) -> None:
        """Choose the value of a heat map, or the third metric of a front."""
        self._choose("z", "Value")

    def _choose(self, axis: str, title: str) -> None:
        session = self._session
        now = getattr(self.picture.asked, axis) if self.picture is not None else None
        self._axis_chosen = axis
        self._dialog = ChooseScreen(title, ())
        self.app.push_screen(self._dialog, self._chosen)

        def work() -> ColumnsReady:
            return ColumnsReady(runs_table.columns(session), now)

        off_thread(self, work, group="columns", doing="Read the columns")

    def on_columns_ready(self, event: ColumnsReady) -> None:
        """Offer what there is to choose from."""
        event.stop()
        if self._dialog is not None and self._dialog.is_attached:
            self._dialog.offer(choices_of(event.facts, event.now))

    def _chosen(self, id_: str | None) -> None:
        if id_ is not None:
            kind, _, name = id_.partition(":")
            column = Column(kind, name) if name else None  # type: ignore[arg-type]
            self._ask(**{self._axis_chosen: column}, cursor=None)

    def step_metric(self, by: int) -> None:
        """Let the next metric count, or the one before."""
        session = self._session

        def work() -> MetricsReady:
            facts = runs_table.columns(session)
            return MetricsReady(
                [one.column.name for one in facts if one.column.kind == "metric"], by
            )

        off_thread(self, work, group="metrics", doing="Read the metrics")

    def on_metrics_ready(self, event: MetricsReady) -> None:
        """Ask about the metric that many places further; what it stands on gives way to it."""
        event.stop()
        asked = self.picture.asked if self.picture is not None else self.asked
        if asked is None or self.asked is None or not event.metrics:
            return
        metric = brush.next_of(event.metrics, asked.metric or _metric_of(asked), event.by)
        kept = {
            axis: None
            for axis in ("x", "y", "z")
            if (column := getattr(self.asked, axis)) is not None and column.kind == "metric"
        }
        self._ask(metric=metric, cursor=None, **kept)

    def press_filter(self) -> None:
        """Choose which runs the chart is about; an empty filter is all of them."""
        if self.asked is not None:
            title, now = "Runs that match", self.asked.filter
            self.app.push_screen(PromptScreen(title, now, check=unreadable), self._filtered)

    def _filtered(self, text: str | None) -> None:
        if text is not None:
            self._ask(filter=text.strip(), cursor=None)

    def press_plot_log(self) -> None:
        """Turn the logarithmic axes on or off: up, across, both, none."""
        if self.asked is not None:
            order = [(False, False), (False, True), (True, False), (True, True)]
            log_x, log_y = order[
                (order.index((self.asked.log_x, self.asked.log_y)) + 1) % len(order)
            ]
            self._ask(log_x=log_x, log_y=log_y)

    def press_plot_previous(self) -> None:
        """Go to the axis or the point before."""
        self._point(-1)

    def press_plot_next(self) -> None:
        """Go to the next axis or point."""
        self._point(1)

    def _point(self, by: int) -> None:
        if self.asked is not None:
            now = self.asked.cursor
            self._ask(cursor=0 if now is None else max(0, now + by))

    @property
    def _axis(self) -> int:
        """Return which axis the brush keys mean: the one pointed at, else what is across."""
        asked = self.asked
        if asked is None or asked.kind != "parallel" or asked.cursor is None:
            return 0
        return asked.cursor

    def _brush(self, step: "Callable[[Picture, int, int], Asked]", by: int) -> None:
        """Go a step on from the brush that is asked for by now: keys come faster than pictures."""
        picture, asked = self.picture, self.asked
        if picture is not None and asked is not None:
            now = replace(picture, asked=replace(picture.asked, brush=asked.brush))
            self._take(step(now, self._axis, by))

    def press_brush_narrow(self) -> None:
        """Narrow what is let through."""
        self._brush(brush.narrowed, 1)

    def press_brush_widen(self) -> None:
        """Widen it."""
        self._brush(brush.narrowed, -1)

    def press_brush_down(self) -> None:
        """Move it down."""
        self._brush(brush.moved, -1)

    def press_brush_up(self) -> None:
        """Move it up."""
        self._brush(brush.moved, 1)

    def press_brush_reset(self) -> None:
        """Let every run through again."""
        self._ask(brush=())

    def press_brush_apply(self) -> None:
        """Make what is let through the filter of the runs."""
        if self.picture is None or not self.picture.asked.brush:
            return
        if not self.picture.inside:
            tell(self.app, "No run is let through, so there is nothing to filter by.")
            return
        self.post_message(FilterChosen(self.picture.filter))

    def press_chart_table(self) -> None:
        """Show the numbers as a table, or the chart again."""
        self.toggle_class("-table")
        self.query_one("#plot-values" if self.has_class("-table") else "#plot-view").focus()


def _metric_of(asked: "Asked") -> str:
    """Return the metric on an axis, where none is named."""
    columns = (asked.y, asked.z, asked.x, *reversed(asked.axes))
    return next((one.name for one in columns if one is not None and one.kind == "metric"), "")
