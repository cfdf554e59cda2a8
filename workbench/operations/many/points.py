"""A point a run: any two columns, a project's progress over time, the Pareto front."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from workbench.catalogue.query import Column
from workbench.catalogue.values import Floats
from workbench.charts import scatter as clouds
from workbench.charts.figure import Dots, Figure
from workbench.charts.legend import Entry
from workbench.charts.palette import Theme
from workbench.errors import UsageError
from workbench.operations.many.drawing import (
    Drawn,
    Labels,
    Plane,
    headings_of,
    marked,
    plane,
    pointed,
    rows_of,
    side,
)
from workbench.operations.many.grouping import Groups, grouped, summaries
from workbench.operations.many.population import Population, said
from workbench.runs import frontier
from workbench.runs.alignment import best_so_far
from workbench.words import plural, visible

_GROUP_HEADINGS: Final = ("letter", "group", "group_n", "group_mean", "group_std", "group_best")
_MOST_LETTERS: Final = 150
"""Up to so many points each is the letter of its group; more would be one black patch."""
_COSTS: Final = frozenset(("duration", "size"))
"""Attributes of which less is better, whoever asks."""


def scatter(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return one column against another, with the rank correlation where both are numbers."""
    found = plane(population, *_axes(population), by_itself=True)
    x, y = (
        one._replace(label=f"{one.label} (log)") if one.log else one for one in (found.x, found.y)
    )
    figure = clouds.scatter(x, y, **_shown(population, found, theme, labels))
    return _drawn(population, found, figure, theme)


def progress(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return a metric against the time runs began, with the best so far."""
    started, y = _axes(population)
    found = plane(population, started, y)
    goal = population.goal(y)
    shown = _shown(population, found, theme, labels)
    figure = clouds.progress(found.x, found.y, goal, **shown)
    if not goal:
        also = f"{found.y.label} has no goal, so there is no best so far."
        return _drawn(population, found, figure, theme, also=(also,))
    best = best_so_far(found.y.places, goal)
    return _drawn(population, found, figure, theme, further={"best_so_far": best})


def front(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return two metrics against each other with the runs that none beats in all two or three.

    Raises:
        UsageError: Of one of them it is not known which way is good.
    """
    x, y = _axes(population)
    third = (population.asked.z,) if population.asked.z else ()
    goals = [_goal(population, column) for column in (x, y, *third)]
    found = plane(population, x, y, third)
    sides = [found.x, found.y, *(side(population, one, found.at) for one in third)]
    last = sides[2] if third else None
    shown = _shown(population, found, theme, labels)
    figure = clouds.pareto(found.x, found.y, goals, third=last, **shown)
    values = np.column_stack([one.places for one in sides])
    best = frontier.pareto(values, goals)
    return _drawn(population, found, figure, theme, third=third, further={"front": best})


def _axes(population: Population) -> tuple[Column, Column]:
    x, y = population.asked.x, population.asked.y
    if x is None or y is None:
        raise UsageError("This chart needs two columns.", hint="Name them with --x and --y.")
    return x, y


def _goal(population: Population, column: Column) -> str:
    if column.kind == "attribute" and column.name in _COSTS:
        return "min"
    goal = population.goal(column)
    if not goal:
        raise UsageError(
            f"It is not known whether more or less {visible(column.title)} is better.",
            hint="Say so under [metrics] in workbench.toml.",
        )
    return goal


def _shown(population: Population, found: Plane, theme: Theme, labels: Labels) -> dict[str, Any]:
    """Return what all clouds take: marks, the point under the cursor and its name, colours."""
    index = pointed(population.asked.cursor, len(found.at))
    name = "" if index is None else visible(population.everyone.names[found.at[index]])
    return {
        "bright": marked(population, found.at, theme, labels),
        "cursor": index,
        "cursor_label": name,
        "theme": theme,
    }


def _drawn(
    population: Population,
    found: Plane,
    figure: Figure,
    theme: Theme,
    *,
    third: Sequence[Column] = (),
    further: Mapping[str, Any] | None = None,
    also: tuple[str, ...] = (),
) -> Drawn:
    """Return the chart with its groups and its table, ``further`` columns of it included."""
    asked = population.asked
    shown = tuple(dict.fromkeys((*found.columns, *third)))
    words = (*said(population, shown, found.positive), *also)
    extra = list(zip(*(one.tolist() for one in (further or {}).values()), strict=True))
    rows = rows_of(population, found.at, shown)
    if extra:
        rows = [(*row, *more) for row, more in zip(rows, extra, strict=True)]
    headings = (*headings_of(shown), *(further or {}))
    index = pointed(asked.cursor, len(found.at))
    here = None if index is None else int(found.at[index])
    if not asked.group or not len(found.at):
        return Drawn(figure, headings, tuple(rows), words, here)
    groups = grouped(population, found.at, asked.group, theme)
    y = found.columns[1]
    told = summaries(groups, population.columns[y].places[found.at], population.goal(y))
    if groups.rest:
        words = (*words, f"{plural(groups.rest, 'smaller group')} shown as one, other.")
    rows = [(*row, *told[code]) for row, code in zip(rows, groups.of.tolist(), strict=True)]
    headings = (*headings, *_GROUP_HEADINGS)
    return Drawn(_grouped(figure, found, groups), headings, tuple(rows), words, here, told)


def _grouped(figure: Figure, found: Plane, groups: Groups) -> Figure:
    """Return the chart with its cloud in the colours and letters of the groups."""
    cloud = clouds.cloud(found.x, found.y)
    dots = _group_dots(cloud.x, cloud.y, groups)
    entries = tuple(
        Entry(letter, name, color, focused=False)
        for letter, name, color in zip(groups.letters, groups.names, groups.colors, strict=True)
    )
    layers = (*dots, *figure.layers[1:])
    return replace(figure, layers=layers, entries=(*figure.entries, *entries))


def _group_dots(x: Floats, y: Floats, groups: Groups) -> tuple[Dots, ...]:
    """Return the points of each group, as letters where there are few enough to be read."""
    bright = len(x) <= _MOST_LETTERS
    return tuple(
        Dots(x[groups.of == code], y[groups.of == code], color, letter, bright)
        for code, (letter, color) in enumerate(zip(groups.letters, groups.colors, strict=True))
    )
