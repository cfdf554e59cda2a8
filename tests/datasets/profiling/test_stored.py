"""A profile as bytes: small, the same each time, and refused when it is not one."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks import thirty
from tests.datasets.profiling.tables import NAMES, frame, summary
from workbench.datasets.profiling import decode, encode, stored
from workbench.errors import FormatError

GOLDEN = Path(__file__).parents[2] / "golden" / "profile-1" / "profile.json.gz"


def plain(data: bytes) -> dict[str, object]:
    """Return the JSON inside."""
    found: dict[str, object] = json.loads(gzip.decompress(data))
    return found


def packed(found: object) -> bytes:
    """Return JSON as a profile is stored."""
    return gzip.compress(json.dumps(found).encode())


@pytest.mark.parametrize("pair", NAMES)
def test_what_is_written_is_read_back(pair: str) -> None:
    """Every figure, to the last digit, and the same bytes the second time."""
    found = summary(frame(pair, "ref"), duplicates=True)
    data = encode(found)
    assert decode(data) == found
    assert encode(decode(data)) == data


def test_thirty_columns_are_stored_in_less_than_a_hundred_kilobytes() -> None:
    """The size hardly depends on the rows; with all correlations as well."""
    found = summary(thirty.frame(20_000))
    assert len(found.columns) == 30
    assert found.pairs
    assert len(encode(found)) < 100_000


def test_shares_are_written_as_counts() -> None:
    """The file says how many values are up to each point, and how many are equal to it."""
    data = encode(summary(pl.DataFrame({"x": [1.0, 1.0, 4.0]})))
    column = plain(data)["columns"][0]
    assert column["numbers"]["quantiles"] == {"at": [1.0, 4.0], "upto": [2, 3], "equal": [2, 1]}


def test_a_profile_of_the_first_format_is_read() -> None:
    """A file that was written once stays readable, with what it says."""
    found = decode(GOLDEN.read_bytes())
    assert (found.rows, found.format, found.label, found.duplicates) == (891, 1, "Sex", 127)
    fare = next(column for column in found.columns if column.name == "Fare")
    assert fare.numbers.median == 14.4542
    assert fare.numbers.quantiles.upto[0] == 15 / 891
    assert len(found.pairs) > 20


def test_a_file_of_a_newer_format_says_so() -> None:
    """It is refused with the numbers, not misread."""
    newer = plain(GOLDEN.read_bytes()) | {"format": 2}
    with pytest.raises(FormatError, match="format 2; this program reads up to 1"):
        decode(packed(newer))


def test_fields_of_a_later_version_are_passed_over() -> None:
    """What is added later does not keep an older program from reading the rest."""
    later = plain(GOLDEN.read_bytes()) | {"mood": "fair"}
    assert decode(packed(later)) == decode(GOLDEN.read_bytes())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "its end is missing"),
        (b"PAR1 and more", "not gzip"),
        (GOLDEN.read_bytes()[:-20], "its end is missing"),
        (gzip.compress(b"[]"), "no JSON object"),
        (gzip.compress(b"\xff\xfe"), "cannot be read"),
        (packed({"format": 0}), "names no format"),
        (packed({"rows": "many", "columns": [], "schema": ""}), "rows"),
        (packed({"rows": 1, "columns": 7, "schema": ""}), "cannot be read"),
        (gzip.compress(b"[" * 100_000), "cannot be read"),
    ],
)
def test_what_is_no_profile_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    """Cut off, of another kind, or nonsense: an error with a name."""
    with pytest.raises(FormatError, match=said):
        decode(data)


@pytest.mark.parametrize(
    "quantiles",
    [
        {"at": [1.0, 4.0], "upto": [3, 2], "equal": [1, 1]},
        {"at": [4.0, 1.0], "upto": [2, 3], "equal": [2, 1]},
        {"at": [1.0], "upto": [2, 3], "equal": [2, 1]},
        {"at": [1.0, 4.0], "upto": [2, 9], "equal": [2, 1]},
        {"at": [1.0, 4.0], "upto": [2, 3], "equal": [5, 1]},
        {"at": [1.0, None], "upto": [2, 3], "equal": [2, 1]},
        {"at": ["x"], "upto": [3], "equal": [3]},
        7,
    ],
)
def test_points_that_are_no_distribution_are_refused(quantiles: object) -> None:
    """A damaged grid must not become a wrong number."""
    found = plain(encode(summary(pl.DataFrame({"x": [1.0, 1.0, 4.0]}))))
    found["columns"][0]["numbers"]["quantiles"] = quantiles
    with pytest.raises(FormatError, match="cannot be read"):
        decode(packed(found))


@pytest.mark.parametrize(
    ("where", "planted"),
    [
        ("", {"rows": 4}), ("", {"rows": -1}), ("", {"duplicates": 6}), ("", {"sampled": 9}),
        ("column", {"nulls": 10**9}), ("column", {"nans": 1}), ("column", {"plus_infinities": 1}),
        ("column", {"rows": 6, "nulls": 2}), ("column", {"nulls": 2, "nans": -1}),
        ("column", {"top": [["1.0", 10**30], ["4.0", -5]]}), ("column", {"top": [["1.0", 10**30]]}),
        ("column", {"top": [["1.0", 5]]}), ("column", {"top": [["1.0", -1]]}),
        ("column", {"other": 5}), ("column", {"distinct": 999}), ("column", {"distinct": -1}),
        ("column", {"broken_texts": 5}),
        ("numbers", {"q1": 5.0}), ("numbers", {"median": 0.5}), ("numbers", {"q3": 1e300}),
        ("numbers", {"min": 7.0}), ("numbers", {"zeros": 5}), ("numbers", {"negatives": -1}),
    ],
)  # fmt: skip
def test_what_can_be_of_no_table_is_refused(where: str, planted: dict[str, object]) -> None:
    """Nobody sees more values than there are rows, or a median below the smallest value."""
    found = plain(encode(summary(pl.DataFrame({"x": [1.0, 1.0, 4.0, 3.0, None]}))))
    (column,) = found["columns"]
    {"": found, "column": column, "numbers": column["numbers"]}[where].update(planted)
    with pytest.raises(FormatError, match="cannot be read"):
        decode(packed(found))


@pytest.mark.parametrize("kind", ["calendar", "lengths"])
def test_tallies_of_more_than_all_rows_are_refused(kind: str) -> None:
    """Neither hours of the day nor empty texts are more than values."""
    times = pl.Series(["2026-01-01T00:00", "2026-01-02T01:00"]).str.to_datetime()
    found = plain(encode(summary(pl.DataFrame({"t": times, "s": ["", "b"]}))))
    moments, texts = found["columns"]
    if kind == "calendar":
        moments["moments"]["hours"][3] = 1
    else:
        texts["lengths"]["empty"] = 3
    with pytest.raises(FormatError, match="do not fit into its rows"):
        decode(packed(found))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that unpacks to more than the bound is refused."""
    monkeypatch.setattr(stored, "_LARGEST", 1_000_000)
    bomb = gzip.compress(b" " * 1_000_100)
    assert len(bomb) < 2_000
    with pytest.raises(FormatError, match="larger than any profile"):
        decode(bomb)


def test_a_table_too_wide_keeps_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would not be read again is not written: the distributions go, and a fault says so."""
    whole = summary(frame("titanic", "ref"))
    monkeypatch.setattr(stored, "_LARGEST", 5_000)
    found = decode(encode(whole))
    assert found.faults == ("too many columns for their distributions to be stored",)
    assert (found.pairs, found.columns[0].top, found.columns[0].other) == ((), (), 714)
    assert found.columns[0].numbers.quantiles is None
    assert found.columns[0].numbers.mean == whole.columns[0].numbers.mean


@given(st.binary(max_size=200), st.integers(0, 5_000))
def test_damage_anywhere_is_an_error_with_a_name(noise: bytes, at: int) -> None:
    """Bytes overwritten in the middle never give another profile, nor a crash."""
    whole = GOLDEN.read_bytes()
    at %= len(whole)
    damaged = whole[:at] + noise + whole[at + len(noise) :]
    try:
        found = decode(damaged)
    except FormatError:
        return
    assert found == decode(whole)


@pytest.mark.parametrize("columns", ['["a"]', '[{"numbers": "a"}]', "3"])
def test_what_is_built_in_another_way_is_said_without_words_of_a_library(columns: str) -> None:
    """No name of a type or method of ours is in the sentence."""
    data = gzip.compress(f'{{"format": 1, "columns": {columns}}}'.encode())
    with pytest.raises(FormatError) as raised:
        decode(data)
    assert "object" not in raised.value.message
    assert raised.value.message.startswith("The profile cannot be read: it ")
