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
_LONGEST: Final = 200
"""Characters of a path in a sentence."""
_Seen = set[tuple[Path, int]]


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
    passed_over: tuple[str, ...] = ()
    """What is neither a file nor a folder, such as a pipe, named as the files are."""

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
    found = [_one(path, tired) for path in asked]
    files = [Path(os.path.abspath(file)) for one in found for file in one.files]  # noqa: PTH100
    base = Path(os.path.commonpath([file.parent for file in files]))
    over = [Path(os.path.abspath(one.base / name)) for one in found for name in one.passed_over]  # noqa: PTH100
    return _of(
        base, SEVERAL, base, _Below(set(files), {one for one in over if one.is_relative_to(base)})
    )


def is_pattern(path: Path) -> bool:
    """Say whether a path is a pattern: it has signs of one, and nothing is called so."""
    return bool(_MAGIC & set(str(path))) and not os.path.lexists(path)


def _one(path: Path, tired: Callable[[], bool]) -> Found:
    if is_pattern(path):
        return _fitting(path, tired)
    if path.is_dir():
        return _of(path, FOLDER, path, _below(path, tired))
    if not path.exists():
        raise NotFoundError(f"There is nothing at {_named(path)}.", hint="Check the path.")
    if not path.is_file():
        raise NotAllowedError(f"{_named(path)} is neither a file nor a folder.")
    return Found(path, FILE, path.parent, (path.name,))


class _Below(NamedTuple):
    """What was found in folders."""

    files: set[Path]
    others: set[Path]
    """Neither files nor folders."""


def _below(folder: Path, tired: Callable[[], bool]) -> _Below:
    found = _bounded(folder, [folder], tired)
    if not found.files:
        raise NotFoundError(f"There is no file in {_named(folder)}.")
    return found


def _named(path: Path) -> str:
    """Return a path as a sentence names it; of a very long one the beginning."""
    text = visible(str(path))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _fitting(pattern: Path, tired: Callable[[], bool]) -> Found:
    """Return what fits a pattern; names are relative to its part without signs."""
    parts = pattern.parts
    plain = next(k for k, part in enumerate(parts) if _MAGIC & set(part))
    base = Path(*parts[:plain])
    found = _bounded(pattern, _places(base, parts[plain:], tired, set()), tired)
    if not found.files:
        raise NotFoundError(
            f"No file fits {_named(pattern)}.", hint="Check the pattern, and quote it."
        )
    return _of(pattern, PATTERN, base, found)


def _places(
    folder: Path, parts: Sequence[str], tired: Callable[[], bool], seen: _Seen
) -> Iterator[Path]:
    """Yield what fits the parts of a pattern below a folder; nothing once `tired` says so.

    As `glob` reads them, which looks into all folders of a disk before it yields anything. Each
    folder is looked into once for each part, however many roads lead there: a pattern of many
    ``**`` would never come to its end.
    """
    if (folder, len(parts)) in seen or tired():
        return
    seen.add((folder, len(parts)))
    if not parts:
        yield folder
    elif parts[0] == _DEEP:
        yield from _places(folder, parts[1:], tired, seen)
        for one in _folders(folder) if parts[1:] else ():  # all below a folder is its own
            yield from _places(one, parts, tired, seen)
    else:
        for name in glob.iglob(parts[0], root_dir=folder):  # noqa: PTH207 - one level of it
            yield from _places(folder / name, parts[1:], tired, seen)


def _folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, without those that are hidden; none where it is closed."""
    try:
        with os.scandir(folder) as found:
            return [folder / one.name for one in found if one.name[0] != "." and one.is_dir()]
    except OSError:
        return []


def _bounded(path: Path, places: Iterable[Path], tired: Callable[[], bool]) -> _Below:
    """Return the files at places and below them.

    Raises:
        NotAllowedError: They are more than a version can have, or too far apart to be found.
    """
    found = _Below(set(), set())
    for place in places:
        for one in place.rglob("*") if place.is_dir() else [place]:
            if one.is_file():
                found.files.add(one)
            elif not one.is_dir():
                found.others.add(one)
            if len(found.files) > MOST_FILES:
                raise _too_many(path)
            if tired():
                break
    if tired():
        raise NotAllowedError(
            f"{_named(path)} leads through too many folders to be looked through.",
            hint="Name a folder that holds the files alone.",
        )
    return found


def _too_many(path: Path) -> NotAllowedError:
    return NotAllowedError(f"{_named(path)} holds more than {MOST_FILES:,} files.")


def _of(path: Path, kind: str, base: Path, found: _Below) -> Found:
    if len(found.files) > MOST_FILES:
        raise _too_many(path)
    files, others = (
        tuple(one.relative_to(base).as_posix() for one in sorted(ones)) for ones in found
    )
    return Found(path, kind, base, files, others)
