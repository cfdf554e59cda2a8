"""Metrics of predictions: each by scikit-learn on the rows as they are.

Over thousands of resamples the same metrics are reckoned from weights in
`workbench.datasets.resampling`; the tests hold the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Needs: TypeAlias = Literal["classes", "probabilities", "scores", "numbers"]


class Metric(NamedTuple):
    """A metric that two versions can be compared by."""

    name: str
    needs: Needs
    """What the predictions must be."""
    greater_is_better: bool
    by_class: bool = False
    """Every class must have some rows, or the metric says nothing."""
    stratified: bool = False
    """It is defined within the classes, so a resample keeps the rows of each."""
    bounded: bool = False
    """The answer to one row moves it by at most one row's share of its class."""


METRICS: Final[Mapping[str, Metric]] = {
    one.name: one
    for one in (
        Metric("accuracy", "classes", True, bounded=True),
        Metric("balanced_accuracy", "classes", True, by_class=True, stratified=True, bounded=True),
        Metric("f1", "classes", True, by_class=True),
        Metric("log_loss", "probabilities", False),
        Metric("brier", "probabilities", False),
        Metric("roc_auc", "scores", True, by_class=True, stratified=True, bounded=True),
        Metric("average_precision", "scores", True, by_class=True),
        Metric("rmse", "numbers", False),
        Metric("mae", "numbers", False),
        Metric("r2", "numbers", True),
    )
}


OF_THE_POSITIVE: Final = frozenset(("f1", "brier", "roc_auc", "average_precision"))
"""Of two classes these look at one."""
BINARY: Final = 2


@dataclass(frozen=True, slots=True)
class Answers:
    """What one version said of the rows, beside what was true; all of shape ``(rows,)``."""

    label: NDArray[Any]
    """Codes of classes, from 0; for regression numbers."""
    prediction: NDArray[Any]
    """Like ``label``; of scores it is not read."""
    scores: Numbers
    """Shape ``(rows, classes)``: probabilities or scores, of two classes as well; ``(rows, 0)``
    where none are needed."""
    classes: tuple[str, ...] = ()
    positive: int = 1
    """The code of the class that counts, where there are two."""

    def take(self, rows: NDArray[np.int64]) -> "Answers":
        """Return some of the rows, a row as often as it is named."""
        return Answers(
            self.label[rows], self.prediction[rows], self.scores[rows], self.classes, self.positive
        )

    @property
    def one_against_rest(self) -> tuple[int, ...]:
        """Return the classes a ranking is looked at for: the positive one of two, else all."""
        if len(self.classes) == BINARY:
            return (self.positive,)
        return tuple(range(len(self.classes)))


def score(metric: Metric, answers: Answers) -> float:
    """Return the metric by scikit-learn.

    Of two classes ``f1``, ``brier``, ``roc_auc`` and ``average_precision`` are those of the
    positive one; of more, the mean over the classes, for ``brier`` the sum.
    """
    if metric.needs == "classes":
        return _of_classes(metric.name, answers)
    if metric.needs == "numbers":
        return _of_numbers(metric.name, answers)
    if metric.name == "log_loss":
        from sklearn.metrics import log_loss

        codes = list(range(len(answers.classes)))
        return float(log_loss(answers.label, answers.scores, labels=codes))
    return _one_against_rest(metric.name, answers)


def _of_classes(name: str, answers: Answers) -> float:
    from sklearn import metrics

    label, prediction = answers.label, answers.prediction
    if name == "accuracy":
        return float(metrics.accuracy_score(label, prediction))
    if name == "balanced_accuracy":  # the mean recall of the classes there are
        there = np.unique(label)
        return float(
            metrics.recall_score(label, prediction, labels=there, average="macro", zero_division=0)
        )
    if len(answers.classes) == BINARY:
        counted = [answers.positive]
    else:
        counted = np.union1d(label, prediction).tolist()
    return float(
        metrics.f1_score(label, prediction, labels=counted, average="macro", zero_division=0)
    )


def _of_numbers(name: str, answers: Answers) -> float:
    from sklearn import metrics

    if name == "rmse":
        return float(metrics.root_mean_squared_error(answers.label, answers.prediction))
    if name == "mae":
        return float(metrics.mean_absolute_error(answers.label, answers.prediction))
    return float(metrics.r2_score(answers.label, answers.prediction))


def _one_against_rest(name: str, answers: Answers) -> float:
    from sklearn import metrics

    measure = {
        "brier": metrics.brier_score_loss,
        "roc_auc": metrics.roc_auc_score,
        "average_precision": metrics.average_precision_score,
    }[name]
    found = [
        float(measure(answers.label == code, answers.scores[:, code]))
        for code in answers.one_against_rest
    ]
    return float(np.sum(found)) if name == "brier" else float(np.mean(found))
