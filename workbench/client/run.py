"""A run, as a training script holds it.

Every public method checks what it is given before anything is written, so that a
wrong call changes nothing; and none of them fails because of a disk.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from workbench.client import active
from workbench.client.checks import (
    metric_rule,
    metric_value,
    note_text,
    plain,
    plain_params,
    step_number,
    tag_texts,
    whole_text,
)
from workbench.client.companions import Companions
from workbench.client.endings import lines_of, status_of, undisturbed
from workbench.client.points import metric_fields, metric_key, metric_line, unusual
from workbench.clock import SYSTEM
from workbench.durable import replace
from workbench.errors import UsageError
from workbench.runfolder import (
    ARTIFACTS,
    ENDS,
    FAILED,
    FINISHED,
    KILLED,
    checked_name,
    experiment_folder,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from types import TracebackType

    from workbench.client.keeper import Keeper

_now = SYSTEM.now


class Run:
    """One execution of a training script, open for logging.

    Made by `workbench.start_run`. Safe to use from several threads; pickled into
    another process or carried over a fork it goes on there as a writer of its own.
    """

    def __init__(self, keeper: Keeper, name: str, experiment: str) -> None:
        self._keeper = keeper
        self._name = name
        self._experiment = experiment
        self._keys: dict[str, str] = {}
        self._next_step = 0
        self._ended = False
        self._ending = threading.RLock()
        self._companions: Companions | None = None
        self._noted: tuple[str, list[str]] = (FINISHED, [])

    # -- what it is ------------------------------------------------------------------

    @property
    def id(self) -> str:
        """The run's id, for resuming it and for finding it again."""
        return self._keeper.origin.run_id

    @property
    def name(self) -> str:
        """The run's name, for people."""
        return self._name

    @property
    def experiment(self) -> str:
        """The experiment the run belongs to."""
        return self._experiment

    @property
    def folder(self) -> Path:
        """The run's folder in the workspace; not there yet while the run is in the spool."""
        return experiment_folder(self._keeper.origin.root, self._experiment) / self.id

    @property
    def workspace(self) -> Path:
        """The workspace the run belongs to."""
        return self._keeper.origin.root

    @property
    def next_step(self) -> int:
        """The step of the next values logged without one."""
        return self._next_step

    @property
    def ended(self) -> bool:
        """Whether the run has been finished in this process."""
        return self._ended

    def __repr__(self) -> str:
        return f"<Run {self._name!r} {self.id} {'ended' if self._ended else 'open'}>"

    # -- logging ---------------------------------------------------------------------

    def log(
        self, metrics: Mapping[str, Any], step: int | None = None, time: float | None = None
    ) -> None:
        """Log metrics at one step.

        Args:
            metrics: Name to number; NaN and the infinities are kept as such.
            step: A whole number; without one, one more than the last.
            time: Seconds since 1970, for values measured earlier; default now.

        Raises:
            UsageError: A value is not a number, a name cannot be, or the run has ended.
        """
        if self._ended:
            raise self._over()
        keys = self._keys
        fields = []
        points = []
        for name, value in metrics.items():
            key = keys.get(name)
            if key is None:
                key = keys[name] = metric_key(name)
            if type(value) is not float:
                value = metric_value(name, value)  # noqa: PLW2901 - the hot path
            points.append((name, value))
            fields.append(key + (repr(value) if value - value == 0.0 else unusual(value)))
        if not fields:
            return
        if step is None:
            step = self._next_step
        elif type(step) is not int:
            step = step_number(step)
        self._next_step = step + 1
        line = metric_line(fields, step, _now() if time is None else time)
        self._keeper.points(line, points, step)

    def log_unstepped(self, metrics: Mapping[str, Any]) -> None:
        """Log values that belong to no step, by time alone; the count of steps stays as it is.

        For what is known once, or measured beside the training. After the end it does
        nothing, because a thread beside the script may come late.

        Raises:
            UsageError: A value is not a number, or a name cannot be.
        """
        points = [(name, metric_value(name, value)) for name, value in metrics.items()]
        fields = metric_fields(points)
        if fields and not self._ended:
            self._keeper.points(metric_line(fields, None, _now()), points, None)

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Add params, nested as you like; the last value of a name counts.

        Raises:
            UsageError: A value cannot be written as JSON, or the run has ended.
        """
        self._update("params", params=plain_params(params))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags by name; a value of None takes the tag away.

        Raises:
            UsageError: A value is not text, or the run has ended.
        """
        self._update("tags", tags=tag_texts(tags))

    def set_note(self, note: str) -> None:
        """Replace the note.

        Raises:
            UsageError: It is not text, or the run has ended.
        """
        self._update("note", note=note_text(note))

    def set_name(self, name: str) -> None:
        """Give the run another name.

        Raises:
            UsageError: It cannot be a name, or the run has ended.
        """
        self._update("name", name=checked_name(name, "run"))
        self._name = name

    def set_fact(self, name: str, value: Any) -> None:
        """Record a fact about the run that is neither param, metric nor tag.

        Raises:
            UsageError: It cannot be written as JSON, or the run has ended.
        """
        self._update("fact", facts={checked_name(name, "fact"): plain(value, name)})

    def define_metric(
        self,
        name: str,
        goal: str | None = None,
        summary: str | None = None,
        step_metric: str | None = None,
    ) -> None:
        """Say of a metric which direction is good and what stands for its curve.

        Args:
            name: The metric.
            goal: "min" or "max".
            summary: "last", "min", "max" or "best".
            step_metric: The metric to draw it against.

        Raises:
            UsageError: A word is none of these, or the run has ended.
        """
        rule = metric_rule(goal, summary, step_metric)
        self._update("rule", metric=checked_name(name, "metric"), **rule)

    def log_artifact(self, path: str | os.PathLike[str], name: str | None = None) -> None:
        """Copy a file, or a folder with all below it, into the run.

        Args:
            path: What to copy.
            name: Its name below ``artifacts/``, with ``/``; default its own.

        Raises:
            NotFoundError: There is nothing at ``path``.
            UsageError: The name leads out of the run, or the run has ended.
        """
        if self._ended:
            raise self._over()
        from workbench.client.artifacts import copy_in, sources  # noqa: PLC0415 - not always used

        for source in sources(path, name):
            size = source.file.stat().st_size
            self._keeper.attempt(partial(copy_in, source))
            self._update("artifact", path=source.name, size=size)

    def log_bytes(self, data: bytes, name: str) -> None:
        """Write a file into the run.

        Args:
            data: Its content.
            name: Its name below ``artifacts/``, with ``/``.

        Raises:
            UsageError: The name leads out of the run, or the run has ended.
        """
        if self._ended:
            raise self._over()
        from workbench.client.artifacts import artifact_name  # noqa: PLC0415 - not always used

        goal = artifact_name(name)
        self._keeper.attempt(
            lambda place: replace(place.run / ARTIFACTS / goal, data, temp=place.temp)
        )
        self._update("artifact", path=goal, size=len(data))

    def log_dataset(
        self,
        data: Any,
        name: str | None = None,
        role: str = "training",
        *,
        version: str | None = None,
        source: str | None = None,
    ) -> dict[str, Any]:
        """Record what the run was trained or tested on: name, path, hash, schema and rows.

        Args:
            data: A path to a file or folder, an address, or a pandas, polars or Arrow table.
            name: What to call it; default the file's name.
            role: "training", "validation", "test" or your own word.
            version: Your own word for its state.
            source: Where a table came from.

        Returns:
            What was recorded; what could not be known with the standard library is None.

        Raises:
            NotFoundError: There is nothing at that path.
            UsageError: It is neither a path nor a table, or the run has ended.
        """
        if self._ended:
            raise self._over()
        from workbench.client.datasets import describe  # noqa: PLC0415 - not always used

        facts = describe(data, name, checked_name(role, "role"), self.workspace)
        own = {"version": version, "source": source}
        facts.update({key: whole_text(str(word)) for key, word in own.items() if word is not None})
        self._update("dataset", **facts)
        return facts

    def _update(self, kind: str, **fields: Any) -> None:
        if self._ended:
            raise self._over()
        self._keeper.update(kind, **fields)

    def _over(self) -> UsageError:
        return UsageError(
            f"Run {self._name!r} has ended; nothing can be logged to it.",
            hint=f"Resume it with workbench.start_run(run_id={self.id!r}).",
        )

    # -- ending ----------------------------------------------------------------------

    def finish(self, status: str = FINISHED, *, error: Iterable[str] = ()) -> None:
        """End the run; a second call does nothing.

        Args:
            status: "FINISHED", "FAILED" or "KILLED".
            error: Lines that say what went wrong.

        Raises:
            UsageError: The status is none of these.
        """
        if status not in ENDS:
            raise UsageError(f"A run ends as {', '.join(ENDS)}, not {status!r}.")
        with undisturbed(), self._ending:
            if self._ended:
                return
            self._ended = True
            try:
                self._end(status, list(error))
            except BaseException:  # Ctrl-C at the end: the end of the process tries again
                self._ended = False
                active.adopt(self)
                raise

    def _end(self, status: str, error: list[str]) -> None:
        active.drop(self)
        if self._companions is not None:
            self._companions.stop()
        self._keeper.finish(status, error)

    def note_end(self, status: str, error: list[str]) -> None:
        """Remember how the process ends, for `finish_noted`."""
        self._noted = (status, error)

    def finish_noted(self) -> None:
        """End the run as the process ends: as noted, FINISHED without a note."""
        status, error = self._noted
        self.finish(status, error=error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None or error is None:
            self.finish()
            return
        status = status_of(error)
        self.finish(status, error=lines_of(error) if status in (FAILED, KILLED) else ())

    # -- other processes -------------------------------------------------------------

    def carried(self) -> tuple[Any, ...]:
        """Return what `workbench.client.carry` needs to go on in another process."""
        keeper = self._keeper
        return keeper.origin, self._experiment, self._name, keeper.started, self._next_step

    def after_fork(self) -> None:
        """Go on in a forked child as a writer of its own."""
        self._ending = threading.RLock()
        self._noted = (FINISHED, [])
        self._keeper.forget()
        if self._companions is not None:
            self._companions.leave_to_parent()
        self.accompany(capture=False, console=False, system_metrics=False)

    # -- what goes along -------------------------------------------------------------

    def open_with(self, **updates: Any) -> None:
        """Take a writer, and say what is new about a run that is gone on with."""
        self._keeper.open()
        for kind, value in updates.items():
            if value:
                self._update(kind, **{kind: value})

    def go_on_after(self, step: int) -> None:
        """Count steps from the one after ``step``."""
        self._next_step = step + 1

    def accompany(self, **beside: bool) -> None:
        """Set going what runs beside the script; see `Companions`."""
        self._companions = Companions(self._keeper, self.log_unstepped, **beside)
