"""What a reader of run folders promises, and the values it hands up.

There are two kinds. A `StoreReader` finds stores, which hold nothing but its runs,
and tells which runs are in one and which of them may have changed. A `FolderReader`
says of a folder whether it is a run; such folders may lie anywhere, several readers
may know something of the same one, and `folders` makes one source of them all.
Both read a run (`read`) and its curves past a place (`points`). No reader writes,
imports the library that wrote the folder, unpickles, or follows a link; what it
cannot read becomes a fault. Everything it returns is frozen and knows nothing of
the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol

from workbench.runfolder import UNKNOWN, Summary


class Fault(NamedTuple):
    """Something that could not be read."""

    path: str
    """Relative to the source's root, with ``/``."""
    reason: str
    line: int | None = None


class Artifact(NamedTuple):
    """A file a run left behind."""

    path: str
    size: int


class Rule(NamedTuple):
    """What the script said about a metric."""

    goal: str | None = None
    summary: str | None = None
    step_metric: str | None = None


class Dataset(NamedTuple):
    """A dataset a run used."""

    name: str
    role: str = ""
    path: str | None = None
    hash: str | None = None
    rows: int | None = None
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RunCard:
    """Everything known of a run but its curves."""

    run_id: str
    """Empty where the format gives none: then one is made from where the run lies."""
    name: str
    experiment: str
    status: str = UNKNOWN
    inferred: bool = False
    """The status is a conclusion, not something the run said; the fact ``concluded`` says from
    what, where not from the dates of its files."""
    parent: str | None = None
    group: str | None = None
    started: float | None = None
    """Seconds since 1970, as all times."""
    ended: float | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    """Flat, dotted names; JSON values."""
    tags: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    metrics: Mapping[str, Summary] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    artifacts: Sequence[Artifact] = ()
    datasets: Sequence[Dataset] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Single values by name: host, user, command, commit, branch, dirty, deleted and others."""
    error: Sequence[str] = ()
    faults: Sequence[Fault] = ()
    format: str = ""
    """The readers that had a part in it, joined with ``+``; empty where the source says it."""


class RunRef(NamedTuple):
    """Where a run is, found without opening it."""

    key: str
    """Path relative to the source's root with ``/``; one of several in a file adds ``#n``."""
    stamp: int
    """Changes when the run may have changed; 0 means always look."""
    live: bool
    """May change without its stamp's folders changing; look at it in every sweep."""


class Survey(NamedTuple):
    """Which runs a source holds now."""

    refs: Mapping[str, RunRef]
    memory: object
    """The reader's own notes for the next survey; never looked into by others."""
    faults: Sequence[Fault] = ()
    unfinished: bool = False
    """There was no time for all: the next survey goes on from the memory."""


class Reading(NamedTuple):
    """What one look at a run gave."""

    card: RunCard
    progress: bytes
    """The reader's own notes (JSON) to go on from; empty when the run is read whole every time."""


class Points(NamedTuple):
    """Points of one metric in the order of writing, as plain lists of one length."""

    steps: list[float]
    """NaN where the run gave no step."""
    times: list[float]
    """Seconds since 1970; NaN where unknown."""
    values: list[float]


class Curves(NamedTuple):
    """New points of a run past a place."""

    points: Mapping[str, Points]
    progress: object
    """Hand it back to get only what is newer; None to start over."""
    restarted: bool = False
    """The file was replaced: forget the points handed out before."""


class Folder(NamedTuple):
    """A folder and the names in it, listed once for all readers."""

    path: Path
    files: frozenset[str]
    folders: frozenset[str]


class Claim(NamedTuple):
    """What a reader says of a folder that is a run, or a part of one."""

    stamp: int
    """Changes when the files it reads may have changed; never 0."""
    live: bool = False
    """May change without the folder's time changing; look at it in every sweep. Whoever surveys
    says so too of what changed lately."""
    part_of: str | None = None
    """The folder above (as its path on the walk) whose run this reader reads this one with."""
    gathers: bool = False
    """Runs that others find below are parts of this one: a trainer's event files.

    Of an overlay: a job of one process. What a reader finds several of below it stay runs."""
    overlay: bool = False
    """Params only: no run by itself where one is in this folder or below it."""
    closed: bool = False
    """Nothing below belongs to anybody else."""
    identity: str = ""
    """Folders side by side of one identity are one run, as when it was resumed; empty: its own."""
    joins: str | None = None
    """The folder above that this was written for: one run with what others find in that folder
    itself, if nothing else of this reader, beside this one, joins it."""
    memory: object = None
    """The reader's own notes for the next look at this folder; never looked into by others."""
    changed: float = 0.0
    """When a file it reads last changed, in seconds since 1970 on the file system that holds it."""
    live_for: float = 900.0
    """Seconds after that for which a script may yet go on writing."""


class Passed(NamedTuple):
    """No claim to a folder, and what the reader noted for its next look at it."""

    memory: object


class Reader(Protocol):
    """What every reader promises. One instance serves many folders and keeps no state."""

    name: ClassVar[str]
    """Short and stable: it is stored and typed (`native`, `plain`, `mlflow`)."""
    title: ClassVar[str]
    """For people: "MLflow file store"."""
    live: ClassVar[str]
    """For people: how soon a change can be seen."""
    verified: ClassVar[str]
    """For people: what this reader was checked against."""

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``.

        Args:
            root: The source's root.
            key: As in the survey, or the path of the folder that was claimed.
            progress: What the last reading returned, or empty.
            now: The time on the file system that holds the run, in seconds since 1970.

        Raises:
            FormatError: There is no run here that can be shown at all.
            OSError: The folder cannot be read now.
        """

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``, of the named metrics or of all.

        Raises:
            FormatError: There is no run here that can be shown at all.
            OSError: The folder cannot be read now.
        """

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where an artifact is, never outside the run's own folders.

        Raises:
            NotFoundError: There is none, or the path leaves the run.
        """

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return further files worth showing, by role: ``console``, ``diff``, ``environment``."""


class SourceReader(Reader, Protocol):
    """A reader that can tell which runs a source holds."""

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of the source at ``root``, cheaply.

        Args:
            root: A folder, or the file that is the whole store.
            memory: The last survey's, or None. When nothing moved since then, the very
                mapping that was handed out then may be handed out again.
        """


class StoreReader(SourceReader, Protocol):
    """A reader of stores: folders or files that hold nothing but runs of this format."""

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return the stores in ``folder``: names of files in it, paths of folders in it, or ``.``.

        Look at little, open less. With ``.`` the folder and all below it is the store's.
        """


class HoldsFiles(Protocol):
    """A reader of stores whose runs keep files in folders beside them, which may look like runs."""

    def files_of_runs(self, folder: Folder) -> Sequence[str]:
        """Return the names of folders in ``folder`` that hold a run's files, and no runs.

        By the names in it and in its path alone: it is asked of every folder there is.
        """


class FolderReader(Reader, Protocol):
    """A reader of runs that are a folder each and lie anywhere.

    The key of such a run is its folder's path below the root, ``.`` for the root itself.
    Several readers may have a claim to one folder; what they read is put together.
    """

    lists_files: ClassVar[bool]
    """True: the card says which files are artifacts. False: all in the run's folder are."""

    def detect(self, folder: Folder) -> bool:
        """Say whether ``folder`` may be a run, by the names in it and in its path alone."""

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | Passed | None:
        """Return what ``folder`` is, which ``detect`` found; None if it is not this format's.

        Look at sizes and times. Open a file only where names do not tell what it is, no more
        of it than its beginning, and not again while the answer is known.

        Args:
            folder: The folder with the names in it.
            path: Where it is below the root of the walk, ``.`` for the root itself.
            before: The memory of the last claim to this folder, or None.
        """


class OwnsTables(Protocol):
    """A reader of folders that reads tables, which the one for plain folders is to leave."""

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say whether this reader reads the table ``name`` of a folder that it claims.

        Args:
            folder: The folder with the names in it.
            name: A file in it that is called like a table.
            first: How it begins, up to the end of a line: 64 KiB, or one line if that is longer.
        """
