"""Files in the registry that no version needs: copied, and their event never came; or deleted.

Decided from the journals themselves. A model whose journal cannot be read to its end keeps
everything: what follows may name any of its files.
"""

from contextlib import suppress
from pathlib import Path

from workbench.errors import ConflictError
from workbench.operations.disk import folders_of, newest
from workbench.operations.session import Session
from workbench.operations.trash import Trashed, place_of, put_folder, restore
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal
from workbench.registry.journal import REGISTRY, models
from workbench.registry.manifest import FILES

AFTER_S = 24 * 3600.0
"""Seconds for which whoever copies files may take to say what they are."""


def unnamed(session: Session) -> tuple[Path, ...]:
    """Return the folders of files that no version needs, older than a day."""
    if session.workspace is None:
        return ()
    before = _before(session)
    return tuple(
        folder
        for model in models(session.root)
        for folder in _of(session, model)
        if _touched(folder) < before
    )


def put_away(session: Session, folder: Path) -> Trashed | None:
    """Move files that no version needs to the trash; None if one needs them by now.

    Whoever registers the same files in that very moment touches them before, and finds them back
    in their place.

    Raises:
        OSError: They cannot be moved; they are where they were.
    """
    model, before = folder.parent.parent.name, _before(session)
    if folder not in _of(session, model) or _touched(folder) >= before:
        return None
    one = put_folder(session, folder, f"{model}/{folder.name[:12]}", f"{REGISTRY}/{model}")
    needed = _needed(session, model)
    if needed is None or folder.name in needed or _touched(place_of(session, one)) >= before:
        with suppress(ConflictError):  # whoever needs them has put them there again
            restore(session, one.id)
        return None
    return one


def _of(session: Session, model: str) -> list[Path]:
    """Return the folders of a model's files that no version needs, however young."""
    folders = folders_of(session.root / REGISTRY / model / FILES)
    needed = _needed(session, model) if folders else None
    return [] if needed is None else [one for one in folders if one.name not in needed]


def _needed(session: Session, model: str) -> frozenset[str] | None:
    """Return the manifests of a model's versions; None where the journal does not tell."""
    state = fold(model, followed_journal(session.root, model).read())
    if state.unreadable is not None or any(not event.known for event in state.events):
        return None
    alive = (one for one in state.versions.values() if one.deleted is None)
    return frozenset(one.manifest for one in alive)


def _before(session: Session) -> float:
    """Return the moment before which files were touched that nobody is about to name."""
    return session.disk_time() - AFTER_S


def _touched(folder: Path) -> float:
    """Return when anybody last changed a folder, by its file system's clock."""
    try:
        return newest(folder)
    except OSError:
        return float("inf")  # its owner took it away just now
