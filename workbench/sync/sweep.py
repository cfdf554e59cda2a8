"""One look at every source: what is new, what changed, what is gone.

A sweep asks each reader which runs there are, compares stamps with what the
catalogue remembers, reads what differs and stores it in batches, newest first, so
that a large folder fills the table while it is being read. Sweeping twice changes
nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from workbench.catalogue import ingest
from workbench.catalogue.connection import Catalogue, telling_damage
from workbench.catalogue.ingest import Arrival, Known
from workbench.clock import Clock
from workbench.formats.contract import Fault, RunCard, RunRef
from workbench.runs.edits import Held, contested
from workbench.runs.recipe import code_of, recipe
from workbench.settings import Settings
from workbench.sync import copies, doubles
from workbench.sync.amend import amend, is_archived
from workbench.sync.amendments import Amendments
from workbench.sync.arrivals import broken_card, id_before, read_run
from workbench.sync.changes import Changes, joined
from workbench.sync.datasets import DataVersions
from workbench.sync.drift_reports import DriftReports
from workbench.sync.followed import Followed
from workbench.sync.goals import settle_goals
from workbench.sync.journals import Journals
from workbench.sync.keeping import Keeper
from workbench.sync.source_state import SourceState
from workbench.sync.sources import Source

__all__ = ("Changes", "Source", "Sweeper")

_BATCH = 1000
_OF_EDITS, _OF_MODELS, _OF_DATASETS, _OF_DRIFT, _OF_KEEPING = -1, -2, -3, -4, -5
"""Stand for a source where a fault belongs to none."""
_LOOK_AGAIN = 20.0
"""Seconds after which a live run is read again though nothing moved: it may have gone stale."""


class Sweeper:
    """Brings one catalogue up to date with the sources of what was opened.

    Belongs to one thread at a time.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        sources: Sequence[Source],
        clock: Clock,
        *,
        amendments: Amendments | None,
        settings: Settings,
        probe: Callable[[], float],
        journals: Journals | None = None,
        datasets: DataVersions | None = None,
        drift: DriftReports | None = None,
        data_faults: Callable[[], Sequence[Fault]] = tuple,
        keeper: Keeper | None = None,
        followed: Followed | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._sources: Sequence[Source] = ()
        self._clock = clock
        self._amendments = amendments
        self._journals = journals
        self._datasets = datasets
        self._drift = drift
        self._data_faults = data_faults
        """Of datasets that are followed by somebody else, in another thread."""
        self._keeper = keeper
        self._followed = followed
        self._settings = settings
        self._probe = probe
        self._states: list[SourceState] = []
        self.set_sources(sources)
        self._settle_seeds()
        self._sweeps = 0
        self._faults: Sequence[Fault] | None = None
        self._amended: frozenset[str] = frozenset()
        """Runs whose edits changed since the last sweep that came to its end."""

    @property
    def unfinished(self) -> bool:
        """Say whether the last sweep had no time to look everywhere."""
        return any(state.unfinished for state in self._states)

    def live_folders(self) -> list[Path]:
        """Return the folders of runs that are going on: a change shows there first."""
        return [
            source.folder_of(key)
            for source, state in zip(self._sources, self._states, strict=True)
            for key, known in state.known.items()
            if known.live
        ]

    def run_folders(self) -> list[Path]:
        """Return the folders in which runs appear, those of the newest runs first."""
        found = {
            (source.root, key.partition("#")[0].rpartition("/")[0]): None
            for source, state in zip(self._sources, self._states, strict=True)
            if not source.is_file
            for key in reversed(state.known)
        }
        roots = dict.fromkeys(source.folder_of("") for source in self._sources)
        return [*roots, *(root / parent for root, parent in found)]

    def model_folders(self) -> list[Path]:
        """Return the folders in which models and their events appear, the newest first."""
        return self._journals.folders() if self._journals else []

    def dataset_folders(self) -> list[Path]:
        """Return the folders in which datasets and their versions appear, the newest first."""
        return self._datasets.folders() if self._datasets else []

    def drift_folders(self) -> list[Path]:
        """Return the folders in which monitors and their reports appear, the newest first."""
        return self._drift.folders() if self._drift else []

    def set_sources(self, sources: Sequence[Source]) -> None:
        """Look at these folders from now on; what is known of those that stay is kept."""
        named = [(source.reader.name, source.label) for source in sources]
        if self._states and named == [(s.reader.name, s.label) for s in self._sources]:
            self._sources = sources
            return
        with telling_damage(self._catalogue):
            numbers = ingest.set_sources(self._catalogue, named)
            before = {state.number: state for state in self._states}
            self._sources = sources
            self._states = [
                before.get(number)
                or SourceState(number, ingest.known_runs(self._catalogue, number))
                for number in (numbers[name] for name in named)
            ]
            for source, state in zip(sources, self._states, strict=True):
                state.root = source.root
                if state.number not in before:
                    copies.remember(self._catalogue, state)
                if state.doubles:  # who is named first may have changed
                    state.doubles, state.refs = {}, None

    def do_over(self) -> None:
        """Let the next sweep find what an earlier one was told to leave out."""
        for state in self._states:
            state.refs = None
        if self._journals:
            self._journals.do_over()
        if self._datasets:
            self._datasets.do_over()
        if self._drift:
            self._drift.do_over()

    def set_settings(self, settings: Settings) -> None:
        """Take over what ``workbench.toml`` says now."""
        self._settings = settings
        self._settle_seeds()
        self._set_goals()

    def _settle_seeds(self) -> None:
        """Have every run read again if other params count as seeds than when it was stored."""
        if ingest.same_seeds(self._catalogue, self._settings.seeds):
            return
        for state in self._states:
            state.refs = None
            state.known = {key: replace(known, stamp=0) for key, known in state.known.items()}

    def sweep(
        self,
        on_batch: Callable[[Changes], None] = lambda _: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Changes:
        """Look everywhere once; return all that changed.

        Args:
            on_batch: Called after every batch that was stored.
            stopped: Asked between batches; true ends the sweep early. What was not read then
                is left until something moves near it, or until `do_over`.

        Raises:
            WorkbenchError: The catalogue is damaged.
        """
        with telling_damage(self._catalogue):
            return self._sweep(on_batch, stopped)

    def _sweep(self, on_batch: Callable[[Changes], None], stopped: Callable[[], bool]) -> Changes:
        self._sweeps += 1
        if self._followed:
            self._followed.look()
        if self._amendments:
            self._amended |= self._amendments.look().runs
        amended = self._amended
        now = self._probe()
        total = Changes(edits=bool(amended), initial=self._sweeps == 1)
        for source, state in zip(self._sources, self._states, strict=True):
            for part in self._sweep_source(source, state, amended, now):
                total = joined(total, part)
                on_batch(part)
                if stopped():
                    state.refs = state.surveyed
                    return total
        self._amended = frozenset()
        for part in self._sweep_others():
            total = joined(total, part)
            on_batch(part)
            if stopped():
                return total
        faults = self._set_faults()
        if total.new or total.changed or self._sweeps == 1:
            self._set_goals()
        return total._replace(faults=faults or total.faults, waiting=0)

    def _sweep_others(self) -> Iterator[Changes]:
        """Look at models, datasets and reports of drift."""
        initial = self._sweeps == 1
        for model in self._journals.look() if self._journals else ():
            yield Changes(models=model.models, waiting=model.waiting, initial=initial)
        for data in self._datasets.look() if self._datasets else ():
            yield Changes(datasets=data.datasets, waiting=data.waiting, initial=initial)
        for drift in self._drift.look() if self._drift else ():
            yield Changes(drift=drift.monitors, waiting=drift.waiting, initial=initial)

    def _sweep_source(
        self, source: Source, state: SourceState, amended: frozenset[str], now: float
    ) -> Iterator[Changes]:
        if self._followed and self._followed.is_away(source.label):
            state.faults, state.unseen = (), state.unseen | amended
            return
        amended, state.unseen = amended | state.unseen, frozenset()
        try:
            survey = source.reader.survey(source.root, state.memory)
        except Exception as error:  # noqa: BLE001 - one of many must not stop the others
            reason = getattr(error, "strerror", None) or error
            state.faults = [Fault(source.label, f"cannot be read: {reason}")]
            return
        state.memory, state.faults, state.unfinished = survey[1:]
        same = survey.refs is state.refs  # a reader hands out the same mapping if nothing moved
        state.refs, state.surveyed = None, survey.refs  # a sweep that fails is done over
        if self._keeper and not same:
            self._keeper.missing(source.label, source.root, survey.refs.keys())
        gone = [] if same else [key for key in state.known if key not in survey.refs]
        if not same:
            state.doubles = {k: one for k, one in state.doubles.items() if k in survey.refs}
        if gone:
            runs = [state.known[key].run for key in gone]
            doubles.freed(frozenset(state.known[k].run_id for k in gone), state, self._states)
            ingest.forget(self._catalogue, runs)
            state.known = {k: known for k, known in state.known.items() if k in survey.refs}
            state.broken = {k: ref for k, ref in state.broken.items() if k in survey.refs}
            state.late = {k: fault for k, fault in state.late.items() if k in survey.refs}
            yield Changes(gone=frozenset(runs))
        if not same:
            state.live = [ref for ref in survey.refs.values() if ref.live]
        live: Iterable[RunRef] = [*state.live, *state.broken.values()]
        candidates = live if same and not amended else survey.refs.values()
        wanted = self._wanted(candidates, state, amended)
        waiting = len(wanted)
        batches = iter(wanted)
        while batch := list(islice(batches, _BATCH)):
            waiting -= len(batch)
            changes = self._take_in(source, state, batch, now)
            yield changes._replace(waiting=waiting, initial=self._sweeps == 1)
        state.faults = [*state.faults, *state.late.values(), *doubles.said(state, source.label)]
        state.refs = survey.refs

    def _wanted(
        self, candidates: Iterable[RunRef], state: SourceState, amended: frozenset[str]
    ) -> list[RunRef]:
        """Return the runs to read, newest first."""
        at = self._clock.steady()
        wanted = []
        for ref in candidates:
            known, double = state.known.get(ref.key), state.doubles.get(ref.key)
            if double is not None and double.stamp == ref.stamp:
                continue
            if (
                known is None
                or ref.stamp == 0
                or known.stamp != ref.stamp
                or known.live != ref.live
                or (amended and known.run_id in amended)
                or (
                    (ref.live or ref.key in state.broken)
                    and at - state.read_at.get(ref.key, 0.0) > _LOOK_AGAIN
                )
            ):
                wanted.append(ref)
        wanted.sort(key=lambda ref: ref.key.rpartition("/")[2], reverse=True)
        return wanted

    def _take_in(
        self, source: Source, state: SourceState, refs: Sequence[RunRef], now: float
    ) -> Changes:
        """Read some runs and store them."""
        read = (self._arrival(source, state, ref, now) for ref in refs)
        everything = [arrival for arrival in read if arrival is not None]
        arrivals, double = doubles.parted(everything, state, self._states)
        displaced = self._displace(state, arrivals) | self._forget(doubles.hide(state, double))
        try:
            after = ingest.store(self._catalogue, arrivals, state.known, self._sweeps)
        except Exception:  # noqa: BLE001 - one of many must not stop the others
            after = self._store_singly(source, state, arrivals)
        copies.note(state, arrivals)
        for key in after:
            state.doubles.pop(key, None)
        displaced |= self._forget(doubles.taken(after, state, self._states))
        new = frozenset(k.run for key, k in after.items() if key not in state.known)
        changed = frozenset(k.run for key, k in after.items() if key in state.known)
        state.known.update(after)
        behind = frozenset(copies.hide(self._catalogue, after, state, self._states))
        displaced |= self._forget(sorted(behind))
        at = self._clock.steady()
        state.read_at.update((ref.key, at) for ref in refs if ref.live or ref.key in state.broken)
        return Changes(changed=changed - behind, new=new - behind, gone=displaced)

    def _displace(self, state: SourceState, arrivals: Sequence[Arrival]) -> frozenset[int]:
        """Forget the runs in whose place there is another one now; return their numbers."""
        keys = [
            one.ref.key
            for one in arrivals
            if one.ref.key in state.known
            and one.ref.key not in state.broken
            and state.known[one.ref.key].run_id != one.card.run_id
        ]
        doubles.freed(frozenset(state.known[key].run_id for key in keys), state, self._states)
        return self._forget([state.known.pop(key).run for key in keys])

    def _forget(self, runs: Sequence[int]) -> frozenset[int]:
        if runs:
            ingest.forget(self._catalogue, runs)
        return frozenset(runs)

    def _store_singly(
        self, source: Source, state: SourceState, arrivals: Sequence[Arrival]
    ) -> dict[str, Known]:
        """Store runs one by one; one that cannot be stored is a run with nothing but a fault."""
        after: dict[str, Known] = {}
        for arrival in arrivals:
            try:
                one = ingest.store(self._catalogue, [arrival], state.known, self._sweeps)
            except Exception as error:  # noqa: BLE001
                card = broken_card(source, state, arrival.ref, error)
                broken = replace(arrival, card=card, progress=b"")
                one = ingest.store(self._catalogue, [broken], state.known, self._sweeps)
            after.update(one)
        return after

    def _arrival(
        self, source: Source, state: SourceState, ref: RunRef, now: float
    ) -> Arrival | None:
        """Read one run; None if what is known of it is to stay for now."""
        found = read_run(source, state, ref, now, self._keeper)
        if found is None:
            return None
        card, progress = found
        held: Mapping[str, Held] = {}
        if self._amendments:
            held = self._amendments.of(card.run_id, id_before(source, ref, card))
        return Arrival(
            state.number, ref, amend(card, held), progress, is_archived(card, held),
            contested(held), self._recipe(card),
        )  # fmt: skip

    def _recipe(self, card: RunCard) -> str:
        facts = card.facts
        code = code_of(facts.get("commit"), facts, card.tags, dirty=facts.get("dirty"))
        return recipe(card.experiment, card.params, self._settings.seeds, card.run_id, code)

    def _set_faults(self) -> bool:
        """Store the faults of folders; return whether they changed."""
        edits = tuple(self._amendments.faults.values()) if self._amendments else ()
        found = [(state.number, tuple(state.faults)) for state in self._states]
        models = self._journals.faults if self._journals else ()
        datasets = (*(self._datasets.faults if self._datasets else ()), *self._data_faults())
        drift = self._drift.faults if self._drift else ()
        everything = [fault for _, faults in found for fault in faults]
        keeping = tuple(self._keeper.faults.values()) if self._keeper else ()
        everything += [*edits, *models, *datasets, *drift, *keeping]
        if everything == self._faults:
            return False
        changed = self._faults is not None or bool(everything)
        self._faults = everything
        for number, faults in found:
            ingest.set_faults(self._catalogue, number, faults)
        ingest.set_faults(self._catalogue, _OF_EDITS, edits)
        ingest.set_faults(self._catalogue, _OF_MODELS, models)
        ingest.set_faults(self._catalogue, _OF_DATASETS, datasets)
        ingest.set_faults(self._catalogue, _OF_DRIFT, drift)
        ingest.set_faults(self._catalogue, _OF_KEEPING, keeping)
        return changed

    def _set_goals(self) -> None:
        """Settle every metric's direction: settings, then scripts, then a guess by name."""
        settle_goals(self._catalogue, self._settings.goals)
