"""Values of data as words: what a cell of a table of rows says, the same on screen and in print.

A number is written with the digits that mean it and no others; what is cut is cut by whoever has
too little room, never here. A null has no words: front ends show it so that no text looks the same.
"""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any, Final

from workbench.datasets.table import (
    BINARY,
    DECIMAL,
    DURATION,
    FLOAT,
    INTEGER,
    LIST,
    STRUCT,
    Column,
)
from workbench.words import size

NULL: Final = "null"
LOOKALIKES: Final = frozenset(("", NULL))
_NAMED: Final = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
"""Numbers JSON does not have, by their names."""
_EXACT: Final = 1 << 53
"""Whole numbers up to here are exact in every reader of JSON."""


def words_of(column: Column, value: Any) -> str | None:
    """Return a value in words, None for null.

    Args:
        column: Whose value.
        value: As the catalogue reads it: texts, numbers, truths; lengths of time in the column's
            own units, bytes as how many there are.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.type == DURATION and isinstance(value, int | float):
        return length(value, column)
    if column.type == BINARY and isinstance(value, int):
        return f"‹{size(value)}›"
    text = repr(value) if isinstance(value, float) else str(value)
    return "NaN" if text == "nan" and column.type == FLOAT else text


def quoted(text: str) -> str:
    """Return a text in quotes where it would look like no text, or like a null."""
    return f'"{text}"' if text in LOOKALIKES or text != text.strip() else text


def seconds(value: float, column: Column) -> Decimal:
    """Return a length of time in seconds, exactly, from the column's own units."""
    exact = Decimal(value) / column.per_second
    return exact if isinstance(value, int) else round(exact, 6)


def length(value: float, column: Column) -> str:
    """Return a length of time exactly: ``3 d 02:15:00.5``."""
    exact = seconds(value, column)
    whole, rest = divmod(abs(exact), 1)
    minutes, second = divmod(int(whole), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    fraction = f"{rest:f}".rstrip("0")[1:] if rest else ""
    clock = f"{hours:02d}:{minutes:02d}:{second:02d}{fraction}"
    return f"{'-' if exact < 0 else ''}{f'{days} d ' if days else ''}{clock}"


def as_json(column: Column, value: Any) -> Any:
    """Return a value as JSON has it; what JSON cannot hold exactly is text.

    Args:
        column: Whose value.
        value: Whole, as the catalogue reads it, or a mask.
    """
    if value is None or isinstance(value, bool):
        return value
    if column.type == INTEGER and isinstance(value, int):
        return value if abs(value) < _EXACT else str(value)
    if column.type == FLOAT:
        number = as_number(column, value)
        return _NAMED.get(str(number), value if number is None else number)
    if column.type in (LIST, STRUCT):
        with suppress(ValueError, RecursionError):
            return json.loads(value)
    return words_of(column, value)


def as_number(column: Column, value: Any) -> int | float | None:
    """Return a value as a number, None where it is none, such as a mask."""
    if column.type not in (INTEGER, FLOAT) or value is None:
        return None
    with suppress(ValueError):
        return float(value) if column.type == FLOAT else int(value)
    return None


def is_number(column: Column) -> bool:
    """Say whether a column's values stand to the right."""
    return column.type in (INTEGER, FLOAT, DECIMAL, DURATION)
