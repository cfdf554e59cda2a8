"""One value of a table as text on one line: exact, short, and harmless to a terminal."""

import json
import math
from datetime import date, time
from typing import Any, Final

from workbench.words import visible

NULL: Final = "null"
LONGEST: Final = 200


def cell(value: Any) -> str:
    """Return a value as text: nothing rounded, a long one cut off with ``…``."""
    return _shortened(visible(_written(value)))


def _written(value: Any) -> str:
    match value:
        case None:
            return NULL
        case bool():
            return "true" if value else "false"
        case float():
            return _fraction(value)
        case str():
            return value[: LONGEST + 1]
        case date() | time():
            return value.isoformat()
        case bytes():
            return f"{value[:LONGEST].hex()} ({len(value):,} bytes)"
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, default=_written)[: LONGEST + 1]
    return str(value)


def _fraction(value: float) -> str:
    if math.isfinite(value):
        return repr(value).removesuffix(".0")
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
