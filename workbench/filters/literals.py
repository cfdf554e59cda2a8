"""What the value beside an operator means, given the field it is compared with.

``7d`` is a week beside `duration`, a moment beside `started`, and three characters beside a
param: the reading depends on the field, so the grammar hands over words and this module decides.
"""

import math
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from workbench.errors import FilterError
from workbench.filters.fields import CHOICES, sort_of, write_field
from workbench.filters.quoting import Word, reads_as_number
from workbench.filters.tree import (
    Compare,
    Field,
    In,
    Instant,
    Like,
    Match,
    Node,
    Number,
    Op,
    Text,
    Truth,
    Value,
    conjunction,
    disjunction,
)

UNIT_SECONDS: Final = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
_SPAN: Final = re.compile(r"-?(?:\d+(?:\.\d+)?[smhdw])+", re.ASCII)
_SPAN_PART: Final = re.compile(r"(\d+(?:\.\d+)?)([smhdw])", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# Seconds reach 1e11 in the year 5138 and milliseconds passed it in 1973, so neither is mistaken
# for the other in any run there is.
_LARGEST_SECONDS: Final = 1e11
_TRUTHS: Final = {"true": True, "false": False}
# What DuckDB's regular expressions (RE2) leave out, told apart from escaped backslashes.
_NOT_IN_RE2: Final = re.compile(r"(?:^|[^\\])(?:\\\\)*(?:\(\?(?:<?[=!]|P=|\(|>)|\\[1-9])")


def number_of(text: str) -> Number | None:
    """Return the number ``text`` is written like, or None."""
    if not reads_as_number(text):
        return None
    value = float(text)
    return Number(math.nan if math.isnan(value) else value)


def seconds_of(text: str) -> float | None:
    """Return the length in seconds of a span such as ``2h`` or ``1h30m``, or None."""
    if not _SPAN.fullmatch(text):
        return None
    total = sum(float(count) * UNIT_SECONDS[unit] for count, unit in _SPAN_PART.findall(text))
    return -total if text.startswith("-") else total


def value_for(field: Field, word: Word) -> Value:
    """Return the value a word is, beside this field."""
    match sort_of(field):
        case "text":
            _require_choice(field, word)
            return Text(word.text.upper() if field.name == "status" else word.text)
        case "number" | "duration":
            return _number(field, word)
        case "time":
            return _instant(field, word)
        case "truth":
            return _truth(field, word)
        case _:
            return _as_written(word)


def comparison(field: Field, op: Op, word: Word) -> Node:
    """Return the node for a comparison; a date without a time equals its whole day."""
    if sort_of(field) == "time" and op in {"=", "!="} and _DATE.fullmatch(word.text):
        return _whole_day(field, op, word)
    value = value_for(field, word)
    if field.kind == "data" and isinstance(value, Text) and op not in {"=", "!="}:
        raise FilterError(
            f"{write_field(field)} has no order, so '{op}' cannot be asked.",
            text="",
            column=word.column,
            hint="Name what is meant: IN (none, pseudonymous).",
        )
    if isinstance(value, Truth) and op not in {"=", "!="}:
        raise FilterError(
            f"true and false have no order, so '{op}' cannot be asked.",
            text="",
            column=word.column,
            hint="Write = or != instead.",
        )
    return Compare(field, op, value)


def membership(field: Field, words: Sequence[Word], *, negated: bool) -> Node:
    """Return the node for ``IN``; moments are compared one by one, as dates are whole days."""
    if sort_of(field) == "time":
        if negated:
            return conjunction([comparison(field, "!=", word) for word in words])
        return disjunction([comparison(field, "=", word) for word in words])
    return In(field, tuple(value_for(field, word) for word in words), negated)


def likeness(field: Field, pattern: str, *, case_sensitive: bool, negated: bool) -> Like:
    """Return the node for ``LIKE`` and ``ILIKE``."""
    require_text(field, "LIKE" if case_sensitive else "ILIKE")
    return Like(field, pattern, case_sensitive, negated)


def search(field: Field, regex: Word, *, negated: bool) -> Match:
    """Return the node for ``~`` and ``!~``, once the expression is known to be one."""
    require_text(field, "!~" if negated else "~")
    problem = problem_with(regex.text)
    if problem:
        raise FilterError(
            f"'{regex.text}' is no regular expression: {problem}.", text="", column=regex.column
        )
    return Match(field, regex.text, negated)


def require_text(field: Field, operator: str) -> None:
    """Raise unless the field can hold text."""
    sort = sort_of(field)
    if sort in {"text", "any"}:
        return
    raise FilterError(
        f"{operator} looks at text, and {write_field(field)} is a {sort}.".replace(
            "a truth", "true or false"
        ),
        text="",
        column=field.column,
        hint="Compare it with = or != instead."
        if sort == "truth"
        else "Compare it with = != < <= > or >= instead.",
    )


def number_beside(field: Field, value: Value, column: int) -> Number:
    """Return ``value`` as a number, for a bare name that turned out to be a metric."""
    if isinstance(value, Number):
        return value
    written = value.value if isinstance(value, Text) else str(value)
    return _number(field, Word(written, column, quoted=True))


def _require_choice(field: Field, word: Word) -> None:
    known = CHOICES.get(field.name, ()) if field.kind == "data" else ()
    if known and word.text not in known:
        raise FilterError(
            f"{write_field(field)} is never '{word.text}'.",
            text="",
            column=word.column,
            hint=f"Write one of {', '.join(known)}.",
        )


def _as_written(word: Word) -> Value:
    if word.quoted:
        return Text(word.text)
    if word.text.lower() in _TRUTHS:
        return Truth(_TRUTHS[word.text.lower()])
    return number_of(word.text) or Text(word.text)


def _number(field: Field, word: Word) -> Number:
    number = number_of(word.text)
    if number is not None:
        return number
    seconds = seconds_of(word.text)
    if seconds is not None and field.kind == "drift":
        raise FilterError(
            f"{write_field(field)} is a number, and '{word.text}' is a length of time.",
            text="",
            column=word.column,
            hint="Write days as a number, such as 7 or 0.5.",
        )
    if seconds is not None:
        return Number(seconds)
    raise FilterError(
        f"{write_field(field)} is a number, and '{word.text}' is none.",
        text="",
        column=word.column,
        hint="Write a number such as 0.9, 1e-3, NaN or inf, or a length of time such as 90s or 2h.",
    )


def _truth(field: Field, word: Word) -> Truth:
    value = _TRUTHS.get(word.text.lower())
    if value is None:
        raise FilterError(
            f"{field.name} is true or false, and '{word.text}' is neither.",
            text="",
            column=word.column,
            hint="Write true or false.",
        )
    return Truth(value)


def _instant(field: Field, word: Word) -> Instant:
    number, span = number_of(word.text), seconds_of(word.text)
    if span is not None and not word.text.startswith("-"):
        raise FilterError(
            f"'{word.text}' from now lies in the future.",
            text="",
            column=word.column,
            hint=f"Write -{word.text} for that long ago.",
        )
    if number is not None:
        seconds = _from_epoch(number.value)
    else:
        seconds = _epoch_seconds(field, word) if span is None else span
    if not abs(seconds) <= _LARGEST_SECONDS:
        raise FilterError(f"The time {word.text} is out of range.", text="", column=word.column)
    return Instant(seconds, relative=span is not None)


def _from_epoch(number: float) -> float:
    """Read seconds or milliseconds; a number past any time there is means the end of time."""
    seconds = number / (1000 if abs(number) > _LARGEST_SECONDS else 1)
    return (
        seconds if math.isnan(seconds) else max(-_LARGEST_SECONDS, min(_LARGEST_SECONDS, seconds))
    )


def _epoch_seconds(field: Field, word: Word) -> float:
    """Read an ISO date or time; one without a zone is in the zone of this computer."""
    try:
        return datetime.fromisoformat(word.text).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise FilterError(
            f"{field.name} is a time, and '{word.text}' is none.",
            text="",
            column=word.column,
            hint="Write -2d for two days ago, a date such as 2026-11-01 or 2026-11-01T14:30, "
            "or milliseconds since 1970.",
        ) from error


def _whole_day(field: Field, op: Op, word: Word) -> Node:
    first = _instant(field, word)
    try:
        after = datetime.fromisoformat(word.text) + timedelta(days=1)
        end = Instant(min(_LARGEST_SECONDS, after.timestamp()))
    except (ValueError, OverflowError, OSError):
        return Compare(field, op, first)
    if op == "=":
        return conjunction([Compare(field, ">=", first), Compare(field, "<", end)])
    return disjunction([Compare(field, "<", first), Compare(field, ">=", end)])


def problem_with(regex: str) -> str:
    """Return why a text is no regular expression here; empty if it is one."""
    try:
        re.compile(regex)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    if _NOT_IN_RE2.search(regex):
        return "look-around and back references are not understood here"
    return ""
