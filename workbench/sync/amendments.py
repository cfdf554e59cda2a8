"""The edits folder, read once and kept up.

Every file in it is immutable, so a file seen is never read again. What is in force
is folded anew from all edits whenever one arrives.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import FormatError
from workbench.opening import read_small
from workbench.runs.edits import Edit, Held, fold, read_edit
from workbench.sync.monthly import Monthly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.formats.contract import Fault

EDITS = "edits"
_MOST_BYTES = 4 << 20


class Amended(NamedTuple):
    """What a look at the folder brought."""

    runs: frozenset[str]
    """Ids of runs whose edits in force may have changed."""


class Amendments:
    """All edits of a workspace, and what is in force."""

    def __init__(self, workspace: Path) -> None:
        self._files = Monthly(workspace / EDITS, _read)
        self.held: Mapping[str, Mapping[str, Held]] = {}

    @property
    def edits(self) -> "Mapping[str, Edit]":
        """Return all edits by their id."""
        return self._files.found

    @property
    def faults(self) -> "Mapping[str, Fault]":
        """Return what cannot be read, by its path."""
        return self._files.faults

    def of(self, run_id: str, place: str) -> "Mapping[str, Held]":
        """Return the edits in force of a run.

        Args:
            run_id: Its id.
            place: The id it had while it could not be read, made from where it lies.
        """
        before, now = self.held.get(place, {}), self.held.get(run_id, {})
        return {**before, **now} if before else now

    def look(self) -> Amended:
        """Read files that are new and return the runs they speak of."""
        new = self._files.look()
        if new:
            self.held = fold(self.edits.values())
        return Amended(frozenset(run for edit in new for run in edit.of))


def _read(path: Path) -> Edit:
    try:
        fields = json.loads(read_small(str(path), _MOST_BYTES))
    except RecursionError:
        raise FormatError("nested too deeply") from None
    if not isinstance(fields, dict):
        raise FormatError("not an object")
    edit = read_edit(fields)
    if edit.id != path.stem:
        raise FormatError("its id is not its file name")
    return edit
