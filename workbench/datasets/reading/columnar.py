"""The same table as Parquet: the one road to rows, profile, rules and row diffs.

A file of rows is read once if its first rows have told the types, else again: the first time
goes on looking after a late value has widened a column, the next time writes. Kinds only ever
widen, so that this ends, nearly always with the second reading.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.datasets.reading.frames import FrameTable
from workbench.datasets.reading.kinds import Kind, joined
from workbench.datasets.reading.parquet import ColumnarTable, open_parquet, table_of
from workbench.datasets.reading.rows import Block, RowTable, told_misfit, values
from workbench.datasets.reading.stamps import require_same
from workbench.datasets.table import Table
from workbench.errors import StoppedError

if TYPE_CHECKING:
    import polars as pl

_COLUMNS_AT_ONCE: Final = 4
_PART_BYTES: Final = 128 << 20
"""Of rows in memory before they become a file."""
_PART_ROWS: Final = 2_000_000
_GROUP_ROWS: Final = 262_144


def _nobody(_rows: int) -> None:
    return


def _never() -> bool:
    return False


def columnar(
    table: Table,
    folder: Path,
    *,
    on_rows: Callable[[int], None] = _nobody,
    stopped: Callable[[], bool] = _never,
) -> "ColumnarTable | FrameTable":
    """Return a table of which any column can be read alone; Parquet comes back as it is.

    Args:
        table: The table.
        folder: An empty folder, or none yet, for the Parquet files.
        on_rows: Told how many rows are read so far; begins anew with a second reading.
        stopped: Asked between blocks whether to stop.

    Raises:
        FormatError: A row cannot be read; nothing useful is in the folder then.
        StoppedError: `stopped` said so.
    """
    if isinstance(table, ColumnarTable | FrameTable):
        return table
    writer = _Writer(folder, on_rows, stopped)
    notes: dict[str, str] = {}
    if isinstance(table, RowTable):
        notes = _write_rows(table, writer)
    else:
        for frame in table.batches():
            writer.add(frame)
    files = [open_parquet(path) for path in writer.finish(table)]
    said = (*table.said, *((("text", why)) for why in notes.values()))
    return replace(table_of(files), format=table.format, said=said)


def _write_rows(table: RowTable, writer: "_Writer") -> dict[str, str]:
    """Write all rows; return why columns became text."""
    kinds = dict(table.source.kinds)
    notes: dict[str, str] = {}
    with ThreadPoolExecutor(_COLUMNS_AT_ONCE) as pool:
        while not _written(table, writer, kinds, notes, pool):
            writer.restart()
    require_same(table.source.stamps)
    return notes


def _written(
    table: RowTable, writer: "_Writer", kinds: dict[str, Kind], notes: dict[str, str],
    pool: Executor,
) -> bool:  # fmt: skip
    """Write all rows, or look at all of them once one did not fit; say which."""
    whole = True
    for block in table.source.blocks():
        fitted = _fitted(block, kinds, notes, pool)
        whole = whole and fitted is not None
        if whole and fitted is not None:
            writer.add(fitted)
        else:
            writer.looked_at(block.rows)
    return whole


def _fitted(
    block: Block, kinds: dict[str, Kind], notes: dict[str, str], pool: Executor
) -> "pl.DataFrame | None":
    """Return a block in the kinds so far; None where they had to be widened."""
    import polars as pl

    names = tuple(dict.fromkeys((*kinds, *block.names)))
    fits = all(name in kinds for name in names)
    known = [kinds.setdefault(name, Kind.NOTHING) for name in names]
    made = list(pool.map(lambda name, kind: values(block, name, kind), names, known))
    for k, name in enumerate(names):
        if made[k] is None:
            made[k] = _widened(block, name, kinds)
            fits = fits and {known[k], kinds[name]} == {Kind.INTEGER, Kind.LONG}
            if kinds[name] is Kind.TEXT and known[k] is not Kind.NOTHING:
                notes.setdefault(name, told_misfit(block, name, known[k]))
    return pl.DataFrame(made) if fits else None


def _widened(block: Block, name: str, kinds: dict[str, Kind]) -> "pl.Series | None":
    """Return a column in a kind that holds it and all before; text where there is none."""
    kinds[name] = joined(kinds[name], block.kind(name))
    made = values(block, name, kinds[name])
    if made is None:
        kinds[name] = Kind.TEXT
        made = values(block, name, Kind.TEXT)
    return made


class _Writer:
    """Collects frames and writes them as Parquet files of a bounded size."""

    def __init__(
        self, folder: Path, on_rows: Callable[[int], None], stopped: Callable[[], bool]
    ) -> None:
        self._folder = folder
        self._on_rows = on_rows
        self._stopped = stopped
        self._held: list[pl.DataFrame] = []
        self._held_rows = self._held_bytes = self._rows = 0
        self._paths: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def looked_at(self, rows: int) -> None:
        self._rows += rows
        self._on_rows(self._rows)
        if self._stopped():
            raise StoppedError("Reading was stopped.")

    def add(self, frame: "pl.DataFrame") -> None:
        self._held.append(frame)
        self._held_rows += frame.height
        self._held_bytes += int(frame.estimated_size())
        if self._held_bytes >= _PART_BYTES or self._held_rows >= _PART_ROWS:
            self._write()
        self.looked_at(frame.height)

    def restart(self) -> None:
        self._held, self._rows, self._held_rows, self._held_bytes = [], 0, 0, 0
        for path in self._paths:
            path.unlink()
        self._paths = []

    def finish(self, table: Table) -> "Iterable[Path]":
        if self._held or not self._paths:
            self._write(table)
        return self._paths

    def _write(self, table: Table | None = None) -> None:
        import polars as pl

        path = self._folder / f"part-{len(self._paths):05d}.parquet"
        frame = pl.concat(self._held) if self._held else table.head(0) if table else pl.DataFrame()
        frame.write_parquet(
            path, compression="zstd", compression_level=1, row_group_size=_GROUP_ROWS
        )
        self._paths.append(path)
        self._held, self._held_rows, self._held_bytes = [], 0, 0
