"""What stands in ``datasets/``: names, numbers, manifests and profiles, read from the files.

    datasets/<name>/<n>/manifest.json     a version: there as a whole or not at all
    datasets/<name>/<n>/profile.json.gz   its profile, where it is a table
    datasets/<name>/<n>/files/            its files, where they were copied
    datasets/<name>/<n>.deleted           the version was deleted; its number stays taken

One listing of ``datasets/<name>`` tells all of its versions, because on a network drive every
other look costs a round trip. Its time changes with every version that comes or goes.
"""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from workbench.datasets.manifest import FOLDER, MANIFEST, PROFILE, Manifest
from workbench.datasets.named_folders import named_folders
from workbench.datasets.versions.encoding import LARGEST_MANIFEST, decode
from workbench.errors import FormatError, NotFoundError
from workbench.ids import is_path_name
from workbench.opening import inside, read_small

DELETED: Final = ".deleted"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z")
_LARGEST_PROFILE: Final = 64 << 20
_LARGEST_MARKER: Final = 1 << 20


class Entry(NamedTuple):
    """A number that is taken in a dataset's folder."""

    number: int
    deleted: bool
    """It was deleted; a folder that is still there is on its way to the trash."""


class Deleted(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is left of a version that was deleted."""

    dataset: str
    version: int
    hash: str = ""
    time: float = 0.0
    """When it was deleted, seconds since 1970."""
    actor: str = ""
    reason: str = ""


def folder_of(root: Path, name: str) -> Path:
    """Return where the versions of a dataset are.

    Raises:
        NotFoundError: No dataset can be called so.
    """
    if not is_path_name(name):
        raise NotFoundError(f"No dataset can be called {name[:80]!r}.")
    return root / FOLDER / name


def version_folder(root: Path, name: str, number: int) -> Path:
    """Return the folder of a version, there or not."""
    return folder_of(root, name) / str(number)


def marker_of(root: Path, name: str, number: int) -> Path:
    """Return the file that says that a version was deleted."""
    return folder_of(root, name) / f"{number}{DELETED}"


def names(root: Path) -> tuple[str, ...]:
    """Return the names of the datasets that have a folder, in order.

    Raises:
        OSError: The folder is there and cannot be listed.
    """
    return named_folders(root / FOLDER)


def entries(root: Path, name: str) -> tuple[Entry, ...]:
    """Return the numbers taken in a dataset's folder, ascending; nothing is opened.

    Raises:
        OSError: The folder is there and cannot be listed.
    """
    folders, markers = set[int](), set[int]()
    try:
        with os.scandir(folder_of(root, name)) as found:
            for one in found:
                if _NUMBER.match(one.name) and one.is_dir(follow_symlinks=False):
                    folders.add(int(one.name))
                elif one.name.endswith(DELETED) and _NUMBER.match(one.name[: -len(DELETED)]):
                    markers.add(int(one.name[: -len(DELETED)]))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    return tuple(Entry(number, number in markers) for number in sorted(folders | markers))


def taken(root: Path, name: str) -> tuple[int, ...]:
    """Return every number that something in the folder has, whatever it is; ascending.

    Raises:
        OSError: The folder is there and cannot be listed.
    """
    try:
        there = os.listdir(folder_of(root, name))  # noqa: PTH208 - names are all that is wanted
    except (FileNotFoundError, NotADirectoryError):
        return ()
    bare = (one.removesuffix(DELETED) for one in there)
    return tuple(sorted({int(one) for one in bare if _NUMBER.match(one)}))


def standing(root: Path, name: str) -> tuple[int, ...]:
    """Return the numbers of the versions that are not deleted, ascending."""
    return tuple(entry.number for entry in entries(root, name) if not entry.deleted)


def read_manifest(root: Path, name: str, number: int) -> Manifest:
    """Return the manifest of a version.

    Raises:
        NotFoundError: There is none: no such version, or a folder that is not whole.
        FormatError: It cannot be read, or is that of another version.
        OSError: The drive does not answer.
    """
    path = inside(root, f"{FOLDER}/{name}/{number}/{MANIFEST}")
    manifest = decode(read_small(str(path), LARGEST_MANIFEST))
    if (manifest.dataset, manifest.version) != (name, number):
        raise FormatError(
            f"The manifest in {FOLDER}/{name}/{number} is that of "
            f"{manifest.dataset}@{manifest.version}."
        )
    return manifest


def read_profile(root: Path, name: str, number: int) -> bytes | None:
    """Return the bytes of a version's profile; None where it has none.

    Raises:
        FormatError: It is no plain file, or larger than any profile.
        OSError: The drive does not answer.
    """
    try:
        path = inside(root, f"{FOLDER}/{name}/{number}/{PROFILE}")
    except NotFoundError:
        return None
    return read_small(str(path), _LARGEST_PROFILE)


def read_deleted(root: Path, name: str, number: int) -> Deleted | None:
    """Return what is left of a deleted version; None where it is not deleted.

    A marker that cannot be read, whatever it is, is a marker all the same.
    """
    try:
        data = read_small(str(marker_of(root, name, number)), _LARGEST_MARKER)
        return msgspec.json.decode(data, type=Deleted)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError, FormatError):
        return Deleted(name, number)


def newest(root: Path, name: str) -> Manifest | None:
    """Return the manifest of the newest version that stands and can be read; None without one.

    Raises:
        OSError: The drive does not answer.
    """
    for number in reversed(standing(root, name)):
        try:
            return read_manifest(root, name, number)
        except (NotFoundError, FormatError):
            continue  # one version that cannot be read is a fault; it does not hide the others
    return None
