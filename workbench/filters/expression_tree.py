"""What an expression over the columns of a table means: a frozen tree, with no parser in it.

Expressions are of rules for data: ``debit + credit = total`` asks every row, ``sum(paid) <=
sum(due)`` asks the whole table. They are read with the words of filters (operators, quotes,
numbers), and differ in three things: both sides may be reckoned, a bare word is always a column,
and what is missing makes the answer unknown instead of false.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from workbench.filters.tree import And, Not, Number, Op, Or, Text, Truth

RowFunction: TypeAlias = Literal["abs", "length"]
Total: TypeAlias = Literal["sum", "mean", "min", "max", "count", "nulls"]


@dataclass(frozen=True, slots=True)
class ColumnName:
    """The value of a column; ``column`` is where the name stands in the text, 0-based."""

    name: str
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """Two operands and what is reckoned from them."""

    op: Literal["+", "-", "*", "/"]
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Applied:
    """A function of one row's value: the size without its sign, the letters of a text."""

    function: RowFunction
    of: "Term"
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Totalled:
    """One number of all rows; ``count`` of values that are there, ``nulls`` of those missing."""

    function: Total
    of: "Term"
    column: int = field(default=0, compare=False)


Term: TypeAlias = ColumnName | Number | Text | Truth | Reckoned | Applied | Totalled


@dataclass(frozen=True, slots=True)
class Related:
    """Two operands stand in the relation ``op``."""

    left: Term
    op: Op
    right: Term


@dataclass(frozen=True, slots=True)
class Listed:
    """The operand equals one of ``values``, of which there is at least one."""

    of: Term
    values: tuple[Number | Text | Truth, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Patterned:
    """The regular expression is found somewhere in the text."""

    of: Term
    regex: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """The operand has no value: null or NaN."""

    of: Term
    negated: bool = False


Expression: TypeAlias = (
    And["Expression"]
    | Or["Expression"]
    | Not["Expression"]
    | Related
    | Listed
    | Patterned
    | Missing
)


def below(node: object) -> tuple[object, ...]:
    """Return what a node of an expression holds, from left to right."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part):
            return (part,)
        case Related(left, _, right) | Reckoned(_, left, right):
            return (left, right)
        case Applied() | Totalled() | Listed() | Patterned() | Missing():
            return (node.of,)
    return ()


def columns_of(node: object) -> tuple[str, ...]:
    """Return the names of the columns an expression asks for, each once, in order."""
    found: dict[str, None] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, ColumnName):
            found[here.name] = None
        waiting[:0] = below(here)
    return tuple(found)


def totals_of(node: object) -> tuple[Totalled, ...]:
    """Return every total in an expression, each once."""
    found: dict[Totalled, None] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop(0)
        if isinstance(here, Totalled):
            found[here] = None
        waiting[:0] = below(here)
    return tuple(found)
