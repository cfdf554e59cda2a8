"""What the value beside an operator means, given the column of data it is compared with.

Data has its own clock. A moment written without a zone is on the clock that the column shows:
that of its zone or, where it has none, whatever clock its numbers were taken from; such a column
is counted as though that clock were UTC, and a moment with a zone is brought to UTC for it. The
clock of this computer plays no part, so that two people find the same rows.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from workbench.errors import FilterError
from workbench.filters import literals
from workbench.filters.fields import write_field
from workbench.filters.quoting import Word, reads_as_number
from workbench.filters.tree import (
    And,
    Compare,
    Field,
    In,
    Instant,
    Number,
    Op,
    Or,
    RowNode,
    Text,
    Truth,
    Value,
    conjunction,
    disjunction,
)

_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TOO_FINE: Final = re.compile(r"[.,]\d{6}\d*[1-9]")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_LONGEST_NUMBER: Final = 400
"""Digits; Python refuses to read far longer ones."""
Zones = Callable[[Field], str]


def comparison(field: Field, op: Op, word: Word, zones: Zones) -> RowNode:
    """Return the node for a comparison; a date without a time equals its whole day.

    Raises:
        FilterError: The word is no value of such a column, or the column has no such order.
    """
    if field.sort == "time" and op in {"=", "!="} and _DAY.fullmatch(word.text):
        return _whole_day(field, op, word, zones)
    _require_order(field, op, word)
    return Compare(field, op, value_for(field, word, zones))


def membership(field: Field, words: Sequence[Word], zones: Zones, *, negated: bool) -> RowNode:
    """Return the node for ``IN``; moments are compared one by one, as dates are whole days."""
    if field.sort != "time":
        return In(field, tuple(value_for(field, word, zones) for word in words), negated)
    parts = tuple(comparison(field, "!=" if negated else "=", word, zones) for word in words)
    return conjunction(parts) if negated else disjunction(parts)


def value_for(field: Field, word: Word, zones: Zones) -> Value:
    """Return the value a word is, beside this column."""
    match field.sort:
        case "text":
            return Text(word.text)
        case "number":
            return _number(field, word)
        case "duration":
            return _length(field, word)
        case "time":
            return _instant(field, word, zones)
        case "clock":
            return _clock(field, word)
        case _:
            return _truth(field, word)


def exact_number(text: str) -> Number | None:
    """Return the number a word is written like, a whole one exactly, or None."""
    if _WHOLE.fullmatch(text) and len(text) <= _LONGEST_NUMBER:
        return Number(int(text))
    return literals.number_of(text)


def _require_order(field: Field, op: Op, word: Word) -> None:
    if op not in _ORDER:
        return
    if field.sort == "truth":
        raise FilterError(
            f"true and false have no order, so '{op}' cannot be asked.",
            text="",
            column=word.column,
            hint="Write = or != instead.",
        )
    if field.sort == "text" and not word.quoted and reads_as_number(word.text):
        raise FilterError(
            f"{write_field(field)} is text: {word.text} would be compared letter by letter.",
            text="",
            column=word.column,
            hint=f"Write '{word.text}' in quotes if that is meant.",
        )


def _number(field: Field, word: Word) -> Number:
    found = exact_number(word.text)
    if found is not None:
        return found
    raise FilterError(
        f"{write_field(field)} is a number, and '{word.text}' is none.",
        text="",
        column=word.column,
        hint="Write a number such as 0.9, 1e-3, NaN or inf.",
    )


def _length(field: Field, word: Word) -> Number:
    found = exact_number(word.text)
    seconds = literals.seconds_of(word.text)
    if found is not None or seconds is not None:
        return found or Number(seconds or 0)
    raise FilterError(
        f"{write_field(field)} is a length of time, and '{word.text}' is none.",
        text="",
        column=word.column,
        hint="Write a length such as 90s, 10m, 2h or 1d12h.",
    )


def _truth(field: Field, word: Word) -> Truth:
    wanted = word.text.lower()
    if wanted in {"true", "false"}:
        return Truth(wanted == "true")
    raise FilterError(
        f"{write_field(field)} is true or false, and '{word.text}' is neither.",
        text="",
        column=word.column,
        hint="Write true or false.",
    )


def _clock(field: Field, word: Word) -> Text:
    try:
        return Text(time.fromisoformat(word.text).replace(tzinfo=None).isoformat())
    except ValueError:
        raise FilterError(
            f"{write_field(field)} is a time of day, and '{word.text}' is none.",
            text="",
            column=word.column,
            hint="Write a time such as 14:30 or 14:30:05.",
        ) from None


def _instant(field: Field, word: Word, zones: Zones) -> Instant:
    span = literals.seconds_of(word.text)
    if span is not None and not word.text.startswith("-"):
        raise FilterError(
            f"'{word.text}' from now lies in the future.",
            text="",
            column=word.column,
            hint=f"Write -{word.text} for that long ago.",
        )
    if span is not None:
        return Instant(span, relative=True)
    return Instant(_seconds(_moment(field, word, zones)))


def _moment(field: Field, word: Word, zones: Zones) -> datetime:
    """Return a moment with its zone: the one written, else the column's, else UTC."""
    if _TOO_FINE.search(word.text):
        raise FilterError(
            f"'{word.text}' is finer than a microsecond.",
            text="",
            column=word.column,
            hint="Write it with < and > instead.",
        )
    try:
        found = datetime.fromisoformat(word.text)
        return found if found.tzinfo else found.replace(tzinfo=_zone(zones(field)))
    except (ValueError, OverflowError):
        raise FilterError(
            f"{write_field(field)} is a time, and '{word.text}' is none.",
            text="",
            column=word.column,
            hint="Write a date such as 2026-11-01 or 2026-11-01T14:30, or -2d for two days ago.",
        ) from None


def _zone(name: str) -> tzinfo:
    """Return a time zone by its name; UTC where this computer does not know it."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - only where there is one

    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _seconds(moment: datetime) -> float:
    """Return seconds since the epoch, exact to the microsecond in our centuries."""
    try:
        return (moment - _EPOCH) // _MICROSECOND / 1_000_000
    except OverflowError:  # a zone pushed it out of the years there are
        return (moment.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND / 1_000_000


def _whole_day(field: Field, op: Op, word: Word, zones: Zones) -> RowNode:
    day = _moment(field, word, zones)
    first = Instant(_seconds(day))
    try:
        end = Instant(_seconds(day + timedelta(days=1)))
    except OverflowError:  # the last day there is
        return Compare(field, ">=" if op == "=" else "<", first)
    if op == "=":
        return And((Compare(field, ">=", first), Compare(field, "<", end)))
    return Or((Compare(field, "<", first), Compare(field, ">=", end)))
