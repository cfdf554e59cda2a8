"""A line a run over many axes: parallel coordinates, with the ranges on their axes."""

import numpy as np

from workbench.charts.palette import Theme
from workbench.charts.parallel import parallel as lines
from workbench.operations.many import brushing
from workbench.operations.many.drawing import Drawn, Labels, headings_of, marked, rows_of, side
from workbench.operations.many.population import Population, said


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
    figure = lines(
        [side(population, column, at) for column in axes],
        bright=marked(population, at, theme, labels),
        cursor=population.asked.cursor,
        brushes=ranges,
        theme=theme,
    )
    inside = np.flatnonzero(population.inside)
    rows = tuple(rows_of(population, inside, axes))
    return Drawn(figure, headings_of(axes), rows, said(population, axes))
