"""Rows sorted into buckets by their key, so that each bucket fits into memory whatever the table.

Rows with equal keys are always in one bucket: what is true of every bucket on its own is true of
the table. Small tables stay in memory; larger ones go through a folder that is handed in.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Final, Self

from workbench.errors import WorkbenchError
from workbench.words import visible

if TYPE_CHECKING:
    import polars as pl

IN_MEMORY: Final = 128 << 20
"""Bytes that are kept before anything is written."""
_SEED: Final = 7


class Buckets:
    """Frames of one schema, sorted into `count` buckets by the hash of some of their columns."""

    def __init__(
        self, by: Sequence[str], *, count: int, scratch: Path | None = None, memory: int = IN_MEMORY
    ) -> None:
        """Know the columns.

        Args:
            by: Columns whose values decide on the bucket.
            count: How many buckets.
            scratch: Where rows go that do not fit into memory; without it all stay there.
            memory: Bytes that are kept before anything is written.
        """
        self._by = tuple(by)
        self.count = count
        self._scratch = scratch
        self._memory = memory
        self._folder: Path | None = None
        self._waiting: list[list[pl.DataFrame]] = [[] for _ in range(count)]
        self._sizes = [0] * count
        self._written = [0] * count
        self._empty: pl.DataFrame | None = None

    def add(self, frame: "pl.DataFrame") -> None:
        """Put rows into their buckets.

        Raises:
            WorkbenchError: There is no room for them.
        """
        import polars as pl

        if self._empty is None:
            self._empty = frame.clear()
        if self.count == 1:
            self._put(0, frame)
            return
        place = pl.struct(self._by).hash(_SEED) % self.count
        for (number,), rows in (
            frame.with_columns(place.alias("\0"))
            .partition_by("\0", as_dict=True, include_key=False)
            .items()
        ):
            self._put(int(number), rows)

    def _put(self, number: int, rows: "pl.DataFrame") -> None:
        size = int(rows.estimated_size())
        self._waiting[number].append(rows)
        self._sizes[number] += size
        if self._scratch is not None and self.count > 1 and sum(self._sizes) > self._memory:
            for full in [at for at, size in enumerate(self._sizes) if size > 0]:
                self._write(full)

    def _write(self, number: int) -> None:
        import polars as pl

        try:
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix="rows-", dir=self._scratch))
            path = self._folder / f"{number}-{self._written[number]}.arrow"
            pl.concat(self._waiting[number]).write_ipc(path, compression="lz4")
        except (OSError, pl.exceptions.PolarsError) as error:
            self.close()
            reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
            raise WorkbenchError(
                f"The rows could not be kept in a temporary folder: {visible(reason)}.",
                hint="Free some space, or name another cache folder in $WORKBENCH_CACHE.",
            ) from None
        self._waiting[number] = []
        self._sizes[number] = 0
        self._written[number] += 1

    def parts(self, number: int, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Yield the rows of a bucket in the order they came, some at a time.

        Args:
            number: Of the bucket, from 0.
            columns: Those that are wanted; default all.
        """
        import polars as pl

        names = None if columns is None else list(columns)
        if self._folder is not None:
            for part in range(self._written[number]):
                yield pl.read_ipc(self._folder / f"{number}-{part}.arrow", columns=names)
        for rows in self._waiting[number]:
            yield rows if names is None else rows.select(names)

    def take(self, number: int, columns: Sequence[str] | None = None) -> "pl.DataFrame | None":
        """Return all rows of a bucket, in the order they came; None while no row came at all."""
        import polars as pl

        parts = list(self.parts(number, columns))
        if parts:
            return pl.concat(parts)
        if self._empty is None:
            return None
        return self._empty if columns is None else self._empty.select(columns)

    def __iter__(self) -> "Iterator[pl.DataFrame]":
        """Yield the rows of one bucket after the other; those without any are left out."""
        for number in range(self.count):
            rows = self.take(number)
            if rows is not None and rows.height:
                yield rows

    def close(self) -> None:
        """Remove what was written."""
        if self._folder is not None:
            with suppress(OSError):
                rmtree(self._folder)
        self._folder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
