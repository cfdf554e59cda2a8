"""Runs that have some columns in common: one colour and letter, one mean and spread."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from workbench.catalogue.query import SEEDS, Column
from workbench.catalogue.values import Floats, Ints
from workbench.charts.palette import Theme, letters
from workbench.operations.many.asked import Summary
from workbench.operations.many.measured import OTHER, Order, key_of, orders
from workbench.operations.many.population import Population
from workbench.runs.spread import spread
from workbench.words import UNKNOWN, value, visible

MOST_GROUPS: Final = 8
"""As many as there are colours that can be told apart."""
_NOTHING: Final[Order] = (3, 0.0, "")


class Groups(NamedTuple):
    """Which group every drawn run belongs to; ``names``, ``letters`` and ``colors`` by group."""

    of: Ints
    names: tuple[str, ...]
    letters: tuple[str, ...]
    colors: tuple[int, ...]
    rest: int
    """Groups that are shown as one, other."""


def grouped(population: Population, at: Ints, columns: Sequence[Column], theme: Theme) -> Groups:
    """Return the groups of these runs: the largest in natural order, then the rest as one."""
    keys = list(zip(*(_keys(population, at, column) for column in columns), strict=True))
    counted = Counter(keys)
    room = MOST_GROUPS if len(counted) <= MOST_GROUPS else MOST_GROUPS - 1
    kept = sorted(sorted(counted, key=lambda key: (-counted[key], key))[:room])
    codes = {key: code for code, key in enumerate(kept)}
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    names = [_name(population, int(at[first[key]]), columns, key) for key in kept]
    rest = len(counted) - len(kept)
    colors = [theme.series[code % len(theme.series)] for code in range(len(kept))]
    if rest:
        names.append(OTHER)
        colors.append(theme.muted)
    of = np.array([codes.get(key, len(kept)) for key in keys], dtype=np.int64)
    return Groups(of, tuple(names), letters(len(names)), tuple(colors), rest)


def _keys(population: Population, at: Ints, column: Column) -> list[Order]:
    found = population.values[column]
    made = dict(zip(np.flatnonzero(found.there).tolist(), orders(found, found.there), strict=True))
    return [made.get(place, _NOTHING) for place in at.tolist()]


def _name(
    population: Population, first: int, columns: Sequence[Column], keys: Sequence[Order]
) -> str:
    """Return what a group has in common: ``lr=0.1 opt=adam``; of seeds, its first run's name."""
    parts = []
    for column, key in zip(columns, keys, strict=True):
        if column == SEEDS:
            parts.append(visible(population.everyone.names[first]))
            continue
        said = UNKNOWN if key == _NOTHING else value(key_of(key))
        parts.append(f"{visible(column.title)}={said}")
    return " ".join(parts)


def summaries(groups: Groups, values: Floats, goal: str) -> tuple[Summary, ...]:
    """Return what every group reaches; ``values`` are those of the drawn runs."""
    found = []
    for code, name in enumerate(groups.names):
        own = values[groups.of == code]
        finite = own[np.isfinite(own)]
        mean, std, n, _ = spread(finite.tolist())
        best = None
        if n and goal:
            best = float(finite.min() if goal == "min" else finite.max())
        found.append(Summary(groups.letters[code], name, n, mean, std, best))
    return tuple(found)
