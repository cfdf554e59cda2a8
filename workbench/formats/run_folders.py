"""Runs that are a folder each: from a key to the folder, and never to another one."""

import os
from pathlib import Path

from workbench.errors import FormatError
from workbench.formats.walking import may_hold_runs

HERE = "."
"""The key of a run that is the opened folder itself."""


def folder_of(root: Path, key: str) -> Path:
    """Return the folder of the run at ``key``.

    Raises:
        FormatError: The key leads elsewhere.
    """
    parts = () if key == HERE else tuple(key.split("/"))
    if any(not part or not may_hold_runs(part) or os.sep in part for part in parts):
        raise FormatError(f"{key!r} is not the key of a run.")
    folder = root.joinpath(*parts)
    if os.path.realpath(folder) != os.path.join(os.path.realpath(root), *parts):  # noqa: PTH118
        raise FormatError(f"{key!r} is not the key of a run.")
    return folder


def below(key: str, name: str) -> str:
    """Return what to call a file of the run at ``key`` in a fault."""
    return name if key == HERE else f"{key}/{name}"
