"""The summary of one stretch of a column, of any type, before its role is judged."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from msgspec.structs import replace

from workbench.datasets import table
from workbench.datasets.profile import MOST_VALUES, Column
from workbench.datasets.profiling import buckets, grid, moments, numbers, texts, tops
from workbench.datasets.profiling.distinct import LONGEST_EXACT, MOST_KEYS, Keys, keys_of
from workbench.datasets.profiling.hiding import hidden
from workbench.datasets.profiling.numbers import Sorted
from workbench.datasets.profiling.tops import FEW_VALUES, Top, decimal_text
from workbench.datasets.table import PER_SECOND

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

_NUMERIC: Final = (table.INTEGER, table.FLOAT, table.DECIMAL, table.DURATION)
_MOMENTS: Final = (table.DATE, table.DATETIME, table.TIME)
_TEXTS: Final = (table.TEXT, table.CATEGORICAL)


class Detail(NamedTuple):
    """How finely a summary is made."""

    levels: grid.Floats
    values: int
    few: int
    keys: bool
    """Keep the different values, to count them over several blocks."""


STORED: Final = Detail(grid.LEVELS, MOST_VALUES, FEW_VALUES, keys=False)
FINE: Final = Detail(grid.FINE_LEVELS, 10_000, 1_000, keys=True)
"""Of one of several blocks: what merging loses is lost from this, not from what is stored."""


class Block(NamedTuple):
    """A summary and, if they were asked for and are not too many, the different values."""

    column: Column
    keys: Keys | None = None


def block(
    name: table.Column, parts: "Sequence[pl.Series]", detail: Detail, *, sensitive: bool
) -> Block:
    """Return the summary of a stretch of a column.

    Args:
        name: Its name and type.
        parts: The values, one part after the other.
        detail: How finely.
        sensitive: Keep nothing that stands for fewer than five rows.
    """
    if not sensitive:
        return _open(name, parts, detail)
    made = _open(name, parts, detail._replace(levels=grid.FINE_LEVELS))
    return made._replace(column=hidden(made.column, detail.levels))


def _open(name: table.Column, parts: "Sequence[pl.Series]", detail: Detail) -> Block:
    rows, nulls = sum(map(len, parts)), sum(part.null_count() for part in parts)
    blank = Column(
        name.name, name.type, name.dtype, rows=rows, nulls=nulls, n=rows - nulls
    )  # fmt: skip
    if not parts:
        return Block(replace(blank, distinct=0))
    if name.type in _NUMERIC:
        return _numeric(blank, parts, detail)
    if name.type == table.BOOLEAN:
        return _boolean(blank, parts, detail)
    if name.type in _MOMENTS:
        return _temporal(blank, parts, detail)
    if name.type in _TEXTS:
        return _texts(blank, _joined(parts), detail)
    return Block(_measured(blank, _joined(parts)))


def _joined(parts: "Sequence[pl.Series]") -> "pl.Series":
    import polars as pl

    return parts[0] if len(parts) == 1 else pl.concat(parts)


# -- numbers -----------------------------------------------------------------------------


def _numeric(blank: Column, parts: "Sequence[pl.Series]", detail: Detail) -> Block:
    values = _copied([_plain(part) for part in parts])
    if blank.type == table.DURATION:
        values = values * _seconds(parts[0].dtype)
    rising = numbers.is_rising(values)
    found = numbers.ordered(values)
    rising = rising and len(found.values) == blank.n
    most = detail.values if blank.type == table.INTEGER else detail.few
    column = replace(
        _topped(blank, len(found.values), _top(found, most, _number_text)),
        nans=found.nans, plus_infinities=found.plus_infinities,
        minus_infinities=found.minus_infinities, rising=rising,
        numbers=numbers.facts(found, detail.levels),
        distinct=found.distinct + bool(found.plus_infinities) + bool(found.minus_infinities),
    )  # fmt: skip
    if _is_long(parts[0].dtype):
        return _counted(column, _joined(parts), most, keys=detail.keys)
    return Block(column, _keys(found) if detail.keys else None)


def _is_long(dtype: "pl.DataType") -> bool:
    """Say whether values may differ in digits that a float does not hold."""
    return str(dtype) in _WIDE or int(getattr(dtype, "precision", None) or 0) > LONGEST_EXACT


def _counted(column: Column, series: "pl.Series", most: int, *, keys: bool) -> Block:
    """Return a column whose different values were counted as they are, not as floats."""
    counted = series.drop_nulls().alias("value").value_counts()
    top = tops.of_counted(counted, counted.height, most, decimal_text)
    found = replace(_topped(column, column.n, top), distinct=counted.height)
    return Block(found, texts.keys(series, MOST_KEYS) if keys else None)


def _copied(arrays: "Sequence[NDArray[Any]]") -> "NDArray[Any]":
    """Return the values of all parts in one array that may be sorted in place.

    Whole numbers take the least width that holds them: they are sorted twice as fast.
    """
    if arrays[0].dtype.kind not in "iu":
        return np.concatenate(arrays)
    return np.concatenate(arrays, dtype=_narrowest(arrays), casting="unsafe")


def _narrowest(arrays: "Sequence[NDArray[Any]]") -> "np.dtype[Any]":
    """Return the least type of whole numbers that holds every value."""
    there = [array for array in arrays if len(array)]
    low = min((int(array.min()) for array in there), default=0)
    high = max((int(array.max()) for array in there), default=0)
    kinds = ("u1", "u2", "u4", "u8") if low >= 0 else ("i1", "i2", "i4", "i8")
    fitting = (np.dtype(kind) for kind in kinds)
    return next(d for d in fitting if np.iinfo(d).min <= low and high <= np.iinfo(d).max)


def _plain(part: "pl.Series") -> "NDArray[Any]":
    """Return what is there of a part as numbers numpy can sort."""
    import polars as pl

    if part.dtype == pl.Duration:
        part = part.to_physical()
    plain = part.dtype.is_float() or part.dtype.is_integer()
    if not plain or str(part.dtype) in _WIDE:
        part = part.cast(pl.Float64)
    values = _there(part).to_numpy()
    return values.astype(np.float32) if values.dtype == np.float16 else values


def _there(part: "pl.Series") -> "pl.Series":
    """Return the values that are no null; asking first costs a hundredth of leaving none out."""
    return part.drop_nulls() if part.null_count() else part


_WIDE: Final = ("Int128", "UInt128")
"""Whole numbers numpy has no type for."""


def _seconds(dtype: "pl.DataType") -> float:
    return 1 / PER_SECOND[getattr(dtype, "time_unit", "us")]


def _number_text(value: Any) -> str:
    return str(value + 0.0) if value == 0 and value.dtype.kind == "f" else str(value)


def _top(found: Sorted, most: int, text: Callable[[Any], str]) -> Top:
    """Return the frequent values; where there are many, those that are there once are not."""
    runs = found.runs() if found.distinct <= most else found.repeated()
    return tops.of_runs(found.values[runs.starts], runs.times, text, most)


def _keys(found: Sorted) -> Keys | None:
    if found.distinct > MOST_KEYS:
        return None
    ends = [np.inf] * bool(found.plus_infinities) + [-np.inf] * bool(found.minus_infinities)
    values = found.values[found.runs().starts]
    return keys_of(np.append(values, np.array(ends, values.dtype)) if ends else values)


def _topped(column: Column, n: int, top: Top) -> Column:
    other = n - sum(count for _, count in top.values)
    return replace(column, n=n, top=top.values, other=other, top_within=top.within)


def _boolean(blank: Column, parts: "Sequence[pl.Series]", detail: Detail) -> Block:
    yes = sum(int(part.sum() or 0) for part in parts)
    values = np.repeat(np.array([0, 1], np.uint8), [blank.n - yes, yes])
    found = Sorted(values, (yes > 0) + (blank.n > yes))
    facts = numbers.facts(found, detail.levels)
    top = _top(found, detail.values, _boolean_text)
    column = replace(_topped(blank, blank.n, top), numbers=facts, distinct=found.distinct)
    return Block(column, _keys(found) if detail.keys else None)


def _boolean_text(value: Any) -> str:
    return "true" if value else "false"


# -- moments -----------------------------------------------------------------------------


def _temporal(blank: Column, parts: "Sequence[pl.Series]", detail: Detail) -> Block:
    clock = moments.clock_of(parts[0].dtype)
    values = _copied([_there(part.to_physical()).to_numpy() for part in parts])
    rising = numbers.is_rising(values)
    found = numbers.ordered(values)
    most = detail.values if found.distinct <= MOST_VALUES else detail.few
    top = _top(found, most, clock.text)
    column = replace(
        _topped(blank, blank.n, top), rising=rising, distinct=found.distinct,
        moments=moments.facts(found, clock, detail.levels),
    )  # fmt: skip
    return Block(column, _keys(found) if detail.keys else None)


# -- texts and the rest ------------------------------------------------------------------


def _texts(blank: Column, series: "pl.Series", detail: Detail) -> Block:
    counted = texts.counted(series, detail.values)
    found = texts.facts(series, counted)
    top = tops.of_counted(counted.values, counted.distinct, detail.values)
    column = replace(
        _topped(blank, blank.n, top), distinct=counted.distinct, lengths=found.lengths,
        buckets=_buckets(counted, len(top.values)),
        numeric_texts=found.numeric, moment_texts=found.moments,
        padded_texts=found.padded, broken_texts=found.broken,
    )  # fmt: skip
    return Block(column, texts.keys(series, MOST_KEYS) if detail.keys else None)


def _buckets(counted: texts.Counted, kept: int) -> tuple[int, ...]:
    """Return the rows by bucket, where values are not kept and all are known."""
    if not kept < counted.distinct == counted.values.height:
        return ()
    values = map(tops.shortened, counted.values["value"])
    return tuple(buckets.counted(values, counted.values["count"]).tolist())


def _measured(blank: Column, series: "pl.Series") -> Column:
    """Return what can be said of values that are not looked into."""
    import polars as pl

    sizes = None
    if isinstance(series.dtype, pl.List):
        sizes = series.list.len()
    elif isinstance(series.dtype, pl.Array):
        sizes = series.arr.len()
    elif series.dtype == pl.Binary:
        sizes = series.bin.size()
        blank = replace(blank, distinct=series.drop_nulls().n_unique())
    lengths = None if sizes is None else texts.lengths_of(sizes)
    return replace(blank, lengths=lengths, other=blank.n)
