"""Small tables to profile, and the eight pairs whose statistics scipy has told."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from workbench.datasets.profile import Column, Profile
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame

PAIRS = Path(__file__).parents[1] / "pairs"
TOLD: dict[str, Any] = json.loads((PAIRS / "scipy.json").read_text())["pairs"]
NAMES = sorted(TOLD)
SIDES = ("ref", "cur")


def frame(pair: str, side: str) -> pl.DataFrame:
    """Return one side of a pair."""
    return pl.read_parquet(PAIRS / f"{pair}_{side}.parquet")


def of(values: Sequence[object] | pl.Series, dtype: Any = None, **asked: Any) -> Column:
    """Return the profile of one column of these values."""
    column = values if isinstance(values, pl.Series) else pl.Series(values, dtype=dtype)
    return summary(pl.DataFrame({"x": column}), **asked).columns[0]


def summary(table: pl.DataFrame, **asked: Any) -> Profile:
    """Return the profile of a table in memory."""
    return profile(of_frame(table), **asked)


def columns(found: Profile) -> dict[str, Column]:
    """Return a profile's columns by name."""
    return {column.name: column for column in found.columns}


def numeric(table: pl.DataFrame) -> Iterator[str]:
    """Yield the names of a table's numbers."""
    yield from (name for name, dtype in table.schema.items() if dtype.is_numeric())
