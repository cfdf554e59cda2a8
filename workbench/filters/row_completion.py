"""Offer what could come next in a filter over rows of data that is still being typed.

As for filters over runs the parser itself is asked what may stand at the cursor.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from workbench.errors import FilterError
from workbench.filters.completion import (
    BEFORE_VALUE,
    LISTED,
    MOST,
    ORDERED,
    REST_OF_WORD,
    TEXTUAL,
    Completion,
    Offer,
    fitting,
    operator_at,
    word_before,
    written,
)
from workbench.filters.fields import write_field
from workbench.filters.quoting import quote
from workbench.filters.row_columns import Columns, DataColumn, field_of
from workbench.filters.tree import Field, Sort

if TYPE_CHECKING:
    from lark import Token

Values: TypeAlias = Callable[[str], Sequence[object]]
"""Gives sample values of a column, by its name."""

_NAMING: Final = frozenset({"NAME", "BACKTICKS", "DOUBLE"})
_OPERATORS: Final[dict[Sort, tuple[str, ...]]] = {
    "truth": ("=", "!=", "IS NULL", "IS NOT NULL"),
    "text": (*TEXTUAL, "!~", *LISTED),
    "nested": ("IS NULL", "IS NOT NULL"),
}
_SAMPLES: Final[dict[Sort, tuple[str, ...]]] = {
    "truth": ("true", "false"),
    "time": ("-1d", "-7d", "-4w"),
    "duration": ("60s", "10m", "1h", "1d"),
}


def complete_rows(
    text: str, cursor: int, columns: Sequence[DataColumn], values: Values = lambda _: ()
) -> list[Completion]:
    """Return what could stand at the cursor, the likeliest first, at most 50.

    Args:
        text: The filter so far.
        cursor: Where the cursor stands in it, 0-based.
        columns: The columns of the table.
        values: Gives sample values of a column.
    """
    start, typed = word_before(text, cursor)
    end = cursor + len(REST_OF_WORD.match(text, cursor)[0]) if typed else cursor  # type: ignore[index] # it always matches
    offers = islice(fitting(_offers(text[:start], columns, values), typed), MOST)
    return [Completion(offer, start, end, kind) for offer, kind in offers]


def _offers(
    head: str, columns: Sequence[DataColumn], values: Values
) -> Iterator[tuple[str, Offer]]:
    """Yield everything that may follow ``head``."""
    from lark import UnexpectedInput  # noqa: PLC0415 - loaded on first use

    try:
        tokens, accepted = _state_after(head)
    except UnexpectedInput:
        return
    field = _field_before(tokens, Columns(columns))
    last = tokens[-1].type if tokens else ""
    if field is not None and last in BEFORE_VALUE and "NAME" in accepted:
        yield from _values(field, values)
        if last == "OP":
            yield from _alike(field, columns)
        return
    if last == "IS":
        yield from (("NULL", "keyword"), ("NOT NULL", "keyword"))
        return
    if field is not None and "OP" in accepted and last in _NAMING:
        yield from ((operator, "operator") for operator in _OPERATORS.get(field.sort, _usual()))
        return
    if "_AND" in accepted and last not in BEFORE_VALUE:
        yield from (("AND", "keyword"), ("OR", "keyword"))
    if "NAME" in accepted:
        yield from ((write_field(field_of(column)), "column") for column in columns)
    if "_NOT" in accepted:
        yield "NOT", "keyword"
    if "_RPAR" in accepted and last not in BEFORE_VALUE:
        yield ")", "operator"


def _usual() -> tuple[str, ...]:
    return (*ORDERED, *LISTED)


def _state_after(head: str) -> "tuple[list[Token], set[str]]":
    """Return the tokens of ``head``, and the types of token the grammar allows next.

    Raises:
        UnexpectedInput: The head makes no sense.
    """
    from workbench.filters.row_grammar import row_parser  # noqa: PLC0415 - loads lark

    state = row_parser().parse_interactive(head)
    tokens = list(state.iter_parse())
    return tokens, state.accepts()  # type: ignore[no-untyped-call] # lark leaves it bare


def _field_before(tokens: "Sequence[Token]", columns: Columns) -> Field | None:
    """Return the column that the last condition asks about; None for what is reckoned."""
    from workbench.filters.grammar import read_word  # noqa: PLC0415 - loads lark
    from workbench.filters.quoting import unquote  # noqa: PLC0415 - with it

    before = tokens[: operator_at(tokens)]
    if not before or before[-1].type not in _NAMING:
        return None
    token = before[-1]
    name = unquote(token) if token.type == "BACKTICKS" else read_word(token).text
    try:
        return columns.field(name, 0)
    except FilterError:
        return None


def _values(field: Field, values: Values) -> Iterator[tuple[str, Offer]]:
    yield from ((value, "value") for value in _SAMPLES.get(field.sort, ()))
    if field.sort in {"text", "time", "clock"}:
        yield from ((written(value), "value") for value in values(field.name))


def _alike(field: Field, columns: Sequence[DataColumn]) -> Iterator[tuple[str, Offer]]:
    """Yield the other columns that this one can be compared with."""
    for column in columns:
        other = field_of(column)
        if other.sort == field.sort and other.name != field.name:
            text = field.sort == "text"
            yield (quote(other.name, "`") if text else write_field(other)), "column"
