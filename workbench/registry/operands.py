"""What an operand of a rule comes to, over the facts of two versions, or why it is not known.

Arithmetic is done in decimals, as people do it: 0.3 - 0.1 is 0.2, so a metric that is exactly at
the margin is inside it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Context, Decimal
from difflib import get_close_matches
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

from workbench.filters.fields import write_field
from workbench.filters.literals import number_of as number_in
from workbench.filters.tree import (
    Absolute,
    Arithmetic,
    Field,
    Instant,
    Number,
    Operand,
    Text,
    Truth,
)
from workbench.registry.facts import Facts, number_of
from workbench.words import UNKNOWN

_CONTEXT: Final = Context(prec=60, Emax=999_999, Emin=-999_999, traps=[])
_MOST_NAMES: Final = 2_000
_GLUED: Final = re.compile(r"([-+*/])\d*\.?\d+\Z")


class Missing(NamedTuple):
    """A value that is not known, and why, as a sentence without its full stop."""

    why: str


class Several(NamedTuple):
    """What is known of the datasets of a version."""

    texts: tuple[str, ...]
    unsaid: str
    """Why it is not known of all of them, as a sentence without its full stop; else empty."""


Known: TypeAlias = Decimal | str | bool | Several
"""A number, a text, true or false; the texts of several datasets."""


class Sides(NamedTuple):
    """The version a rule is asked of, and the one that holds the stage."""

    subject: Facts
    champion: Facts | None

    def whose(self, field: Field) -> Facts:
        """Return the facts a field is about; there is a champion where a rule names it."""
        return self.champion if field.owner and self.champion is not None else self.subject

    def called(self, field: Field) -> str:
        """Return how the version is called in a sentence."""
        return f"the champion {self.whose(field).name}" if field.owner else self.subject.name


def fields_of(operand: Operand) -> Iterator[Field]:
    """Yield every field in an operand."""
    match operand:
        case Field():
            yield operand
        case Absolute(inner):
            yield from fields_of(inner)
        case Arithmetic(_, left, right):
            yield from fields_of(left)
            yield from fields_of(right)


def value_of(operand: Operand, sides: Sides) -> Known | Missing:
    """Return what an operand comes to; NaN is a number here."""
    match operand:
        case Field():
            return field_value(operand, sides)
        case Number(number):
            return decimal(number)
        case Text(text):
            return text
        case Truth(truth):
            return truth
        case Instant():
            return Missing("a time cannot be asked about in a rule")
        case Absolute(inner):
            size = number_at(inner, sides)
            return size if isinstance(size, Missing) else _CONTEXT.abs(size)
        case Arithmetic(op, left, right):
            return _reckoned(op, number_at(left, sides), number_at(right, sides))


def number_at(operand: Operand, sides: Sides) -> Decimal | Missing:
    """Return the number an operand comes to; NaN and text that is no number are missing."""
    value = as_number(value_of(operand, sides))
    if isinstance(value, Decimal) and value.is_nan():
        return Missing(_is(operand, sides, "NaN"))
    if isinstance(value, Decimal | Missing):
        return value
    if isinstance(value, Several):
        return Missing(_is(operand, sides, "said of several datasets, and is no number"))
    return Missing(_is(operand, sides, f"'{value}', which is no number"))


def as_number(value: Known | Missing) -> Known | Missing:
    """Return a text that reads as a number as that number, anything else as it is."""
    if isinstance(value, str) and (number := number_in(value)) is not None:
        return decimal(number.value)
    return value


def decimal(number: float) -> Decimal:
    """Return a number as it is written."""
    return Decimal(repr(number))


def field_value(field: Field, sides: Sides) -> Known | Missing:
    """Return the value of a field, or which one is missing and of whom."""
    facts = sides.whose(field)
    if field.kind == "metric":
        return _metric(field, facts.metrics, sides)
    if field.kind == "dataset":
        return _of_datasets(field, facts.datasets, sides)
    if field.kind == "data":
        value = _known(facts.data.get(field.name))
        return Missing(_nothing_of_data(field, sides)) if value is None else value
    if field.kind == "drift":
        value = _known(facts.drift.get(field.name))
        why = facts.drift_why or f"what drifted of {sides.called(field)} is not known"
        return Missing(why) if value is None else value
    known = {"param": facts.params, "tag": facts.tags, "git": facts.git}.get(field.kind)
    value = _known((facts.attributes if known is None else known).get(field.name))
    if value is None or (write_field(field).endswith("git.dirty") and not isinstance(value, bool)):
        return Missing(_nothing(field, sides))
    return value


def _of_datasets(
    field: Field, datasets: Sequence[Mapping[str, Any]], sides: Sides
) -> Several | Missing:
    texts = tuple(str(one[field.name]) for one in datasets if field.name in one)
    says = f"{sides.called(field)} says no {field.name} of"
    if not texts:
        return Missing(f"{says} any dataset")
    silent = [str(one.get("name", UNKNOWN)) for one in datasets if field.name not in one]
    more = f" and {len(silent) - 1} more" if len(silent) > 1 else ""
    return Several(texts, f"{says} dataset '{silent[0]}'{more}" if silent else "")


def _metric(
    field: Field, metrics: Mapping[str, Mapping[str, float]], sides: Sides
) -> Known | Missing:
    summary = metrics.get(field.name)
    if summary is None:
        return Missing(_nothing(field, sides))
    number = summary.get(field.part or "last")
    if number is not None:
        return decimal(number)
    called = sides.called(field)
    if field.part == "best":
        return Missing(
            f"which way '{field.name}' is good was not said when {called} was registered:"
            " write max(...) or min(...)"
        )
    return Missing(f"the {field.part or 'last'} of metric '{field.name}' of {called} is not known")


def _nothing(field: Field, sides: Sides) -> str:
    """Return the sentence for a field that a version has no value for."""
    facts, called = sides.whose(field), sides.called(field)
    if field.kind == "git":
        return f"git.{field.name} of {called} was not recorded"
    if field.kind == "version":
        return f"{called} has no {field.name}"
    known = {"metric": facts.metrics, "param": facts.params, "tag": facts.tags}[field.kind]
    close = get_close_matches(field.name, list(islice(known, _MOST_NAMES)), n=1)
    glued = _GLUED.search(field.name)
    near = f", but '{close[0]}'" if close else ""
    if glued and (field.name[: glued.start()] in known):
        near = f": to reckon, put a space on both sides of '{glued[1]}'"
    return f"{called} has no {field.kind} '{field.name}'{near}"


def _nothing_of_data(field: Field, sides: Sides) -> str:
    why = sides.whose(field).data_why.get(field.name)
    called = sides.called(field)
    return why or f"what is said of the data of {called} is not known"


def _known(said: Any) -> Known | None:
    if said is None or isinstance(said, bool | str):
        return said
    if isinstance(said, list | tuple | dict):
        from json import dumps  # noqa: PLC0415 - hardly ever a list or a table

        return dumps(said, ensure_ascii=False, default=str)
    number = number_of(said)
    return None if number is None else decimal(number)


def _reckoned(op: str, left: Decimal | Missing, right: Decimal | Missing) -> Decimal | Missing:
    gone = [one.why for one in (left, right) if isinstance(one, Missing)]
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing(" and ".join(dict.fromkeys(gone)))
    if op == "/" and right == 0:
        return Missing("the rule divides by 0")
    act = {
        "+": _CONTEXT.add,
        "-": _CONTEXT.subtract,
        "*": _CONTEXT.multiply,
        "/": _CONTEXT.divide,
    }[op]
    number = act(left, right)
    return number if number.is_finite() else Missing(f"{left} {op} {right} is no finite number")


def _is(operand: Operand, sides: Sides, what: str) -> str:
    if isinstance(operand, Field):
        plain = write_field(operand).removeprefix("champion.")
        return f"{plain} of {sides.called(operand)} is {what}"
    return f"a value in the rule is {what}"
