"""What one row of a Trackio database says: numbers by name, the non-finite ones as text."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from workbench.runfolder import decode_number

SYSTEM = "system/"
"""Before the names of what the machine did."""
_DEEPEST = 8
_MOST = 10_000
_LARGEST = 16 << 20


def numbers_of(text: object, prefix: str = "") -> tuple[Mapping[str, float], str]:
    """Return the numbers of a row by name, and what is wrong with it, if anything."""
    if not isinstance(text, str | bytes) or len(text) > _LARGEST:
        return {}, "holds no text, or too long a one"
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "does not decode"
    if not isinstance(said, dict):
        return {}, "holds no names with values"
    found: dict[str, float] = {}
    for name, value in _flat(said, prefix, _DEEPEST):
        if len(found) == _MOST:
            return found, f"holds more than {_MOST:,} values"
        found[name] = value
    return found, ""


def _flat(said: Mapping[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, float]]:
    """Yield the numbers; pictures, tables and texts are none."""
    for name, value in said.items():
        if isinstance(value, dict):
            if depth and "_type" not in value:
                yield from _flat(value, f"{prefix}{name}/", depth - 1)
            continue
        try:
            yield f"{prefix}{name}", decode_number(value)
        except (ValueError, OverflowError):
            continue


def seconds(text: object) -> float | None:
    """Return a time in seconds since 1970; None if it is none."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
