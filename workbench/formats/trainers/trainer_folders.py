"""What the readers of training frameworks' folders share: dates, configuration, files.

These frameworks leave no times and no word on how a run ended, and write their
configuration over in place. What is concluded from the files' dates is said to be.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import Claim, Curves, Fault, Folder
from workbench.formats.series import Series
from workbench.formats.walking import HERE, folder_at, list_folder
from workbench.opening import inside, read_small
from workbench.runfolder import RUNNING

DATES = {"times": "the files' dates"}
"""The fact that tells where a run's times are from."""
_SETTLES_IN = 5.0
"""Seconds after which half a file is not one that is being written."""
_LARGEST = 1 << 20


class Dates(NamedTuple):
    """What the dates of a run's files tell."""

    status: str
    started: float | None
    ended: float | None


def claim_of(folder: Folder, names: Iterable[str], **more: Any) -> Claim | None:
    """Return the claim to a folder by the files that are read of it; None if none is there."""
    seen = [(name, signs.facts_of(f"{folder.path}/{name}")) for name in names]
    changed = [facts[2] / 1e9 for _, facts in seen if facts]
    if not changed:
        return None
    return Claim(signs.stamp(seen), changed=max(changed), **more)


def dates_of(folder: str, names: Sequence[str], now: float, within: float) -> Dates:
    """Return when a run began and ended, as far as its files' dates tell.

    Args:
        folder: The run's.
        names: The files that are written while it goes on.
        now: The time on the file system that holds them.
        within: How long it may be silent, in seconds.
    """
    found = [facts[2] / 1e9 for name in names if (facts := signs.facts_of(f"{folder}/{name}"))]
    changed = max(found, default=0.0)
    status = signs.status_by(changed, now, within)
    ended = None if status == RUNNING or not found else changed
    return Dates(status, _begun(folder, names), ended)


def _begun(folder: str, names: Sequence[str]) -> float | None:
    """Return when a run's files were first there, at the latest.

    A file that is written over all the time is as young as its last change; its folder
    changed last when something in it was made.
    """
    found: list[float] = []
    for path in (folder, *(f"{folder}/{name}" for name in names)):
        try:
            facts = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - strings all along
        except OSError:
            continue
        found += [facts.st_mtime, getattr(facts, "st_birthtime", facts.st_mtime)]
    return min(found, default=None)


def listed(root: Path, key: str) -> Folder:
    """Return the names in a run's folder.

    Raises:
        FormatError: The key leads elsewhere.
        OSError: It cannot be listed.
    """
    place = folder_at(root, key)
    folder = list_folder(place, key, [])
    if folder is None:
        raise OSError(f"{key} cannot be listed")
    return folder


def shown_as(key: str) -> str:
    """Return how a fault calls the folder of a run; empty for the root itself."""
    return "" if key == HERE else key


def named(key: str, name: str) -> str:
    """Return how a fault calls a file of a run."""
    return name if key == HERE else f"{key}/{name}"


def experiment_of(folder: Path) -> str:
    """Return the name of the folder above."""
    return folder.absolute().parent.name


def written_params(
    folder: str, name: str, key: str, before: Mapping[str, Any], now: float, faults: list[Fault]
) -> dict[str, Any]:
    """Return the flat params of a file the framework itself writes, over in place.

    Args:
        folder: The run's.
        name: The file's; it need not be there.
        key: The run's.
        before: What the last look saw, which stands while the file is written.
        now: The time on the file system that holds it.
        faults: Grows by what is wrong.
    """
    path = f"{folder}/{name}"
    facts = signs.facts_of(path)
    if facts is None:
        return dict(before)
    try:
        data = read_small(path, _LARGEST)
        whole = data[: data.rfind(b"\n") + 1] if name.endswith((".yaml", ".yml")) else data
        found = plain_config.flat(plain_config.load(name, whole))
        problem = "" if len(whole) == len(data) else "is cut off"
    except (FormatError, OSError) as error:
        found, problem = {}, f"cannot be read: {error}"
    if not problem:
        return found
    if now - facts[2] / 1e9 < _SETTLES_IN:
        return dict(before)
    faults.append(Fault(named(key, name), problem))
    return found


class _Given(NamedTuple):
    """What was handed out of files that are written whole."""

    facts: object
    metrics: frozenset[str] | None
    progress: object


def past(
    facts: object,
    metrics: frozenset[str] | None,
    progress: object,
    load: Callable[[], Series],
) -> Curves:
    """Return the points past ``progress`` of files that are written whole.

    Args:
        facts: What tells that the files changed; while it is the same they are not read.
        metrics: As asked for.
        progress: As handed back.
        load: Reads the files.
    """
    before = progress if isinstance(progress, _Given) else None
    if before is not None and (before.facts, before.metrics) == (facts, metrics):
        return Curves({}, before)
    found = load().past(metrics, before.progress if before else None)
    return found._replace(progress=_Given(facts, metrics, found.progress))


def file_at(root: Path, key: str, path: str) -> Path:
    """Return where a file of a run is.

    Raises:
        NotFoundError: There is none, or the path leads out of the run.
    """
    try:
        return inside(folder_at(root, key), path)
    except FormatError as problem:
        raise NotFoundError(problem.message) from None


def console_of(root: Path, key: str, names: Iterable[str]) -> Mapping[str, Path]:
    """Return the first of the named files that there is, as the script's output."""
    try:
        folder = listed(root, key)
    except (FormatError, OSError):
        return {}
    found = [folder.path / name for name in names if name in folder.files]
    return {"console": found[0]} if found else {}
