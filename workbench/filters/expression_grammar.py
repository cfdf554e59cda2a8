"""The grammar of expressions over the columns of a table; loaded when the first one is read.

The words of all three languages are read alike, by one list of terminals. A sign is arithmetic
where it stands alone, with a space, a bracket or a quote after it; inside a name it is a letter
of the name, as it is in filters.
"""

from functools import cache
from math import isinf, isnan
from typing import Final, get_args

from lark import Lark, Token, v_args

from workbench.errors import FilterError
from workbench.filters import literals, row_values
from workbench.filters.connectives import Connectives
from workbench.filters.expression_tree import (
    Applied,
    ColumnName,
    Expression,
    Listed,
    Missing,
    Patterned,
    Reckoned,
    Related,
    RowFunction,
    Term,
    Total,
    Totalled,
    totals_of,
)
from workbench.filters.grammar import OPS, TERMINALS, read_word
from workbench.filters.quoting import END, unquote
from workbench.filters.rule_fields import glued_sign, spaced
from workbench.filters.tree import Number, Text, Truth

_RULES: Final = """
start: disjunction
disjunction: conjunction (_OR conjunction)*
conjunction: _term (_AND _term)*
_term: negation | group | compare | is_in | match | is_null

negation: _NOT _term
group: _LPAR disjunction _RPAR
compare: _sum OP _sum
is_in: _sum (IN | NOT_IN) _LPAR value (_COMMA value)* _COMMA? _RPAR
match: _sum MATCH value
is_null: _sum IS NOT_NULL | _sum IS NULL

_sum: _product | sum
sum: _sum SUM _product
_product: _factor | product
product: _product PRODUCT _factor
_factor: atom | call | brackets
brackets: _LPAR _sum _RPAR
call: CALL _sum _RPAR
atom: NAME | BACKTICKS | DOUBLE | SINGLE
value: NAME | DOUBLE | SINGLE
"""
_SIGNS: Final = (("SUM", 3, r"[-+]" + END), ("PRODUCT", 3, r"[*\/]" + END))
_UNUSED: Final = frozenset({"LIKE", "PATH"})
_ROWS: Final[tuple[RowFunction, ...]] = get_args(RowFunction)
_TOTALS: Final[tuple[Total, ...]] = get_args(Total)
_TRUTHS: Final = {"true": True, "false": False}


@cache
def expression_parser() -> Lark:
    """Return the parser of expressions, built on first use; see `expression_tree`."""
    terminals = [one for one in (*TERMINALS, *_SIGNS) if one[0] not in _UNUSED]
    lines = [f"{name}.{rank}: /{pattern}/i" for name, rank, pattern in terminals]
    grammar = "\n".join([_RULES, *lines, "%ignore SPACE"])
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


@v_args(inline=True)
class _Builder(Connectives[Expression]):
    """Turns each rule of the grammar into its node as the parser recognises it."""

    def compare(self, left: Term, op: Token, right: Term) -> Expression:
        return Related(left, OPS[op], right)

    def is_in(self, of: Term, operator: Token, *values: Number | Text | Truth) -> Expression:
        return Listed(of, values, negated=operator.type == "NOT_IN")

    def match(self, of: Term, operator: Token, value: Number | Text | Truth) -> Expression:
        regex = value.value if isinstance(value, Text) else ""
        problem = literals.problem_with(regex) if isinstance(value, Text) else "it is no text"
        if problem:
            raise FilterError(
                f"This is no regular expression: {problem}.",
                text="",
                column=operator.start_pos or 0,
                hint="Write it in single quotes.",
            )
        return Patterned(of, regex, negated=operator.startswith("!"))

    def is_null(self, of: Term, _: Token, null: Token) -> Expression:
        return Missing(of, negated=null.type == "NOT_NULL")

    def sum(self, left: Term, sign: Token, right: Term) -> Term:
        return Reckoned(str(sign), left, right)  # type: ignore[arg-type] # one of the four signs

    def product(self, left: Term, sign: Token, right: Term) -> Term:
        return Reckoned(str(sign), left, right)  # type: ignore[arg-type] # one of the four signs

    def brackets(self, term: Term) -> Term:
        return term

    def call(self, call: Token, of: Term) -> Term:
        name, column = call[:-1].lower(), call.start_pos or 0
        for function in _ROWS:
            if function == name:
                return Applied(function, of, column)
        for total in _TOTALS:
            if total == name:
                return _totalled(total, of, column)
        sign = glued_sign(name)
        raise FilterError(
            f"There is no function '{call[:-1]}'.",
            text="",
            column=column,
            hint=spaced(sign) if sign else f"Write one of {', '.join((*_TOTALS, *_ROWS))}.",
        )

    def atom(self, token: Token) -> Term:
        if token.type == "BACKTICKS":
            return ColumnName(unquote(token), token.start_pos or 0)
        value = _value(token)
        return ColumnName(str(token), token.start_pos or 0) if value is None else value

    def value(self, token: Token) -> Number | Text | Truth:
        value = _value(token)
        return Text(str(token)) if value is None else value


def _totalled(function: Total, of: Term, column: int) -> Totalled:
    if totals_of(of):
        raise FilterError("A total of a total is one number.", text="", column=column)
    return Totalled(function, of, column)


def _value(token: Token) -> Number | Text | Truth | None:
    """Return the value a word is; None for a word that is no number, no truth and not quoted."""
    word = read_word(token)
    if word.quoted:
        return Text(word.text)
    if word.text.lower() in _TRUTHS:
        return Truth(_TRUTHS[word.text.lower()])
    number = literals.number_of(word.text)
    if number is not None and (isinf(number.value) or isnan(number.value)):
        raise FilterError(
            f"'{word.text}' is no number that anything can be compared with.",
            text="",
            column=word.column,
            hint="Write a number below 1e308, or IS NULL to ask for what is missing.",
        )
    return row_values.exact_number(word.text)
