"""Copying the runs of any tool's folder into the workspace: the whole of an import."""

import os
from collections.abc import Collection, Iterator, Sequence
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.errors import FormatError, NotAllowedError, StoppedError
from workbench.operations.edits import actor
from workbench.operations.importing import choosing, copying, native_copying
from workbench.operations.importing.draft import has_markers, mark_done, settle
from workbench.operations.importing.finding import Found, found_at
from workbench.operations.importing.planning import Plan
from workbench.operations.importing.registered import TakenModel, take_models
from workbench.operations.importing.report import Due, Report, keep
from workbench.operations.importing.values import (
    GROWN,
    NEW,
    OLDER,
    OURS,
    SAME,
    Failed,
    Options,
    Planned,
    Stop,
    Taken,
    Tell,
    Waiting,
)
from workbench.runfolder import experiment_folder

if TYPE_CHECKING:
    from workbench.operations.session import Session

_MOST_CARDS: Final = 2_000
"""Cards held of runs whose parent comes later; of more runs they are read a second time."""


def import_runs(
    session: "Session",
    path: Path,
    options: Options,
    tell: Tell = lambda *_: None,
    stop: Stop = lambda: False,
) -> Report:
    """Copy the runs at a path, and the models registered there, into the workspace.

    What is there already is left as it is, so that an import can be stopped, killed and repeated.
    A run that has grown since is replaced by a new copy, unless the options say otherwise.

    Args:
        session: The workspace.
        path: A folder of any known tool, or a file of runs.
        options: What of it.
        tell: Told how far it is.
        stop: Asked whether to end.

    Returns:
        What was done, and what could not be carried over; kept in ``reports/imports/`` too.

    Raises:
        NotFoundError: There are no runs at the path.
        UsageError: It is in the workspace already, or the filter cannot be read.
        NotAllowedError: The workspace cannot be written; what was copied before stays.
        StoppedError: A person asked for the end; what was copied before stays.
    """
    root = session.require_writable()
    found = found_at(path, Path(os.path.realpath(root)))
    wanted = {one.place for one in choosing.chosen(found, path, options.only)}
    if not options.dry:
        settle(root)
    work = _Import(session, root, options, tell, stop, list(found.failed))
    try:
        work.copy(found.waiting, wanted)
        if not options.dry:
            work.register(found)
    except BaseException:
        work.kept(path)  # what was done before is told too
        raise
    return work.report(path) if options.dry else work.kept(path)


class _Import:
    """One import while it goes on."""

    def __init__(
        self,
        session: "Session",
        root: Path,
        options: Options,
        tell: Tell,
        stop: Stop,
        failed: list[Failed],
    ) -> None:
        self.failed = failed
        self._session = session
        self._root = root
        self._options = options
        self._tell = tell
        self._stop = stop
        self._plan = Plan(root, failed)
        self._taken: dict[str, Taken] = {}
        self._models: Sequence[TakenModel] = ()
        self._edits = 0
        self._beaten = 0
        """Runs that another import copied meanwhile."""

    def copy(self, waiting: Sequence[Waiting], wanted: Collection[str]) -> None:
        """Copy every run that is new or has grown, and what people changed of them.

        Each is copied as soon as it has been read, so that what is killed has done something; only
        a run whose parent has not been met yet waits until all are read.
        """
        try:
            for run in self._in_order(waiting, wanted):
                if self._is_due(run) and not self._options.dry:
                    self._one(run)
            if not self._options.dry:
                self._mark(self._plan.runs)
                self._copy_edits(self._plan.runs)
        except OSError as problem:
            raise self._cannot_write(problem, len(wanted)) from None
        except StoppedError:
            raise self._stopped(len(wanted)) from None

    def _in_order(self, waiting: Sequence[Waiting], wanted: Collection[str]) -> Iterator[Planned]:
        """Yield the runs, parents before those who name them where that is to be had."""
        later: dict[str, Planned] = {}
        for number, one in enumerate(waiting):
            if self._stop():
                raise StoppedError("Stopped.")
            self._tell(number, len(waiting), f"Reading and copying {one.ref.key}")
            run = self._plan.add(one, self._session.clock.now(), wanted=one.place in wanted)
            if run is None:
                continue
            if run.parent is None or self._plan.parent_of(run) is not None:
                later.pop(run.run_id, None)
                yield self._plan.linked(run)
            else:
                later[run.run_id] = run if len(later) < _MOST_CARDS else run._replace(card=None)
        for number, run in enumerate(later.values()):
            self._tell(number, len(later), f"Copying {run.waiting.ref.key}")
            yield self._plan.linked(run)

    def _is_due(self, run: Planned) -> bool:
        return run.state == NEW or (run.state == GROWN and self._options.update)

    def _one(self, run: Planned) -> None:
        if self._stop():
            raise StoppedError("Stopped.")
        order = copying.Order(
            self._root, run, self._plan.parent_of(run), self._session.clock.now(),
            self._options.artifacts, self._stop,
        )  # fmt: skip
        take = native_copying.take if _is_native(run) else copying.take
        try:
            taken = take(order)
        except FormatError as problem:
            self.failed.append(Failed(run.waiting.place, problem.message))
            return
        if taken is None:
            self._beaten += 1
            return
        self._taken[run.run_id] = taken
        home = experiment_folder(self._root, taken.experiment)
        self._plan.taken(run.run_id, home / run.run_id)

    def _mark(self, runs: Sequence[Planned]) -> None:
        """Create the markers that an import killed in that moment did not come to."""
        for run in runs:
            if run.state != SAME or run.there is None or _is_native(run):
                continue
            names = copying.markers_of(run.there)
            if names and not has_markers(run.there, names):
                mark_done(run.there, names)

    def _copy_edits(self, runs: Sequence[Planned]) -> None:
        """Copy later edits of runs of other workspaces, of those copied before too."""
        by_root: dict[Path, list[str]] = {}
        for run in runs:
            if _is_native(run) and run.state != OURS:
                by_root.setdefault(run.waiting.root, []).append(run.run_id)
        for there, ids in by_root.items():
            self._edits += native_copying.take_edits(there, self._root, set(ids), self.failed)

    def register(self, found: Found) -> None:
        """Register the models that are registered at the source."""
        if self._options.registry and not self._options.only:
            ids = self._plan.by_source
            self._models = take_models(
                self._session, found.stores, ids, self.failed, self._tell, self._stop
            )

    def report(self, path: Path) -> Report:
        """Return what was done."""
        runs = self._plan.runs
        due = [run for run in runs if self._is_due(run)]
        same = sum(run.state in (SAME, OURS) for run in runs) + self._beaten
        grown = sum(run.state == GROWN for run in runs)
        return Report(
            os.fspath(path), self._options.dry, len(runs),
            tuple(Due(one.run_id, one.waiting.place, one.state, one.size) for one in due),
            tuple(self._taken.values()), same,
            0 if self._options.update else grown,
            tuple(run.waiting.place for run in runs if run.state == OLDER),
            self._edits, tuple(self._models), tuple(self.failed), self._hints(path),
        )  # fmt: skip

    def _hints(self, path: Path) -> tuple[str, ...]:
        """Say where runs will be listed twice: copied, and read where they are."""
        here = Path(os.path.realpath(path.expanduser()))
        for folder in self._session.settings.sources:
            followed = Path(os.path.realpath(self._root / folder))
            if here.is_relative_to(followed) or followed.is_relative_to(here):
                said = (
                    f"workbench.toml follows {folder}: take it out there, or runs are listed twice."
                )
                return (said,)
        return ()

    def kept(self, path: Path) -> Report:
        """Return what was done, kept in the workspace where that is still to be had."""
        report = self.report(path)
        try:
            return keep(report, self._root, self._session.clock.now(), actor(self._session))
        except OSError:
            return report

    def _stopped(self, wanted: int) -> StoppedError:
        return StoppedError(
            f"Stopped: {self._done(wanted)}.", hint="The same command goes on from there."
        )

    def _cannot_write(self, problem: OSError, wanted: int) -> NotAllowedError:
        full = problem.errno in (ENOSPC, EDQUOT)
        why = "its disk is full" if full else problem.strerror or str(problem)
        return NotAllowedError(
            f"{self._root} cannot be written: {why}; {self._done(wanted)}.",
            hint="Make room, then say the same again." if full else "",
        )

    def _done(self, wanted: int) -> str:
        here = sum(not self._is_due(run) for run in self._plan.runs)
        return f"{words.count(len(self._taken))} of {words.plural(wanted - here, 'run')} copied"


def _is_native(run: Planned) -> bool:
    return run.waiting.reader.name == "native"
