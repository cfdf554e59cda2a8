"""What every kind of chart needs: the marked runs, rows of runs, the run under the cursor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Floats, Ints
from workbench.charts.figure import Axis, Bright, Dots, Figure, axis_of
from workbench.charts.legend import Entry
from workbench.charts.palette import Theme, colors, letters
from workbench.operations.columns import written
from workbench.operations.many.asked import Summary
from workbench.operations.many.population import Population
from workbench.words import visible

HERE: Final = "◉"
"""The point under the cursor."""


class Drawn(NamedTuple):
    """A chart of one kind, before it is put together with what was asked."""

    figure: Figure
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    said: tuple[str, ...] = ()
    here: int | None = None
    """The place of the run under the cursor in the population."""
    groups: tuple[Summary, ...] = ()


def marked(
    population: Population, at: Ints, theme: Theme, labels: Mapping[str, str]
) -> tuple[Bright, ...]:
    """Return the marked runs among those drawn.

    Letters and colours are given to all marks, so that they do not change with the ranges.

    Args:
        population: The runs.
        at: The places in it of the runs that are drawn.
        theme: Where colours come from.
        labels: What each marked run is called, by its id.
    """
    marks = population.marked()
    inks = colors([run for run, _ in marks], theme)
    drawn = {place: index for index, place in enumerate(at.tolist())}
    return tuple(
        Bright(drawn[place], letter, inks[run], labels[run])
        for (run, place), letter in zip(marks, letters(len(marks)), strict=True)
        if place in drawn
    )


def drawn_values(values: Floats, *, log: bool) -> Floats:
    """Return values in the units that are drawn."""
    return np.log10(values) if log else values


def headings_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the headings of a table of runs."""
    return ("id", "name", *(written(column) for column in columns))


def rows_of(population: Population, at: Ints, columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Return a row for each of these runs: its id, its name and its values."""
    everyone = population.everyone
    names = [visible(name) for name in everyone.names[at].tolist()]
    cells = [population.columns[column].cells(at) for column in columns]
    return list(zip(everyone.ids[at].tolist(), names, *cells, strict=True))


def pointed(cursor: int | None, count: int) -> int | None:
    """Return the point under the cursor, the first or last if it went past the ends."""
    if cursor is None or not count:
        return None
    return min(max(cursor, 0), count - 1)


class Plane(NamedTuple):
    """Two columns as the axes of a chart, and the runs that have a place between them."""

    x: Column
    y: Column
    at: Ints
    """Places in the population, from left to right."""
    xs: Floats
    ys: Floats
    """Drawn units."""
    x_axis: Axis
    y_axis: Axis
    positive: tuple[Column, ...]
    """The columns whose axis is logarithmic."""


def plane(population: Population, x: Column, y: Column, also: Sequence[Column] = ()) -> Plane:
    """Return two columns as axes, over the runs that have these and ``also`` other columns."""
    asked = population.asked
    wishes = ((x, asked.log_x), (y, asked.log_y))
    positive = tuple(column for column, log in wishes if log and _may_be_log(population, column))
    at = population.drawn((x, y, *also), positive)
    across, up = (population.columns[column].places[at] for column in (x, y))
    order = np.lexsort((up, across))
    at = at[order]
    xs = drawn_values(across[order], log=x in positive)
    ys = drawn_values(up[order], log=y in positive)
    x_axis = axis_for(population, x, xs, log=x in positive)
    y_axis = axis_for(population, y, ys, log=y in positive)
    return Plane(x, y, at, xs, ys, x_axis, y_axis, positive)


def _may_be_log(population: Population, column: Column) -> bool:
    one = population.columns[column]
    return not one.names and not one.is_time


def axis_for(population: Population, column: Column, drawn: Floats, *, log: bool) -> Axis:
    """Return the axis of a column for these places in drawn units."""
    one = population.columns[column]
    return axis_of(drawn, one.label, log=log, time=one.is_time, names=one.names)


def cursor_layers(plane: Plane, cursor: int | None, theme: Theme) -> tuple[Dots, ...]:
    """Return the point under the cursor, drawn over all others."""
    index = pointed(cursor, len(plane.at))
    if index is None:
        return ()
    one = slice(index, index + 1)
    return (Dots(plane.xs[one], plane.ys[one], theme.series[-2], HERE, bright=True),)


def here_of(plane: Plane, cursor: int | None) -> int | None:
    """Return the place in the population of the run under the cursor."""
    index = pointed(cursor, len(plane.at))
    return None if index is None else int(plane.at[index])


def bright_dots(plane: Plane, marks: Sequence[Bright]) -> tuple[Dots, ...]:
    """Return the marked runs as letters."""
    return tuple(
        Dots(plane.xs[[one.at]], plane.ys[[one.at]], one.color, one.letter, bright=True)
        for one in marks
    )


def entries_of(marks: Sequence[Bright]) -> tuple[Entry, ...]:
    """Return the marked runs as lines of a legend."""
    return tuple(Entry(one.letter, one.label, one.color, focused=False) for one in marks)
