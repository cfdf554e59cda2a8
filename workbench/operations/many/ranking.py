"""Which params a metric hangs on: a ranking with its spread, and what it rests on."""

import math
from dataclasses import replace
from typing import Any, Final

from workbench.catalogue.query import Column
from workbench.catalogue.values import Ints
from workbench.charts.bars import importances
from workbench.charts.palette import Theme
from workbench.errors import UsageError
from workbench.operations.many.choosing import MOST_RANKED
from workbench.operations.many.drawing import Drawn, Labels
from workbench.operations.many.population import Population, said
from workbench.runs.importance import Importance, Ranking
from workbench.runs.importance import importance as ranked
from workbench.runs.series import Floats
from workbench.words import count, number

_HEADINGS: Final = ("param", "importance", "spread", "rho", "p", "n", "distinct")


def importance(population: Population, theme: Theme, _: Labels) -> Drawn:
    """Return the params by how much worse a forest foretells the metric without them.

    Raises:
        UsageError: What is to be foretold are names.
    """
    target = population.asked.y
    if target is None:
        raise UsageError("A ranking of params needs a metric.", hint="Name it with -m.")
    y = population.columns[target]
    if y.names:
        raise UsageError(f"{y.label} has names, not numbers.", hint="Name a metric with -m.")
    at = population.drawn([target])
    found = _ranked(population, at, y.places[at])
    figure = importances(found, metric=y.label, theme=theme)
    also = (_sentence(found.words), _sentence(found.method))
    words = (*said(population, [target]), *(one for one in also if one))
    if len(population.asked.axes) == MOST_RANKED:
        words = (*words, f"The {MOST_RANKED} params that most runs have, and no more, are ranked.")
    rows = tuple(_row(row, found.n) for row in found.rows)
    return Drawn(replace(figure, aside=_label(found)), _HEADINGS, rows, words)


def _ranked(population: Population, at: Ints, target: Floats) -> Ranking:
    """Return the ranking by label; two params whose names look alike stay two."""
    axes = dict.fromkeys(population.asked.axes)
    by_key = {f"{column.kind} {column.name}": column for column in axes}
    found = ranked({key: _raw(population, one, at) for key, one in by_key.items()}, target)
    rows = (row._replace(name=population.columns[by_key[row.name]].label) for row in found.rows)
    return found._replace(rows=tuple(rows))


def _raw(population: Population, column: Column, at: Ints) -> list[float | str | None]:
    """Return a param as the forest takes it: numbers if all are, else texts; None where none."""
    found, there = population.values[column], population.columns[column].there
    numbers, texts = found.numbers[at].tolist(), found.texts[at].tolist()
    return [
        None if not given else number if text is None else text
        for given, number, text in zip(there[at].tolist(), numbers, texts, strict=True)
    ]


def _label(found: Ranking) -> str:
    """Return what the ranking is, beside its title."""
    if math.isnan(found.score):
        return f"rank correlation, n={count(found.n)}"
    score = number(found.score, 2)
    return f"random forest permutation importance, out-of-bag R² {score}, n={count(found.used)}"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _row(row: Importance, n: int) -> tuple[Any, ...]:
    known = row.rho is not None and not math.isnan(row.rho.rho)
    rho, p, pairs = row.rho if known and row.rho else (None, None, n)
    ranked_by = (row.importance, row.spread) if not math.isnan(row.importance) else (None, None)
    return (row.name, *ranked_by, rho, p, pairs, row.distinct)
