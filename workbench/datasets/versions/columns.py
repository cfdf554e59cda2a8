"""The columns that a dataset has, or had, by its versions.

A name that people give to a column is held against all versions that stand: a column the newest
file lacks may still have to be hidden in the ones before.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import folder
from workbench.errors import WorkbenchError


def columns_of(root: Path, name: str) -> tuple[str, ...]:
    """Return the columns of all versions of a dataset, those of the newest first; each once."""
    return tuple(dict.fromkeys(c.name for one in _newest_first(root, name) for c in one.columns))


def unheard_of(root: Path, name: str, named: Sequence[str]) -> tuple[str, ...]:
    """Return the columns that no version of a dataset has; none where no version has columns."""
    left = dict.fromkeys(named)
    known = False
    for manifest in _newest_first(root, name) if left else ():
        known = known or bool(manifest.columns)
        for column in manifest.columns:
            left.pop(column.name, None)
        if not left:
            break
    return tuple(left) if known else ()


def _newest_first(root: Path, name: str) -> Iterator[Manifest]:
    """Yield the versions that can be read."""
    for number in reversed(folder.standing(root, name)):
        try:
            yield folder.read_manifest(root, name, number)
        except (WorkbenchError, OSError):
            continue
