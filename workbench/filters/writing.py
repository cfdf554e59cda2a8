"""Write a tree as the text it would be read from, one spelling for each meaning."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from workbench.filters.fields import write_field
from workbench.filters.literals import UNIT_SECONDS
from workbench.filters.quoting import is_plain, quote
from workbench.filters.tree import (
    Absolute,
    And,
    Arithmetic,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Node,
    Not,
    Number,
    Operand,
    Or,
    Relation,
    RowNode,
    Rule,
    Text,
    Value,
    Words,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LARGEST_WHOLE = 2**53


def render(node: Node | Rule | RowNode | None) -> str:
    """Return the canonical text of a filter or a rule; reading it gives an equal tree."""
    match node:
        case None:
            return ""
        case And(parts):
            return " AND ".join(_grouped(part, Or) for part in parts)
        case Or(parts):
            return " OR ".join(render(part) for part in parts)
        case Not(part):
            return f"NOT {_grouped(part, And | Or)}"
        case Words(text):
            return text if is_plain(text) else quote(text, '"')
        case Relation(left, op, right):
            return f"{render_operand(left)} {op} {_right(right)}"
        case _:
            return _condition(node)


def render_value(value: Value) -> str:
    """Return a value as it is written beside an operator."""
    match value:
        case Number(number):
            return _number(number)
        case Text(text):
            return _text(text)
        case Instant(seconds, relative):
            return _span(-seconds) if relative else _moment(seconds)
        case _:
            return str(value.value).lower()


def render_operand(operand: Operand) -> str:
    """Return one side of a relation as it is written."""
    match operand:
        case Field():
            return write_field(operand)
        case Absolute(inner):
            return f"abs({render_operand(inner)})"
        case Arithmetic(op, left, right):
            return f"{_factor(left, op, first=True)} {op} {_factor(right, op, first=False)}"
        case _:
            return render_value(operand)


def _right(operand: Operand) -> str:
    """Write what stands after an operator, where a bare word would be a text."""
    if isinstance(operand, Field) and operand.kind == "column":
        return quote(operand.name, "`")
    bare = isinstance(operand, Field) and operand.kind == "version" and not operand.owner
    return f"version.{render_operand(operand)}" if bare else render_operand(operand)


def _factor(operand: Operand, op: str, *, first: bool) -> str:
    return in_brackets(operand, op, render_operand(operand), first=first)


def in_brackets(operand: Operand, op: str, text: str, *, first: bool) -> str:
    """Return an operand's text, in brackets where beside ``op`` it would be read otherwise.

    Args:
        operand: What the text stands for.
        op: The sign it stands beside.
        text: The operand, written.
        first: Whether it stands before the sign.
    """
    if not isinstance(operand, Arithmetic):
        return text
    binds = operand.op in "*/" and op in "+-"
    return text if binds or (first and (operand.op in "*/" or op in "+-")) else f"({text})"


def _condition(node: Compare | Like | Match | In | IsNull) -> str:
    field = write_field(node.field)
    match node:
        case Compare(op=op, value=value):
            return f"{field} {op} {render_value(value)}"
        case Like(pattern=pattern, case_sensitive=case_sensitive, negated=negated):
            operator = "LIKE" if case_sensitive else "ILIKE"
            return f"{field} {_not(negated)}{operator} {_text(pattern)}"
        case Match(regex=regex, negated=negated):
            return f"{field} {'!~' if negated else '~'} {_text(regex)}"
        case In(values=values, negated=negated):
            return f"{field} {_not(negated)}IN ({', '.join(map(render_value, values))})"
        case IsNull(negated=negated):
            return f"{field} IS {_not(negated)}NULL"


def _grouped(node: Node, kinds: object) -> str:
    return f"({render(node)})" if isinstance(node, kinds) else render(node)  # type: ignore[arg-type]


def _not(negated: bool) -> str:
    return "NOT " if negated else ""


def _text(text: str) -> str:
    return quote(text, "'")


def _number(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    if isinstance(number, int):
        return str(number)
    if number.is_integer() and abs(number) < _LARGEST_WHOLE:
        return str(int(number))
    return repr(number)


def _span(seconds: float) -> str:
    for unit, length in UNIT_SECONDS.items():
        if seconds % length == 0 and seconds:
            return f"-{int(seconds // length)}{unit}"
    return f"-{Decimal(repr(abs(seconds))):f}s"


def _moment(seconds: float) -> str:
    """Write an ISO time in UTC where that is exact, else seconds since the epoch."""
    try:
        moment = _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return _number(seconds)
    written = moment.isoformat().replace("+00:00", "Z")
    return written if moment.timestamp() == seconds else _number(seconds)
