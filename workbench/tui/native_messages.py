"""Messages that libraries print by themselves, kept off the screen.

A library in Rust or C tells the terminal what went wrong before it raises anything, on standard
error, which the screens are drawn on as well. No option of theirs turns that off. So the screens
draw on a second way to the same terminal, and what standard error is for everybody else leads into
a file meanwhile; nothing else in the program may move the two.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Final

FILE: Final = "messages.txt"
_STDERR: Final = 2


@contextmanager
def kept_off(cache: Path) -> Iterator[None]:
    """Have standard error lead into `FILE` of a cache, and Python's own to the terminal still."""
    before = sys.__stderr__
    if before is None:
        yield
        return
    before.flush()
    terminal = os.dup(_STDERR)
    with _on(terminal, before) as drawn:
        _lead_into(cache / FILE)
        was = sys.stderr
        sys.stderr = sys.__stderr__ = drawn  # type: ignore[misc] # drawn on, and told of errors
        try:
            yield
        finally:
            drawn.flush()
            os.dup2(terminal, _STDERR)
            sys.stderr, sys.__stderr__ = was, before  # type: ignore[misc]


def _on(terminal: int, like: TextIOWrapper) -> TextIOWrapper:
    return open(terminal, "w", buffering=1, encoding=like.encoding, errors=like.errors)


def _lead_into(path: Path) -> None:
    """Have standard error lead into a file, begun anew; into nothing where it cannot be made."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, flags, 0o600)
    except OSError:
        file = os.open(os.devnull, os.O_WRONLY)
    os.dup2(file, _STDERR)
    os.close(file)
