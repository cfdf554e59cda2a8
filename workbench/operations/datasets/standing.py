"""The rows of a version, if they are still the ones that were registered.

Data stay where they are: under a version's path other rows may lie by now. Whoever counts or
compares the rows of a version opens it here, so that nobody is told of one version what is true
of another.
"""

import shlex
from typing import Final, NamedTuple

from workbench.datasets import declared
from workbench.datasets.manifest import Manifest
from workbench.datasets.table import Table
from workbench.datasets.versions.locating import meant
from workbench.errors import NotFoundError, SettingsError
from workbench.operations.datasets.locate import open_version, roots_of, state_of
from workbench.operations.session import Session
from workbench.words import visible

_UNREAD: Final = (
    "The files of {} are large, and nobody on this machine has read them as they are now: they are "
    "not compared with their hash yet."
)


class Standing(NamedTuple):
    """A version's table, opened, and what must be said of it."""

    table: Table
    doubt: str
    """Why its rows may be others; empty where they are known to be the same."""


def open_standing(session: Session, manifest: Manifest) -> Standing:
    """Return the table of a version whose files are not known to have changed.

    Raises:
        NotFoundError: Its files are away or have changed since, or it never had any.
        FormatError: It is no table, or cannot be read.
    """
    name = f"{manifest.dataset}@{manifest.version}"
    state = state_of(session, manifest)
    if state == "changed":
        raise NotFoundError(
            f"The files of {name} have changed since it was registered: its rows are gone.",
            hint=_keep_the_next(session, manifest),
        )
    table = open_version(session, manifest)
    return Standing(table, _UNREAD.format(name) if state == "unknown" else "")


def _keep_the_next(session: Session, manifest: Manifest) -> str:
    """Return how the files of the next version are kept."""
    name = manifest.dataset
    try:
        entry = declared.read(session.root).datasets.get(name)
    except SettingsError:
        entry = None
    if entry is not None and entry.path and entry.follow:
        return f"Keep those of the next one: write copy = true below [datasets.{name}]."
    path = meant(manifest.path, session.root, roots_of(session.root))
    command = shlex.join(["workbench", "datasets", "add", name, str(path), "--copy"])
    return f"Keep those of the next one: {visible(command)}"
