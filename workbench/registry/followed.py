"""A journal that knows up to where the workspace's own pointers have followed it.

A chain of hashes cannot tell that its last events are gone: what is left is whole. A pointer is
written after its event, so one that was made from an event the journal does not have shows that
its end is missing, or not to be seen from here yet. Nothing else is learned from pointers.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workbench.errors import FormatError
from workbench.registry import pointer as pointers
from workbench.registry.event import Event
from workbench.registry.journal import FolderJournal
from workbench.registry.pointer import Pointer

_NOTHING: Final = (0, "")


def followed_journal(root: Path, model: str) -> FolderJournal:
    """Return the journal of a model; one that ends before what a pointer says is unreadable there.

    The pointers are read here, so before the journal: what they were made from must be in it.
    """
    seen = ((one.seq, path) for path, one in _inside(root, model))
    return FolderJournal(root, model, followed=max(seen, default=_NOTHING))


def stages_followed(root: Path, model: str) -> tuple[str, ...]:
    """Return the stages of a model that have a pointer in the workspace, in order."""
    return tuple(sorted(one.stage for _, one in _inside(root, model)))


def was_made_from(pointer: Pointer, events: tuple[Event, ...]) -> bool:
    """Say whether the event a pointer was made from is among these, which begin with the first."""
    return 0 < pointer.seq <= len(events) and events[pointer.seq - 1].id == pointer.event


def _inside(root: Path, model: str) -> Iterator[tuple[str, Pointer]]:
    """Yield the pointers of a model in the workspace that can be read, and where they are."""
    for stage in _names(root / pointers.FOLDER):
        try:
            path = pointers.pointer_path(stage, model)
            pointer = pointers.read(root / path)
        except (OSError, FormatError):
            continue  # it is derived, and written anew
        if pointer is not None and (pointer.model, pointer.stage) == (model, stage):
            yield path, pointer


def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(os.listdir(folder))  # noqa: PTH208 - names are all that is wanted
    except OSError:
        return ()
