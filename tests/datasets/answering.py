"""Predictions with a known skill, for comparing."""

import numpy as np
import polars as pl

from workbench.datasets.predictions import About, Predictions


def about(**fields: object) -> About:
    """Return what a file says of itself."""
    said: dict[str, object] = {
        "model": "churn", "version": 3, "dataset": "census", "dataset_hash": "sha256:1",
        "role": "evaluation", "run": None, "time": 1_795_000_000.0, "segments": (), "rows": 0,
    }  # fmt: skip
    return About(**(said | fields))  # type: ignore[arg-type]


def frame(
    rows: int = 400, *, noise: float = 1.0, seed: int = 1, data_seed: int = 0
) -> pl.DataFrame:
    """Return predictions of a binary label; the more noise, the worse."""
    data = np.random.default_rng(data_seed)
    label = (data.random(rows) < 0.4).astype(np.int64)
    signal = data.normal(size=rows) + 1.5 * label
    guess = signal + noise * np.random.default_rng(seed).normal(size=rows) - 0.75
    share = 1 / (1 + np.exp(-guess))
    return pl.DataFrame(
        {
            "row_id": np.arange(rows),
            "prediction": (share > 0.5).astype(np.int64),
            "probability_0": 1 - share,
            "probability_1": share,
            "label": label,
            "region": np.array(["north", "south", "west"])[np.arange(rows) % 3],
        }
    )


def numbers(rows: int = 400, *, noise: float = 1.0, seed: int = 1) -> pl.DataFrame:
    """Return predictions of a number."""
    data = np.random.default_rng(0)
    label = 3 * data.normal(size=rows) + 10
    guess = label + noise * np.random.default_rng(seed).normal(size=rows)
    return pl.DataFrame({"row_id": np.arange(rows), "prediction": guess, "label": label})


def many(rows: int = 600, *, seed: int = 1, classes: str = "abcd") -> pl.DataFrame:
    """Return predictions of one of several classes, with ties among the probabilities."""
    data, own = np.random.default_rng(0), np.random.default_rng(seed)
    label = data.integers(0, len(classes), rows)
    shares = own.random((rows, len(classes))) + 0.8 * np.eye(len(classes))[label]
    shares = np.round(shares / shares.sum(axis=1, keepdims=True), 2)
    shares[:, -1] = 1 - shares[:, :-1].sum(axis=1)
    names = np.array(list(classes))
    return pl.DataFrame(
        {
            "row_id": np.arange(rows),
            "prediction": names[shares.argmax(axis=1)],
            "label": names[label],
            **{f"probability_{name}": shares[:, k] for k, name in enumerate(classes)},
        }
    )


def said(table: pl.DataFrame, **fields: object) -> Predictions:
    """Return a table as predictions."""
    return Predictions(about(rows=len(table), **fields), table)
