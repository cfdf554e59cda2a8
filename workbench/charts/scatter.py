"""Two values of many runs against each other; progress over time and Pareto fronts likewise.

All runs are a cloud of dots, the marked ones letters, the one under the cursor a ring. What
the cloud says is said in words beside the title; who is not in it, in the notes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.charts.figure import Axis, Bright, Dots, Figure, Layer, Path
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.placing import Floats, Values, axis_for, drawn, lacking, say, spread_out
from workbench.runs import frontier
from workbench.runs.alignment import best_so_far
from workbench.runs.correlation import rank_correlation

HERE: Final = "◉"
"""The point under the cursor."""

FRONT: Final = "◆"
"""A run that no other beats."""

_CLOUD = 0.75
"""Share of the muted colour in a cloud that has bright points in it."""

Flags = NDArray[np.bool_]


class Cloud(NamedTuple):
    """Things with a place on both axes; NaN in both where one has none."""

    x: Floats
    y: Floats
    there: Flags
    x_axis: Axis
    y_axis: Axis


def cloud(x: Values, y: Values) -> Cloud:
    """Return where things stand between two axes."""
    across, up = drawn(x), drawn(y)
    there = np.isfinite(across) & np.isfinite(up)
    across, up = np.where(there, across, np.nan), np.where(there, up, np.nan)
    axes = axis_for(x, across), axis_for(y, up)
    return Cloud(spread_out(x, across), spread_out(y, up), there, *axes)


def scatter(
    x: Values,
    y: Values,
    *,
    title: str = "",
    bright: Sequence[Bright] = (),
    cursor: int | None = None,
    cursor_label: str = "",
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return two values against each other, with their rank correlation.

    Args:
        x: A value of each thing, shape ``(n,)``.
        y: Another one.
        title: What is shown; y against x if nothing is said.
        bright: The marked ones.
        cursor: The one under the cursor.
        cursor_label: What it is called.
        theme: Colours.
        noun: What the things are.
    """
    found = cloud(x, y)
    aside = f"n = {words.count(int(found.there.sum()))}"
    if not (x.names or y.names):
        aside = rank_correlation(found.x, found.y).text
    figure = _figure(x, y, found, title or f"{y.label} by {x.label}", aside, noun)
    if figure.empty:
        return figure
    pointed = _pointed(x, y, found, cursor, cursor_label, theme)
    return _with(
        figure,
        [_dim(found, theme, marked=bool(bright)), *_letters(found, bright), *pointed.layers],
        (*pointed.entries, *_entries(bright)),
    )


def progress(
    started: Values,
    y: Values,
    goal: str,
    *,
    bright: Sequence[Bright] = (),
    cursor: int | None = None,
    cursor_label: str = "",
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return a metric over the time the runs began, with the best so far as a line of steps.

    Args:
        started: Seconds since 1970.
        y: The metric.
        goal: ``min`` or ``max``; nothing where nobody said what is better: then no line.
        bright: The marked ones.
        cursor: The one under the cursor.
        cursor_label: What it is called.
        theme: Colours.
        noun: What the things are.
    """
    found = cloud(started, y)
    figure = _figure(started, y, found, f"{y.label} over time", "", noun)
    if figure.empty:
        return figure
    best, line = _best_so_far(found, y, goal, theme)
    pointed = _pointed(started, y, found, cursor, cursor_label, theme)
    layers: list[Layer] = [_dim(found, theme, marked=True), *line]
    layers += [*_letters(found, bright), *pointed.layers]
    entries = (*(Entry("─", "best so far", path.color, focused=False) for path in line),)
    said = f"n = {words.count(int(found.there.sum()))}" + (f", best {best}" if best else "")
    notes = figure.notes if goal else _joined(f"no goal is set for {y.label}", figure.notes)
    return _with(figure, layers, (*entries, *pointed.entries, *_entries(bright)), said, notes)


def _best_so_far(found: Cloud, y: Values, goal: str, theme: Theme) -> tuple[str, tuple[Path, ...]]:
    if not goal or y.names:
        return "", ()
    order = np.flatnonzero(found.there)[np.argsort(found.x[found.there], kind="stable")]
    best = best_so_far(found.y[order], goal)
    x = np.append(found.x[order], found.x_axis.high)
    path = Path(x, np.append(best, best[-1]), theme.series[1], bright=True, steps=True)
    return say(y, float(best[-1])), (path,)


def pareto(
    x: Values,
    y: Values,
    goals: Sequence[str],
    *,
    third: Values | None = None,
    bright: Sequence[Bright] = (),
    cursor: int | None = None,
    cursor_label: str = "",
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return two metrics against each other, with the runs that no other beats.

    Args:
        x: A metric.
        y: Another one.
        goals: ``min`` or ``max`` of x, of y, and of the third if there is one.
        third: One more metric that counts; then the front is no line, only its members.
        bright: The marked ones.
        cursor: The one under the cursor.
        cursor_label: What it is called.
        theme: Colours.
        noun: What the things are.
    """
    found = cloud(x, y)
    sides = [found.x, found.y, *([drawn(third)] if third else [])]
    front = frontier.pareto(np.column_stack(sides), goals)
    title = f"Pareto front of {y.label}, {x.label}" + (f", {third.label}" if third else "")
    n = _complete(sides)
    labels = [x.label, y.label, *([third.label] if third else [])]
    aside = f"{words.count(int(front.sum()))} of {words.plural(n, noun)}, {_aims(labels, goals)}"
    figure = _figure(x, y, found, title, aside, noun, lacking(third, noun) if third else ())
    if figure.empty:
        return figure
    line = () if third else (_staircase(found, front, goals[0], theme),)
    members = Dots(found.x[front], found.y[front], theme.series[1], FRONT, bright=True)
    pointed = _pointed(x, y, found, cursor, cursor_label, theme)
    layers: list[Layer] = [_dim(found, theme, marked=True), *line, members]
    signed = [one._replace(letter=one.letter + FRONT) if front[one.at] else one for one in bright]
    layers += [*_letters(found, signed), *pointed.layers]
    entry = Entry(FRONT, "front", theme.series[1], focused=False)
    return _with(figure, layers, (entry, *pointed.entries, *_entries(bright)))


def _complete(sides: Sequence[Floats]) -> int:
    return int((~np.isnan(np.column_stack(sides)).any(axis=1)).sum())


def _aims(labels: Sequence[str], goals: Sequence[str]) -> str:
    aims = ("more" if goal == frontier.MAX else "less" for goal in goals)
    return ", ".join(f"{aim} {label}" for aim, label in zip(aims, labels, strict=True))


def _staircase(found: Cloud, front: Flags, goal: str, theme: Theme) -> Path:
    """Return the line that bounds what the front beats; its corners are beaten by two members."""
    at = np.flatnonzero(front)
    at = at[np.argsort(found.x[at], kind="stable")]
    at = at[::-1] if goal == frontier.MAX else at
    return Path(found.x[at], found.y[at], theme.series[1], bright=True, steps=True)


def _figure(
    x: Values, y: Values, found: Cloud, title: str, aside: str, noun: str, also: Sequence[str] = ()
) -> Figure:
    notes = _joined(*lacking(x, noun), *lacking(y, noun), *also)
    if found.there.any():
        return Figure(title, aside, found.x_axis, found.y_axis, notes=notes)
    why = f"No {noun} has both {x.label} and {y.label}" if len(found.there) else f"No {noun}s yet"
    return Figure(title, "", found.x_axis, found.y_axis, notes=notes, empty=why)


def _joined(*sentences: str) -> str:
    return " · ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def _with(
    figure: Figure,
    layers: Sequence[Layer],
    entries: tuple[Entry, ...],
    aside: str = "",
    notes: str | None = None,
) -> Figure:
    return replace(
        figure,
        layers=tuple(layers),
        entries=entries,
        aside=aside or figure.aside,
        notes=figure.notes if notes is None else notes,
    )


def _dim(found: Cloud, theme: Theme, *, marked: bool) -> Dots:
    color = mixed(theme.muted, theme.background, _CLOUD) if marked else theme.series[0]
    return Dots(found.x[found.there], found.y[found.there], color)


def _letters(found: Cloud, bright: Sequence[Bright]) -> tuple[Dots, ...]:
    return tuple(
        Dots(found.x[[one.at]], found.y[[one.at]], one.color, one.letter, bright=True)
        for one in bright
        if found.there[one.at]
    )


def _entries(bright: Sequence[Bright]) -> tuple[Entry, ...]:
    return tuple(Entry(one.letter, one.label, one.color, focused=False) for one in bright)


class _Pointed(NamedTuple):
    layers: tuple[Dots, ...] = ()
    entries: tuple[Entry, ...] = ()


def _pointed(
    x: Values, y: Values, found: Cloud, cursor: int | None, label: str, theme: Theme
) -> _Pointed:
    """Return the point under the cursor, and its values for the legend."""
    if cursor is None or not 0 <= cursor < len(found.there) or not found.there[cursor]:
        return _Pointed()
    color = theme.series[-2]
    values = f"{say(x, float(drawn(x)[cursor]))}, {say(y, float(drawn(y)[cursor]))}"
    dots = Dots(found.x[[cursor]], found.y[[cursor]], color, HERE, bright=True)
    return _Pointed((dots,), (Entry(HERE, label, color, focused=True, value=values),))
