"""A column's drawing as a table."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
from msgspec.structs import replace

from workbench.datasets.fields import Fields
from workbench.datasets.profile import Column
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.operations.datasets.summary import column_facts
from workbench.tui.data.columns import ColumnRow
from workbench.tui.data.loader import ColumnPage, DatasetPage
from workbench.tui.data.shape_table import table_lines


def column(values: Sequence[object], **said: object) -> Column:
    """Return the summary of some values."""
    frame = pl.DataFrame({"x": pl.Series(values)})
    return profile(of_frame(frame), fields=Fields(**said)).columns[0]


def said(found: Column, *, clip: bool = False, unmasked: bool = False) -> list[str]:
    """Return the lines of a column's table, without what pads them."""
    row = ColumnRow(1, column_facts(found, found.rows), hidden=found.sensitive)
    page = ColumnPage(DatasetPage("d", None, (), None, (), "", 0.0), "x", ("x",), row, found, ())
    lines = table_lines(page, 80, clip=clip, unmasked=unmasked)
    return [" ".join("".join(cell.text for cell in line).split()) for line in lines]


def test_whole_numbers_stand_by_themselves() -> None:
    """A constant is one bin and not many of a fraction; large ones have their thousands."""
    assert said(column([7, 7, 7]))[-1] == "7 7 3"
    assert said(column([10_000, 10_000, 10_002]))[-3:] == [
        "10,000 10,000 2", "10,001 10,001 0", "10,002 10,002 1",
    ]  # fmt: skip
    assert said(column([2025, 2026]))[-1] == "2026 2026 1"


def test_what_is_read_off_quantiles_is_said_to_be_about() -> None:
    """Counts that are interpolated carry a sign, and how exact they are stands above them."""
    lines = said(column(np.random.default_rng(0).normal(size=5_000).tolist()))
    assert "from stored quantiles, exact to 0.5%" in lines[0]
    assert all(" ≈ " in line for line in lines[4:])
    assert not any("≈" in line for line in said(column([0.5, 1.5, 1.5])))


def test_clipped_it_leaves_out_what_the_drawing_does() -> None:
    """The far value is gone, and it is said."""
    values = [*np.linspace(0, 1, 500).tolist(), 1e6]
    assert "further out not shown" in said(column(values), clip=True)[0]
    assert any("1,000,000" in line for line in said(column(values)))


def test_days_and_moments_are_named() -> None:
    """A bin of days holds whole days; of moments it goes from one to the next."""
    days = [dt.date(2026, 1, 30), dt.date(2026, 2, 1)]
    assert said(column(days))[-3:] == [
        "2026-01-30 2026-01-30 1", "2026-01-31 2026-01-31 0", "2026-02-01 2026-02-01 1",
    ]  # fmt: skip
    moments = [dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 1, 1)]  # noqa: DTZ001 - as in a file
    assert said(column(moments))[-1] == "2026-01-01 00:59:00 2026-01-01 01:00:00 1"
    bare = column(days)
    bare = replace(bare, moments=replace(bare.moments, quantiles=None))
    assert said(bare)[1:4] == ["Rows by month of the year, UTC", "month rows", "January 1"]


def test_categories_are_their_values() -> None:
    """Each value with its rows and share; of a sensitive column without its name."""
    lines = said(column(["a", "b", "b", "b"]))
    assert lines[-2:] == ["b 3 75%", "a 1 25%"]
    hidden = column(["Ann"] * 6 + ["Bo"] * 6, sensitive=("x",))
    assert said(hidden)[-1] == "••• 6 50%"
    assert said(hidden, unmasked=True)[-2] == "Ann 6 50%"


def test_where_there_is_nothing_it_says_why() -> None:
    """There is never an empty page without a sentence."""
    assert said(column([f"id-{n}" for n in range(400)])) == ["Every value is there once."]
    assert said(Column("x", "text", "String", fault="broken texts")) == ["broken texts"]
