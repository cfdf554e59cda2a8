"""The curves of some runs in one chart, for whatever is printed or written to a file.

The screen keeps what it draws from one key to the next; here a chart is made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workbench.catalogue.cards import cards
from workbench.charts.look import Look
from workbench.charts.palette import DARK, Theme, colors, letters
from workbench.charts.reduction import Curve
from workbench.operations import traces
from workbench.operations.labels import labels
from workbench.operations.session import Session
from workbench.operations.views import BEST, DIFFERENCE, View
from workbench.runs.series import EMPTY
from workbench.words import visible

MOST = 32
"""Curves in a printed chart; beyond, nobody follows one."""


class Traced(NamedTuple):
    """Places and values of those runs that have the metric, in drawing order of the runs."""

    traces: Mapping[int, traces.Trace]
    goal: str
    """``min`` or ``max`` where the best is drawn and it is known which that is."""
    based: bool
    """Whether a baseline was subtracted."""


class Overlay(NamedTuple):
    """Curves ready to be drawn."""

    curves: tuple[Curve, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Shown:
    """How the curves are shown; as a view says it, see `of_view`."""

    x: str = "step"
    x_scale: str = "linear"
    y_scale: str = "linear"
    smoothing: float = 0.0
    mode: str = "mean"
    values: str = "value"
    baseline: int | None = None
    """The run whose values are subtracted."""


def of_view(view: View, baseline: int | None) -> Shown:
    """Return how a view shows its curves."""
    return Shown(
        view.x, view.x_scale, view.y_scale, view.smoothing, view.mode, view.values, baseline
    )


def overlay(
    session: Session, runs: Sequence[int], metric: str, shown: Shown, theme: Theme = DARK
) -> Overlay:
    """Return the curves of one metric of these runs, those that have it, lettered in order.

    Args:
        session: Where.
        runs: Their numbers; a letter is a run's place here, whether it has the metric or not.
        metric: What is up.
        shown: What is across, and what is drawn of the values.
        theme: The colours.
    """
    records = cards(session.catalogue, runs)
    inks = colors([one.run_id for one in records], theme)
    named = labels(session, [one.run for one in records])
    found = traced(session, runs, metric, shown)
    curves = [
        Curve(
            visible(named.get(one.run, one.name)), *found.traces[one.run], inks[one.run_id], letter
        )
        for letter, one in zip(letters(len(records)), records, strict=True)
        if one.run in found.traces
    ]
    title = visible(traces.said(metric, shown.values, found.goal, baseline=found.based))
    return Overlay(tuple(curves), replace(look_of(shown, theme), title=title))


def traced(session: Session, runs: Sequence[int], metric: str, shown: Shown) -> Traced:
    """Return what is drawn of one metric of these runs: places and values, by run."""
    axis = traces.axis_metric(shown.x)
    wanted = [*runs, *([] if shown.baseline is None else [shown.baseline])]
    found = session.curves().several(
        list(dict.fromkeys(wanted)), list(dict.fromkeys([metric, *filter(None, [axis])]))
    )
    goal = session.goals.get(metric, "") if shown.values == BEST else ""

    def placed(run: int) -> traces.Trace:
        held = found.get(run, {})
        return traces.placed(held.get(metric, EMPTY), shown.x, held.get(axis))

    base = None
    if shown.values == DIFFERENCE and shown.baseline is not None:
        known = len(found.get(shown.baseline, {}).get(metric, EMPTY))
        base = placed(shown.baseline) if known else None
    there = [run for run in runs if len(found.get(run, {}).get(metric, EMPTY))]
    made = {run: traces.valued(placed(run), shown.values, goal, base) for run in there}
    return Traced(made, goal, base is not None)


def look_of(shown: Shown, theme: Theme) -> Look:
    """Return the look of a chart, without its title."""
    return Look(
        x_label=visible(traces.axis_label(shown.x)),
        x_kind=traces.axis_kind(shown.x),
        x_scale=shown.x_scale,
        y_scale=shown.y_scale,
        smoothing=shown.smoothing,
        mode=shown.mode,
        theme=theme,
    )
