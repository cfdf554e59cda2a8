"""Which runs eat the disk, and a clean-up that says first what it would do.

Only runs of the workspace's own are put in the trash, never one that is still going on or
that made a version in a stage, and no symbolic link is followed. Files of models that no
version needs go there too.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.datasets.versions.folder import names
from workbench.operations.datasets.deleting import finish
from workbench.operations.disk import delete, is_inside, measure
from workbench.operations.leftovers import Leftover, leftovers
from workbench.operations.registry.lineage import protected
from workbench.operations.registry.unnamed import put_away, unnamed
from workbench.operations.session import Session
from workbench.operations.trash import TRASH, Trashed, journal, put, trashed, write_journal
from workbench.registry.journal import REGISTRY
from workbench.runfolder import RUNNING, RUNS

__all__ = ["Cleaned", "Leftover", "Plan", "Sized", "clean", "journal", "leftovers", "plan"]


class Sized(NamedTuple):
    """A run and what it takes on the disk."""

    record: RunRecord
    bytes: int
    files: int
    refused: str
    """Why it cannot be put in the trash; empty when it can."""


class Plan(NamedTuple):
    """What there is and what a clean-up would do."""

    sizes: tuple[Sized, ...]
    """Every run, largest first."""
    to_trash: tuple[Sized, ...]
    refused: tuple[Sized, ...]
    """Asked for, but staying, each with its reason."""
    leftovers: tuple[Leftover, ...]
    to_delete: tuple[Trashed, ...]
    """What is in the trash and would be deleted for good."""
    unnamed: tuple[Leftover, ...] = ()
    """Files of models that no version needs; they go to the trash."""


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
        tuple(
            Leftover(folder.relative_to(session.root).as_posix(), measure(folder)[0])
            for folder in unnamed(session)
        ),
    )


def clean(session: Session, what: Plan) -> Cleaned:
    """Do what a plan says; one run that cannot be moved does not keep the others.

    Raises:
        NotAllowedError: Nothing can be written here.
    """
    root = session.require_writable()
    moved, failed = [], []
    kept = protected(session)
    for sized in what.to_trash:
        if why := kept.get(sized.record.run_id):  # promoted since the plan was made
            failed.append(f"{sized.record.run_id} stays: {why}.")
            continue
        try:
            moved.append(put(session, sized.record, sized.bytes))
        except OSError as error:
            failed.append(f"{sized.record.run_id} stays: {error.strerror or error}.")
    for files in what.unnamed:
        try:
            moved.extend(filter(None, [put_away(session, root / files.path)]))
        except OSError as error:
            failed.append(f"{files.path} stays: {error.strerror or error}.")
    _finish_deletions(session, failed)
    gone = [one for one in what.leftovers if delete(root / one.path, root)]
    deleted = [one for one in what.to_delete if delete(root / TRASH / one.id, root)]
    if moved or gone or deleted:
        runs = [one.run_id for one in moved if not _is_of_a_model(one)]
        write_journal(session, _did(moved, gone, deleted), runs)
    return Cleaned(tuple(moved), len(gone), len(deleted), tuple(failed))


def _finish_deletions(session: Session, failed: list[str]) -> None:
    """Move away versions of datasets whose deletion broke off; one does not keep the others."""
    for name in names(session.root):
        try:
            finish(session, name)
        except OSError as error:
            failed.append(f"A deleted version of {name} stays: {error.strerror or error}.")


def _sizes(session: Session) -> Iterator[Sized]:
    kept = protected(session)
    for record in cards(session.catalogue, every(session.catalogue)):
        folder = session.root / record.path.partition("#")[0]
        try:
            size, files = measure(folder)
        except OSError:
            size, files = record.size, len(record.artifacts)
        refused = _refusal(session, record, folder) or kept.get(record.run_id, "")
        yield Sized(record, size, files, refused)


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
        runs = sum(not _is_of_a_model(one) for one in moved)
        if runs:
            parts.append(f"put {_plural(runs, 'run')} in the trash")
        if len(moved) > runs:
            parts.append(f"put files of {_plural(len(moved) - runs, 'version')} in the trash")
    if deleted:
        parts.append(f"deleted {_plural(len(deleted), 'item')} from the trash for good")
    if gone:
        parts.append(f"deleted {_plural(len(gone), 'leftover')}")
    return ", ".join(parts)


def _is_of_a_model(one: Trashed) -> bool:
    return one.origin.startswith(f"{REGISTRY}/")


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
