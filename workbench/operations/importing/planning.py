"""What an import will do: which run becomes which, and which are there already.

All cards are read before anything is copied, because a run may name a parent that comes later.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import FormatError, StoppedError
from workbench.formats.contract import RunCard
from workbench.operations.importing import history, identity, origin
from workbench.operations.importing.finding import said
from workbench.operations.importing.values import (
    GROWN,
    NEW,
    OLDER,
    OURS,
    SAME,
    Failed,
    Planned,
    Stop,
    Tell,
    Waiting,
)

_MOST_CARDS: Final = 2_000
"""Cards held from the plan to the copy; of more runs they are read a second time."""


class Plan(NamedTuple):
    """All runs of an import."""

    runs: tuple[Planned, ...]
    by_source: Mapping[tuple[Path, str], str]
    """Ids here by the source's root and the tool's own id, and by the run's key."""
    failed: tuple[Failed, ...]

    def parent_of(self, run: Planned) -> str | None:
        """Return the id here of a run's parent, if that is known."""
        if run.parent is None:
            return None
        return self.by_source.get((run.waiting.root, run.parent))


class _There(NamedTuple):
    """The runs of the workspace."""

    by_id: Mapping[str, Path]
    by_mark: Mapping[str, Path]


def planned(
    root: Path, waiting: Sequence[Waiting], now: Callable[[], float], tell: Tell, stop: Stop
) -> Plan:
    """Return what becomes of every run.

    Raises:
        StoppedError: A person asked for the end.
    """
    folders = origin.run_folders(root)
    there = _There(folders, identity.by_mark(folders))
    runs: dict[str, Planned] = {}
    failed: list[Failed] = []
    by_source: dict[tuple[Path, str], str] = {}
    for number, one in enumerate(waiting):
        if stop():
            raise StoppedError("Stopped.")
        tell(number, len(waiting), "Reading")
        try:
            run = _planned(one, there, now(), hold=number < _MOST_CARDS)
        except (FormatError, OSError) as problem:
            failed.append(Failed(one.place, said(problem)))
            continue
        by_source[one.root, one.ref.key] = run.run_id
        if run.source_id:
            by_source[one.root, run.source_id] = run.run_id
        other = runs.get(run.run_id)
        if other is not None:
            run, less = (run, other) if _rank(run) > _rank(other) else (other, run)
            failed.append(Failed(less.waiting.place, f"is the run at {run.waiting.place}"))
        runs[run.run_id] = run
    plan = Plan(tuple(runs.values()), by_source, tuple(failed))
    return plan._replace(runs=tuple(_linked(run, plan) for run in plan.runs))


def _rank(run: Planned) -> tuple[tuple[int, float], bool]:
    """Return what is greater of the one of two copies that is to be taken."""
    return run.reach, run.state == GROWN


def _planned(one: Waiting, there: _There, now: float, *, hold: bool) -> Planned:
    """Return what becomes of a run; it is not read where its place and stamp say all."""
    known = _unread(one, there)
    if known is not None:
        return known
    card = one.reader.read(one.root, one.ref.key, b"", now).card
    ours = identity.own_id(card, one.reader.name)
    if ours:
        return _ours(one, card, ours, there)
    name = identity.name_of(one, card.run_id)
    state, run_id, folder = _looked_up(one, card, name, there)
    return Planned(
        one, card.run_id, run_id, state, folder, card.parent, card if hold else None,
        sum(artifact.size for artifact in card.artifacts), history.of_card(card),
    )  # fmt: skip


def _unread(one: Waiting, there: _There) -> Planned | None:
    """Return a run known by its place that has not changed since it was copied."""
    last = None
    for mark in identity.marks(f"place:{one.place}"):
        folder = there.by_mark.get(identity.letters_of(mark))
        if folder is None:
            break
        last = folder
    before = origin.read(last) if last is not None else None
    if last is None or before is None or not one.ref.stamp or before.stamp != one.ref.stamp:
        return None
    return Planned(one, before.id, last.name, SAME, last, before.parent, None)


def _ours(one: Waiting, card: RunCard, run_id: str, there: _There) -> Planned:
    """Return what becomes of a run of ours, of another workspace or exported once."""
    folder = there.by_id.get(run_id)
    before = origin.read(folder) if folder is not None else None
    state = NEW
    if folder is not None:
        state = OURS if before is None or before.path != one.place else GROWN
        if before is not None and state == GROWN and before.digest == origin.digest_of(card):
            state = SAME
    size = sum(artifact.size for artifact in card.artifacts)
    return Planned(one, card.run_id, run_id, state, folder, card.parent, card, size)


def _looked_up(
    one: Waiting, card: RunCard, name: str, there: _There
) -> tuple[str, str, Path | None]:
    """Return what a run is to the workspace, its id here and its copy.

    Where another run has taken the place of one that was copied, both are kept; a run that the
    tool gave an id is that run at any place.
    """
    for mark in identity.marks(name):
        folder = there.by_mark.get(identity.letters_of(mark))
        if folder is None:
            return NEW, identity.run_id_of(mark, identity.began(card, one)), None
        before = origin.read(folder)
        if before is None:
            return OURS, folder.name, folder
        if before.digest == origin.digest_of(card):
            return SAME, folder.name, folder
        if identity.is_unique(card.run_id):
            return history.state_of_known(before, folder, card, one), folder.name, folder
        if origin.goes_on(before, card):
            return GROWN, folder.name, folder
        if history.is_part(before, folder, card, one):
            return OLDER, folder.name, folder
    raise FormatError("Too many runs have been at this place.")


def _linked(run: Planned, plan: Plan) -> Planned:
    """Return a copy that lacks its parent as one to be made anew, if the parent is known now."""
    if run.state != SAME or run.parent is None or run.there is None:
        return run
    before = origin.read(run.there)
    if before is None or before.linked or plan.parent_of(run) is None:
        return run
    return run._replace(state=GROWN)
