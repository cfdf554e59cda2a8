"""Evaluate a rule over facts: it holds, it fails, or it cannot be decided, and never by guessing.

Three values, after Kleene: unknown AND false is false, unknown OR true is true, everything else
with an unknown in it is unknown. A filter leaves out what has no value; a gate must not, because
``metrics.errors != 3`` would then depend on what nobody logged.

Source: S. C. Kleene (1952), Introduction to Metamathematics, section 64.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from workbench.filters import parse_rule
from workbench.filters.tree import And, Compare, Field, Leaf, Not, Op, Or, Relation, Rule
from workbench.registry.checks import Check, Outcome, Result
from workbench.registry.conditions import Judged, judge
from workbench.registry.facts import Facts
from workbench.registry.operands import Sides, fields_of
from workbench.words import visible

_MOST_SAID: Final = 5
_OUTCOMES: Final[dict[bool | None, Outcome]] = {True: "holds", False: "fails", None: "undecided"}
_OPPOSITE: Final[dict[Op, Op]] = {
    "=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
}  # fmt: skip
_ASKED: Final[dict[str, str]] = {
    ">=": "at least ", "<=": "at most ", ">": "more than ", "<": "less than ",
    "=": "", "!=": "anything but ",
}  # fmt: skip
_Part: TypeAlias = "Judged | _Joined"


class _Joined(NamedTuple):
    """Several parts of a rule and what they come to together."""

    word: str
    parts: tuple[_Part, ...]
    truth: bool | None


@lru_cache(maxsize=256)
def _read(text: str) -> Rule:
    return parse_rule(text)


def evaluate(
    check: Check, subject: Facts, champion: Facts | None, columns: tuple[str, ...] = ()
) -> Result:
    """Return what comes out of a rule for a version that wants a stage.

    Args:
        check: Of kind ``rule``.
        subject: The version that wants the stage.
        champion: The version that holds it; None while it is empty.
        columns: How the version's columns differ from the champion's, in sentences: what is said
            instead of two hashes that differ.

    Raises:
        FilterError: The rule cannot be read; a policy's rules can.
    """
    rule = _read(check.text)
    if champion is None and names_champion(rule):
        return Result(check, "not applicable", "", visible(check.text), "There is no champion yet.")
    found = _judged(rule, Sides(subject, champion), negated=False)
    if isinstance(found, Judged):
        observed, required = found.observed, found.required
    else:
        leaves = list(_leaves(found))
        observed = "; ".join(dict.fromkeys(f"{one.what}: {one.observed}" for one in leaves))
        required = _required(found)
    return Result(check, _OUTCOMES[found.truth], observed, required, _sentence(found, columns))


def names_champion(rule: Rule) -> bool:
    """Say whether a rule asks about the version that holds the stage."""
    return any(field.owner for field in _fields(rule))


def metrics_named(text: str) -> tuple[str, ...]:
    """Return the metrics a rule asks about, in its order.

    Raises:
        FilterError: The rule cannot be read; a policy's rules can.
    """
    fields = (field for field in _fields(_read(text)) if field.kind == "metric")
    return tuple(dict.fromkeys(field.name for field in fields))


def names_data(text: str) -> bool:
    """Say whether a rule asks about the data a version was made from.

    Raises:
        FilterError: The rule cannot be read; a policy's rules can.
    """
    return any(field.kind == "data" for field in _fields(_read(text)))


def names_drift(text: str) -> bool:
    """Say whether a rule asks what checks of drift found of a version; raises as `names_data`."""
    return any(field.kind == "drift" for field in _fields(_read(text)))


def _fields(rule: Rule) -> Iterator[Field]:
    match rule:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _fields(part)
        case Not(part):
            yield from _fields(part)
        case Relation(left, _, right):
            yield from fields_of(left)
            yield from fields_of(right)
        case _:
            yield rule.field


def _judged(rule: Rule, sides: Sides, *, negated: bool) -> _Part:
    """Return what a rule comes to; a negation goes down to the conditions."""
    match rule:
        case Not(part):
            return _judged(part, sides, negated=not negated)
        case And(parts) | Or(parts):
            both = isinstance(rule, And) is not negated
            judged = tuple(_judged(part, sides, negated=negated) for part in parts)
            truth = (_all if both else _any)([part.truth for part in judged])
            return _Joined("AND" if both else "OR", judged, truth)
        case _:
            return judge(_inverted(rule) if negated else rule, sides)


def _inverted(leaf: Leaf | Relation) -> Leaf | Relation:
    """Return the condition that holds where ``leaf`` fails; both need the same values."""
    if isinstance(leaf, Compare | Relation):
        return replace(leaf, op=_OPPOSITE[leaf.op])
    return replace(leaf, negated=not leaf.negated)


def _all(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _any(truths: list[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def _leaves(part: _Part) -> Iterator[Judged]:
    if isinstance(part, Judged):
        yield part
    else:
        for inner in part.parts:
            yield from _leaves(inner)


def _required(part: _Part) -> str:
    if isinstance(part, Judged):
        return f"{part.what} {part.required}"
    texts = (
        f"({_required(inner)})" if isinstance(inner, _Joined) else _required(inner)
        for inner in part.parts
    )
    return f" {part.word} ".join(texts)


def _sentence(found: _Part, columns: tuple[str, ...]) -> str:
    """Say what stands in the way: the conditions that fail, or what is not known."""
    if found.truth is True:
        return ""
    blocking = _blocking(found)
    said = list(
        dict.fromkeys(one.why if one.truth is None else _failing(one, columns) for one in blocking)
    )
    more = f"; and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
    text = f"{'; '.join(said[:_MOST_SAID])}{more}."
    return visible(text[:1].upper() + text[1:] if text.startswith("the ") else text)


def _blocking(part: _Part) -> Iterator[Judged]:
    """Yield the conditions that make a rule fail, or else those that leave it undecided."""
    if isinstance(part, Judged):
        yield part
        return
    for inner in part.parts:
        if inner.truth is part.truth:
            yield from _blocking(inner)


def _failing(one: Judged, columns: tuple[str, ...]) -> str:
    if columns and one.what == "signature" and "(champion " in one.required:
        return f"{one.whose} has other columns: {_few(columns)}"
    op, _, wanted = one.required.partition(" ")
    if op in _ASKED:
        return f"{one.what} of {one.whose} is {one.observed} and must be {_ASKED[op]}{wanted}"
    return f"{one.what} of {one.whose} is {one.observed}; asked is {one.required}"


def _few(sentences: tuple[str, ...]) -> str:
    more = len(sentences) - _MOST_SAID
    said = " ".join(sentences[:_MOST_SAID]) + (f" And {more} more" if more > 0 else "")
    return said.rstrip(".")
