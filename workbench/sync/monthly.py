"""Files that never change, in a folder a month: each is read once, and new ones when they come."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

from workbench.errors import FormatError
from workbench.formats.contract import Fault

_SECOND: Final = 1_000_000_000
_AGAIN, _AGAIN_COARSE = 2, 6
"""Two files may come within one tick of the file system's clock: 10 ms on most, 2 s on some."""
_T = TypeVar("_T")


class _Seen(NamedTuple):
    """A month's folder as it was last listed."""

    stamp: int
    again: int
    """How often to list it again although its time stands still."""


_NEVER: Final = _Seen(-1, 0)


class Monthly(Generic[_T]):
    """What stands in ``<folder>/<yyyy-mm>/<id>.json``; belongs to one thread at a time.

    Args:
        folder: Where the months are.
        read: Returns what a file holds; `FormatError` or `ValueError` says that it never will.
    """

    def __init__(self, folder: Path, read: Callable[[Path], _T]) -> None:
        self._folder = folder
        self._read = read
        self._seen: dict[str, _Seen] = {}
        self._wrong: set[str] = set()
        """Files that will never hold anything."""
        self.found: dict[str, _T] = {}
        """By the file's name without its ending; replaced, never changed: others may be reading."""
        self.faults: dict[str, Fault] = {}
        self.is_whole = False
        """The last look could list the folder: what is not in `found` is not there."""

    def look(self) -> list[_T]:
        """Read files that are new and return what they hold."""
        new = {path.stem: one for month in self._changed() for path, one in self._new_in(month)}
        if new:
            self.found = self.found | new
        return list(new.values())

    def _changed(self) -> list[Path]:
        """Return the months in which something may be new."""
        self.is_whole = True
        try:
            found = [(m, m.stat().st_mtime_ns) for m in self._folder.iterdir() if self._is_month(m)]
        except OSError as error:
            self.is_whole = isinstance(error, FileNotFoundError)
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

    def _is_month(self, path: Path) -> bool:
        """Say whether a path is a folder itself: a link may lead anywhere, and says so."""
        if path.is_symlink():
            name = f"{self._folder.name}/{path.name}"
            self.faults[name] = Fault(name, "This is a link; links are not followed.")
            return False
        return path.is_dir()

    def _new_in(self, month: Path) -> list[tuple[Path, _T]]:
        new = []
        for path in sorted(month.glob("*.json")):
            name = f"{self._folder.name}/{month.name}/{path.name}"
            if path.stem in self.found or name in self._wrong:
                continue
            try:
                new.append((path, self._read(path)))
                self.faults.pop(name, None)
            except OSError as error:  # perhaps only now: look again
                self.is_whole = False
                self.faults[name] = Fault(name, error.strerror or str(error))
                self._seen.pop(month.name, None)
            except (ValueError, FormatError) as error:
                self._wrong.add(name)
                self.faults[name] = Fault(name, str(error))
        return new
