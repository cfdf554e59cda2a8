"""What is known of an import while it goes on, and what it leaves behind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.formats.contract import RunCard, RunRef, SourceReader

Tell = Callable[[int, int, str], None]
"""Told of progress: how much is done, of how much (0 if nobody knows), and what it is."""
Stop = Callable[[], bool]
"""Asked between two runs, and between two pieces of a file, whether to end."""

NEW, GROWN, SAME, OLDER, OURS = "new", "grown", "same", "older", "ours"
"""What a run is to the workspace: not there, there but since changed, there as it is, there with
more than it has, or there without ever having been imported: another copy of a native run."""


class Options(NamedTuple):
    """What a person asked for."""

    only: str = ""
    """A filter, or a format's name; empty for all runs."""
    artifacts: bool = True
    registry: bool = True
    update: bool = True
    """Replace copies of runs that have grown since."""
    dry: bool = False


class Lost(NamedTuple):
    """Something of a run that did not come along as it was."""

    kind: str
    """A short word for the kind of loss: ``names changed``, ``unreadable``."""
    what: str
    number: int = 1


class Waiting(NamedTuple):
    """A run at the source, found but not looked into."""

    reader: SourceReader
    root: Path
    ref: RunRef
    place: str
    """Where the run is, absolute, with ``#n`` for one of several in a file."""


class Planned(NamedTuple):
    """A run at the source, and what it will be here."""

    waiting: Waiting
    source_id: str
    """As the tool calls it, or empty."""
    run_id: str
    """Here."""
    state: str
    """`NEW`, `GROWN`, `SAME`, `OLDER` or `OURS`."""
    there: Path | None
    """The copy that is here."""
    parent: str | None
    """As the tool has it."""
    card: RunCard | None
    """None where there was no need to read it, or where there are too many to hold."""
    size: int = 0
    """Bytes of its artifacts."""
    reach: tuple[int, float] = (0, 0.0)
    """Its points and its end, 0 for none, where it may be found at several places."""


class Origin(NamedTuple):
    """What ``imported.json`` says of a copied run."""

    source: str
    """The format it was in."""
    id: str
    path: str
    stamp: int
    digest: str
    parent: str | None
    """As the tool had it."""
    linked: bool
    """The parent was found, so that the copy names it."""
    marks: Mapping[str, tuple[int, Any]]
    """How many points of a metric there were, and the first one: what a grown run must begin with.
    """
    files: Mapping[str, str]
    """SHA-256 of every artifact by its name here."""
    lost: tuple[Lost, ...]


class Taken(NamedTuple):
    """A run that was copied."""

    run_id: str
    name: str
    experiment: str
    source: str
    """Where it is from, as `Waiting.place`."""
    state: str
    """`NEW` or `GROWN`."""
    points: int
    artifacts: int
    size: int
    lost: tuple[Lost, ...]


class Failed(NamedTuple):
    """A run, a file or a model that could not be taken."""

    what: str
    reason: str
