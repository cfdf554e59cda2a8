"""Judge one condition of a rule over facts: true, false, or not known and why.

Of several datasets a condition must hold of one, and a negative one (``!=``, ``NOT IN``,
``NOT LIKE``, ``!~``, ``IS NOT NULL``) of all, so that ``datasets.name != 'leaky'`` keeps that one
out. What nobody said of one of them may be that one: it is undecided then.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias

from workbench.filters import render, render_value
from workbench.filters.fields import write_field
from workbench.filters.tree import (
    Compare,
    Field,
    In,
    IsNull,
    Leaf,
    Like,
    Match,
    Number,
    Op,
    Relation,
    Text,
    Truth,
    Value,
)
from workbench.filters.writing import render_operand
from workbench.registry.operands import (
    Known,
    Missing,
    Several,
    Sides,
    as_number,
    decimal,
    field_value,
    number_at,
    value_of,
)
from workbench.registry.shown import digits_for, known, side
from workbench.words import UNKNOWN, visible

_Answer: TypeAlias = bool | Missing
_Single: TypeAlias = Decimal | str | bool
_ORDER: Final = frozenset({"<", "<=", ">", ">="})
_TESTS: Final[dict[Op, Callable[[int], bool]]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
    "=": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
}


class Judged(NamedTuple):
    """What one condition of a rule comes to."""

    truth: bool | None
    what: str
    """What it is about, as it is written: ``metrics.val/auc``."""
    whose: str
    """The version: ``churn@3``."""
    observed: str
    required: str
    why: str
    """Why it is not known; empty where it is."""


def judge(leaf: Leaf | Relation, sides: Sides) -> Judged:
    """Return what a condition comes to."""
    return _relation(leaf, sides) if isinstance(leaf, Relation) else _leaf(leaf, sides)


def _relation(relation: Relation, sides: Sides) -> Judged:
    left, right = value_of(relation.left, sides), value_of(relation.right, sides)
    answer = _related(relation, left, right, sides)
    digits = digits_for(left, right)
    return Judged(
        truth=None if isinstance(answer, Missing) else answer,
        what=visible(render_operand(relation.left)),
        whose=sides.subject.name,
        observed=side(relation.left, left, sides, digits),
        required=f"{relation.op} {side(relation.right, right, sides, digits)}",
        why=answer.why if isinstance(answer, Missing) else "",
    )


def _related(
    relation: Relation, left: Known | Missing, right: Known | Missing, sides: Sides
) -> _Answer:
    gone = [one.why for one in (left, right) if isinstance(one, Missing)]
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing(" and ".join(dict.fromkeys(gone)))
    if isinstance(left, Several) or isinstance(right, Several):
        unsaid = [one.unsaid for one in (left, right) if isinstance(one, Several) and one.unsaid]
        same = _texts(left) == _texts(right)
        return Missing(" and ".join(unsaid)) if unsaid else same is (relation.op == "=")
    numbers = [as_number(one) for one in (left, right)]
    if relation.op in _ORDER or all(isinstance(one, Decimal) for one in numbers):
        return _ordered(relation, sides)
    return (_text(left) == _text(right)) is (relation.op == "=")


def _ordered(relation: Relation, sides: Sides) -> _Answer:
    left, right = number_at(relation.left, sides), number_at(relation.right, sides)
    gone = [one.why for one in (left, right) if isinstance(one, Missing)]
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing(" and ".join(dict.fromkeys(gone)))
    return _holds(left, relation.op, right)


def _leaf(leaf: Leaf, sides: Sides) -> Judged:
    field = leaf.field
    value = field_value(field, sides)
    if isinstance(leaf, IsNull):
        answer: _Answer = _is_absent(value) is not leaf.negated
    else:
        answer = value if isinstance(value, Missing) else _each(leaf, value, sides)
    digits = digits_for(value, _literal(leaf))
    observed = UNKNOWN if isinstance(value, Missing) else known(value, digits, field)
    return Judged(
        truth=None if isinstance(answer, Missing) else answer,
        what=visible(write_field(field)),
        whose=sides.called(field),
        observed=observed,
        required=_required(leaf),
        why=answer.why if isinstance(answer, Missing) else "",
    )


def _is_absent(value: Known | Missing) -> bool:
    return isinstance(value, Missing) or (isinstance(value, Several) and bool(value.unsaid))


def _literal(leaf: Leaf) -> Known | Missing:
    value = leaf.value if isinstance(leaf, Compare) else None
    return decimal(value.value) if isinstance(value, Number) else Missing("")


def _required(leaf: Leaf) -> str:
    """Return what is asked, without the name of the field it is asked of."""
    if isinstance(leaf, Compare):
        return f"{leaf.op} {visible(render_value(leaf.value))}"
    return visible(render(leaf).removeprefix(write_field(leaf.field)).strip())


def _each(leaf: Compare | In | Like | Match, value: Known, sides: Sides) -> _Answer:
    """Return the answer over one value, or over those of several datasets."""
    if not isinstance(value, Several):
        return _answer(leaf, value, sides)
    answers = [_answer(leaf, one, sides) for one in value.texts]
    answers += [Missing(value.unsaid)] if value.unsaid else []
    decisive = not _is_negative(leaf)
    if decisive in answers:
        return decisive
    gone = next((one for one in answers if isinstance(one, Missing)), None)
    return not decisive if gone is None else gone


def _is_negative(leaf: Compare | In | Like | Match) -> bool:
    return leaf.op == "!=" if isinstance(leaf, Compare) else leaf.negated


def _answer(leaf: Compare | In | Like | Match, value: _Single, sides: Sides) -> _Answer:
    match leaf:
        case Compare(field, op, wanted):
            return _compared(field, value, op, wanted, sides)
        case In(field, wanted, negated):
            answers = [_compared(field, value, "=", one, sides) for one in wanted]
            gone = next((one for one in answers if isinstance(one, Missing)), None)
            if True not in answers and gone is not None:
                return gone
            return (True in answers) is not negated
        case Like(_, pattern, case_sensitive, negated):
            flags = "(?s)" if case_sensitive else "(?si)"
            return _found(f"{flags}^{_spelled(pattern)}$", value, negated=negated)
        case Match(_, regex, negated):
            return _found(regex, value, negated=negated)


def _compared(field: Field, value: _Single, op: Op, wanted: Value, sides: Sides) -> _Answer:
    match wanted:
        case Text(text):
            return _in_order(_text(value), op, text)
        case Truth(truth):
            return (_text(value).lower() == str(truth).lower()) is (op == "=")
        case Number(number):
            return _with_number(field, as_number(value), op, decimal(number), sides)
        case _:
            return Missing("a time cannot be asked about in a rule")


def _with_number(
    field: Field, value: Known | Missing, op: Op, wanted: Decimal, sides: Sides
) -> _Answer:
    if wanted.is_nan() and op not in _ORDER:
        return (isinstance(value, Decimal) and value.is_nan()) is (op == "=")
    if not isinstance(value, Decimal) and op not in _ORDER:
        return op == "!="
    number = number_at(field, sides)
    if isinstance(number, Missing):
        return number
    if wanted.is_nan():
        return Missing("NaN has no order")
    return _holds(number, op, wanted)


def _holds(left: Decimal, op: Op, right: Decimal) -> bool:
    return _TESTS[op]((left > right) - (left < right))


def _in_order(left: str, op: Op, right: str) -> bool:
    return _TESTS[op]((left > right) - (left < right))


def _spelled(pattern: str) -> str:
    """Return the regular expression for a pattern of LIKE."""
    signs: dict[str, Literal[".*", "."]] = {"%": ".*", "_": "."}
    return "".join(signs.get(letter) or re.escape(letter) for letter in pattern)


def _found(regex: str, value: _Single, *, negated: bool) -> _Answer:
    """Search in time proportional to the text: settings may be anybody's, and expressions hang."""
    from polars import Series
    from polars.exceptions import ComputeError

    try:
        found = Series([_text(value)]).str.contains(regex).item()
    except ComputeError:
        return Missing(f"'{regex}' is no regular expression here")
    return bool(found) is not negated


def _text(value: _Single) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return str(value.to_integral_value()) if value == value.to_integral_value() else str(value)
    return value


def _texts(value: Known) -> frozenset[str]:
    return frozenset(value.texts if isinstance(value, Several) else (_text(value),))
