"""What a filter means: a frozen tree of values, with no text, no SQL and no parser in it.

Everything that reads a filter meets it here. The catalogue turns the tree into SQL with every
value bound; the registry evaluates the same tree over facts handed to it. Nothing in this module
knows either of them, and no node is made anywhere else than from these classes.

**A missing value never matches.** `Compare`, `Like`, `Match` and `In` are true only where the
value is there, also when they are negative: ``params.lr != 0.1`` leaves out runs that have no
``lr``, as MLflow does, and so do ``NOT IN``, ``NOT LIKE`` and ``!~``. `Not` is plain negation of
what it holds: ``NOT params.lr = 0.1`` matches runs without ``lr``. `IsNull` asks for the absence.

**NaN equals NaN and nothing else, and has no order.** ``metrics.loss = NaN`` finds the runs that
diverged, ``metrics.loss != NaN`` those that have a number, and no ``<`` or ``>`` is true where
either side is NaN.

**Params and tags compare as numbers** when a `Number` is asked for and what is stored reads as a
number. A `Number` never equals text that is no number (``!=`` is true of it) and has no order with
it. A `Text` compares as text, so ``params.lr = '0.10'`` is textual. `Truth` equals a stored true
or false, and the words ``true`` and ``false`` in any case of letters. `Like` and `Match` look at
params and tags as text.

**`Words`** is true where its text occurs in the name, a tag's value or the note, in any case.

A **rule** of a registry's check is the same tree with three things more: a `Field` may have an
owner, a `Relation` has arithmetic on its sides, and there are no `Words`. A filter never has
these. Over one version's facts a missing value makes a rule undecided instead of false; that is
said and done in `workbench.registry.rules`.

A filter over **rows of data** has fields of the kind ``column``, `Relation` and `Words`, which
looks into every text of a row. What cannot be reckoned is missing: a division by zero, a null.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias, TypeVar, cast

Kind: TypeAlias = Literal[
    "attribute", "param", "metric", "tag", "dataset", "bare", "git", "version", "data", "drift",
    "column",
]  # fmt: skip
"""``git``, ``version``, ``data`` and ``drift`` are of rules: the source's state, what a model
version is, what is said of its data, and what checks of drift found of it.
``column`` is of filters over the rows of a table."""
Sort: TypeAlias = Literal["text", "number", "duration", "time", "truth", "any", "clock", "nested"]
"""What the values of a field are. ``clock``, a time of day, and ``nested``, which can only be
asked for null, are of columns of data."""
Owner: TypeAlias = Literal["", "champion"]
Part: TypeAlias = Literal[
    "last", "min", "max", "first", "best", "count", "nans", "step_of_min", "step_of_max"
]
Op: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Number:
    """A number; NaN and the infinities are numbers. NaN is always the object `math.nan`.

    A whole number asked of a column of data is an `int`, exact however large it is.
    """

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """Text, compared letter by letter."""

    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment: seconds since the epoch or, when ``relative``, from now (so negative is past)."""

    seconds: float
    relative: bool = False

    def at(self, now: float) -> float:
        """Return the moment in seconds since the epoch, given the time ``now``."""
        return now + self.seconds if self.relative else self.seconds


Value: TypeAlias = Number | Text | Truth | Instant


@dataclass(frozen=True, slots=True)
class Field:
    """Whose value is meant.

    ``kind`` is "bare" until `resolve` has looked the name up. ``part`` is None for everything but
    metrics, and for a bare name written without a function. ``column`` is where the name stands
    in the text, 0-based; it is no part of what the filter means and is not compared. ``owner`` is
    empty for the version or run that is asked about.
    """

    kind: Kind
    name: str
    part: Part | None = None
    column: int = field(default=0, compare=False)
    owner: Owner = ""
    sort: Sort = "any"
    """Of a column of data; of other fields `workbench.filters.fields.sort_of` knows it."""


@dataclass(frozen=True, slots=True)
class Compare:
    """The field's value stands in the relation ``op`` to ``value``."""

    field: Field
    op: Op
    value: Value


@dataclass(frozen=True, slots=True)
class Like:
    """The whole text fits the pattern; ``%`` is any text, ``_`` any one character, no escapes."""

    field: Field
    pattern: str
    case_sensitive: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The regular expression is found somewhere in the text; letters count as they are written."""

    field: Field
    regex: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In:
    """The field's value equals one of ``values``, of which there is at least one."""

    field: Field
    values: tuple[Value, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class IsNull:
    """The field has no value."""

    field: Field
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A word or a quoted phrase that stands alone: found in the name, a tag's value or the note."""

    text: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands and what is reckoned from them."""

    op: Literal["+", "-", "*", "/"]
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True, slots=True)
class Absolute:
    """An operand without its sign."""

    operand: "Operand"


Operand: TypeAlias = Field | Value | Arithmetic | Absolute


@dataclass(frozen=True, slots=True)
class Relation:
    """Two operands of a rule stand in the relation ``op``; one field and one value: `Compare`."""

    left: Operand
    op: Op
    right: Operand


Inner_co = TypeVar("Inner_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Not(Generic[Inner_co]):
    """What ``part`` does not match, including where it could not match for want of a value."""

    part: Inner_co


@dataclass(frozen=True, slots=True)
class And(Generic[Inner_co]):
    """Every part matches; two parts or more, none of them an `And`."""

    parts: tuple[Inner_co, ...]


@dataclass(frozen=True, slots=True)
class Or(Generic[Inner_co]):
    """At least one part matches; two parts or more, none of them an `Or`."""

    parts: tuple[Inner_co, ...]


Leaf: TypeAlias = Compare | Like | Match | In | IsNull
Node: TypeAlias = And["Node"] | Or["Node"] | Not["Node"] | Leaf | Words
Rule: TypeAlias = And["Rule"] | Or["Rule"] | Not["Rule"] | Leaf | Relation
RowNode: TypeAlias = And["RowNode"] | Or["RowNode"] | Not["RowNode"] | Leaf | Words | Relation


_N = TypeVar("_N")


def conjunction(parts: Sequence[_N]) -> _N:
    """Return one node that holds where all ``parts`` hold; nested conjunctions become one.

    ``parts`` are nodes of one language, at least one; each language may join its nodes by `And`.
    """
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else cast("_N", And(tuple(flat)))


def disjunction(parts: Sequence[_N]) -> _N:
    """Return one node that holds where any of ``parts`` holds; nested disjunctions become one.

    ``parts`` are nodes of one language, at least one; each language may join its nodes by `Or`.
    """
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else cast("_N", Or(tuple(flat)))
