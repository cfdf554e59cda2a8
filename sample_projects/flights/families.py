"""The models that `train.py` chooses from, each with what turns flights into its numbers.

A family is trained one epoch at a time: `train_epoch` takes the next pass over the
data, adds the next few trees, or learns a table of rates.
"""

import numpy as np
import polars as pl
from flights import FEATURES, NAMES, labels
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.pipeline import Pipeline
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
    pipeline = None  # a table, no estimator

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


class Encoded:
    """A scikit-learn model behind an encoder; together they take flights as they are."""

    def __init__(self, columns, encoder_of_names, encoder_of_numbers, model):
        self.columns = columns
        numbers = [name for name in columns if name not in NAMES]
        self.encoder = ColumnTransformer(
            [("names", encoder_of_names, NAMES), ("numbers", encoder_of_numbers, numbers)]
        )
        self.model = model
        self.trained_on = None

    @property
    def pipeline(self):
        """Return encoder and model as one estimator, to be kept and used elsewhere."""
        return Pipeline([("encode", self.encoder), ("model", self.model)])

    def encode(self, flights):
        """Return the flights as numbers, encoded as the training data was."""
        return self.encoder.transform(flights.select(self.columns))

    def begin(self, flights):
        """Learn the encoding, once, and keep the encoded flights for all epochs."""
        if self.trained_on is None:
            self.encoder.fit(flights.select(self.columns))
            self.trained_on = self.encode(flights), labels(flights)
        return self.trained_on

    def probability(self, flights):
        """Return the probability of a late arrival for each flight."""
        return self.model.predict_proba(self.encode(flights))[:, 1]


class Linear(Encoded):
    """Logistic regression by stochastic gradient descent, on one-hot names and splines."""

    def __init__(self, columns, settings, seed):
        model = SGDClassifier(
            loss="log_loss",
            learning_rate="invscaling",
            power_t=0.25,
            eta0=settings["learning_rate"],
            alpha=settings["l2"],
            random_state=seed,
        )
        names = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        numbers = SplineTransformer(n_knots=6, knots="quantile", extrapolation="linear")
        super().__init__(columns, names, numbers, model)
        self.batch_size = settings["batch_size"]
        self.generator = np.random.default_rng(seed)

    def train_epoch(self, flights):
        """Take one pass over the flights, in batches in random order."""
        x, y = self.begin(flights)
        order = self.generator.permutation(len(y))
        for start in range(0, len(y), self.batch_size):
            rows = order[start : start + self.batch_size]
            self.model.partial_fit(x[rows], y[rows], classes=[0, 1])


class Boosting(Encoded):
    """Histogram gradient boosting that grows by a few trees each epoch."""

    def __init__(self, columns, settings, seed):
        self.step = settings["trees_per_epoch"]
        model = HistGradientBoostingClassifier(
            learning_rate=settings["learning_rate"],
            max_leaf_nodes=settings["max_leaf_nodes"],
            max_iter=0,
            min_samples_leaf=100,
            categorical_features=list(range(len(NAMES))),
            early_stopping=False,
            warm_start=True,
            random_state=seed,
        )
        # A name that was not trained on counts as missing.
        names = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
        super().__init__(columns, names, "passthrough", model)

    def train_epoch(self, flights):
        """Add a few trees."""
        x, y = self.begin(flights)
        self.model.max_iter += self.step
        self.model.fit(x, y)


def build(family, features, settings, seed):
    """Return an untrained model of a family that looks at one set of features."""
    if family == "baseline":
        return Baseline(settings)
    kind = Linear if family == "sgd" else Boosting
    return kind(FEATURES[features], settings, seed)
