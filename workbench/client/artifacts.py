"""Files a script hands over, copied whole into the run's ``artifacts/``."""

import os
from collections.abc import Iterator
from errno import ENOENT
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from workbench import durable
from workbench.client.place import Place
from workbench.errors import NotFoundError, UsageError
from workbench.runfolder import ARTIFACTS


class Source(NamedTuple):
    """A file to copy, and its name below ``artifacts/``."""

    file: Path
    name: str


def sources(path: str | os.PathLike[str], name: str | None) -> list[Source]:
    """Return what is to be copied for a file or a folder, readable all of it.

    Raises:
        NotFoundError: There is nothing at ``path``, or it cannot be read.
        UsageError: The name leads out of ``artifacts/``.
    """
    start = Path(path)
    goal = artifact_name(start.resolve().name if name is None else name)
    if start.is_dir():
        found = [
            Source(file, f"{goal}/{file.relative_to(start).as_posix()}") for file in _files(start)
        ]
    else:
        found = [Source(start, goal)]
    for source in found:
        _must_open(source.file)
    return found


def _files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def _must_open(file: Path) -> None:
    try:
        with file.open("rb"):
            return
    except OSError as error:
        raise NotFoundError(
            f"The artifact {file} cannot be read: {error.strerror or error}.",
            hint="Log it after it has been written.",
        ) from None


def artifact_name(name: str) -> str:
    """Return a name below ``artifacts/``, with ``/``.

    Raises:
        UsageError: It is empty, leads elsewhere, or holds control characters.
    """
    path = PurePosixPath(str(name).replace("\\", "/"))
    drive = len(path.parts) > 0 and ":" in path.parts[0]
    if not path.parts or path.is_absolute() or drive or ".." in path.parts:
        raise UsageError(f"An artifact's name must be a relative path below the run, not {name!r}.")
    if not path.as_posix().isprintable():
        raise UsageError(f"An artifact's name must not hold control characters: {name!r}.")
    return path.as_posix()


def copy_in(source: Source, place: Place) -> None:
    """Copy a file to where a writer keeps the run's artifacts.

    A folder that is away is not made anew: an empty mount point would swallow the file.

    Raises:
        OSError: It cannot be read or written, or the run's folder is away.
    """
    if not place.run.is_dir():
        raise FileNotFoundError(ENOENT, "the run's folder is away", str(place.run))
    copy_whole(source.file, place.run / ARTIFACTS / source.name, place.temp)


def copy_whole(source: Path, target: Path, temp: Path) -> None:
    """Copy a file so that it appears whole, replacing an older one.

    Raises:
        OSError: It cannot be read or written.
    """
    from shutil import copyfile  # noqa: PLC0415 - dear at import

    temp.mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = temp / durable.temp_name(os.urandom(8).hex())
    try:
        copyfile(source, draft)
        sync_file(draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Flush a file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
