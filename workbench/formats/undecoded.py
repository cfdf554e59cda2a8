"""Why a document does not decode, in one sentence for people, without its parser's words."""

import re

_LINE = re.compile(r"\bline (\d+)")


class RefusedError(ValueError):
    """A document that is not read, with the reason in words for people."""


def reason_of(problem: Exception, kind: str, *, one_line: bool = False) -> str:
    """Return why something is not of a ``kind`` (``JSON``), and in which line where that is known.

    A parser names two lines if the second is where what began in the first went wrong; of
    ``one_line`` it is known by others which it is.
    """
    said = str(problem)
    if isinstance(problem, RefusedError):
        return said
    if isinstance(problem, RecursionError):
        return "it is nested too deep"
    if isinstance(problem, UnicodeError):
        return "it is not UTF-8 text"
    if "int_max_str_digits" in said:
        return "it holds a number of more digits than are read"
    lines = [] if one_line else _LINE.findall(said)
    return f"line {lines[-1]} is not {kind}" if lines else f"it is not {kind}"
