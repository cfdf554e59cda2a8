"""What runs ran on and with, read from the files they keep beside them.

The catalogue does not hold packages: a hundred runs would bring thirty thousand of them
into it, and nothing but a comparison asks. So the file of each run is read when it is
asked for, and kept in memory; it is written once and never changes.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.catalogue.places import RunPlace, places
from workbench.errors import WorkbenchError
from workbench.formats.detect import reader_named
from workbench.operations.session import Session

_MOST_BYTES = 1 << 20
"""A list of packages is some ten kilobytes; what is larger is none."""
_HELD = 512


def surroundings(session: Session, runs: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """Return the recorded environment of each run; empty where none can be read."""
    return {
        place.run: _of(reader_named(place.format), session.root, place)
        for place in places(session.catalogue, runs)
    }


def _of(reader: Any, base: Path, place: RunPlace) -> Mapping[str, Any]:
    try:
        found = reader.texts((base / place.source_root).resolve(), place.key).get("environment")
        if found is None:
            return {}
        held = found.stat()
    except (OSError, WorkbenchError):
        return {}
    return _read(found, held.st_mtime_ns, held.st_size)


@lru_cache(maxsize=_HELD)
def _read(path: Path, stamp: int, size: int) -> Mapping[str, Any]:
    """Return a file's fields; the stamp and the size are there to read a changed one anew."""
    del stamp
    if size > _MOST_BYTES:
        return {}
    try:
        with path.open("rb") as opened:
            fields = json.loads(opened.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
