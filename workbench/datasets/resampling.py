"""Paired bootstrap of a metric's difference: both versions answer the same resampled rows.

Nothing is resampled by copying rows. Metrics of classes follow from how many rows fall into
each cell (label, champion's class, challenger's class), whose resamples are multinomial, so
their cost does not grow with the rows. The others take how often each row was drawn as its
weight.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.scoring import BINARY, Answers, Codes, Metric, Numbers

Weights: TypeAlias = NDArray[np.int64]
"""How often each row was drawn, shape ``(resamples, rows)``."""

_AT_ONCE: Final = 1 << 16
"""Rows times resamples held at once: half a MB an array, which a processor's cache can hold."""
MOST_DRAWS: Final = 200_000_000
"""Rows times resamples of a metric that needs the rows: some seconds. 100,000 rows have 2,000
resamples; of more rows fewer are drawn, but never less than `FEWEST`."""
FEWEST: Final = 200
"""Enough for a standard error: Efron and Tibshirani (1993), An Introduction to the Bootstrap,
section 6.4. Not enough for percentiles, so the interval is then the normal one."""


class Resampled(NamedTuple):
    """Metrics over resamples, each of shape ``(resamples,)``; NaN where it is not defined."""

    champion: Numbers
    challenger: Numbers


def affordable(metric: Metric, answers: Answers, resamples: int) -> int:
    """Return how many resamples are drawn; a ranking costs as often as there are classes."""
    if metric.needs == "classes":
        return resamples
    times = len(answers.one_against_rest) if metric.needs == "scores" else 1
    return min(resamples, max(FEWEST, MOST_DRAWS // (len(answers.label) * times)))


def resample(
    metric: Metric,
    champion: Answers,
    challenger: Answers,
    resamples: int,
    generator: np.random.Generator,
) -> Resampled:
    """Return the metric of both versions over the same resamples of their rows.

    Args:
        metric: Which.
        champion: Answers of the one version.
        challenger: Answers of the other to the same rows, in the same order.
        resamples: How many.
        generator: Where chance comes from.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap; rows are drawn in
    pairs, so what is hard for both versions cancels.
    """
    if metric.needs == "classes":
        return _by_cells(metric, champion, challenger, resamples, generator)
    one, other = _scorer(metric, champion), _scorer(metric, challenger)
    strata = _strata(champion.label) if metric.stratified else None
    parts = [
        (one(weights), other(weights))
        for weights in _drawn(len(champion.label), strata, resamples, generator)
    ]
    return Resampled(*(np.concatenate(side) for side in zip(*parts, strict=True)))


# -- drawing -----------------------------------------------------------------------------


def _strata(label: Codes) -> Sequence[Codes]:
    return [np.flatnonzero(label == code) for code in np.unique(label)]


def _drawn(
    rows: int, strata: Sequence[Codes] | None, resamples: int, generator: np.random.Generator
) -> Iterator[Weights]:
    at_once = max(1, _AT_ONCE // rows)
    for first in range(0, resamples, at_once):
        count = min(at_once, resamples - first)
        if strata is None:
            yield _counts(rows, count, generator)
            continue
        weights = np.empty((count, rows), np.int64)
        for places in strata:
            weights[:, places] = _counts(len(places), count, generator)
        yield weights


def _counts(rows: int, resamples: int, generator: np.random.Generator) -> Weights:
    """Return how often each of ``rows`` is drawn in as many draws, ``resamples`` times."""
    drawn = generator.integers(0, rows, (resamples, rows), dtype=np.uint32)
    if resamples > 1:
        drawn += (np.arange(resamples, dtype=np.uint32) * np.uint32(rows))[:, None]
    return np.bincount(drawn.ravel(), minlength=resamples * rows).reshape(resamples, rows)


# -- metrics of classes ------------------------------------------------------------------


def _by_cells(
    metric: Metric,
    champion: Answers,
    challenger: Answers,
    resamples: int,
    generator: np.random.Generator,
) -> Resampled:
    cells, sizes = _cells(champion, challenger)
    at_once = max(1, _AT_ONCE // len(sizes))
    parts = []
    for first in range(0, resamples, at_once):
        count = min(at_once, resamples - first)
        counts = _cell_counts(cells[0], sizes, metric.stratified, count, generator)
        parts.append(
            [from_counts(metric.name, counts, cells[0], said, champion) for said in cells[1:]]
        )
    return Resampled(*(np.concatenate(side) for side in zip(*parts, strict=True)))


def _cells(champion: Answers, challenger: Answers) -> tuple[Codes, Codes]:
    """Return label, champion's and challenger's class of each cell, and how many rows it has."""
    classes = len(champion.classes)
    mixed = (champion.label * classes + champion.prediction) * classes + challenger.prediction
    found, sizes = np.unique(mixed, return_counts=True)
    rest, last = np.divmod(found, classes)
    return np.stack([*np.divmod(rest, classes), last]), sizes


def _cell_counts(
    label: Codes, sizes: Codes, stratified: bool, resamples: int, generator: np.random.Generator
) -> Weights:
    groups = _strata(label) if stratified else [np.arange(len(sizes))]
    counts = np.empty((resamples, len(sizes)), np.int64)
    for places in groups:
        total = sizes[places].sum()
        counts[:, places] = generator.multinomial(total, sizes[places] / total, resamples)
    return counts


def from_counts(name: str, counts: Weights, label: Codes, said: Codes, of: Answers) -> Numbers:
    """Return a metric of classes from how many rows each cell has.

    Args:
        name: ``accuracy``, ``balanced_accuracy`` or ``f1``.
        counts: Rows in each cell, shape ``(resamples, cells)``.
        label: The true class of each cell.
        said: The predicted class of each cell.
        of: Whose classes they are.
    """
    hit = label == said
    if name == "accuracy":
        share: Numbers = counts[:, hit].sum(axis=1) / counts.sum(axis=1)
        return share
    classes = len(of.classes)
    right = _by_class(counts[:, hit], label[hit], classes)
    there = _by_class(counts, label, classes)
    if name == "balanced_accuracy":
        return _mean(_quotient(right, there), there > 0)
    both = there + _by_class(counts, said, classes)
    f1 = _quotient(2 * right, both)
    return f1[:, of.positive] if classes == BINARY else _mean(f1, both > 0)


def _by_class(counts: Weights, codes: Codes, classes: int) -> Weights:
    """Return the sum of the cells of each class, shape ``(resamples, classes)``."""
    summed = np.zeros((len(counts), classes), np.int64)
    if len(codes):
        order = np.argsort(codes, kind="stable")
        there, starts = np.unique(codes[order], return_index=True)
        summed[:, there] = np.add.reduceat(counts[:, order], starts, axis=1)
    return summed


def _quotient(above: NDArray[np.int64], below: NDArray[np.int64]) -> Numbers:
    """Return a quotient, 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)


def _mean(values: Numbers, there: NDArray[np.bool_]) -> Numbers:
    mean: Numbers = np.where(there, values, 0.0).sum(axis=1) / there.sum(axis=1)
    return mean


# -- metrics that need the rows ----------------------------------------------------------


def _scorer(metric: Metric, answers: Answers) -> Callable[[Weights], Numbers]:
    """Return what reckons the metric from weights; what all resamples share is done once."""
    if metric.name in ("roc_auc", "average_precision"):
        make = _area if metric.name == "roc_auc" else _precision
        parts = [
            make(answers.label == code, answers.scores[:, code])
            for code in answers.one_against_rest
        ]
        return lambda weights: np.mean([part(weights) for part in parts], axis=0)
    if metric.name == "r2":
        return _r2(answers.label, answers.prediction)
    losses = row_losses(metric.name, answers)
    if metric.name == "rmse":
        return lambda weights: np.sqrt(_weighted_mean(weights, losses))
    return lambda weights: _weighted_mean(weights, losses)


def row_losses(name: str, answers: Answers) -> Numbers:
    """Return what each row adds to ``log_loss``, ``brier``, ``mae`` or the square of ``rmse``."""
    if name in ("rmse", "mae"):
        off: Numbers = answers.prediction - answers.label
        return off * off if name == "rmse" else np.abs(off)
    if name == "log_loss":
        least = np.finfo(np.float64).eps  # as scikit-learn clips
        given = answers.scores[np.arange(len(answers.label)), answers.label]
        surprise: Numbers = -np.log(np.clip(given, least, 1 - least))
        return surprise
    codes = np.array(answers.one_against_rest)
    wrong: Numbers = answers.scores[:, codes] - (answers.label[:, None] == codes)
    summed: Numbers = (wrong * wrong).sum(axis=1)
    return summed


def _weighted_mean(weights: Weights, values: Numbers) -> Numbers:
    mean: Numbers = _sums(weights, values) / weights.sum(axis=1)
    return mean


def _sums(weights: Weights, values: Numbers) -> Numbers:
    """Return the weighted sums, without the threads of a linear algebra library.

    They gain nothing here, and wait for one another where the machine is busy.
    """
    summed: Numbers = np.einsum("ij,j->i", weights.astype(np.float64), values)
    return summed


def _r2(label: Numbers, prediction: Numbers) -> Callable[[Weights], Numbers]:
    centred = label - label.mean()  # the difference of two large squares loses digits
    columns = (label - prediction) ** 2, centred, centred**2

    def r2(weights: Weights) -> Numbers:
        missed, first, second = (_sums(weights, column) for column in columns)
        spread = second - first**2 / weights.sum(axis=1)
        value: Numbers = 1 - missed / np.where(spread > 1e-12 * second, spread, np.nan)
        return value

    return r2


def _area(positive: NDArray[np.bool_], scores: Numbers) -> Callable[[Weights], Numbers]:
    """Return what reckons the area under the ROC curve: pairs in the right order, ties half."""
    order = np.argsort(scores, kind="stable")
    ups, downs = order[positive[order]], order[~positive[order]]
    below = np.searchsorted(scores[downs], scores[ups], "left")
    up_to = np.searchsorted(scores[downs], scores[ups], "right")

    def area(weights: Weights) -> Numbers:
        falls = np.zeros((len(weights), len(downs) + 1))
        np.cumsum(np.take(weights, downs, axis=1), axis=1, out=falls[:, 1:])
        rises = np.take(weights, ups, axis=1)  # many times faster than indexing
        beaten = np.take(falls, below, axis=1) + np.take(falls, up_to, axis=1)
        pairs = rises.sum(axis=1) * falls[:, -1]
        right = np.einsum("ij,ij->i", rises.astype(np.float64), beaten) / 2
        return _defined(right, pairs)

    return area


def _precision(positive: NDArray[np.bool_], scores: Numbers) -> Callable[[Weights], Numbers]:
    """Return what reckons the average precision over the thresholds, ties together."""
    order = np.argsort(-scores, kind="stable")
    ups = order[positive[order]]
    falling = -scores
    chosen_up_to = np.searchsorted(falling[order], falling[ups], "right") - 1
    hits_up_to = np.searchsorted(falling[ups], falling[ups], "right") - 1

    def precision(weights: Weights) -> Numbers:
        chosen = np.take(np.cumsum(np.take(weights, order, axis=1), axis=1), chosen_up_to, axis=1)
        gained = np.take(weights, ups, axis=1)
        summed = np.cumsum(gained, axis=1)
        hits = np.take(summed, hits_up_to, axis=1)
        found = np.einsum("ij,ij->i", gained.astype(np.float64), _quotient(hits, chosen))
        return _defined(found, summed[:, -1])

    return precision


def _defined(above: Numbers, below: NDArray[Any]) -> Numbers:
    """Return a quotient, NaN where there is nothing to divide by."""
    found: Numbers = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return found
