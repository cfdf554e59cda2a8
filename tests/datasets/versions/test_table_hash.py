"""The hash of a table in memory is of its names, types and values, and of nothing else."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest

from tests.catalogue.data_building import every_kind
from workbench.datasets.versions.table_hash import table_hash


def _written_down() -> pl.DataFrame:
    """Return a table of every kind, with a missing value in each column."""
    return pl.DataFrame(
        {
            "whole": [1, None, -3],
            "real": [0.5, float("nan"), None],
            "text": ["a", None, "é"],
            "ok": [True, None, False],
            "day": [date(2024, 3, 1), None, date(1, 1, 1)],
            "at": [datetime(2024, 3, 1, 6), None, datetime(1, 1, 1)],  # noqa: DTZ001
            "clock": [time(6), None, time(0)],
            "took": [timedelta(1), None, timedelta(0)],
            "exact": [Decimal("0.10"), None, Decimal("-3.00")],
            "list": [["a"], None, []],
            "record": [{"a": 1}, None, {"a": None}],
            "bytes": [b"\x00", None, b""],
            "never": [None, None, None],
        },
        schema_overrides={"exact": pl.Decimal(10, 2), "at": pl.Datetime("us")},
    )


def test_the_hash_is_the_one_written_down() -> None:
    """Another version of a library, or of the workbench, must come to the same."""
    assert (
        table_hash(_written_down())
        == "sha256:4fdadc8f5efbefdd16f0a6c26b0458773c6be6728050215315c280700bce5393"
    )


def test_chunks_do_not_count() -> None:
    """A table that was put together has the hash of one that was made at once."""
    frame = every_kind()
    parts = pl.concat([frame[:3], frame[3:4], frame[4:]], rechunk=False)
    assert table_hash(parts) == table_hash(frame)


def test_blocks_are_hashed_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows beyond the first block count, too."""
    monkeypatch.setattr("workbench.datasets.versions.table_hash._AT_ONCE", 2)
    frame = pl.DataFrame({"a": [1, 2, 3]})
    assert table_hash(frame) != table_hash(pl.DataFrame({"a": [1, 2, 4]}))
    assert table_hash(frame) == table_hash(pl.DataFrame({"a": [1, 2, 3]}))


@pytest.mark.parametrize("column", _written_down().columns[:-1])
def test_every_value_counts(column: str) -> None:
    """In a column of any kind."""
    frame = _written_down()
    other = frame.with_columns(pl.col(column).shift(1))
    assert table_hash(other) != table_hash(frame)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": ["ab", "c"]}, {"a": ["a", "bc"]}),
        ({"a": [["x"], []]}, {"a": [[], ["x"]]}),
        ({"a": [1], "b": [2]}, {"b": [1], "a": [2]}),
        ({"a": [1]}, {"a": [1.0]}),
        ({"a": [0]}, {"a": [None]}),
        ({"a": [[None]]}, {"a": [[]]}),
        ({"a": []}, {"b": []}),
    ],
)
def test_tables_that_differ_have_other_hashes(
    one: dict[str, list[object]], other: dict[str, list[object]]
) -> None:
    """Also where the same bytes follow one another."""
    assert table_hash(pl.DataFrame(one)) != table_hash(pl.DataFrame(other))


def test_the_unit_of_moments_counts() -> None:
    """The same number of milliseconds is another moment in microseconds."""
    moments = pl.DataFrame({"a": [1]}).select(pl.col("a").cast(pl.Datetime("ms")))
    micros = pl.DataFrame({"a": [1]}).select(pl.col("a").cast(pl.Datetime("us")))
    assert table_hash(moments) != table_hash(micros)
