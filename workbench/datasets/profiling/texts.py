"""Facts of texts and of lists: their lengths, and what gives away that texts are something else.

Texts are counted first; everything else is looked at once for each different value.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.profile import Lengths

if TYPE_CHECKING:
    import polars as pl

_LOOKED_AT: Final = 100_000
"""Different values; what is written in more is not looked at, as a text or an id it may be."""
_NUMBER: Final = r"^\s*[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?\s*$"


class Texts(NamedTuple):
    """What was found in a column of texts; counts are of rows."""

    lengths: Lengths | None
    numeric: int = 0
    padded: int = 0
    broken: int = 0


def counted(series: "pl.Series") -> "pl.DataFrame":
    """Return each different text, ``value``, and its ``count``; in no particular order."""
    import polars as pl

    found = series.drop_nulls().alias("value").value_counts()
    return found.with_columns(pl.col("value").cast(pl.String), pl.col("count").cast(pl.Int64))


def facts(values: "pl.DataFrame") -> Texts:
    """Return the facts of counted texts."""
    import polars as pl

    if not values.height:
        return Texts(None)
    value, times = pl.col("value"), pl.col("count")
    size = value.str.len_chars().cast(pl.Int64)
    wanted = [
        size.min().alias("min"), size.max().alias("max"), (size * times).sum().alias("sum"),
        times.sum().alias("n"), times.filter(size == 0).sum().alias("empty"),
    ]  # fmt: skip
    if values.height <= _LOOKED_AT:
        wanted += [
            times.filter(value.str.contains(_NUMBER)).sum().alias("numeric"),
            times.filter(value != value.str.strip_chars()).sum().alias("padded"),
            times.filter(value.str.contains("\ufffd", literal=True)).sum().alias("broken"),
        ]
    row = values.select(wanted).row(0, named=True)
    lengths = Lengths(row["min"], row["max"], row["sum"] / row["n"], row["empty"])
    return Texts(lengths, *(row.get(name, 0) for name in ("numeric", "padded", "broken")))


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
