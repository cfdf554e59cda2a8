"""Which files a path means: itself, all data files of a folder, or those a pattern fits."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote

from workbench import words
from workbench.datasets.reading.faults import missing, shown
from workbench.datasets.reading.formats import ENDINGS, ending_of
from workbench.errors import FormatError

_MOST: Final = 100_000
_NO_VALUE: Final = "__HIVE_DEFAULT_PARTITION__"


class Gathered(NamedTuple):
    """Files in order of name, and what was left out."""

    files: tuple[Path, ...]
    folder: Path | None
    """The folder they were looked for in; its own name says nothing of columns."""
    left_out: tuple[str, ...] = ()


def gathered(paths: Sequence[Path]) -> Gathered:
    """Return the files that paths mean.

    Raises:
        NotFoundError: There is nothing at one of them.
        FormatError: One is no file and no folder, or a folder holds no data.
    """
    if len(paths) == 1 and paths[0].is_dir():
        return _of_folder(paths[0])
    found: list[Path] = []
    for path in paths:
        found.extend(_files_at(path))
    homes = [os.path.abspath(path.parent) for path in found]  # noqa: PTH100 - links stay
    shared = Path(os.path.commonpath(homes)) if len(found) > 1 and _on_one_drive(homes) else None
    return Gathered(tuple(found), shared)


def _on_one_drive(folders: Sequence[str]) -> bool:
    return len({os.path.splitdrive(one)[0].casefold() for one in folders}) == 1


def _files_at(path: Path) -> Sequence[Path]:
    if path.is_file():
        return (path,)
    if path.is_dir():
        return _of_folder(path).files
    if path.exists():
        raise FormatError(f"{shown(path)} is neither a file nor a folder.", hint="Name a file.")
    anchor = Path(path.anchor) if path.is_absolute() else Path()
    pattern = str(path.relative_to(anchor))
    fitting = sorted(one for one in anchor.glob(pattern) if one.is_file()) if "*" in pattern else []
    if not fitting:
        raise missing(path)
    return fitting


def _of_folder(folder: Path) -> Gathered:
    found: list[Path] = []
    for home, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] not in "._")
        found.extend(Path(home, name) for name in sorted(names) if name[0] not in "._")
        if len(found) > _MOST:
            raise FormatError(f"{shown(folder)} holds more than {_MOST:,} files.")
    files = [path for path in sorted(found) if path.is_file()]
    data = [path for path in files if ending_of(path) in ENDINGS] or files
    if not data:
        raise FormatError(f"{shown(folder)} holds no files.", hint="Name the folder of the data.")
    rest = sorted(
        {words.visible(path.name) for path in files} - {words.visible(p.name) for p in data}
    )
    return Gathered(tuple(data), folder, tuple(rest))


def partition_of(path: Path, folder: Path | None) -> dict[str, str | None]:
    """Return what the folders below ``folder`` say of a file: ``year=2025`` names a column."""
    if folder is None:
        return {}
    made: dict[str, str | None] = {}
    below = os.path.relpath(path, folder)
    for part in Path(below).parts[:-1]:
        name, sign, value = part.partition("=")
        if sign and name:
            made[unquote(name)] = None if value == _NO_VALUE else unquote(value)
    return made
