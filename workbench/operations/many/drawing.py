"""What every kind of chart needs: the marked runs, rows of runs, the run under the cursor."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Ints
from workbench.charts.figure import Bright, Figure
from workbench.charts.palette import Theme, colors, letters
from workbench.charts.placing import Values
from workbench.operations.columns import written
from workbench.operations.many.asked import Summary
from workbench.operations.many.measured import LARGEST
from workbench.operations.many.population import Population
from workbench.words import visible

Labels = Mapping[str, str]
"""What the marked runs are called, by their ids."""

GAP: Final = " · "
_WIDE: Final = 100.0
"""The ratio of largest to smallest from which on an axis is logarithmic by itself."""


class Drawn(NamedTuple):
    """A chart of one kind, before it is put together with what was asked."""

    figure: Figure
    headings: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    said: tuple[str, ...] = ()
    here: int | None = None
    """The place of the run under the cursor in the population."""
    groups: tuple[Summary, ...] = ()


class Plane(NamedTuple):
    """Two columns as the axes of a chart, and the runs that have a place between them."""

    columns: tuple[Column, Column]
    at: Ints
    """Places in the population, from left to right."""
    x: Values
    y: Values
    positive: tuple[Column, ...]
    """The columns whose axis is logarithmic."""


def plane(
    population: Population,
    x: Column,
    y: Column,
    also: Sequence[Column] = (),
    *,
    by_itself: bool = False,
) -> Plane:
    """Return two columns as axes, over the runs that have these and ``also`` other columns.

    With ``by_itself`` an axis is logarithmic where its values are spread over powers of ten.
    """
    asked = population.asked
    wishes = ((x, asked.log_x), (y, asked.log_y))
    every = population.drawn((x, y, *also))
    positive = tuple(
        column
        for column, log in wishes
        if (log and may_be_log(population, column))
        or (by_itself and is_wide(population, column, every))
    )
    at = population.drawn((x, y, *also), positive)
    across, up = (population.columns[column].places[at] for column in (x, y))
    at = at[np.lexsort((up, across))]
    return Plane(
        (x, y),
        at,
        side(population, x, at, log=x in positive),
        side(population, y, at, log=y in positive),
        positive,
    )


def may_be_log(population: Population, column: Column) -> bool:
    """Say whether a column's axis can be logarithmic: names and moments have no powers of ten."""
    one = population.columns[column]
    return not one.names and not one.is_time


def is_wide(population: Population, column: Column, at: Ints) -> bool:
    """Say whether values are spread over powers of ten: a linear axis shows the largest alone."""
    found = population.columns[column].places[at]
    known = found[np.abs(found) <= LARGEST]
    if not may_be_log(population, column) or not len(known) or not known.min() > 0:
        return False
    return bool(known.max() >= known.min() * _WIDE)


def side(population: Population, column: Column, at: Ints, *, log: bool = False) -> Values:
    """Return a column over these runs as a chart takes it."""
    one = population.columns[column]
    return Values(one.places[at], one.label, one.names, log, one.is_time)


def marked(population: Population, at: Ints, theme: Theme, labels: Labels) -> tuple[Bright, ...]:
    """Return the marked runs among those drawn.

    Letters and colours are given to all marks, also to runs that are gone, so that they
    change neither with the ranges nor when a run is deleted.

    Args:
        population: The runs.
        at: The places in it of the runs that are drawn.
        theme: Where colours come from.
        labels: What each marked run is called.
    """
    marks = population.marked()
    asked = tuple(dict.fromkeys(population.asked.marks))
    inks, named = colors(asked, theme), dict(zip(asked, letters(len(asked)), strict=True))
    drawn = {place: index for index, place in enumerate(at.tolist())}
    return tuple(
        Bright(drawn[place], named[run], inks[run], labels[run])
        for run, place in marks
        if place in drawn
    )


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


def noted(sentences: Sequence[str]) -> str:
    """Return sentences as they stand below a chart."""
    return GAP.join(sentence.removesuffix(".") for sentence in sentences)
