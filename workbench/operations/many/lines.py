"""A line a run over many axes: parallel coordinates, with the ranges on their axes."""

from collections.abc import Sequence

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Ints
from workbench.charts.figure import Bright
from workbench.charts.palette import Theme
from workbench.charts.parallel import MOST_BRIGHT
from workbench.charts.parallel import parallel as lines
from workbench.charts.placing import Values
from workbench.operations.many import brushing
from workbench.operations.many.drawing import (
    Drawn,
    Labels,
    headings_of,
    is_wide,
    marked,
    rows_of,
    side,
)
from workbench.operations.many.population import Population, said
from workbench.words import plural


def parallel(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return the axes side by side; a range narrows the runs, never the axis it is on."""
    axes = population.asked.axes
    elsewhere = np.ones(len(population), dtype=np.bool_)
    ranges: dict[int, tuple[float, float]] = {}
    for column, low, high in population.asked.brush:
        what = population.columns[column]
        if column in axes:
            ends = brushing.ends(what, low, high)
            known = ranges.get(axes.index(column), ends)
            ranges[axes.index(column)] = (max(ends[0], known[0]), min(ends[1], known[1]))
        else:
            elsewhere &= brushing.inside(what, low, high)
    at = np.flatnonzero(elsewhere)
    marks = marked(population, at, theme, labels)
    figure = lines(
        [_axis(population, column, at) for column in axes],
        bright=marks,
        cursor=population.asked.cursor,
        brushes=ranges,
        theme=theme,
    )
    inside = np.flatnonzero(population.inside)
    rows = tuple(rows_of(population, inside, axes))
    return Drawn(figure, headings_of(axes), rows, (*said(population, axes), *_dimmed(marks)))


def _dimmed(marks: Sequence[Bright]) -> tuple[str, ...]:
    """Return how many marked runs are not bright: more lines cannot be told apart."""
    rest = len(marks) - MOST_BRIGHT
    return (f"{plural(rest, 'marked run')} beyond {MOST_BRIGHT} not bright.",) if rest > 0 else ()


def _axis(population: Population, column: Column, at: Ints) -> Values:
    """Return an upright axis; a logarithmic one where the values are spread over powers of ten."""
    found = side(population, column, at)
    if not is_wide(population, column, at):
        return found
    return found._replace(label=f"{found.label} (log)", log=True)
