"""Folders of tools whose runs cannot be read: named and counted, never opened further.

Somebody who opens such a folder should learn that it was understood. A tool is
here until there is a reader for its runs.
"""

from collections.abc import Iterable, Mapping

from workbench.formats.contract import Folder
from workbench.words import plural

_TITLES: Mapping[str, tuple[str, str]] = {".aim": ("Aim repository", "Aim repositories")}
"""What people call one and several, by the folder that marks it."""
_SEVERAL = dict(_TITLES.values())


def titles_in(folder: Folder) -> list[str]:
    """Return what is in ``folder`` itself, not below it."""
    return [title for mark, (title, _) in _TITLES.items() if mark in folder.folders]


def told(counts: Iterable[tuple[str, int]], undecided: int) -> str:
    """Return in words what cannot be read.

    Args:
        counts: Titles, and how many there are of each.
        undecided: Folders of tables of which a person must say what they are.
    """
    words = [plural(number, title, _SEVERAL[title]) for title, number in counts]
    if undecided:
        one, several = (f"{noun} of tables without a known step" for noun in ("folder", "folders"))
        words.append(plural(undecided, one, several))
    return ", ".join(words)
