"""One side of a check: something that has a profile, and rows where they are still there.

A version of a dataset brings its stored profile; its rows are opened only when chunks, segments
or second opinions ask for them. A file is hashed, so that the same bytes are the same check on
every machine, and profiled. What a person may not see of either is hidden on both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from workbench.clock import SYSTEM
from workbench.datasets import declared
from workbench.datasets.drift.report import Side
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import hashing, locating
from workbench.datasets.versions.finding import FILE, FOLDER, Found, find
from workbench.datasets.versions.hashing import Hashed
from workbench.datasets.versions.locating import Roots
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import (
    FormatError,
    NotAllowedError,
    SettingsError,
    StoppedError,
    UsageError,
)
from workbench.operations.data_fields import fields_of
from workbench.operations.datasets.scratch import cache_of
from workbench.operations.drift.said_of_sides import datasets_of_files, together
from workbench.operations.session import Session
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.datasets.profile import Profile
    from workbench.datasets.table import Table

DATASET, FILES = "dataset", "file"
CURRENT, REFERENCE = "current data", "reference"
"""What a side is to the check, in the sentences about what cannot be read."""
PATIENCE_S: Final = 60.0
"""For which folders are looked through for files: a path that leads through more is misspelt."""
_SHOWN: Final = 200
Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much (0: nobody knows), and of what."""
Require = Callable[[Sequence[str]], None]
"""Raises where one of these places, where files really are, may not be read."""


class How(NamedTuple):
    """With what something is read."""

    fields: Fields
    """Of both sides together: what is sensitive on one is so on the other."""
    scratch: Path
    on_progress: Progress
    stopped: Callable[[], bool]
    say: Callable[[str], None]
    """Takes a sentence that a person should know of how it was done."""


class Source(Protocol):
    """Something that can be held against another thing of its kind."""

    @property
    def side(self) -> Side:
        """Return what it is, in words and exactly."""

    @property
    def fields(self) -> Fields:
        """Return what is said of it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns."""

    @property
    def stored(self) -> "Profile | None":
        """Return the profile that is kept of it, as it was stored; None where none is."""

    def raw(self, how: How) -> "Table":
        """Return its rows, opened and not read."""

    def columnar(self, table: "Table", how: How) -> "Table":
        """Return rows of its own of which any column can be read alone."""

    def finish(self) -> None:
        """Raise if what was read is not what was hashed."""


@contextmanager
def readable(name: str, what: str) -> Iterator[None]:
    """Say of what cannot be read which side of the check it is."""
    try:
        yield
    except FormatError as error:
        raise UsageError(
            f"The {what}, {name}, cannot be read: {error.message}", hint=error.hint
        ) from None


def table_of(source: Source, how: How) -> "Table":
    """Return the rows of a source, any column of which can be read alone.

    Raises:
        NotFoundError: They are gone.
        FormatError: They cannot be read.
    """
    return source.columnar(source.raw(how), how)


def profile_of(source: Source, how: How, what: str, *, duplicates: bool) -> "Profile":
    """Return the profile of a source, stored or made now, with what is sensitive hidden."""
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.profiling.hiding import hide  # noqa: PLC0415

    stored = source.stored
    if stored is not None:
        return hide(stored, how.fields.hidden_among(source.columns))
    name = source.side.name
    with readable(name, what):
        made = profile(
            table_of(source, how), fields=how.fields, correlations=False, duplicates=duplicates,
            on_column=lambda done, total: how.on_progress(done, total, f"columns of {name}"),
            stopped=how.stopped,
        )  # fmt: skip
    source.finish()
    return made


# -- versions of datasets ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VersionSource:
    """A version of a dataset."""

    session: Session
    manifest: Manifest
    side: Side
    fields: Fields
    stored: "Profile | None"

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(column.name for column in self.manifest.columns)

    def raw(self, how: How) -> "Table":
        """Return its rows if they are still the ones that were registered.

        Raises:
            NotFoundError: They are gone, or were never kept.
            FormatError: They cannot be read.
        """
        from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415 - polars

        standing = open_standing(self.session, self.manifest)
        if standing.doubt:
            how.say(standing.doubt)
        return standing.table

    def columnar(self, table: "Table", how: How) -> "Table":
        """Return rows of it of which any column can be read alone."""
        from workbench.datasets.reading import OPTIONS  # noqa: PLC0415 - polars

        options = {name: said for name, said in self.manifest.read_as.items() if name in OPTIONS}
        return _columnar(table, options, self.session, how, self.side.name)

    def finish(self) -> None:
        """Do nothing: rows of a version are looked at when they are opened."""


def version_source(session: Session, manifest: Manifest, kind: str = DATASET) -> VersionSource:
    """Return a version as a side of a check; nothing of its rows is opened.

    Raises:
        UsageError: It is no table, or its profile is missing or cannot be read.
    """
    from workbench.operations.datasets.profiles import profile_of as stored_of  # noqa: PLC0415

    name = f"{manifest.dataset}@{manifest.version}"
    if manifest.unread:
        raise UsageError(f"{name} is no table: it was {visible(manifest.unread)}.")
    try:
        stored = stored_of(session, manifest, unmask=True)
    except FormatError as error:
        raise UsageError(
            f"The profile of {name} cannot be read: {error.message}", hint=error.hint
        ) from None
    if stored is None:
        raise UsageError(
            f"{name} has no profile.",
            hint=f"Register the data once more: workbench datasets add {manifest.dataset} PATH",
        )
    side = Side(
        name, kind, manifest.dataset, manifest.version, manifest.hash, stored.rows, manifest.time
    )
    return VersionSource(session, manifest, side, fields_of(session, manifest.dataset), stored)


# -- files -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file, a folder of files or what fits a pattern; in a workspace or without one."""

    session: Session | None
    found: Found
    hashed: tuple[Hashed, ...]
    options: Mapping[str, str]
    opened: "Table"
    side: Side
    fields: Fields
    stored: "Profile | None" = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of its columns."""
        return tuple(column.name for column in self.opened.columns)

    def raw(self, how: How) -> "Table":
        """Return its rows, opened and not read; of what was passed over it is told."""
        over = self.found.passed_over
        if over:
            more = f" and {len(over) - 1} more" if len(over) > 1 else ""
            first = visible(over[0])[:_SHOWN]
            how.say(f"Passed over, as neither file nor folder: {first}{more}.")
        return self.opened

    def columnar(self, table: "Table", how: How) -> "Table":
        """Return rows of it of which any column can be read alone.

        Raises:
            FormatError: They cannot be read to their end.
        """
        return _columnar(table, self.options, self.session, how, self.side.name)

    def finish(self) -> None:
        """Raise if a file is not as it was when it was hashed.

        Raises:
            ConflictError: One changed.
        """
        late = hashing.changed(self.hashed)
        if late is not None:
            raise hashing.has_changed(late)


def _anywhere(_places: Sequence[str]) -> None:
    """Let everything be read: who named it is here."""


def file_source(
    session: Session | None,
    path: Path,
    options: Mapping[str, str],
    on_progress: Progress,
    stopped: Callable[[], bool],
    *,
    name: str = "",
    what: str = "file",
    require: Require = _anywhere,
) -> FileSource:
    """Return files as a side of a check: found, hashed and opened, and none of their rows read.

    Raises:
        NotFoundError: There is nothing.
        UsageError: It is no table, or cannot be read.
        NotAllowedError: It is no file, there are too many, or they may not be read.
    """
    from workbench.datasets.reading import open_table  # noqa: PLC0415 - polars
    from workbench.opening import places_of  # noqa: PLC0415 - for this road alone

    shown = name or visible(str(path))
    found = _found(session, path, stopped)
    require(list(places_of(found.files)))
    with readable(shown, what):
        target = found.path if found.kind in (FILE, FOLDER) else found.files
        opened = open_table(target, options=options)
    hashed = hashed_files(session, found.files, on_progress, stopped, require)
    hash_ = hashing.whole(found, hashed)
    time = max(one.stamp.mtime_ns for one in hashed) / 1e9
    rows, place = opened.rows or 0, _stored_as(session, found.path)
    each = (hash_, *(f"sha256:{one.digest.sha256}" for one in hashed))
    names = datasets_of_files(session, found, each)
    side = Side(shown, FILES, hash=hash_, rows=rows, time=time, path=place, datasets=names)
    said = [] if session is None else [fields_of(session, one) for one in names]
    return FileSource(session, found, hashed, options, opened, side, together(said))


def _found(session: Session | None, path: Path, stopped: Callable[[], bool]) -> Found:
    """Return the files; a path through a whole disk is given up, and so are those of a stop.

    Raises:
        StoppedError: ``stopped`` said so.
        NotAllowedError: There are too many folders to look through.
    """
    clock = SYSTEM if session is None else session.clock
    until = clock.steady() + PATIENCE_S
    try:
        return find(path, tired=lambda: clock.steady() > until or stopped())
    except NotAllowedError:
        if stopped():
            raise StoppedError("The check was stopped while files were looked for.") from None
        raise


def _stored_as(session: Session | None, path: Path) -> str:
    """Return a path as others find it; empty where there is no workspace."""
    if session is None or session.workspace is None:
        return ""
    return locating.written(path, session.root, roots_of(session))


def roots_of(session: Session) -> Roots:
    """Return the roots that the settings name; none where they cannot be read."""
    try:
        return declared.read(session.root).roots
    except SettingsError:
        return {}


def hashed_files(
    session: Session | None,
    files: Sequence[Path],
    on_progress: Progress,
    stopped: Callable[[], bool],
    require: Require = _anywhere,
) -> tuple[Hashed, ...]:
    """Return the hashes of files, reading only those that changed since they were read here."""
    now = SYSTEM.now if session is None else session.clock.now
    with Stamps(cache_of(session)) as stamps:
        return hashing.hashed(
            files, stamps, now, stopped=stopped, require=lambda places: require(list(places)),
            on_bytes=lambda done, total: on_progress(done, total, "bytes"),
        )  # fmt: skip


def _on_rows(how: How, name: str, rows: int) -> None:
    how.on_progress(rows, 0, f"rows of {name} read")


def _columnar(
    table: "Table", options: Mapping[str, str], session: Session | None, how: How, name: str
) -> "Table":
    from workbench.datasets.reading import copy_of  # noqa: PLC0415 - polars

    return copy_of(
        table, options, cache_of(session), on_rows=partial(_on_rows, how, name),
        stopped=how.stopped,
    )  # fmt: skip
