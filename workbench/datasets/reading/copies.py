"""Parquet copies of other formats, kept in the local cache and never in a workspace.

A copy is known by everything that tells it from another: paths, sizes, times, inodes and reading
options. It appears whole or not at all, so that processes share a cache without speaking. What
was not used for longest goes first when there is too much.

    <cache>/columnar/<key>/part-00000.parquet …   the rows
    <cache>/columnar/<key>/table.json             format and what was found out
    <cache>/columnar/<key>/used                   its time is that of the last use
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from workbench.datasets.reading.arrow import ArrowTable
from workbench.datasets.reading.columnar import columnar
from workbench.datasets.reading.faults import reason, shown
from workbench.datasets.reading.frames import FrameTable
from workbench.datasets.reading.parquet import ColumnarTable, open_parquet, table_of
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.tables import open_table
from workbench.datasets.table import Table
from workbench.durable import temp_name
from workbench.errors import FormatError

FOLDER: Final = "columnar"
LIMIT: Final = 4_000_000_000
"""Bytes of all copies together; one that is larger alone stays until the next is made."""
_VERSION: Final = 1
"""Raised when the same file would be read otherwise than before."""
_CARD, _USED = "table.json", "used"
_ABANDONED_S: Final = 24 * 3600
"""After this long a copy in the making has lost its maker."""


def cached_copy(
    path: Path | Sequence[Path],
    options: Mapping[str, str],
    cache: Path,
    *,
    base: Path | None = None,
    on_rows: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    limit: int = LIMIT,
) -> ColumnarTable | FrameTable:
    """Return a table as Parquet, from the cache where it is there already.

    Args:
        path: As of `open_table`.
        options: As of `open_table`.
        cache: A folder on this machine; the copies are in a folder of it.
        base: The folder that paths are relative to.
        on_rows: Told how many rows are read so far, while a copy is made.
        stopped: Asked now and then whether to stop.
        limit: Bytes of all copies together.

    Raises:
        NotFoundError: There is nothing at the path.
        FormatError: It cannot be read, or there is no room for the copy.
        StoppedError: `stopped` said so.
    """
    table = open_table(path, options=options, base=base)
    return copy_of(table, options, cache, on_rows=on_rows, stopped=stopped, limit=limit)


def known_copy(table: Table, options: Mapping[str, str], cache: Path) -> ColumnarTable | None:
    """Return the copy of an open table that is in the cache already; None where there is none."""
    if not isinstance(table, RowTable | ArrowTable):
        return None
    return _known(cache / FOLDER / _key(table, options))


def copy_of(
    table: Table,
    options: Mapping[str, str],
    cache: Path,
    *,
    on_rows: Callable[[int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
    limit: int = LIMIT,
) -> ColumnarTable | FrameTable:
    """Return an open table as Parquet, as `cached_copy` does."""
    if not isinstance(table, RowTable | ArrowTable):
        return columnar(table, cache)
    home = cache / FOLDER
    place = home / _key(table, options)
    if (known := _known(place)) is not None:
        return known
    with _room(shown(table.stamps[0].path)):
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".new-{temp_name(os.urandom(8).hex())}"
        try:
            made = columnar(
                table, draft, on_rows=on_rows or (lambda _rows: None),
                stopped=stopped or (lambda: False),
            )  # fmt: skip
            card = {"format": made.format, "said": made.said, "rows": made.rows}
            (draft / _CARD).write_text(json.dumps(card), encoding="utf-8")
            (draft / _USED).touch()
            _sweep(home, limit, keep=draft)
            _publish(draft, place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    known = _known(place)
    if known is None:
        raise FormatError("The cache of Parquet copies cannot be read.", hint="Clear the cache.")
    return known


@contextmanager
def _room(name: str) -> Iterator[None]:
    import polars as pl

    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FormatError(
            f"{name} cannot be copied to the cache: {reason(error)}.",
            hint="Make room, or set another cache folder.",
        ) from None


def _key(table: RowTable | ArrowTable, options: Mapping[str, str]) -> str:
    """Return what tells a copy from every other."""
    files = [[os.fspath(one.path.resolve()), *one.stamp[:3]] for one in table.stamps]
    facts = [_VERSION, table.format, sorted(options.items()), files]
    return sha256(json.dumps(facts).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _known(place: Path) -> ColumnarTable | None:
    """Return the copy at a place; None where there is none, or it is damaged."""
    try:
        card = json.loads((place / _CARD).read_text(encoding="utf-8"))
        files = [open_parquet(path) for path in sorted(place.glob("part-*.parquet"))]
        with suppress(OSError):
            os.utime(place / _USED)
        said = tuple((str(name), str(value)) for name, value in card["said"])
        table = replace(table_of(files), format=str(card["format"]), said=said)
        return table if files and table.rows == card["rows"] else None
    except (OSError, ValueError, KeyError, TypeError, FormatError):
        return None


def _publish(draft: Path, place: Path) -> None:
    """Give a finished copy its name; somebody else's of the same name is as good."""
    try:
        draft.rename(place)
    except OSError:
        if _known(place) is None:  # a damaged one stands in the way
            shutil.rmtree(place, ignore_errors=True)
            draft.rename(place)


def _sweep(home: Path, limit: int, keep: Path) -> None:
    """Take away copies used longest ago until the rest fits, and what nobody will finish."""
    now = (keep / _USED).stat().st_mtime
    total = _size(keep)
    for used, size, place in sorted(_copies(home, keep, now), reverse=True):
        total += size
        if total > limit or used < 0:
            gone = place.with_name(f".gone-{place.name.lstrip('.')}")
            with suppress(OSError):  # open in another process on Windows: next time
                place.rename(gone)
                shutil.rmtree(gone, ignore_errors=True)


def _copies(home: Path, keep: Path, now: float) -> Iterator[tuple[float, int, Path]]:
    """Yield last use, size and place of each copy; of an abandoned draft the use is negative."""
    for place in home.iterdir():
        if place == keep:
            continue
        with suppress(OSError):
            if place.name.startswith("."):
                if now - place.stat().st_mtime > _ABANDONED_S or place.name.startswith(".gone-"):
                    yield -1.0, 0, place
            else:
                yield (place / _USED).stat().st_mtime, _size(place), place


def _size(place: Path) -> int:
    return sum(one.stat().st_size for one in place.iterdir())
