"""The grammar of rules: that of filters, with arithmetic on both sides and without free words.

The words of both languages are read alike, by the same list of terminals. A sign is arithmetic
where it stands alone, with a space, a bracket or a quote after it; inside a name it is a letter
of the name, as it is in filters.
"""

from functools import cache
from math import isinf
from typing import Final, NamedTuple, TypeAlias, cast

from lark import Lark, Token, v_args

from workbench.errors import FilterError
from workbench.filters import literals
from workbench.filters.connectives import Connectives
from workbench.filters.fields import PARTS, part_of, sort_of, write_field
from workbench.filters.grammar import OPS, TERMINALS, read_word, split_path
from workbench.filters.quoting import END, Word, unquote
from workbench.filters.rule_fields import (
    glued_sign,
    no_field,
    plain_rule_field,
    prefixed_rule_field,
    quoted_rule_field,
    spaced,
)
from workbench.filters.tree import (
    Absolute,
    Arithmetic,
    Field,
    IsNull,
    Number,
    Op,
    Operand,
    Relation,
    Rule,
    Text,
)

_RULES: Final = """
start: disjunction
disjunction: conjunction (_OR conjunction)*
conjunction: _term (_AND? _term)*
_term: negation | group | compare | is_in | like | match | is_null

negation: _NOT _term
group: _LPAR disjunction _RPAR
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
brackets: _LPAR _sum _RPAR
call: CALL _sum _RPAR
atom: NAME | PATH | BACKTICKS | DOUBLE | SINGLE
value: NAME | DOUBLE | SINGLE
"""
SIGNS: Final = (("SUM", 3, r"[-+]" + END), ("PRODUCT", 3, r"[*\/]" + END))
MIRRORED: Final[dict[Op, Op]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


class _Bare(NamedTuple):
    """A name or a quoted text whose meaning depends on where it stands."""

    token: Token


_Side: TypeAlias = _Bare | Operand


@cache
def rule_parser() -> Lark:
    """Return the parser of rules, built on first use; it gives a `workbench.filters.tree.Rule`."""
    lines = [f"{name}.{rank}: /{pattern}/i" for name, rank, pattern in (*TERMINALS, *SIGNS)]
    grammar = "\n".join([_RULES, *lines, "%ignore SPACE"])
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


@v_args(inline=True)
class _Builder(Connectives[Rule]):
    """Turns each rule of the grammar into its node as the parser recognises it."""

    def compare(self, left: _Side, op: Token, right: _Side) -> Rule:
        return _compared(left, OPS[op], right)

    def is_in(self, side: _Side, operator: Token, *words: Word) -> Rule:
        asked = _asked(side, operator)
        return cast("Rule", literals.membership(asked, words, negated=operator.type == "NOT_IN"))

    def like(self, side: _Side, operator: Token, word: Word) -> Rule:
        spelled = operator.lower()
        return literals.likeness(
            _asked(side, operator),
            word.text,
            case_sensitive=not spelled.endswith("ilike"),
            negated=spelled.startswith("not"),
        )

    def match(self, side: _Side, operator: Token, word: Word) -> Rule:
        return literals.search(_asked(side, operator), word, negated=operator.startswith("!"))

    def is_null(self, side: _Side, operator: Token, null: Token) -> Rule:
        return IsNull(_asked(side, operator), negated=null.type == "NOT_NULL")

    def sum(self, left: _Side, sign: Token, right: _Side) -> Operand:
        return _reckoned(left, sign, right)

    def product(self, left: _Side, sign: Token, right: _Side) -> Operand:
        return _reckoned(left, sign, right)

    def brackets(self, side: _Side) -> _Side:
        return side

    def call(self, call: Token, side: _Side) -> Operand:
        name, column = call[:-1].lower(), call.start_pos or 0
        if name == "abs":
            return Absolute(_number(side, column))
        for part in PARTS:
            if part == name:
                return part_of(_asked(side, call), part)
        sign = glued_sign(name)
        raise FilterError(
            f"There is no function '{call[:-1]}'.",
            text="",
            column=column,
            hint=spaced(sign)
            if sign
            else f"Write abs(...) of anything, or of a metric one of {', '.join(PARTS)}.",
        )

    def atom(self, token: Token) -> _Side:
        column = token.start_pos or 0
        if token.type == "PATH":
            return prefixed_rule_field(*split_path(token), column)
        if token.type == "BACKTICKS":
            return quoted_rule_field(unquote(token), column)
        return _Bare(token)

    def value(self, token: Token) -> Word:
        return read_word(token)


def _compared(left: _Side, op: Op, right: _Side) -> Rule:
    """Return a `Compare` where one side is a field and the other a value, else a `Relation`."""
    first = _named(left, bare=True)
    second = _named(right, bare=_is_the_same_fact(first, right))
    if isinstance(first, _Bare) and not _is_value(first.token):
        raise no_field(first.token, first.token.start_pos or 0)
    match first, second:
        case Field(), _Bare(token):
            return _with_value(first, op, token)
        case _Bare(token), Field():
            return _with_value(second, MIRRORED[op], token)
        case _Bare(token), _Bare():
            raise FilterError(
                "Two values stand here, and nothing of a version.",
                text="",
                column=token.start_pos or 0,
                hint="Write metrics., params., tags., git. or champion. before a name.",
            )
        case Field(), Field():
            return _between(first, op, second)
    return Relation(_number(first), op, _number(second))


def _with_value(field: Field, op: Op, token: Token) -> Rule:
    if field.kind == "dataset" and op not in {"=", "!="}:
        raise _no_order(field)  # of several datasets NOT before it would not be its opposite
    word = read_word(token)
    sign = "" if word.quoted else glued_sign(word.text)
    if sign and sort_of(field) == "number" and literals.number_of(word.text) is None:
        raise FilterError(
            f"'{word.text}' is no number.", text="", column=word.column, hint=spaced(sign)
        )
    number = literals.number_of(word.text)
    spelled = op in {"=", "!="} and word.text.lstrip("+-").isalpha()  # is it finite, somebody asks
    if number is not None and not spelled and (sort_of(field) == "number" or not word.quoted):
        _require_no_infinity(number, word)
    return cast("Rule", literals.comparison(field, op, word))


def _require_no_infinity(number: Number, word: Word) -> None:
    """Refuse a limit that everything is below: it asks nothing, and looks as if it did."""
    if isinf(number.value):
        raise FilterError(
            f"'{word.text}' is infinite or too large for a number.",
            text="",
            column=word.column,
            hint="Write a number below 1e308.",
        )


def _is_the_same_fact(first: _Side, right: _Side) -> bool:
    """Say whether a bare word after an operator is the fact before it, of the other version.

    Any other bare word there is a text, as in filters: ``format = files``.
    """
    return isinstance(first, Field) and isinstance(right, _Bare) and first.name == right.token


def _is_value(token: Token) -> bool:
    """Say whether a token may be a value on the left side, where a plain word is a name."""
    word = read_word(token)
    return (
        word.quoted
        or literals.number_of(word.text) is not None
        or word.text.lower() in {"true", "false"}
    )


def _named(side: _Side, *, bare: bool) -> _Side:
    if not isinstance(side, _Bare) or side.token.type != "NAME":
        return side
    return plain_rule_field(str(side.token), side.token.start_pos or 0, bare=bare) or side


def _asked(side: _Side, operator: Token) -> Field:
    """Return the one field that ``operator`` is about."""
    found = _named(side, bare=True)
    if isinstance(found, Field):
        return found
    if isinstance(found, _Bare):
        raise no_field(read_word(found.token).text, found.token.start_pos or 0)
    raise FilterError(
        f"'{operator.rstrip('(')}' asks about one field, and this is reckoned.",
        text="",
        column=operator.start_pos or 0,
        hint="Compare it with = != < <= > or >= instead.",
    )


def _between(left: Field, op: Op, right: Field) -> Rule:
    """Return the relation of two fields, whose values must be of one sort."""
    sorts = {sort_of(left), sort_of(right)} - {"any"}
    if len(sorts) > 1:
        raise FilterError(
            f"{write_field(left)} is {_sort(left)}, and {write_field(right)} is {_sort(right)}.",
            text="",
            column=right.column,
            hint="Compare what is of one kind.",
        )
    if op not in {"=", "!="} and sorts & {"truth", "text"}:
        raise _no_order(left)
    return Relation(left, op, right)


def _no_order(field: Field) -> FilterError:
    return FilterError(
        f"{write_field(field)} is {_sort(field)}, and has no order in rules.",
        text="",
        column=field.column,
        hint="Write = or != instead.",
    )


def _sort(field: Field) -> str:
    words = {"truth": "true or false", "text": "text", "any": "a value"}
    return words.get(sort_of(field), "a number")


def _reckoned(left: _Side, sign: Token, right: _Side) -> Operand:
    first, second = _number(left), _number(right)
    return Arithmetic(str(sign), first, second)  # type: ignore[arg-type] # one of the four signs


def _number(side: _Side, column: int = 0) -> Operand:
    """Return an operand of arithmetic, which must be able to be a number."""
    found = _named(side, bare=True)
    if isinstance(found, _Bare):
        return _literal(found.token)
    if isinstance(found, Field) and sort_of(found) not in {"number", "any"}:
        raise FilterError(
            f"{write_field(found)} is {_sort(found)}: nothing can be reckoned with it.",
            text="",
            column=found.column or column,
        )
    return found


def _literal(token: Token) -> Number | Text:
    word = read_word(token)
    number = None if word.quoted else literals.number_of(word.text)
    if number is not None:
        _require_no_infinity(number, word)
        return number
    sign = "" if word.quoted else glued_sign(word.text)
    raise FilterError(
        f"'{word.text}' is no number and no field.",
        text="",
        column=word.column,
        hint=spaced(sign) if sign else "Write a number, or metrics. before the name of a metric.",
    )
