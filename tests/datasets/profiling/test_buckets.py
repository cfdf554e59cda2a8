"""Rows by a hash of their value: what tells codes that stayed from codes that were replaced."""

import numpy as np
import polars as pl
import pytest

from tests.datasets.profiling.tables import summary
from workbench.datasets.fields import Fields
from workbench.datasets.profile import BUCKETS, Column
from workbench.datasets.profiling import buckets, merge_all
from workbench.datasets.profiling.hiding import hidden


def codes(letter: str, many: int, rows: int = 4_000) -> pl.DataFrame:
    """Return a column of codes, all as frequent."""
    drawn = np.random.default_rng(7).integers(0, many, rows)
    return pl.DataFrame({"x": [f"{letter}{code}" for code in drawn]})


def column(frame: pl.DataFrame, *, sensitive: bool = False) -> Column:
    """Return the summary of the only column."""
    fields = Fields(sensitive=("x",) if sensitive else ())
    return summary(frame, correlations=False, fields=fields).columns[0]


def test_the_hash_is_the_one_that_is_written_down() -> None:
    """A bucket is the highest eight bits of the mixed CRC-32 times the golden ratio's constant."""
    assert buckets.places(["123456789"]).tolist() == [_by_hand(0xCBF43926)]


def _by_hand(crc: int) -> int:
    mixed = crc ^ (crc >> 15)
    return (mixed * 0x9E3779B97F4A7C15 % 2**64) >> 56


def test_rows_of_many_texts_are_counted_in_buckets_and_of_few_they_are_not() -> None:
    """A column whose values are all kept needs no buckets; another has all its rows in them."""
    many, few = column(codes("A", 500)), column(codes("A", 200))
    assert (len(many.buckets), sum(many.buckets)) == (BUCKETS, 4_000)
    assert few.buckets == ()


def test_codes_with_another_letter_fall_elsewhere() -> None:
    """Codes that differ in one letter alone are not in the same buckets under other numbers."""
    one, two = (sorted(column(codes(letter, 500)).buckets) for letter in "AB")
    assert one != two
    assert max(one) > 2 * 4_000 / BUCKETS


@pytest.mark.parametrize("many", [150, 500])
def test_buckets_of_parts_are_those_of_the_whole(many: int) -> None:
    """Buckets add up, also where the values of a part are all kept."""
    frame = codes("A", 500)
    first = codes("A", many, 1_000)
    parts = [summary(one, correlations=False) for one in (first, frame)]
    whole = column(pl.concat([first, frame]))
    assert merge_all(parts).columns[0].buckets == whole.buckets


def test_buckets_that_are_not_known_of_a_part_are_not_known_of_the_whole() -> None:
    """A profile of an earlier version has none, and nobody can make them up."""
    made = column(codes("A", 500))
    earlier = Column("x", "text", "String", rows=10, n=10, other=10)
    assert buckets.merged([made, earlier]) == ()


@pytest.mark.parametrize(("many", "rows"), [(500, 4_000), (3_000, 9_000), (90_000, 90_000)])
def test_no_bucket_of_a_sensitive_column_tells_of_fewer_than_five_rows(
    many: int, rows: int
) -> None:
    """Without the values that are kept, five rows or more are left in every bucket."""
    for made in (column(codes("A", many, rows), sensitive=True), hidden(column(codes("A", many)))):
        if made.buckets:
            kept = (
                buckets.counted(*zip(*made.top, strict=True), len(made.buckets)) if made.top else 0
            )
            assert (np.array(made.buckets) - kept).min() >= 5
    assert column(codes("A", 90_000, 90_000), sensitive=True).buckets
