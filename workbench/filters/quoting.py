"""Which text may stand as it is in a filter, and how the rest is quoted.

The grammar, the writer and the completion must agree on these few patterns, so they stand here
and nowhere else. A quote inside a quoted text is written twice; a backslash is a letter like any
other, because Windows paths and MLflow's filters have them bare.
"""

import re
from typing import Final, NamedTuple

LETTERS: Final = r"[^\s'\"`()=<>!~,;≤≥≠]"
"""One character of a plain name: anything but space, quotes, brackets and operators."""

END: Final = r"(?=[\s'\"`()=<>!~,;≤≥≠]|\Z)"
"""Where a plain name ends, as a look-ahead."""

SINGLE: Final = r"'(?:[^']|'')*'"
DOUBLE: Final = r'"(?:[^"]|"")*"'
BACKTICKS: Final = r"`(?:[^`]|``)*`"
QUOTED: Final = rf"(?:{SINGLE}|{DOUBLE}|{BACKTICKS})"

KEYWORDS: Final = frozenset({"and", "or", "not", "in", "like", "ilike", "is", "null"})
_SYMBOLS: Final = frozenset({"&", "&&", "|", "||"})
_PLAIN: Final = re.compile(rf"{LETTERS}+")
_NUMBER: Final = re.compile(
    r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)", re.IGNORECASE | re.ASCII
)


class Word(NamedTuple):
    """One word of a filter: what it says without its quotes, and where it begins."""

    text: str
    column: int
    quoted: bool


def is_plain(text: str) -> bool:
    """Tell whether ``text`` is read as one name or word without quotes."""
    return (
        _PLAIN.fullmatch(text) is not None and text.lower() not in KEYWORDS and text not in _SYMBOLS
    )


def reads_as_number(text: str) -> bool:
    """Tell whether ``text`` is written like a number; NaN and inf are."""
    return _NUMBER.fullmatch(text) is not None


def reads_as_value(text: str) -> bool:
    """Tell whether a word without quotes is a number, or true or false, and so no name."""
    return reads_as_number(text) or text.lower() in {"true", "false"}


def quote(text: str, mark: str) -> str:
    """Return ``text`` between two ``mark`` characters."""
    return mark + text.replace(mark, mark + mark) + mark


def unquote(token: str) -> str:
    """Return what a quoted token says."""
    return token[1:-1].replace(token[0] * 2, token[0])
