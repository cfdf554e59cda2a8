"""The journals of all models, kept up with in the catalogue.

Events never change and their numbers have no gaps, so one look at a folder's time, or at
whether the next number is there, says whether a model has to be read. What is read is
folded and stored whole: a model's rows are never of two moments.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.catalogue import journals as stored
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.journals import Folded, KnownModel
from workbench.clock import Clock
from workbench.errors import FormatError, WorkbenchError
from workbench.formats.contract import Fault
from workbench.registry.event import Event, Reading, Unreadable
from workbench.registry.folding import fold
from workbench.registry.followed import followed_journal
from workbench.registry.journal import EVENTS, REGISTRY, models
from workbench.sync.turns import Turns

_ALL = ""
"""The folder of all models; no model can be called so."""
_BATCH_EVENTS = 2000
_NONE = KnownModel(0, 0, "", 0.0, "", "")[1:]
_KEPT_EVENTS = 2000
"""Events kept in memory, so that one more on a long journal does not have it read anew."""


class Looked(NamedTuple):
    """What a part of a look brought."""

    models: frozenset[str]
    """Those whose rows changed, came or went."""
    waiting: int = 0
    """Models seen but not yet read."""


class Journals:
    """Brings the registry's part of one catalogue up to date; belongs to one thread at a time."""

    def __init__(self, workspace: Path, catalogue: Catalogue, clock: Clock) -> None:
        self._root = workspace
        self._catalogue = catalogue
        self._known: dict[str, KnownModel] = stored.known_models(catalogue)
        self._names: Sequence[str] = ()
        self._folders: dict[str, str] = {}
        self._turns = Turns(clock, sorted(self._known, key=self._changed_at))
        self._quiet: dict[str, int] = {}
        """Stamps of models that need no closer look while they are the same."""
        self._kept: dict[str, tuple[Event, ...]] = {}
        self._lost = ""
        """Why the folder of all models cannot be listed."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return the first event of every journal that does not fit."""
        own = [Fault(REGISTRY, self._lost)] if self._lost else []
        broken = [one for _, one in sorted(self._known.items()) if one.broken_reason]
        return (*own, *(Fault(one.broken_path, one.broken_reason) for one in broken))

    def folders(self) -> list[Path]:
        """Return the folders in which something may appear, the most telling first."""
        newest = [Path(self._folder(model)) for model in self._turns.newest()]
        return [self._root / REGISTRY, *newest] if self._names else []

    def do_over(self) -> None:
        """Let the next look be at every model, however long it takes."""
        self._turns.do_over()

    def look(self) -> Iterator[Looked]:
        """Find models that changed, came or went, and store them, the newest first."""
        self._list()
        wanted = self._changed()
        gone = set(self._known) - set(self._names)
        gone |= {model for model, stamp in wanted.items() if stamp is None} & set(self._known)
        if gone:
            self._forget(gone)
            yield Looked(frozenset(gone), len(wanted))
        there = {model: stamp for model, stamp in wanted.items() if stamp is not None}
        left = len(there)
        for batch in self._read(there):
            left -= len(batch)
            changed = self._store(batch)
            if changed or left:
                yield Looked(changed, left)

    def _list(self) -> None:
        """List the models again if one may have come or gone."""
        try:
            stamp = os.stat(self._root / REGISTRY).st_mtime_ns  # noqa: PTH116 - one of many
            if self._turns.is_settled(_ALL, stamp) and not self._turns.everything:
                return
            self._names = models(self._root)
            self._lost = ""
        except FileNotFoundError:
            self._names, self._lost = (), ""
            self._turns.lose(_ALL)
            return
        except OSError as error:  # out of reach is not gone
            self._names = self._names or tuple(self._known)
            self._lost = f"cannot be read: {error.strerror or error}"
            return
        except FormatError as error:
            self._names = self._names or tuple(self._known)
            self._lost = error.message
            return
        self._turns.saw(_ALL, stamp)

    def _changed(self) -> dict[str, int | None]:
        """Return the models to read and the stamp of their events; None where there are none."""
        wanted: dict[str, int | None] = {}
        for model in self._turns.of(self._names):
            try:
                stamp = os.stat(self._folder(model)).st_mtime_ns  # noqa: PTH116 - the hot path
            except (FileNotFoundError, NotADirectoryError) as error:
                self._turns.lose(model)
                if isinstance(error, FileNotFoundError) and not self._is_link(model):
                    wanted[model] = None
                    continue
                stamp = 0  # no folder: a journal that cannot be read, and says why
            except OSError:
                continue  # out of reach; what is known of it stands
            if self._quiet.get(model) == stamp:
                continue
            if self._moved(model, stamp):
                wanted[model] = stamp
        return wanted

    def _is_link(self, model: str) -> bool:
        return (self._root / REGISTRY / model).is_symlink()

    def _moved(self, model: str, stamp: int) -> bool:
        """Say whether a model is to be read."""
        self._quiet.pop(model, None)
        known, seen = self._known.get(model), self._turns.stamp(model)
        if known is None or stamp != (known.stamp if seen is None else seen):
            return True
        self._turns.saw(model, stamp)
        if known.broken_reason:
            return self._turns.to_try_again(model)
        if self._turns.is_settled(model, stamp):
            self._quiet[model] = stamp
            return False
        return os.path.exists(os.path.join(self._folder(model), f"{known.seq + 1:010d}.json"))  # noqa: PTH110, PTH118

    def _folder(self, model: str) -> str:
        """Return the folder of a model's events; made once, for there may be a thousand."""
        found = self._folders.get(model)
        if found is None:
            found = self._folders[model] = str(self._root / REGISTRY / model / EVENTS)
        return found

    def _read(self, wanted: dict[str, int]) -> Iterator[list[Folded]]:
        """Read and fold models, the newest first; yield them in batches."""
        batch: list[Folded] = []
        for model in sorted(wanted, key=lambda model: -wanted[model]):
            batch.append(self._folded(model, wanted[model]))
            if sum(len(folded.state.events) for folded in batch) >= _BATCH_EVENTS:
                yield batch
                batch = []
        if batch:
            yield batch

    def _folded(self, model: str, stamp: int) -> Folded:
        """Read one model; one that cannot be read is a model that says why."""
        self._turns.tried(model)
        self._turns.saw(model, stamp)
        try:
            journal = followed_journal(self._root, model)
            reading = journal.read(known=self._kept.pop(model, ()))
            state = fold(model, reading)
        except Exception as error:  # noqa: BLE001 - one of many must not stop the others
            return Folded(fold(model, _nothing(model, error)), stamp)
        self._keep(model, state.events)
        return Folded(state, stamp)

    def _keep(self, model: str, events: tuple[Event, ...]) -> None:
        self._kept[model] = events
        held = sum(map(len, self._kept.values()))
        for other in list(self._kept)[:-1]:
            if held <= _KEPT_EVENTS:
                return
            held -= len(self._kept.pop(other))

    def _store(self, batch: list[Folded]) -> frozenset[str]:
        """Store models and return those that are not as they were."""
        try:
            stored.store(self._catalogue, batch)
        except Exception:  # noqa: BLE001 - one of many must not stop the others
            batch = [self._stored_alone(folded) for folded in batch]
        changed = set()
        for folded in batch:
            model, now = folded.state.model, stored.known(folded)
            before = self._known.get(model)
            self._known[model] = now
            if (before[1:] if before else _NONE) != now[1:]:
                changed.add(model)
        for model in sorted(changed, key=self._changed_at):
            self._turns.changed(model)
        return frozenset(changed)

    def _changed_at(self, model: str) -> float:
        return self._known[model].changed

    def _stored_alone(self, folded: Folded) -> Folded:
        """Store one model; one that cannot be stored is a model that says why."""
        try:
            stored.store(self._catalogue, [folded])
        except Exception as error:  # noqa: BLE001
            model = folded.state.model
            folded = Folded(fold(model, _nothing(model, error)), folded.stamp)
            stored.store(self._catalogue, [folded])
        return folded

    def _forget(self, gone: set[str]) -> None:
        stored.forget(self._catalogue, sorted(gone))
        for model in gone:
            self._turns.forget(model)
            for remembered in (self._known, self._quiet, self._kept):
                remembered.pop(model, None)


def _nothing(model: str, error: Exception) -> Reading:
    reason = error.message if isinstance(error, WorkbenchError) else str(error).partition("\n")[0]
    path = f"{REGISTRY}/{model}/{EVENTS}"
    return Reading((), Unreadable(1, path, reason or type(error).__name__))
