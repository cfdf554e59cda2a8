"""A folder for rows that do not fit into memory, gone when the work is done.

On the local disk of the cache, as folders for temporary files are in memory on many machines.
What a killed program leaves there is swept a day later by whoever asks for a folder next. Nothing
else makes folders for rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import Final
from uuid import uuid4

from workbench.clock import SYSTEM
from workbench.errors import NotAllowedError
from workbench.operations.places import cache_folder
from workbench.operations.session import Session

_FOLDER: Final = "rows"
_ABANDONED_S: Final = 24 * 3600
"""After this long without a change a folder has lost its owner."""


def cache_of(session: Session | None) -> Path:
    """Return where copies of files are kept on this machine, in a workspace or without one."""
    return session.cache if session is not None else cache_folder("files", Path())


@contextmanager
def scratch_of(session: Session | None) -> Iterator[Path]:
    """Make an empty folder and take it away again; raises as `scratch_in`."""
    with scratch_in(cache_of(session)) as folder:
        yield folder


@contextmanager
def scratch_in(cache: Path) -> Iterator[Path]:
    """Make an empty folder below a cache and take it away again.

    Raises:
        NotAllowedError: None can be made.
    """
    folder = unmade(cache, SYSTEM.now())
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise NotAllowedError(
            f"No temporary folder can be made in {cache}: {error.strerror or error}.",
            hint="Name another cache folder in $WORKBENCH_CACHE.",
        ) from None
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def unmade(cache: Path, now: float) -> Path:
    """Return a folder that is not there yet, for whoever may need none; sweep what was left."""
    home = cache / _FOLDER
    for left in _left(home, now):
        rmtree(left, ignore_errors=True)
    return home / uuid4().hex


def _left(home: Path, now: float) -> Iterator[Path]:
    with suppress(OSError):
        for place in home.iterdir():
            if now - place.stat().st_mtime > _ABANDONED_S:
                yield place
