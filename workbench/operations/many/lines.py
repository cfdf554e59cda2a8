"""A line a run over many axes: parallel coordinates, with the ranges on their axes."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Ints
from workbench.charts.figure import Bright
from workbench.charts.palette import Theme
from workbench.charts.parallel import MOST_BRIGHT
from workbench.charts.parallel import parallel as lines
from workbench.charts.placing import Values
from workbench.operations.many import brushing
from workbench.operations.many.drawing import Drawn, Labels, headings_of, marked, rows_of, side
from workbench.operations.many.measured import LARGEST
from workbench.operations.many.population import Population, said
from workbench.words import plural

_WIDE: Final = 100.0
"""From this ratio of largest to smallest on, a linear axis would show the largest alone."""


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
    known = found.places[np.abs(found.places) <= LARGEST]
    if found.names or found.time or not len(known) or not known.min() > 0:
        return found
    wide = float(known.max()) >= float(known.min()) * _WIDE
    return found._replace(label=f"{found.label} (log)", log=True) if wide else found
