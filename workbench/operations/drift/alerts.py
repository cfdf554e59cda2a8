"""What asks for a person: alerts of all monitors, who looked at them, and what is muted.

An alert is no file. It follows from the reports, from the monitor's entry in the settings and from
what people said; only what they say is written, a file each, and never changed.
"""

from collections.abc import Mapping
from socket import gethostname
from typing import Final, NamedTuple

import msgspec

from workbench.catalogue import drift_lines
from workbench.catalogue.drift_lines import ReportLine
from workbench.datasets.declared import is_day
from workbench.datasets.drift import alerting, records
from workbench.datasets.drift.alerting import Raised
from workbench.datasets.drift.monitor import Monitor, Mute
from workbench.datasets.drift.records import ACKNOWLEDGED, MUTED, TAKEN_BACK, Record
from workbench.errors import ConflictError, NotFoundError, UsageError
from workbench.ids import is_path_name, new_id
from workbench.operations.drift.unknown import no_column, no_monitor
from workbench.operations.drift_alerting import USUAL, all_mutes, raised, settings_of
from workbench.operations.edits import actor
from workbench.operations.session import Session
from workbench.words import plural, visible

_NAMED: Final = 3
"""Columns named in a sentence; the rest is counted."""
_NAMES: Final = msgspec.json.Decoder(tuple[str, ...]).decode
_SEVERITIES: Final = {"note": 0, "warning": 1, "critical": 2}


class Alert(NamedTuple):
    """Drift that asks for a person: a chunk, or several that follow one another."""

    id: str
    monitor: str
    label: str
    """Of the newest chunk that nobody has seen."""
    time: float
    """When that was checked, seconds since 1970."""
    verdict: str
    columns: tuple[str, ...]
    """In drift, or gone, and not muted; the worst first."""
    words: str
    severity: str
    model: str
    """Its name; empty where only data are watched."""
    version: int | None
    key: str
    """Of the report."""
    acknowledged_by: str = ""
    acknowledged_at: float | None = None
    note: str = ""
    segment: str = ""
    stage: str = ""
    since: str = ""
    """The label of the chunk with which it began."""
    chunks: int = 1
    """For how many chunks it has gone on."""


def alerts(session: Session, monitor: str = "", *, all: bool = False) -> tuple[Alert, ...]:  # noqa: A002 - the word of every list
    """Return what asks for a person: what is acknowledged last, then by severity, newest first.

    Args:
        session: Where.
        monitor: Of this one alone; empty: of all.
        all: Those somebody acknowledged too.
    """
    chunks = drift_lines.alarming(session.catalogue, monitor)
    settings = settings_of(session)
    wanted = [
        (name, one)
        for name, ones in raised(session, chunks, settings).items()
        for one in alerting.one_each(ones)
        if all or one.seen is None
    ]
    keys = [one.chunk.key for _, one in wanted]
    reports = {one.key: one for one in drift_lines.reports(session.catalogue, keys=keys)}
    made = (
        _alert(name, one, (settings or {}).get(name, USUAL), reports.get(one.chunk.key))
        for name, one in wanted
    )
    return tuple(sorted(made, key=_order))


def _alert(name: str, one: Raised, monitor: Monitor, report: ReportLine | None) -> Alert:
    chunk, seen = one.chunk, one.seen
    return Alert(
        one.id, name, chunk.label, chunk.time, one.verdict, one.columns, _words(one),
        monitor.severity,
        report.model if report else "", report.version if report else None, chunk.key,
        seen.actor if seen else "", seen.time if seen else None, seen.said if seen else "",
        chunk.segment, report.stage if report else "", one.since, one.lasts,
    )  # fmt: skip


def _words(one: Raised) -> str:
    named = [visible(name)[:40] for name in one.columns[:_NAMED]]
    more = len(one.columns) - len(named)
    columns = ", ".join([*named, *([f"{more} more"] if more else [])]) or "the table as a whole"
    return f"{columns}: {one.verdict}, {_how_often(one)}"


def _how_often(one: Raised) -> str:
    count, of = one.of
    if one.lasts > 1:
        return f"since {visible(one.since)}, {one.lasts} chunks"
    return f"in {count} of the last {plural(of, 'chunk')}" if of > 1 else "in the newest chunk"


def _order(one: Alert) -> tuple[bool, int, float, str, str]:
    weight = -_SEVERITIES.get(one.severity, 1)
    return bool(one.acknowledged_by), weight, -one.time, one.label, one.segment


# -- saying something --------------------------------------------------------------------


def named(session: Session, text: str) -> Alert:
    """Return the alert that an id, or the beginning of one, means.

    Raises:
        NotFoundError: None is called so.
        UsageError: Several are.
    """
    found = [one for one in alerts(session, all=True) if text and one.id.startswith(text.lower())]
    if not found:
        raise NotFoundError(
            f"There is no alert {visible(text)[:40]!r}.",
            hint="See what there is with: workbench drift alerts --all",
        )
    if len(found) > 1:
        raise UsageError(f"{len(found)} alerts begin with {text!r}.", hint="Write more of its id.")
    return found[0]


def acknowledge(session: Session, id: str, note: str) -> None:  # noqa: A002 - the field's word
    """Say that somebody looked at an alert, and what came of it.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: There is no such alert.
        UsageError: The note says nothing, or too much.
    """
    root = session.require_writable()
    one = named(session, id)
    record = _record(
        session, ACKNOWLEDGED, one.monitor, _text(note, "note"), label=one.label,
        segment=one.segment, key=one.key, verdict=one.verdict, columns=one.columns,
    )  # fmt: skip
    records.write(root, record)


def mute(session: Session, monitor: str, column: str, until: str, reason: str) -> None:
    """Have a column of a monitor not alert until a day is over, by UTC.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: There is no such monitor, or it has no such column.
        UsageError: The day is none or over, or the reason says nothing.
    """
    root = session.require_writable()
    _require_column(session, monitor, column)
    if not is_day(until):
        raise UsageError(f"{visible(until)[:40]!r} is no day.", hint="Write it as 2026-12-31.")
    if alerting.end_of(until) <= session.clock.now():
        raise UsageError(f"{until} is over.", hint="Write a day to come.")
    record = _record(
        session, MUTED, monitor, _text(reason, "reason"), column=column, until=until,
        takes_back=_own_mutes(session, monitor, column),
    )  # fmt: skip
    records.write(root, record)


def unmute(session: Session, monitor: str, column: str) -> None:
    """Let a muted column alert again.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: It is not muted.
        UsageError: The settings mute it: they are changed by hand.
    """
    root = session.require_writable()
    there = [one for one in mutes(session, monitor) if one.column == column]
    own = _own_mutes(session, monitor, column)
    if not own:
        if there:
            raise UsageError(
                f"{visible(column)} is muted in workbench.toml.", hint="Take the entry out there."
            )
        raise NotFoundError(f"{visible(column)[:80]!r} of {visible(monitor)[:80]!r} is not muted.")
    records.write(root, _record(session, TAKEN_BACK, monitor, "", column=column, takes_back=own))


def mutes(session: Session, monitor: str) -> tuple[Mute, ...]:
    """Return what is muted of a monitor now, in the settings and by hand."""
    return _mutes_now(session, (settings_of(session) or {}).get(monitor), monitor)


def muted_now(session: Session, settings: Mapping[str, Monitor]) -> dict[str, tuple[Mute, ...]]:
    """Return what is muted of every monitor that is muted anything of, by name."""
    said = {one.monitor for one in session.alert_records().values()} if session.workspace else set()
    found = {name: _mutes_now(session, settings.get(name), name) for name in {*settings, *said}}
    return {name: ones for name, ones in found.items() if ones}


def _mutes_now(session: Session, monitor: Monitor | None, name: str) -> tuple[Mute, ...]:
    said = tuple(session.alert_records().values()) if session.workspace else ()
    return alerting.in_force(all_mutes(monitor, said, name), session.clock.now())


def _own_mutes(session: Session, monitor: str, column: str) -> tuple[str, ...]:
    """Return the ids of the records that mute a column, of whomever."""
    said = session.alert_records().values()
    return tuple(one.id for one in alerting.mutes_of(said, monitor) if one.column == column)


# -- taking back -------------------------------------------------------------------------


def last_said(session: Session) -> Record | None:
    """Return the last thing that whoever acts said of alerts and that still counts."""
    if session.workspace is None:
        return None
    who = actor(session)
    said = session.alert_records().values()
    mine = [one for one in alerting.standing(said) if one.actor == who]
    return mine[-1] if mine else None


def take_back(session: Session) -> str:
    """Take back the last thing that whoever acts said of alerts; return it in words.

    Raises:
        NotAllowedError: Nothing can be written here.
        UsageError: There is nothing to take back.
        ConflictError: Somebody took it back since.
    """
    root = session.require_writable()
    last = last_said(session)
    if last is None:
        raise UsageError("You have acknowledged and muted nothing that could be taken back.")
    record = _record(
        session, TAKEN_BACK, last.monitor, "", column=last.column, takes_back=(last.id,)
    )  # fmt: skip
    if last.id not in {one.id for one in alerting.standing(session.alert_records().values())}:
        raise ConflictError("Somebody took that back already.")
    records.write(root, record)
    return said_in_words(last)


def said_in_words(record: Record) -> str:
    """Return what somebody said of alerts, its author being the subject."""
    why = f": {visible(record.said)}" if record.said else ""
    column, label = visible(record.column), visible(record.label)
    if record.kind == MUTED:
        return f"muted {column} of {record.monitor} until {record.until}{why}"
    if record.kind == ACKNOWLEDGED:
        part = f", {visible(record.segment)}" if record.segment else ""
        return f"acknowledged {label}{part} of {record.monitor}{why}"
    return f"took back what was said of {column or 'alerts'} of {record.monitor}"


def _require_column(session: Session, monitor: str, column: str) -> None:
    """See that a monitor watches a column, as far as that is known."""
    known = drift_lines.facts(session.catalogue, monitor)
    if not is_path_name(monitor) or not (known or monitor in (settings_of(session) or {})):
        raise no_monitor(monitor, sorted(settings_of(session) or ()))
    if known and column not in known and column not in _ever_lost(session, monitor):
        raise no_column(monitor, column, sorted(known))
    _text(column, "column")


def _ever_lost(session: Session, monitor: str) -> frozenset[str]:
    chunks = drift_lines.alarming(session.catalogue, monitor)
    return frozenset(name for one in chunks for name in _NAMES(one.alarms))


def _text(text: str, what: str) -> str:
    """Return what somebody wrote.

    Raises:
        UsageError: It is nothing, or too long.
    """
    if not text.strip() or len(text) > records.LONGEST or "\0" in text:
        raise UsageError(
            f"The {what} must say something, in at most {records.LONGEST:,} characters."
        )
    return text if what == "column" else text.strip()


def _record(session: Session, kind: str, monitor: str, said: str, **fields: object) -> Record:
    now = session.clock.now()
    return msgspec.convert(
        {
            "id": new_id(now), "kind": kind, "monitor": monitor, "time": now,
            "actor": actor(session), "host": gethostname(), "said": said, **fields,
        },
        Record,
    )  # fmt: skip
