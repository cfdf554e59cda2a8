"""JSON lines: an object a line; keys are columns, in the order in which they are first met.

JSON has no dates: text in ISO 8601 is one where the whole column is. Lists and objects stay JSON
text. Of a key that stands twice in one object the last value counts, as everywhere in JSON.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec

from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.kinds import Kind
from workbench.datasets.reading.lines import BLOCK, Lines, row_blocks, utf8
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.stamps import FileStamp, stamp
from workbench.datasets.reading.streams import packing_of
from workbench.datasets.reading.value_block import ValueBlock
from workbench.errors import FormatError

_SAMPLE: Final = 1 << 20
_MOST_COLUMNS: Final = 20_000
"""Objects of more keys together are no rows of a table."""


@dataclass(frozen=True)
class JsonSource:
    """JSON lines files, one after the other."""

    stamps: tuple[FileStamp, ...]
    encoding: str
    notes: tuple[tuple[str, str], ...] = ()
    format: str = "json lines"

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out."""
        return self.notes

    @property
    def rows(self) -> None:
        """Nobody has counted."""
        return

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The columns of the first rows and their kinds."""
        for block in self._read(self.stamps[0].path, _SAMPLE):
            return {name: block.kind(name) for name in block.names}
        return {}

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[ValueBlock]:
        """Yield the rows."""
        for one in self.stamps:
            yield from self._read(one.path, BLOCK, columns)

    def _read(
        self, path: Path, size: int, columns: Sequence[str] | None = None
    ) -> Iterator[ValueBlock]:
        with told(path):
            stream = utf8(path, packing_of(path), self.encoding)
            for lines in row_blocks(path, stream, "", size):
                yield _block(path, lines, columns)


def open_json_lines(
    paths: Sequence[Path], options: Mapping[str, str], notes: tuple[tuple[str, str], ...] = ()
) -> RowTable:
    """Return JSON lines files as one table.

    Raises:
        FormatError: The first lines are no objects.
    """
    with told(paths[0]):
        stamps = tuple(stamp(path) for path in paths)
        packing = packing_of(paths[0])
    notes = (*notes, ("packed", packing)) if packing else notes
    source = JsonSource(stamps, options.get("encoding", "utf-8-sig"), notes)
    if not source.kinds:
        raise FormatError(f"{shown(paths[0])} has no rows.", hint="Check what wrote it.")
    return RowTable(source)


def _block(path: Path, lines: Lines, columns: Sequence[str] | None) -> ValueBlock:
    parts = lines.data.split(b"\n")
    numbers = [k for k, part in enumerate(parts) if part and not part.isspace()]
    places = [lines.first_line + k for k in numbers]
    rows = _decoded(path, [parts[k] for k in numbers], places)
    names = dict.fromkeys(name for row in rows for name in row) if columns is None else columns
    if len(names) > _MOST_COLUMNS:
        raise FormatError(
            f"{shown(path)} has more than {_MOST_COLUMNS:,} different keys.",
            hint="Write keys that are data as values.",
        )
    found = {name: [row.get(name) for row in rows] for name in names}
    return ValueBlock(found, len(rows), places, "line")


def _decoded(path: Path, lines: Sequence[bytes], places: Sequence[int]) -> list[dict[str, Any]]:
    """Return the objects of lines."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    rows = []
    for line, place in zip(lines, places, strict=True):
        try:
            rows.append(decode(line))
        except (msgspec.DecodeError, RecursionError):
            rows.append(_leniently(path, line, place))
    return rows


def _leniently(path: Path, line: bytes, place: int) -> dict[str, Any]:
    """Return an object in which NaN or Infinity stands, as some programs write them."""
    try:
        row = json.loads(line, parse_float=_float)
        json.dumps(row, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        why = f"{error.msg} at sign {error.pos + 1:,}"
    except RecursionError:
        why = "it is nested too deeply"
    except ValueError:  # text that is no Unicode, numbers of thousands of digits
        why = "a text or number in it is none"
    else:
        if isinstance(row, dict):
            return row
        why = "it is no object"
    raise FormatError(
        f"{shown(path)}, line {place:,}, is no row: {why}.", hint="Write one JSON object a line."
    )


def _float(text: str) -> float | str:
    """Return a number, or its text where no float holds it."""
    number = float(text)
    return text if math.isinf(number) else number
