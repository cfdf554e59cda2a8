"""The runs that repeat a run's recipe over seeds or folds, and a metric's value in each."""

import math
from collections.abc import Hashable, Mapping
from typing import NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.catalogue.repeating import Repeating, alike_but_for, of_recipe
from workbench.operations.session import Session
from workbench.runs.recipe import code_of, recipe

FOLDS = ("fold", "cv_fold", "fold_id", "fold_index")
"""Params that name a part of the data, and not a choice somebody made."""


class Repeats(NamedTuple):
    """A metric's last value by seed and fold, over the runs of one recipe."""

    recipe: str
    values: Mapping[Hashable, float]
    doubled: int
    """Runs left out because another one has the same seed and fold."""
    runs: Mapping[Hashable, str]
    """Whose values they are: ids of runs by seed and fold."""
    read: int = 0
    """Other runs that were looked at."""
    there: int = 0
    """Other runs that may repeat it; those beyond the ones looked at are not in the values."""


def repeats(session: Session, record: RunRecord, metric: str) -> Repeats:
    """Return a metric over the finished runs of a run's recipe; the run itself always counts.

    Archived runs do not count. Of two with the same seed and fold the run itself does, else
    the later whose value is a number.
    """
    seeds = (*session.settings.seeds, *FOLDS)
    mark = _mark(record, seeds)
    values: dict[Hashable, float] = {}
    runs: dict[Hashable, str] = {}
    doubled = 0
    others, there = _candidates(session, record, metric)
    pairs: list[tuple[RunRecord | Repeating, float]] = [
        (one, one.value) for one in others if _mark(one, seeds) == mark
    ]
    if metric in record.metrics:
        pairs.append((record, record.metrics[metric].last))
    for one, value in pairs:
        place = _place(one, seeds)
        doubled += place in values
        if one is record or math.isfinite(value) or place not in values:
            values[place], runs[place] = value, one.run_id
    return Repeats(mark, values, doubled, runs, len(others), there)


def place_words(place: Hashable) -> str:
    """Return a seed and fold in words: ``seed=0``, ``fold=2 seed=0``; a run as its id."""
    if isinstance(place, str):
        return place
    pairs = place if isinstance(place, tuple) else ()
    return " ".join(f"{name}={value}" for name, value in pairs)


def _candidates(
    session: Session, record: RunRecord, metric: str
) -> tuple[tuple[Repeating, ...], int]:
    """Return other finished runs that may be of the recipe, the oldest first, and how many are."""
    if any(name.rpartition(".")[2] in FOLDS for name in record.params):
        ignored = (*session.settings.seeds, *FOLDS)
        return alike_but_for(session.catalogue, record.run, metric, ignored)
    return of_recipe(session.catalogue, record.run, metric)


def _mark(record: RunRecord | Repeating, seeds: tuple[str, ...]) -> str:
    code = code_of(record.commit, record.facts, record.tags, dirty=record.dirty)
    return recipe(record.experiment, record.params, seeds, record.run_id, code)


def _place(record: RunRecord | Repeating, seeds: tuple[str, ...]) -> Hashable:
    """Return the seed and fold of a run; of one that names neither, the run itself."""
    named = [
        (leaf, repr(value))
        for name, value in sorted(record.params.items())
        if (leaf := name.rpartition(".")[2]) in seeds or name in seeds
    ]
    return tuple(named) or record.run_id
