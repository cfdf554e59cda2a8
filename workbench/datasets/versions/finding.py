"""Which files a dataset consists of: a file, what is in a folder, or what fits a pattern.

Names and their order are those a script uses for the hash of a folder, so that a run that logged
the same folder is known to have used the same version.
"""

import glob
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.versions.encoding import MOST_FILES
from workbench.errors import NotAllowedError, NotFoundError
from workbench.words import visible

FILE, FOLDER, PATTERN, SEVERAL = "file", "folder", "pattern", "several"
_MAGIC: Final = frozenset("*?[")


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


def find(paths: Path | Sequence[Path]) -> Found:
    """Return the files that paths mean: a file, a folder, a pattern, or several of them.

    Raises:
        NotFoundError: There is nothing there.
        NotAllowedError: There are more files than a version can have, or one is no file.
    """
    asked = [paths] if isinstance(paths, Path) else list(paths)
    if len(asked) == 1:
        return _one(asked[0])
    if not asked:
        raise NotFoundError("No file was named.")
    files = [file for path in asked for file in _one(path).files]
    base = Path(os.path.commonpath([os.path.abspath(file.parent) for file in files]))  # noqa: PTH100
    return _of(base, SEVERAL, base, [Path(os.path.abspath(file)) for file in files])  # noqa: PTH100


def is_pattern(path: Path) -> bool:
    """Say whether a path is a pattern: it has signs of one, and nothing is called so."""
    return bool(_MAGIC & set(str(path))) and not os.path.lexists(path)


def _one(path: Path) -> Found:
    if is_pattern(path):
        return _fitting(path)
    if path.is_dir():
        return _of(path, FOLDER, path, _below(path))
    if not path.exists():
        raise NotFoundError(f"There is nothing at {visible(str(path))}.", hint="Check the path.")
    if not path.is_file():
        raise NotAllowedError(f"{visible(str(path))} is neither a file nor a folder.")
    return Found(path, FILE, path.parent, (path.name,))


def _below(folder: Path) -> list[Path]:
    files = list(islice((one for one in folder.rglob("*") if one.is_file()), MOST_FILES + 1))
    if not files:
        raise NotFoundError(f"There is no file in {visible(str(folder))}.")
    return files


def _fitting(pattern: Path) -> Found:
    """Return what fits a pattern; names are relative to its part without signs."""
    parts = pattern.parts
    plain = next(k for k, part in enumerate(parts) if _MAGIC & set(part))
    base = Path(*parts[:plain])
    files = list[Path]()
    for place in islice(glob.iglob(str(pattern), recursive=True), MOST_FILES + 1):  # noqa: PTH207
        path = Path(place)
        files += [path] if path.is_file() else (f for f in path.rglob("*") if f.is_file())
    if not files:
        raise NotFoundError(
            f"No file fits {visible(str(pattern))}.", hint="Check the pattern, and quote it."
        )
    return _of(pattern, PATTERN, base, files)


def _of(path: Path, kind: str, base: Path, files: Sequence[Path]) -> Found:
    if len(files) > MOST_FILES:
        raise NotAllowedError(f"{visible(str(path))} holds more than {MOST_FILES:,} files.")
    return Found(
        path, kind, base,
        tuple(file.relative_to(base).as_posix() for file in sorted(set(files))),
    )  # fmt: skip
