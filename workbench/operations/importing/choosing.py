"""The runs a person wants of those there are: by format, or by any filter the table takes."""

from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path

from workbench.errors import UsageError
from workbench.formats.detect import installed, readers
from workbench.operations.importing.finding import Found
from workbench.operations.importing.identity import place_of
from workbench.operations.importing.values import Waiting
from workbench.operations.listing import found as matching
from workbench.operations.runs_table import read_filter
from workbench.operations.session import open_session
from workbench.words import visible


def chosen(found: Found, path: Path, only: str) -> tuple[Waiting, ...]:
    """Return the runs that are asked for.

    A filter is answered as `workbench runs PATH --filter` answers it.

    Args:
        found: All there are.
        path: Where they are.
        only: A format's name or a filter; empty for all.

    Raises:
        FilterError: It is neither.
        UsageError: It is one word that is neither a format nor in any run.
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
    from workbench.filters.tree import Words  # noqa: PLC0415 - only where something is chosen

    formats = {reader.name for reader in installed().formats}
    with open_session(path) as session:
        session.sweep()
        tree = None if only in formats else read_filter(session, only)
        found = {
            place_of((session.root / one.root).resolve(), one.key)
            for one in cards(session.catalogue, matching(session, tree))
            if tree is not None or only in one.format.split("+")
        }
    if not found and isinstance(tree, Words):
        raise _unknown(only, formats)
    return found


def _unknown(only: str, formats: Collection[str]) -> UsageError:
    """Return why a word chooses nothing: most likely it was to be a format."""
    near = get_close_matches(only.casefold(), sorted(formats), 1)
    return UsageError(
        f"{visible(only)!r} is no format, and no run has it in its name, tags or note.",
        hint=f"Did you mean {near[0]}?" if near else "`workbench formats` lists the formats.",
    )
