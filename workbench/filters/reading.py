"""Read a filter's text into its tree, or say in one sentence where and why it cannot be read."""

from typing import TYPE_CHECKING, Final

from workbench.errors import FilterError
from workbench.filters.tree import And, Node, Not, Or

if TYPE_CHECKING:
    from lark import Token, UnexpectedToken

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
}


def parse(text: str) -> Node | None:
    """Return what the filter means, or None where it is empty.

    Bare names stay as they are; `resolve` looks them up.

    Raises:
        FilterError: The text cannot be read; it knows the column.
    """
    if not text.strip():
        return None
    try:
        node = _parse(text)
    except FilterError as error:
        column = min(error.column, len(text))
        raise FilterError(error.message, text=text, column=column, hint=error.hint) from None
    if _is_too_deep(node):
        raise FilterError(f"This is nested over {_DEEPEST} deep.", text=text, column=0)
    return node


def caret(error: FilterError) -> str:
    """Return two lines: the filter's line with the fault, and ``^`` under the place."""
    before, after = error.text[: error.column], error.text[error.column :]
    start = before.rfind("\n") + 1
    line = before[start:] + after.split("\n", 1)[0]
    shown = "".join(letter if letter.isprintable() else " " for letter in line)
    return f"{shown}\n{' ' * (error.column - start)}^"


def _parse(text: str) -> Node:
    from lark import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415 - loaded on first use

    from workbench.filters.grammar import parser  # noqa: PLC0415 - loads lark

    try:
        node: Node = parser().parse(text)  # type: ignore[assignment]
    except UnexpectedCharacters as error:
        raise _no_token(text, error.pos_in_stream) from None  # type: ignore[arg-type] # an int
    except UnexpectedToken as error:
        raise _no_place(text, error) from None
    return node


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


def _no_place(text: str, error: "UnexpectedToken") -> FilterError:
    token: Token = error.token
    at_end = token.type == "$END"
    column = len(text) if at_end else token.start_pos or 0
    before = _token_before(text, column)
    expected = _expected(before, error.accepts)
    hint = _advice(before, token)
    found = "" if at_end else f", not {_named(token)}"
    return FilterError(f"Expected {expected}{found}.", text=text, column=column, hint=hint)


def _token_before(text: str, column: int) -> "Token | None":
    from workbench.filters.grammar import parser  # noqa: PLC0415 - loads lark

    return next(reversed(list(parser().lex(text[:column]))), None)


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


def _is_too_deep(node: Node) -> bool:
    waiting = [(node, 1)]
    while waiting:
        here, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        below = here.parts if isinstance(here, And | Or) else ()
        below = (here.part,) if isinstance(here, Not) else below
        waiting.extend((part, depth + 1) for part in below)
    return False
