"""The table profiles are measured on: 16 floats, 6 whole numbers, 6 texts, a flag and a moment.

Five of the columns have 5 % nulls. The texts have 2, 5, 20, 100, 1,000 and 5,000 categories, of
which some are much more frequent than others, as categories are.
"""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

COLUMNS = 30
_CATEGORIES = (2, 5, 20, 100, 1_000, 5_000)
_WHOLE = (2, 10, 60, 1_000, 100_000, 10_000_000)
_MISSING = ("f0", "f5", "f10", "i2", "s3")
_START = np.datetime64("2024-01-01", "us")
_SPAN_US = 365 * 86_400 * 1_000_000


def frame(rows: int, seed: int = 7) -> pl.DataFrame:
    """Return the table."""
    generator = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    for k in range(16):
        columns[f"f{k}"] = _floats(generator, k, rows)
    for k, most in enumerate(_WHOLE):
        columns[f"i{k}"] = generator.integers(0, most, rows)
    for k, many in enumerate(_CATEGORIES):
        names = pl.Series([f"category {one:05d}" for one in range(many)])
        places = np.floor(many * generator.random(rows) ** 2).astype(np.int64)
        columns[f"s{k}"] = names.gather(places)
    columns["flag"] = generator.random(rows) < 0.3
    columns["moment"] = _START + np.sort(generator.integers(0, _SPAN_US, rows))
    table = pl.DataFrame(columns)
    there = {name: pl.Series(generator.random(rows) >= 0.05) for name in _MISSING}
    return table.with_columns(pl.when(there[name]).then(pl.col(name)) for name in _MISSING)


def _floats(generator: np.random.Generator, k: int, rows: int) -> NDArray[np.float64]:
    kinds = (
        lambda: generator.normal(k, 1 + k, rows),
        lambda: generator.lognormal(0, 1, rows),
        lambda: generator.standard_t(2, rows),
        lambda: generator.random(rows) * 10**k,
    )
    return kinds[k % len(kinds)]()


def write(path: Path, rows: int, seed: int = 7) -> Path:
    """Write the table as Parquet, the way polars does by itself, and return the path."""
    frame(rows, seed).write_parquet(path, compression="snappy")
    return path
