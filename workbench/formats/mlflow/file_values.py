"""A folder of an MLflow file store in which each file is one value, its name the key."""

import os
from collections.abc import Iterator

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.opening import printable, read_small

LARGEST_VALUE = 1 << 20
_DEEPEST = 8


def files_of(folder: str, prefix: str = "", depth: int = _DEEPEST) -> Iterator[tuple[str, str]]:
    """Yield name and path of each file below ``folder``; a name with ``/`` made folders."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.is_file(follow_symlinks=False):
            yield f"{prefix}{printable(entry.name)}", entry.path
        elif depth and entry.is_dir(follow_symlinks=False):
            yield from files_of(entry.path, f"{prefix}{printable(entry.name)}/", depth - 1)


def values_in(folder: str, faults: list[Fault], where: str = "") -> dict[str, str]:
    """Return params or tags: the name of each file and its text.

    Args:
        folder: Where they are.
        faults: Added to for each that cannot be read.
        where: What to call the folder in a fault.
    """
    found: dict[str, str] = {}
    for name, path in files_of(folder):
        try:
            found[name] = read_small(path, LARGEST_VALUE).decode("utf-8", "replace")
        except (FormatError, OSError) as problem:
            faults.append(Fault(f"{where}/{name}", f"cannot be read: {problem}"))
    return found
