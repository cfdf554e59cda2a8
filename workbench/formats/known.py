"""Folders of tools whose runs cannot be read yet: named and counted, never opened further.

Somebody who opens such a folder should learn that it was understood. A kind
moves from here to a reader of its own when that is written.
"""

from collections.abc import Callable
from typing import NamedTuple

from workbench.formats.contract import Folder

_SQLITE = b"SQLite format 3\0"
_SCHEMA_BYTES = 1 << 20
"""The schema of a database stands in its first pages."""
_DATABASES = (".db", ".sqlite", ".sqlite3")


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


def _clearml(folder: Folder) -> int:
    return _if("task.json" in folder.files and folder.path.name.startswith("offline-"))


def _search(folder: Folder) -> int:
    return sum(
        1 for name in folder.files if name.startswith("cv_results") and name.endswith(".csv")
    )


def _database(*tables: bytes) -> Callable[[Folder], int]:
    def count(folder: Folder) -> int:
        names = sorted(name for name in folder.files if name.endswith(_DATABASES))
        return sum(1 for name in names[:16] if _holds(folder, name, tables))

    return count


def _holds(folder: Folder, name: str, tables: tuple[bytes, ...]) -> bool:
    try:
        with (folder.path / name).open("rb", buffering=0) as file:
            schema = file.read(_SCHEMA_BYTES)
    except OSError:
        return False
    return schema.startswith(_SQLITE) and all(table in schema for table in tables)


def _journal(folder: Folder) -> int:
    return sum(1 for name in folder.files if name.endswith(".log") and _begins(folder, name))


def _begins(folder: Folder, name: str) -> bool:
    try:
        with (folder.path / name).open("rb", buffering=0) as file:
            return b'"op_code":' in file.read(256).partition(b"\n")[0]
    except OSError:
        return False


def _inside(name: str) -> Callable[[Folder], int]:
    def count(folder: Folder) -> int:
        return _if(name in folder.folders)

    return count


KINDS = (
    Kind("ClearML offline session", _clearml, closed=True),
    Kind(
        "Optuna database",
        _database(b"CREATE TABLE studies", b"CREATE TABLE study_directions"),
        closed=False,
    ),
    Kind("Optuna journal", _journal, closed=False),
    Kind("Trackio project", _database(b"system_metrics", b"configs"), closed=False),
    Kind("scikit-learn search", _search, closed=False),
    Kind("Aim repository", _inside(".aim"), closed=False),
    Kind("Guild run", _inside(".guild"), closed=False),
    Kind("Neptune offline store", _inside(".neptune"), closed=False),
)


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


def belongs_to_a_tool(folder: Folder) -> bool:
    """Say whether ``folder`` and all below it is some tool's own, whatever it looks like."""
    if ".workbench" in folder.folders or "meta.yaml" in folder.files:
        return True
    return any(kind.closed and kind.count(folder) for kind in KINDS)
