"""The grammar of filters over rows of data: that of filters, with arithmetic on both sides.

The tokens are those of filters and rules, so the three languages are read alike. Which columns
there are is not known to the grammar: it gives the parser's own tree, and a builder that knows
them makes the frozen one. A completion needs the tokens alone.
"""

from functools import cache
from typing import Final, NamedTuple, TypeAlias

from lark import Lark, Token, Tree, v_args
from lark.exceptions import VisitError

from workbench.errors import FilterError
from workbench.filters import literals, row_values
from workbench.filters.connectives import Connectives
from workbench.filters.fields import write_field
from workbench.filters.grammar import OPS, TERMINALS, read_word
from workbench.filters.quoting import Word, reads_as_value, unquote
from workbench.filters.row_columns import Columns, require_values
from workbench.filters.rule_fields import glued_sign, spaced
from workbench.filters.rule_grammar import MIRRORED, SIGNS
from workbench.filters.tree import (
    Absolute,
    Arithmetic,
    Field,
    IsNull,
    Like,
    Match,
    Number,
    Op,
    Operand,
    Relation,
    RowNode,
    Words,
)

_RULES: Final = """
start: disjunction
disjunction: conjunction (_OR conjunction)*
conjunction: _term (_AND? _term)*
_term: negation | group | words | compare | is_in | like | match | is_null

negation: _NOT _term
group: _LPAR disjunction _RPAR
words: NAME | DOUBLE | SINGLE
compare: _sum OP _sum
is_in: _sum (IN | NOT_IN) _LPAR value (_COMMA value)* _COMMA? _RPAR
like: _sum LIKE value
match: _sum MATCH value
is_null: _sum IS NOT_NULL | _sum IS NULL

_sum: _product | sum
sum: _sum SUM _product
_product: _factor | product
product: _product PRODUCT _factor
_factor: atom | call | brackets
brackets: _LPAR (sum | product | call | brackets) _RPAR
call: CALL _sum _RPAR
atom: NAME | PATH | BACKTICKS | DOUBLE | SINGLE
value: NAME | DOUBLE | SINGLE
"""
_NUMERIC: Final = frozenset({"number", "duration"})


class _Bare(NamedTuple):
    """A name or a quoted text whose meaning depends on where it stands."""

    token: Token


_Side: TypeAlias = _Bare | Operand


@cache
def row_parser() -> Lark:
    """Return the parser of filters over rows, built on first use; it gives Lark's own tree."""
    lines = [f"{name}.{rank}: /{pattern}/i" for name, rank, pattern in (*TERMINALS, *SIGNS)]
    grammar = "\n".join([_RULES, *lines, "%ignore SPACE"])
    return Lark(grammar, parser="lalr", lexer="basic")


@v_args(inline=True)
class _Builder(Connectives[RowNode]):
    """Turns the parser's tree into the frozen one, over the columns of one table."""

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns

    def words(self, token: Token) -> RowNode:
        return Words(read_word(token).text)

    def compare(self, left: _Side, op: Token, right: _Side) -> RowNode:
        first = self._left(left)
        if isinstance(first, _Bare):
            return self._mirrored(first, OPS[op], right)
        if isinstance(first, Field) and isinstance(right, _Bare):
            return self._with_word(first, OPS[op], right.token)
        return self._relation(first, OPS[op], right)

    def is_in(self, side: _Side, operator: Token, *words: Word) -> RowNode:
        asked = require_values(self._asked(side, operator))
        negated = operator.type == "NOT_IN"
        return row_values.membership(asked, words, self._columns.zone_of, negated=negated)

    def like(self, side: _Side, operator: Token, word: Word) -> Like:
        spelled = operator.lower()
        return literals.likeness(
            require_values(self._asked(side, operator)),
            word.text,
            case_sensitive=not spelled.endswith("ilike"),
            negated=spelled.startswith("not"),
        )

    def match(self, side: _Side, operator: Token, word: Word) -> Match:
        asked = require_values(self._asked(side, operator))
        return literals.search(asked, word, negated=operator.startswith("!"))

    def is_null(self, side: _Side, operator: Token, null: Token) -> IsNull:
        return IsNull(self._asked(side, operator), negated=null.type == "NOT_NULL")

    def sum(self, left: _Side, sign: Token, right: _Side) -> Operand:
        return self._reckoned(left, sign, right)

    def product(self, left: _Side, sign: Token, right: _Side) -> Operand:
        return self._reckoned(left, sign, right)

    def brackets(self, side: _Side) -> _Side:
        return side

    def call(self, call: Token, side: _Side) -> Operand:
        if call[:-1].lower() == "abs":
            return Absolute(self._number(side))
        raise FilterError(
            f"There is no function '{call[:-1]}'.",
            text="",
            column=call.start_pos or 0,
            hint="Write abs(...), or put a space before '(' to group.",
        )

    def atom(self, token: Token) -> _Side:
        column = token.start_pos or 0
        if token.type == "BACKTICKS":
            return self._columns.field(unquote(token), column)
        if token.type == "PATH":
            return self._columns.field(str(token), column)
        return _Bare(token)

    def value(self, token: Token) -> Word:
        return read_word(token)

    # ------------------------------------------------------------ what a side means

    def _left(self, side: _Side) -> _Side:
        """Return what stands before an operator, where a word is a column unless it is a value."""
        if not isinstance(side, _Bare) or side.token.type == "SINGLE":
            return side
        word = read_word(side.token)
        is_value = not word.quoted and reads_as_value(word.text) and word.text not in self._columns
        return side if is_value else self._columns.field(word.text, word.column)

    def _mirrored(self, value: _Bare, op: Op, right: _Side) -> RowNode:
        """Return the comparison that has its value first, as in ``3 < x``."""
        other = self._left(right)
        if isinstance(other, Field):
            return self._with_word(other, MIRRORED[op], value.token)
        if isinstance(other, _Bare):
            raise FilterError(
                "Two values stand here, and no column.",
                text="",
                column=value.token.start_pos or 0,
                hint="Put the name of a column in backticks if it reads like a value.",
            )
        return self._relation(self._number(value), op, other)

    def _with_word(self, field: Field, op: Op, token: Token) -> RowNode:
        """Return a column beside a word: a value of it, else another column.

        Beside text a word is always a value; a column there is written in backticks.
        """
        word, sort = read_word(token), require_values(field).sort
        if sort != "text" and not word.quoted and word.text in self._columns:
            try:
                return row_values.comparison(field, op, word, self._columns.zone_of)
            except FilterError:
                return self._relation(field, op, self._columns.field(word.text, word.column))
        sign = "" if word.quoted else glued_sign(word.text)
        if sign and sort in _NUMERIC and literals.number_of(word.text) is None:
            _refuse_glued(word, sign, span=literals.seconds_of(word.text))
        return row_values.comparison(field, op, word, self._columns.zone_of)

    def _relation(self, left: _Side, op: Op, right: _Side) -> RowNode:
        if isinstance(left, Field) and isinstance(right, Field):
            return _between(require_values(left), op, require_values(right))
        return Relation(self._number(left), op, self._number(right))

    def _asked(self, side: _Side, operator: Token) -> Field:
        """Return the one column that ``operator`` is about."""
        found = self._left(side)
        if isinstance(found, Field):
            return found
        what = "a value" if isinstance(found, _Bare) else "reckoned"
        raise FilterError(
            f"'{operator.rstrip('(')}' asks about one column, and this is {what}.",
            text="",
            column=operator.start_pos or 0,
            hint="Put the name of a column before it.",
        )

    def _reckoned(self, left: _Side, sign: Token, right: _Side) -> Operand:
        first, second = self._number(left), self._number(right)
        return Arithmetic(str(sign), first, second)  # type: ignore[arg-type] # one of four signs

    def _number(self, side: _Side) -> Operand:
        """Return an operand of arithmetic: a number, or a column of numbers."""
        found = self._left(side)
        if isinstance(found, _Bare):
            return _literal(found.token)
        if isinstance(found, Field) and require_values(found).sort not in _NUMERIC:
            raise FilterError(
                f"{write_field(found)} holds no numbers: nothing can be reckoned with it.",
                text="",
                column=found.column,
            )
        return found


def _between(left: Field, op: Op, right: Field) -> Relation:
    """Return the relation of two columns, whose values must be of one sort."""
    if left.sort != right.sort:
        raise FilterError(
            f"{write_field(left)} and {write_field(right)} hold values of different kinds.",
            text="",
            column=right.column,
            hint="Compare what is of one kind.",
        )
    if left.sort == "truth" and op not in {"=", "!="}:
        raise FilterError(
            f"true and false have no order, so '{op}' cannot be asked.",
            text="",
            column=left.column,
            hint="Write = or != instead.",
        )
    return Relation(left, op, right)


def _literal(token: Token) -> Number:
    word = read_word(token)
    number = None if word.quoted else row_values.exact_number(word.text)
    if number is None:
        sign = "" if word.quoted else glued_sign(word.text)
        raise FilterError(
            f"'{word.text}' is no number and no column.",
            text="",
            column=word.column,
            hint=spaced(sign) if sign else "Write a number or the name of a column.",
        )
    return number


def _refuse_glued(word: Word, sign: str, *, span: float | None) -> None:
    if span is None:
        raise FilterError(
            f"'{word.text}' is no number.", text="", column=word.column, hint=spaced(sign)
        )


def build(tree: Tree[Token], columns: Columns) -> RowNode:
    """Return the frozen tree of what `row_parser` read, over the columns of one table.

    Raises:
        FilterError: It asks for what these columns do not hold.
        RecursionError: It is nested deeper than anybody reads.
    """
    try:
        return _Builder(columns).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
