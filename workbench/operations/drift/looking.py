"""Holding the same data against another reference, for a look: computed beside, kept nowhere."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from workbench.datasets import monitors
from workbench.datasets.drift.monitor import Monitor
from workbench.datasets.drift.report import DriftReport
from workbench.errors import NotFoundError
from workbench.opening import is_below
from workbench.operations.drift.checking import check
from workbench.operations.drift.references import RELATIVE
from workbench.operations.drift.series import Series, of_report
from workbench.operations.drift.sources import Progress, Require
from workbench.operations.drift.states import asked_of, base_of, require_of
from workbench.operations.session import Session


class Looked(NamedTuple):
    """The same data against another reference."""

    reference: str
    report: DriftReport
    series: Series


def looked(
    session: Session,
    name: str,
    reference: str,
    *,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Looked:
    """Return what a monitor's data are against another reference; nothing is written.

    Paths mean what they mean in the settings. What the settings name may be read as when the
    monitor runs; the reference may be read, as it was named by whoever asks.

    Args:
        session: Where.
        name: Of the monitor.
        reference: As `Monitor.reference`.
        on_progress: Told how much is done, of how much (0: nobody knows), and of what.
        stopped: Asked now and then whether to end.

    Raises:
        NotFoundError: The settings have no such monitor any more, or a side is not there.
        UsageError: It cannot be read, or held against that.
        NotAgreedError: The settings name data that nobody here agreed to have read.
        StoppedError: ``stopped`` said so.
    """
    monitor = watched_as(session, name)
    asked = replace(asked_of(monitor, monitor.data), reference=reference)
    if reference in RELATIVE:  # segments have no earlier chunks
        asked = replace(asked, segments=())
    base = base_of(session)
    report = check(
        session, asked, require=_but_for(require_of(session, monitor), base, reference), base=base,
        on_progress=on_progress, stopped=stopped,
    )  # fmt: skip
    return Looked(reference, report, of_report(report))


def watched_as(session: Session, name: str) -> Monitor:
    """Return what the settings say of a monitor.

    Raises:
        NotFoundError: It stands there no more.
    """
    found = monitors.read(session.root).monitors.get(name)
    if found is None:
        raise NotFoundError(f"workbench.toml has no [monitor.{name}] any more.")
    return found


def _but_for(require: Require, base: Callable[[str], os.PathLike[str]], reference: str) -> Require:
    """Return what is required of files, but for those of the reference."""
    try:
        own = os.path.realpath(base(reference))
    except NotFoundError:  # no path of this machine
        return require

    def required(places: Sequence[str]) -> None:
        require([one for one in places if not is_below(one, own)])

    return required
