"""Offer what could come next in a filter that is still being typed.

What may stand at the cursor is asked of the parser itself, so the grammar is written once. The
text before the word under the cursor must make sense so far; where it does not, nothing is
offered and the error line says why.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from workbench.errors import FilterError
from workbench.filters.fields import (
    ATTRIBUTES,
    DATASET_NAMES,
    PARTS,
    PREFIXES,
    quoted_field,
    sort_of,
    write_field,
)
from workbench.filters.names import Names, look_up
from workbench.filters.quoting import LETTERS, is_plain, quote, reads_as_number
from workbench.filters.tree import Field, Kind, Number, Truth
from workbench.filters.writing import render_value

if TYPE_CHECKING:
    from lark import Token

Offer: TypeAlias = Kind | Literal["function", "operator", "value", "keyword"]

MOST: Final = 50
# A whole word or a quote not closed yet, up to the cursor; spaces and operators end it.
_UNDER_CURSOR: Final = re.compile(
    rf"""(?:{LETTERS}+\.)?(?:'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`(?:[^`]|``)*`?)|{LETTERS}+\(?|\s+|."""
)
REST_OF_WORD: Final = re.compile(rf"{LETTERS}*")
ORDERED: Final = (">", ">=", "<", "<=", "=", "!=")
TEXTUAL: Final = ("=", "!=", "LIKE", "ILIKE", "NOT LIKE", "~", "!~")
LISTED: Final = ("IN (", "NOT IN (", "IS NULL", "IS NOT NULL")
_STATUSES: Final = ("RUNNING", "FINISHED", "FAILED", "KILLED", "STALE")
_MOMENTS: Final = ("-1h", "-1d", "-7d", "-4w")
_OPERATORS: Final = frozenset({"OP", "LIKE", "MATCH", "IN", "NOT_IN", "IS"})
BEFORE_VALUE: Final = frozenset({"OP", "LIKE", "MATCH", "_LPAR", "_COMMA"})
_NAMING: Final = frozenset({"NAME", "PATH", "BACKTICKS", "DOUBLE"})
_SPANS: Final = ("60s", "10m", "1h", "1d")


class Completion(NamedTuple):
    """Text that may replace ``[start:end]`` of the filter, and what sort of thing it is."""

    text: str
    start: int
    end: int
    kind: Offer


Values: TypeAlias = Callable[[Field], Sequence[object]]


def complete(
    text: str, cursor: int, names: Names, values: Values = lambda _: ()
) -> list[Completion]:
    """Return what could stand at the cursor, the likeliest first, at most 50.

    Args:
        text: The filter so far.
        cursor: Where the cursor stands in it, 0-based.
        names: The names there are.
        values: Gives sample values of a field.
    """
    start, typed = word_before(text, cursor)
    end = cursor + len(REST_OF_WORD.match(text, cursor)[0]) if typed else cursor  # type: ignore[index] # it always matches
    offers = islice(fitting(_offers(text[:start], typed, names, values), typed), MOST)
    return [Completion(offer, start, end, kind) for offer, kind in offers]


def word_before(text: str, cursor: int) -> tuple[int, str]:
    """Return where the word before the cursor begins, and the word; none after a space."""
    pieces = list(_UNDER_CURSOR.finditer(text, 0, cursor))
    if not pieces or not _is_word(pieces[-1][0]):
        return cursor, ""
    return pieces[-1].start(), pieces[-1][0]


def _is_word(piece: str) -> bool:
    return not piece.endswith("(") and re.match(rf"{LETTERS}|['\"`]", piece) is not None


def fitting(offers: Iterable[tuple[str, Offer]], typed: str) -> Iterator[tuple[str, Offer]]:
    """Yield the offers that begin with what was typed, then those that contain it."""
    wanted = _folded(typed)
    later = []
    for offer, kind in dict.fromkeys(offers):
        folded = _folded(offer)
        if offer == typed:
            continue
        if folded.startswith(wanted):
            yield offer, kind
        elif kind not in {"keyword", "operator"} and len(wanted) > 1 and wanted in folded:
            later.append((offer, kind))
    yield from later


def _folded(text: str) -> str:
    return re.sub("['\"`]", "", text).casefold()


def _offers(head: str, typed: str, names: Names, values: Values) -> Iterator[tuple[str, Offer]]:
    """Yield everything that may follow ``head`` where ``typed`` has been begun."""
    try:
        tokens, accepted = _state_after(head)
        field = _field_before(tokens, names)
    except FilterError:
        return
    last = tokens[-1].type if tokens else ""
    if last == "CALL":
        yield from _prefixed(typed, names) or _metrics(names)
    elif field is not None and last in BEFORE_VALUE and "NAME" in accepted:
        yield from _values(field, values)
    elif last == "IS":
        yield from (("NULL", "keyword"), ("NOT NULL", "keyword"))
    elif field is not None and "OP" in accepted:
        yield from ((operator, "operator") for operator in _operators(field))
        return
    if "_AND" in accepted and last not in BEFORE_VALUE:
        yield from (("AND", "keyword"), ("OR", "keyword"))
    if "_NOT" in accepted:
        yield from _prefixed(typed, names) or _starts(names)
    if "_RPAR" in accepted and last not in BEFORE_VALUE:
        yield ")", "operator"


def _state_after(head: str) -> "tuple[list[Token], set[str]]":
    """Return the tokens of ``head``, and the types of token the grammar allows next.

    Raises:
        FilterError: The head makes no sense.
    """
    from lark import UnexpectedInput  # noqa: PLC0415 - loaded on first use

    from workbench.filters.grammar import parser  # noqa: PLC0415 - loads lark

    try:
        state = parser().parse_interactive(head)
        tokens = list(state.iter_parse())
    except UnexpectedInput as error:
        raise FilterError("", text=head, column=0) from error
    return tokens, state.accepts()  # type: ignore[no-untyped-call] # lark leaves it bare


def _field_before(tokens: "Sequence[Token]", names: Names) -> Field | None:
    """Return the field the last condition asks about, or None where it is a free word."""
    from workbench.filters.grammar import read_field  # noqa: PLC0415 - loads lark

    before = tokens[: operator_at(tokens)]
    types = [token.type for token in before[-3:]]
    try:
        if len(types) == 3 and types[0] == "CALL" and types[2] == "_RPAR":  # noqa: PLR2004 - f ( )
            return look_up(replace(read_field(before[-2]), part="min"), names)
        if types and types[-1] in _NAMING:
            return look_up(read_field(before[-1]), names)
    except FilterError:
        return None
    return None


def operator_at(tokens: "Sequence[Token]") -> int:
    """Return where the operator stands that a value is due for; after the end if none is."""
    types = [token.type for token in tokens]
    at = len(types) - 1
    if types and types[at] == "_COMMA":
        at = len(types) - 1 - types[::-1].index("_LPAR")
    if types and types[at] == "_LPAR":
        at -= 1
    return at if at > 0 and types[at] in _OPERATORS else len(types)


def _starts(names: Names) -> Iterator[tuple[str, Offer]]:
    """Yield what a condition may begin with; a name that is several things gets its prefix."""
    yield from _metrics(names)
    yield from _named(names, "param", names.params)
    yield from _named(names, "tag", names.tags)
    yield from ((write_field(Field("attribute", name)), "attribute") for name in ATTRIBUTES)
    yield from ((f"datasets.{name}", "dataset") for name in dict.fromkeys(DATASET_NAMES.values()))
    yield from ((f"{part}(", "function") for part in PARTS)
    yield "NOT", "keyword"


def _prefixed(typed: str, names: Names) -> list[tuple[str, Offer]]:
    """Return the fields of the kind that ``metrics.`` or another prefix asks for."""
    prefix, dot, _ = typed.partition(".")
    kind = PREFIXES.get(prefix) if dot else None
    if kind is None:
        return []
    known: dict[Kind, Iterable[str]] = {
        "metric": sorted(names.metrics),
        "param": sorted(names.params),
        "tag": sorted(names.tags),
        "attribute": ATTRIBUTES,
        "dataset": dict.fromkeys(DATASET_NAMES.values()),
    }
    return [
        (f"{prefix}.{name if is_plain(name) else quote(name, '`')}", kind) for name in known[kind]
    ]


def _metrics(names: Names) -> Iterator[tuple[str, Offer]]:
    return _named(names, "metric", names.metrics)


def _named(
    names: Names, kind: Literal["param", "metric", "tag"], known: Iterable[str]
) -> Iterator[tuple[str, Offer]]:
    for name in sorted(known):
        taken = len(names.kinds_of(name)) > 1 or quoted_field(name, 0).kind == "attribute"
        field = Field(kind, name) if taken else Field("bare", name)
        yield write_field(field), kind


def _operators(field: Field) -> tuple[str, ...]:
    match sort_of(field):
        case "truth":
            return ("=", "!=")
        case "text":
            return (*TEXTUAL, *LISTED)
        case "any":
            return (*TEXTUAL, *ORDERED[:4], *LISTED)
        case _:
            return (*ORDERED, *LISTED)


def _values(field: Field, values: Values) -> Iterator[tuple[str, Offer]]:
    if field.name == "status" and field.kind == "attribute":
        yield from ((status, "value") for status in _STATUSES)
    built_in = {"truth": ("true", "false"), "time": _MOMENTS, "duration": _SPANS}
    yield from ((value, "value") for value in built_in.get(sort_of(field), ()))
    yield from ((written(value), "value") for value in values(field))


def written(value: object) -> str:
    """Return a sample value as it is written beside an operator."""
    if isinstance(value, bool | int | float):
        return render_value(Truth(value) if isinstance(value, bool) else Number(float(value)))
    text = str(value)
    plain = is_plain(text) and not reads_as_number(text) and text.lower() not in {"true", "false"}
    return text if plain else quote(text, "'")
