"""Everything about one run: the record, its surroundings and its files."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.places import RunPlace, children, numbers, places
from workbench.errors import NotFoundError
from workbench.formats.contract import Reader
from workbench.formats.detect import reader_named
from workbench.operations.datasets.described import filled
from workbench.operations.datasets.lineage import used_as
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session

_TAIL_BYTES = 64 * 1024
_MOST_TEXT = 1 << 20


class Relative(NamedTuple):
    """A run this one belongs to, or that belongs to it."""

    run: int
    run_id: str
    name: str
    status: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One run, opened."""

    record: RunRecord
    folder: Path
    """Where its files are; for one of several in a file, that file."""
    parent: Relative | None
    children: tuple[Relative, ...]
    environment: Mapping[str, Any]
    """What was captured of packages and hardware; empty when nothing was."""
    diff: str
    """Uncommitted changes as text; empty when there are none, cut after 1 MB."""
    console: str
    """The last 64 KB of the console output."""
    registered: Mapping[str, tuple[Ref, ...]]
    """The versions of datasets its data is, by hash; the likeliest first."""


class Table(NamedTuple):
    """The first rows of a file that is a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: bool
    """There are further rows."""


class Preview(NamedTuple):
    """What can be shown of a file: one of text, table or image; else the reason."""

    path: str
    size: int
    text: str = ""
    table: Table | None = None
    image: Path | None = None
    reason: str = ""


def detail(session: Session, run: int) -> RunDetail:
    """Return everything about one run.

    Raises:
        NotFoundError: It is no longer there.
    """
    found = cards(session.catalogue, [run])
    place = _place(session, run)
    if not found:
        raise NotFoundError("This run is no longer in its folder.")
    record = filled(found[0])
    reader, root = _reader(place), _root(session, place)
    texts = reader.texts(root, place.key)
    parent = numbers(session.catalogue, [record.parent]) if record.parent else {}
    return RunDetail(
        record,
        _folder(root, place),
        next(iter(_relatives(session, list(parent.values()))), None),
        _relatives(session, list(children(session.catalogue, record.run_id))),
        _environment(texts.get("environment")),
        _text(texts.get("diff")),
        tail(texts.get("console")),
        used_as(session, ((one.name, one.hash) for one in record.datasets if one.hash)),
    )


def folder(session: Session, run: int) -> Path:
    """Return where the files of a run are, without reading any; of one in a file, that file.

    Raises:
        NotFoundError: It is no longer there.
    """
    place = _place(session, run)
    return _folder(_root(session, place), place)


def artifact(session: Session, run: int, path: str) -> Path:
    """Return where a file of a run is, never outside the run.

    Raises:
        NotFoundError: There is none.
    """
    place = _place(session, run)
    return _reader(place).artifact(_root(session, place), place.key, path)


def preview(session: Session, run: int, path: str, *, rows: int = 200) -> Preview:
    """Return what can be shown of a file of a run; nothing in it is ever executed.

    Raises:
        NotFoundError: There is no such file.
    """
    file = artifact(session, run, path)
    size = file.stat().st_size
    kind = file.suffix.lower()
    if kind in (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"):
        return Preview(path, size, image=file)
    if kind in (".parquet", ".csv", ".tsv"):
        return _table(file, path, size, rows)
    if kind in (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".npy", ".npz", ".bin"):
        return Preview(path, size, reason=f"A {kind} file is never opened here; it could run code.")
    return _plain(file, path, size, kind)


def tail(path: Path | None) -> str:
    """Return the end of a text file, from the first whole line."""
    if path is None:
        return ""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL_BYTES))
            data = file.read(_TAIL_BYTES)
    except OSError as error:
        return f"The console output cannot be read: {error.strerror}."
    if size > _TAIL_BYTES:
        data = data[data.find(b"\n") + 1 :]
    return data.decode("utf-8", "replace")


def _place(session: Session, run: int) -> RunPlace:
    found = places(session.catalogue, [run])
    if not found:
        raise NotFoundError("This run is no longer in its folder.")
    return found[0]


def _reader(place: RunPlace) -> Reader:
    return reader_named(place.format)


def _root(session: Session, place: RunPlace) -> Path:
    return (session.root / place.source_root).resolve()


def _folder(root: Path, place: RunPlace) -> Path:
    """Return the folder of a run, or the file that holds it beside others."""
    return root if root.is_file() else root / place.key.partition("#")[0]


def _relatives(session: Session, runs: list[int]) -> tuple[Relative, ...]:
    return tuple(
        Relative(record.run, record.run_id, record.name, record.status, record.inferred)
        for record in cards(session.catalogue, runs)
    )


def _environment(path: Path | None) -> Mapping[str, Any]:
    text = _text(path)
    try:
        fields = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _text(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return _first(path).decode("utf-8", "replace")
    except OSError:
        return ""


def _first(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_MOST_TEXT)


def _plain(file: Path, path: str, size: int, kind: str) -> Preview:
    data = _first(file)
    if b"\0" in data[:8192]:
        return Preview(path, size, reason="This is a binary file; copy its path to open it.")
    text = data.decode("utf-8", "replace")
    if kind == ".json" and size <= _MOST_TEXT:
        # Shown as it is if it does not decode: half a document is worth a look.
        with suppress(ValueError, RecursionError):
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    more = "\n… only the first megabyte is shown." if size > _MOST_TEXT else ""
    return Preview(path, size, text=text + more)


def _table(file: Path, path: str, size: int, rows: int) -> Preview:
    """Read the first rows of a table with polars, every value as text."""
    import polars as pl

    try:
        if file.suffix.lower() == ".parquet":
            frame = pl.scan_parquet(file).head(rows + 1).collect()
        else:
            separator = "\t" if file.suffix.lower() == ".tsv" else ","
            frame = pl.read_csv(
                file, n_rows=rows + 1, infer_schema=False, separator=separator,
                truncate_ragged_lines=True,
            )  # fmt: skip
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        return Preview(path, size, reason=f"This table cannot be read: {reason}.")
    lines = tuple(
        tuple("" if value is None else str(value) for value in row)
        for row in frame.head(rows).iter_rows()
    )
    return Preview(path, size, table=Table(tuple(frame.columns), lines, len(frame) > rows))
