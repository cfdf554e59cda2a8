"""Where things are in the folder of a wandb run, by names alone."""

import re
from collections.abc import Iterable

from workbench.formats.walking import HERE

FILES = "files"
CONFIG, SUMMARY = "files/config.yaml", "files/wandb-summary.json"
METADATA = "files/wandb-metadata.json"
CONSOLE, DIFF = "files/output.log", "files/diff.patch"
ENVIRONMENTS = ("files/conda-environment.yaml", "files/requirements.txt")
SIGNS_OF_LIFE = (CONSOLE, SUMMARY, "logs/debug-internal.log", "logs/debug.log")
"""What wandb writes to while a run goes on, beside the log."""
WATCHED = (CONSOLE, METADATA, FILES)
"""What may change beside the log."""
_LOG = re.compile(r"run-(.+)\.wandb\Z")
_FOLDER = re.compile(r"(?:offline-)?run-\d{8}_\d{6}-(.+)\Z")


def logs(names: Iterable[str]) -> list[str]:
    """Return the logs among the names of files."""
    return sorted(name for name in names if _LOG.match(name))


def is_folder(name: str) -> bool:
    """Say whether wandb calls the folders of runs so."""
    return _FOLDER.match(name) is not None


def run_id(log: str, folder: str) -> str:
    """Return the run's id, which is in the name of its log and in that of its folder."""
    found = _LOG.match(log) or _FOLDER.match(folder)
    return found.group(1) if found else ""


def shown(key: str, name: str) -> str:
    """Return what to call a file of the run at ``key`` in a fault."""
    return name if key == HERE else f"{key}/{name}"
