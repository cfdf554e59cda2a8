"""A copied run on its way into the workspace: built beside its place, there at once or not at all.

A program that was killed leaves a draft behind; the next import of the same run takes it away
and begins anew.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import gethostname
from typing import Final

from workbench.durable import sync_folder
from workbench.formats.native.run import writers_of
from workbench.ids import slug
from workbench.operations.disk import entries_of, folders_of
from workbench.runfolder import (
    ALIVE,
    DONE,
    LAST_WORDS,
    NEW_PREFIX,
    RUNS,
    alive_marker,
    done_marker,
    experiment_folder,
)

_OLD_PREFIX: Final = ".old-"


@contextmanager
def draft(root: Path, experiment: str, run_id: str) -> Iterator[Path]:
    """Give a folder to build a run in; it is gone afterwards unless it was published."""
    home = experiment_folder(root, experiment)
    home.mkdir(parents=True, exist_ok=True)
    folder = home / f"{NEW_PREFIX}{run_id}{_owner()}{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str:
    """Return what stands between a run's id and a process's in the name of a draft of ours."""
    return f"-{slug(gethostname())[:32]}-"


def _is_left(name: str) -> bool:
    """Say whether a folder is a draft made on this machine by a process that is gone."""
    start, _, pid = name.rpartition(_owner())
    if not start.startswith(NEW_PREFIX) or not pid.isdecimal():
        return False
    import psutil  # noqa: PLC0415 - where something was left

    return int(pid) == os.getpid() or not psutil.pid_exists(int(pid))


def publish(folder: Path, run_id: str, there: Path | None) -> bool:
    """Put a draft in its place; False if somebody else's copy was first.

    Args:
        folder: The draft, complete.
        run_id: The run's.
        there: The copy it replaces.

    Raises:
        OSError: It cannot be put there.
    """
    place = folder.parent / run_id
    if there is None:
        try:
            folder.rename(place)
        except OSError:
            if place.is_dir():
                return False
            raise
    else:
        _swap(folder, place, there)
    sync_folder(folder.parent)
    return True


def _swap(folder: Path, place: Path, there: Path) -> None:
    """Put a draft where an older copy is; killed in between, `settle` brings that back."""
    aside = there.parent / f"{_OLD_PREFIX}{there.name}"
    shutil.rmtree(aside, ignore_errors=True)
    there.rename(aside)
    try:
        folder.rename(place)
    except OSError:
        aside.rename(there)
        raise
    shutil.rmtree(aside, ignore_errors=True)
    if there.parent != place.parent:  # its experiment has another name by now
        for marker in _markers(there, place):
            marker.unlink(missing_ok=True)


def mark_done(place: Path, names: Collection[str]) -> None:
    """Create the markers of a run's end, last of all, and take away those of before."""
    done = place.parent / DONE
    done.mkdir(exist_ok=True)
    for marker in _markers(place, place):
        if marker.name not in names:
            marker.unlink(missing_ok=True)
    for name in names:
        (done / name).touch()


def has_markers(place: Path, names: Collection[str]) -> bool:
    """Say whether all markers of a run's end are there."""
    return all((place.parent / DONE / name).exists() for name in names)


def _markers(run: Path, copy: Path) -> Iterator[Path]:
    """Yield all markers a run at ``run`` may have, by the writers that its copy has."""
    for number in writers_of(os.fspath(copy)):
        yield run.parent / ALIVE / alive_marker(run.name, number)
        for status in LAST_WORDS:
            yield run.parent / DONE / done_marker(run.name, number, status)


def settle(root: Path) -> None:
    """Clear up after programs that were killed: drafts go, copies put aside come back."""
    for experiment in folders_of(root / RUNS):
        for entry in entries_of(experiment):
            path = Path(entry.path)
            if entry.name.startswith(_OLD_PREFIX):
                _bring_back(path)
            elif _is_left(entry.name):
                shutil.rmtree(path, ignore_errors=True)


def _bring_back(aside: Path) -> None:
    place = aside.parent / aside.name.removeprefix(_OLD_PREFIX)
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        return
    with suppress(OSError):
        aside.rename(place)
