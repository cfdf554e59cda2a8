"""A table's profile: parts, blocks, faults, progress, and being stopped."""

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
import pytest
from msgspec.structs import replace

from tests.datasets.profiling.tables import columns, frame, summary
from workbench.datasets import profile as profiles
from workbench.datasets.fields import Fields
from workbench.datasets.profiling import building, distinct, duplicates, profile, schema_hash
from workbench.datasets.profiling.sample import ROWS, places
from workbench.datasets.reading import of_frame
from workbench.datasets.table import Column, Table
from workbench.errors import FormatError, StoppedError


class Parts:
    """A table in memory that is read in parts, and may have columns that cannot be read."""

    format = "memory"
    said = ()

    def __init__(
        self, table: pl.DataFrame, rows: int, *, counted: bool = True, columnar: bool = True,
        broken: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self._table, self._rows, self._broken = table, rows, broken
        self.columnar = columnar
        self.rows = table.height if counted else None
        self.columns: tuple[Column, ...] = of_frame(table).columns
        self.asked: list[list[str]] = []

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the rows a part at a time; after the first part what is broken breaks."""
        names = self._table.columns if columns is None else list(columns)
        self.asked.append(names)
        for start in range(0, max(self._table.height, 1), self._rows):
            if start and set(names) & set(self._broken):
                raise FormatError("Rows 4 to 6 cannot be read.")
            yield self._table.select(names)[start : start + self._rows]

    def head(self, rows: int) -> pl.DataFrame:
        """Return the first rows."""
        return self._table.head(rows)


def mixed(rows: int) -> pl.DataFrame:
    """Return a table with a column of every kind that has parts to be put together."""
    generator = np.random.default_rng(4)
    return pl.DataFrame({
        "number": generator.normal(size=rows), "whole": generator.integers(-500, 500, rows),
        "text": [f"t{k}" for k in generator.integers(0, 900, rows)],
        "flag": generator.random(rows) < 0.5,
        "moment": pl.Series(np.arange(rows) * 1_000_000).cast(pl.Datetime("us")),
        "list": [[k] for k in range(rows)],
    })  # fmt: skip


@pytest.mark.parametrize("part", [7, 100, 10_000])
def test_parts_of_a_file_give_what_the_whole_gives(part: int) -> None:
    """However it is cut, a column that fits in memory has the same profile to the last digit."""
    table = mixed(1_000)
    whole = profile(of_frame(table), duplicates=True)
    assert profile(Parts(table, part), duplicates=True) == whole
    assert profile(Parts(table, part, counted=False, columnar=False), duplicates=True) == whole


def test_a_column_too_large_to_be_held_is_summarised_in_blocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Blocks agree with the whole: counts, distinct and frequent values exactly."""
    table = mixed(60_000)
    whole = columns(profile(of_frame(table), correlations=False))
    monkeypatch.setattr(building, "LARGEST_BLOCK", 1)
    monkeypatch.setattr(building, "LEAST_BLOCK", 50_000)
    blocks = columns(profile(Parts(table, 3_000), correlations=False))
    for name, expected in whole.items():
        found = blocks[name]
        assert (found.n, found.distinct, found.distinct_at_least) == (
            expected.n, expected.distinct, False,
        )  # fmt: skip
        assert (found.top, found.top_within, calendar(found), found.lengths) == (
            expected.top, 0, calendar(expected), expected.lengths,
        )  # fmt: skip
        assert (found.role, found.rising) == (expected.role, expected.rising)
    ours, theirs = blocks["number"].numbers, whole["number"].numbers
    assert 0 < ours.quantiles.within < 0.0005
    assert ours.scale == pytest.approx(theirs.scale, rel=0.002)
    assert ours.median == pytest.approx(theirs.median, abs=0.002)
    assert len(blocks["moment"].moments.quantiles.at) <= 213


def calendar(column: profiles.Column) -> profiles.Moments | None:
    """Return the facts of moments but where they lie, which blocks tell less exactly."""
    return column.moments and replace(column.moments, quantiles=None)


def test_one_block_that_is_full_is_stored_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column that ends just where a block does has no finer grid than others."""
    table = mixed(3_000).select("number", "whole", "moment")
    monkeypatch.setattr(building, "LARGEST_BLOCK", 1)
    monkeypatch.setattr(building, "LEAST_BLOCK", 24_000)
    monkeypatch.setattr(distinct, "MOST_KEYS", 100)
    for column in profile(Parts(table, 3_000), correlations=False).columns:
        assert len((column.numbers or column.moments).quantiles.at) <= 213
        assert len(column.top) <= 200
        assert (column.distinct, column.distinct_at_least) == (table[column.name].n_unique(), False)


def test_columns_are_read_in_groups_and_progress_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many at once as fit, each once; somebody who watches sees it advance."""
    monkeypatch.setattr(building, "GROUP", 1_000 * 16)
    table, told = Parts(mixed(1_000).select("number", "whole", "flag", "text"), 500), []
    profile(table, on_column=lambda done, of: told.append((done, of)))
    assert table.asked == [["number", "whole"], ["flag"], ["text"]]
    assert told == [(2, 4), (3, 4), (4, 4)]


def test_a_column_that_cannot_be_read_is_a_fault_of_that_column() -> None:
    """The others of its group are read again without it."""
    found = columns(profile(Parts(mixed(9), 3, broken=["whole"])))
    assert found["whole"].fault == "Rows 4 to 6 cannot be read."
    assert (found["whole"].rows, found["whole"].role) == (9, "empty")
    assert {name for name, column in found.items() if column.fault} == {"whole"}
    assert found["number"].n == 9


def test_a_table_of_which_nothing_can_be_read_is_an_error() -> None:
    """Not a profile full of faults."""
    with pytest.raises(FormatError, match="Rows 4 to 6"):
        profile(Parts(mixed(9), 3, broken=mixed(9).columns))


def test_a_column_that_cannot_be_summarised_is_a_fault_of_that_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever goes wrong inside one column, the rest of the profile stands."""
    from workbench.datasets.profiling import texts

    def broken(*_: object) -> None:
        raise ZeroDivisionError("no lengths\nand more")

    monkeypatch.setattr(texts, "facts", broken)
    found = columns(summary(mixed(30)))
    assert {name: column.fault for name, column in found.items() if column.fault} == {
        "text": "no lengths"
    }


def test_a_fault_of_a_sensitive_column_quotes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what kind of thing went wrong."""
    from workbench.datasets.profiling import texts

    def broken(*_: object) -> None:
        raise ValueError("cannot read 'Ann'")

    monkeypatch.setattr(texts, "facts", broken)
    found = columns(summary(mixed(30), fields=Fields(sensitive=("text",))))
    assert found["text"].fault == "ValueError"


def test_a_table_that_changes_while_it_is_read_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Columns of unlike lengths are no table."""

    class Growing(Parts):
        def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
            yield from super().batches(columns)
            if columns == ["b"]:
                yield self._table.select("b")

    table = Growing(pl.DataFrame({"a": [[1]], "b": [1]}), 1)
    monkeypatch.setattr(building, "GROUP", 1)
    with pytest.raises(FormatError, match="columns have 1 and 2 rows"):
        profile(table, correlations=False)


@pytest.mark.parametrize("after", [0, 1, 3, 7])
def test_whoever_stops_it_gets_no_profile(after: int) -> None:
    """Half a profile is none: an error says that it was stopped."""
    asked = iter(range(1_000))
    with pytest.raises(StoppedError, match="nothing was kept"):
        profile(Parts(mixed(20), 5), duplicates=True, stopped=lambda: next(asked) >= after)


def test_what_fails_beside_the_columns_is_a_fault_of_the_table(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without correlations and duplicates a profile is still a profile."""

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(building, "correlate", broken)
    monkeypatch.setattr(duplicates, "count", broken)
    found = profile(of_frame(mixed(9)), duplicates=True)
    assert found.faults == (
        "Columns could not be correlated: MemoryError",
        "Duplicates could not be counted: MemoryError",
    )
    assert found.columns[0].n == 9


def test_duplicates_are_the_same_however_often_the_table_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Too many rows for one turn are counted in several; parts and categories do not matter."""
    table = pl.DataFrame({
        "a": [1.0, 1.0, 0.0, -0.0, None, None, float("nan"), float("nan")],
        "b": pl.Series(list("xxyyzzuu"), dtype=pl.Categorical),
    })  # fmt: skip
    for most in (100, 3, 1):
        monkeypatch.setattr(duplicates, "MOST_AT_ONCE", most)
        assert profile(Parts(table, 3), duplicates=True).duplicates == 4
    assert summary(pl.DataFrame({"a": [1, 2]}), duplicates=True).duplicates == 0
    assert summary(pl.DataFrame(), duplicates=True).duplicates == 0
    assert summary(table).duplicates is None


def test_the_sample_is_the_same_rows_each_time_and_lies_evenly() -> None:
    """One row of each of 20,000 stretches; of a smaller table all."""
    assert places(5).tolist() == [0, 1, 2, 3, 4]
    chosen = places(1_000_003)
    assert len(np.unique(chosen)) == ROWS
    assert set(np.arange(ROWS) - chosen * ROWS // 1_000_003) <= {0, 1}
    assert 0.48 < np.mean(chosen % 2) < 0.52
    assert places(ROWS + 1).max() <= ROWS


def test_sixty_columns_are_correlated_and_the_label_is_one_of_them() -> None:
    """The first sixty that can be, with room kept for the label; the rest is said."""
    generator = np.random.default_rng(0)
    table = pl.DataFrame(generator.normal(size=(50, 70)), schema=[f"c{k}" for k in range(70)])
    table = table.with_columns(label=pl.Series(["yes", "no"] * 25), same=pl.lit(1))
    found = summary(table, fields=Fields(label="label"))
    names = {pair.a for pair in found.pairs} | {pair.b for pair in found.pairs}
    assert names == {*(f"c{k}" for k in range(59)), "label"}
    assert found.pairs_left_out == "the first 60 of 71 columns were correlated"
    without = summary(table, correlations=False)
    assert (without.pairs, without.sampled, without.pairs_left_out) == ((), 0, "")


def test_the_schema_is_names_and_types_in_order() -> None:
    """Rows do not matter; a name, a type or the order does."""
    table = frame("titanic", "ref")
    whole = schema_hash(of_frame(table).columns)
    assert whole == summary(table).schema == summary(table.head(3)).schema
    assert whole.startswith("sha256:")
    others = (
        table.select(reversed(table.columns)), table.rename({"Age": "age"}),
        table.with_columns(pl.col("Age").cast(pl.String)),
    )  # fmt: skip
    assert len({whole, *(schema_hash(of_frame(one).columns) for one in others)}) == 4


def test_a_small_table_fits_the_contract() -> None:
    """The table these tests read is one like any other."""
    assert isinstance(Parts(mixed(1), 1), Table)
