"""What checks of drift found of a model version, in the form rules ask for it.

A gate decides, so the folder is read now: what the index does not know yet counts, and a report
that cannot be read is no pass. Of every monitor its newest report about the version counts, and
of that the newest chunk: a season that is over says nothing of today.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from workbench.catalogue import drift_lines
from workbench.catalogue.drift_reports import heads_of, lost
from workbench.datasets.drift import storing
from workbench.datasets.drift.alerting import muted_at, one_each
from workbench.datasets.drift.monitor import Monitor
from workbench.datasets.drift.report import ALARMS, SEVERE, ChunkDrift, DriftReport
from workbench.errors import FormatError, NotFoundError
from workbench.operations.drift_alerting import all_mutes, raised, settings_of, without
from workbench.operations.session import Session

_DAY_S = 86_400.0


class Answer(NamedTuple):
    """What is known of a version's drift."""

    facts: Mapping[str, Any]
    """By the names of `workbench.filters.fields.DRIFT_FACTS`; none where anything is in doubt."""
    why: str = ""
    """Why nothing is known, as a sentence without its full stop."""


class _Known(NamedTuple):
    """The reports of one monitor, as the folder has them now."""

    monitor: str
    newest: DriftReport | None
    """About the version that is asked for."""
    fresh: tuple[DriftReport, ...]
    """Those the index does not know yet."""
    keys: frozenset[str]
    """Of all reports about the version."""


class _UnreadableError(Exception):
    """A report that may be the newest one cannot be read."""


def drift_facts(session: Session, model: str, version: int) -> Answer:
    """Return what the newest checks of drift say of a version of a model."""
    settings = settings_of(session)
    try:
        found = [
            _known(session, name, (model, version), settings)
            for name in storing.names(session.root)
        ]
    except _UnreadableError as error:
        return Answer({}, str(error))
    except OSError as error:
        return Answer({}, f"the reports of drift cannot be read: {error.strerror or error}")
    about = [one for one in found if one.newest is not None]
    if not about:
        return Answer({}, f"{model}@{version} was never checked for drift")
    return Answer(_facts(session, about, settings))


def _known(
    session: Session,
    monitor: str,
    wanted: tuple[str, int],
    settings: Mapping[str, Monitor] | None,
) -> _Known:
    """Return the reports of a monitor.

    Raises:
        _UnreadableError: One that may be about the version cannot be read.
        OSError: The drive does not answer.
    """
    there = frozenset(storing.keys(session.root, monitor))
    known = drift_lines.reports(session.catalogue, monitor=monitor)
    lines = [one for one in known if one.key in there]
    asked = settings[monitor].model if settings and monitor in settings else ""
    concerned = asked.partition("@")[0] == wanted[0] or any(one.model == wanted[0] for one in lines)
    fresh = []
    for key in sorted(there - {one.key for one in lines}):
        try:
            fresh.append(_read(session, monitor, key))
        except _UnreadableError:
            if concerned or not lines:
                raise
    best = next((one.key for one in lines if (one.model, one.version) == wanted), "")
    fitting = [one for one in fresh if (one.model, one.version) == wanted]
    fitting += [_read(session, monitor, best)] if best else []
    keys = {one.key for one in lines if (one.model, one.version) == wanted}
    keys |= {one.key for one in fresh if (one.model, one.version) == wanted}
    newest = max(fitting, key=lambda one: (one.time, one.id), default=None)
    return _Known(monitor, newest, tuple(fresh), frozenset(keys))


def _read(session: Session, monitor: str, key: str) -> DriftReport:
    try:
        report = storing.read_for_lists(session.root, monitor, key)
        storing.require_past(report, max(session.clock.now(), session.disk_time()))
    except (FormatError, NotFoundError) as error:
        where = storing.path_of(monitor, key)
        raise _UnreadableError(f"{where}: {error.message.rstrip('.')}") from None
    return report


def _facts(
    session: Session, about: Sequence[_Known], settings: Mapping[str, Monitor] | None
) -> dict[str, Any]:
    newest = {one.monitor: one.newest for one in about if one.newest is not None}
    now = session.disk_time()
    silent = {name: _silent(session, name, one, settings) for name, one in newest.items()}
    return {
        "severe": len(set(_columns(newest, silent, frozenset({SEVERE})))),
        "drifted": len(set(_columns(newest, silent, ALARMS))),
        "score": max(_score(one, silent[name]) for name, one in newest.items()),
        "alerts": sum(_open_alerts(session, one, settings) for one in about),
        "age_days": max(max(0.0, now - one.time) for one in newest.values()) / _DAY_S,
    }


def _open_alerts(session: Session, known: _Known, settings: Mapping[str, Monitor] | None) -> int:
    """Return how many alerts about the version nobody acknowledged; fresh reports count too."""
    fresh = [head for report in known.fresh for head in heads_of(report)]
    alarming = drift_lines.alarming(session.catalogue, known.monitor, fresh)
    found = raised(session, alarming, settings).get(known.monitor, ())
    about = one_each(one for one in found if one.chunk.key in known.keys)
    return sum(one.seen is None for one in about)


def _last(report: DriftReport) -> list[ChunkDrift]:
    """Return the newest chunk of a report, with its segments."""
    whole = [one for one in report.chunks if not one.segment] or list(report.chunks)
    label = whole[-1].label
    return [one for one in report.chunks if one.label == label]


def _silent(
    session: Session, monitor: str, report: DriftReport, settings: Mapping[str, Monitor] | None
) -> frozenset[str]:
    """Return the columns that were muted when a report was made."""
    said = tuple(session.alert_records().values()) if session.workspace else ()
    return muted_at(all_mutes((settings or {}).get(monitor), said, monitor), report.time)


def _score(report: DriftReport, silent: frozenset[str]) -> float:
    """Return the score of the newest chunk, without what is muted."""
    return max(
        without(one.columns, lost(one), silent, report.thresholds)[1] if silent else one.score
        for one in _last(report)
    )


def _columns(
    newest: Mapping[str, DriftReport],
    silent: Mapping[str, frozenset[str]],
    verdicts: frozenset[str],
) -> Iterator[tuple[str, str]]:
    """Yield monitor and column of everything with such a verdict; a feature that is gone too."""
    for monitor, report in newest.items():
        for chunk in _last(report):
            moved = [one.name for one in chunk.columns if one.verdict in verdicts]
            for name in (*lost(chunk), *moved):
                if name not in silent[monitor]:
                    yield monitor, name
