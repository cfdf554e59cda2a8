"""Where files are now that MLflow wrote down as being somewhere else.

Every address in a store is absolute, and stores are moved. So an address is believed
only if it ends in the run's or the model's own folder, and otherwise the same end is
looked for beside the store.
"""

import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from workbench.errors import NotFoundError
from workbench.formats.contract import Folder
from workbench.opening import inside, is_below

_BESIDE = ("mlruns", "mlartifacts", "artifacts")
"""Folders that MLflow makes beside a database for what is not in it."""
_RUN = re.compile(r"/(?:mlruns|mlartifacts)/\d+/(?:models/m-)?[0-9a-f]{32}\Z")
_LONGEST = 4096
_MOST_COPIES = 16


def files_of_runs(folder: Folder) -> Sequence[str]:
    """Return the name of the files of a run or a model that stands in a database elsewhere.

    What a script logged as an artifact may look like a run, and is a part of one.
    """
    is_there = "artifacts" in folder.folders and _RUN.search(folder.path.as_posix())
    return ("artifacts",) if is_there else ()


def local_path(address: str) -> str | None:
    """Return the path in an address, absolute or relative; None if it is on a server."""
    if not address or len(address) > _LONGEST or "\0" in address:
        return None
    if os.name == "nt" and address[1:3] in (":\\", ":/"):
        return address.replace("\\", "/")
    parts = urlsplit(address)
    if parts.scheme == "file":
        path = unquote(parts.path)
        return path[1:] if os.name == "nt" and path[2:3] == ":" else path
    if parts.scheme == "mlflow-artifacts":
        return unquote(parts.path).lstrip("/")
    return None if parts.scheme else address


def own_folder(home: str, address: str, ending: tuple[str, ...]) -> str | None:
    """Return the folder of a run or a model; None if it is nowhere to be found.

    Args:
        home: The folder the store is in.
        address: Where MLflow says it is.
        ending: The last names of the path, which are its own: experiment, run, ``artifacts``.
    """
    path = local_path(address)
    places = [f"{home}/{name}/{ending[0]}" for name in _BESIDE]
    rest = "/".join(ending[1:])
    if path is not None and path.endswith(f"/{'/'.join(ending[-2:])}") and ".." not in path:
        if os.path.isabs(path):  # noqa: PTH117 - strings all along
            if _is_folder(path):
                return path
        elif _is_folder(f"{home}/{path}"):
            return f"{home}/{path}"
        places.append(f"{home}/{'/'.join(path.split('/')[-len(ending) - 1 : -len(ending) + 1])}")
    for place in places:
        if _is_folder(place) and _is_folder(f"{place}/{rest}"):
            return f"{place}/{rest}"
    return None


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def artifact_in(folders: Mapping[str, str], path: str) -> Path:
    """Return where an artifact is.

    Args:
        folders: Where files are, by how their paths begin; the run's own begin with nothing.
        path: As a card has it.

    Raises:
        NotFoundError: There is none, or the path leads out of its folder.
    """
    for prefix, folder in folders.items():
        if path.startswith(prefix):
            with suppress(NotFoundError):
                return inside(Path(folder), path.removeprefix(prefix))
    raise NotFoundError(f"There is no file {path!r}.")


class Owners(NamedTuple):
    """Who has files in a store."""

    home: str
    """The folder the store is in."""
    run: Callable[[str], str | None]
    """Returns the folder of a run's files by its id."""
    model: Callable[[str], str | None]
    """Returns the folder of a logged model's files by its id."""


def located(address: str, owners: Owners) -> Path | None:
    """Return where the files of a registered version are now; None if nowhere in this store.

    What lies outside is left alone: whoever wrote the store may have written any path.
    """
    if ".." in address.replace("\\", "/").split("/"):
        return None
    if address.startswith("models:/"):
        return _in(owners.model(address.removeprefix("models:/").strip("/")), ())
    if address.startswith("runs:/"):
        run, _, rest = address.removeprefix("runs:/").strip("/").partition("/")
        return _in(owners.run(run), [name for name in rest.split("/") if name])
    path = local_path(address)
    names = [name for name in (path or "").split("/") if name not in ("", ".")]
    if path is None or not names:
        return None
    for place in range(len(names) - 1, 0, -1):
        if names[place] == "artifacts":
            owner, inner = names[place - 1], names[place + 1 :]
            found = _in(owners.run(owner), inner) or _in(owners.model(owner), inner)
            if found is not None:
                return found
    place_in = os.path.relpath(path, owners.home) if os.path.isabs(path) else path  # noqa: PTH117
    return _in(owners.home, place_in.replace(os.sep, "/").removeprefix("./").split("/"))


def copied_from(
    version: Mapping[str, Any], owners: Owners, sources: Mapping[tuple[str, str], str]
) -> Path | None:
    """Return where a version's files are; those of a copy are where the first one's are.

    Args:
        version: What the registry says of it.
        owners: Of the store.
        sources: Where each version says its files are, by model and number.
    """
    source = str(version.get("source") or "")
    for _ in range(_MOST_COPIES):
        name, _, number = source.removeprefix("models:/").rpartition("/")
        if not source.startswith("models:/") or (name, number) not in sources:
            break
        source = sources[name, number]
    stored = str(version.get("storage_location") or "")
    return located(source, owners) or located(stored, owners)


def _in(folder: str | None, names: Sequence[str]) -> Path | None:
    """Return what lies in a folder, if it is there and does not lead out."""
    if folder is None or ".." in names:
        return None
    home = os.path.realpath(folder)
    found = os.path.realpath(Path(folder, *names))
    return Path(found) if is_below(found, home) and Path(found).exists() else None
