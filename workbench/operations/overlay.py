"""The curves of some runs in one chart, for whatever is printed or written to a file.

The screen keeps what it draws from one key to the next; here a chart is made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from workbench.catalogue.cards import cards
from workbench.catalogue.query import SEEDS, Column
from workbench.charts.look import Look
from workbench.charts.palette import DARK, Theme, colors, letters
from workbench.charts.reduction import Curve
from workbench.operations import traces
from workbench.operations.grouping import gathered, held_by
from workbench.operations.labels import labels
from workbench.operations.session import Session
from workbench.operations.views import BEST, DIFFERENCE, View
from workbench.runs.alignment import Band, band
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


class Banded(NamedTuple):
    """A group of runs as one curve."""

    label: str
    letter: str
    ids: tuple[str, ...]
    """Of all its runs."""
    n: int
    """Those of them that have the metric."""
    band: Band
    parts: tuple[traces.Trace, ...] = ()
    """The curves the band is of."""


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
    group: tuple[Column, ...] = ()
    """Runs equal in all of these are one curve: their mean, with a band of one deviation."""


def of_view(view: View, baseline: int | None) -> Shown:
    """Return how a view shows its curves."""
    return Shown(
        view.x,
        view.x_scale,
        view.y_scale,
        view.smoothing,
        view.mode,
        view.values,
        baseline,
        view.group,
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
    if shown.group:
        return _grouped(session, runs, metric, shown, theme)
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
    return Overlay(tuple(curves), _titled(metric, shown, found, theme))


def _titled(metric: str, shown: Shown, found: Traced, theme: Theme) -> Look:
    title = visible(traces.said(metric, shown.values, found.goal, baseline=found.based))
    return replace(look_of(shown, theme), title=f"{title}, mean ± std" if shown.group else title)


def _grouped(
    session: Session, runs: Sequence[int], metric: str, shown: Shown, theme: Theme
) -> Overlay:
    """Return a curve for each group, in the colour of its first run as on the screen."""
    found, groups = banded(session, runs, metric, shown)
    inks = colors([one.ids[0] for one in groups], theme)
    curves = [
        Curve(
            f"{one.label} (n={one.n})",
            one.band.x,
            one.band.mean,
            inks[one.ids[0]],
            one.letter,
            low=one.band.low,
            high=one.band.high,
            members=one.parts,
        )
        for one in groups
    ]
    return Overlay(tuple(curves), _titled(metric, shown, found, theme))


def banded(
    session: Session, runs: Sequence[int], metric: str, shown: Shown
) -> tuple[Traced, tuple[Banded, ...]]:
    """Return the mean and spread of one metric over each group of these runs that has it."""
    records = cards(session.catalogue, runs)
    columns = tuple(one for one in shown.group if one != SEEDS)
    groups = gathered(
        shown.group, held_by(session, records, columns), [one.recipe for one in records]
    )
    firsts = [records[one.places[0]] for one in groups]
    named = labels(session, [one.run for one in firsts])
    found = traced(session, [one.run for one in records], metric, shown)
    made = []
    for group, first in zip(groups, firsts, strict=True):
        members = [records[place] for place in group.places]
        there = [one for one in members if one.run in found.traces]
        if there:
            label = group.label or visible(named.get(first.run, first.name))
            ids = tuple(one.run_id for one in members)
            parts = [found.traces[one.run] for one in there]
            made.append(Banded(label, group.letter, ids, len(there), band(parts), tuple(parts)))
    return found, tuple(made)


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
