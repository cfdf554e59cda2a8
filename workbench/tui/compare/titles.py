"""Titles and texts as short as a column is wide, with what tells runs apart kept."""

from collections.abc import Sequence
from os.path import commonprefix
from typing import TYPE_CHECKING

from workbench.charts.labels import shortened
from workbench.tui.cells import ELLIPSIS, cut, width_of
from workbench.words import UNKNOWN, visible

if TYPE_CHECKING:
    from workbench.operations.compare import Compared

_BASE = " (base)"
_BREAKS = "/\\ -_.="
_WORTH_IT = 3
"""A beginning shorter than this is not worth an ellipsis."""


def title(run: "Compared", width: int, *, base: bool) -> str:
    """Return letter and label, and whether it is the baseline, in at most ``width`` cells."""
    end = _BASE if base else ""
    room = width - width_of(run.letter) - 1 - len(end)
    label = visible(run.label)
    return f"{run.letter} {shortened(label, room) or cut(label, room)}{end}"


def telling(texts: Sequence[str], width: int) -> tuple[str, ...]:
    """Return texts of which one is too wide without the beginning they all share.

    Two paths that differ at their ends would be cut to the same text.
    """
    there = [text for text in texts if text != UNKNOWN]
    if max(map(len, there), default=0) <= width or len(set(there)) < 2:  # noqa: PLR2004 - alike
        return tuple(texts)
    shared = len(commonprefix(there))  # noqa: RUF071 - of any text, not of paths alone
    start = max((there[0].rfind(sign, 0, shared) for sign in _BREAKS), default=-1) + 1
    if start < _WORTH_IT:
        return tuple(texts)
    return tuple(text if text == UNKNOWN else ELLIPSIS + text[start:] for text in texts)
