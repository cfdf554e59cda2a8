"""Which params a metric hangs on, as far as the runs at hand can tell.

A random forest learns the metric from the params; a param matters as much as the forest
errs more when that param's values are shuffled among the runs. Each run is foretold only by
the trees that never saw it, so that nothing learnt by heart counts. It says what helps to
foretell the metric in these runs, not what causes it, and params changed together share it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from workbench import words
from workbench.runs.correlation import FEWEST, Correlation, rank_correlation
from workbench.runs.series import Floats

FEWEST_RUNS = 20
"""Below it a forest's error on unseen runs is itself mostly chance."""

TREES, REPEATS = 100, 5
_MOST_RUNS, _MOST_PARAMS, _MOST_LEVELS = 1000, 30, 20
"""What keeps a ranking of 10,000 runs with 300 params at a few seconds."""

_LEAST_SCORE = 0.05


class Importance(NamedTuple):
    """How much of the explained variance goes when a param is shuffled: mean and deviation.

    ``rho`` is the rank correlation with the metric, None for a param that is not of numbers.
    ``distinct`` counts its different values.
    """

    name: str
    importance: float
    spread: float
    rho: Correlation | None
    distinct: int


class Ranking(NamedTuple):
    """Params by importance, largest first; by correlation where the runs are too few.

    ``score`` is the variance the forest explains of runs it did not see: R², at most 1.
    ``words`` says what speaks against trusting the ranking, empty if nothing does. ``n`` counts
    the runs with a finite target, ``used`` those the forest was grown on.
    """

    rows: tuple[Importance, ...]
    n: int
    score: float
    words: str
    method: str
    used: int = 0


class _Param(NamedTuple):
    """A param as one column; ``levels`` is 0 for numbers, else the number of categories."""

    name: str
    column: Floats
    levels: int
    distinct: int


def importance(
    params: Mapping[str, Sequence[Any]], target: Sequence[float] | Floats, *, seed: int = 0
) -> Ranking:
    """Return the params ranked by the permutation importance of a random forest.

    Params that never change are left out. Runs without a finite target do not count.

    Args:
        params: Each param's value per run, None where a run has none.
        target: The metric per run.
        seed: Of the forest and of the shuffling; the same seed gives the same ranking.

    Source: Breiman (2001), Random Forests; shuffled and scored by scikit-learn.
    """
    values = np.asarray(target, dtype=np.float64).ravel()
    usable = np.flatnonzero(np.isfinite(values))
    n = len(usable)
    chosen = _evenly(usable)
    y = values[chosen]
    known = [_param(name, [raw[at] for at in chosen.tolist()]) for name, raw in params.items()]
    varied = [param for param in known if param.distinct > 1]
    if n < FEWEST_RUNS:
        why = f"too few runs: {n}, at least {FEWEST_RUNS} are needed"
        return Ranking(_correlated(varied, y), n, math.nan, why, "rank correlation")
    if not varied or y.min() == y.max():
        why = "every run has the same value" if varied else "no param differs between the runs"
        return Ranking(_correlated(varied, y), n, math.nan, why, "rank correlation")
    rows, score = _ranked(varied, y, seed)
    return Ranking(
        rows, n, score, _doubts(score), _method(len(chosen), n, len(varied)), len(chosen)
    )


def _evenly(usable: np.ndarray) -> np.ndarray:
    if len(usable) <= _MOST_RUNS:
        return usable
    return usable[np.linspace(0, len(usable) - 1, _MOST_RUNS).round().astype(np.int64)]


def _method(used: int, n: int, varied: int) -> str:
    said = [f"permutation importance of a random forest of {TREES} trees, out of bag"]
    if used < n:
        said.append(f"{words.count(used)} of {words.plural(n, 'run')}, evenly chosen")
    if varied > _MOST_PARAMS:
        said.append(f"the {_MOST_PARAMS} params it uses most of {words.count(varied)}")
    return "; ".join(said)


def _doubts(score: float) -> str:
    if score >= _LEAST_SCORE:
        return ""
    return f"the params explain nothing of it (R² = {words.number(score, 2)})"


def _param(name: str, raw: Sequence[Any]) -> _Param:
    """Return a param as numbers, with NaN where there is none; or as categories, 0 for none."""
    present = [one for one in raw if one is not None]
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in present):
        column = np.array([_number(one) for one in raw])
        missing = bool(np.isnan(column).any())
        distinct = len(np.unique(column[~np.isnan(column)]))
        return _Param(name, column, 0, distinct + missing)
    texts = ["" if one is None else "=" + words.value(one) for one in raw]
    counted = {text: texts.count(text) for text in set(texts)}
    kept = sorted(counted, key=lambda text: (-counted[text], text))[: _MOST_LEVELS - 1]
    codes = {text: code for code, text in enumerate(kept)}
    column = np.array([codes.get(text, len(kept)) for text in texts], dtype=np.float64)
    return _Param(name, column, min(len(counted), _MOST_LEVELS), len(counted))


def _number(one: float | None) -> float:
    """Return a number that a tree can hold, in single precision; NaN for any other."""
    largest = float(np.finfo(np.float32).max)
    return float(one) if one is not None and -largest <= one <= largest else math.nan


def _rho(param: _Param, y: Floats) -> Correlation | None:
    if param.levels or np.isfinite(param.column).sum() < FEWEST:
        return None
    return rank_correlation(param.column, y)


def _correlated(params: Sequence[_Param], y: Floats) -> tuple[Importance, ...]:
    rows = [
        Importance(param.name, math.nan, math.nan, _rho(param, y), param.distinct)
        for param in params
    ]
    return tuple(sorted(rows, key=lambda row: (-_strength(row.rho), row.name)))


def _strength(rho: Correlation | None) -> float:
    return -1.0 if rho is None or math.isnan(rho.rho) else abs(rho.rho)


def _ranked(params: Sequence[_Param], y: Floats, seed: int) -> tuple[tuple[Importance, ...], float]:
    from sklearn.inspection import permutation_importance

    forest = _grown(params, y, seed)
    kept = sorted(range(len(params)), key=lambda at: -forest.used[at])[:_MOST_PARAMS]
    places = np.column_stack([param.column for param in params])
    narrow = _Narrow(forest, places, tuple(kept))
    found = permutation_importance(
        narrow, places[:, kept], y, scoring=_r2, n_repeats=REPEATS, random_state=seed
    )
    rows = [
        Importance(
            params[at].name, float(mean), float(std), _rho(params[at], y), params[at].distinct
        )
        for at, mean, std in zip(kept, found.importances_mean, found.importances_std, strict=True)
    ]
    rows.sort(key=lambda row: (-row.importance, row.name))
    return tuple(rows), _r2(forest, places, y)


@dataclass(frozen=True, slots=True)
class _OutOfBag:
    """A forest that foretells the runs it was grown on, each by the trees that never saw it."""

    trees: tuple[Any, ...]
    unseen: tuple[np.ndarray, ...]
    levels: tuple[int, ...]
    used: tuple[float, ...]
    """What each param contributed to the trees, by impurity: only to choose among many."""

    def predict(self, places: Floats) -> Floats:
        """Return the mean over the trees that did not see a run; NaN where all did."""
        matrix = _matrix(places, self.levels)
        total, count = np.zeros(len(places)), np.zeros(len(places))
        for tree, rows in zip(self.trees, self.unseen, strict=True):
            total[rows] += tree.predict(matrix[rows])[:, 0]
            count[rows] += 1
        with np.errstate(invalid="ignore"):
            found: Floats = total / count
        return found


@dataclass(frozen=True, slots=True)
class _Narrow:
    """The forest as scikit-learn's estimator of the params that are to be shuffled."""

    forest: _OutOfBag
    places: Floats
    kept: tuple[int, ...]

    def fit(self, *_: Any) -> "_Narrow":
        """Return itself: it is grown already."""
        return self

    def predict(self, shuffled: Floats) -> Floats:
        """Return what the forest foretells with these values in place of the true ones."""
        places = self.places.copy()
        places[:, list(self.kept)] = shuffled
        return self.forest.predict(places)


def _r2(forest: "_OutOfBag | _Narrow", places: Floats, y: Floats) -> float:
    """Return the share of the variance of ``y`` that the forest foretells."""
    from sklearn.metrics import r2_score

    return float(r2_score(y, forest.predict(places)))


def _grown(params: Sequence[_Param], y: Floats, seed: int) -> _OutOfBag:
    from sklearn.ensemble import RandomForestRegressor

    levels = tuple(param.levels for param in params)
    matrix = _matrix(np.column_stack([param.column for param in params]), levels)
    model = RandomForestRegressor(TREES, random_state=seed, min_samples_leaf=2, max_features=0.5)
    model.fit(matrix, y)
    every = np.arange(len(y))
    unseen = tuple(np.setdiff1d(every, seen) for seen in model.estimators_samples_)
    starts = np.cumsum([0, *(max(level, 1) for level in levels)])[:-1]
    used = np.add.reduceat(model.feature_importances_, starts)
    trees = tuple(tree.tree_ for tree in model.estimators_)
    return _OutOfBag(trees, unseen, levels, tuple(used.tolist()))


def _matrix(places: Floats, levels: Sequence[int]) -> np.ndarray:
    """Return numbers as they are, and a column of ones and zeros for each category."""
    parts = [
        places[:, [at]] if not count else places[:, [at]] == np.arange(count)
        for at, count in enumerate(levels)
    ]
    return np.hstack(parts).astype(np.float32)
