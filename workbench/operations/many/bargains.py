"""The Pareto front: runs that no other beats in everything that counts."""

import numpy as np

from workbench.catalogue.query import Column
from workbench.charts.figure import Dots, Figure, Path
from workbench.charts.legend import Entry
from workbench.charts.palette import Theme
from workbench.errors import UsageError
from workbench.operations.many.drawing import (
    Drawn,
    Plane,
    bright_dots,
    cursor_layers,
    entries_of,
    headings_of,
    here_of,
    marked,
    plane,
    rows_of,
)
from workbench.operations.many.points import Labels
from workbench.operations.many.population import Population, said
from workbench.runs.frontier import MAX, pareto
from workbench.runs.series import Flags
from workbench.words import plural

_COSTS = frozenset(("duration", "size"))
"""Attributes of which less is better, whoever asks."""
_UNBEATEN = "◆"


def front(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return two metrics against each other with the runs that none beats in all two or three.

    Raises:
        UsageError: Of one of them it is not known which way is good.
    """
    asked = population.asked
    assert asked.x is not None  # noqa: S101 - chosen before anything is drawn
    assert asked.y is not None  # noqa: S101
    columns = tuple(one for one in (asked.x, asked.y, asked.z) if one is not None)
    goals = [_goal(population, column) for column in columns]
    found = plane(population, asked.x, asked.y, columns[2:])
    values = [population.columns[column].places[found.at] for column in columns]
    best = pareto(np.column_stack(values), goals)
    words = ", ".join(
        f"{population.columns[column].label} ({goal})"
        for column, goal in zip(columns, goals, strict=True)
    )
    figure = _figure(population, found, best, goals, theme, labels, words)
    rows = rows_of(population, found.at, columns)
    return Drawn(
        figure,
        (*headings_of(columns), "front"),
        tuple((*row, bool(one)) for row, one in zip(rows, best, strict=True)),
        said(population, columns, found.positive),
        here_of(found, asked.cursor),
    )


def _goal(population: Population, column: Column) -> str:
    if column.kind == "attribute" and column.name in _COSTS:
        return "min"
    goal = population.goal(column)
    if not goal:
        raise UsageError(
            f"It is not known whether more or less {column.title} is better.",
            hint="Say so under [metrics] in workbench.toml.",
        )
    return goal


def _figure(
    population: Population,
    found: Plane,
    best: Flags,
    goals: list[str],
    theme: Theme,
    labels: Labels,
    words: str,
) -> Figure:
    color = theme.series[0]
    marks = marked(population, found.at, theme, labels)
    beaten = Dots(found.xs[~best], found.ys[~best], theme.muted)
    unbeaten = Dots(found.xs[best], found.ys[best], color, _UNBEATEN, bright=True)
    line = (_line(found, best, goals[0], color),) if len(goals) == 2 else ()  # noqa: PLR2004
    cursor = cursor_layers(found, population.asked.cursor, theme)
    entry = Entry(_UNBEATEN, f"best of {words}", color, focused=False)
    empty = "" if len(found.at) else "No run has a place in this chart."
    return Figure(
        "Pareto front",
        f"{plural(int(best.sum()), 'run')} of {len(best):,} not beaten in all",
        found.x_axis,
        found.y_axis,
        () if empty else (beaten, *line, unbeaten, *bright_dots(found, marks), *cursor),
        (entry, *entries_of(marks)),
        empty=empty,
    )


def _line(found: Plane, best: Flags, goal: str, color: int) -> Path:
    """Return the staircase of the front: from the best in x, across first, then up or down."""
    x, y = found.xs[best], found.ys[best]
    order = slice(None, None, -1) if goal == MAX else slice(None)
    return Path(x[order], y[order], color, bright=True, steps=True)
