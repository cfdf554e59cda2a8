"""Which part of an entry's lines is not in the workspace yet, and bringing it there.

Lines carried over from a folder that had gone are published only if it stays
away: back with its files, it holds them itself, and every point would count twice.
Sizes are all that is needed to go on, because line files only grow.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from workbench.client.artifacts import sync_file
from workbench.client.spool_entry import WRITER
from workbench.runfolder import FINAL, METRICS, UPDATES, encode_line

LINE_FILES = (UPDATES, METRICS)
_CHUNK = 1 << 20


class Part(NamedTuple):
    """What of an entry's lines is to be published."""

    start: bytes
    """The line that comes first in its stead; empty where the lines are whole."""
    skip: Mapping[str, int]
    """Bytes of each line file that are left out at its beginning."""

    @property
    def started(self) -> float | None:
        """When the start line says the writer began; None where the lines are whole."""
        import json  # noqa: PLC0415

        return float(json.loads(self.start)["time"]) if self.start else None

    def lead(self, name: str) -> bytes:
        """Return what comes before the published lines of a file."""
        return self.start if name == UPDATES else b""

    def end_card(self, card: bytes) -> bytes:
        """Return the end card for these lines; they count if it added up others too."""
        import json  # noqa: PLC0415

        if not self.start:
            return card
        sizes = {"metrics": -1, "updates": -1}
        return encode_line({**json.loads(card), "started": self.started, "bytes": sizes})


WHOLE = Part(b"", {})


def part_beside(old: Path, entry: Path, fields: Mapping[str, Any]) -> Part:
    """Return what the writer at ``old`` does not hold of the lines carried over from it."""
    carried = fields.get("carried")
    if not carried:
        return WHOLE
    skip = {name: _held(old / name, entry / WRITER / name, carried[name]) for name in LINE_FILES}
    return Part(fields["start"].encode(), skip) if skip[UPDATES] else WHOLE


def _held(there: Path, here: Path, most: int) -> int:
    try:
        with there.open("rb") as one, here.open("rb") as other:
            return max(0, _shared(one, other, most))
    except FileNotFoundError:
        return 0


def _shared(one: BinaryIO, other: BinaryIO, most: int) -> int:
    """Return how many bytes of whole lines both go on with; -1 if they part before one ends."""
    at = cut = 0
    while at < most:
        size = min(_CHUNK, most - at)
        here, there = one.read(size), other.read(size)
        least = min(len(here), len(there))
        if here[:least] != there[:least]:
            return -1
        cut = max(cut, at + here.rfind(b"\n", 0, least) + 1 if b"\n" in here[:least] else 0)
        if least < size:
            break
        at += size
    return cut


def is_at(writer: Path, entry: Path, part: Part) -> bool:
    """Say whether a writer's folder holds this part of an entry, or the beginning of it."""
    return all(
        _goes_on(writer / name, entry / WRITER / name, part.lead(name), part.skip.get(name, 0))
        for name in LINE_FILES
    )


def _goes_on(there: Path, here: Path, lead: bytes, skip: int) -> bool:
    try:
        with there.open("rb") as one, here.open("rb") as other:
            other.seek(skip)
            if one.read(len(lead)) != lead:
                return False
            shared = _shared(one, other, sys.maxsize)
    except FileNotFoundError:
        return here.name == METRICS  # made with the first point
    return shared > 0 or (shared == 0 and (bool(lead) or here.name == METRICS))


def copy_writer(entry: Path, to: Path, part: Part) -> None:
    """Copy a writer's files, of its lines this part."""
    from shutil import copyfile  # noqa: PLC0415 - dear at import

    to.mkdir(parents=True, exist_ok=True)
    for name in LINE_FILES:
        (to / name).write_bytes(part.lead(name))
    append_rest(entry, to, part)
    for path in sorted((entry / WRITER).iterdir()):
        if path.name == FINAL:
            (to / FINAL).write_bytes(part.end_card(path.read_bytes()))
        elif path.name in LINE_FILES or path.suffix == ".tmp":
            continue
        else:
            copyfile(path, to / path.name)
        sync_file(to / path.name)


def append_rest(entry: Path, to: Path, part: Part) -> None:
    """Append what the published line files lack of the entry's.

    Raises:
        OSError: A file is not there, or cannot be written.
    """
    for name in LINE_FILES:
        _append(entry / WRITER / name, to / name, part.skip.get(name, 0) - len(part.lead(name)))


def _append(source: Path, target: Path, ahead: int) -> None:
    """Append what comes after the end of ``target``, which is ``ahead`` bytes further on."""
    from shutil import copyfileobj  # noqa: PLC0415 - dear at import

    if not source.exists():  # its process was killed before it came to that
        return
    with source.open("rb") as lines, target.open("r+b") as there:
        lines.seek(there.seek(0, os.SEEK_END) + ahead)
        copyfileobj(lines, there)
        there.flush()
        os.fsync(there.fileno())
