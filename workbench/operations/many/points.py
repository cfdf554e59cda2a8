"""A point a run: any column against any other, and a project's progress over time."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from workbench.catalogue.values import Floats
from workbench.charts.figure import Dots, Figure, Layer, Path
from workbench.charts.legend import Entry
from workbench.charts.palette import Theme
from workbench.operations.many.choosing import STARTED
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
from workbench.operations.many.grouping import Groups, grouped, summaries
from workbench.operations.many.population import Population, said
from workbench.runs.correlation import rank_correlation
from workbench.runs.frontier import running_best
from workbench.words import plural

_GROUP_HEADINGS: Final = ("letter", "group", "group_n", "group_mean", "group_std", "group_best")
_MOST_LETTERS: Final = 150
"""Up to so many points each is the letter of its group; more would be one black patch."""

Labels = Mapping[str, str]


def scatter(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return one column against another, with the rank correlation where both are numbers."""
    asked = population.asked
    assert asked.x is not None  # noqa: S101 - chosen before anything is drawn
    assert asked.y is not None  # noqa: S101
    found = plane(population, asked.x, asked.y)
    x, y = (population.columns[column] for column in (asked.x, asked.y))
    aside = ""
    if not x.names and not y.names:
        aside = rank_correlation(x.places[found.at], y.places[found.at]).text
    return _drawn(population, found, theme, labels, title=f"{y.label} by {x.label}", aside=aside)


def progress(population: Population, theme: Theme, labels: Labels) -> Drawn:
    """Return a metric against the time runs began, with the best so far."""
    y = population.asked.y
    assert y is not None  # noqa: S101 - chosen before anything is drawn
    found = plane(population, STARTED, y)
    goal = population.goal(y)
    title = f"{population.columns[y].label} over time"
    if not goal:
        words = f"{population.columns[y].label} has no goal, so there is no best so far."
        return _drawn(population, found, theme, labels, title=title, also=(words,))
    best = running_best(population.columns[y].places[found.at], goal)
    drawn = np.log10(best) if y in found.positive else best
    line = Path(found.xs, drawn, theme.series[0], bright=True, steps=True)
    entry = Entry("", f"best so far ({goal})", theme.series[0], focused=False)
    return _drawn(
        population, found, theme, labels, title=title, under=(line,), entries=(entry,),
        columns={"best_so_far": best},
    )  # fmt: skip


def _drawn(
    population: Population,
    found: Plane,
    theme: Theme,
    labels: Labels,
    *,
    title: str,
    aside: str = "",
    under: tuple[Path, ...] = (),
    entries: tuple[Entry, ...] = (),
    columns: Mapping[str, Floats] | None = None,
    also: tuple[str, ...] = (),
) -> Drawn:
    """Return the chart of points with its marks, groups, cursor and table."""
    asked = population.asked
    groups = grouped(population, found.at, asked.group, theme) if asked.group else None
    marks = marked(population, found.at, theme, labels)
    plain = Dots(found.xs, found.ys, theme.muted)
    dots = (plain,) if groups is None else _group_dots(found, groups)
    names = (*entries, *_group_entries(groups), *entries_of(marks))
    layers: tuple[Layer, ...] = (*under, *dots, *bright_dots(found, marks), *cursor_layers(found, asked.cursor, theme))
    empty = "" if len(found.at) else "No run has a place in this chart."
    figure = Figure(
        title,
        aside or plural(len(found.at), "run"),
        found.x_axis,
        found.y_axis,
        () if empty else layers,
        names,
        empty=empty,
    )
    headings, rows, told = _table(population, found, groups, columns or {})
    words = (*said(population, (found.x, found.y), found.positive), *also, *_of_groups(groups))
    return Drawn(figure, headings, rows, words, here_of(found, asked.cursor), told)


def _group_dots(found: Plane, groups: Groups) -> tuple[Dots, ...]:
    """Return the points of each group, as letters where there are few enough to be read."""
    bright = len(found.at) <= _MOST_LETTERS
    return tuple(
        Dots(found.xs[groups.of == code], found.ys[groups.of == code], color, letter, bright)
        for code, (letter, color) in enumerate(zip(groups.letters, groups.colors, strict=True))
    )


def _group_entries(groups: Groups | None) -> tuple[Entry, ...]:
    if groups is None:
        return ()
    return tuple(
        Entry(letter, name, color, focused=False)
        for letter, name, color in zip(groups.letters, groups.names, groups.colors, strict=True)
    )


def _of_groups(groups: Groups | None) -> tuple[str, ...]:
    if groups is None or not groups.rest:
        return ()
    return (f"{plural(groups.rest, 'smaller group')} shown as one, other.",)


def _table(
    population: Population, found: Plane, groups: Groups | None, columns: Mapping[str, Floats]
) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...], tuple[Any, ...]]:
    """Return headings, a row a run, and what the groups reach."""
    shown = tuple(dict.fromkeys((found.x, found.y)))
    headings = (*headings_of(shown), *columns)
    more = list(zip(*(values.tolist() for values in columns.values()), strict=True))
    rows = rows_of(population, found.at, shown)
    if more:
        rows = [(*row, *further) for row, further in zip(rows, more, strict=True)]
    if groups is None:
        return headings, tuple(rows), ()
    told = summaries(groups, population.columns[found.y].places[found.at], population.goal(found.y))
    rows = [(*row, *told[code]) for row, code in zip(rows, groups.of.tolist(), strict=True)]
    return (*headings, *_GROUP_HEADINGS), tuple(rows), told
