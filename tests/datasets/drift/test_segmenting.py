"""Groups of rows that are judged by themselves, each against the reference's own."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.datasets.drift.test_chunking import alone, table
from workbench.datasets.drift.categories import NEW
from workbench.datasets.drift.chunking import parse_chunks, parts_of
from workbench.datasets.drift.judging import judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import TOO_FEW
from workbench.datasets.fields import Fields
from workbench.datasets.reading import of_frame
from workbench.errors import UsageError


def cut(frame: pl.DataFrame, reference: pl.DataFrame | None, *segments: str, **asked: Any) -> Any:
    """Return the parts of a table with segments."""
    chunks = asked.pop("chunks", "")
    return parts_of(
        of_frame(frame), parse_chunks(chunks) if chunks else None, segments=segments,
        reference=None if reference is None else of_frame(reference), label="all", **asked,
    )  # fmt: skip


def named(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    """Return segment and label of parts."""
    return [(part.segment, part.label) for part in parts]


def test_each_value_has_the_profile_of_its_rows_on_both_sides() -> None:
    """After all rows come those of each value, the most frequent first."""
    now, before = table(), table(seed=9)
    parts = cut(now, before, "origin")
    assert named(parts) == [
        ("", "all"), ("origin=EWR", "all"), ("origin=JFK", "all"), ("origin=LGA", "all"),
    ]  # fmt: skip
    for part in parts[1:]:
        value = part.segment.partition("=")[2]
        assert part.profile == alone(now.filter(pl.col("origin") == value))
        assert part.reference == alone(before.filter(pl.col("origin") == value))
        assert part.reference_name == part.segment


def test_segments_are_cut_into_the_same_chunks() -> None:
    """Each segment's chunks stand together, in the order of time; empty ones are left out."""
    now = table().filter((pl.col("origin") != "LGA") | (pl.col("time").dt.month() == 2))
    parts = cut(now, table(seed=9), "origin", chunks="month")
    months = ["2013-01", "2013-02", "2013-03"]
    wanted = [(segment, month) for segment in ("", "origin=EWR", "origin=JFK") for month in months]
    assert named(parts) == [*wanted, ("origin=LGA", "2013-02")]
    assert len({part.start for part in parts}) == len(months)


def test_two_columns_are_two_sets_of_groups() -> None:
    """Of each on its own, not of their combinations, as everywhere else."""
    parts = cut(table(), table(seed=9), "origin", "k")
    assert {part.segment.partition("=")[0] for part in parts} == {"", "origin", "k"}
    assert len(parts) == 1 + 3 + 3


def test_without_rows_of_the_reference_a_segment_says_so() -> None:
    """The parts of all rows are there all the same."""
    whole, *rest = cut(table(), None, "origin")
    assert whole.profile is not None
    assert {part.reason for part in rest} == {"the rows of the reference are not at hand"}
    assert {part.profile for part in rest} == {None}


def test_a_group_the_reference_does_not_have_says_so() -> None:
    """A new airport cannot be held against itself; nor anything without the column."""
    before = table().filter(pl.col("origin") != "LGA")
    (lga,) = (part for part in cut(table(), before, "origin") if part.segment == "origin=LGA")
    assert lga.reason == "this value is new: the reference has no rows of origin=LGA"
    assert lga.reference is None
    for part in cut(table(), before.drop("origin"), "origin")[1:]:
        assert part.reason == "the reference has no column origin"


def test_a_group_the_reference_does_not_have_is_not_judged_against_all_of_its_rows() -> None:
    """Its chunk is without a verdict and says why; the new value is a finding of its column."""
    before = table().filter(pl.col("origin") != "LGA")
    found = judge(alone(before), cut(table(), before, "origin")).chunks
    (lga,) = (one for one in found if one.segment == "origin=LGA")
    assert (lga.verdict, lga.columns) == (TOO_FEW, ())
    assert lga.reason.startswith("this value is new")
    (origin,) = (one for one in found[0].columns if one.name == "origin")
    assert any(one.kind == NEW for one in origin.findings)


def test_missing_values_and_truth_values_are_groups() -> None:
    """Rows without a value are a group as well, and types of both sides need not be the same."""
    now = table(90).with_columns(
        late=pl.Series([True, False, None] * 30), origin=pl.col("origin").cast(pl.Categorical)
    )
    before = table(90).with_columns(late=pl.Series([True, False, None] * 30))
    found = {part.segment: part for part in cut(now, before, "late", "origin")}
    assert {"late=true", "late=false", "late=(missing)"} <= set(found)
    assert not any(part.reason for part in found.values())


def test_only_the_fifty_most_frequent_values_are_groups() -> None:
    """How many others there are, and the share that is looked at, is said."""
    generator = np.random.default_rng(1)
    codes = np.minimum(generator.geometric(0.05, 4000), 70)
    frame = table(4000).with_columns(carrier=pl.Series([f"c{code:02d}" for code in codes]))
    said: list[str] = []
    parts = cut(frame, frame, "carrier", say=said.append)
    assert len(parts) == 1 + 50
    assert sum(part.profile.rows for part in parts[1:]) < 4000
    assert any("carrier has 70 values; segments are the 50 most frequent" in one for one in said)


@pytest.mark.parametrize(
    ("segments", "why"),
    [
        (("origin", "k", "late"), "up to 2 columns, not 3"),
        (("orgin",), "no column 'orgin'"),
        (("x",), "Float64"),
        (("time",), "Datetime"),
        (("id",), "more than 10,000 values"),
        (("rare",), "1,200 values, none of them in 30 rows"),
    ],
)
def test_what_makes_no_groups_is_refused(segments: tuple[str, ...], why: str) -> None:
    """Measured numbers, moments, ids and columns that are not there."""
    frame = table(12_000).with_columns(
        id=pl.Series(range(12_000)), late=pl.lit(value=True), rare=pl.Series(range(12_000)) % 1200
    )
    with pytest.raises(UsageError, match=why):
        cut(frame, None, *segments)


def test_values_of_a_sensitive_column_name_no_segments() -> None:
    """They would stand in every report."""
    for fields in (Fields(sensitive=("origin",)), Fields(all_sensitive=True)):
        with pytest.raises(UsageError, match="sensitive"):
            cut(table(), None, "origin", fields=fields)


def test_too_many_chunks_of_segments_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """They count among all that are made."""
    monkeypatch.setattr("workbench.datasets.drift.chunking.MOST", 10)
    with pytest.raises(UsageError, match="12 chunks with those of the segments"):
        cut(table(), None, "origin", chunks="month")


def test_a_value_is_shown_harmless() -> None:
    """Control characters and endless texts of the data do not become the name of a segment."""
    frame = table(60).with_columns(origin=pl.Series(["\x1b[31m", "y" * 5000] * 30))
    names = [part.segment for part in cut(frame, frame, "origin")[1:]]
    assert all("\x1b" not in name and len(name) < 150 for name in names)
    assert len(set(names)) == 2


def test_files_have_segments_of_the_same_values(tmp_path: Any) -> None:
    """A value that is rare in one file is a group there as well."""
    from workbench.datasets.reading import open_table

    for name, kept in (("a", ["EWR", "JFK"]), ("b", ["EWR"])):
        table().filter(pl.col("origin").is_in(kept)).write_parquet(tmp_path / f"{name}.parquet")
    parts = parts_of(
        open_table(tmp_path), parse_chunks("file"), segments=["origin"],
        reference=of_frame(table(seed=9)),
    )  # fmt: skip
    assert named(parts) == [
        ("", "a.parquet"), ("", "b.parquet"), ("origin=EWR", "a.parquet"),
        ("origin=EWR", "b.parquet"), ("origin=JFK", "a.parquet"),
    ]  # fmt: skip
