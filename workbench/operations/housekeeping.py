"""Which runs eat the disk, and a clean-up that says first what it would do.

Only runs of the workspace's own are put in the trash, never one that is still going
on, and no symbolic link is followed.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations.disk import delete, entries_of, folders_of, is_inside, measure, newest
from workbench.operations.session import Session
from workbench.operations.trash import TRASH, Trashed, journal, put, trashed, write_journal
from workbench.runfolder import NEW_PREFIX, RUNNING, RUNS, TEMPORARY

__all__ = ["Cleaned", "Leftover", "Plan", "Sized", "clean", "journal", "leftovers", "plan"]

LEFTOVER_AFTER = 24 * 3600.0
"""Seconds after which a temporary file has no owner any more."""


class Sized(NamedTuple):
    """A run and what it takes on the disk."""

    record: RunRecord
    bytes: int
    files: int
    refused: str
    """Why it cannot be put in the trash; empty when it can."""


class Leftover(NamedTuple):
    """A file or folder that was meant to be gone long ago."""

    path: str
    """Relative to the workspace."""
    bytes: int


class Plan(NamedTuple):
    """What there is and what a clean-up would do."""

    sizes: tuple[Sized, ...]
    """Every run, largest first."""
    to_trash: tuple[Sized, ...]
    refused: tuple[Sized, ...]
    """Asked for, but staying, each with its reason."""
    leftovers: tuple[Leftover, ...]
    to_delete: tuple[Trashed, ...]
    """Runs in the trash that would be deleted for good."""


class Cleaned(NamedTuple):
    """What a clean-up did."""

    trashed: tuple[Trashed, ...]
    leftovers: int
    deleted: int
    failed: tuple[str, ...]
    """Sentences about what could not be moved."""


def plan(session: Session, runs: Sequence[int] | None = None, *, empty_trash: bool = False) -> Plan:
    """Return what each run takes on the disk, and what `clean` would do; nothing is changed.

    Args:
        session: Where.
        runs: Numbers of the runs to put in the trash; default every archived one.
        empty_trash: Also delete for good what is in the trash now.
    """
    sizes = sorted(_sizes(session), key=lambda sized: -sized.bytes)
    asked = [
        sized
        for sized in sizes
        if (sized.record.archived if runs is None else sized.record.run in runs)
    ]
    return Plan(
        tuple(sizes),
        tuple(sized for sized in asked if not sized.refused),
        tuple(sized for sized in asked if sized.refused),
        leftovers(session),
        trashed(session) if empty_trash else (),
    )


def clean(session: Session, what: Plan) -> Cleaned:
    """Do what a plan says; one run that cannot be moved does not keep the others.

    Raises:
        NotAllowedError: Nothing can be written here.
    """
    root = session.require_writable()
    moved, failed = [], []
    for sized in what.to_trash:
        try:
            moved.append(put(session, sized.record, sized.bytes))
        except OSError as error:
            failed.append(f"{sized.record.run_id} stays: {error.strerror or error}.")
    gone = [one for one in what.leftovers if delete(root / one.path, root)]
    deleted = [one for one in what.to_delete if delete(root / TRASH / one.id, root)]
    if moved or gone or deleted:
        write_journal(session, _did(moved, gone, deleted), [one.run_id for one in moved])
    return Cleaned(tuple(moved), len(gone), len(deleted), tuple(failed))


def leftovers(session: Session) -> tuple[Leftover, ...]:
    """Return temporary files, and runs half put together, that are older than a day."""
    if session.workspace is None:
        return ()
    root, before = session.root, session.clock.now() - LEFTOVER_AFTER
    found = [*entries_of(root / TEMPORARY)]
    for experiment in folders_of(root / RUNS):
        found.extend(e for e in entries_of(experiment) if e.name.startswith(NEW_PREFIX))
    old = []
    for entry in found:
        try:
            if newest(Path(entry.path)) < before:
                size, _ = measure(Path(entry.path))
                old.append(Leftover(Path(entry.path).relative_to(root).as_posix(), size))
        except OSError:
            continue  # its owner took it away just now
    return tuple(old)


def _sizes(session: Session) -> Iterator[Sized]:
    for record in cards(session.catalogue, every(session.catalogue)):
        folder = session.root / record.path.partition("#")[0]
        try:
            size, files = measure(folder)
        except OSError:
            size, files = record.size, len(record.artifacts)
        yield Sized(record, size, files, _refusal(session, record, folder))


def _refusal(session: Session, record: RunRecord, folder: Path) -> str:
    """Return why a run cannot be put in the trash, or an empty text."""
    if session.why_not:
        return session.why_not
    if record.format != "native":
        return "another tool wrote it; delete it there"
    if record.status == RUNNING:
        return "it is running"
    if folder.is_symlink() or not is_inside(folder, session.root / RUNS):
        return "its folder is a link that leads elsewhere"
    return ""


def _did(moved: Sequence[Trashed], gone: Sequence[Leftover], deleted: Sequence[Trashed]) -> str:
    parts = []
    if moved:
        parts.append(f"put {_plural(len(moved), 'run')} in the trash")
    if deleted:
        parts.append(f"deleted {_plural(len(deleted), 'run')} from the trash for good")
    if gone:
        parts.append(f"deleted {_plural(len(gone), 'leftover')}")
    return ", ".join(parts)


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
