"""Which files are to be registered, and how: settled once, before any of them is opened.

A path may stand in the settings, may be a pattern, and may be a file of DVC that names another
one. Whoever asks whether the files may be read, reads them or remembers them asks of what came
out of it here, so that nothing can be named to one of them and something else to the next.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from workbench.datasets import dvc
from workbench.datasets.declared import Declared
from workbench.datasets.fields import Fields
from workbench.datasets.versions import locating
from workbench.datasets.versions.finding import FILE, FOLDER, Found, find, never
from workbench.datasets.versions.locating import Roots
from workbench.errors import NotFoundError, UsageError
from workbench.operations.datasets.names import check_name
from workbench.operations.datasets.place import declaration
from workbench.words import visible

ADDED, FOLLOWED, LOGGED = "added", "followed", "logged"
NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})
NOBODY_SAID: Final = Fields()


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be registered."""

    copy: bool = False
    files: bool = False
    """As a plain set of files, whatever is in them."""
    options: Mapping[str, str] = field(default_factory=lambda: NO_OPTIONS)
    fields: Fields = NOBODY_SAID
    how: str = ADDED
    run: str = ""


class Plan(NamedTuple):
    """What is to be registered."""

    name: str
    found: Found
    out: dvc.Out | None
    """What DVC knows of it."""
    asked: Asked
    """With what the settings add to it."""
    settled: Fields
    """What the settings say of the dataset."""
    roots: Roots


def planned(root: Path, name: str, paths: Path | Sequence[Path], asked: Asked) -> Plan:
    """Return what is to be registered, by the paths given or else by the settings.

    Raises:
        NotFoundError: There is nothing there.
        NotAllowedError: There are more files than a version can have, or one is no file.
        UsageError: The name cannot be, or no path is given anywhere.
        SettingsError: What the settings say of this dataset is misspelt.
        FormatError: A file of DVC cannot be read.
    """
    check_name(name)
    declared = declaration(root, name)
    own = declared.datasets.get(name) or Declared(name)
    found, out = found_at(paths or _declared(root, own, declared.roots), root)
    if out is None and found.kind in (FILE, FOLDER):
        out = dvc.known(found.path)
    asked = replace(asked, copy=asked.copy or own.copy, options=dict(asked.options or own.options))
    return Plan(name, found, out, asked, own.fields, declared.roots)


def found_at(
    paths: Path | Sequence[Path], root: Path, *, tired: Callable[[], bool] = never
) -> tuple[Found, dvc.Out | None]:
    """Return the files that are meant, and the file of DVC's that led to them, if one did.

    Raises as `planned`, and NotAllowedError once `tired` says so.
    """
    asked = [paths] if isinstance(paths, Path) else list(paths)
    out = _dvc_out(asked[0]) if len(asked) == 1 and dvc.is_dvc_file(asked[0]) else None
    found = find([out.path] if out else asked, tired=tired)
    if found.kind == FOLDER and root.resolve().is_relative_to(found.path.resolve()):
        raise UsageError(
            f"{visible(str(found.path))} holds the workspace itself.",
            hint="Name the folder of the data alone.",
        )
    return found, out


def _declared(root: Path, own: Declared, roots: Roots) -> Path:
    """Return the path that the settings say.

    Raises:
        UsageError: They say none.
    """
    if not own.path:
        raise UsageError(
            f"No path is given for {own.name}, and the settings say none.",
            hint=f"Write: workbench datasets add {own.name} PATH",
        )
    return locating.meant(own.path, root, roots)


def _dvc_out(file: Path) -> dvc.Out:
    """Return the only file or folder one of DVC's files knows."""
    known = dvc.outs(file)
    if len(known) != 1:
        listed = ", ".join(visible(one.path.name) for one in known[:8])
        raise UsageError(
            f"{visible(str(file))} names {len(known)} files or folders.",
            hint=f"Name one of them: {listed}." if known else "Name the data itself.",
        )
    if not known[0].path.exists():
        raise NotFoundError(
            f"{visible(str(known[0].path))} is not there: DVC has not brought it.",
            hint=f"Run: dvc pull {file.name}",
        )
    return known[0]
