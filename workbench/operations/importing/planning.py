"""What an import will do: which run becomes which, and which are there already."""

from pathlib import Path
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.formats.contract import RunCard
from workbench.ids import mark_of
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
    Waiting,
)


class _There(NamedTuple):
    """The runs of the workspace."""

    by_id: dict[str, Path]
    by_mark: dict[str, Path]


class Plan:
    """What becomes of every run, one after the other."""

    def __init__(self, root: Path, failed: list[Failed]) -> None:
        """Look at what the workspace has.

        Args:
            root: The workspace.
            failed: Gets the runs that cannot be read, and those found twice.
        """
        self.by_source: dict[tuple[Path, str], str] = {}
        """Ids here by the source's root and the tool's own id, and by the run's key."""
        self._failed = failed
        self._runs: dict[str, Planned] = {}
        folders = dict(origin.run_folders(root))
        self._there = _There(folders, dict(identity.by_mark(folders)))

    @property
    def runs(self) -> tuple[Planned, ...]:
        """Return the runs that were wanted so far, without their cards."""
        return tuple(self._runs.values())

    def add(self, one: Waiting, now: float, *, wanted: bool) -> Planned | None:
        """Return what becomes of a run; None of one that is not wanted, or not to be had."""
        try:
            run = _planned(one, self._there, now)
        except (FormatError, OSError) as problem:
            self._failed.append(Failed(one.place, said(problem)))
            return None
        self.by_source[one.root, one.ref.key] = run.run_id
        if run.source_id:
            self.by_source[one.root, run.source_id] = run.run_id
        return run if wanted and self._is_first(run) else None

    def _is_first(self, run: Planned) -> bool:
        """Say whether a run is the first of its id, or has a longer history than that one."""
        other = self._runs.get(run.run_id)
        better = other is None or _rank(run) > _rank(other)
        if other is not None:
            kept, less = (run, other) if better else (other, run)
            self._failed.append(Failed(less.waiting.place, f"is the run at {kept.waiting.place}"))
        if better:
            self._keep(run)
        return better

    def _keep(self, run: Planned) -> None:
        self._runs[run.run_id] = run._replace(card=None)

    def taken(self, run_id: str, folder: Path) -> None:
        """Note that a copy is there now."""
        self._there.by_id[run_id] = folder
        self._there.by_mark[mark_of(run_id)] = folder

    def parent_of(self, run: Planned) -> str | None:
        """Return the id here of a run's parent, if that is known by now."""
        if run.parent is None:
            return None
        return self.by_source.get((run.waiting.root, run.parent))

    def linked(self, run: Planned) -> Planned:
        """Return a copy that lacks its parent as one to be made anew, if the parent is known."""
        if run.state != SAME or run.there is None or self.parent_of(run) is None:
            return run
        before = origin.read(run.there)
        if before is None or before.linked:
            return run
        run = run._replace(state=GROWN)
        self._keep(run)
        return run


def _rank(run: Planned) -> tuple[tuple[int, float], bool]:
    """Return what is greater of the one of two copies that is to be taken."""
    return run.reach, run.state == GROWN


def _planned(one: Waiting, there: _There, now: float) -> Planned:
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
        one, card.run_id, run_id, state, folder, card.parent, card,
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
