"""Which files a dataset consists of: a file, what is in a folder, or what fits a pattern.

Names and their order are those a script uses for the hash of a folder, so that a run that logged
the same folder is known to have used the same version.
"""

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.versions.encoding import MOST_FILES
from workbench.errors import NotAllowedError, NotFoundError
from workbench.words import visible

FILE, FOLDER, PATTERN, SEVERAL = "file", "folder", "pattern", "several"
_MAGIC: Final = frozenset("*?[")
_DEEP: Final = "**"
"""The part of a pattern that any folders fit."""


def never() -> bool:
    """Say that nobody asks for the end."""
    return False


class Found(NamedTuple):
    """The files of a dataset as they are now."""

    path: Path
    """The file, folder or pattern that was named; of several the folder they have in common."""
    kind: str
    """`FILE`, `FOLDER`, `PATTERN` or `SEVERAL`."""
    base: Path
    """The folder that `names` are relative to."""
    names: tuple[str, ...]
    """With forward slashes, in the order of their paths."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Return where the files are."""
        return tuple(self.base / name for name in self.names)


def find(paths: Path | Sequence[Path], *, tired: Callable[[], bool] = never) -> Found:
    """Return the files that paths mean: a file, a folder, a pattern, or several of them.

    Args:
        paths: What somebody named.
        tired: Asked in every folder whether to look no further.

    Raises:
        NotFoundError: There is nothing there.
        NotAllowedError: There are more files than a version can have, one is no file, or not all
            folders were looked into before `tired` said so.
    """
    asked = [paths] if isinstance(paths, Path) else list(paths)
    if len(asked) == 1:
        return _one(asked[0], tired)
    if not asked:
        raise NotFoundError("No file was named.")
    files = [file for path in asked for file in _one(path, tired).files]
    base = Path(os.path.commonpath([os.path.abspath(file.parent) for file in files]))  # noqa: PTH100
    return _of(base, SEVERAL, base, [Path(os.path.abspath(file)) for file in files])  # noqa: PTH100


def is_pattern(path: Path) -> bool:
    """Say whether a path is a pattern: it has signs of one, and nothing is called so."""
    return bool(_MAGIC & set(str(path))) and not os.path.lexists(path)


def _one(path: Path, tired: Callable[[], bool]) -> Found:
    if is_pattern(path):
        return _fitting(path, tired)
    if path.is_dir():
        return _of(path, FOLDER, path, _below(path, tired))
    if not path.exists():
        raise NotFoundError(f"There is nothing at {visible(str(path))}.", hint="Check the path.")
    if not path.is_file():
        raise NotAllowedError(f"{visible(str(path))} is neither a file nor a folder.")
    return Found(path, FILE, path.parent, (path.name,))


def _below(folder: Path, tired: Callable[[], bool]) -> set[Path]:
    files = _bounded(folder, [folder], tired)
    if not files:
        raise NotFoundError(f"There is no file in {visible(str(folder))}.")
    return files


def _fitting(pattern: Path, tired: Callable[[], bool]) -> Found:
    """Return what fits a pattern; names are relative to its part without signs."""
    parts = pattern.parts
    plain = next(k for k, part in enumerate(parts) if _MAGIC & set(part))
    base = Path(*parts[:plain])
    files = _bounded(pattern, _places(base, parts[plain:], tired), tired)
    if not files:
        raise NotFoundError(
            f"No file fits {visible(str(pattern))}.", hint="Check the pattern, and quote it."
        )
    return _of(pattern, PATTERN, base, files)


def _places(folder: Path, parts: Sequence[str], tired: Callable[[], bool]) -> Iterator[Path]:
    """Yield what fits the parts of a pattern below a folder; nothing once `tired` says so.

    As `glob` reads them, which looks into all folders of a disk before it yields anything.
    """
    if not parts:
        yield folder
    if not parts or tired():
        return
    if parts[0] == _DEEP:
        yield from _places(folder, parts[1:], tired)
        for one in _folders(folder) if parts[1:] else ():  # all below a folder is its own
            yield from _places(one, parts, tired)
    else:
        for name in glob.iglob(parts[0], root_dir=folder):  # noqa: PTH207 - one level of it
            yield from _places(folder / name, parts[1:], tired)


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, without those that are hidden; none where it is closed."""
    try:
        with os.scandir(folder) as found:
            return [folder / one.name for one in found if one.name[0] != "." and one.is_dir()]
    except OSError:
        return []


def _bounded(path: Path, places: Iterable[Path], tired: Callable[[], bool]) -> set[Path]:
    """Return the files at places and below them.

    Raises:
        NotAllowedError: They are more than a version can have, or too far apart to be found.
    """
    files = set[Path]()
    for place in places:
        for one in [place] if place.is_file() else place.rglob("*"):
            if one.is_file():
                files.add(one)
            if len(files) > MOST_FILES:
                raise _too_many(path)
            if tired():
                break
    if tired():
        raise NotAllowedError(
            f"{visible(str(path))} leads through too many folders to be looked through.",
            hint="Name a folder that holds the files alone.",
        )
    return files


def _too_many(path: Path) -> NotAllowedError:
    return NotAllowedError(f"{visible(str(path))} holds more than {MOST_FILES:,} files.")


def _of(path: Path, kind: str, base: Path, files: Iterable[Path]) -> Found:
    unique = sorted(set(files))
    if len(unique) > MOST_FILES:
        raise _too_many(path)
    return Found(
        path, kind, base,
        tuple(file.relative_to(base).as_posix() for file in unique),
    )  # fmt: skip
