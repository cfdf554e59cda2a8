"""The types inside a skops file, read from its ``schema.json`` without loading anything.

A skops file is a zip whose schema says, node by node, which class is to be made
and how. Reading that is JSON and nothing else; sizes are bounded, because the
file may come from anybody. What the curated list does not know is an extra type.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import RawIOBase
from os import SEEK_SET
from pathlib import Path
from typing import Any, Final

from workbench.errors import FormatError
from workbench.opening import open_plain
from workbench.registry.known_types import BIT_GENERATORS, BY_LOADER, WITHOUT_TYPE
from workbench.words import visible

SCHEMA: Final = "schema.json"
_LARGEST_SCHEMA = 32 << 20
"""Bytes; a forest of 1,000 trees has about 10 million."""
_MOST_PARTS = 2_000_000
"""Lists, tables and what is in them, as their bytes tell: each costs memory and time when read."""
_LARGEST_READ = 8 << 20
"""Bytes asked for at once; the zip's list of members comes in one such piece."""
_MOST_TYPES = 200
_LONGEST_NAME = 200
_SIMPLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
"""LZMA may ask for gigabytes of memory before the first byte."""
_FIRST_PROTOCOL = 0


def extra_types(file: Path) -> tuple[str, ...]:
    """Return the types a skops file names beyond the known ones, sorted, ready to be shown.

    Raises:
        FormatError: It is no skops file, or cannot be looked into within bounds.
    """
    schema = _schema(file)
    first = schema.get("protocol") == _FIRST_PROTOCOL
    found: set[str] = set()
    for node in _nodes(schema):
        found.update(_unknown(node, first=first))
        if len(found) > _MOST_TYPES:
            raise FormatError(f"It names more than {_MOST_TYPES} unknown types.")
    return tuple(sorted(visible(name)[:_LONGEST_NAME] for name in found))


def _schema(file: Path) -> Mapping[str, Any]:
    try:
        with _Bounded(file) as opened, zipfile.ZipFile(opened) as archive:
            schema = json.loads(_member(archive))
    except FormatError:
        raise
    except KeyError:
        raise FormatError(f"It is no skops file: there is no {SCHEMA} in it.") from None
    except RecursionError:
        raise FormatError(f"Its {SCHEMA} is nested too deeply.") from None
    except (
        zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, OverflowError,
        NotImplementedError, RuntimeError, MemoryError,
    ) as problem:  # fmt: skip
        said = visible(str(problem))[:_LONGEST_NAME] or type(problem).__name__
        raise FormatError(f"It is no skops file: {said}.") from None
    if not isinstance(schema, dict) or "__loader__" not in schema:
        raise FormatError(f"It is no skops file: its {SCHEMA} describes no object.")
    return schema


def _member(archive: zipfile.ZipFile) -> bytes:
    info = archive.getinfo(SCHEMA)
    if info.flag_bits & 1:
        raise FormatError("It is encrypted.")
    if info.compress_type not in _SIMPLE:
        raise FormatError("It is compressed in a way that is not looked into.")
    with archive.open(info) as opened:
        data = opened.read(_LARGEST_SCHEMA + 1)
    if len(data) > _LARGEST_SCHEMA:
        raise FormatError(f"Its {SCHEMA} has more than {_LARGEST_SCHEMA >> 20} MB.")
    if sum(map(data.count, (b"[", b"{", b","))) > _MOST_PARTS:
        raise FormatError(f"Its {SCHEMA} has more than {_MOST_PARTS:,} parts.")
    return data


class _Bounded(RawIOBase):
    """A plain file that gives no more at once than a schema needs."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = open(open_plain(str(file)), "rb")  # noqa: SIM115, PTH123 - closed with this

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes; refuse to return many at once."""
        most = _LARGEST_READ + 1
        data = self._file.read(most if size is None or size < 0 else min(size, most))
        if len(data) == most:
            raise FormatError("It is no skops file: its list of members is too long.")
        return data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place."""
        return self._file.tell()

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def readable(self) -> bool:
        """Say yes."""
        return True

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def _nodes(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield everything that says how it is to be made, wherever it stands."""
    waiting: list[Any] = [schema]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("__loader__"), str):
                yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _unknown(node: Mapping[str, Any], *, first: bool) -> Iterator[str]:
    """Yield the names a node asks for that its loader is not known to make from data alone."""
    loader = node["__loader__"]
    if loader in WITHOUT_TYPE:
        return
    name = f"{node.get('__module__')}.{node.get('__class__')}"
    content = node.get("content")
    inner = content if isinstance(content, dict) else {}
    known = BY_LOADER.get(loader)
    if known is None:
        yield f"{name} (made by {loader})"
        return
    if loader == "FunctionNode" and first:  # the first protocol kept it one level below
        name = f"{inner.get('module_path')}.{inner.get('function')}"
    if name not in known:
        yield name
    if loader == "TreeNode":
        yield "sklearn.tree._tree.Tree"  # what is made, whatever the node calls itself
    elif loader == "MethodNode":
        yield f"{name}.{inner.get('func')}"
    elif loader == "RandomGeneratorNode":
        yield from _bit_generator(inner)


def _bit_generator(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the bit generator a file names if numpy has none such; it hides in a plain text."""
    try:
        text = content["bit_generator"]["content"]["bit_generator"]["content"]
        name = f"numpy.random.{json.loads(text)}"
    except (KeyError, TypeError, ValueError, RecursionError):
        name = "numpy.random (a bit generator without a name)"
    if name not in BIT_GENERATORS:
        yield name
