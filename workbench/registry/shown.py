"""What was found and what was asked of it, as texts that carry both values.

Two values that differ do not look the same: digits are added until they do not.
"""

from decimal import Decimal
from typing import Final

from workbench.filters import render_value
from workbench.filters.tree import Absolute, Arithmetic, Field, Operand
from workbench.filters.writing import in_brackets, render_operand
from workbench.registry.operands import Known, Missing, Several, Sides, field_value, fields_of
from workbench.words import UNKNOWN, number, visible

_FEWEST, _MOST = 4, 17
_LONGEST: Final = 60
_LONGEST_APART: Final = 500
_HASH: Final = 12
_WRITTEN_OUT: Final = 10**15
_HASHES: Final = frozenset({"signature", "manifest", "commit", "digest"})


def digits_for(left: Known | Missing, right: Known | Missing) -> int:
    """Return how many digits show that two values differ, if they do; the most: all of a text."""
    if isinstance(left, str) and isinstance(right, str):
        return _MOST if left != right and left[:_HASH] == right[:_HASH] else _FEWEST
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or left == right:
        return _FEWEST
    for digits in range(_FEWEST, _MOST):
        if _number(left, digits) != _number(right, digits):
            return digits
    return _MOST


def side(operand: Operand, value: Known | Missing, sides: Sides, digits: int) -> str:
    """Return one side of a relation: its value, and what it was reckoned from.

    ``0.9100 (champion churn@2: 0.9120 - 0.002)``.
    """
    if isinstance(value, Missing):
        return UNKNOWN if isinstance(operand, Field) and not operand.owner else _asked(operand)
    if not isinstance(operand, Field | Arithmetic | Absolute):
        return render_value(operand)
    text = known(value, digits, operand)
    whose = _champion(operand, sides)
    if isinstance(operand, Field):
        return f"{text} ({whose})" if whose else text
    reckoned = _filled(operand, sides, digits)
    return f"{text} ({whose}: {reckoned})" if whose else f"{text} ({reckoned})"


def known(value: Known, digits: int = _FEWEST, field: Operand | None = None) -> str:
    """Return a value on one line."""
    if isinstance(value, Decimal):
        return _number(value, digits)
    if isinstance(value, bool):
        return str(value).lower()
    text = visible(_listed(value) if isinstance(value, Several) else value)
    longest = _LONGEST_APART if digits == _MOST else _LONGEST
    if longest == _LONGEST and isinstance(field, Field) and field.name in _HASHES:
        return text[:_HASH] if isinstance(value, str) else text[:longest]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _listed(value: Several) -> str:
    return ", ".join((*value.texts, *((UNKNOWN,) if value.unsaid else ())))


def _asked(operand: Operand) -> str:
    return visible(render_operand(operand))


def _champion(operand: Operand, sides: Sides) -> str:
    owned = any(field.owner for field in fields_of(operand))
    return f"champion {sides.champion.name}" if owned and sides.champion is not None else ""


def _filled(operand: Operand, sides: Sides, digits: int) -> str:
    """Return an operand as it is written, with values in the place of names."""
    match operand:
        case Field():
            value = field_value(operand, sides)
            return UNKNOWN if isinstance(value, Missing) else known(value, digits)
        case Absolute(inner):
            return f"abs({_filled(inner, sides, digits)})"
        case Arithmetic(op, left, right):
            first = in_brackets(left, op, _filled(left, sides, digits), first=True)
            second = in_brackets(right, op, _filled(right, sides, digits), first=False)
            return f"{first} {op} {second}"
        case _:
            return render_value(operand)


def _number(value: Decimal, digits: int) -> str:
    if value.is_finite() and abs(value) < _WRITTEN_OUT and value == value.to_integral_value():
        return number(int(value))
    return number(float(value), digits, pad=True)
