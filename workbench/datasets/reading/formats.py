"""Which format a file has: told by its first bytes, its ending only where these are plain text.

What cannot be read is named, so that nobody has to guess why; a pickle above all, which runs
what is in it.
"""

import zipfile
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.streams import packing_of, pieces
from workbench.errors import FormatError

PARQUET, CSV, JSON_LINES, ARROW, EXCEL, SQLITE = (
    "parquet", "csv", "json lines", "arrow", "excel", "sqlite",
)  # fmt: skip
ENDINGS: Final = {
    ".parquet": PARQUET, ".pq": PARQUET, ".csv": CSV, ".tsv": CSV, ".tab": CSV, ".txt": CSV,
    ".data": CSV, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".json": JSON_LINES,
    ".arrow": ARROW, ".arrows": ARROW, ".feather": ARROW, ".ipc": ARROW,
    ".xlsx": EXCEL, ".xlsm": EXCEL, ".xlsb": EXCEL, ".xls": EXCEL, ".ods": EXCEL,
    ".sqlite": SQLITE, ".sqlite3": SQLITE, ".db": SQLITE, ".db3": SQLITE,
}  # fmt: skip
PACKED: Final = (".gz", ".gzip", ".zst", ".zstd")
_BINARY: Final = frozenset({PARQUET, ARROW, EXCEL, SQLITE})
_MAGIC: Final = (
    (b"PAR1", PARQUET), (b"PARE", PARQUET), (b"ARROW1", ARROW), (b"\xff\xff\xff\xff", ARROW),
    (b"SQLite format 3\0", SQLITE), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", EXCEL),
)  # fmt: skip
_REFUSED: Final = (
    (b"FEA1", "Feather of the first version"), (b"ORC", "ORC"), (b"Obj\x01", "Avro"),
    (b"\x89HDF", "HDF5"), (b"\x93NUMPY", "a NumPy array"), (b"BZh", "packed with bzip2"),
    (b"\xfd7zXZ", "packed with xz"), (b"7z\xbc\xaf", "a 7z archive"), (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"), (b"\x7fELF", "a program"), (b"MZ\x90", "a program"),
)  # fmt: skip
_PICKLE: Final = tuple(bytes([0x80, version]) for version in (2, 3, 4, 5))
_DUCKDB: Final = slice(8, 12)


class Found(NamedTuple):
    """What a file is."""

    format: str
    packing: str
    """``gzip``, ``zstd`` or empty."""
    note: str = ""
    """What is odd about its name."""


def ending_of(path: Path) -> str:
    """Return a file's ending in lower case, without that of its packing."""
    suffix = path.suffix.lower()
    return Path(path.stem).suffix.lower() if suffix in PACKED else suffix


def format_of(path: Path, chosen: str = "") -> Found:
    """Return which format a file has.

    Args:
        path: The file.
        chosen: What somebody says it is; then only the packing is looked at.

    Raises:
        FormatError: It is empty, or of a format that is not read.
    """
    with told(path):
        packing = packing_of(path)
        head = next(pieces(path, packing, 4096), b"")
    if not head:
        raise FormatError(f"{shown(path)} is empty.", hint="Check what wrote it.")
    named = ENDINGS.get(ending_of(path), "")
    found = chosen or _by_magic(path, head) or _text(path, head, named)
    if packing and found in _BINARY:
        raise FormatError(f"{shown(path)} is {found} packed with {packing}.", hint="Unpack it.")
    odd = named and found != named
    return Found(found, packing, f"{shown(path)} is {found} inside" if odd else "")


def _by_magic(path: Path, head: bytes) -> str:
    for magic, word in _MAGIC:
        if head.startswith(magic):
            return word
    for magic, words in _REFUSED:
        if head.startswith(magic):
            raise _refused(path, words)
    if head.startswith(_PICKLE):
        raise _refused(path, "a pickle, which would run what is in it")
    if head[_DUCKDB] == b"DUCK":
        raise _refused(path, "a DuckDB database")
    return _zip(path) if head.startswith(b"PK\x03\x04") else ""


def _refused(path: Path, what: str) -> FormatError:
    return FormatError(f"{shown(path)} is {what}.", hint="Write it as Parquet or CSV.")


def _zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:10_000])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FormatError(
            f"{shown(path)} begins like Excel or a zip archive, and is cut off or damaged.",
            hint="Fetch or write it again.",
        ) from None
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return EXCEL
    raise FormatError(f"{shown(path)} is a zip archive.", hint="Unpack it.")


def _text(path: Path, head: bytes, named: str) -> str:
    if named in _BINARY:
        raise FormatError(
            f"{shown(path)} is not {named}, as its name says.",
            hint="Say the option format as csv if it is a text table.",
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"[" and named == JSON_LINES:
        raise FormatError(
            f"{shown(path)} is one JSON array, not a JSON object a line.",
            hint="Write one object a line.",
        )
    return JSON_LINES if named == JSON_LINES or (not named and start == b"{") else CSV
