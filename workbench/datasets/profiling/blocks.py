"""The summary of one stretch of a column, of any type, before its role is judged."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from msgspec.structs import replace

from workbench.datasets import table
from workbench.datasets.profile import MOST_VALUES, Column
from workbench.datasets.profiling import grid, moments, numbers, texts, tops
from workbench.datasets.profiling.distinct import MOST_KEYS, Keys, keys_of
from workbench.datasets.profiling.numbers import Sorted
from workbench.datasets.profiling.tops import FEW_VALUES, Top

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


def block(name: table.Column, series: "pl.Series", detail: Detail, *, sensitive: bool) -> Block:
    """Return the summary of a stretch of a column.

    Args:
        name: Its name and type.
        series: The values.
        detail: How finely.
        sensitive: Keep nothing that stands for fewer than five rows.
    """
    rows, nulls = len(series), series.null_count()
    blank = Column(
        name.name, name.type, name.dtype, rows=rows, nulls=nulls, n=rows - nulls,
        sensitive=sensitive,
    )  # fmt: skip
    if name.type in _NUMERIC:
        return _numeric(blank, series, detail)
    if name.type == table.BOOLEAN:
        return _boolean(blank, series, detail)
    if name.type in _MOMENTS:
        return _temporal(blank, series, detail)
    if name.type in _TEXTS:
        return _texts(blank, series, detail)
    return Block(_measured(blank, series))


# -- numbers -----------------------------------------------------------------------------


def _numeric(blank: Column, series: "pl.Series", detail: Detail) -> Block:
    import polars as pl

    unit = 1.0
    if blank.type == table.DURATION:
        unit, series = _seconds(series.dtype), series.to_physical()
    elif not (series.dtype.is_float() or series.dtype.is_integer()) or series.dtype in _wide():
        series = series.cast(pl.Float64)
    values = series.drop_nulls().to_numpy()
    if values.dtype == np.float16:
        values = values.astype(np.float32)
    rising = numbers.is_rising(values)
    found = numbers.ordered(values if unit == 1.0 else values * unit)
    whole = found.values.dtype.kind in "iu"
    most = detail.values if whole or len(found.starts) <= MOST_VALUES else detail.few
    top = tops.of_runs(
        found.values[found.starts], found.times, _number_text, most=most, sensitive=blank.sensitive
    )
    facts = numbers.facts(found, detail.levels, sensitive=blank.sensitive)
    column = replace(
        _topped(blank, len(found.values), top),
        nans=found.nans, plus_infinities=found.plus_infinities,
        minus_infinities=found.minus_infinities, rising=rising, numbers=facts,
        distinct=len(found.starts) + bool(found.plus_infinities) + bool(found.minus_infinities),
    )  # fmt: skip
    return Block(column, _keys(found, detail))


def _wide() -> tuple[Any, ...]:
    """Return the whole numbers numpy has no type for."""
    import polars as pl

    return tuple(getattr(pl, name) for name in ("Int128", "UInt128") if hasattr(pl, name))


def _seconds(dtype: "pl.DataType") -> float:
    return {"ms": 1e-3, "us": 1e-6, "ns": 1e-9}[getattr(dtype, "time_unit", "us")]


def _number_text(value: Any) -> str:
    return str(value + 0.0) if value == 0 and value.dtype.kind == "f" else str(value)


def _keys(found: Sorted, detail: Detail) -> Keys | None:
    if not detail.keys:
        return None
    ends = [np.inf] * bool(found.plus_infinities) + [-np.inf] * bool(found.minus_infinities)
    values: NDArray[Any] = found.values[found.starts]
    return keys_of(np.append(values, np.array(ends, values.dtype)) if ends else values)


def _topped(column: Column, n: int, top: Top) -> Column:
    other = n - sum(count for _, count in top.values)
    return replace(column, n=n, top=top.values, other=other, top_within=top.within)


def _boolean(blank: Column, series: "pl.Series", detail: Detail) -> Block:
    yes = int(series.sum() or 0)
    no = blank.n - yes
    times = np.array([count for count in (no, yes) if count], np.int64)
    values = np.array([value for value, count in ((0, no), (1, yes)) if count], np.int64)
    expanded = Sorted(np.repeat(values, times), np.append(0, np.cumsum(times))[:-1])
    facts = numbers.facts(expanded, detail.levels, sensitive=blank.sensitive)
    top = tops.of_runs(values, times, _boolean_text, sensitive=blank.sensitive)
    column = replace(_topped(blank, blank.n, top), numbers=facts, distinct=len(values))
    return Block(column, keys_of(values) if detail.keys else None)


def _boolean_text(value: Any) -> str:
    return "true" if value else "false"


# -- moments -----------------------------------------------------------------------------


def _temporal(blank: Column, series: "pl.Series", detail: Detail) -> Block:
    clock = moments.clock_of(series.dtype)
    values = series.to_physical().drop_nulls().to_numpy()
    rising = numbers.is_rising(values)
    found = numbers.ordered(values)
    few = len(found.starts) <= MOST_VALUES
    top = tops.of_runs(
        found.values[found.starts], found.times, clock.text,
        most=detail.values if few else detail.few, sensitive=blank.sensitive,
    )  # fmt: skip
    column = replace(
        _topped(blank, blank.n, top), rising=rising, distinct=len(found.starts),
        moments=moments.facts(found, clock, sensitive=blank.sensitive),
    )  # fmt: skip
    return Block(column, _keys(found, detail))


# -- texts and the rest ------------------------------------------------------------------


def _texts(blank: Column, series: "pl.Series", detail: Detail) -> Block:
    counted = texts.counted(series)
    found = texts.facts(counted)
    top = tops.of_counted(counted, most=detail.values, sensitive=blank.sensitive)
    column = replace(
        _topped(blank, blank.n, top), distinct=counted.height, lengths=found.lengths,
        numeric_texts=found.numeric, padded_texts=found.padded, broken_texts=found.broken,
    )  # fmt: skip
    if not detail.keys or counted.height > MOST_KEYS:
        return Block(column)
    return Block(column, np.sort(counted["value"].hash(seed=0).to_numpy()))


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
