"""Files that are a tool's store by their name or their first bytes, and cannot be read as one.

No reader takes them, so nobody else would say a word: a database that was cut looks like a
folder without runs.
"""

import re

from workbench.errors import FormatError
from workbench.formats.contract import Fault, Folder
from workbench.formats.first_bytes import first_bytes
from workbench.formats.offline import zipped
from workbench.formats.sqlite.files import MAGIC, reading, tables

_DATABASES = frozenset(["mlflow.db", "mlruns.db", "optuna.db", "study.db"])
"""What tools call their databases, or their manuals do."""
_ENDINGS = (".db", ".sqlite", ".sqlite3")
_MOST_FILES = 64
_ARCHIVE = re.compile(r"[0-9a-f]{32}\.zip\Z")
_MEMBERS = (b"experiment.json", b"messages.json")
_MEMBER, _NAME = b"PK\3\4", 30
"""How a zip file begins, and where in it the first member's name is."""


def broken_in(folder: Folder, path: str) -> list[Fault]:
    """Return what is wrong with the files in a folder that no reader of stores took.

    Args:
        folder: With the names that were not taken.
        path: Where it is below what was opened, ``.`` for that itself.
    """
    databases = sorted(name for name in folder.files if name.endswith(_ENDINGS))[:_MOST_FILES]
    archives = sorted(name for name in folder.files if name.endswith(".zip"))[:_MOST_FILES]
    found = [(name, _why_no_database(folder, name)) for name in databases]
    found += [(name, _why_no_archive(folder, name)) for name in archives]
    return [
        Fault(name if path == "." else f"{path}/{name}", reason) for name, reason in found if reason
    ]


def _why_no_database(folder: Folder, name: str) -> str:
    place = folder.path / name
    start = first_bytes(str(place), len(MAGIC))
    if not start:
        return ""  # one that was begun just now
    if start != MAGIC:
        return "is not a database that can be read" if name in _DATABASES else ""
    try:
        with reading(place) as connection:
            there = tables(connection)
    except FormatError as problem:
        return f"is not a database that can be read: {problem.message}"
    except OSError:
        return ""  # not now; whoever writes it has it
    known = name in _DATABASES and not there
    return "is a database without tables that can be read" if known else ""


def _why_no_archive(folder: Folder, name: str) -> str:
    place = folder.path / name
    start = first_bytes(str(place), _NAME + max(map(len, _MEMBERS)))
    if not start.startswith(_MEMBER):
        return ""
    theirs = _ARCHIVE.match(name) or start[_NAME:].startswith(_MEMBERS)
    return "is a Comet archive that was cut" if theirs and not zipped.has_list(place) else ""
