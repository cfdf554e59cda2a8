"""Filters that find the rows behind what drifted."""

import pytest

from workbench.datasets.drift.report import DRIFT, ColumnDrift, Shape
from workbench.datasets.fields import MASK
from workbench.datasets.table import Column
from workbench.filters import parse_rows
from workbench.filters.tree import And, Field, IsNull
from workbench.operations.drift.behind import drifted_part, rows_filter

APRIL, MAY = 1_364_774_400.0, 1_367_366_400.0


def column(name: str = "delay", **facts: object) -> ColumnDrift:
    """Return a column that drifted."""
    return ColumnDrift(name, DRIFT, **facts)  # type: ignore[arg-type]


def numbers(reference: tuple[float, ...], current: tuple[float, ...]) -> Shape:
    """Return a shape of quantiles at 1, 50 and 99 percent and the ends."""
    at = (0.0, 0.01, 0.5, 0.99, 1.0)
    return Shape(at=at, reference_quantiles=reference, current_quantiles=current)


def test_new_categories_are_asked_for_in_the_time_of_the_chunk() -> None:
    """The chunk's period and the categories the reference does not have, quoted as needed."""
    shape = Shape(
        categories=("EWR", "Q'x", "B 6"), reference_parts=(0.5, 0.0, 0.0),
        current_parts=(0.3, 0.2, 0.1), new=(False, True, True),
    )  # fmt: skip
    found = rows_filter(column("origin", shape=shape), time="time_hour", start=APRIL, end=MAY)
    assert found == (
        "time_hour >= 2013-04-01 and time_hour < 2013-05-01 and origin in ('Q''x', 'B 6')"
    )


def test_without_a_new_category_the_one_that_grew_most_is_asked_for() -> None:
    """Categories that read like numbers stay bare, so that they fit numbers and texts."""
    shape = Shape(
        categories=("6", "7"), reference_parts=(0.5, 0.5), current_parts=(0.2, 0.8),
        new=(False, False),
    )  # fmt: skip
    assert drifted_part(column("month", shape=shape)) == "month in (7)"


def test_a_tail_that_doubled_is_asked_for() -> None:
    """Values beyond the reference's 99th percentile where far more than a hundredth lies now."""
    shape = numbers((0.0, 1.0, 5.0, 9.0, 10.0), (0.0, 1.0, 9.5, 20.0, 30.0))
    assert drifted_part(column(shape=shape)) == "delay > 9.0"
    shape = numbers((0.0, 1.0, 5.0, 9.0, 10.0), (-9.0, -5.0, 0.5, 9.0, 10.0))
    assert drifted_part(column(shape=shape)) == "delay < 1.0"


def test_missing_values_that_grew_are_what_is_looked_for() -> None:
    """A null rate that rose by a twentieth says more than the values that are left."""
    shape = numbers((0.0, 1.0, 5.0, 9.0, 10.0), (0.0, 1.0, 9.5, 20.0, 30.0))
    found = drifted_part(column(shape=shape, reference_missing=0.01, current_missing=0.2))
    assert found == "delay is null"


def test_masked_values_are_never_asked_for() -> None:
    """A filter would tell what the mask hides."""
    shape = Shape(
        categories=(MASK,), reference_parts=(0.0,), current_parts=(1.0,), new=(True,)
    )  # fmt: skip
    assert rows_filter(column(shape=shape), segment=f"city={MASK}") == ""


def test_odd_names_are_quoted_and_segments_are_kept() -> None:
    """A column called like a word of the language stands in backticks."""
    found = rows_filter(column("and", current_missing=1.0), segment="origin=JFK, `x=1")
    assert found == "origin = 'JFK' and ```x` = 1 and `and` is null"


@pytest.mark.parametrize("name", ["a b", "`", "2020", "it's", "ключ"])
def test_every_filter_can_be_read(name: str) -> None:
    """Whatever a column is called, the language takes what is written here."""
    text = rows_filter(column(name, current_missing=1.0), time="at", start=APRIL)
    found = parse_rows(text, (Column(name, "text", "String"), Column("at", "datetime", "Datetime")))
    assert isinstance(found, And)
    assert found.parts[1] == IsNull(Field("column", name, sort="text"))
