"""Whether a SQLite database was written since it was last looked at, or is another one."""

from pathlib import Path

from workbench.formats.first_bytes import first_bytes
from workbench.formats.signs import facts_of
from workbench.formats.sqlite.files import files_seen


def version(path: Path) -> object:
    """Return what changes with every commit to the database at ``path``.

    The time of a file stands still for some milliseconds, in which another commit may
    fall, and a ``-wal`` is written over from its start without growing. The counters in
    the headers of the files do not stand still.
    """
    return (
        files_seen(path),
        first_bytes(str(path), 28)[24:],
        first_bytes(f"{path}-wal", 32),
        first_bytes(f"{path}-shm", 48),
    )


def identity(path: Path) -> int:
    """Return what stays while the database at ``path`` is written, and changes with another file.

    Rows of another database may have the numbers of those that were read.
    """
    facts = facts_of(str(path))
    return facts[0] if facts else 0
