"""How values are distributed: a histogram of one column, a heat map of two."""

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Ints
from workbench.charts.heat import heat_map
from workbench.charts.histogram import distribution
from workbench.charts.palette import Theme
from workbench.errors import UsageError
from workbench.operations.columns import written
from workbench.operations.many.drawing import Drawn, Labels, marked, may_be_log, side
from workbench.operations.many.population import Population, said
from workbench.runs.heat import heat as over_grid
from workbench.runs.histogram import histogram
from workbench.words import plural


def hist(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return how often the values of a column are there, in bins or by category."""
    x = population.asked.x
    if x is None:
        raise UsageError("A histogram needs a column.", hint="Name it with --x.")
    positive = (x,) if population.asked.log_x and may_be_log(population, x) else ()
    at = population.drawn([x], positive)
    values = side(population, x, at, log=bool(positive))
    figure = distribution(values, bright=marked(population, at, theme, labels), theme=theme)
    words = said(population, [x], positive)
    if values.names:
        counts = np.bincount(values.places.astype(np.int64), minlength=len(values.names))
        rows = tuple(zip(values.names, counts.tolist(), strict=True))
        return Drawn(figure, (written(x), "runs"), rows, words)
    found = histogram(np.log10(values.places) if positive else values.places)
    edges = 10**found.edges if positive else found.edges
    table = zip(edges[:-1].tolist(), edges[1:].tolist(), found.counts.tolist(), strict=True)
    return Drawn(figure, ("from", "to", "runs"), tuple(table), words)


def heat(population: Population, theme: Theme, _: Labels) -> Drawn:
    """Return the mean of a value over two columns.

    Raises:
        UsageError: What is to be averaged are names.
    """
    x, y, z = population.asked.x, population.asked.y, population.asked.z
    if x is None or y is None or z is None:
        raise UsageError("A heat map needs three columns.", hint="Name them with --x, --y and --z.")
    if population.columns[z].names:
        raise UsageError(
            f"{population.columns[z].label} has names, which have no mean.",
            hint="Choose a column of numbers with --z.",
        )
    at = population.drawn((x, y, z))
    value = population.columns[z]
    grid = over_grid(_given(population, x, at), _given(population, y, at), value.places[at])
    across, up = (population.columns[one].label for one in (x, y))
    figure = heat_map(grid, x_label=across, y_label=up, value_label=value.label, theme=theme)
    words = said(population, (x, y, z))
    if grid.binned:
        words = (*words, "Cut at quantiles, each part from its first value on.")
    if population.asked.marks:
        count = plural(len(set(population.asked.marks)), "marked run")
        words = (*words, f"{count} not told apart: a cell is a mean.")
    rows = tuple(
        (grid.x[column], grid.y[row], float(grid.mean[row, column]), int(grid.n[row, column]))
        for row, column in zip(*np.nonzero(grid.n), strict=True)
    )
    headings = (written(x), written(y), f"mean {written(z)}", "runs")
    return Drawn(figure, headings, rows, words)


def _given(population: Population, column: Column, at: Ints) -> list[float | str]:
    """Return the values of a side: numbers as they are, categories by name."""
    one = population.columns[column]
    places: list[float] = one.places[at].tolist()
    return [one.names[int(place)] for place in places] if one.names else list(places)
