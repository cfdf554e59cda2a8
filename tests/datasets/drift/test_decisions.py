"""Every choice that a verdict hangs on, by the case that this choice alone decides."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from tests.datasets.drift.judged import beside, column, findings, measure, value
from workbench.datasets.drift import ranked
from workbench.datasets.drift.curves import curve, together
from workbench.datasets.drift.report import DRIFT, SEVERE, SHIFTED, STABLE
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import Quantiles

BEGIN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
HOURS = [BEGIN + dt.timedelta(hours=k) for k in range(24 * 28)]


def spread(rows: int, low: float = 0.0, high: float = 1.0) -> np.ndarray[Any, Any]:
    """Return values evenly from one end to the other: a sample without any chance in it."""
    return np.linspace(low, high, rows)


# -- out of range ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "current", "beyond", "told"),
    [(30, 600, 60, False), (600, 100, 3, False), (600, 100, 6, True), (600, 300, 30, True)],
)
def test_values_out_of_range_are_told_where_chance_leaves_few(
    reference: int, current: int, beyond: int, *, told: bool
) -> None:
    """A short reference has no ends: 60 of 600 beyond those of 30 are (20/21)^60, one in 19."""
    values = np.append(spread(current - beyond), spread(beyond, 1.1, 1.2))
    found = findings(column(spread(reference), values))
    assert ("out of range" in found) is told


def test_both_ends_are_not_one_surprise() -> None:
    """Three beyond either end of as long a reference: 2 (1/2)^3, although six are beyond."""
    values = np.concatenate([spread(3, -0.2, -0.1), spread(294), spread(3, 1.1, 1.2)])
    assert "out of range" not in findings(column(spread(300), values))


# -- moments -----------------------------------------------------------------------------


def test_calendars_of_moments_are_judged_on_request_alone() -> None:
    """All at night now: nothing unless a person says ``datetime``, then severe."""
    night = [BEGIN + dt.timedelta(days=k // 24, minutes=k % 24) for k in range(24 * 28)]
    found = column(HOURS, night)
    assert (found.verdict, found.test, found.measures) == (STABLE, "", ())
    asked = column(HOURS, night, roles={"x": "datetime"})
    assert (asked.verdict, asked.test) == (SEVERE, "chi-square of hours")


def test_hours_of_times_of_day_are_judged_unasked() -> None:
    """They have no later or earlier."""
    clock = [one.time() for one in HOURS]
    night = [dt.time(k % 3) for k in range(len(clock))]
    assert column(clock, night).test == "chi-square of hours"


@pytest.mark.parametrize(
    ("days", "calendars"),
    [(0.9, set()), (1.1, {"hours"}), (6.9, {"hours"}), (7.1, {"hours", "weekdays"}),
     (364, {"hours", "weekdays"}), (366, {"hours", "weekdays", "months"})],
)  # fmt: skip
@pytest.mark.parametrize("longer", ["reference", "current"])
def test_a_calendar_is_judged_where_both_sides_hold_all_of_it(
    days: float, calendars: set[str], longer: str
) -> None:
    """The shorter side decides, whichever that is: a day, a week, a year."""

    def over(length: float) -> list[dt.datetime]:
        return [BEGIN + dt.timedelta(days=length * k / 999) for k in range(1_000)]

    sides = (over(800), over(days)) if longer == "reference" else (over(days), over(800))
    found = beside(*sides, roles={"x": "datetime"})
    assert found.tests == len(calendars)


# -- the stability index -----------------------------------------------------------------


def test_an_index_is_severe_only_where_a_tenth_of_the_rows_moved() -> None:
    """One in eleven in a category that hardly was: an index of half, and drift; with 12 % severe.

    The reference is long, so that the empty category makes the index large.
    """
    lax = Thresholds(new_category=1.0)

    def moved(share: float) -> Any:
        current = ["b"] * round(share * 4_000) + ["a"] * round((1 - share) * 4_000)
        return column(["a"] * 199_980 + ["b"] * 20, current, thresholds=lax)

    little, much = moved(0.09), moved(0.12)
    assert value(little, "psi") > 0.25 > value(little, "tvd")
    assert value(little, "tvd") < 0.1 < value(much, "tvd")
    assert (little.verdict, much.verdict) == (DRIFT, SEVERE)


# -- one value ---------------------------------------------------------------------------


def test_a_column_of_nearly_one_value_is_judged_by_the_share_of_it() -> None:
    """Zero in all but one of two hundred, a fifth above it now: nothing says how far is far."""
    mostly = np.append(np.zeros(1_990), spread(10, 1, 2))
    found = column(mostly, np.append(np.zeros(1_600), spread(400, 1, 2)))
    assert (found.test, found.measure, found.verdict) == ("share of one value", "psi", SEVERE)
    assert value(found, "tvd") == pytest.approx(0.195, abs=1e-3)
    assert found.shift is None
    assert "wasserstein" not in {one.name for one in found.measures}
    # values that leave zero for both sides of it: each half moves D by half as much
    both = column(mostly, np.concatenate([spread(150, -2, -1), np.zeros(1_700), spread(150, 1, 2)]))
    assert measure(both, "ks").value < value(both, "tvd") == pytest.approx(0.145, abs=1e-3)
    assert both.verdict in (DRIFT, SEVERE)


# -- signs and places --------------------------------------------------------------------


@pytest.mark.parametrize("by", [-0.5, -0.1, 0.1, 0.5])
def test_a_shift_has_the_sign_and_the_size_of_where_the_middle_went(by: float) -> None:
    """Up is positive, down negative, over the spread of the reference."""
    one = spread(2_001)
    found = column(one, one + by)
    scale = found.shape.scale  # type: ignore[union-attr]
    assert scale is not None
    assert found.shift == pytest.approx(by / scale, rel=1e-6)


def test_ranks_between_two_points_are_dealt_out_over_eight_places() -> None:
    """Two points a side, half the values of one at its ends: as of values at those places."""
    even = Quantiles((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))
    ends = Quantiles((0.0, 1.0), (0.0, 0.75), (0.25, 1.0))
    curves = together(curve([even], [800]), curve([ends], [800]))
    found = ranked.measures(curves, 800, 800, frozenset(["anderson_darling"]))[0]
    places = np.arange(1, 9)
    one = np.repeat(places, 100)
    two = np.concatenate([np.zeros(200), np.repeat(places, 50), np.full(200, 9)])
    told = stats.anderson_ksamp([one, two], variant="midrank", method=stats.PermutationMethod(9))
    assert found.value == pytest.approx(told.statistic, rel=1e-6)


# -- the score ---------------------------------------------------------------------------


def test_what_is_stable_adds_nothing_to_the_score() -> None:
    """A hundred rows of noise: effects above the usual limits in every column, and a score of 0."""
    rng = np.random.default_rng(3)
    one, two = (
        pl.DataFrame({f"c{k}": rng.standard_normal(100) for k in range(20)}) for _ in range(2)
    )
    found = beside(one, two)
    chunk = found.chunks[0]
    assert {column.verdict for column in chunk.columns} == {STABLE}
    assert all(value(column, "psi") > 0.05 for column in chunk.columns)
    assert sum(value(column, "psi") > 0.1 for column in chunk.columns) > 10
    assert (chunk.score, found.score) == (0.0, 0.0)
    moved = beside(one, two.with_columns(pl.col("c4") + 3))
    assert moved.score == pytest.approx(1 / 20)


def test_a_significant_change_counts_by_its_effect_and_at_most_fully() -> None:
    """Shifted by half its limit: half its importance; drift of many times its limit: all of it."""
    one = spread(200_000)
    table = pl.DataFrame({"a": one, "b": one, "c": one})
    found = beside(table, table.with_columns(pl.col("a") + 0.01, pl.col("b") + 9))
    by_name = {column.name: column for column in found.chunks[0].columns}
    assert [by_name[name].verdict for name in "abc"] == [SHIFTED, SEVERE, STABLE]
    assert found.score == pytest.approx((by_name["a"].effect + 1) / 3)


def test_a_feature_that_is_gone_counts_fully() -> None:
    """One of four that has nothing to be compared with: a quarter."""
    one = {name: spread(400) for name in "abcd"}
    gone = pl.DataFrame({name: values for name, values in one.items() if name != "d"})
    assert beside(pl.DataFrame(one), gone).score == pytest.approx(0.25)
