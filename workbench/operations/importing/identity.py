"""Which run of a workspace a run of another tool is.

The id of a copy is made of where it is from, so that a second import finds the first one's runs.
A tool's own id counts where nobody else can have it; else the place counts.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from workbench.formats.contract import RunCard
from workbench.ids import id_of, is_id, mark_of
from workbench.operations.importing.values import Waiting

_UNIQUE: Final = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
_LATEST: Final = (1 << 48) / 1000 - 1
"""The last second an id can be of."""
EXPORTED: Final = "workbench.run_id"
"""The tag by which a run that was exported to another tool is known again."""
_LIVES: Final = 100
"""How often one place may be written over by another run and both are told apart."""


def place_of(root: Path, key: str) -> str:
    """Return where a run is, absolute."""
    return root.as_posix() if key == "." else f"{root.as_posix()}/{key}"


def is_unique(run_id: str) -> bool:
    """Say whether no other run in the world has this id: it is a UUID or one of our own."""
    return _UNIQUE.fullmatch(run_id) is not None


def name_of(waiting: Waiting, source_id: str) -> str:
    """Return what the mark of a run is made of."""
    if is_unique(source_id):
        return f"id:{source_id.replace('-', '').lower()}"
    return f"place:{waiting.place}"


def marks(name: str) -> Iterator[bytes]:
    """Yield the marks a run may have here: the first, and those of runs that took its place."""
    for life in range(_LIVES):
        said = name if life == 0 else f"{name}\n{life}"
        yield blake2b(said.encode("utf-8", "surrogateescape"), digest_size=10).digest()


def run_id_of(mark: bytes, began: float) -> str:
    """Return the id of a copy; it sorts by when the run began."""
    return id_of(min(max(began, 0.0), _LATEST), mark)


def letters_of(mark: bytes) -> str:
    """Return how an id of this mark ends."""
    return mark_of(id_of(0.0, mark))


def began(card: RunCard, waiting: Waiting) -> float:
    """Return when a run began, or the best there is: when it ended, or its files changed."""
    if card.started is not None:
        return card.started
    if card.ended is not None:
        return card.ended
    try:
        return Path(waiting.place.partition("#")[0]).stat().st_mtime
    except OSError:
        return 0.0


def own_id(card: RunCard, format_: str) -> str:
    """Return the id of a run that is one of ours, or was exported by us; else nothing.

    It stays the same run, wherever it has been.
    """
    known = card.run_id if format_ == "native" else card.tags.get(EXPORTED, "")
    return known if is_id(known) else ""


def by_mark(folders: Mapping[str, Path]) -> Mapping[str, Path]:
    """Return the runs of a workspace by how their ids end.

    Args:
        folders: Their folders by id.
    """
    return {mark_of(run_id): folder for run_id, folder in folders.items()}
