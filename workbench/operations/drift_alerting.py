"""Which chunks ask for a person, by what is in the index, the settings and what people said.

What is muted is taken out here, for alerts, exit codes, metrics and gates alike: whatever a machine
listens to is silent about it. Reports, and whatever shows them, say what was judged.

Beside the operations on drift and on models, for both ask: a list shows alerts, a gate counts them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import msgspec

from workbench.catalogue import drift_lines
from workbench.catalogue.drift_lines import Alarming, Head
from workbench.datasets import monitors
from workbench.datasets.drift import alerting
from workbench.datasets.drift.alerting import InDrift, Raised
from workbench.datasets.drift.monitor import Monitor, Mute
from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.records import Record
from workbench.datasets.drift.report import ColumnDrift
from workbench.datasets.drift.thresholds import Thresholds
from workbench.errors import SettingsError
from workbench.operations.session import Session

USUAL: Final = Monitor("", "")
"""What counts of a monitor that the settings do not say, because they cannot be read."""
_NAMES: Final = msgspec.json.Decoder(tuple[str, ...]).decode


def settings_of(session: Session) -> Mapping[str, Monitor] | None:
    """Return the monitors that the settings want, by name; None where they cannot be read."""
    if session.workspace is None:
        return monitors.NOTHING.monitors
    try:
        return monitors.read(session.root).monitors
    except SettingsError:  # shown wherever settings are
        return None


def raised(
    session: Session, chunks: Iterable[Alarming], settings: Mapping[str, Monitor] | None
) -> dict[str, tuple[Raised, ...]]:
    """Return the alerts of monitors, by name, each in the order of its chunks.

    Args:
        session: Where.
        chunks: Those in drift, in order of monitor, segment and time.
        settings: The monitors that the settings want; of any other nobody is alerted. None: of all.
    """
    by_monitor: dict[str, list[InDrift]] = {}
    for one in chunks:
        if settings is None or one.monitor in settings:
            by_monitor.setdefault(one.monitor, []).append(_judged(one))
    said = tuple(session.alert_records().values()) if session.workspace else ()
    seen = alerting.acknowledged(said)
    return {
        name: alerting.raised(
            name, judged, (settings or {}).get(name, USUAL).alert,
            remaining=partial(_remaining, session, name),
            mutes=all_mutes((settings or {}).get(name), said, name), seen=seen,
        )
        for name, judged in by_monitor.items()
    }  # fmt: skip


def _judged(one: Alarming) -> InDrift:
    return InDrift(
        one.label, one.segment, one.verdict, _NAMES(one.alarms), one.time, one.key, one.number
    )  # fmt: skip


def _remaining(
    session: Session, monitor: str, chunk: InDrift, silent: frozenset[str]
) -> tuple[str, tuple[str, ...]]:
    """Return what a chunk comes to as if some of its columns had stayed as they were."""
    found = drift_lines.whole(
        session.catalogue, monitor, chunk.key, chunk.label, chunk.segment
    )  # fmt: skip
    if found is None:
        return chunk.verdict, chunk.alarms
    columns = [
        ColumnDrift(name, cell.verdict, facts.part, importance=facts.importance, effect=cell.effect)
        for name, cell, facts in zip(found.names, found.cells, found.facts, strict=True)
    ]
    verdict, _ = without(columns, found.lost, silent, found.thresholds)
    return verdict, tuple(name for name in chunk.alarms if name not in silent)


def without(
    columns: Sequence[ColumnDrift],
    lost: Sequence[str],
    silent: Collection[str],
    thresholds: Thresholds,
) -> tuple[str, float]:
    """Return verdict and score of a chunk as if its muted columns had stayed as they were.

    Args:
        columns: All of the chunk.
        lost: Features that are gone.
        silent: Columns that are muted.
        thresholds: Of the check.
    """
    from workbench.datasets.drift.verdicts import chunk_verdict  # noqa: PLC0415 - numpy

    share = {one.name: one.importance for one in columns}
    spare = max(0.0, 1.0 - sum(share.values()))
    share |= {name: spare / len(lost) for name in lost}
    left = [one for one in columns if one.name not in silent]
    return chunk_verdict(left, [name for name in lost if name not in silent], share, thresholds)


class Heard(NamedTuple):
    """What a machine is told of a monitor."""

    verdict: str
    """Of the newest chunk, the gravest where it has segments; empty before the first check."""
    silent: frozenset[str]
    """Columns that were muted for it."""


def heard(session: Session, newest: Sequence[Head], mutes: Sequence[Mute]) -> Heard:
    """Return what is left of the newest chunk and of its segments without what is muted.

    Args:
        session: Where.
        newest: The chunk, and its segments.
        mutes: Everything that was ever muted of the monitor.
    """
    verdicts, silent = [""], frozenset[str]()
    for one in newest:
        names, quiet = _NAMES(one.alarms), alerting.muted_at(mutes, one.time)
        judged = InDrift(one.label, one.segment, one.verdict, names, one.time, one.key, 1)
        kept = quiet.isdisjoint(names)
        verdicts.append(one.verdict if kept else _remaining(session, one.monitor, judged, quiet)[0])
        silent |= quiet
    known = [one for one in verdicts if one]
    return Heard(max(known, key=rank, default=""), silent)


def all_mutes(monitor: Monitor | None, said: Sequence[Record], name: str) -> tuple[Mute, ...]:
    """Return everything that was ever muted of a monitor, in the settings and by hand."""
    own = monitor.mutes if monitor else ()
    return (*own, *alerting.mutes_of(said, name))
