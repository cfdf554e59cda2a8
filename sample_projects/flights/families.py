"""The models that `train.py` chooses from, each with what turns flights into its numbers.

A family is trained one epoch at a time: `train_epoch` takes the next pass over the
data, adds the next few trees, or learns a table of rates.
"""

import numpy as np
import polars as pl
from flights import FEATURES, NAMES, labels
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, SplineTransformer

TREES_PER_EPOCH = 4

DEFAULTS = {
    "baseline": {"shrinkage": 50},
    "sgd": {"learning_rate": 0.01, "l2": 1e-5, "batch_size": 256},
    "hgb": {"learning_rate": 0.08, "max_leaf_nodes": 15, "trees_per_epoch": TREES_PER_EPOCH},
}


class Baseline:
    """The share of late flights of each carrier and hour, drawn towards the overall share.

    What every other model must beat.
    """

    columns = ("carrier", "hour")

    def __init__(self, settings):
        self.shrinkage = settings["shrinkage"]

    def train_epoch(self, flights):
        """Count the late flights; there is nothing more to learn in a second epoch."""
        late = pl.col("late")
        self.overall = flights["late"].mean()
        rate = (late.sum() + self.shrinkage * self.overall) / (pl.len() + self.shrinkage)
        self.rates = flights.group_by(self.columns).agg(rate=rate)

    def probability(self, flights):
        """Return the probability of a late arrival for each flight."""
        rates = flights.select(self.columns).join(
            self.rates, on=self.columns, how="left", maintain_order="left"
        )
        return rates["rate"].fill_null(self.overall).to_numpy()


class Linear:
    """Logistic regression by stochastic gradient descent, on one-hot names and splines."""

    def __init__(self, columns, settings, seed):
        self.columns = columns
        self.numbers = [name for name in columns if name not in NAMES]
        self.batch_size = settings["batch_size"]
        self.generator = np.random.default_rng(seed)
        self.model = SGDClassifier(
            loss="log_loss",
            learning_rate="invscaling",
            power_t=0.25,
            eta0=settings["learning_rate"],
            alpha=settings["l2"],
            random_state=seed,
        )
        self.encoded = None

    def encode(self, flights):
        """Return the flights as numbers, with the encoders of the training data."""
        names = self.one_hot.transform(flights.select(NAMES).to_numpy())
        numbers = self.splines.transform(flights.select(self.numbers).to_numpy())
        return np.hstack([names, numbers]).astype(np.float32)

    def train_epoch(self, flights):
        """Take one pass over the flights, in batches in random order."""
        if self.encoded is None:
            self.one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
            self.one_hot.fit(flights.select(NAMES).to_numpy())
            self.splines = SplineTransformer(n_knots=6, knots="quantile", extrapolation="linear")
            self.splines.fit(flights.select(self.numbers).to_numpy())
            self.encoded = self.encode(flights), labels(flights)
        x, y = self.encoded
        order = self.generator.permutation(len(y))
        for start in range(0, len(y), self.batch_size):
            rows = order[start : start + self.batch_size]
            self.model.partial_fit(x[rows], y[rows], classes=[0, 1])

    def probability(self, flights):
        """Return the probability of a late arrival for each flight."""
        return self.model.predict_proba(self.encode(flights))[:, 1]


class Boosting:
    """Histogram gradient boosting that grows by a few trees each epoch."""

    def __init__(self, columns, settings, seed):
        self.columns = columns
        self.numbers = [name for name in columns if name not in NAMES]
        self.step = settings["trees_per_epoch"]
        self.encoder = None
        self.model = HistGradientBoostingClassifier(
            learning_rate=settings["learning_rate"],
            max_leaf_nodes=settings["max_leaf_nodes"],
            max_iter=self.step,
            min_samples_leaf=100,
            categorical_features=list(range(len(NAMES))),
            early_stopping=False,
            warm_start=True,
            random_state=seed,
        )

    def encode(self, flights):
        """Return the flights as numbers; a name that was not trained on counts as missing."""
        names = self.encoder.transform(flights.select(NAMES).to_numpy())
        return np.hstack([names, flights.select(self.numbers).to_numpy()])

    def train_epoch(self, flights):
        """Add a few trees."""
        if self.encoder is None:
            self.encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
            self.encoder.fit(flights.select(NAMES).to_numpy())
        else:
            self.model.max_iter += self.step
        self.model.fit(self.encode(flights), labels(flights))

    def probability(self, flights):
        """Return the probability of a late arrival for each flight."""
        return self.model.predict_proba(self.encode(flights))[:, 1]


def build(family, features, settings, seed):
    """Return an untrained model of a family that looks at one set of features."""
    if family == "baseline":
        return Baseline(settings)
    kind = Linear if family == "sgd" else Boosting
    return kind(FEATURES[features], settings, seed)
