"""Finding out what lies in a folder: which readers there are, and which runs they see."""

from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from workbench.clock import SYSTEM, Clock
from workbench.errors import NotFoundError
from workbench.formats import known
from workbench.formats.contract import Fault, Folder, Reader
from workbench.formats.mlflow_files import MlflowFilesReader
from workbench.formats.native import NativeReader
from workbench.formats.plain import PlainReader
from workbench.formats.walking import Limits, Step, Walk

ENTRY_POINTS = "workbench.formats"
"""The group under which others add readers: a class that can be called without arguments."""
_NEEDED = ("name", "title", "live", "verified", "scattered", "detect", "survey", "read", "points")


class Source(NamedTuple):
    """A folder of runs and who reads it."""

    format: str
    root: str
    """Relative to the folder looked through, with ``/``; empty for that folder itself."""


class Discovery(NamedTuple):
    """What a folder holds."""

    sources: tuple[Source, ...]
    known: tuple[tuple[str, int], ...]
    """What was understood but cannot be read yet: title and how many."""
    faults: tuple[Fault, ...] = ()
    truncated: bool = False
    """There was more than could be looked through."""


class Installed(NamedTuple):
    """The readers there are, most specific first, and those that do not work."""

    readers: tuple[Reader, ...]
    faults: tuple[Fault, ...]


@cache
def installed() -> Installed:
    """Return the readers of this program and of the packages installed beside it."""
    faults: list[Fault] = []
    added: list[Reader] = []
    names = {"native", "mlflow", "plain"}
    for point in metadata.entry_points(group=ENTRY_POINTS):
        try:
            reader = point.load()()
            wanting = [name for name in _NEEDED if not hasattr(reader, name)]
        except Exception as problem:  # noqa: BLE001 - somebody else's code must not stop ours
            faults.append(Fault(point.value, f"does not load: {problem!r}"))
            continue
        if wanting:
            faults.append(Fault(point.value, f"is no reader: it has no {wanting[0]}"))
        elif reader.name in names:
            faults.append(Fault(point.value, f"calls itself {reader.name!r}, which is taken"))
        else:
            names.add(reader.name)
            added.append(reader)
    own: tuple[Reader, ...] = (NativeReader(), MlflowFilesReader())
    return Installed((*own, *added, PlainReader()), tuple(faults))


def readers() -> tuple[Reader, ...]:
    """Return all readers, most specific first."""
    return installed().readers


def reader_named(name: str) -> Reader:
    """Return the reader of a format.

    Raises:
        NotFoundError: There is none of that name.
    """
    for reader in readers():
        if reader.name == name:
            return reader
    there = ", ".join(reader.name for reader in readers())
    raise NotFoundError(f"There is no reader for {name!r}.", hint=f"Choose one of {there}.")


def discover(root: Path, limits: Limits | None = None, clock: Clock = SYSTEM) -> Discovery:
    """Return what lies at and below ``root``, each folder in one format."""
    walk = Walk(root, limits or Limits(), clock)
    sources: list[Source] = []
    scattered: set[str] = set()
    counts: dict[str, int] = {}
    for step in walk.steps():
        owner = _owner(step.folder)
        if owner is not None:
            sources.append(Source(owner.name, step.path))
            walk.prune(step.path)
        else:
            _look(step, walk, scattered, counts)
    everywhere = [Source(reader.name, "") for reader in readers() if reader.name in scattered]
    faults = (*walk.faults, *installed().faults)
    return Discovery((*sources, *everywhere), tuple(sorted(counts.items())), faults, walk.truncated)


def _owner(folder: Folder) -> Reader | None:
    """Return whose root ``folder`` is, with all that is below it."""
    return next((r for r in readers() if not r.scattered and r.detect(folder)), None)


def _look(step: Step, walk: Walk, scattered: set[str], counts: dict[str, int]) -> None:
    """Note a run that stands alone, or else what cannot be read yet."""
    found = known.counted(step.folder)
    if any(kind.closed for kind, _ in found):
        walk.prune(step.path)
    else:
        reader = next((r for r in readers() if r.scattered and r.detect(step.folder)), None)
        if reader is not None:
            scattered.add(reader.name)
            return
    for kind, number in found:
        counts[kind.title] = counts.get(kind.title, 0) + number
