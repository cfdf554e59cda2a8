"""The rows of a dataset version or of any data file: a page at a time, arranged, found, exported.

What is not Parquet is shown at once by its first rows, while a Parquet copy is made in the local
cache; `Rows.finish` makes it, and from then on every row is there. Sensitive columns leave here
masked: their values are neither read nor compared unless somebody asked for them.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from threading import Lock
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

from workbench.catalogue import data_cells, data_export, data_rows, data_views
from workbench.catalogue.data_files import STOPPABLE, DataFiles
from workbench.catalogue.data_views import Arrangement, Only, SortBy, View
from workbench.clock import SYSTEM
from workbench.datasets.fields import MASK
from workbench.datasets.manifest import Manifest
from workbench.datasets.table import Column
from workbench.errors import UsageError
from workbench.filters import parse_rows
from workbench.filters.tree import RowNode
from workbench.operations.datasets.row_filters import require_unmasked
from workbench.operations.datasets.row_source import (
    Opened,
    files_after_copying,
    files_at_once,
    open_source,
)
from workbench.operations.session import Session

BLOCK: Final = 1000
"""Rows fetched at once: of scattered ones a thousand cost hardly more than a hundred."""
_BLOCKS_KEPT: Final = 16


class Order(NamedTuple):
    """Which rows somebody wants, and in which order."""

    filter: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    """Names of columns, and whether the largest come first."""
    only: Only = ""
    columns: tuple[str, ...] = ()
    """The columns that `only` is about; all where there are none, and of those that repeat all
    that are shown."""


class Row(NamedTuple):
    """A row and some of its values."""

    number: int
    """Its number among all rows, from 0."""
    values: tuple[Any, ...]
    """As `workbench.operations.datasets.row_words.words_of` reads them; `MASK` where masked."""


class Rows:
    """The rows of one table; any thread may ask. A context manager that lets go of the files."""

    def __init__(self, opened: Opened, clock: Callable[[], float], *, unmask: bool) -> None:
        self._opened = opened
        self._clock = clock
        self._files, self.complete = files_at_once(opened)
        """``complete``: every row is there, not only the first."""
        self._past: list[DataFiles] = []
        self._homes: dict[str, DataFiles] = {}
        """Views to the files they are of: those made before `finish` are of the first rows."""
        self._blocks: OrderedDict[tuple[object, ...], tuple[Row, ...]] = OrderedDict()
        self._fetching = Lock()
        self.unmasked = unmask
        self.title = opened.title
        self.sensitive = opened.sensitive

    # ------------------------------------------------------------ what there is

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return the columns; types of a file still being read may widen."""
        return tuple(reading.column for reading in self._files.readings)

    @property
    def count(self) -> int | None:
        """Return how many rows there are; None while nobody has counted."""
        return self._files.rows if self.complete else None

    @property
    def at_hand(self) -> int:
        """Return how many rows can be looked at now."""
        return self._files.rows

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Return what was found out about how to read the file."""
        return self._opened.table.said

    @property
    def format(self) -> str:
        """Return the format's word."""
        return self._opened.table.format

    @property
    def doubt(self) -> str:
        """Return in words why these may not be the rows that were registered; empty if they are."""
        return self._opened.doubt

    @property
    def masked(self) -> frozenset[str]:
        """Return the columns whose values are not shown."""
        return frozenset() if self.unmasked else self.sensitive

    def show_sensitive(self, *, shown: bool) -> None:
        """Show the values of sensitive columns, or mask them again."""
        self.unmasked = shown

    def finish(
        self,
        on_rows: Callable[[int], None] = lambda _rows: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        """Read a file that is no Parquet to its end, so that every row is there.

        Args:
            on_rows: Told how many rows are read so far.
            stopped: Asked now and then whether to stop.

        Raises:
            FormatError: It cannot be read to its end; the rows at hand stay.
            StoppedError: `stopped` said so.
        """
        if self.complete:
            return
        files = files_after_copying(self._opened, on_rows, stopped)
        with self._fetching:
            self._past.append(self._files)
            self._files, self.complete = files, True
            self._blocks.clear()

    # ------------------------------------------------------------ pages

    def page(
        self,
        start: int,
        n: int,
        view: View | None = None,
        columns: Sequence[str] | None = None,
        *,
        whole: bool = False,
    ) -> tuple[Row, ...]:
        """Return rows of a view.

        Args:
            start: The first of them, from 0.
            n: How many, if there are so many.
            view: What was arranged; None for all rows in their order.
            columns: Whose values; of all columns where None.
            whole: Read long texts to their end, not only what a line has room for.

        Raises:
            FormatError: The files cannot be read any more, or have changed.
        """
        shown = self._wanted(columns, whole=whole)
        stop = min(start + n, view.rows if view is not None else self._files.rows)
        found: list[Row] = []
        for number in range(start // BLOCK, -(-stop // BLOCK)):
            block = self._block(view, number, shown)
            first = number * BLOCK
            found += block[max(start - first, 0) : stop - first]
        return tuple(found)

    def _block(self, view: View | None, number: int, wanted: data_rows.Wanted) -> tuple[Row, ...]:
        key = (view.table if view is not None else "", number, wanted)
        with self._fetching:
            if key in self._blocks:
                self._blocks.move_to_end(key)
                return self._blocks[key]
            start = number * BLOCK
            found = data_rows.page(self._home(view), view, start, start + BLOCK, wanted)
            block = tuple(Row(row[0], row[1:]) for row in found)
            self._blocks[key] = block
            while len(self._blocks) > _BLOCKS_KEPT:
                self._blocks.popitem(last=False)
            return block

    def row(self, number: int, columns: Sequence[str] | None = None) -> tuple[Any, ...]:
        """Return the values of one row, by its number among all, whole.

        Raises:
            FormatError: The files cannot be read any more, or have changed.
        """
        return data_rows.whole(self._files, number, self._wanted(columns, whole=True))

    def _wanted(self, columns: Sequence[str] | None, *, whole: bool = False) -> data_rows.Wanted:
        places = self._places(columns) if columns is not None else range(len(self.columns))
        letters = data_rows.LONGEST_VALUE if whole else data_cells.LETTERS_SHOWN
        return data_rows.Wanted(tuple(places), self._hidden, MASK, letters)

    @property
    def _hidden(self) -> frozenset[int]:
        masked = self.masked
        return frozenset(p for p, column in enumerate(self.columns) if column.name in masked)

    def _places(self, names: Sequence[str]) -> tuple[int, ...]:
        known = {column.name: place for place, column in enumerate(self.columns)}
        for name in names:
            if name not in known:
                raise UsageError(f"There is no column {name!r}.")
        return tuple(known[name] for name in names)

    # ------------------------------------------------------------ arranging

    def read_filter(self, text: str) -> RowNode | None:
        """Return what a filter means.

        Raises:
            FilterError: It cannot be read, or asks about what is masked.
        """
        node = parse_rows(text, self.columns)
        if node is not None:
            require_unmasked(node, self.masked, text)
        return node

    def arrange(self, order: Order) -> View | None:
        """Answer which rows are wanted in which order; None where it was stopped.

        Raises:
            FilterError: The filter cannot be read, or asks about what is masked.
            UsageError: There is no such column, or it is masked.
            FormatError: The files cannot be read any more, or have changed.
        """
        self._require_shown([name for name, _ in order.sort], "its order would tell its values")
        files = self._files
        files.stop("arrange")
        view = data_views.arrange(files, self._arrangement(order))
        if view is not None and view.table:
            self._homes[view.table] = files
        return view

    def _require_shown(self, names: Sequence[str], why: str) -> None:
        for name in names:
            if name in self.masked:
                raise UsageError(
                    f"{name} is masked, and {why}.", hint="Show the masked columns first."
                )

    def _about(self, order: Order) -> Sequence[str]:
        """Return the columns that `Order.only` is about; a masked one may be asked for nulls only.

        Raises:
            UsageError: Rows that repeat are asked of what is masked.
        """
        if order.only != "duplicates" or not self.masked:
            return order.columns
        self._require_shown(order.columns, "rows that repeat would tell its values")
        shown = [one.name for one in self.columns if one.name not in self.masked]
        if not shown:
            raise UsageError("Every column is masked.", hint="Show the masked columns first.")
        return order.columns or shown

    def _home(self, view: View | None) -> DataFiles:
        return self._homes.get(view.table, self._files) if view is not None else self._files

    def matching(self, text: str) -> int | None:
        """Return how many rows a filter matches; None where another was asked meanwhile.

        Raises:
            FilterError: It cannot be read, or asks about what is masked.
        """
        self._files.stop("count")
        wanted = self._arrangement(Order(filter=text))
        return self._files.rows if wanted.where is None else data_views.count(self._files, wanted)

    def _arrangement(self, order: Order) -> Arrangement:
        names = [name for name, _ in order.sort]
        sort = zip(self._places(names), (largest for _, largest in order.sort), strict=True)
        return Arrangement(
            where=self.read_filter(order.filter),
            sort=tuple(SortBy(place, descending) for place, descending in sort),
            only=order.only,
            places=self._places(self._about(order)),
            text=order.filter,
            now=self._clock(),
            hidden=self._hidden,
        )

    def find(self, number: int, view: View | None = None) -> int | None:
        """Return where a row, by its number among all, stands in a view; None where it does not."""
        shown = view or View("", self._files.rows)
        return data_views.position(self._home(view), shown, number)

    def values(self, name: str) -> list[str]:
        """Return the most frequent values of a column among the first rows; none of a masked one.

        Raises:
            FormatError: The files cannot be read any more.
        """
        if name in self.masked:
            return []
        return data_rows.values(self._files, self._places([name])[0])

    def forget(self, view: View) -> None:
        """Let go of a view that is not looked at any more."""
        data_views.drop(self._home(view), view)
        self._homes.pop(view.table, None)

    def stop(self) -> None:
        """Stop what is being arranged, counted or exported."""
        for what in STOPPABLE:
            self._files.stop(what)

    # ------------------------------------------------------------ taking along

    def export(
        self, view: View | None, path: Path, columns: Sequence[str], form: data_export.Form = "csv"
    ) -> bool:
        """Write the rows of a view to a new file, masked as they are shown; False where stopped.

        Raises:
            FormatError: The data cannot be read, or the file not be written.
        """
        shown = view or View("", self._files.rows)
        return data_export.export(self._home(view), shown, path, self._wanted(columns), form)

    def close(self) -> None:
        """Let go of the files and of everything written aside."""
        for files in (*self._past, self._files):
            files.close()
        rmtree(self._opened.scratch, ignore_errors=True)

    def __enter__(self) -> Self:
        """Return the rows."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Let go of the files."""
        self.close()


def open_rows(
    session: Session | None,
    source: Manifest | Path,
    *,
    options: Mapping[str, str] | None = None,
    unmask: bool = False,
) -> Rows:
    """Open the rows of a dataset version, or of any file or folder with no workspace at all.

    Args:
        session: The workspace a version is in; None for a file.
        source: A version, or where the data is.
        options: How to read a file, where that is not to be found out.
        unmask: Show the values of sensitive columns.

    Raises:
        NotFoundError: There is nothing, or its files are away or have changed since.
        FormatError: It is no table, or cannot be read.
    """
    clock = (session.clock if session is not None else SYSTEM).now
    return Rows(open_source(session, source, options or {}, clock()), clock, unmask=unmask)
