"""A workspace with a table in it, for every test of acts on datasets."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.building import write_workspace
from workbench.clock import FixedClock
from workbench.operations.session import Session, open_session

TABLE = pl.DataFrame(
    {
        "id": range(100),
        "ssn": [f"s{k % 30}" for k in range(100)],
        "age": [k % 7 + 20.5 for k in range(100)],
    }
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty workspace."""
    return write_workspace(tmp_path / "w")


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock long after every file of a test."""
    return FixedClock(2_000_000_000.0)


@pytest.fixture
def session(root: Path, clock: FixedClock) -> Iterator[Session]:
    """Open the workspace as ana."""
    with open_session(root, clock=clock, in_memory=True) as opened:
        opened.settings = opened.settings._replace(user="ana")
        yield opened


@pytest.fixture
def census(root: Path) -> Path:
    """Return a Parquet file in the workspace."""
    (root / "data").mkdir()
    TABLE.write_parquet(root / "data/census.parquet")
    return root / "data/census.parquet"
