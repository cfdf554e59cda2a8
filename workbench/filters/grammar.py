"""The grammar of filters, and the only place that touches the parser library.

Loaded by the first filter that is read, not by importing `workbench.filters`. The grammar is
LALR(1) with one flat lexer: keywords are reserved everywhere, so a word such as ``and`` is
searched for in quotes. What tells a free word from a field is the operator after it.
"""

from functools import cache
from typing import Final, get_args

from lark import Lark, Token, v_args

from workbench.errors import FilterError
from workbench.filters import literals
from workbench.filters.connectives import Connectives
from workbench.filters.fields import PARTS, part_of, plain_field, prefixed_field, quoted_field
from workbench.filters.quoting import (
    BACKTICKS,
    DOUBLE,
    END,
    LETTERS,
    QUOTED,
    SINGLE,
    Word,
    unquote,
)
from workbench.filters.tree import (
    Field,
    IsNull,
    Node,
    Op,
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
compare: _field OP value
is_in: _field (IN | NOT_IN) _LPAR value (_COMMA value)* _COMMA? _RPAR
like: _field LIKE value
match: _field MATCH value
is_null: _field IS NOT_NULL | _field IS NULL

_field: field | part
part: CALL field _RPAR
field: NAME | PATH | BACKTICKS | DOUBLE
value: NAME | DOUBLE | SINGLE
"""

# Name, priority, pattern: where two fit, the higher priority is taken.
TERMINALS: Final = (
    ("NOT_IN", 4, r"not\s+in" + END),
    ("NOT_NULL", 4, r"not\s+null" + END),
    ("LIKE", 4, r"(?:not\s+)?i?like" + END),
    ("_AND", 3, "(?:and|&&?)" + END),
    ("_OR", 3, r"(?:or|\|\|?)" + END),
    ("_NOT", 3, "not" + END),
    ("IN", 3, "in" + END),
    ("IS", 3, "is" + END),
    ("NULL", 3, "null" + END),
    ("MATCH", 3, "!?~"),
    ("OP", 2, "<=|>=|<>|!=|==|[=<>≤≥≠]"),
    ("PATH", 2, rf"(?:{LETTERS}+\.{QUOTED}|{BACKTICKS}\.(?:{QUOTED}|{LETTERS}+))"),
    ("CALL", 1, LETTERS + r"+\("),
    ("NAME", 0, LETTERS + "+"),
    ("DOUBLE", 0, DOUBLE),
    ("SINGLE", 0, SINGLE),
    ("BACKTICKS", 0, BACKTICKS),
    ("_LPAR", 0, r"\("),
    ("_RPAR", 0, r"\)"),
    ("_COMMA", 0, ","),
    ("SPACE", 0, r"\s+"),
)

OPS: Final[dict[str, Op]] = {op: op for op in get_args(Op)} | {
    "==": "=",
    "<>": "!=",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
}


@cache
def parser() -> Lark:
    """Return the parser, built on first use; it gives the tree of `workbench.filters.tree`."""
    lines = [f"{name}.{priority}: /{pattern}/i" for name, priority, pattern in TERMINALS]
    grammar = "\n".join([_RULES, *lines, "%ignore SPACE"])
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


def read_field(token: Token) -> Field:
    """Return the field a token of type NAME, PATH, BACKTICKS or DOUBLE means."""
    text, column = str(token), token.start_pos or 0
    if token.type == "NAME":
        return plain_field(text, column)
    if token.type != "PATH":
        return quoted_field(unquote(text), column)
    return prefixed_field(*split_path(token), column)


def split_path(token: Token) -> tuple[str, str]:
    """Return the prefix and the name of a token of type PATH, without their quotes."""
    text = str(token)
    if text.startswith("`"):
        cut = text.index("`.", 1) + 1
        prefix = unquote(text[:cut])
    else:
        cut = min(text.index("." + mark) for mark in "'\"`" if "." + mark in text)
        prefix = text[:cut]
    name = text[cut + 1 :]
    return prefix, unquote(name) if name[0] in "'\"`" else name


def read_word(token: Token) -> Word:
    """Return what a token of type NAME, DOUBLE or SINGLE says."""
    quoted = token.type != "NAME"
    return Word(unquote(token) if quoted else str(token), token.start_pos or 0, quoted)


@v_args(inline=True)
class _Builder(Connectives[Node]):
    """Turns each rule into its node as the parser recognises it."""

    def words(self, token: Token) -> Node:
        return Words(read_word(token).text)

    def compare(self, field: Field, op: Token, word: Word) -> Node:
        return literals.comparison(field, OPS[op], word)

    def is_in(self, field: Field, operator: Token, *words: Word) -> Node:
        return literals.membership(field, words, negated=operator.type == "NOT_IN")

    def like(self, field: Field, operator: Token, word: Word) -> Node:
        spelled = operator.lower()
        return literals.likeness(
            field,
            word.text,
            case_sensitive=not spelled.endswith("ilike"),
            negated=spelled.startswith("not"),
        )

    def match(self, field: Field, operator: Token, word: Word) -> Node:
        return literals.search(field, word, negated=operator.startswith("!"))

    def is_null(self, field: Field, _: Token, null: Token) -> Node:
        return IsNull(field, negated=null.type == "NOT_NULL")

    def part(self, call: Token, field: Field) -> Field:
        name = call[:-1].lower()
        for part in PARTS:
            if part == name:
                return part_of(field, part)
        raise FilterError(
            f"There is no function '{call[:-1]}'.",
            text="",
            column=call.start_pos or 0,
            hint=f"Write one of {', '.join(PARTS)}; put a space before '(' to group.",
        )

    def field(self, token: Token) -> Field:
        return read_field(token)

    def value(self, token: Token) -> Word:
        return read_word(token)
