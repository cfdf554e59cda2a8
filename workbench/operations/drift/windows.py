"""Which part of a log of predictions is read again because files came: the periods they reach into.

What was found of the other periods stands. Where nothing is divided by time there is no such
part, and everything is read.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.drift.part import Part
from workbench.datasets.prediction_rules import TIME
from workbench.errors import FormatError, UsageError

_REMEMBERED: Final = 100_000
_MICROS: Final = 1_000_000


class Reach(NamedTuple):
    """A day, week or month."""

    label: str
    start: float
    """Seconds since 1970 UTC."""
    end: float


class Window(NamedTuple):
    """What is judged."""

    all: bool
    """Everything there is."""
    periods: tuple[Reach, ...] = ()
    """These alone; empty where chunks are not of time."""

    @property
    def said(self) -> str:
        """Return a text that differs for another window."""
        return " ".join(one.label for one in self.periods)

    def touches(self, first: float, last: float) -> bool:
        """Say whether rows from a first to a last moment may lie in it."""
        return any(first < one.end and one.start <= last for one in self.periods)

    def keeps(self, part: Part) -> bool:
        """Say whether a part is judged; of others not every row was read."""
        return not self.periods or any(part.label == one.label for one in self.periods)


def window_of(chunks: str, files: Sequence[Path]) -> Window:
    """Return the window that files reach into.

    Args:
        chunks: As somebody wrote them; empty for all at once.
        files: The prediction files that are new.

    Raises:
        UsageError: They say no times, or cannot be read.
    """
    from workbench.datasets.drift.chunks import FILE, parse_chunks  # noqa: PLC0415 - numpy

    cut = parse_chunks(chunks) if chunks else None
    if cut is None or not (cut.timed or cut.kind == FILE):
        return Window(all=True)
    if not cut.timed:
        return Window(all=False)
    reached = {one for file in files for one in _reached(cut.kind, file)}
    return Window(all=False, periods=tuple(sorted(reached, key=lambda one: one.start)))


def _reached(kind: str, file: Path) -> list[Reach]:
    """Return the periods that the rows of a file lie in."""
    import numpy as np  # noqa: PLC0415 - for this road alone

    from workbench.datasets.drift import periods  # noqa: PLC0415
    from workbench.datasets.drift.times import NONE, Reader, utc_of  # noqa: PLC0415
    from workbench.datasets.reading import open_table  # noqa: PLC0415

    try:
        table = open_table(file)
        column = next((one for one in table.columns if one.name == TIME), None)
        if column is None:
            raise UsageError(f"{file.name} says no times.")
        reader, seen = Reader(column), set[int]()
        for frame in table.batches([TIME]):
            wall = reader.read(frame.get_column(TIME)).wall
            seen.update(np.unique(periods.number_of(kind, wall[wall != NONE])).tolist())
    except FormatError as error:
        raise UsageError(f"{file.name} cannot be read: {error.message}") from None
    found = []
    for number in sorted(seen):
        begin, end = (utc_of(periods.begin_of(kind, k), reader.zone) for k in (number, number + 1))
        found.append(Reach(periods.label_of(kind, number), begin / _MICROS, end / _MICROS))
    return found


def when(file: Path, otherwise: float) -> tuple[float, float]:
    """Return from when to when the rows of a prediction file are, seconds since 1970.

    Args:
        file: The file.
        otherwise: Where it says no times.
    """
    try:
        facts = file.stat()
    except OSError:
        return otherwise, otherwise
    return _ends(str(file), facts.st_mtime_ns, facts.st_size) or (otherwise, otherwise)


@lru_cache(maxsize=_REMEMBERED)
def _ends(path: str, _mtime_ns: int, _size: int) -> tuple[float, float] | None:
    """Return the first and the last moment of a file as it is; remembered while it stays so."""
    import polars as pl

    column = pl.col(TIME)
    try:
        lazy = pl.scan_parquet(path, glob=False)
        if TIME not in lazy.collect_schema().names():
            return None
        low, high = (
            lazy.select(column.min().alias("low"), column.max().alias("high")).collect().row(0)
        )
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None
    first, last = _seconds(low), _seconds(high)
    return None if first is None or last is None else (first, last)


def _seconds(value: object) -> float | None:
    from datetime import UTC, datetime  # noqa: PLC0415

    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.timestamp()
    return float(value) if isinstance(value, int | float) else None
