"""Parquet copies of other formats: exact, whole or not there, and bounded."""

import os
from pathlib import Path

import polars as pl
import pytest

from tests.datasets.reading.files import all_of, text_file
from workbench.datasets.reading import (
    cached_copy,
    columnar,
    copies,
    known_copy,
    of_frame,
    open_table,
)
from workbench.errors import FormatError, StoppedError


def _places(cache: Path) -> set[str]:
    return {one.name for one in (cache / copies.FOLDER).iterdir()}


def test_a_copy_is_made_once(tmp_path: Path) -> None:
    """And says the same as the first time."""
    path, cache = text_file(tmp_path, "id;x\n007;1,5\n"), tmp_path / "cache"
    assert known_copy(open_table(path), {}, cache) is None
    first = cached_copy(path, {}, cache)
    told: list[int] = []
    again = cached_copy(path, {}, cache, on_rows=told.append)
    assert told == []
    assert (again.columns, again.said, again.format, again.rows) == (
        first.columns, first.said, "csv", 1,
    )  # fmt: skip
    assert all_of(again).rows() == [("007", 1.5)]
    assert known_copy(open_table(path), {}, cache) is not None


def test_another_content_or_another_way_of_reading_is_another_copy(tmp_path: Path) -> None:
    """Nobody is shown the rows of yesterday."""
    path, cache = text_file(tmp_path, "a;b\n1,500;x\n"), tmp_path / "cache"
    assert cached_copy(path, {}, cache).columns[0].type == "text"
    assert cached_copy(path, {"decimal": ","}, cache).columns[0].type == "float"
    text_file(tmp_path, "a;b\n2,5;x\n")
    assert all_of(cached_copy(path, {}, cache)).rows() == [(2.5, "x")]


def test_parquet_and_frames_need_no_copy(tmp_path: Path) -> None:
    """They come back as they are."""
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.parquet")
    assert cached_copy(tmp_path / "a.parquet", {}, tmp_path / "cache").rows == 1
    frame = of_frame(pl.DataFrame({"a": [1]}))
    assert columnar(frame, tmp_path / "cache") is frame
    assert not (tmp_path / "cache").exists()


def test_arrow_is_copied_too(tmp_path: Path) -> None:
    """Its columns are not read alone."""
    frame = pl.DataFrame({"a": range(5), "l": [[k] for k in range(5)]})
    frame.write_ipc(tmp_path / "a.arrow")
    frame.write_ipc_stream(tmp_path / "b.arrows")
    for name in ("a.arrow", "b.arrows"):
        made = cached_copy(tmp_path / name, {}, tmp_path / "cache")
        assert (made.format, made.columnar, all_of(made).equals(frame)) == ("arrow", True, True)


@pytest.mark.parametrize("name", ["a.arrow", "a.arrows"])
def test_cut_arrow_files_are_told(tmp_path: Path, name: str) -> None:
    """In one sentence."""
    frame = pl.DataFrame({"a": range(1000)})
    (frame.write_ipc if name.endswith("w") else frame.write_ipc_stream)(tmp_path / name)
    path = text_file(tmp_path, (tmp_path / name).read_bytes()[:300], name)
    with pytest.raises(FormatError, match="is cut off or damaged, and no whole Arrow data"):
        open_table(path)


def test_a_stream_without_its_end_says_that_rows_may_be_missing(tmp_path: Path) -> None:
    """Cut between two batches it reads well."""
    path = tmp_path / "a.arrows"
    pl.DataFrame({"a": range(10)}).write_ipc_stream(path)
    assert open_table(path).said == ()
    path.write_bytes(path.read_bytes()[:-8])
    table = open_table(path)
    assert table.rows == 10
    assert table.said == (("end", "1 stream without an end mark: rows may be missing"),)


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    """As soon as there is too much; what is used stays."""
    cache = tmp_path / "cache"
    paths = [text_file(tmp_path, f"a\n{k}\n", f"{k}.csv") for k in range(3)]
    size = 0
    for k, path in enumerate(paths[:2]):
        made = cached_copy(path, {}, cache)
        home = made.paths[0].parent
        size = sum(one.stat().st_size for one in home.iterdir())
        os.utime(home / "used", (1000 + k, 1000 + k))
    first = cached_copy(paths[0], {}, cache).paths[0].parent.name
    third = cached_copy(paths[2], {}, cache, limit=int(2.5 * size)).paths[0].parent.name
    assert _places(cache) == {first, third}


def test_a_copy_that_was_damaged_is_made_again(tmp_path: Path) -> None:
    """A part that is gone would be rows that are gone."""
    path, cache = text_file(tmp_path, "a\n1\n"), tmp_path / "cache"
    part = cached_copy(path, {}, cache).paths[0]
    part.write_bytes(part.read_bytes()[:20])
    assert all_of(cached_copy(path, {}, cache)).rows() == [(1,)]
    part.unlink()
    assert all_of(cached_copy(path, {}, cache)).rows() == [(1,)]


def test_a_copy_that_lost_rows_is_not_taken(tmp_path: Path) -> None:
    """It says itself how many it has."""
    path, cache = text_file(tmp_path, "a\n1\n2\n"), tmp_path / "cache"
    part = cached_copy(path, {}, cache).paths[0]
    pl.read_parquet(part).head(1).write_parquet(part)
    assert cached_copy(path, {}, cache).rows == 2


def test_nothing_is_left_of_a_copy_that_could_not_be_made(tmp_path: Path) -> None:
    """Neither of a broken file nor of one that was stopped."""
    cache = tmp_path / "cache"
    with pytest.raises(FormatError):
        cached_copy(text_file(tmp_path, "a,b\n1\n"), {}, cache)
    with pytest.raises(StoppedError):
        cached_copy(text_file(tmp_path, "a\n1\n", "b.csv"), {}, cache, stopped=lambda: True)
    assert _places(cache) == set()


def test_what_a_killed_maker_left_is_taken_away_after_a_day(tmp_path: Path) -> None:
    """And not before: it may still be at work."""
    cache = tmp_path / "cache"
    old, new = (cache / copies.FOLDER / f".new-{name}" for name in ("old", "new"))
    for place in (old, new):
        place.mkdir(parents=True)
    os.utime(old, (1000, 1000))
    made = cached_copy(text_file(tmp_path, "a\n1\n"), {}, cache)
    assert _places(cache) == {".new-new", made.paths[0].parent.name}


def test_rows_are_counted_while_they_are_read(tmp_path: Path) -> None:
    """For whoever waits."""
    told: list[int] = []
    path = text_file(tmp_path, "a\n" + "12345678\n" * 2_000_000)
    made = columnar(open_table(path), tmp_path / "copy", on_rows=told.append)
    assert told == sorted(told)
    assert (told[-1], made.rows, len(told) > 1) == (2_000_000, 2_000_000, True)
