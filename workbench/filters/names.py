"""Look bare names up: which of them are params, metrics or tags in the runs at hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import Final

from workbench.errors import FilterError
from workbench.filters.fields import ATTRIBUTES, OTHER_NAMES, PREFIXED_ATTRIBUTES, write_field
from workbench.filters.literals import number_beside, require_text
from workbench.filters.tree import (
    And,
    Compare,
    Field,
    In,
    Kind,
    Like,
    Match,
    Node,
    Not,
    Or,
    Part,
    Words,
)

# Comparing spellings costs about 10 µs a name, and the answer is a courtesy.
_MOST_SPELLINGS: Final = 5000


@dataclass(frozen=True, slots=True)
class Names:
    """The names there are in the runs a filter is asked of."""

    params: frozenset[str] = frozenset()
    metrics: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def kinds_of(self, name: str) -> tuple[Kind, ...]:
        """Return what the name is called by: param, metric, tag, or several of them."""
        kinds: tuple[tuple[Kind, frozenset[str]], ...] = (
            ("param", self.params),
            ("metric", self.metrics),
            ("tag", self.tags),
        )
        return tuple(kind for kind, names in kinds if name in names)


def resolve(node: Node, names: Names, *, text: str = "") -> Node:
    """Return the tree with every bare name made a param, a metric or a tag.

    Args:
        node: What `parse` returned.
        names: The names there are.
        text: The text that was parsed, for the error to point into.

    Raises:
        FilterError: A bare name is unknown, or is several things at once.
    """
    try:
        return _resolve(node, lambda field: look_up(field, names))
    except FilterError as error:
        column = min(error.column, len(text))
        raise FilterError(error.message, text=text, column=column, hint=error.hint) from None


def _resolve(node: Node, concrete: Callable[[Field], Field]) -> Node:
    match node:
        case And(parts) | Or(parts):
            return type(node)(tuple(_resolve(part, concrete) for part in parts))
        case Not(part):
            return Not(_resolve(part, concrete))
        case Words():
            return node
        case _:
            return _settled(replace(node, field=concrete(node.field)))


def _settled(node: Node) -> Node:
    """Read the values again where the name turned out to be a metric."""
    match node:
        case Compare(field, _, value) if field.kind == "metric":
            return replace(node, value=number_beside(field, value, field.column))
        case In(field, values) if field.kind == "metric":
            numbers = tuple(number_beside(field, value, field.column) for value in values)
            return replace(node, values=numbers)
        case Like(field):
            require_text(field, "LIKE" if node.case_sensitive else "ILIKE")
        case Match(field):
            require_text(field, "!~" if node.negated else "~")
    return node


def look_up(field: Field, names: Names) -> Field:
    """Return the param, metric or tag a bare field means; any other field as it is.

    Raises:
        FilterError: There is no such name, or it is several things at once.
    """
    if field.kind != "bare":
        return field
    kinds = names.kinds_of(field.name)
    if field.part is not None:
        kinds = tuple(kind for kind in kinds if kind == "metric")
    if not kinds:
        raise _unknown(field, names)
    choices = [Field(kind, field.name, _part(kind, field), field.column) for kind in kinds]
    if len(choices) > 1:
        raise FilterError(
            f"'{field.name}' is {_listed([f'a {kind}' for kind in kinds], 'and')}:"
            f" write {_listed([write_field(choice) for choice in choices], 'or')}.",
            text="",
            column=field.column,
        )
    return choices[0]


def _part(kind: Kind, field: Field) -> Part | None:
    return (field.part or "last") if kind == "metric" else None


def _unknown(field: Field, names: Names) -> FilterError:
    wanted = names.metrics if field.part else names.params | names.metrics | names.tags
    known = wanted if field.part else wanted | ({*ATTRIBUTES, *OTHER_NAMES} - PREFIXED_ATTRIBUTES)
    close = [f"'{name}'" for name in closest(field.name, known)]
    what = "metric" if field.part else "param, metric, tag or attribute"
    return FilterError(
        f"There is no {what} called '{field.name}'.",
        text="",
        column=field.column,
        hint=f"Did you mean {_listed(close, 'or')}?" if close else "",
    )


def closest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three likely names: those that end in ``name``, then those spelled like it."""
    ordered = sorted(known)
    endings = tuple(mark + name.casefold() for mark in "./_")
    ends = [one for one in ordered if one.casefold() == name.casefold()]
    ends += [one for one in ordered if one.casefold().endswith(endings)]
    by_folded = {one.casefold(): one for one in islice(ordered, _MOST_SPELLINGS)}
    alike = get_close_matches(name.casefold(), by_folded, n=3, cutoff=0.6)
    return list(dict.fromkeys(ends or [by_folded[one] for one in alike]))[:3]


def _listed(words: list[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
