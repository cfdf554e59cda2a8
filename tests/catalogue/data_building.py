"""Data files opened for reading rows, with every kind of value in them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from workbench.catalogue.data_files import DataFiles, Source, SourceFile
from workbench.catalogue.data_rows import Wanted, page
from workbench.catalogue.data_views import Arrangement, arrange
from workbench.datasets.reading import frame_columns
from workbench.filters import parse_rows

NOW = 1_709_251_200.0
"""The first moment of March 2024."""
NAN, INF = float("nan"), float("inf")


def every_kind() -> pl.DataFrame:
    """Return eight rows with a column of every kind; the sixth has nothing but nulls."""
    first, zone = datetime(2024, 3, 1, tzinfo=UTC).replace(tzinfo=None), "Europe/Berlin"
    moments = [first + timedelta(hours=6 * k) for k in range(8)]
    columns: dict[str, pl.Series] = {
        "whole": pl.Series([0, 1, -1, 2**53, 2**53 + 1, None, 2**63 - 1, -(2**63)]),
        "small": pl.Series([0, 1, 2, 3, 4, None, 6, 7], dtype=pl.UInt8),
        "real": pl.Series([0.0, -0.0, 1.5, NAN, INF, None, -INF, 1e300]),
        "single": pl.Series([0.1, 0.2, 1e30, NAN, INF, None, -1.0, 2.5], dtype=pl.Float32),
        "exact": pl.Series([Decimal(x) if x else None for x in
                            ("0.10", "0.20", "0.30", "1.12", "1.13", None, "-0.10", "9.99")],
                           dtype=pl.Decimal(18, 2)),
        "text": pl.Series(["Berlin", "berlin", "", "null", "a%b_c", None, "Ünder", "x'y\"z`"]),
        "kind": pl.Series(["a", "b", "a", "b", "a", None, "a", "b"], dtype=pl.Categorical),
        "ok": pl.Series([True, False, True, False, True, None, True, False]),
        "day": pl.Series([*(date(2024, 3, k + 1) for k in range(5)), None, date(9999, 12, 31),
                          date(1, 1, 1)]),
        "at": pl.Series([*moments[:5], None, *moments[6:]], dtype=pl.Datetime("us")),
        "fine": pl.Series([*moments[:5], None, *moments[6:]], dtype=pl.Datetime("ns")),
        "zoned": pl.Series([*(m.replace(tzinfo=UTC) for m in moments[:5]), None,
                            *(m.replace(tzinfo=UTC) for m in moments[6:])],
                           dtype=pl.Datetime("us", zone)),
        "clock": pl.Series([time(k, 30) for k in range(5)] + [None, time(23, 59, 59), time(0)]),
        "took": pl.Series([*(timedelta(seconds=k * 1800) for k in range(5)), None,
                           timedelta(days=-1), timedelta(days=400)]),
        "list": pl.Series([[1, 2], [], None, [3], [None], None, [1], [2]]),
        "record": pl.Series([{"a": k, "b": "x"} for k in range(5)] + [None] * 3),
        "bytes": pl.Series([b"\x00\xff", b"", b"a", b"b", b"c", None, b"d", b"e"]),
        "never": pl.Series([None] * 8),
    }  # fmt: skip
    return pl.DataFrame([series.alias(name) for name, series in columns.items()])


def opened(
    folder: Path,
    frames: pl.DataFrame | Sequence[pl.DataFrame],
    *,
    constants: Sequence[Mapping[str, Any]] = (),
    names: Sequence[str] = (),
    row_group_size: int | None = None,
) -> DataFiles:
    """Write frames as files of one table, and open it.

    Args:
        folder: Where.
        frames: One a file.
        constants: What the folder of each file names.
        names: Of the files.
        row_group_size: Rows of a row group.
    """
    parts = [frames] if isinstance(frames, pl.DataFrame) else list(frames)
    files = []
    for number, frame in enumerate(parts):
        path = folder / (names[number] if names else f"part-{number}.parquet")
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path, row_group_size=row_group_size)
        said = constants[number] if constants else {}
        files.append(SourceFile(path, frozenset(frame.columns), said))
    whole = pl.concat(parts, how="diagonal_relaxed")
    for name, value in (constants[0] if constants else {}).items():
        whole = whole.with_columns(pl.lit(value).alias(name))
    return DataFiles(Source(tuple(files), frame_columns(whole)), folder / "spill")


def numbers(files: DataFiles, text: str = "", **wanted: Any) -> list[int]:
    """Return the numbers of the rows an arrangement has, in its order."""
    columns = [reading.column for reading in files.readings]
    where = parse_rows(text, columns)
    view = arrange(files, Arrangement(where=where, text=text, now=NOW, **wanted))
    assert view is not None
    found = [row[0] for row in page(files, view, 0, view.rows, Wanted(()))]
    assert len(found) == view.rows
    return found
