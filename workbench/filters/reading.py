"""Read a filter or a rule into its tree, or say in one sentence where and why it cannot be."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from workbench.errors import FilterError
from workbench.filters.expression_tree import below
from workbench.filters.row_columns import Columns, DataColumn
from workbench.filters.tree import Absolute, Arithmetic, Node, Relation, RowNode, Rule

if TYPE_CHECKING:
    from lark import Lark, Token, UnexpectedToken

    from workbench.filters.expression_tree import Expression

# Whoever walks the tree may do so by recursion; nobody writes this deep by hand.
_DEEPEST: Final = 60
_SPELLED: Final = {"_LPAR": "'('", "_RPAR": "')'", "_COMMA": "','"}
_AFTER: Final = {
    "OP": "a value",
    "IN": "a list such as ('a', 'b')",
    "NOT_IN": "a list such as ('a', 'b')",
    "LIKE": "a pattern such as 'res%'",
    "MATCH": "a regular expression such as '^res'",
    "IS": "NULL or NOT NULL",
    "_COMMA": "a value or ')'",
    "CALL": "the name of a metric",
    "SUM": "a number or a field",
    "PRODUCT": "a number or a field",
}
LONGEST_RULE: Final = 4_000
"""Letters; nobody reviews a longer one."""


def parse(text: str) -> Node | None:
    """Return what the filter means, or None where it is empty.

    Bare names stay as they are; `resolve` looks them up.

    Raises:
        FilterError: The text cannot be read; it knows the column.
    """
    if not text.strip():
        return None
    from workbench.filters.grammar import parser  # noqa: PLC0415 - loads lark, which costs a start

    node: Node = _placed(text, parser())
    return node


def parse_rule(text: str) -> Rule:
    """Return what a rule of a check means.

    Raises:
        FilterError: The text cannot be read, or is empty; it knows the column.
    """
    from workbench.filters.rule_grammar import rule_parser  # noqa: PLC0415 - loads lark

    if not text.strip():
        raise FilterError(
            "A rule cannot be empty.", text=text, column=0, hint="Write metrics.auc >= 0.85, say."
        )
    if len(text) > LONGEST_RULE:
        raise FilterError(f"A rule has at most {LONGEST_RULE:,} letters.", text=text, column=0)
    node: Rule = _placed(text, rule_parser())
    return node


def parse_expression(text: str) -> "Expression":
    """Return what an expression over the columns of a table means.

    Raises:
        FilterError: The text cannot be read, or is empty; it knows the column.
    """
    from workbench.filters.expression_grammar import (  # noqa: PLC0415 - loads lark
        expression_parser,
    )

    if not text.strip():
        raise FilterError(
            "An expression cannot be empty.", text=text, column=0, hint="Write a + b = c, say."
        )
    if len(text) > LONGEST_RULE:
        raise FilterError(f"An expression has at most {LONGEST_RULE:,} letters.", text="", column=0)
    node: Expression = _placed(text, expression_parser())
    return node


def parse_rows(text: str, columns: Sequence[DataColumn]) -> RowNode | None:
    """Return what a filter over the rows of a table means, or None where it is empty.

    Args:
        text: The filter.
        columns: The columns of the table; names that only differ in letters are different.

    Raises:
        FilterError: The text cannot be read; it knows the column.
    """
    if not text.strip():
        return None
    if len(text) > LONGEST_RULE:
        raise FilterError(
            f"A filter has at most {LONGEST_RULE:,} letters.", text=text, column=LONGEST_RULE
        )
    from workbench.filters.row_grammar import row_parser  # noqa: PLC0415 - loads lark

    node: RowNode = _placed(text, row_parser(), lambda tree: _built(tree, columns))
    return node


def _built(tree: Any, columns: Sequence[DataColumn]) -> Any:
    """Return the frozen tree over these columns."""
    from workbench.filters.row_grammar import build  # noqa: PLC0415 - loads lark

    try:
        return build(tree, Columns(columns))
    except RecursionError:
        raise FilterError(f"This is nested over {_DEEPEST} deep.", text="", column=0) from None


def caret(error: FilterError) -> str:
    """Return two lines: the filter's line with the fault, and ``^`` under the place."""
    before, after = error.text[: error.column], error.text[error.column :]
    start = before.rfind("\n") + 1
    line = before[start:] + after.split("\n", 1)[0]
    shown = "".join(letter if letter.isprintable() else " " for letter in line)
    return f"{shown}\n{' ' * (error.column - start)}^"


def _placed(text: str, parser: "Lark", build: Callable[[Any], Any] = lambda tree: tree) -> Any:
    """Return the tree of a text; an error points into that text."""
    try:
        node = build(_parse(text, parser))
    except FilterError as error:
        column = min(error.column, len(text))
        raise FilterError(error.message, text=text, column=column, hint=error.hint) from None
    if _is_too_deep(node):
        raise FilterError(f"This is nested over {_DEEPEST} deep.", text=text, column=0)
    return node


def _parse(text: str, parser: "Lark") -> Any:
    from lark import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415 - loaded on first use

    try:
        return parser.parse(text)
    except UnexpectedCharacters as error:
        raise _no_token(text, error.pos_in_stream) from None  # type: ignore[arg-type] # an int
    except UnexpectedToken as error:
        raise _no_place(text, error, parser) from None


def _no_token(text: str, column: int) -> FilterError:
    letter = text[column]
    if letter in "'\"`":
        return FilterError(
            "This quote is never closed.",
            text=text,
            column=column,
            hint=f"Write a second {letter} where the text ends.",
        )
    return FilterError(
        f"'{letter}' means nothing here.", text=text, column=column, hint="Put it in quotes."
    )


def _no_place(text: str, error: "UnexpectedToken", parser: "Lark") -> FilterError:
    token: Token = error.token
    at_end = token.type == "$END"
    column = len(text) if at_end else token.start_pos or 0
    before = _token_before(text, column, parser)
    expected = _expected(before, error.accepts)
    hint = _advice(before, token) or _unspaced(text, before, token, parser)
    found = "" if at_end else f", not {_named(token)}"
    return FilterError(f"Expected {expected}{found}.", text=text, column=column, hint=hint)


def _token_before(text: str, column: int, parser: "Lark") -> "Token | None":
    return next(reversed(list(parser.lex(text[:column]))), None)


def _expected(before: "Token | None", accepts: set[str]) -> str:
    if before is None:
        return "a name or a word"
    return f"{_AFTER.get(before.type) or _next(accepts)} after {_named(before)}"


def _named(token: "Token") -> str:
    return str(token) if token[0] in "'\"`" else f"'{token}'"


def _next(accepts: set[str]) -> str:
    if accepts <= {"_COMMA", "_RPAR", "_LPAR"}:
        return " or ".join(_SPELLED[one] for one in sorted(accepts))
    if "$END" in accepts:
        return "AND, OR or another condition"
    if "_RPAR" in accepts:
        return "')' or another condition"
    return "an operator such as = or >" if "OP" in accepts else "a name or a word"


def _advice(before: "Token | None", token: "Token") -> str:
    if token.type == "NULL":
        return "Write IS NULL or IS NOT NULL to ask for a missing value."
    if before is not None and before.type == "OP" and token.type in {"BACKTICKS", "PATH"}:
        return "Put a value in single or double quotes; backticks are for names."
    if token.type in {"IN", "NOT_IN", "LIKE", "IS", "MATCH", "_AND", "_OR"}:
        return "Put it in quotes to search for it as a word."
    return ""


def _unspaced(text: str, before: "Token | None", token: "Token", parser: "Lark") -> str:
    """Say what to do about ``x -1`` or ``sum(x)/2``, where a sign is of the word beside it."""
    if "SUM" not in {terminal.name for terminal in parser.terminals}:
        return ""
    for one in (before, token):
        if one is not None and one.type in {"NAME", "CALL"} and one[0] in "-+*/":
            apart = text[: one.start_pos or 0][-1:].isspace()
            where = f"after '{one[0]}' too" if apart else f"on both sides of '{one[0]}'"
            return f"Put a space {where}."
    return ""


def _is_too_deep(node: Any) -> bool:
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        waiting.extend((part, depth + 1) for part in _below(here))
    return False


def _below(node: Any) -> tuple[Any, ...]:
    match node:
        case Absolute(part):
            return (part,)
        case Relation(left, _, right) | Arithmetic(_, left, right):
            return (left, right)
    return below(node)
