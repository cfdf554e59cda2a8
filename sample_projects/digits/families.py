"""The models that `train.py` and `sweep.py` choose from.

Every family has scikit-learn's `partial_fit` and `predict`; those that know
probabilities have `predict_proba` too. A forest cannot learn in batches, so it
grows by a few trees each epoch instead.
"""

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.neural_network import MLPClassifier

CLASSES = np.arange(10)

DEFAULTS = {
    "sgd": {"learning_rate": 0.02, "l2": 1e-4},
    "perceptron": {"learning_rate": 0.01, "l2": 1e-5},
    "mlp": {"learning_rate": 0.002, "l2": 1e-4, "hidden": 48},
    "softmax": {"learning_rate": 0.5, "l2": 1e-4},
    "forest": {"trees_per_epoch": 4, "max_depth": 9},
}


class Softmax:
    """Multinomial logistic regression by plain gradient descent with weight decay.

    Nothing bounds a step: once ``learning_rate * l2`` passes 2, weight decay
    overshoots zero by more than it started with and the weights grow without end.
    """

    def __init__(self, learning_rate, l2, generator):
        self.learning_rate = learning_rate
        self.l2 = l2
        self.weights = generator.normal(scale=0.01, size=(65, len(CLASSES)))

    def partial_fit(self, x, y, classes):
        """Take one gradient step on a batch."""
        error = self.predict_proba(x) - (y[:, None] == classes)
        gradient = with_bias(x).T @ error / len(x) + self.l2 * self.weights
        self.weights -= self.learning_rate * gradient

    def predict_proba(self, x):
        """Return the probability of each digit, one row for each image."""
        scores = with_bias(x) @ self.weights
        scores -= scores.max(axis=1, keepdims=True)
        odds = np.exp(scores)
        return odds / odds.sum(axis=1, keepdims=True)

    def predict(self, x):
        """Return the most probable digit of each image."""
        return CLASSES[self.predict_proba(x).argmax(axis=1)]

    def decay_loss(self):
        """Return what weight decay adds to the loss."""
        return self.l2 / 2 * float((self.weights**2).sum())


def with_bias(x):
    """Return the images with a column of ones, for the bias."""
    return np.hstack([x, np.ones((len(x), 1))])


def build(family, settings, seed):
    """Return an untrained model of a family, with its settings."""
    if family == "mlp":
        return MLPClassifier(
            hidden_layer_sizes=(settings["hidden"],),
            learning_rate_init=settings["learning_rate"],
            alpha=settings["l2"],
            random_state=seed,
        )
    if family == "softmax":
        generator = np.random.default_rng(seed)
        return Softmax(settings["learning_rate"], settings["l2"], generator)
    if family == "forest":
        return RandomForestClassifier(
            n_estimators=0, max_depth=settings["max_depth"], warm_start=True, random_state=seed
        )
    return SGDClassifier(
        loss="log_loss" if family == "sgd" else "perceptron",
        learning_rate="constant",
        eta0=settings["learning_rate"],
        alpha=settings["l2"],
        random_state=seed,
    )


def train_epoch(model, x, y, batches, settings):
    """Show the model every batch once, or grow its forest by a few trees."""
    if "trees_per_epoch" in settings:
        model.n_estimators += settings["trees_per_epoch"]
        model.fit(x, y)
        return
    for rows in batches:
        model.partial_fit(x[rows], y[rows], classes=CLASSES)
