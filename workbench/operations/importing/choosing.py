"""The runs a person wants of those there are: by format, or by any filter the table takes."""

from pathlib import Path

from workbench.formats.detect import installed, readers
from workbench.operations.importing.finding import Found
from workbench.operations.importing.identity import place_of
from workbench.operations.importing.values import Waiting
from workbench.operations.listing import found as matching
from workbench.operations.runs_table import read_filter
from workbench.operations.session import open_session


def chosen(found: Found, path: Path, only: str) -> tuple[Waiting, ...]:
    """Return the runs that are asked for.

    A filter is answered as `workbench runs PATH --filter` answers it.

    Args:
        found: All there are.
        path: Where they are.
        only: A format's name or a filter; empty for all.

    Raises:
        FilterError: It is neither.
    """
    if not only:
        return found.waiting
    if only in {reader.name for reader in readers()}:
        return tuple(one for one in found.waiting if one.reader.name == only)
    wanted = _places(path, only)
    return tuple(one for one in found.waiting if one.place in wanted)


def _places(path: Path, only: str) -> set[str]:
    """Return where the runs are that match a filter, or were found in a format."""
    from workbench.catalogue.cards import cards  # noqa: PLC0415 - only where something is chosen

    formats = {reader.name for reader in installed().formats}
    with open_session(path) as session:
        session.sweep()
        tree = None if only in formats else read_filter(session, only)
        return {
            place_of((session.root / one.root).resolve(), one.key)
            for one in cards(session.catalogue, matching(session, tree))
            if tree is not None or only in one.format.split("+")
        }
