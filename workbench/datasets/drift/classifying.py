"""Whether a classifier can tell current rows from the reference's: its AUC with an interval.

Out of fold, so that nothing is told by heart: rows that are equal lie in one fold. An AUC of one
half is a guess; where its lower limit is above the threshold the data have moved, in one column or
in how several go together.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workbench import words
from workbench.datasets.drift.drawing import Drawn, Side
from workbench.datasets.drift.monitor import DOMAIN_CLASSIFIER
from workbench.datasets.drift.report import Opinion

if TYPE_CHECKING:
    from sklearn.ensemble import HistGradientBoostingClassifier

KIND: Final = DOMAIN_CLASSIFIER
MOST_ROWS: Final = 10_000
"""Of either side: more do not make the interval narrower by anything that matters."""
_FOLDS: Final = 5
_FEWEST: Final = 50
"""Rows of either side: ten in each fold."""
_MOST_CATEGORIES: Final = 250
_TREES, _STEP = 60, 20
"""Trees in all, and how many are grown before somebody is asked whether to go on."""
_LEAVES: Final = 15
_NAMED: Final = 3
"""Columns that are named as telling most."""
_TELLING: Final = 0.005
"""Loss of AUC from which on a column is named."""
_GUESS: Final = 0.5
_WIDE: Final = 1.959963984540054
"""Standard errors of a 95 % interval."""


class _Rows(NamedTuple):
    """Rows of both sides as a classifier takes them."""

    values: NDArray[np.float64]
    """Shape ``(rows, columns)``; categories are whole numbers, missing values NaN."""
    current: NDArray[np.bool_]
    folds: NDArray[np.int64]
    categorical: list[bool]
    names: list[str]


class _Fold(NamedTuple):
    """How well the rows of one fold are told by a classifier of all others."""

    number: int
    grown: "HistGradientBoostingClassifier"
    auc: float
    variance: float


def opinion(
    drawn: Drawn, limit: float, seed: int, generator: np.random.Generator, go_on: Callable[[], None]
) -> Opinion:
    """Return how well a classifier tells the sides apart.

    Args:
        drawn: Rows of both sides.
        limit: What the lower 95 % limit of the AUC must not exceed.
        seed: Of the classifier.
        generator: Decides on the folds and on what is shuffled.
        go_on: Called between steps; raises where somebody wants to stop.
    """
    for side, whose in (
        (drawn.reference, "the reference has"),
        (drawn.current, "the current data have"),
    ):
        if side.rows < _FEWEST:
            return Opinion(KIND, alarm=False, reason=f"{whose} fewer than {_FEWEST} rows")
    if not drawn.columns:
        return Opinion(KIND, alarm=False, reason="no column of numbers or categories is in both")
    rows = _rows(drawn, generator)
    folds = [_fold(rows, number, seed, go_on) for number in range(_FOLDS)]
    there = [fold for fold in folds if fold is not None]
    if len(there) < len(folds):
        return Opinion(KIND, alarm=False, reason="too few different rows to be learned from")
    found = _judged(there, limit)
    if not found.alarm:
        return found
    telling = ", ".join(_telling(rows, there[0], generator, go_on))
    return replace(found, words=f"{found.words}, mostly by {telling}") if telling else found


def _judged(folds: list[_Fold], limit: float) -> Opinion:
    auc = float(np.mean([fold.auc for fold in folds]))
    error = float(np.sqrt(np.sum([fold.variance for fold in folds]))) / len(folds)
    low, high = max(auc - _WIDE * error, 0.0), min(auc + _WIDE * error, 1.0)
    alarm = low > limit
    how = "tells" if alarm else "hardly tells" if low > _GUESS else "cannot tell"
    said = (
        f"a classifier {how} current rows from those of the reference: AUC {words.number(auc, 3)}, "
        f"{words.number(low, 3)} to {words.number(high, 3)}"
    )
    return Opinion(KIND, alarm, auc, low, high, said)


def _telling(
    rows: _Rows, fold: _Fold, generator: np.random.Generator, go_on: Callable[[], None]
) -> list[str]:
    """Return the columns that tell most: without their values the AUC of a fold falls furthest."""
    out = rows.folds == fold.number
    losses = []
    for shuffled in _shuffled(rows.values[out], generator):
        go_on()
        left, _ = auc_of(fold.grown.decision_function(shuffled), rows.current[out])
        losses.append(fold.auc - left)
    most = np.argsort(-np.array(losses), kind="stable")[:_NAMED].tolist()
    return [words.visible(rows.names[k])[:60] for k in most if losses[k] > _TELLING]


# -- rows --------------------------------------------------------------------------------


def _rows(drawn: Drawn, generator: np.random.Generator) -> _Rows:
    reference, current = (_fewer(side, generator) for side in (drawn.reference, drawn.current))
    columns: list[Any] = [
        np.concatenate([values, current.numbers[name]])
        for name, values in reference.numbers.items()
    ]
    columns += [
        _codes(series, current.categories[name]) for name, series in reference.categories.items()
    ]
    values = np.column_stack(columns)
    sides = np.repeat([False, True], [reference.rows, current.rows])
    categorical = [False] * len(reference.numbers) + [True] * len(reference.categories)
    names = [*reference.numbers, *reference.categories]
    return _Rows(values, sides, _folds(values, generator), categorical, names)


def _fewer(side: Side, generator: np.random.Generator) -> Side:
    if side.rows <= MOST_ROWS:
        return side
    return side.take(np.sort(generator.choice(side.rows, MOST_ROWS, replace=False)))


def _codes(reference: Any, current: Any) -> NDArray[np.float64]:
    """Return categories as whole numbers, the most frequent first; all that are rare are one."""
    import polars as pl

    together = pl.concat([reference, current])
    counted = together.drop_nulls().alias("value").value_counts()
    frequent = counted.sort(["count", "value"], descending=[True, False]).head(_MOST_CATEGORIES)
    known = frequent["value"].to_list()
    if not known:
        return np.full(len(together), np.nan)
    codes = together.replace_strict(
        known, list(range(len(known))), default=len(known), return_dtype=pl.Float64
    )
    return np.where(together.is_null().to_numpy(), np.nan, codes.to_numpy())


def _folds(values: NDArray[np.float64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Return the fold of each row; equal rows lie in one."""
    plain = np.ascontiguousarray(np.nan_to_num(values, nan=-1.2345e300))
    keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
    _, which = np.unique(keys, return_inverse=True)
    of_each = generator.permutation(int(which.max()) + 1) % _FOLDS
    found: NDArray[np.int64] = of_each[which]
    return found


# -- folds -------------------------------------------------------------------------------


def _fold(rows: _Rows, number: int, seed: int, go_on: Callable[[], None]) -> _Fold | None:
    """Return how a fold is told; None where it, or the rest, is of one side alone."""
    out = rows.folds == number
    sides = [rows.current[part] for part in (out, ~out)]
    if any(one.all() or not one.any() for one in sides):
        return None
    grown = _grown(rows, ~out, seed, go_on)
    auc, variance = auc_of(grown.decision_function(rows.values[out]), rows.current[out])
    return _Fold(number, grown, auc, variance)


def _grown(
    rows: _Rows, learned: NDArray[np.bool_], seed: int, go_on: Callable[[], None]
) -> "HistGradientBoostingClassifier":
    """Return a classifier, grown some trees at a time so that it can be stopped."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    made = HistGradientBoostingClassifier(
        max_iter=_STEP, max_leaf_nodes=_LEAVES, learning_rate=0.1, early_stopping=False,
        categorical_features=rows.categorical, random_state=seed, warm_start=True,
    )  # fmt: skip
    for trees in range(_STEP, _TREES + 1, _STEP):
        go_on()
        made.set_params(max_iter=trees)
        made.fit(rows.values[learned], rows.current[learned])
    return made


def _shuffled(
    values: NDArray[np.float64], generator: np.random.Generator
) -> Iterator[NDArray[np.float64]]:
    """Yield the rows with the values of each column shuffled in turn."""
    for column in range(values.shape[1]):
        found = values.copy()
        found[:, column] = generator.permutation(found[:, column])
        yield found


def auc_of(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> tuple[float, float]:
    """Return the area under the ROC curve and the variance of that estimate.

    Args:
        scores: Greater for what is rather positive, shape ``(rows,)``.
        positive: What it is; both kinds must be there.

    Source: DeLong, DeLong and Clarke-Pearson (1988); by ranks as Sun and Xu (2014).
    """
    from scipy.stats import rankdata

    yes, no = scores[positive], scores[~positive]
    m, n = len(yes), len(no)
    ranks = rankdata(np.concatenate([yes, no]))
    of_yes = (ranks[:m] - rankdata(yes)) / n
    of_no = 1 - (ranks[m:] - rankdata(no)) / m
    variance = sum(
        np.var(part, ddof=1) / len(part) if len(part) > 1 else 0.25 for part in (of_yes, of_no)
    )
    return float(of_yes.mean()), float(variance)
