"""Titles and texts as short as a column is wide, with what tells runs apart kept."""

from collections.abc import Sequence
from os.path import commonprefix
from typing import TYPE_CHECKING

from workbench.charts.labels import abridged, least
from workbench.tui.cells import ELLIPSIS, width_of
from workbench.words import UNKNOWN, visible

if TYPE_CHECKING:
    from workbench.operations.compare import Compared

_BASE = " (base)"
_LEAST_LABEL = 7
"""Cells of a label that a column is made wide enough for."""
_BREAKS = "/\\ -_.="
_WORTH_IT = 3
"""A beginning shorter than this is not worth an ellipsis."""


def titles(runs: Sequence["Compared"], widths: Sequence[int], base: int | None) -> tuple[str, ...]:
    """Return letter and label of each run, and which is the baseline, as wide as its column.

    Either all have names of params, cut short perhaps, or none has: in one header
    ``lr=1`` beside ``0.1`` would look like another thing.
    """
    rooms = [
        _room(one, wide, base=n == base)
        for n, (one, wide) in enumerate(zip(runs, widths, strict=True))
    ]
    labels = [visible(one.label) for one in runs]
    named = all(
        least((label,), named=True) <= room or width_of(label) <= room
        for label, room in zip(labels, rooms, strict=True)
    )
    return tuple(
        f"{one.letter} {_short(label, room, named=named)}{_BASE if n == base else ''}"
        for n, (one, label, room) in enumerate(zip(runs, labels, rooms, strict=True))
    )


def _room(run: "Compared", width: int, *, base: bool) -> int:
    return width - width_of(run.letter) - 1 - len(_BASE) * base


def _short(label: str, room: int, *, named: bool) -> str:
    """Return a label without names, then without its last values, where there is no room.

    Half a value would be a wrong one; the letter tells the run from the others.
    """
    if named and width_of(label) <= room:
        return label
    parts = label.split(" ")
    for number in range(len(parts), 0, -1):
        some = (" ".join(parts[:number]),)
        if 0 < least(some) <= room:
            return abridged(some, room if named else least(some))[0]
    return abridged((label,), room)[0]


def least_title(run: "Compared", *, base: bool) -> int:
    """Return the cells that letter and values take, of a name its beginning."""
    label = visible(run.label)
    said = min(_LEAST_LABEL, least((label,)) or width_of(label))
    return width_of(run.letter) + 1 + said + len(_BASE) * base


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
