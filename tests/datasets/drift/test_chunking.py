"""Tables in parts: chunks by time, size, count and file."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from workbench.datasets.drift import cutting
from workbench.datasets.drift.chunking import Chunks, parse_chunks, parts_of
from workbench.datasets.drift.part import Part
from workbench.datasets.fields import Fields
from workbench.datasets.profile import CATEGORY, Profile
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame, open_table
from workbench.errors import FormatError, StoppedError, UsageError

_NEW_YEAR = datetime(2013, 1, 1, tzinfo=UTC)


def table(rows: int = 900, seed: int = 3) -> pl.DataFrame:
    """Return rows in no order of time, of three months."""
    generator = np.random.default_rng(seed)
    hours = generator.integers(0, 24 * 90, rows)
    return pl.DataFrame(
        {
            "x": generator.normal(size=rows),
            "k": generator.integers(0, 3, rows),
            "origin": generator.choice(["EWR", "JFK", "LGA"], rows, p=[0.5, 0.3, 0.2]),
            "time": [_NEW_YEAR + timedelta(hours=int(hour)) for hour in hours],
        }
    ).with_columns(pl.when(pl.col("x") > -1).then("x"))


def cut(frame: pl.DataFrame, chunks: str = "", **asked: Any) -> tuple[Part, ...]:
    """Return the parts of a table in memory."""
    return parts_of(of_frame(frame), parse_chunks(chunks) if chunks else None, **asked)


def alone(frame: pl.DataFrame, **asked: Any) -> Profile:
    """Return the profile of a table as it is made by itself."""
    return profile(of_frame(frame), correlations=False, duplicates=True, **asked)


def labels(parts: tuple[Part, ...]) -> list[str]:
    """Return what parts are called."""
    return [part.label for part in parts]


# -- what people write -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("day", Chunks("day")),
        (" Month ", Chunks("month")),
        ("week", Chunks("week")),
        ("file", Chunks("file")),
        ("1000 rows", Chunks("rows", 1000)),
        ("1,000  rows", Chunks("rows", 1000)),
        ("1 row", Chunks("rows", 1)),
        ("10 parts", Chunks("parts", 10)),
    ],
)
def test_chunks_are_written_in_words(text: str, chunks: Chunks) -> None:
    """Periods by their name, sizes and counts with their unit."""
    assert parse_chunks(text) == chunks


@pytest.mark.parametrize(
    "text", ["", "hour", "0 rows", "-1 rows", "10", "1.5 rows", "20000 parts", "9" * 50 + " rows"]
)
def test_other_words_are_refused(text: str) -> None:
    """Nothing is guessed of what chunks might be meant."""
    with pytest.raises(UsageError):
        parse_chunks(text)


def test_what_is_written_is_what_was_read() -> None:
    """Chunks written out are read as the same."""
    for text in ("day", "week", "month", "file", "1000 rows", "10 parts"):
        assert parse_chunks(str(parse_chunks(text))) == parse_chunks(text)


# -- by time -----------------------------------------------------------------------------


def test_a_chunk_has_the_profile_its_rows_have_by_themselves() -> None:
    """Cutting rows that lie in no order changes no figure but whether a column rises."""
    frame = table()
    parts = cut(frame, "month")
    assert labels(parts) == ["2013-01", "2013-02", "2013-03"]
    for number, part in enumerate(parts, start=1):
        rows = frame.filter(pl.col("time").dt.month() == number)
        assert part.profile == alone(rows)


@pytest.mark.parametrize("sorted_by_time", [True, False])
def test_chunks_read_in_stretches_are_those_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sorted_by_time: bool
) -> None:
    """Rows of one chunk may stand in many batches of a file, in order or not."""
    monkeypatch.setattr("workbench.datasets.reading.parts.SMALL", 100)
    frame = table(3000).sort("time") if sorted_by_time else table(3000)
    frame.write_parquet(tmp_path / "a.parquet", row_group_size=100)
    whole = open_table(tmp_path / "a.parquet")
    assert parts_of(whole, Chunks("month")) == cut(frame, "month")


def test_a_period_begins_and_ends_in_utc() -> None:
    """Its end is the first moment of the next one."""
    first = cut(table(), "month")[0]
    assert first.start == _NEW_YEAR.timestamp()
    assert first.end == datetime(2013, 2, 1, tzinfo=UTC).timestamp()


def test_days_are_those_of_the_columns_own_zone() -> None:
    """Late in New York is the next day in London, and belongs to the day it was."""
    hours = [datetime(2013, 7, 1, 23, tzinfo=UTC) + timedelta(hours=h) for h in (0, 4, 5)]
    zoned = pl.Series(hours).dt.convert_time_zone("America/New_York")
    said: list[str] = []
    parts = cut(pl.DataFrame({"t": zoned, "x": [1, 2, 3]}), "day", say=said.append)
    assert labels(parts) == ["2013-07-01", "2013-07-02"]
    assert [part.profile.rows for part in parts if part.profile] == [2, 1]
    assert parts[0].start == datetime(2013, 7, 1, 4, tzinfo=UTC).timestamp()
    assert any("America/New_York" in one for one in said)


def test_periods_without_rows_are_not_made_up() -> None:
    """Between two chunks there may be none, and their labels stay in order."""
    days = [date(2013, 1, 5), date(2013, 4, 5)]
    assert labels(cut(pl.DataFrame({"t": days, "x": [1, 2]}), "month")) == ["2013-01", "2013-04"]


def test_rows_without_a_time_are_said_and_in_no_chunk() -> None:
    """A row without a time does not disappear in silence."""
    said: list[str] = []
    times = [_NEW_YEAR, None, _NEW_YEAR, None]
    parts = cut(pl.DataFrame({"t": times, "x": [1, 2, 3, 4]}), "day", say=said.append)
    assert [part.profile.rows for part in parts if part.profile] == [2]
    assert "2 rows (50%) have no time in t and are in no chunk." in said


def test_an_unfinished_last_chunk_is_kept_and_said() -> None:
    """A month that ends in its middle is judged, and a person knows why it may look odd."""
    said: list[str] = []
    days = [date(2013, 1, 1) + timedelta(days=k) for k in range(41)]
    parts = cut(pl.DataFrame({"t": days, "x": range(41)}), "month", say=said.append)
    assert labels(parts) == ["2013-01", "2013-02"]
    assert any("2013-02" in one and "unfinished" in one for one in said)


def test_a_finished_last_chunk_is_not_called_unfinished() -> None:
    """A month of days ends with its last day."""
    said: list[str] = []
    days = [date(2013, 1, 1) + timedelta(days=k) for k in range(31)]
    cut(pl.DataFrame({"t": days, "x": range(31)}), "month", say=said.append)
    assert not any("unfinished" in one for one in said)


@pytest.mark.parametrize(
    "times",
    [
        pl.Series(["2013-01-05", "2013-02-05T10:00:00"]),
        pl.Series([1_357_344_000, 1_360_058_400]),
        pl.Series([20130105, 20130205]),
        pl.Series([date(2013, 1, 5), date(2013, 2, 5)]),
    ],
)
def test_a_named_column_of_any_type_is_time(times: pl.Series) -> None:
    """Text and seconds are times if a person says so."""
    frame = pl.DataFrame({"when": times, "x": [1.0, 2.0]})
    assert labels(cut(frame, "month", time="when")) == ["2013-01", "2013-02"]


def test_time_is_what_the_fields_say_or_the_only_moments() -> None:
    """Of two columns of moments none is guessed."""
    two = table().with_columns(other=pl.col("time"))
    with pytest.raises(UsageError, match="2 columns hold moments"):
        cut(two, "month")
    assert len(cut(two, "month", fields=Fields(time="other"))) == 3
    said: list[str] = []
    cut(table(), "month", say=said.append)
    assert "Time is taken from time, the only column of moments." in said


@pytest.mark.parametrize(
    ("frame", "asked", "why"),
    [
        (pl.DataFrame({"x": [1]}), {}, "no column holds moments"),
        (pl.DataFrame({"x": [1]}), {"time": "y"}, "There is no column 'y'"),
        (pl.DataFrame({"t": [None, None]}), {"time": "t"}, "No row has a time"),
        (pl.DataFrame({"t": ["x", "y"]}), {"time": "t"}, "No row has a time"),
        (table().clear(), {}, "No row has a time"),
    ],
)
def test_what_cannot_be_cut_by_time_is_said(
    frame: pl.DataFrame, asked: dict[str, str], why: str
) -> None:
    """One sentence says what is missing."""
    with pytest.raises(UsageError, match=why):
        cut(frame, "month", **asked)


def test_too_many_chunks_are_refused() -> None:
    """Ten thousand are made, one more is not, and it is said what to do."""
    days = pl.date_range(date(1990, 1, 1), date(2017, 6, 1), "1d", eager=True)
    frame = pl.DataFrame({"t": days.head(cutting.MOST + 1)})
    with pytest.raises(UsageError, match="more than 10,000 days") as caught:
        cut(frame, "day")
    assert "week or month" in caught.value.hint
    with pytest.raises(UsageError, match="10,001 chunks"):
        cut(frame, "1 row", time="t")


def test_more_columns_of_chunks_than_memory_holds_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wide table is cut into fewer chunks than a narrow one."""
    monkeypatch.setattr("workbench.datasets.drift.chunking._MOST_SUMMARIES", 35)
    assert len(cut(table(80), "10 rows")) == 8
    with pytest.raises(UsageError, match="9 chunks of 4 columns"):
        cut(table(90), "10 rows")


def test_the_time_of_a_sensitive_column_is_not_told() -> None:
    """No moment of a row is a start, an end, or part of a sentence."""
    said: list[str] = []
    fields = Fields(time="time", sensitive=("time",))
    whole = cut(table(), "100 rows", fields=fields, say=said.append)
    assert {(part.start, part.end) for part in whole} == {(None, None)}
    cut(table().filter(pl.col("time").dt.day() < 9), "month", fields=fields, say=said.append)
    assert not any("unfinished" in one for one in said)


# -- by rows -----------------------------------------------------------------------------


def test_a_small_last_chunk_stays_its_own() -> None:
    """Rows are not added to the chunk before it; that they are too few is somebody else's word."""
    parts = cut(table(250), "100 rows", time="time")
    assert labels(parts) == ["rows 1-100", "rows 101-200", "rows 201-250"]
    assert [part.profile.rows for part in parts if part.profile] == [100, 100, 50]


def test_parts_are_as_even_as_rows_allow() -> None:
    """All rows are in one of them, and no two differ by more than one row."""
    parts = cut(table(103), "10 parts")
    rows = [part.profile.rows for part in parts if part.profile]
    assert (sum(rows), min(rows), max(rows)) == (103, 10, 11)
    assert labels(parts)[0] == "part 1 of 10"
    assert len(cut(table(3), "10 parts")) == 3


def test_chunks_of_rows_are_dated_by_their_rows() -> None:
    """The earliest and the latest of their times, where a column of time is known."""
    frame = table(200)
    first = cut(frame, "100 rows", time="time")[0]
    times = frame["time"].head(100)
    assert first.start == times.min().timestamp()
    assert first.end == times.max().timestamp()
    assert cut(frame, "100 rows")[0].start is None


def test_without_chunks_all_rows_are_one() -> None:
    """Under the name that was given, with the profile of the table."""
    frame = table()
    (part,) = cut(frame, label="flights@4", time="time")
    assert part.label == "flights@4"
    assert part.profile == alone(frame)
    assert part.start == frame["time"].min().timestamp()


def test_a_table_without_rows_is_one_empty_chunk() -> None:
    """It can be judged to have too few rows."""
    for chunks in ("", "100 rows", "10 parts"):
        (part,) = cut(table().clear(), chunks)
        assert part.profile is not None
        assert part.profile.rows == 0


def test_a_role_that_was_said_holds_in_every_chunk() -> None:
    """Roles of a check go over those of the dataset."""
    parts = cut(table(), "month", roles={"x": CATEGORY})
    assert {part.profile.columns[0].role for part in parts if part.profile} == {CATEGORY}


def test_sensitive_columns_are_hidden_in_every_chunk() -> None:
    """Nothing that stands for fewer than five rows is kept of any of them."""
    frame = table(60).with_columns(name=pl.Series([f"person {k}" for k in range(60)]))
    parts = cut(frame, "month", fields=Fields(sensitive=("name", "x")))
    for part in parts:
        assert part.profile is not None
        hidden = {column.name: column for column in part.profile.columns}
        assert hidden["name"].sensitive
        assert hidden["name"].top == ()
        assert hidden["x"].numbers is not None
        assert hidden["x"].numbers.min is None


def test_rows_that_repeat_are_counted_within_a_chunk() -> None:
    """The same row in two months is no duplicate."""
    twice = pl.DataFrame({"x": [1, 1, 2, 2, 2], "s": ["a", "a", "b", "b", "b"]})
    times = pl.Series("t", [date(2013, 1, 1)] * 2 + [date(2013, 2, 1)] * 3)
    parts = cut(twice.with_columns(times), "month")
    assert [part.profile.duplicates for part in parts if part.profile] == [1, 2]
    none = cut(twice.with_columns(times), "month", duplicates=False)
    assert [part.profile.duplicates for part in none if part.profile] == [None, None]


# -- by file -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ending", "write"),
    [
        ("parquet", pl.DataFrame.write_parquet),
        ("csv", pl.DataFrame.write_csv),
        ("jsonl", pl.DataFrame.write_ndjson),
        ("arrow", pl.DataFrame.write_ipc),
    ],
)
def test_each_file_is_a_chunk(tmp_path: Path, ending: str, write: Callable[..., Any]) -> None:
    """Of any format, in the order of their names."""
    for number in (1, 2, 3):
        write(table(20 * number).drop("time"), tmp_path / f"part-{number}.{ending}")
    parts = parts_of(open_table(tmp_path), Chunks("file"))
    assert labels(parts) == [f"part-{number}.{ending}" for number in (1, 2, 3)]
    assert [part.profile.rows for part in parts if part.profile] == [20, 40, 60]


def test_a_column_that_a_file_lacks_is_missing_in_its_chunk(tmp_path: Path) -> None:
    """It is not a column of nulls: that it is gone is a finding of its own."""
    table(40).write_parquet(tmp_path / "a.parquet")
    table(40).drop("k").write_parquet(tmp_path / "b.parquet")
    first, second = parts_of(open_table(tmp_path), Chunks("file"))
    assert first.profile is not None
    assert second.profile is not None
    assert [one.name for one in first.profile.columns] == ["x", "k", "origin", "time"]
    assert [one.name for one in second.profile.columns] == ["x", "origin", "time"]


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    """Months kept in folders each have a data file of the same name."""
    for month in ("01", "02"):
        (tmp_path / f"month={month}").mkdir()
        table(30).write_parquet(tmp_path / f"month={month}" / "data.parquet")
    parts = parts_of(open_table(tmp_path), Chunks("file"))
    assert labels(parts) == ["month=01/data.parquet", "month=02/data.parquet"]


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    """It is a chunk with the reason in place of a profile; all of them together are an error."""
    for name in ("a", "b"):
        table(40).write_parquet(tmp_path / f"{name}.parquet")
    opened = open_table(tmp_path)
    table(41).write_parquet(tmp_path / "b.parquet")
    first, second = parts_of(opened, Chunks("file"))
    assert first.profile is not None
    assert second.profile is None
    assert "b.parquet" in second.reason
    table(41).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(FormatError):
        parts_of(opened, Chunks("file"))


def test_a_table_in_memory_has_no_files() -> None:
    """It says so, in place of one chunk that nobody asked for."""
    with pytest.raises(UsageError, match="no files"):
        cut(table(), "file")


# -- on the way --------------------------------------------------------------------------


def test_progress_ends_with_all_parts(tmp_path: Path) -> None:
    """It never goes back and ends where it should."""
    table(3000).write_parquet(tmp_path / "a.parquet", row_group_size=100)
    told: list[tuple[int, int]] = []
    parts_of(
        open_table(tmp_path / "a.parquet"), Chunks("month"),
        on_part=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert told == sorted(told)
    assert told[-1] == (3, 3)


@pytest.mark.parametrize("after", [0, 1, 29, 30, 31, 60, 70])
def test_it_stops_where_a_person_wants_it_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Whenever it is asked, nothing comes back."""
    monkeypatch.setattr("workbench.datasets.reading.parts.SMALL", 100)
    table(3000).write_parquet(tmp_path / "a.parquet", row_group_size=100)
    asked = iter(range(1_000_000))
    with pytest.raises(StoppedError):
        parts_of(
            open_table(tmp_path / "a.parquet"), Chunks("month"),
            stopped=lambda: next(asked) >= after,
        )  # fmt: skip


def test_a_column_that_does_not_fit_in_memory_is_summarised_in_blocks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What is counted is exact, and shares carry by how much they may be off."""
    generator = np.random.default_rng(4)
    days = generator.integers(0, 59, 60_000) + (date(2013, 1, 1) - date(1970, 1, 1)).days
    frame = pl.DataFrame(
        {"x": generator.normal(size=60_000), "day": pl.Series(days).cast(pl.Date)}
    ).with_columns(k=pl.Series(generator.integers(0, 9, 60_000)))
    frame.write_parquet(tmp_path / "a.parquet", row_group_size=1000)
    monkeypatch.setattr("workbench.datasets.reading.parts.SMALL", 1000)
    source = open_table(tmp_path / "a.parquet")
    whole = parts_of(source, Chunks("month"))
    monkeypatch.setattr("workbench.datasets.profiling.splitting.LARGEST_BLOCK", 200_000)
    for ours, exact in zip(parts_of(source, Chunks("month")), whole, strict=True):
        assert ours.profile is not None
        assert exact.profile is not None
        for one, other in zip(ours.profile.columns, exact.profile.columns, strict=True):
            assert (one.rows, one.nulls, one.n, one.distinct) == (
                other.rows, other.nulls, other.n, other.distinct,
            )  # fmt: skip
            assert one.top == other.top
        numbers = ours.profile.columns[0].numbers
        assert numbers is not None
        assert numbers.quantiles is not None
        assert numbers.quantiles.within > 0
