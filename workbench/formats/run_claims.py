"""What one run consists of, found out in the folders around it.

The same claims and the same arithmetic as a survey of everything, for those who want one
run of a source that nobody surveyed: the folders above it, those below it within bounds,
those beside it where it says that it was resumed, and those its params are shared with.
"""

from collections.abc import Sequence
from pathlib import Path

from workbench.formats.contract import Folder
from workbench.formats.folder_listing import Readers, below, claims_to, names_left, stores_in
from workbench.formats.grouping import Found, Run, above, grouped
from workbench.formats.walking import HERE, Limits, Walk, list_folder, may_hold_runs

_BELOW = Limits(depth=4, entries=20_000, seconds=2.0)


def claims_around(root: Path, key: str, readers: Readers) -> dict[str, Run]:
    """Return the runs that the claims to a folder and to those around it come to."""
    claims: dict[str, tuple[Found, ...]] = {}
    stores: set[str] = set()
    for path in reversed(list(above(key))):
        claims[path] = _claims(root, path, readers)
    claims[key] = own = _claims(root, key, readers)
    if any(found.claim.identity or found.claim.joins for found in own):
        parent = next(above(key), HERE)
        listed = list_folder(_place(root, parent), parent, [])
        for name in sorted(listed.folders if listed else ()):
            if may_hold_runs(name):
                path = below(parent, name)
                claims.setdefault(path, _claims(root, path, readers))
    if not any(found.claim.closed for found in own):
        _add_below(root, key, readers, claims, stores)
    for path in [path for path in above(key) if _is_overlay(claims[path])]:
        _add_below(root, path, readers, claims, stores)  # whose params these are besides
    return grouped({path: found for path, found in claims.items() if found}, stores)


def _is_overlay(found: Sequence[Found]) -> bool:
    return any(one.claim.overlay for one in found)


def is_store(root: Path, path: str, readers: Readers) -> bool:
    """Say whether a folder is a store."""
    folder = list_folder(_place(root, path), path, [])
    stores = () if folder is None else stores_in(folder, readers.stores, path, [])
    return any(name == HERE for _, name in stores)


def _add_below(
    root: Path,
    key: str,
    readers: Readers,
    claims: dict[str, tuple[Found, ...]],
    found_stores: set[str],
) -> None:
    """Add the claims to folders below a run, and the stores there."""
    walk = Walk(_place(root, key), _BELOW)
    for step in walk.steps():
        path = below(key, step.path) if step.path else key
        if path not in claims:
            claims[path] = _claims_in(step.folder, path, readers)
        if any(found.claim.closed for found in claims[path]):
            walk.prune(step.path)
        for _, name in stores_in(step.folder, readers.stores, path, []):
            found_stores.add(below(path, name))
            walk.prune(step.path if name == HERE else f"{step.path}/{name}".lstrip("/"))


def _claims(root: Path, path: str, readers: Readers) -> tuple[Found, ...]:
    folder = list_folder(_place(root, path), path, [])
    return () if folder is None else _claims_in(folder, path, readers)


def _claims_in(folder: Folder, path: str, readers: Readers) -> tuple[Found, ...]:
    stores = stores_in(folder, readers.stores, path, [])
    folder = names_left(folder, [name for _, name in stores])
    ranks = [n for n, reader in enumerate(readers.folders) if reader.detect(folder)]
    return claims_to(folder, path, readers.folders, ranks, (), [])


def _place(root: Path, path: str) -> Path:
    return root if path == HERE else root / path
