"""What differs between runs: facts side by side, counted, ordered, folded to a tree.

A comparison on the screen, on the command line and in a report shows these facts.
Whether two values are the same is decided here and nowhere else, so that a row that
counts as equal on one road is never shown as a difference on another. Values are
anything JSON can hold.
"""

import math
import re
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from typing import Any, Final, NamedTuple, TypeAlias


class Missing(Enum):
    """What stands where a run has no value; None is a value, the null of JSON."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

SECTIONS: Final = (
    "run", "params", "metrics", "tags", "code", "environment", "packages", "datasets",
)  # fmt: skip
"""The kinds of facts in the order they are shown."""

_PLAIN: Final = (str, int, bool)
"""Types whose values are equal exactly if Python says so, among themselves."""
_NAN: Final = ("NaN",)
_DEEPEST: Final = 20
"""Branches a name is taken apart into; the rest of a longer one stays one label."""
_DIGITS: Final = re.compile(r"([0-9]+)")
_PARTS: Final = re.compile(r"[^./]*[./]|[^./]+")

_Name: TypeAlias = tuple[tuple[Any, ...], ...]


class Fact(NamedTuple):
    """One fact about every run: a param, the last value of a metric, a package's version.

    NaN is the same as NaN and 1 the same as 1.0; true is not 1, and to have no value
    is a value of its own.
    """

    section: str
    name: str
    values: tuple[Any, ...]
    """One per run, MISSING where a run has none."""
    goal: str = ""
    """``min`` or ``max`` for a metric with a known good direction."""
    steps: tuple[float | None, ...] = ()
    """The step a value is of, where it stands in for one that the run never came to log."""

    def stands_in(self, index: int) -> bool:
        """Say whether run ``index`` has an earlier value in the place of the one asked for."""
        return bool(self.steps) and self.steps[index] is not None

    def placed(self, order: Sequence[int]) -> "Fact":
        """Return the fact with its runs in another order."""
        steps = tuple([self.steps[run] for run in order]) if self.steps else ()
        return self._replace(values=tuple([self.values[run] for run in order]), steps=steps)

    @property
    def differs(self) -> bool:
        """Whether two runs have different values."""
        return len(set(_keys(self.values))) > 1

    @property
    def shares(self) -> tuple[int, ...]:
        """How many runs have each run's value; for a whole row in one go."""
        keys = _keys(self.values)
        counted = Counter(keys)
        return tuple(counted[key] for key in keys)

    @property
    def commonest(self) -> int:
        """How many runs have the commonest value."""
        return max(Counter(_keys(self.values)).values(), default=0)

    def shared(self, index: int) -> int:
        """Return how many of the runs have the value of run ``index``, itself counted."""
        keys = _keys(self.values)
        return sum(key == keys[index] for key in keys)


def _keys(values: Sequence[Any]) -> Sequence[Hashable]:
    """Return for each value something hashable that is equal exactly if the values are."""
    kinds = set(map(type, values))
    if len(kinds) == 1 and kinds.pop() in _PLAIN:
        return values
    return [key(value) for value in values]


def key(value: Any) -> Hashable:
    """Return something hashable that two values share exactly if they are the same value."""
    if isinstance(value, float):
        return value if value == value else _NAN  # noqa: PLR0124 - the quickest test for NaN
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, Mapping):
        return ("object", frozenset((name, key(held)) for name, held in value.items()))
    if isinstance(value, list | tuple):
        return ("list", *map(key, value))
    return value if isinstance(value, Hashable) else ("text", repr(value))


def facts(
    section: str, by_run: Sequence[Mapping[str, Any]], goals: Mapping[str, str] | None = None
) -> tuple[Fact, ...]:
    """Return every name any run has with the values of all runs, in natural order.

    Args:
        section: One of ``SECTIONS``.
        by_run: The values by name, one mapping per run.
        goals: ``min`` or ``max`` by name, where it is known.
    """
    known = goals or {}
    names = {name for run in by_run for name in run}
    return tuple(
        Fact(section, name, tuple([run.get(name, MISSING) for run in by_run]), known.get(name, ""))
        for name in sorted(names, key=natural)
    )


def natural(name: str) -> tuple[_Name, str]:
    """Return a sort key that puts ``layer2`` before ``layer10`` and a branch's names together."""
    return tuple(_natural_part(part) for part in re.split(r"[./]", name)), name


def _natural_part(part: str) -> tuple[Any, ...]:
    """Return text and numbers in turn; a number of any length counts by its digits alone."""
    pieces = _DIGITS.split(part.casefold())
    pieces[1::2] = [digits.lstrip("0") for digits in pieces[1::2]]
    return tuple((len(piece), piece) if place % 2 else piece for place, piece in enumerate(pieces))


class Line(NamedTuple):
    """A line of the tree: a heading, a leaf with its fact, or what was folded.

    A heading of a section has depth 0, of a branch more. A folded line has no label
    and no fact, and says in ``equal`` how many facts of its section are alike.
    """

    depth: int
    label: str
    fact: Fact | None = None
    equal: int = 0


@dataclass(slots=True)
class _Branch:
    """A node while the tree is built: the facts that end here and what lies below."""

    facts: list[Fact] = field(default_factory=list)
    below: dict[str, "_Branch"] = field(default_factory=dict)


def tree(compared: Sequence[Fact], *, equal: bool) -> tuple[Line, ...]:
    """Return the facts as the lines of a tree, section by section.

    Names are split at dots and slashes; a branch with a single child is joined with it.

    Args:
        compared: The facts, those of a branch in any order.
        equal: Show what is the same in all runs too; otherwise it folds to one line per
            section.
    """
    lines: list[Line] = []
    for section, group in groupby(sorted(compared, key=_place), key=lambda fact: fact.section):
        held = list(group)
        shown = held if equal else [fact for fact in held if fact.differs]
        lines.append(Line(0, section))
        lines.extend(_lines(_grown(shown), "", 1))
        if len(shown) < len(held):
            lines.append(Line(1, "", equal=len(held) - len(shown)))
    return tuple(lines)


def _place(fact: Fact) -> tuple[int, str]:
    known = fact.section in SECTIONS
    return (SECTIONS.index(fact.section) if known else len(SECTIONS), fact.section)


def _grown(compared: Sequence[Fact]) -> _Branch:
    root = _Branch()
    for fact in compared:
        branch = root
        for part in _parts(fact.name):
            branch = branch.below.setdefault(part, _Branch())
        branch.facts.append(fact)
    return root


def _parts(name: str) -> list[str]:
    """Return a name cut after its dots and slashes, no deeper than a screen can show."""
    parts: list[str] = _PARTS.findall(name) or [""]
    return [*parts[:_DEEPEST], *filter(None, ["".join(parts[_DEEPEST:])])]


def _lines(branch: _Branch, before: str, depth: int) -> Iterator[Line]:
    """Yield the lines below a branch; ``before`` is the label of branches joined so far."""
    for part, node in branch.below.items():
        label = before + part
        yield from (Line(depth, label, fact) for fact in node.facts)
        if len(node.below) > 1:
            yield Line(depth, label.rstrip("./") or label)
            yield from _lines(node, "", depth + 1)
        else:
            yield from _lines(node, label, depth)


def order(values: Sequence[Any], *, descending: bool) -> tuple[int, ...]:
    """Return the runs in the order of a fact's values; those without one last, either way.

    Numbers come before other values, text is in natural order. Runs with equal values
    keep their order.
    """
    ranked = [(_rank(value), place) for place, value in enumerate(values)]
    there = [pair for pair in ranked if pair[0] is not None]
    there.sort(key=lambda pair: pair[0] or (), reverse=descending)
    return tuple(place for _, place in (*there, *(pair for pair in ranked if pair[0] is None)))


def _rank(value: Any) -> tuple[Any, ...] | None:
    """Return what a value is ordered by, None for what is no value."""
    if value is None or value is MISSING:
        return None
    if isinstance(value, bool):
        return (1, value)
    if isinstance(value, int | float):
        return None if isinstance(value, float) and math.isnan(value) else (0, value)
    return (2, natural(value if isinstance(value, str) else repr(value)))
