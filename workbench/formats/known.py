"""Folders of tools whose runs cannot be read yet: named and counted, never opened further.

Somebody who opens such a folder should learn that it was understood. A kind
moves from here to a reader of its own when that is written.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from workbench.formats.contract import Folder
from workbench.words import plural

UNDECIDED = "folder of tables without a known step"
"""What may be runs: a person says it once, with ``workbench formats answer``."""

_SEVERAL = {UNDECIDED: "folders of tables without a known step"}


class Kind(NamedTuple):
    """A tool's way to keep runs."""

    title: str
    """For people, after a number: "wandb run"."""
    count: Callable[[Folder], int]
    """How many are in a folder itself, not below it."""
    closed: bool
    """Nothing below belongs to anybody else."""


def _if(found: bool) -> int:
    return int(found)


def _inside(name: str) -> Callable[[Folder], int]:
    def count(folder: Folder) -> int:
        return _if(name in folder.folders)

    return count


KINDS = (Kind("Aim repository", _inside(".aim"), closed=False),)


def counted(folder: Folder) -> tuple[tuple[Kind, int], ...]:
    """Return the kinds that are in ``folder`` itself, and how often each."""
    found = []
    for kind in KINDS:
        number = kind.count(folder)
        if number:
            found.append((kind, number))
        if number and kind.closed:
            break
    return tuple(found)


def told(counts: Iterable[tuple[str, int]]) -> str:
    """Return kinds and how many there are of each, in words."""
    return ", ".join(plural(number, title, _SEVERAL.get(title)) for title, number in counts)


def belongs_to_a_tool(folder: Folder) -> bool:
    """Say whether ``folder`` and all below it is some tool's own, whatever it looks like."""
    if ".workbench" in folder.folders or "meta.yaml" in folder.files:
        return True
    return any(kind.closed and kind.count(folder) for kind in KINDS)
