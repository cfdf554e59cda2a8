"""The summary of one column, of every type and at every edge."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.profiling.tables import columns, of, summary
from workbench.datasets.profile import Lengths, Numbers
from workbench.datasets.profiling import cdf, decode, encode, merging, profile, quantile
from workbench.datasets.profiling import texts as texts_
from workbench.datasets.profiling.gathering import Gathered
from workbench.datasets.reading import open_table
from workbench.datasets.table import Column as Described

moment = dt.datetime.fromisoformat
NAN, INF = float("nan"), float("inf")


def test_an_empty_table_has_an_empty_profile() -> None:
    """No columns, or columns without rows, are a profile like any other."""
    assert summary(pl.DataFrame()).columns == ()
    found = columns(summary(pl.DataFrame(schema={"a": pl.Int64, "b": pl.String, "c": pl.Date})))
    assert [column.role_reason for column in found.values()] == ["no rows"] * 3
    assert (found["a"].numbers, found["a"].distinct) == (Numbers(), 0)
    assert (found["b"].lengths, found["c"].moments) == (None, None)


def test_one_row_has_ends_and_no_spread() -> None:
    """A single value has no deviation and no skewness."""
    numbers = of([2.5]).numbers
    assert (numbers.min, numbers.max, numbers.mean, numbers.median) == (2.5, 2.5, 2.5, 2.5)
    assert (numbers.std, numbers.skew, numbers.scale) == (None, None, 0.0)
    assert quantile(of([2.5]), 0.3) == 2.5
    assert of([dt.date(2026, 1, 5)]).moments.gap_s is None


def test_a_column_of_nulls_says_only_that() -> None:
    """Whatever its type, nothing is computed of nothing."""
    for dtype in (pl.Float64, pl.Int8, pl.String, pl.Datetime, pl.Boolean, pl.Null, pl.Date):
        column = of([None, None], dtype)
        assert (column.nulls, column.n, column.role) == (2, 0, "empty")
        assert column.role_reason == "every value is missing"
        assert not column.fault


def test_a_constant_has_no_spread_however_it_rounds() -> None:
    """The mean of equal values is the value, and the deviation exactly zero."""
    for value in (0.1, 1e300, -7.3, 123_456_789.123):
        numbers = of([value] * 1_001).numbers
        assert (numbers.mean, numbers.std, numbers.skew, numbers.scale) == (value, 0.0, None, 0.0)
        assert of([value] * 3).role == "constant"


def test_nan_and_infinities_are_counted_and_set_aside() -> None:
    """Neither is a number, neither is dropped silently."""
    column = of([1.0, NAN, None, INF, -INF, INF, 3.0])
    assert (column.n, column.nulls, column.nans) == (2, 1, 1)
    assert (column.plus_infinities, column.minus_infinities) == (2, 1)
    assert (column.numbers.min, column.numbers.max, column.numbers.mean) == (1.0, 3.0, 2.0)
    assert column.distinct == 4
    only = of([INF, NAN])
    assert (only.n, only.numbers.mean, only.role) == (0, None, "number")


def test_the_largest_floats_there_are_do_no_harm() -> None:
    """Powers are taken in a unit of their own; what is too large to be said is not said."""
    column = of([1e300, -1e300, 1e300, 5.0])
    assert column.numbers.mean == pytest.approx(2.5e299)
    assert column.numbers.std == pytest.approx(np.std(np.array([1, -1, 1, 0]), ddof=1) * 1e300)
    assert column.numbers.skew == pytest.approx(-0.4933822, rel=1e-6)
    numbers = of([1.7e308, -1.7e308] * 50).numbers
    assert numbers.mean == pytest.approx(0.0, abs=1e293)
    assert numbers.std == pytest.approx(1.7e308, rel=0.01)
    assert of([1.79e308, -1.79e308]).numbers.std is None
    assert np.isfinite(cdf(of([1e308, -1e308]), np.array([0.0, 1e308, -1.7e308]))).all()


def test_the_smallest_floats_keep_their_spread() -> None:
    """Squares of 1e-200 would be nothing."""
    assert of([1e-200, 3e-200]).numbers.std == pytest.approx(2**0.5 * 1e-200)
    assert of([0.0, -0.0]).distinct == 1


def test_one_far_outlier_leaves_the_robust_scale_alone() -> None:
    """The deviation explodes; the scale drift is measured in does not."""
    values = np.random.default_rng(3).normal(size=10_000)
    clean, spoilt = of(values), of(np.append(values, 1e12))
    assert spoilt.numbers.std > 1e9
    assert spoilt.numbers.scale == pytest.approx(clean.numbers.scale, rel=0.01)
    far = of(np.append(values * 1e-3 + 5, [1e200, -1e200]))
    assert far.numbers.scale == pytest.approx(clean.numbers.scale * 1e-3, rel=0.01)


def test_whole_numbers_keep_every_digit_of_their_order() -> None:
    """Beyond 2^53 values are told apart, though their floats are not."""
    column = of([2**62, 2**62 + 1, 2**62 + 2, -(2**63)])
    assert column.distinct == 4
    assert column.top[0] == (str(-(2**63)), 1)
    grid = column.numbers.quantiles
    assert (grid.at, grid.upto) == ((-(2.0**63), 2.0**62), (0.25, 1.0))
    assert of([2**64 - 1, 0], pl.UInt64).numbers.max == pytest.approx(2.0**64)
    assert of([2**100, 1], pl.Int128).distinct == 2


def test_decimals_and_wide_whole_numbers_are_counted_with_all_their_digits() -> None:
    """Also of several blocks, of several parts, and in the words of the frequent ones."""
    large = 12345678901234567890123456789012345678
    values = [str(value) for value in (large, large + 1, large + 1, 1)]
    decimals, wide = (pl.Series(values).cast(kind) for kind in (pl.Decimal(38, 0), pl.Int128))
    expected = ((str(large + 1), 2), ("1.0", 1), (str(large), 1))
    assert (of(decimals).distinct, of(decimals).top) == (3, expected)
    assert (of(wide).distinct, of(wide).top) == (3, (expected[0], ("1", 1), expected[2]))
    merged = merging.merged([of(decimals[:1]), of(decimals[1:2])])
    assert (merged.distinct, merged.top) == (2, ((str(large), 1), (str(large + 1), 1)))
    gathered = Gathered(Described("x", "decimal", str(decimals.dtype)), 1, sensitive=False)
    for value in values:
        gathered.add(pl.Series([value]).cast(decimals.dtype))
    assert gathered.finish().distinct == 3


def test_whole_numbers_that_are_one_float_are_not_merged_into_one() -> None:
    """Their points lie at one place, their texts do not."""
    merged = merging.merged([of([2**53]), of([2**53 + 1])])
    assert (merged.distinct, merged.top) == (2, ((str(2**53), 1), (str(2**53 + 1), 1)))


@pytest.mark.parametrize(
    ("dtype", "values", "largest", "text"),
    [
        (pl.Decimal(10, 2), [Decimal("1.10"), Decimal("-2.00")], 1.1, "-2.0"),
        (pl.Duration("ms"), [dt.timedelta(seconds=90), dt.timedelta(0)], 90.0, "0.0"),
        (pl.Float32, [0.1, 0.0], 0.1, "0.0"),
        (pl.Boolean, [True, False], 1.0, "false"),
        (pl.Int8, [-128, 127], 127.0, "-128"),
    ],
)
def test_every_kind_of_number_is_one(
    dtype: pl.DataType, values: list[object], largest: float, text: str
) -> None:
    """Decimals, durations in seconds, short floats, flags as 0 and 1."""
    column = of(values, dtype)
    assert column.numbers.max == pytest.approx(largest)
    assert (column.top[0], column.distinct, column.n) == ((text, 1), 2, 2)


def test_moments_have_range_gap_and_calendar() -> None:
    """Times in a zone are told in UTC; the longest gap is named with its beginning."""
    start = moment("2026-03-29T00:30")
    values = [start, start + dt.timedelta(hours=1), start + dt.timedelta(days=10)]
    zoned = pl.Series(values).dt.replace_time_zone("Europe/Berlin")
    found = of(zoned).moments
    assert (found.first, found.last) == ("2026-03-28T23:30:00Z", "2026-04-07T22:30:00Z")
    assert found.gap_from == "2026-03-29T00:30:00Z"
    assert found.gap_s == (values[2] - values[1]).total_seconds() - 3_600
    assert (found.hours[23], found.hours[0], sum(found.hours)) == (1, 1, 3)
    assert found.weekdays == (0, 1, 0, 0, 0, 1, 1)
    assert found.months[2:4] == (2, 1)


def test_moments_beyond_any_calendar_are_told() -> None:
    """Years no library of dates knows are still years."""
    far = of([10**17, -(10**15), 0], pl.Int64)
    column = of(pl.Series([10**17, -(10**15), 0]).cast(pl.Datetime("ms")))
    assert (column.fault, far.n) == ("", 3)
    assert column.moments.last.startswith("3170843-")
    assert of(pl.Series([-(2**31), 2**31 - 1]).cast(pl.Int32).cast(pl.Date)).moments.gap_s > 1e14


def test_calendars_and_gaps_of_many_rows_are_those_of_polars() -> None:
    """What is gone through in pieces adds up, across the ends of the pieces."""
    generator = np.random.default_rng(5)
    values = pl.Series(generator.integers(-(10**15), 10**15, 200_000)).cast(pl.Datetime("us"))
    found, ordered = of(values).moments, values.sort()
    for tally, read in (
        (found.hours, values.dt.hour()), (found.weekdays, values.dt.weekday() - 1),
        (found.months, values.dt.month() - 1),
    ):  # fmt: skip
        assert list(tally) == np.bincount(read.to_numpy(), minlength=len(tally)).tolist()
    gaps = ordered.diff().dt.total_microseconds().to_numpy()[1:]
    assert found.gap_s == pytest.approx(gaps.max() / 1e6)


def test_nested_values_are_measured_and_not_looked_into() -> None:
    """Lists have lengths, structs and objects only a count."""
    table = pl.DataFrame({
        "list": [[1, 2], None, []], "struct": [{"a": 1}, {"a": None}, None],
        "bytes": [b"ab", b"ab", None],
    }).with_columns(pl.Series("array", [[1, 2]] * 3, dtype=pl.Array(pl.Int8, 2)))  # fmt: skip
    table = table.with_columns(pl.Series("object", [1, "a", None], dtype=pl.Object))
    found = columns(summary(table))
    assert {column.role for column in found.values()} == {"nested"}
    assert not [column.fault for column in found.values() if column.fault]
    assert found["list"].lengths == Lengths(0, 2, 1.0, 1)
    assert found["array"].lengths == Lengths(2, 2, 2.0, 0)
    assert (found["bytes"].lengths.max, found["bytes"].distinct) == (2, 1)
    assert [found[name].n for name in ("list", "struct", "bytes", "object")] == [2, 2, 2, 2]


def test_texts_give_away_what_they_are() -> None:
    """Numbers, blanks around, empty ones and wrong encodings are counted by rows."""
    column = of(["1", " 2,5 ", "x", "", "caf\ufffd", "1e5", "x", None])
    assert (column.numeric_texts, column.padded_texts, column.broken_texts) == (3, 1, 1)
    assert column.lengths == Lengths(0, 5, 15 / 7, 1)
    assert column.top[0] == ("x", 2)


def test_lengths_are_of_characters_and_long_values_are_cut() -> None:
    """What is kept of a novel is its beginning, and a mark that tells it from another."""
    column = of(["ü" * 500 + "a", "ü" * 500 + "b"])
    assert column.lengths.max == 501
    values = [value for value, _ in column.top]
    assert len(set(values)) == 2
    assert all(value.startswith("ü" * 100 + "… #") and len(value) < 120 for value in values)


@pytest.mark.parametrize("different", [3, 1_000, 90_000, 150_000])
def test_many_texts_are_counted_as_few_are(different: int) -> None:
    """Counting by hashes gives what counting the texts themselves gives."""
    places = np.random.default_rng(1).random(200_000) ** 3 * different
    texts = pl.Series("x", [f"value {int(place)}" for place in places])
    counted = texts.value_counts().sort(["count", "x"], descending=[True, False])
    column = of(texts)
    assert column.distinct == counted.height
    expected = counted if different < 200 else counted.filter(pl.col("count") > 1)
    assert list(column.top) == list(expected.head(200).iter_rows())
    assert column.lengths.mean == pytest.approx(texts.str.len_chars().mean())


def test_a_text_that_is_rare_is_found_where_it_stands() -> None:
    """What the first rows do not hold is looked up in the others."""
    texts = pl.Series([f"id {k}" for k in range(120_000)] + ["late"] * 3)
    assert of(texts).top == (("late", 3),)


def test_ties_beyond_number_are_kept_in_part() -> None:
    """Of 150,000 texts that are all there twice some are kept, and all are counted."""
    texts = pl.Series([f"id {k % 150_000}" for k in range(300_000)])
    found = texts_.counted(texts, 200)
    assert (found.distinct, found.values.height) == (150_000, 200)
    assert of(texts).top[0][1] == 2


def test_categories_are_texts_that_were_counted_before() -> None:
    """Categoricals and enumerations give the same as their texts."""
    plain = of(["b", "a", "b", None])
    for dtype in (pl.Categorical, pl.Enum(["b", "a"])):
        column = of(["b", "a", "b", None], dtype)
        assert (column.top, column.lengths, column.distinct) == (plain.top, plain.lengths, 2)
        assert (column.role, plain.role) == ("category", "category")


def test_values_that_hardly_repeat_are_not_kept_as_frequent() -> None:
    """Of measured numbers only those that repeat, at most 20; of many texts none seen once."""
    assert of(np.arange(1_000) / 7).top == ()
    assert of([f"text {k}" for k in range(300)]).top == ()
    heavy = of(np.append(np.repeat(0.0, 500), np.arange(1_000) / 7))
    assert (heavy.top, heavy.other) == ((("0.0", 501),), 999)


@given(st.lists(st.none() | st.text(max_size=3) | st.integers() | st.floats() | st.booleans()))
def test_values_of_mixed_types_are_somebodys_texts(values: list[object]) -> None:
    """What polars makes of a mixture is summarised, never a crash."""
    column = of(pl.Series("x", values, strict=False))
    assert (column.rows, column.fault) == (len(values), "")
    assert column.n + column.nulls + column.nans + column.plus_infinities + (
        column.minus_infinities
    ) == len(values)


def test_five_thousand_columns_are_summarised_and_stored() -> None:
    """Each gets its own summary; the pairs stop at sixty columns and say so."""
    values = np.random.default_rng(0).normal(size=(40, 5_000))
    found = summary(pl.DataFrame(values, schema=[f"c{k}" for k in range(5_000)]))
    assert len(found.columns) == 5_000
    assert found.pairs_left_out == "the first 60 of 5,000 columns were correlated"
    assert decode(encode(found)) == found


def test_duplicate_names_and_other_encodings_are_read_and_profiled(tmp_path: Path) -> None:
    """What a reader makes unique and decodes has a profile like anything else."""
    file = tmp_path / "odd.csv"
    file.write_bytes("a,a,ö\n1,x,caf\xe9\n2,y,th\xe9\n".encode("latin-1"))
    found = profile(open_table(file))
    assert len({column.name for column in found.columns}) == 3
    assert [column.n for column in found.columns] == [2, 2, 2]
    assert not [column.fault for column in found.columns if column.fault]


def test_rising_is_told_of_finite_values_in_order() -> None:
    """Equal neighbours rise; a NaN or an infinity is in no order."""
    assert of([1, 1, 2]).rising
    assert of([dt.date(2026, 1, 1), dt.date(2026, 1, 2)]).rising
    assert not of([1, 2, 1]).rising
    assert not of([1.0, NAN, 2.0]).rising
    assert not of([-INF, 1.0]).rising
    assert not of([*range(2_000), 0]).rising


def test_texts_that_read_as_moments_are_counted() -> None:
    """ISO 8601 with T or a blank, fractions, zones; no day that no calendar has, no other text."""
    values = [
        "2024-01-31", " 2024-01-31T23:59 ", "2024-01-31 23:59:60.5Z", "2024-01-31T00:00:00+0530",
        "2024-01-31t00:00:00.123456-05", "2024-13-01", "2024-01-32", "2024-01-31T24:00",
        "31.01.2024", "2024-01", "20240131", "12:30", "", None,
    ]  # fmt: skip
    assert of(values).moment_texts == 5
    assert of(["2024-01-31"] * 3 + ["soon"]).moment_texts == 3
    assert of([1.5, 2.5]).moment_texts == 0


def test_of_very_many_texts_moments_are_counted_too() -> None:
    """More different ones than are looked at, and fewer rows of another kind among them."""
    begin = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    seconds = pl.datetime_range(begin, begin + dt.timedelta(hours=28), "1s", eager=True)
    texts = seconds.dt.strftime("%Y-%m-%d %H:%M:%S").alias("x")
    assert len(texts) > 100_000
    assert of(texts).moment_texts == len(texts)
    assert of(pl.concat([texts, pl.Series("x", ["later"])])).moment_texts == len(texts)
    assert of(pl.concat([pl.Series("x", ["first"]), texts])).moment_texts == 0
