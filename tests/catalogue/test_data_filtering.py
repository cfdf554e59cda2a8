"""Filters over rows give the rows they mean, in every kind of column, exactly."""

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.data_building import every_kind, numbers, opened
from workbench.datasets.filter_expressions import matching
from workbench.datasets.reading import frame_columns
from workbench.errors import FilterError

THERE = [0, 1, 2, 3, 4, 6, 7]
"""All rows but the one of nulls."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Open the eight rows once for all questions."""
    found = opened(tmp_path_factory.mktemp("kinds"), every_kind())
    yield found
    found.close()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # Whole numbers are exact beyond what a float holds.
        ("whole = 9007199254740993", [4]),
        ("whole = 9007199254740992", [3]),
        ("whole > 9007199254740992", [4, 6]),
        ("whole = 9223372036854775807", [6]),
        ("whole < -9223372036854775807", [7]),
        ("whole > 9007199254740992.5", [4, 6]),
        ("whole <= -0.5", [2, 7]),
        ("whole < 1e400", THERE),
        ("whole > 99999999999999999999999999999999999999999", []),
        ("whole < 99999999999999999999999999999999999999999", THERE),
        ("whole = 1.5", []),
        ("whole != 1.5", THERE),
        ("whole > 0.5 AND whole < 1.5", [1]),
        ("whole = nan", []),
        ("whole != nan", THERE),
        ("whole != 0", [1, 2, 3, 4, 6, 7]),
        ("NOT whole = 0", [1, 2, 3, 4, 5, 6, 7]),
        ("whole IN (0, 1, 9007199254740993)", [0, 1, 4]),
        ("whole NOT IN (0, 1)", [2, 3, 4, 6, 7]),
        ("whole IS NULL", [5]),
        ("whole IS NOT NULL", THERE),
        ("small > 300", []),
        ("small < -1", []),
        # NaN equals NaN alone and has no order.
        ("real = nan", [3]),
        ("real != nan", [0, 1, 2, 4, 6, 7]),
        ("real > 1", [2, 4, 7]),
        ("real < nan", []),
        ("real = inf", [4]),
        ("real > -inf", [0, 1, 2, 4, 7]),
        ("real = 0", [0, 1]),
        ("NOT real > 1", [0, 1, 3, 5, 6]),
        ("real IN (nan, 1.5)", [2, 3]),
        # A single float is asked for in its own precision.
        ("single = 0.1", [0]),
        ("single > 0.1", [1, 2, 4, 7]),
        ("single <= 0.2", [0, 1, 6]),
        ("single < 1e300", [0, 1, 2, 6, 7]),
        # Decimals are decimals.
        ("exact = 0.1", [0]),
        ("exact > 1.125", [4, 7]),
        ("exact < 1e-30", [6]),
        ("exact > -1e30", THERE),
        ("exact IN (0.3, 9.99)", [2, 7]),
        # Text as it is written, empty text is no null.
        ("text = Berlin", [0]),
        ("text = ''", [2]),
        ("text IS NULL", [5]),
        ("text = null OR text = 'null'", None),
        ("text = 'null'", [3]),
        ("text != ''", [0, 1, 3, 4, 6, 7]),
        ("text > 'a'", [1, 3, 4, 6, 7]),
        ("text LIKE 'a%'", [4]),
        ("text LIKE 'B_rlin'", [0]),
        ("text ILIKE 'b%'", [0, 1]),
        ("text NOT LIKE 'b%'", [0, 2, 3, 4, 6, 7]),
        ("text ~ '^[Bb]er'", [0, 1]),
        ("text !~ '^[Bb]er'", [2, 3, 4, 6, 7]),
        ("text = 'x''y\"z`'", [7]),
        ("BERLIN", [0, 1]),
        ("ünder", [6]),
        ("kind = a AND NOT berlin", [2, 4, 6]),
        ("kind IN (b)", [1, 3, 7]),
        ("text = `kind`", []),
        ("text != `kind`", THERE),
        # Truths.
        ("ok = true", [0, 2, 4, 6]),
        ("ok != true", [1, 3, 7]),
        ("NOT ok = true", [1, 3, 5, 7]),
        ("ok IN (false)", [1, 3, 7]),
        # Moments: a date is a whole day, each column is on its own clock.
        ("day = 2024-03-02", [1]),
        ("day > 2024-03-02", [2, 3, 4, 6]),
        ("day = 9999-12-31", [6]),
        ("day < 1000-01-01", [7]),
        ("day IN (2024-03-01, 2024-03-05)", [0, 4]),
        ("day NOT IN (2024-03-01, 2024-03-05)", [1, 2, 3, 6, 7]),
        ("at = 2024-03-01", [0, 1, 2, 3]),
        ("at != 2024-03-01", [4, 6, 7]),
        ("at >= 2024-03-01T06:00 AND at < 2024-03-01T18:00", [1, 2]),
        ("fine = 2024-03-01", [0, 1, 2, 3]),
        ("fine = 2024-03-01T06:00", [1]),
        ("fine < 9999-01-01", THERE),
        ("zoned = 2024-03-01", [0, 1, 2, 3]),
        ("zoned = 2024-03-01T07:00", [1]),
        ("zoned = 2024-03-01T06:00Z", [1]),
        ("at > -1h", THERE),
        ("at < -1h", []),
        ("zoned >= `at`", THERE),
        # Times of day, lengths of time.
        ("clock > 03:00", [3, 4, 6]),
        ("clock = 00:00", [7]),
        ("took = 30m", [1]),
        ("took > 1h", [3, 4, 7]),
        ("took < 0", [6]),
        ("took > 1799.9999999", [1, 2, 3, 4, 7]),
        # Nested values, bytes and columns of nothing are asked for null.
        ("list IS NULL", [2, 5]),
        ("record IS NULL", [5, 6, 7]),
        ("bytes IS NOT NULL", THERE),
        ("never IS NULL", [0, 1, 2, 3, 4, 5, 6, 7]),
        # Two sides.
        ("exact + exact = 0.2", [0]),
        ("exact * 3 = 0.3", [0]),
        ("whole + 1 > 9223372036854775807", [6]),
        ("small / whole = 1", [1]),
        ("small / (whole - whole) = 1", []),
        ("whole > small", [3, 4, 6]),
        ("abs(exact) = 0.1", [0, 6]),
        ("real = single", [3, 4]),
        ("NOT real > single", [0, 1, 2, 3, 4, 5, 6]),
        ("took > small * 1800", [7]),
    ],
)  # fmt: skip
def test_a_filter_finds_its_rows(files, text, rows):
    """Missing values never match, negated or not; everything else is exact."""
    if rows is None:
        with pytest.raises(FilterError):
            numbers(files, text)
        return
    assert numbers(files, text) == rows


LETTERS = ("İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "ΣΑΣ", "σας", "σασ", "ſ", "straße", "K")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("name ILIKE 'istanbul'", [0, 1, 2]),
        ("name ILIKE 'İS%'", [0, 1, 2]),
        ("İstanbul", [0, 1, 2]),
        ("ıst", [3]),
        ("name ILIKE 'Σας'", [5]),
        ("name NOT ILIKE '%σ'", [0, 1, 2, 3, 5, 7, 8, 9]),
        ("name ILIKE 's'", []),
        ("name ILIKE 'STRASSE'", []),
        ("name ILIKE 'k'", [9]),
    ],
)
def test_letters_are_folded_one_by_one(tmp_path, text, rows):
    """On the screen as in rules, whatever a letter becomes beside others."""
    frame = pl.DataFrame({"name": LETTERS})
    files = opened(tmp_path, frame)
    assert numbers(files, text) == rows
    files.close()
    where = matching(text, frame_columns(frame), frame.schema, 0.0)
    assert frame.select(where.alias("truth"))["truth"].arg_true().to_list() == rows


def test_a_regular_expression_duckdb_does_not_know_is_an_error_with_a_place(files):
    """What Python takes and DuckDB does not is said before any row is read."""
    with pytest.raises(FilterError) as caught:
        numbers(files, r"ok = true AND text ~ '\Z'")
    assert caught.value.column == 14


VALUES = st.one_of(
    st.none(), st.floats(allow_nan=True), st.sampled_from([0.0, -0.0, 1.5, math.inf])
)
OPS = {
    "=": lambda a, b: a == b or (math.isnan(a) and math.isnan(b)),
    "!=": lambda a, b: not (a == b or (math.isnan(a) and math.isnan(b))),
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
}


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(VALUES, min_size=1, max_size=12),
    op=st.sampled_from(sorted(OPS)),
    wanted=st.floats(),
    negated=st.booleans(),
)
def test_numbers_compare_as_python_compares_them(tmp_path_factory, values, op, wanted, negated):
    """For any floats: a null never matches, NaN equals NaN and has no order."""
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Float64)})
    found = opened(tmp_path_factory.mktemp("x"), frame)
    matches = [value is not None and OPS[op](value, wanted) for value in values]
    expected = [place for place, match in enumerate(matches) if match != negated]
    written = "NaN" if math.isnan(wanted) else repr(wanted)
    try:
        assert numbers(found, f"{'NOT ' if negated else ''}x {op} {written}") == expected
    finally:
        found.close()
