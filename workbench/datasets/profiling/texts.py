"""Facts of texts and of lists: their lengths, and what gives away that texts are something else.

Many texts are counted by a hash of 64 bits, which is sorted like a number; only the texts that
are asked for are looked up again. Two different texts among a million are taken for one with a
chance of 3e-8.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from workbench.datasets.profile import Lengths
from workbench.datasets.profiling.numbers import Runs, Sorted, ordered

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

LOOKED_AT: Final = 100_000
"""Different values; what is written in more is not looked at, as a text or an id it may be."""
_HASHED: Final = 50_000
"""Rows from which on hashes are cheaper. Among so many, most of the frequent texts are found."""
_NUMBER: Final = r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$"
_MOMENT: Final = (
    r"^\s*\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"([Tt ]([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)([.,]\d{1,9})?)?"
    r"\s*([Zz]|[+-]\d{2}(:?\d{2})?)?)?\s*$"
)
_SEED: Final = 0


class Counted(NamedTuple):
    """Different texts and how often each is there."""

    values: "pl.DataFrame"
    """Columns ``value`` and ``count``, in no particular order: all, or the frequent ones."""
    distinct: int
    """How many different ones there are."""


class Texts(NamedTuple):
    """What was found in a column of texts; counts are of rows."""

    lengths: Lengths | None
    numeric: int = 0
    padded: int = 0
    broken: int = 0
    moments: int = 0


# -- counting ----------------------------------------------------------------------------


def counted(series: "pl.Series", most: int) -> Counted:
    """Return the different texts; of more than are looked at, the most frequent.

    Args:
        series: Texts or categories.
        most: How many of the most frequent there must be at least.
    """
    import polars as pl

    series = series.drop_nulls().alias("value")
    if series.dtype != pl.String or len(series) <= _HASHED:
        found = series.value_counts()
        found = found.with_columns(pl.col("value").cast(pl.String), pl.col("count").cast(pl.Int64))
        return Counted(found, found.height)
    hashes = ordered(np.array(series.hash(seed=_SEED).to_numpy()))
    runs = hashes.runs() if hashes.distinct <= LOOKED_AT else _frequent(hashes.repeated(), most)
    return Counted(_looked_up(series, hashes.values[runs.starts], runs.times), hashes.distinct)


def _frequent(runs: Runs, most: int) -> Runs:
    """Return the longest runs, and all others of the length of the shortest of them.

    Where those are too many to be looked up, some of them, the same ones each time.
    """
    if len(runs.times) <= most:
        return runs
    least = np.partition(runs.times, -most)[-most]
    kept = runs.times >= least
    if np.count_nonzero(kept) > LOOKED_AT:
        kept = runs.times > least
        kept[np.flatnonzero(runs.times == least)[:most]] = True
    return Runs(runs.starts[kept], runs.times[kept])


def _looked_up(
    series: "pl.Series", hashes: "NDArray[np.uint64]", times: "NDArray[np.int64]"
) -> "pl.DataFrame":
    """Return the texts that have these hashes, ascending, with how often they are there."""
    import polars as pl

    wanted = pl.DataFrame({"hash": hashes, "count": times})
    first = _named(series.head(_HASHED))
    missing = wanted["hash"].filter(~wanted["hash"].is_in(first["hash"].implode()))
    if len(missing):
        rest = series.filter(series.hash(seed=_SEED).is_in(missing.implode()))
        first = pl.concat([first, _named(rest)])
    return wanted.join(first, on="hash", how="inner").select("value", "count")


def _named(series: "pl.Series") -> "pl.DataFrame":
    import polars as pl

    values = series.unique()
    found = pl.DataFrame({"value": values, "hash": values.hash(seed=_SEED)})
    return found.unique("hash", keep="any")


def keys(series: "pl.Series", most: int) -> "NDArray[np.uint64] | None":
    """Return the hashes of the different texts, ascending; None for more than ``most``."""
    import polars as pl

    texts = series.drop_nulls().cast(pl.String)
    hashes: Sorted = ordered(np.array(texts.hash(seed=_SEED).to_numpy()))
    return None if hashes.distinct > most else hashes.values[hashes.runs().starts]


# -- looking -----------------------------------------------------------------------------


def facts(series: "pl.Series", found: Counted) -> Texts:
    """Return the facts of texts that were counted."""
    import polars as pl

    if not found.distinct:
        return Texts(None)
    value, times = pl.col("value"), pl.col("count")
    if found.values.height < found.distinct or found.distinct > LOOKED_AT:
        lengths = lengths_of(series.cast(pl.String).str.len_chars())
        return Texts(lengths, moments=_moments(series))
    size = value.str.len_chars().cast(pl.Int64)
    row: dict[str, Any] = found.values.select(
        size.min().alias("min"), size.max().alias("max"), (size * times).sum().alias("sum"),
        times.sum().alias("n"), times.filter(size == 0).sum().alias("empty"),
        times.filter(value.str.contains(_NUMBER)).sum().alias("numeric"),
        times.filter(value != value.str.strip_chars()).sum().alias("padded"),
        times.filter(value.str.contains("\ufffd", literal=True)).sum().alias("broken"),
        times.filter(value.str.contains(_MOMENT)).sum().alias("moments"),
    ).row(0, named=True)  # fmt: skip
    lengths = Lengths(row["min"], row["max"], row["sum"] / row["n"], row["empty"])
    return Texts(lengths, row["numeric"], row["padded"], row["broken"], row["moments"])


def _moments(series: "pl.Series") -> int:
    """Return how many of many different texts read as a moment: if the first does."""
    import polars as pl

    there = series.drop_nulls().cast(pl.String)
    begins = there.head(1).str.contains(_MOMENT).any()
    return int(there.str.contains(_MOMENT).sum()) if begins else 0


def lengths_of(sizes: "pl.Series") -> Lengths | None:
    """Return the facts of lengths that were taken of each value; None where there are none."""
    sizes = sizes.drop_nulls()
    if not len(sizes):
        return None
    low, high = int(str(sizes.min())), int(str(sizes.max()))
    return Lengths(low, high, float(sizes.sum()) / len(sizes), int((sizes == 0).sum()))


class Part(NamedTuple):
    """The lengths in a part, and of how many values."""

    lengths: Lengths
    n: int


def merged(parts: Sequence[Part]) -> Lengths | None:
    """Return the lengths of all parts together; exact but for the rounding of the mean."""
    n = sum(part.n for part in parts)
    if not n:
        return None
    return Lengths(
        min(part.lengths.min for part in parts),
        max(part.lengths.max for part in parts),
        sum(part.lengths.mean * part.n for part in parts) / n,
        sum(part.lengths.empty for part in parts),
    )
