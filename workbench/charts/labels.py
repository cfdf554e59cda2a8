"""Labels of runs in little room: what tells runs apart stays, what it is called goes first.

A label is ``lr=0.01 seed=3``. Cut anywhere it reads ``lr=0.0…``, which says less than
``l…=0.01 s…=3``; legends and titles of columns are therefore all shortened here.
"""

import re
from collections.abc import Sequence

from workbench.charts.drawing import ELLIPSIS, cells, clip, shorten

_PARAM = re.compile(r"([^=(]+)=(.*)", re.DOTALL)
_SHORTEST = 2
"""Of a name, its first letter and an ellipsis say that there is one."""
_READABLE = 12
"""Values wider than this are cut as any text is: there would be room for few of them."""


def shortened(label: str, width: int) -> str:
    """Return a label of params with its names shortened before its values.

    Empty if it is not one of params, or if its values alone have no room.
    """
    said = _names_cut([label], width) if cells(label) > width else (label,)
    return said[0] if said else ""


def abridged(labels: Sequence[str], width: int) -> tuple[str, ...]:
    """Return labels of at most ``width`` cells, all of them shortened in the same way.

    Names of params are cut first, then left out where all labels have the same ones;
    other labels lose their middles, because they differ at their ends.
    """
    if all(cells(label) <= width for label in labels):
        return tuple(labels)
    return (
        _names_cut(labels, width)
        or _values_only(labels, width)
        or tuple(cut_middle(label, width) for label in labels)
    )


def least(labels: Sequence[str], *, named: bool = False) -> int:
    """Return how many cells the values of all labels need, perhaps with a bit of their names.

    That is 0 if the labels are not of the same params, or if a value is too wide to be kept.
    """
    if not _alike(labels):
        return 0
    values = max(cells(_with_names(label, 0)) for label in labels)
    if values > _READABLE:
        return 0
    return max(cells(_with_names(label, _SHORTEST)) for label in labels) if named else values


def cut_middle(text: str, width: int) -> str:
    """Return the text with an ellipsis in its middle if it is wider: names differ at the end."""
    if cells(text) <= width:
        return text
    if width < 3:  # noqa: PLR2004 - a beginning, an ellipsis, an end
        return shorten(text, width)
    end = clip(text[::-1], (width - 1) // 2)[::-1]
    return clip(text, width - 1 - cells(end)) + ELLIPSIS + end


def _names_cut(labels: Sequence[str], width: int) -> tuple[str, ...]:
    """Return labels of params with names as long as they may be, or nothing."""
    names = [_names(label) for label in labels]
    if not all(names):
        return ()
    for most in range(max(len(name) for some in names for name in some), _SHORTEST - 1, -1):
        said = tuple(_with_names(label, most) for label in labels)
        if all(cells(label) <= width for label in said):
            return said
    return ()


def _values_only(labels: Sequence[str], width: int) -> tuple[str, ...]:
    """Return the values of labels with the same params if they fit, or nothing."""
    if not _alike(labels):
        return ()
    said = tuple(_with_names(label, 0) for label in labels)
    return said if all(cells(label) <= width for label in said) else ()


def _alike(labels: Sequence[str]) -> bool:
    names = {_names(label) for label in labels}
    return len(names) == 1 and () not in names


def _names(label: str) -> tuple[str, ...]:
    """Return the names of the params in a label; none if it is anything else."""
    parts = [_PARAM.fullmatch(part) for part in label.split(" ") if not part.startswith("(")]
    found = tuple(part[1] for part in parts if part)
    return found if len(found) == len(parts) else ()


def _with_names(label: str, most: int) -> str:
    """Return a label with names of at most so many characters; words in brackets stay."""
    return " ".join(_cut(part, most) for part in label.split(" "))


def _cut(part: str, most: int) -> str:
    found = _PARAM.fullmatch(part)
    if found is None or len(found[1]) <= most:
        return part
    return f"{found[1][: most - 1]}{ELLIPSIS}={found[2]}" if most else found[2]
