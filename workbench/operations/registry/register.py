"""Registering a version: its files into the registry, then the event that gives it a number.

The files are published first, under the hash of their manifest; until the event
is there nobody sees them. Registering the same files of the same run once more
finds the version they have.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from socket import gethostname
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from workbench.client.checks import whole_text
from workbench.clock import Clock
from workbench.errors import FormatError, NotAllowedError, UsageError
from workbench.formats.detect import reader_named
from workbench.ids import LONGEST_NAME, is_path_name, new_id
from workbench.operations.edits import named
from workbench.operations.registry.source import Source, of_run
from workbench.registry import ladder, manifest
from workbench.registry.committing import commit
from workbench.registry.event import REGISTERED, Draft, Event
from workbench.registry.folding import fold, next_version
from workbench.registry.followed import followed_journal
from workbench.registry.journal import FolderJournal
from workbench.registry.manifest import Manifest
from workbench.registry.signature import hash_of
from workbench.registry.state import State, Version
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.operations.session import Session

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_MOST_DESCRIPTION = 100_000


class Registered(NamedTuple):
    """A version of a model."""

    model: str
    version: int
    event: Event
    manifest: Manifest
    new: bool = True
    """It was registered by this call; False when these files of this run had a number already."""

    def __str__(self) -> str:
        """Return the short form: ``churn@3``."""
        return f"{self.model}@{self.version}"


class Place(NamedTuple):
    """Where something is registered, by whom, and what time it is."""

    root: Path
    actor: str
    clock: Clock
    goals: Mapping[str, str]
    """Directions of metrics by the settings; they count before the run's own."""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of a version beside its files and its run."""

    description: str = ""
    tags: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    signature: Mapping[str, Any] | None = None
    example: Mapping[str, Any] | None = None
    """``input`` and ``output``, each a list of at most 20 rows."""
    why_format: str = ""
    """Why it was written in this format, where it is not the first choice."""
    origin: Mapping[str, Any] | None = None
    """Where an imported version comes from."""
    apart: bool = False
    """It is a version of its own, also beside one of the same files and run from elsewhere."""
    importance: Mapping[str, Any] | None = None
    """How much each input counts: ``from`` in words, ``values`` by column."""


class _There(Exception):  # noqa: N818 - what was found, not what went wrong
    """These files of this run are registered already."""

    def __init__(self, version: Version) -> None:
        super().__init__()
        self.version = version


def place_of(session: "Session") -> Place:
    """Return where a session registers.

    Raises:
        NotAllowedError: Nothing can be written there.
    """
    root = session.require_writable()
    return Place(root, named(session.settings.user), session.clock, session.settings.goals)


def register(
    session: "Session",
    model: str,
    files: Path | Sequence[Path],
    *,
    run: str | None = None,
    description: str = "",
    tags: Mapping[str, str] = _NOTHING,
    signature: Mapping[str, Any] | None = None,
    example: Mapping[str, Any] | None = None,
    why_format: str = "",
) -> Registered:
    """Register files as the next version of a model.

    Args:
        session: Where, and who.
        model: The model's name; the first version makes it.
        files: A file, a folder whose content is taken, or several of them.
        run: Id or name of the run they come from.
        description: For people.
        tags: Name to text.
        signature: Of `workbench.registry.signature.signature_of`.
        example: ``input`` and ``output`` rows.
        why_format: Why the files are in the format they are in.

    Raises:
        UsageError: The name or the files cannot be registered.
        NotFoundError: There is no such file or run.
        NotAllowedError: Nothing can be written here, or something in the files is not taken.
        UnknownOutcomeError: No answer came; say it again.
    """
    place = place_of(session)
    source = Source() if run is None else source_of(session, run)
    about = About(description, tags, signature, example, why_format)
    return record(place, model, files, source, about)


def source_of(session: "Session", words: str) -> Source:
    """Return what is known now of the run that ``words`` name.

    Raises:
        NotFoundError: There is no such run.
        UsageError: Several runs are called so.
    """
    from workbench.operations.select import select  # noqa: PLC0415 - opens the catalogue's tables

    found = select(session, words)
    reader = reader_named(found.reader)
    root = (session.root / found.root).resolve()
    source = of_run(reader, root, found.key, found.path, session.clock.now())
    return replace(source, run={**(source.run or {}), "name": found.name})  # as renamed since


def record(
    place: Place,
    model: str,
    files: Path | Sequence[Path],
    source: Source,
    about: About,
) -> Registered:
    """Put files into the registry and record them as the next version; raises as `register`."""
    check_name(model)
    details = _said(place, source, about)
    journal = followed_journal(place.root, model)
    staged = _staged(files, place.root)
    try:
        look = ladder.look(staged.folder)
        _refuse_unreadable(journal)
        whole = manifest.publish(staged, place.root, model)
    except OSError as error:
        raise _not_written(model, error) from error
    finally:
        manifest.discard(staged)
    kept = {**details, **_files(whole, look, about.why_format)}
    made = _commit(place, journal, whole, kept, apart=about.apart)
    _see_that_files_are_there(place, made, files)
    return made


def _see_that_files_are_there(place: Place, made: Registered, files: Path | Sequence[Path]) -> None:
    """Put files back that somebody cleared away before their event was there.

    Raises:
        FormatError: They are not in place, and are not to be had again.
        NotAllowedError: The registry cannot be written.
    """
    missing = manifest.check(place.root, made.model, made.manifest.hash, contents=False)
    if not missing:
        return
    staged = _staged(files, place.root)
    try:
        if staged.manifest.hash != made.manifest.hash:
            raise FormatError(
                f"{made} is registered, and its files are not in place: {missing[0]}",
                hint="Bring them back: workbench restore.",
            )
        manifest.publish(staged, place.root, made.model)
    except OSError as error:
        raise _not_written(made.model, error) from error
    finally:
        manifest.discard(staged)


def check_name(model: str) -> None:
    """Do nothing if a model can have this name.

    Raises:
        UsageError: It cannot; says which name it could have.
    """
    if not isinstance(model, str):
        raise UsageError(f"A model's name is text, not {visible(repr(model))[:80]}.")
    if is_path_name(model) and not model.startswith(("-", ".")):
        return
    said = visible(model)[:LONGEST_NAME]
    why = "" if model else ": a name is needed"
    if len(model) > LONGEST_NAME:
        why = f"…: it has {len(model):,} letters, and a name may have {LONGEST_NAME}"
    raise UsageError(
        f"A model cannot be called {said!r}{why}.",
        hint=f"Write small letters, digits, dots, dashes and underscores: {near_name(model)!r}.",
    )


def near_name(said: object) -> str:
    """Return a name that a model can have, as near as can be to what was said."""
    plain = normalize("NFKD", said if isinstance(said, str) else "").encode("ascii", "ignore")
    found = re.sub(r"[^a-z0-9._-]+", "-", plain.decode().casefold()).strip("-._")
    found = found[:LONGEST_NAME].rstrip("-._") or "model"
    return found if is_path_name(found) else f"model-{found}"[:LONGEST_NAME]


def _staged(files: Path | Sequence[Path], root: Path) -> manifest.Staged:
    try:
        return manifest.stage(files, root)
    except OSError as error:
        where = visible(str(error.filename or root))
        raise NotAllowedError(
            f"The files cannot be copied: {where}: {error.strerror or error}."
        ) from error


def _refuse_unreadable(journal: FolderJournal) -> None:
    """Refuse before files are published where no event could follow."""
    reading = journal.read()
    if reading.unreadable is not None:
        raise NotAllowedError(
            f"Nothing can be registered: {reading.unreadable.path} cannot be read. "
            f"{reading.unreadable.reason}",
            hint="Run `workbench doctor --registry`.",
        )


def _not_written(model: str, error: OSError) -> NotAllowedError:
    return NotAllowedError(
        f"The registry of {model} cannot be written: {error.strerror or error}.",
        hint="Check the folder's permissions and free space.",
    )


def _said(place: Place, source: Source, about: About) -> dict[str, Any]:
    """Return the details that do not depend on the files."""
    if len(about.description) > _MOST_DESCRIPTION:
        raise UsageError(f"A description may have {_MOST_DESCRIPTION:,} characters.")
    known = {name: goal for name, goal in place.goals.items() if name in source.metrics}
    return {
        **asdict(source),
        "goals": {**source.goals, **known},
        "signature": about.signature,
        "signature_hash": hash_of(about.signature) if about.signature else "",
        "example": about.example,
        "description": whole_text(about.description),
        "tags": {whole_text(name): whole_text(str(text)) for name, text in about.tags.items()},
        "origin": about.origin,
        "importance": about.importance,
    }


def _files(whole: Manifest, look: ladder.Format, why_format: str) -> dict[str, Any]:
    return {
        "manifest": whole.hash,
        "size": whole.size,
        "files": len(whole.files),
        "rung": look.rung,
        "format": look.format,
        "types": list(look.types),
        "why_format": why_format or look.why,
    }


def _commit(
    place: Place,
    journal: FolderJournal,
    whole: Manifest,
    details: Mapping[str, Any],
    *,
    apart: bool,
) -> Registered:
    draft_id = new_id(place.clock.now())

    def intend(state: State) -> Draft:
        there = _already(state, whole.hash, details, apart=apart)
        if there is not None:
            raise _There(there)
        return Draft(
            draft_id, REGISTERED, place.actor, gethostname(), place.clock.now(),
            version=next_version(state), saw={"seq": state.seq}, details=details,
        )  # fmt: skip

    try:
        event, _ = commit(journal, draft_id, intend)
    except _There as found:
        there = found.version
        return Registered(journal.model, there.number, there.event, whole, new=False)
    assert event.version is not None  # noqa: S101 - intended above
    return Registered(journal.model, event.version, event, whole)


def _already(
    state: State, hash_: str, details: Mapping[str, Any], *, apart: bool
) -> Version | None:
    """Return the version that these files of this run have, and of this origin if it counts."""
    for _, version in sorted(state.versions.items(), reverse=True):
        known = version.event.details
        if version.deleted is not None or version.manifest != hash_:
            continue
        same = not apart or known.get("origin") == details["origin"]
        if same and _run_of(known) == _run_of(details):
            return version
    return None


def _run_of(details: Mapping[str, Any]) -> object:
    run = details.get("run")
    return run.get("id") if isinstance(run, Mapping) else None


def versions_of(root: Path, model: str) -> State:
    """Return what a model's journal says now."""
    journal = followed_journal(root, model)
    return fold(model, journal.read())
