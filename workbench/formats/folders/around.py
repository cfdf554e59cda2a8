"""What one run consists of, found out in the folders around it.

The same claims and the same arithmetic as a survey of everything, for those who want one
run of a source that nobody surveyed: the folders above it, those below it within bounds,
those beside it where it says that it was resumed, and those its params are shared with.
"""

from collections.abc import Sequence
from pathlib import Path

from workbench.formats.contract import Fault, Folder
from workbench.formats.folders.grouping import Found, Run, above, grouped
from workbench.formats.folders.listing import Looked, Readers, below, claims_to, looked
from workbench.formats.walking import HERE, Limits, Walk, list_folder, may_hold_runs

_BELOW = Limits(depth=4, entries=20_000, seconds=2.0)


def claims_around(root: Path, key: str, readers: Readers) -> dict[str, Run]:
    """Return the runs that the claims to a folder and to those around it come to.

    There are none where a survey does not get to: in a store, or below what is closed.
    """
    around = _Around(root, readers)
    if not all(around.is_reached(path) for path in (*reversed(list(above(key))), key)):
        return {}
    own = around.claims_to(key)
    if any(found.claim.identity or found.claim.joins for found in own):
        around.add_beside(key)
    if not _is_closed(own):
        around.add_below(key)
    for path in [path for path in above(key) if _is_overlay(around.claims_to(path))]:
        around.add_below(path)  # whose params these are besides
    return around.runs()


def is_store(root: Path, path: str, readers: Readers) -> bool:
    """Say whether a folder is a store."""
    seen = _Around(root, readers).look(path)
    return seen is not None and any(store == path for _, store in seen.stores)


def _is_overlay(found: Sequence[Found]) -> bool:
    return any(one.claim.overlay for one in found)


def _is_closed(found: Sequence[Found]) -> bool:
    return any(one.claim.closed for one in found)


class _Around:
    """The folders around a run, each looked at once."""

    def __init__(self, root: Path, readers: Readers) -> None:
        self._root = root
        self._readers = readers
        self._seen: dict[str, Looked | None] = {}
        self._claims: dict[str, tuple[Found, ...]] = {}

    def look(self, path: str) -> Looked | None:
        """Return whose a folder is; None if it cannot be listed."""
        if path not in self._seen:
            folder = list_folder(self._place(path), path, [])
            self._seen[path] = looked(folder, path, self._readers, []) if folder else None
        return self._seen[path]

    def claims_to(self, path: str) -> tuple[Found, ...]:
        """Return what is claimed of a folder."""
        if path not in self._claims:
            seen = self.look(path)
            self._claims[path] = () if seen is None else claims_to(seen, path, self._readers, ())
        return self._claims[path]

    def is_reached(self, path: str) -> bool:
        """Say whether a survey that gets to the folder above gets to this one."""
        if path == HERE:
            return True
        parent = next(above(path))
        seen = self.look(parent)
        if seen is None or any(store == path for _, store in seen.stores):
            return False
        name = path.rpartition("/")[2]
        return name in seen.folder.folders and not _is_closed(self.claims_to(parent))

    def add_beside(self, path: str) -> None:
        """Look at the folders beside one."""
        parent = next(above(path), HERE)
        seen = self.look(parent)
        for name in sorted(seen.folder.folders if seen else ()):
            if may_hold_runs(name):
                self.claims_to(below(parent, name))

    def add_below(self, top: str) -> None:
        """Look at the folders below a run."""

        def listed(place: Path, shown: str, faults: list[Fault]) -> Folder | None:
            del place, faults
            seen = self.look(below(top, shown or HERE))
            return seen.folder if seen else None

        walk = Walk(self._place(top), _BELOW, listed=listed)
        for step in walk.steps():
            path = below(top, step.path or HERE)
            if _is_closed(self.claims_to(path)):
                walk.prune(step.path)
            for store in self._stores(path):
                walk.prune(store if top == HERE else store.removeprefix(top).lstrip("/"))

    def _stores(self, path: str) -> Sequence[str]:
        seen = self._seen.get(path)
        return [store for _, store in seen.stores] if seen else ()

    def runs(self) -> dict[str, Run]:
        """Return the runs that all claims found come to."""
        stores = {store for path in self._seen for store in self._stores(path)}
        return grouped({path: found for path, found in self._claims.items() if found}, stores)

    def _place(self, path: str) -> Path:
        return self._root if path == HERE else self._root / path
