"""The edits folder, read once and kept up.

Every file in it is immutable, so a file seen is never read again. What is in force
is folded anew from all edits whenever one arrives.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.opening import read_small
from workbench.runs.edits import Edit, Held, fold, read_edit

if TYPE_CHECKING:
    from collections.abc import Mapping

EDITS = "edits"
_MOST_BYTES = 4 << 20
_SECOND = 1_000_000_000
_AGAIN, _AGAIN_COARSE = 2, 6
"""Two edits may come within one tick of the file system's clock: 10 ms on most, 2 s on some."""


class _Seen(NamedTuple):
    """A month's folder as it was last listed."""

    stamp: int
    again: int
    """How often to list it again although its time stands still."""


_NEVER = _Seen(-1, 0)


class Amended(NamedTuple):
    """What a look at the folder brought."""

    runs: frozenset[str]
    """Ids of runs whose edits in force may have changed."""


class Amendments:
    """All edits of a workspace, and what is in force."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / EDITS
        self._seen: dict[str, _Seen] = {}
        self._wrong: set[str] = set()
        """Files that will never be an edit."""
        self.edits: dict[str, Edit] = {}
        self.held: Mapping[str, Mapping[str, Held]] = {}
        self.faults: dict[str, Fault] = {}

    def look(self) -> Amended:
        """Read files that are new and return the runs they speak of."""
        new = [edit for month in self._changed_months() for edit in self._new_in(month)]
        if new:
            self.edits = self.edits | {edit.id: edit for edit in new}  # others may be reading
            self.held = fold(self.edits.values())
        return Amended(frozenset(run for edit in new for run in edit.of))

    def _changed_months(self) -> list[Path]:
        try:
            found = [(m, m.stat().st_mtime_ns) for m in self._folder.iterdir() if m.is_dir()]
        except OSError:
            return []
        changed = []
        for month, stamp in found:
            known = self._seen.get(month.name, _NEVER)
            if known.stamp != stamp:
                known = _Seen(stamp, _AGAIN_COARSE if stamp % _SECOND == 0 else _AGAIN)
            elif known.again == 0:
                continue
            self._seen[month.name] = known._replace(again=max(0, known.again - 1))
            changed.append(month)
        return changed

    def _new_in(self, month: Path) -> list[Edit]:
        new = []
        for path in sorted(month.glob("*.json")):
            name = f"{EDITS}/{month.name}/{path.name}"
            if path.stem in self.edits or name in self._wrong:
                continue
            try:
                new.append(_read(path))
                self.faults.pop(name, None)
            except OSError as error:  # perhaps only now: look again
                self.faults[name] = Fault(name, error.strerror or str(error))
                self._seen.pop(month.name, None)
            except (ValueError, FormatError) as error:
                self._wrong.add(name)
                self.faults[name] = Fault(name, str(error))
        return new


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
