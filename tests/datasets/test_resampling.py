"""What is reckoned from weights is what scikit-learn finds on the resampled rows themselves."""

import numpy as np
import pytest
from sklearn import metrics as sk

from tests.datasets.answering import frame, many, numbers
from workbench.datasets import resampling
from workbench.datasets.pairing import Pairs, pair
from workbench.datasets.resampling import (
    affordable,
    from_counts,
    resample,
    row_losses,
)
from workbench.datasets.scoring import METRICS, Answers, Metric, score

TABLES = {
    "two classes": lambda seed: frame(150, seed=seed).with_columns(
        probability_1=frame(150, seed=seed)["probability_1"].round(2),  # ties
        probability_0=1 - frame(150, seed=seed)["probability_1"].round(2),
    ),
    "four classes": lambda seed: many(150, seed=seed),
    "numbers": lambda seed: numbers(150, seed=seed),
}
CASES = [
    (name, kind)
    for name, metric in METRICS.items()
    for kind in TABLES
    if (metric.needs == "numbers") == (kind == "numbers")
]


def _pairs(kind: str, metric: Metric) -> Pairs:
    return pair(TABLES[kind](1), TABLES[kind](2), metric)


def _weighted(metric: Metric, answers: Answers, weights: np.ndarray) -> np.ndarray:
    """Return what is reckoned from weights, of either road."""
    if metric.needs == "classes":
        return from_counts(metric.name, weights, answers.label, answers.prediction, answers)
    return resampling._scorer(metric, answers)(weights)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_weights_give_what_scikit_learn_finds_on_the_rows_drawn(name: str, kind: str) -> None:
    """Drawing a row three times is the same as a weight of three, for every metric."""
    metric = METRICS[name]
    answers = _pairs(kind, metric).champion
    generator = np.random.default_rng(7)
    rows = generator.integers(0, 150, (20, 150))
    weights = np.array([np.bincount(one, minlength=150) for one in rows])
    expected = [score(metric, answers.take(one)) for one in rows]
    assert _weighted(metric, answers, weights) == pytest.approx(expected, rel=1e-12)


def test_weights_are_scikit_learns_sample_weights() -> None:
    """Held against the functions themselves, not against our calls of them."""
    two = _pairs("two classes", METRICS["roc_auc"]).champion
    label, shares = two.label, two.scores[:, 1]
    weights = np.random.default_rng(3).integers(0, 4, (5, 150))
    for name, of_sklearn in (
        ("roc_auc", sk.roc_auc_score),
        ("average_precision", sk.average_precision_score),
        ("brier", sk.brier_score_loss),
        ("log_loss", sk.log_loss),
    ):
        expected = [of_sklearn(label, shares, sample_weight=one) for one in weights]
        assert _weighted(METRICS[name], two, weights) == pytest.approx(expected, rel=1e-12)
    classes = _pairs("four classes", METRICS["accuracy"]).champion
    by_weight = {
        "accuracy": sk.accuracy_score,
        "balanced_accuracy": sk.balanced_accuracy_score,
        "f1": lambda *sides, sample_weight: sk.f1_score(
            *sides, average="macro", sample_weight=sample_weight
        ),
    }
    for name, of_classes in by_weight.items():
        expected = [
            of_classes(classes.label, classes.prediction, sample_weight=one) for one in weights
        ]
        assert _weighted(METRICS[name], classes, weights) == pytest.approx(expected, rel=1e-12)
    some = _pairs("numbers", METRICS["r2"]).champion
    expected = [sk.r2_score(some.label, some.prediction, sample_weight=one) for one in weights]
    assert _weighted(METRICS["r2"], some, weights) == pytest.approx(expected, rel=1e-10)


def test_metrics_are_those_of_scikit_learn() -> None:
    """On the rows as they are, two classes and more, by hand."""
    two, four = frame(150), many(150)
    label, shares = two["label"].to_numpy(), two["probability_1"].to_numpy()
    pairs = {name: pair(two, two, metric) for name, metric in METRICS.items() if name != "r2"}
    assert score(METRICS["roc_auc"], pairs["roc_auc"].champion) == sk.roc_auc_score(label, shares)
    assert score(METRICS["f1"], pairs["f1"].champion) == sk.f1_score(label, two["prediction"])
    assert score(METRICS["brier"], pairs["brier"].champion) == sk.brier_score_loss(label, shares)
    matrix = four.select("^probability_.*$").to_numpy()
    many_pairs = pair(four, four, METRICS["roc_auc"]).champion
    expected = sk.roc_auc_score(four["label"], matrix, multi_class="ovr")
    assert score(METRICS["roc_auc"], many_pairs) == pytest.approx(expected, rel=1e-12)
    hot = (four["label"].to_numpy()[:, None] == np.array(list("abcd"))).astype(float)
    assert row_losses("brier", many_pairs).mean() == pytest.approx(
        ((matrix - hot) ** 2).sum(axis=1).mean(), rel=1e-12
    )
    assert score(METRICS["f1"], pair(four, four, METRICS["f1"]).champion) == pytest.approx(
        sk.f1_score(four["label"], four["prediction"], average="macro")
    )


@pytest.mark.parametrize("name", ["accuracy", "balanced_accuracy", "roc_auc", "mae"])
def test_resamples_scatter_as_copying_rows_would(name: str) -> None:
    """Mean and spread of the difference fit a plain loop over drawn rows, each way of drawing."""
    metric = METRICS[name]
    pairs = _pairs("numbers" if metric.needs == "numbers" else "two classes", metric)
    found = resample(metric, pairs.champion, pairs.challenger, 2000, np.random.default_rng(1))
    fast = found.challenger - found.champion
    generator = np.random.default_rng(2)
    label, slow = pairs.champion.label, []
    for _ in range(150):
        rows = generator.integers(0, 150, 150)
        if metric.stratified:
            groups = [np.flatnonzero(label == code) for code in np.unique(label)]
            rows = np.concatenate([generator.choice(group, len(group)) for group in groups])
        sides = pairs.champion.take(rows), pairs.challenger.take(rows)
        slow.append(score(metric, sides[1]) - score(metric, sides[0]))
    assert fast.mean() == pytest.approx(np.mean(slow), abs=4 * np.std(slow) / np.sqrt(150))
    assert fast.std() == pytest.approx(np.std(slow), rel=0.25)


def test_the_same_seed_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few are held at once, no draw is lost."""
    metric = METRICS["log_loss"]
    pairs = _pairs("two classes", metric)

    def drawn(at_once: int) -> np.ndarray:
        monkeypatch.setattr(resampling, "_AT_ONCE", at_once)
        made = resample(metric, pairs.champion, pairs.challenger, 101, np.random.default_rng(5))
        return made.challenger

    assert drawn(1 << 16).shape == drawn(400).shape == (101,)
    assert np.array_equal(drawn(1 << 16), drawn(1 << 16))


def test_of_many_rows_fewer_resamples_are_drawn() -> None:
    """Time is bounded; metrics of classes cost nothing by the row."""
    rows = np.zeros(1_000_000, np.int64)
    answers = Answers(rows, rows, np.empty((1_000_000, 0)), ("a", "b"))
    assert affordable(METRICS["log_loss"], answers, 2000) == 200
    assert affordable(METRICS["accuracy"], answers, 2000) == 2000
    assert affordable(METRICS["roc_auc"], answers.take(rows[:100_000]), 2000) == 2000
