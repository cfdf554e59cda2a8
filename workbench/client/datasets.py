"""What can be said of a dataset with what the script has at hand.

Tables are recognised by what they offer, never imported: pandas, polars and
Arrow are here exactly if the caller has them. What needs a library the caller
does not have stays None, for whoever reads to fill in.
"""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.client.checks import whole_text
from workbench.client.notice import tell
from workbench.errors import NotFoundError, UsageError
from workbench.runfolder import checked_name

_CHUNK = 1 << 20
_SLOW_BYTES = 2 << 30
"""From here a person wonders why the script waits; about 2 s of hashing a gigabyte."""
_MOST_CSV_BYTES = 64 << 20
"""Of a CSV whose rows are counted here, at about 100 MB a second."""
_MOST_CELLS = 20_000_000
"""Of a table that is hashed: about 2 seconds."""
_MOST_COLUMNS = 2000
_CSV_SEPARATORS = {".csv": ",", ".tsv": "\t"}


def describe(data: Any, name: str | None, role: str, workspace: Path) -> dict[str, Any]:
    """Return name, role, path, hash, rows and columns of a dataset.

    Raises:
        NotFoundError: There is nothing at the path.
        UsageError: It is neither a path nor a table.
    """
    if isinstance(data, str | os.PathLike):
        own, facts = _of_path(os.fspath(data), workspace)
    else:
        own, facts = "dataset", _of_table(data)
    title = checked_name(whole_text(own) if name is None else name, "dataset")
    return {"name": title, "role": role, **facts}


# -- files -------------------------------------------------------------------------------


def _of_path(text: str, workspace: Path) -> tuple[str, dict[str, Any]]:
    if "://" in text:  # an address: nothing is fetched to describe it
        name = text.rstrip("/").rpartition("/")[2].partition("?")[0]
        return name or "dataset", _facts(text.partition("?")[0])
    path = Path(text)
    if not path.exists():
        raise NotFoundError(f"There is no dataset at {text}.", hint="Log it once it is there.")
    files = _files(path)
    _warn_if_slow(path, sum(file.stat().st_size for file in files))
    if path.is_dir():
        return path.resolve().name, _facts(_shown(path, workspace), hash_=_hash_folder(path, files))
    rows, columns = _csv_shape(path)
    facts = _facts(_shown(path, workspace), _hash_file(path), rows, columns)
    return path.stem, facts


def hash_of_path(path: Path) -> str:
    """Return the hash a script would record of a file or folder now.

    Raises:
        OSError: It is not there, or is neither file nor folder.
    """
    if path.is_dir():
        return _hash_folder(path, _files(path))
    if path.exists() and not path.is_file():
        raise FileNotFoundError(path)  # a pipe or a device would be read for ever
    return _hash_file(path)


def _files(path: Path) -> list[Path]:
    return sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]


def _facts(
    path: str | None = None,
    hash_: str | None = None,
    rows: int | None = None,
    columns: list[list[str]] | None = None,
) -> dict[str, Any]:
    shown = None if path is None else whole_text(path)
    return {"path": shown, "hash": hash_, "rows": rows, "columns": columns}


def _shown(path: Path, workspace: Path) -> str:
    """Return a path below the workspace as relative, so that the workspace can move."""
    full = path.resolve()
    try:
        return full.relative_to(workspace.resolve()).as_posix()
    except ValueError:
        return full.as_posix()


def _warn_if_slow(path: Path, size: int) -> None:
    if size >= _SLOW_BYTES:
        tell(f"hashing {path} ({size / (1 << 30):.1f} GB) before the script goes on")


def _hash_file(path: Path) -> str:
    from hashlib import sha256  # noqa: PLC0415 - dear at import

    digest = sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return f"sha256:{digest.hexdigest()}"


def _hash_folder(folder: Path, files: list[Path]) -> str:
    """Return the hash of the names and hashes of all files, in order of name."""
    from hashlib import sha256  # noqa: PLC0415 - dear at import

    digest = sha256()
    for file in files:
        name = file.relative_to(folder).as_posix()
        digest.update(f"{name}\n{_hash_file(file)}\n".encode("utf-8", "surrogateescape"))
    return f"sha256:{digest.hexdigest()}"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _csv_shape(path: Path) -> tuple[int | None, list[list[str]] | None]:
    """Return rows and columns of a CSV file; types are left open."""
    separator = _CSV_SEPARATORS.get(path.suffix.lower())
    if separator is None:
        return None, None
    small = path.stat().st_size <= _MOST_CSV_BYTES
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=separator)
            header = next(reader, [])
            rows = sum(1 for row in reader if row) if small else None
    except (UnicodeDecodeError, csv.Error):
        return None, None
    return rows, [[whole_text(name), ""] for name in header[:_MOST_COLUMNS]]


# -- tables ------------------------------------------------------------------------------


def _of_table(data: Any) -> dict[str, Any]:
    kind = type(data).__module__.partition(".")[0]
    shape = getattr(data, "shape", None)
    if not isinstance(shape, tuple) or not shape:
        raise UsageError(
            f"A dataset is a path or a table, not a {type(data).__name__}.",
            hint="Pass a path, or a pandas, polars or Arrow table.",
        )
    columns = _columns(data)
    cells = int(shape[0]) * max(1, len(columns or ()))
    hash_ = _hash_table(kind, data, columns) if cells <= _MOST_CELLS else None
    return _facts(hash_=hash_, rows=int(shape[0]), columns=columns)


def _columns(data: Any) -> list[list[str]] | None:
    """Return names and types of a table's columns; None for a bare array."""
    schema = getattr(data, "schema", None)
    if schema is not None and hasattr(schema, "names") and hasattr(schema, "types"):
        names, types = schema.names, schema.types
        names, types = (
            (names() if callable(names) else names),
            (types() if callable(types) else types),
        )
    elif hasattr(data, "columns") and hasattr(data, "dtypes"):
        names, types = list(data.columns), list(data.dtypes)
    elif hasattr(data, "name") and hasattr(data, "dtype"):
        names, types = [data.name], [data.dtype]
    else:
        return None
    pairs = zip(names, types, strict=False)
    return [[whole_text(str(name)), whole_text(str(type_))] for name, type_ in pairs][
        :_MOST_COLUMNS
    ]


def _hash_table(kind: str, data: Any, columns: list[list[str]] | None) -> str | None:
    """Return the hash of a table's schema and content, or None where that is not cheap.

    The schema, then what the library itself offers: pandas and polars hash their rows,
    Arrow writes its stream, an array its bytes.
    """
    import json  # noqa: PLC0415
    from hashlib import sha256  # noqa: PLC0415 - dear at import

    digest = sha256(json.dumps(columns).encode())
    try:
        for part in _content(kind, data):
            digest.update(part)
    except Exception:  # noqa: BLE001 - cells of any kind may refuse; then it has no hash, and says so
        return None
    return f"sha256:{digest.hexdigest()}"


def _content(kind: str, data: Any) -> Iterator[Any]:
    if kind == "pandas":
        yield sys.modules["pandas"].util.hash_pandas_object(data, index=False).to_numpy().tobytes()
    elif kind == "polars":
        from array import array  # noqa: PLC0415

        rows = data.hash_rows(0) if hasattr(data, "hash_rows") else data.hash(0)
        yield array("Q", rows.to_list()).tobytes()
    elif kind == "pyarrow":
        table = data.combine_chunks() if hasattr(data, "combine_chunks") else data
        for batch in table.to_batches():
            yield batch.serialize()
    else:
        yield repr((data.dtype, data.shape)).encode()
        yield data.tobytes()
