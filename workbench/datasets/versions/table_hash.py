"""The content hash of a table in memory, the same whichever version of a library holds it.

Libraries hash rows for their own joins and promise nothing about the numbers; what is written into
a manifest has to mean the same in years. So what is hashed here are names, types and values.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import polars as pl

_AT_ONCE: Final = 1_000_000
"""Rows of a block. Part of what the hash means: another number makes other hashes."""
_OF_TYPE: Final = ("time_unit", "time_zone", "precision", "scale", "size")


def table_hash(frame: "pl.DataFrame") -> str:
    """Return ``sha256:`` and the hash of a table's names, types and values, in order.

    How the table is cut into chunks does not count; what stands where a value is missing neither.
    """
    kinds = [[name, _kind(kind)] for name, kind in frame.schema.items()]
    digest = sha256(json.dumps([frame.height, kinds]).encode())
    for start in range(0, frame.height, _AT_ONCE):
        for column in frame.slice(start, _AT_ONCE).iter_columns():
            for part in _bytes_of(column):
                digest.update(part)
    return f"sha256:{digest.hexdigest()}"


def _kind(kind: Any) -> list[Any]:
    """Return a type as a list of words and numbers."""
    said = [(name, getattr(kind, name, None)) for name in _OF_TYPE]
    found = [str(kind.base_type().__name__), {name: value for name, value in said if value}]
    if kind.is_nested():
        fields = [[one.name, _kind(one.dtype)] for one in getattr(kind, "fields", ())]
        found += fields or [_kind(kind.inner)]
    return found


def _bytes_of(series: "pl.Series") -> Iterator[bytes]:
    """Yield a column's bytes: what is missing, then the values, texts behind their lengths."""
    import polars as pl

    kind = series.dtype
    yield series.is_null().to_numpy().tobytes()
    if isinstance(kind, pl.Struct):
        for field in kind.fields:
            yield from _bytes_of(series.struct.field(field.name))
    elif isinstance(kind, pl.List | pl.Array):
        lists = series.arr.to_list() if isinstance(kind, pl.Array) else series
        lengths = lists.list.len().fill_null(0)
        yield lengths.cast(pl.Int64).to_numpy().tobytes()
        yield from _bytes_of(lists.filter(lengths > 0).explode())
    elif kind.is_float() or kind.is_temporal() or kind == pl.Boolean or _is_short(kind):
        plain = series.cast(pl.Int8) if kind == pl.Boolean else series.to_physical()
        yield plain.fill_null(0).to_numpy().tobytes()
    elif kind != pl.Null:
        texts = series.cast(pl.String).cast(pl.Binary) if kind != pl.Binary else series
        yield texts.bin.size().fill_null(0).cast(pl.Int64).to_numpy().tobytes()
        yield b"".join(texts.drop_nulls().to_list())


def _is_short(kind: "pl.DataType") -> bool:
    """Say whether it is whole numbers of a width that every library has."""
    import polars as pl

    return kind.is_integer() and kind not in (pl.Int128, getattr(pl, "UInt128", pl.Int128))
