"""The rows of a version, if they are still the ones that were registered.

Data stay where they are: under a version's path other rows may lie by now. Whoever counts or
compares the rows of a version opens it here, so that nobody is told of one version what is true
of another.
"""

from typing import Final, NamedTuple

from workbench.datasets.manifest import Manifest
from workbench.datasets.table import Table
from workbench.errors import NotFoundError
from workbench.operations.datasets.locate import open_version, state_of
from workbench.operations.session import Session

_TOUCHED: Final = (
    "The files of {} have another time than when it was registered and are large: whether they "
    "have changed since was not looked at."
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
            hint="Keep a copy of the next one: workbench datasets add NAME PATH --copy",
        )
    table = open_version(session, manifest)
    return Standing(table, _TOUCHED.format(name) if state == "unknown" else "")
