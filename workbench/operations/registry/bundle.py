"""Carrying a version to another workspace in one file, and taking one in.

What arrives is registered like anything else, under the next number there; where it comes from
stays with it for good. Stages, approvals and requests of the other workspace do not come along:
its journal is carried as evidence and is no journal here.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from workbench import words
from workbench.durable import temp_name
from workbench.errors import FormatError, NotAllowedError, NotFoundError
from workbench.opening import inside, read_small
from workbench.operations.registry import names
from workbench.operations.registry.opening_journal import journal
from workbench.operations.registry.register import About, Registered, check_name, place_of, record
from workbench.operations.registry.source import Source
from workbench.operations.registry.version import detail, detail_fields
from workbench.operations.session import Session
from workbench.registry import bundle, manifest, moving
from workbench.registry.bundle import Card, Member, member
from workbench.registry.folding import fold
from workbench.registry.journal import FolderJournal
from workbench.registry.state import State, Version
from workbench.runfolder import ENVIRONMENT, SOURCE_DIFF, TEMPORARY

_LARGEST_DIFF: Final = 16 << 20
_Kind = TypeVar("_Kind")


class Exported(NamedTuple):
    """A bundle that was written."""

    model: str
    version: int
    path: Path
    size: int
    """Bytes."""
    members: int


def export_version(session: Session, ref: str, path: Path) -> Exported:
    """Write one version with everything known of it into one file.

    The same version at the same state of its journal gives the same bytes.

    Args:
        session: Where.
        ref: ``churn@3`` or ``churn@production``.
        path: The file to write; there must be none.

    Raises:
        NotFoundError: There is no such version, or its files were deleted.
        UsageError: The file is there already, or has no folder.
        FormatError: The journal cannot be read to its end, or a file is not what it was.
        NotAllowedError: The file cannot be written.
    """
    state, version = names.resolve(session, names.parse(ref))
    if state.unreadable is not None:
        raise FormatError(
            f"{state.unreadable.path} cannot be read. {state.unreadable.reason}",
            hint="Run `workbench doctor --registry`.",
        )
    if version.deleted is not None:
        raise NotFoundError(f"The files of {state.model}@{version.number} were deleted.")
    members = tuple(_members(session, state, version))
    card = Card(
        bundle.FORMAT, state.model, version.number, version.manifest,
        session.workspace.id if session.workspace else "", version.event.hash, state.head,
        bundle.listed(members),
    )  # fmt: skip
    try:
        size = bundle.write(path.expanduser(), card, members)
    except OSError as error:
        raise NotAllowedError(
            f"{words.visible(str(path))} cannot be written: {error.strerror or error}."
        ) from None
    return Exported(state.model, version.number, path, size, len(members) + 1)


def import_bundle(session: Session, path: Path, name: str | None = None) -> Registered:
    """Register the version a bundle carries, after verifying every hash and its journal.

    Args:
        session: Where to.
        path: The bundle.
        name: The model here; default the name it has there.

    Raises:
        NotFoundError: There is no such file.
        FormatError: It is no bundle, or not what it says.
        NotAllowedError: Something in it is not taken, or nothing can be written here.
        UsageError: The model cannot be called so.
        UnknownOutcomeError: No answer came; say it again.
    """
    place = place_of(session)
    if name is not None:
        check_name(name)
    folder = session.root / TEMPORARY / temp_name(os.urandom(8).hex())
    try:
        folder.mkdir(parents=True)
        card = bundle.unpack(path.expanduser(), folder)
        version = _verified(folder, card)
        files = manifest.folder_of(folder, card.model, card.manifest)
        return record(place, name or card.model, files, _source(version), _about(card, version))
    except OSError as error:
        raise NotAllowedError(
            f"The bundle cannot be taken in: {error.strerror or error}."
        ) from None
    finally:
        moving.remove(folder)


# -- what goes in ------------------------------------------------------------------------


def _members(session: Session, state: State, version: Version) -> Iterator[Member]:
    found = detail(session, state.model, version.number)
    facts = detail_fields(found)
    yield member(bundle.VERSION, _json(facts))
    yield member(bundle.LINEAGE, _json(_lineage(state, version, facts)))
    for name, path in ((bundle.ENVIRONMENT, ENVIRONMENT), (bundle.DIFF, SOURCE_DIFF)):
        content = _of_run(session.root, version, path)
        if content is None and name == bundle.ENVIRONMENT:
            content = _json(version.event.details.get("environment") or {})
        if content is not None:
            yield member(name, content)
    log = journal(session, state.model)
    for event in state.events:
        path = log.path(event.seq)
        yield member(path, read_small(os.fspath(session.root / path)))
    yield from _files(session.root, state.model, version.manifest)


def _files(root: Path, model: str, hash_: str) -> Iterator[Member]:
    whole = manifest.read(root, model, hash_)
    folder = manifest.folder_of(root, model, hash_)
    home = folder.relative_to(root).as_posix()
    yield member(f"{home}/{manifest.NAME}", read_small(os.fspath(folder / manifest.NAME), 64 << 20))
    for one in whole.files:
        yield Member(f"{home}/{one.path}", inside(folder, one.path), one.size, one.sha256)


def _of_run(root: Path, version: Version, name: str) -> bytes | None:
    """Return a file of the run the version comes from, where it is still there."""
    run = version.event.details.get("run")
    path = run.get("path") if isinstance(run, Mapping) else None
    if not isinstance(path, str) or not path:
        return None
    try:
        return read_small(os.fspath(inside(root, f"{path}/{name}")), _LARGEST_DIFF)
    except (NotFoundError, FormatError, OSError, ValueError):
        return None


def _lineage(state: State, version: Version, facts: Mapping[str, Any]) -> dict[str, Any]:
    details = version.event.details
    return {
        "datasets": details.get("datasets"), "run": details.get("run"), "git": details.get("git"),
        "version": f"{state.model}@{version.number}", "manifest": version.manifest,
        "held": facts["held"], "origin": details.get("origin"),
    }  # fmt: skip


def _json(value: object) -> bytes:
    data = msgspec.json.encode(value, order="deterministic")
    return msgspec.json.format(data, indent=1) + b"\n"


# -- what comes out ----------------------------------------------------------------------


def _verified(folder: Path, card: Card) -> Version:
    """Return the version an unpacked bundle carries, if card, journal and files fit together.

    Raises:
        FormatError: The chain is broken, or the card says something else than the journal.
    """
    reading = FolderJournal(folder, card.model).read()
    if reading.unreadable is not None:
        raise FormatError(
            f"The bundle's journal does not hold: event {reading.unreadable.seq}. "
            f"{reading.unreadable.reason}"
        )
    state = fold(card.model, reading)
    version = state.versions.get(card.version)
    if version is None or version.deleted is not None:
        raise FormatError(f"The bundle's journal has no version {card.version}.")
    if (version.manifest, version.event.hash, state.head) != (card.manifest, card.event, card.head):
        raise FormatError("The bundle's journal is not the one its card names.")
    problems = manifest.check(folder, card.model, card.manifest)
    if problems:
        raise FormatError(" ".join(problems))
    return version


def _source(version: Version) -> Source:
    """Return what the other workspace knew of the version; what has a wrong type is left out."""
    details = version.event.details
    run = details.get("run")
    datasets = _typed(details.get("datasets"), list)
    metrics = _typed(details.get("metrics"), dict)
    goals = _typed(details.get("goals"), dict)
    return Source(
        run=run if isinstance(run, dict) and isinstance(run.get("id"), str) else None,
        params=_typed(details.get("params"), dict),
        metrics={name: one for name, one in metrics.items() if isinstance(one, dict)},
        datasets=tuple(one for one in datasets if isinstance(one, dict)),
        environment=_typed(details.get("environment"), dict),
        git=_typed(details.get("git"), dict),
        goals={name: goal for name, goal in goals.items() if goal in ("min", "max")},
    )


def _about(card: Card, version: Version) -> About:
    details = version.event.details
    signature, example = details.get("signature"), details.get("example")
    return About(
        description=version.description,
        tags=version.tags,
        signature=signature if isinstance(signature, dict) else None,
        example=example if isinstance(example, dict) else None,
        why_format=str(details.get("why_format") or ""),
        origin={
            "workspace": card.workspace, "model": card.model, "version": card.version,
            "event": card.event, "head": card.head, "manifest": card.manifest,
            "registered": version.event.effective, "by": version.event.actor,
        },
    )  # fmt: skip


def _typed(value: Any, kind: type[_Kind]) -> _Kind:
    return value if isinstance(value, kind) else kind()
