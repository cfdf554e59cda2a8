"""Folders elsewhere that are followed, and which of them are away now.

A drive that is not mounted takes no runs with it: what is known of them stays until the folder
is there again, or is followed no more. Only here it is said what being away means.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from workbench.formats.contract import Fault

_KEPT = "; runs seen there before stay listed"


class Followed:
    """What ``workbench.toml`` names under ``[sources]``, looked at again and again."""

    def __init__(self, root: Path, folders: Callable[[], Sequence[str]]) -> None:
        """Look at nothing yet.

        Args:
            root: The workspace's.
            folders: Returns the folders as the settings name them now.
        """
        self._root = root
        self._folders = folders
        self._away: dict[str, Fault] = {}
        self.came_back = False
        """One that was away is there again: it is to be looked through."""

    @property
    def faults(self) -> Sequence[Fault]:
        """Return what is to be said of those that are away."""
        return tuple(self._away.values())

    def look(self) -> None:
        """Look which are there; costs little where all are."""
        before, found = self._away, {}
        for folder in self._folders():
            reason = self._why_away(folder)
            if reason:
                found[label_of(folder)] = Fault(folder, f"{reason} (followed in workbench.toml)"
                                                f"{_KEPT}")  # fmt: skip
        self._away = found
        self.came_back = self.came_back or any(label not in found for label in before)

    def is_away(self, label: str) -> bool:
        """Say whether a source lies in a folder that is away."""
        return any(is_in(label, folder) for folder in self._away)

    def place(self, folder: str) -> Path:
        """Return where a folder is.

        Raises:
            OSError: That cannot be found out.
            ValueError: It is no folder's name.
        """
        return (self._root / label_of(folder)).resolve()

    def _why_away(self, folder: str) -> str:
        try:
            os.stat(self.place(folder))  # noqa: PTH116 - says why, unlike `exists`
        except (FileNotFoundError, NotADirectoryError):
            return "is not there"
        except (OSError, ValueError) as error:
            return f"cannot be reached: {getattr(error, 'strerror', None) or error}"
        return ""


def label_of(folder: str) -> str:
    """Return what the sources in a folder are called after; a home that nobody has stays as is."""
    if not folder.startswith("~"):
        return folder
    try:
        return Path(folder).expanduser().as_posix()
    except RuntimeError:
        return folder


def left_in(folder: str, known: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return of the sources known (format and label) those in a folder."""
    return [one for one in known if is_in(one[1], label_of(folder))]


def is_in(label: str, folder: str) -> bool:
    """Say whether a source of this label lies in a folder, or is it."""
    return label == folder or label.startswith(f"{folder.rstrip('/')}/")
