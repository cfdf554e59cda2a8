"""Where things are in the folder of a wandb run, by names alone."""

import os
import re
from collections.abc import Iterable
from datetime import datetime

from workbench.formats.contract import Folder
from workbench.formats.walking import HERE

HOME, FILES = "wandb", "files"
CONFIG, SUMMARY = "files/config.yaml", "files/wandb-summary.json"
METADATA = "files/wandb-metadata.json"
CONSOLE, DIFF = "files/output.log", "files/diff.patch"
ENVIRONMENTS = ("files/conda-environment.yaml", "files/requirements.txt")
SIGNS_OF_LIFE = (CONSOLE, SUMMARY, "logs/debug-internal.log", "logs/debug.log")
"""What wandb writes to while a run goes on, beside the log."""
WATCHED = (CONSOLE, METADATA, FILES)
"""What may change beside the log."""
_OWN = frozenset([FILES, "logs", "tmp"])
_LOG = re.compile(r"run-(.+)\.wandb\Z")
_FOLDER = re.compile(r"(?:offline-)?run-(\d{8}_\d{6})-(.+)\Z")

_MOMENT = "%Y%m%d_%H%M%S"


def logs(names: Iterable[str], folder: str) -> list[str]:
    """Return the logs among the names of files, the one the folder is named after first."""
    found = [
        (found.group(1) != _id_of(folder), name) for name in names if (found := _LOG.match(name))
    ]
    return [name for _, name in sorted(found)]


def is_folder(name: str) -> bool:
    """Say whether wandb calls the folders of runs so."""
    return _FOLDER.match(name) is not None


def run_id(log: str, folder: str) -> str:
    """Return the run's id, which is in the name of its log and in that of its folder."""
    found = _LOG.match(log)
    return found.group(1) if found else _id_of(folder)


def started_at(folder: str) -> float | None:
    """Return the start in a folder's name, in seconds since 1970; None if there is none.

    The name has no time zone: wandb takes the machine's, and this machine's stands for it.
    """
    found = _FOLDER.match(folder)
    try:
        return datetime.strptime(found.group(1), _MOMENT).timestamp() if found else None  # noqa: DTZ007
    except (ValueError, OverflowError, OSError):
        return None


def identity(log: str, folder: str) -> str:
    """Return the id by which folders side by side are one run that was resumed.

    A folder that somebody named is perhaps a copy, whose points would count twice; none then.
    """
    found = run_id(log, folder)
    return found if found == _id_of(folder) else ""


def started_in(path: str) -> str | None:
    """Return the folder in which wandb made its own for the run at ``path``; None if unknown."""
    home, _, name = path.rpartition("/")[0].rpartition("/")
    return (home or HERE) if name == HOME else None


def is_closed(folder: Folder) -> bool:
    """Say whether there is nothing below a folder but what wandb made."""
    return is_folder(folder.path.name) or folder.folders <= _OWN


def has_files(folder: str) -> bool:
    """Say whether the run's files are in its folder, not where a link leads."""
    return not os.path.islink(f"{folder}/{FILES}")  # noqa: PTH114 - strings all along


def _id_of(folder: str) -> str:
    found = _FOLDER.match(folder)
    return found.group(2) if found else ""


def shown(key: str, name: str) -> str:
    """Return what to call a file of the run at ``key`` in a fault."""
    return name if key == HERE else f"{key}/{name}"
