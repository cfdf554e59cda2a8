"""All runs that are folders, of whatever format, as one source.

A folder somebody points at holds runs of several tools at any depth, and one run may
carry the marks of several. This asks every reader of folders, lists each run once and
puts together what they know. It reads no format itself.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
from msgspec import Struct, field

from workbench.clock import SYSTEM, Clock
from workbench.errors import FormatError, NotFoundError
from workbench.formats.artifacts import files_below
from workbench.formats.contract import (
    Artifact,
    Curves,
    Fault,
    FolderReader,
    Reading,
    StoreReader,
    Survey,
)
from workbench.formats.folders.around import claims_around, is_store
from workbench.formats.folders.grouping import Piece, Run
from workbench.formats.folders.listing import Readers, below
from workbench.formats.folders.merging import Part, followed, merged
from workbench.formats.folders.survey import NOTHING, Memory, survey
from workbench.formats.notes import noted
from workbench.formats.twins import HasTwins, Naming, followed_once, twins, without
from workbench.formats.walking import Limits, folder_at, may_hold_runs
from workbench.opening import inside, passes

MOST_FILES = 2_000
"""Files listed of one run; a run that is somebody's project folder has too many."""
_DEEPEST = 3
_SHOWN = frozenset([".hydra"])
"""Hidden folders whose files are a run's: what it was started with."""
_MOST_ROOTS = 16


class _Notes(Struct):
    """What the pieces' readers noted, by whose and where."""

    version: int = 1
    pieces: dict[str, bytes] = field(default_factory=dict)


_NOTES = msgspec.json.Decoder(_Notes)


class FoldersReader:
    """Runs as folders anywhere below the root, read by all who know something of them.

    It remembers what a run consists of from the last survey of a source, and finds it out
    in the folders where there was none: both come through `grouping.grouped`.
    """

    name: ClassVar[str] = "folders"
    title: ClassVar[str] = "Folders that are runs"
    live: ClassVar[str] = "as each format is"
    verified: ClassVar[str] = "with each format"

    def __init__(
        self,
        folders: Sequence[FolderReader],
        stores: Sequence[StoreReader],
        clock: Clock = SYSTEM,
        limits: Limits | None = None,
    ) -> None:
        self._readers = Readers(tuple(folders), tuple(stores))
        self._clock = clock
        self._limits = limits or Limits()
        self._surveyed: dict[str, Memory] = {}

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs below the root."""
        known = self._surveyed.get(str(root), NOTHING)
        before = memory if isinstance(memory, Memory) else known
        found, after = survey(root, self._readers, before, self._clock, self._limits)
        self._surveyed.pop(str(root), None)
        self._surveyed[str(root)] = after
        if len(self._surveyed) > _MOST_ROOTS:
            self._surveyed.pop(next(iter(self._surveyed)))
        return found

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``, put together of what its readers say."""
        run = self._run(root, key)
        before, after = noted(progress, _NOTES), _Notes()
        parts: list[Part] = []
        faults: list[Fault] = []
        problem: Exception | None = None
        for piece in run.pieces:
            reader, mark = self._readers.folders[piece.rank], self._mark(piece)
            notes = before.pieces.get(mark, b"")
            try:
                card, notes = reader.read(root, piece.key, notes, now)
            except (FormatError, OSError) as error:
                if passes(error):
                    raise  # a part left out would not come back
                problem = error
                faults.append(Fault(piece.key, f"cannot be read as {reader.name}: {error}"))
                continue
            after.pieces[mark] = notes
            parts.append(Part(piece, reader.name, card))
        if not parts:
            raise problem or FormatError(f"{key!r} is not a run.")
        card = merged(parts)
        artifacts = card.artifacts
        listing = self._listing(key, (part.piece for part in parts))
        if all(piece.key != key for piece in listing):
            more = self._files(root, key, faults, {piece.key for piece in listing})
            artifacts = tuple({one.path: one for one in (*more, *artifacts)}.values())
        told = {name: summary.last_step for name, summary in card.metrics.items()}
        metrics = without(card.metrics, twins(told, self._namings(part.piece for part in parts)))
        whole = replace(card, metrics=metrics, artifacts=artifacts, faults=(*card.faults, *faults))
        return Reading(whole, msgspec.json.encode(after))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` of all pieces of the run."""

        def ask(piece: Piece, wanted: frozenset[str] | None, place: object) -> Curves:
            reader = self._readers.folders[piece.rank]
            try:
                return reader.points(root, piece.key, wanted, place)
            except (FormatError, OSError):
                if len(run.pieces) == 1:
                    raise
                return Curves({}, None, restarted=place is not None)

        run = self._run(root, key)
        return followed_once(
            self._namings(run.pieces),
            progress,
            lambda place: followed(run.pieces, metrics, place, ask),
        )

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            pieces = self._run(root, key).pieces
            listing = self._listing(key, pieces)
            folder = folder_at(root, key)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None
        for piece in listing:
            try:
                return self._readers.folders[piece.rank].artifact(root, piece.key, path)
            except NotFoundError:
                if piece is listing[-1] and piece.key == key:
                    raise
        return inside(folder, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return what the pieces' readers have to show."""
        found: dict[str, Path] = {}
        for piece in self._run(root, key).pieces:
            reader = self._readers.folders[piece.rank]
            try:
                more = reader.texts(root, piece.key)
            except (FormatError, OSError):
                continue  # another piece may have some
            for role, path in more.items():
                found.setdefault(role, path)
        return found

    def _namings(self, pieces: Iterable[Piece]) -> list[Naming]:
        """Return how the readers of a run call what others tell of it."""
        readers = dict.fromkeys(self._readers.folders[piece.rank] for piece in pieces)
        return [reader.own_name for reader in readers if isinstance(reader, HasTwins)]

    def _listing(self, key: str, pieces: Iterable[Piece]) -> list[Piece]:
        """Return the pieces whose readers say which files are artifacts.

        Where none of them is the run's own folder, the files in that are artifacts too.
        """
        found = (piece for piece in pieces if self._readers.folders[piece.rank].lists_files)
        return sorted(found, key=lambda piece: piece.key == key)

    def _mark(self, piece: Piece) -> str:
        return f"{self._readers.folders[piece.rank].name} {piece.key}"

    def _run(self, root: Path, key: str) -> Run:
        """Return what the run at ``key`` consists of.

        Raises:
            FormatError: There is no run.
        """
        known = self._surveyed.get(str(root))
        run = known.runs.get(key) if known else None
        if run is None:
            folder_at(root, key)
            run = claims_around(root, key, self._readers).get(key)
        if run is None:
            raise FormatError(f"{key!r} is not a run: nothing in it is known.")
        return run

    def _files(
        self, root: Path, key: str, faults: list[Fault], listed: Collection[str]
    ) -> tuple[Artifact, ...]:
        """Return the files of a run without those of runs inside it and those listed otherwise."""
        folder = str(folder_at(root, key))
        found: list[Artifact] = []
        inner = self._inner(root, key)

        def enter(path: str) -> bool:
            at = os.path.relpath(path, folder).replace(os.sep, "/")
            name = at.rpartition("/")[2]
            if name in _SHOWN:
                return True
            path = below(key, at)
            return may_hold_runs(name) and path not in listed and not inner(path)

        for artifact in files_below(folder, depth=_DEEPEST, enter=enter):
            if len(found) == MOST_FILES:
                reason = f"holds more than {MOST_FILES:,} files; the first are listed"
                faults.append(Fault(key, reason))
                break
            found.append(artifact)
        return tuple(found)

    def _inner(self, root: Path, key: str) -> Callable[[str], bool]:
        """Return what says whether a folder below a run is a run by itself, or a store."""
        known = self._surveyed.get(str(root))
        if known is None or key not in known.runs:
            runs = claims_around(root, key, self._readers)
            return lambda path: path in runs or is_store(root, path, self._readers)
        return lambda path: path in known.runs or known.is_store(path)
