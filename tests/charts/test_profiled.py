"""A column's distribution, drawn from what is stored of it."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from workbench.charts.figure import Boxes, Figure
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.profiled import Look, profiled, shares
from workbench.datasets.profile import Column
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame


def column(values: object, kind: pl.DataType | None = None) -> Column:
    """Return the summary of some values."""
    frame = pl.DataFrame({"x": pl.Series(values, dtype=kind)})
    return profile(of_frame(frame)).columns[0]


def boxes(figure: Figure) -> Boxes:
    """Return the columns or bars of a figure."""
    return next(layer for layer in figure.layers if isinstance(layer, Boxes))


def text(figure: Figure, width: int = 80, height: int = 20) -> str:
    """Return a figure in cells."""
    rows = draw_figure(figure, width=width, height=height).rows
    return "\n".join("".join(span.text for span in row) for row in rows)


def test_bins_of_whole_numbers_hold_as_many_of_them_each() -> None:
    """Equally frequent numbers are equally high, whatever their range and the number of bins."""
    found = boxes(profiled(column(list(range(17, 90)) * 5)))
    widths = found.x1 - found.x0
    assert len(set(widths.tolist())) == 1
    assert (found.x0 % 1 == 0.5).all()
    assert set(np.round(found.y1[:-1], 6).tolist()) == {10.0}


def test_counts_are_those_of_the_values() -> None:
    """All finite values are in some bin; what is not finite is said below."""
    figure = profiled(column([1.0, 2.0, 2.5, float("nan"), float("inf"), None]))
    assert boxes(figure).y1.sum() == pytest.approx(3)
    assert figure.notes == "1 null · 1 NaN · 1 infinite"
    assert "median 2" in figure.entries[0].label


def test_the_outermost_hundredths_are_left_out_on_request_and_counted() -> None:
    """One far value is all there is to see before, and is named after."""
    values = [*np.linspace(0, 1, 1000).tolist(), 1e9]
    assert profiled(column(values)).x.high == 1e9
    clipped = profiled(column(values), look=Look(clip=True))
    assert clipped.x.high < 2
    assert "further out not shown" in clipped.notes


def test_a_rare_value_is_seen_on_a_logarithmic_axis() -> None:
    """One row beside a million has a column of its own."""
    counted = Column(
        "x", "integer", "Int64", "number", rows=1_000_001, n=1_000_001,
        numbers=column([0, 9]).numbers,
    )  # fmt: skip
    figure = profiled(counted, look=Look(log=True))
    assert figure.y.log
    assert (boxes(figure).y1 > boxes(figure).y0).all()


def test_names_are_bars_and_the_rest_is_one_more() -> None:
    """As many as there is room for, with rows and share at the end of each."""
    many = column([f"k{n % 30:02d}" for n in range(300)] + ["most"] * 50)
    figure = profiled(many, rows=5)
    assert len(boxes(figure).x1) == 5
    shown = text(figure)
    assert "most" in shown
    assert "50  14.3%" in shown
    assert "(other)" in shown


def test_moments_are_drawn_over_time() -> None:
    """From the first to the last, with both said; the tiny histogram has the same shape."""
    days = pl.date_range(pl.date(2025, 2, 1), pl.date(2025, 3, 31), eager=True)
    figure = profiled(column(days))
    assert boxes(figure).y1 == pytest.approx(np.ones(len(days)))
    shown = text(figure)
    assert "2025-02-01 to 2025-03-31" in shown
    assert "median 2025-03-02" in shown
    assert shares(column(days), 2) == pytest.approx((0.5, 0.5), abs=0.01)
    zoned = column(days.cast(pl.Datetime("ms", "UTC")))
    assert "2025-02-01 00:00:00 to 2025-03-31 00:00:00, UTC" in text(profiled(zoned))
    times = column([dt.time(0), dt.time(18, 30)])
    assert "00:00:00 to 18:30:00" in text(profiled(times))


def test_moments_of_which_no_more_is_stored_are_months() -> None:
    """Twelve bars, from January to December, and which that are is said; none are tiny."""
    days = pl.date_range(pl.date(2025, 1, 1), pl.date(2025, 12, 31), eager=True)
    full = column(days)
    bare = replace(full, moments=replace(full.moments, quantiles=None))
    shown = text(profiled(bare), height=18)
    assert "January" in shown
    assert "December" in shown
    assert "31  8.5%" in shown
    assert "by month of the year, UTC" in shown
    assert shares(bare, 12) == ()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([None, None], "It has no values."),
        ([], "It has no values."),
        ([f"id-{n}" for n in range(500)], "Every value is there once."),
        ([[1], [2]], "No value of it is stored."),
    ],
)
def test_what_cannot_be_drawn_says_why(values: list[object], words: str) -> None:
    """There is never an empty picture without a sentence."""
    figure = profiled(column(values))
    assert figure.empty == words
    assert words in text(figure)


def test_a_column_that_could_not_be_summarised_says_why() -> None:
    """The fault stands where the drawing would."""
    assert profiled(Column("x", "text", "String", fault="broken texts")).empty == "broken texts"


@pytest.mark.parametrize(
    "values",
    [[1e300, -1e300], [2**62, 2**62 + 1], [0, 0, 0], [1.5], [float("inf")], [-1, 10**15]],
)
def test_any_numbers_are_drawn_or_said_not_to_be(values: list[float]) -> None:
    """Neither huge nor equal nor infinite numbers break a drawing."""
    for look in (Look(), Look(log=True), Look(clip=True), Look(log=True, clip=True)):
        assert len(text(profiled(column(values), look=look)).splitlines()) == 20


def test_a_tiny_histogram_of_whole_numbers_has_no_comb() -> None:
    """31 days in 12 bins are flat: a bin of three days is not higher than one of two."""
    found = shares(column(list(range(1, 32)) * 40), 12)
    assert len(found) == 12
    assert max(found) - min(found) < 0.1 * max(found)
