"""Rows of two tables beside each other: exact counts, whatever the keys, in bounded memory."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.datasets import spilling
from workbench.datasets.diffing import Cell, LoneRow, RowDiff, row_diff
from workbench.datasets.reading import of_frame
from workbench.errors import StoppedError, UsageError, WorkbenchError

NAN, INF = float("nan"), float("inf")


def compared(a: Any, b: Any, key: tuple[str, ...] = ("k",), **options: Any) -> RowDiff:
    """Return what differs between two tables, given as columns."""
    frames = [one if isinstance(one, pl.DataFrame) else pl.DataFrame(one) for one in (a, b)]
    return row_diff(of_frame(frames[0]), of_frame(frames[1]), key, **options)


def test_rows_are_added_removed_changed_and_unchanged_by_key() -> None:
    """Order plays no part; a change is told cell by cell, from old to new."""
    found = compared(
        {"k": [1, 2, 3], "x": [1.5, 2.5, 3.5], "c": ["a", "b", "c"]},
        {"c": ["z", "b", "d"], "k": [3, 2, 4], "x": [3.5, 2.5, None]},
    )
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 1)
    (row,) = found.changed_rows
    assert (row.key, row.row_a, row.row_b, row.cells) == (("3",), 3, 1, (Cell("c", "c", "z"),))
    assert found.added_rows == (LoneRow(3, ("4",), (("k", "4"), ("x", "null"), ("c", "d"))),)
    assert found.removed_rows[0].key == ("1",)
    assert [one.column for one in found.columns] == ["c"]


def test_equal_is_equal_and_nothing_is_rounded() -> None:
    """NaN is NaN, null is null, -0.0 is 0.0, and 0.1 + 0.2 is not 0.3, which is told as noise."""
    old = {"k": [1, 2, 3, 4, 5], "x": [NAN, None, -0.0, 0.1 + 0.2, NAN]}
    new = {"k": [1, 2, 3, 4, 5], "x": [NAN, None, 0.0, 0.3, None]}
    found = compared(old, new)
    assert (found.changed, found.unchanged) == (2, 3)
    (column,) = found.columns
    assert (column.changed, column.noise, column.emptied, column.filled) == (2, 1, 1, 0)
    assert found.changed_rows[0].cells == (Cell("x", "0.30000000000000004", "0.3"),)
    near = compared(old, new, tolerance=1e-9)
    assert near.changed == 1
    assert "count as equal" in near.said[-1]


def test_keys_may_be_fractions_with_nan_and_minus_zero() -> None:
    """NaN names a row like any other value."""
    found = compared({"k": [NAN, -0.0], "x": [1, 2]}, {"k": [0.0, NAN], "x": [2, 1]})
    assert (found.unchanged, found.changed, found.added, found.removed) == (2, 0, 0, 0)


def test_rows_without_a_key_are_counted_and_not_matched() -> None:
    """A missing key names no row, in either table."""
    found = compared({"k": [1, None, None], "x": [1, 2, 3]}, {"k": [None, 1], "x": [2, 1]})
    assert found.null_keys == (2, 1)
    assert (found.added, found.removed, found.unchanged) == (0, 0, 1)
    assert "2 rows of the old table have no key and are not compared." in found.said
    assert not found.same


def test_a_key_that_names_several_rows_is_set_aside() -> None:
    """Which row belongs to which cannot be told, so it is not."""
    found = compared({"k": [1, 1, 2], "x": [1, 2, 3]}, {"k": [1, 2, 3, 3], "x": [1, 3, 4, 5]})
    assert (found.duplicate_keys, found.duplicate_rows) == (2, (2, 3))
    assert (found.added, found.removed, found.changed, found.unchanged) == (0, 0, 0, 1)
    assert [(one.key, one.rows_a, one.rows_b) for one in found.duplicates] == [
        (("1",), 2, 1),
        (("3",), 0, 2),
    ]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (pl.Series([1], dtype=pl.Int8), pl.Series([1], dtype=pl.UInt64), True),
        (pl.Series([1]), pl.Series([1.0]), True),
        (pl.Series([2**53 + 1]), pl.Series([float(2**53)]), False),
        (pl.Series([0.1], dtype=pl.Float32), pl.Series([0.1], dtype=pl.Float64), True),
        (pl.Series([Decimal("1.10")]), pl.Series([Decimal("1.1")]), True),
        (pl.Series([Decimal("1.5")]), pl.Series([1.5]), True),
        (pl.Series(["a"], dtype=pl.Categorical), pl.Series(["a"]), True),
        (pl.Series([dt.date(2026, 1, 1)]), pl.Series(["2026-01-01"]), None),
        (pl.Series(["1"]), pl.Series([1]), None),
        (pl.Series([None], dtype=pl.Null), pl.Series([None], dtype=pl.Int64), True),
        (pl.Series([None], dtype=pl.Null), pl.Series([1]), False),
        (pl.Series([[1, None]]), pl.Series([[1, None]]), True),
        (pl.Series([{"a": 1}]), pl.Series([{"a": 2}]), False),
        (pl.Series([b"a"]), pl.Series([b"a"]), True),
    ],
)
def test_types_that_differ_are_compared_where_they_can_be(
    old: pl.Series, new: pl.Series, same: bool | None
) -> None:
    """On their common ground, exactly; where there is none it is said and nothing counted."""
    a = pl.DataFrame({"k": [1]}).with_columns(old.alias("x"))
    b = pl.DataFrame({"k": [1]}).with_columns(new.alias("x"))
    found = compared(a, b)
    if same is None:
        assert [name for name, _ in found.not_compared] == ["x"]
        assert (found.compared, found.same) == ((), False)
        return
    assert (found.changed, found.unchanged) == (0 if same else 1, 1 if same else 0)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_moments_are_compared_whatever_their_unit_and_zone(unit: str) -> None:
    """One moment in two zones is one; a clock without a zone is not compared with one that has."""
    moment = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    old = pl.DataFrame({"k": [1], "t": [moment]})
    paris = pl.col("t").dt.convert_time_zone("Europe/Paris").dt.cast_time_unit(unit)
    assert compared(old, old.with_columns(paris)).same
    naive = old.with_columns(pl.col("t").dt.replace_time_zone(None))
    assert [name for name, _ in compared(old, naive).not_compared] == ["t"]


@pytest.mark.parametrize("float_first", [True, False])
def test_whole_keys_beside_fractions_stay_apart(float_first: bool) -> None:
    """Neighbours that are one float name their own rows; so do rows compared as a whole."""
    whole = {"k": [2**53, 2**53 + 1, 2**53 + 2, 0, None]}
    fractions = {"k": [2.0**53, 2.0**53 + 2, -0.0, 0.5, 1e300, float("nan"), None]}
    sides = (fractions, whole) if float_first else (whole, fractions)
    found = compared(*sides)
    assert (found.duplicate_keys, found.unchanged) == (0, 3)
    assert (found.removed, found.added) == ((3, 1) if float_first else (1, 3))
    assert found.null_keys == (1, 1)
    lone = found.added_rows if float_first else found.removed_rows
    assert [row.key for row in lone] == [("9007199254740993",)]
    assert compared(*sides, ()).unchanged == 4


def test_keys_of_two_types_match_as_they_are_written() -> None:
    """A number beside its text is one key, and that is said; 01 is another."""
    found = compared({"k": [1, 2], "x": [1, 2]}, {"k": ["1", "02"], "x": [1, 2]})
    assert (found.unchanged, found.added, found.removed) == (1, 1, 1)
    assert found.said == ("k is Int64 in the old and String in the new table, compared as text.",)


@pytest.mark.parametrize(
    ("key", "why"),
    [(("z",), "not in both"), (("l",), "nested"), (("f",), "cannot be compared")],
)
def test_what_cannot_be_a_key_is_refused(key: tuple[str, ...], why: str) -> None:
    """Nothing is compared by a column that cannot name rows."""
    table = {"k": [1], "l": [[1]], "f": [1.5]}
    with pytest.raises(UsageError, match=why):
        compared(table, {**table, "f": ["1.5"]}, key)


def test_without_a_key_rows_are_compared_as_a_whole() -> None:
    """A row that occurs more often than before is added by as many."""
    found = compared(
        {"x": [1, 1, 2, 3], "y": ["a", "a", "b", None]},
        {"x": [1, 2, 2, 3], "y": ["a", "b", "b", None]},
        (),
    )
    assert (found.added, found.removed, found.unchanged) == (1, 1, 3)
    assert found.added_rows == (LoneRow(2, (), (("x", "2"), ("y", "b")), 1),)
    assert found.removed_rows == (LoneRow(1, (), (("x", "1"), ("y", "a")), 1),)


def test_a_renamed_column_is_compared_where_somebody_says_so() -> None:
    """Under its old name; the new one is that of added rows."""
    found = compared(
        {"k": [1, 2], "age": [1, 2]}, {"k": [1, 3], "years": [5, 6]}, renamed={"age": "years"}
    )
    assert found.changed_rows[0].cells == (Cell("age", "1", "5"),)
    assert found.added_rows[0].values == (("k", "3"), ("years", "6"))


def test_no_value_of_a_sensitive_column_leaves() -> None:
    """Keys and cells are hidden; that they differ is told."""
    found = compared(
        {"k": [777, 778, 779, 779], "x": [1, 2, 3, 3], "w": [777, 2, 3, 3]},
        {"k": [777, 770, 779, 779], "x": [1, 2, 3, 3], "w": [771, 2, 3, 3]},
        sensitive=["k", "w"],
    )
    assert (found.changed, found.added, found.removed, found.duplicate_keys) == (1, 1, 1, 1)
    assert "77" not in repr(found).replace("rows_a", "").replace("rows_b", "")


@pytest.mark.parametrize("key", [(), ("k",)])
@pytest.mark.parametrize("sensitive", ["age", "years"])
def test_a_renamed_column_stays_sensitive(key: tuple[str, ...], sensitive: str) -> None:
    """Whichever of its names was said to be."""
    found = compared(
        {"k": [1, 2], "age": [771, 2]},
        {"k": [1, 3], "years": [775, 776]},
        renamed={"age": "years"},
        sensitive=[sensitive],
        key=key,
    )
    assert found.added
    assert "77" not in repr(found)


def test_only_the_first_rows_are_kept_and_all_are_counted() -> None:
    """In the order of the table they are in."""
    rows = range(100)
    found = compared({"k": rows, "x": rows}, {"k": rows, "x": [*range(1, 101)]}, limit=3)
    assert found.changed == 100
    assert [row.row_a for row in found.changed_rows] == [1, 2, 3]


def test_whoever_gives_up_learns_nothing_wrong() -> None:
    """Half a comparison is none."""
    with pytest.raises(StoppedError):
        compared({"k": [1]}, {"k": [2]}, stopped=lambda: True)


# -- any tables --------------------------------------------------------------------------

KEYS = st.one_of(st.none(), st.integers(0, 6))
VALUES = st.sampled_from([None, NAN, 0.0, -0.0, 1.0, INF])
ROWS = st.lists(st.tuples(KEYS, VALUES, st.sampled_from([None, "a", "b"])), max_size=14)
SCHEMA = {"k": pl.Int64, "x": pl.Float64, "c": pl.String}


def _alike(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row so that equal values are equal to Python too."""
    return tuple("NaN" if value != value else value for value in row)  # noqa: PLR0124


def _table(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@given(ROWS, ROWS, st.booleans())
def test_any_two_tables_are_told_apart_as_python_would(
    tmp_path_factory: pytest.TempPathFactory,
    old: list[tuple[Any, ...]],
    new: list[tuple[Any, ...]],
    spilled: bool,
) -> None:
    """Row by row with dictionaries; in memory and through files alike."""
    with pytest.MonkeyPatch.context() as patch:
        if spilled:
            patch.setattr("workbench.datasets.diffing.rows._BUCKET_BYTES", 1)
            patch.setattr(
                spilling.Buckets.__init__, "__kwdefaults__", {"scratch": None, "memory": 0}
            )
        scratch = tmp_path_factory.mktemp("rows") if spilled else None
        found = compared(_table(old), _table(new), scratch=scratch)
        whole = compared(_table(old), _table(new), (), scratch=scratch)
    sides = [Counter(row[0] for row in rows if row[0] is not None) for rows in (old, new)]
    several = {key for side in sides for key, times in side.items() if times > 1}
    by_key = [
        {row[0]: _alike(row) for row in rows if row[0] is not None and row[0] not in several}
        for rows in (old, new)
    ]
    both = by_key[0].keys() & by_key[1].keys()
    changed = {key for key in both if by_key[0][key] != by_key[1][key]}
    assert found.changed == len(changed)
    assert {row.key[0] for row in found.changed_rows} == {str(key) for key in changed}
    assert found.unchanged == len(both) - len(changed)
    assert found.removed == len(by_key[0]) - len(both)
    assert found.added == len(by_key[1]) - len(both)
    assert found.duplicate_keys == len(several)
    assert found.duplicate_rows == tuple(sum(side[key] for key in several) for side in sides)
    assert found.null_keys == tuple(sum(row[0] is None for row in rows) for rows in (old, new))
    counts = [Counter(map(_alike, rows)) for rows in (old, new)]
    assert whole.unchanged == (counts[0] & counts[1]).total()
    assert whole.removed == (counts[0] - counts[1]).total()
    assert whole.added == (counts[1] - counts[0]).total()


def test_a_folder_without_room_is_an_error_in_words(tmp_path: Path) -> None:
    """Not half a comparison."""
    buckets = spilling.Buckets(["k"], count=4, scratch=tmp_path / "gone", memory=1)
    with pytest.raises(WorkbenchError, match="could not be kept in a temporary folder"):
        buckets.add(pl.DataFrame({"k": range(100)}))


def test_rows_stay_in_memory_where_no_folder_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's own folder for such things is in memory on many machines."""
    monkeypatch.setattr("tempfile.tempdir", "/there/is/none")
    with spilling.Buckets(["k"], count=4, memory=1) as buckets:
        buckets.add(pl.DataFrame({"k": range(100)}))
        assert sum(rows.height for rows in buckets) == 100


def test_what_does_not_fit_into_memory_goes_through_files_and_leaves_none(
    tmp_path: Path,
) -> None:
    """The folder is as empty afterwards as it was before."""
    frame = pl.DataFrame({"k": range(1000), "x": range(1000)})
    with spilling.Buckets(["k"], count=4, scratch=tmp_path, memory=100) as buckets:
        for part in frame.iter_slices(100):
            buckets.add(part)
        assert list(tmp_path.rglob("*.arrow"))
        assert sum(rows.height for rows in buckets) == 1000
        assert sorted(k for rows in buckets for k in rows["k"]) == list(range(1000))
    assert list(tmp_path.iterdir()) == []
