"""What stands over a run's column, as short as the column is wide."""

from typing import TYPE_CHECKING

from workbench.tui.cells import ELLIPSIS, cut, width_of
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.operations.compare import Compared

_BASE = " (base)"
_SHORTEST = 2


def title(run: "Compared", width: int, *, base: bool) -> str:
    """Return letter and label, and whether it is the baseline, in at most ``width`` cells."""
    end = _BASE if base else ""
    room = width - width_of(run.letter) - 1 - len(end)
    return f"{run.letter} {shortened(visible(run.label), room)}{end}"


def shortened(label: str, width: int) -> str:
    """Return a label with its names shortened before its values: ``l2=0.01 lear…=0.1``."""
    pairs = [part.partition("=") for part in label.split(" ")]
    if width_of(label) <= width or not all(sign for _, sign, _ in pairs):
        return cut(label, width)
    for most in range(max(len(name) for name, _, _ in pairs), _SHORTEST - 1, -1):
        said = " ".join(f"{_cut(name, most)}={value}" for name, _, value in pairs)
        if width_of(said) <= width:
            return said
    return cut(label, width)


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else name[: most - 1] + ELLIPSIS
