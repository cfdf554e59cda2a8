"""Folders made read-only, moved into place and removed, on every system.

Windows refuses to delete a read-only file, and to rename a folder while a virus
scanner reads in it; the first is undone before, the second waited for.
"""

import os
import stat
from pathlib import Path
from shutil import rmtree

from workbench.registry.patience import Patience

_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def protect(folder: Path) -> None:
    """Make every file below ``folder`` read-only; folders stay, so that it can be moved."""
    _change(folder, _READ_ONLY)


def release(folder: Path) -> None:
    """Let every file below ``folder`` be written again, so that it can be deleted anywhere."""
    _change(folder, stat.S_IREAD | stat.S_IWRITE)


def remove(folder: Path) -> None:
    """Remove a folder with its read-only files; gone already is well."""
    if os.name == "nt":
        release(folder)
    rmtree(folder, ignore_errors=True)


def _change(folder: Path, mode: int) -> None:
    for parent, _, names in os.walk(folder):
        for name in names:
            file = Path(parent, name)
            if not file.is_symlink():
                file.chmod(mode)


def move(folder: Path, target: Path, patient: Patience | None = None) -> bool:
    """Rename ``folder`` to ``target`` unless something is there; say whether it was renamed.

    Raises:
        OSError: It cannot be renamed.
    """

    def rename() -> bool:
        try:
            if os.path.lexists(target):
                return False
            folder.rename(target)
        except OSError:
            if not os.path.lexists(target):
                raise
            return False  # somebody else was first
        return True

    return (patient or Patience())(rename)
