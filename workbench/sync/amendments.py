"""The edits folder, read once and kept up.

Every file in it is immutable, so a file seen is never read again. What is in force
is folded anew from all edits whenever one arrives.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.runs.edits import Edit, Held, fold, read_edit

if TYPE_CHECKING:
    from collections.abc import Mapping

EDITS = "edits"
_MOST_BYTES = 4 << 20


class Amended(NamedTuple):
    """What a look at the folder brought."""

    runs: frozenset[str]
    """Ids of runs whose edits in force may have changed."""


class Amendments:
    """All edits of a workspace, and what is in force."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / EDITS
        self._stamps: dict[str, int] = {}
        self.edits: dict[str, Edit] = {}
        self.held: Mapping[str, Mapping[str, Held]] = {}
        self.faults: dict[str, Fault] = {}

    def look(self) -> Amended:
        """Read files that are new and return the runs they speak of."""
        new = [edit for month in self._changed_months() for edit in self._new_in(month)]
        if new:
            self.edits.update((edit.id, edit) for edit in new)
            self.held = fold(self.edits.values())
        return Amended(frozenset(run for edit in new for run in edit.of))

    def _changed_months(self) -> list[Path]:
        try:
            months = [month for month in self._folder.iterdir() if month.is_dir()]
        except OSError:
            return []
        changed = []
        for month in months:
            stamp = month.stat().st_mtime_ns
            if self._stamps.get(month.name) != stamp:
                self._stamps[month.name] = stamp
                changed.append(month)
        return changed

    def _new_in(self, month: Path) -> list[Edit]:
        new = []
        for path in sorted(month.glob("*.json")):
            name = f"{EDITS}/{month.name}/{path.name}"
            if path.stem in self.edits or name in self.faults:
                continue
            try:
                new.append(_read(path))
            except (OSError, ValueError, FormatError) as error:
                self.faults[name] = Fault(name, str(error))
        return new


def _read(path: Path) -> Edit:
    if path.stat().st_size > _MOST_BYTES:
        raise FormatError("larger than 4 MB")
    try:
        fields = json.loads(path.read_bytes())
    except RecursionError:
        raise FormatError("nested too deeply") from None
    if not isinstance(fields, dict):
        raise FormatError("not an object")
    edit = read_edit(fields)
    if edit.id != path.stem:
        raise FormatError("its id is not its file name")
    return edit
