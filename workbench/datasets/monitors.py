"""What ``workbench.toml`` wants watched: every ``[monitor.X]``, read and found to be in order.

    [monitor.flights]
    model = "flights@production"     # the training data of what holds the stage is the reference
    data = "flights-month"           # a dataset, "predictions", or a file, folder or pattern
    chunks = "month"
    exclude = ["tailnum"]

    [monitor.flights.thresholds]
    psi = 0.2

    [[monitor.flights.mutes]]
    column = "dest"
    until = 2026-12-31
    reason = "new timetable"

A monitor that is misspelt is a fault with its line, and is not run: what it would find would be
the answer to another question. The others are not touched by it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from workbench.datasets.drift.monitor import Monitor
from workbench.datasets.drift.thresholds import changed
from workbench.datasets.monitor_entries import KEYS, Entry
from workbench.ids import is_path_name
from workbench.settings import read_tables
from workbench.settings_lines import Lines
from workbench.words import visible

__all__ = ["KEYS", "NOTHING", "Fault", "Monitors", "read", "said"]

_TABLE: Final = "monitor"
_SHOWN: Final = 80


class Fault(NamedTuple):
    """What is written wrongly, and where."""

    message: str
    line: int
    """From 1; 0 if unknown."""
    monitor: str = ""
    """The monitor it is about; empty where it is about none."""


@dataclass(frozen=True, slots=True)
class Monitors:
    """All monitors of a workspace, in the order of the settings."""

    monitors: Mapping[str, Monitor]
    """Those with faults too, as far as they could be read."""
    faults: tuple[Fault, ...] = ()

    def faults_of(self, name: str) -> tuple[Fault, ...]:
        """Return what is wrong with a monitor; it is run only where nothing is."""
        return tuple(fault for fault in self.faults if fault.monitor == name)


NOTHING: Final = Monitors(MappingProxyType({}))


def read(root: Path) -> Monitors:
    """Return what the workspace's settings want watched; nothing without settings.

    Raises:
        SettingsError: They cannot be read at all.
    """
    tables, text = read_tables(root)
    found = tables.get(_TABLE, {})
    return _of(found, Lines(text)) if found else NOTHING


def said(monitor: Monitor) -> str:
    """Return a hash of everything in a monitor that decides what a check finds.

    Who is told of it, how often and of which columns not, changes nothing it finds.
    """
    deciding = {
        "data": monitor.data, "model": monitor.model, "reference": monitor.reference,
        "chunks": monitor.chunks, "time": monitor.time, "columns": sorted(monitor.columns),
        "exclude": sorted(monitor.exclude), "segments": list(monitor.segments),
        "roles": dict(monitor.roles), "read": dict(monitor.options),
        "measures": sorted(monitor.measures), "opinions": sorted(monitor.opinions),
        "thresholds": changed(monitor.thresholds),
    }  # fmt: skip
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _of(found: Any, lines: Lines) -> Monitors:
    if not isinstance(found, dict):
        return Monitors(
            MappingProxyType({}), (Fault("[monitor] must hold tables.", lines.of((_TABLE,))),)
        )
    monitors: dict[str, Monitor] = {}
    faults: list[Fault] = []
    for name, table in found.items():
        if not is_path_name(name):
            called = visible(name)[:_SHOWN]
            message = f"No monitor can be called {called!r}."
            faults.append(Fault(message, lines.of((_TABLE, name))))
            continue
        entry = Entry(name, table)
        made = replace(entry.monitor, line=lines.of((_TABLE, name)))
        monitors[name] = replace(made, said=said(made))
        faults += (
            Fault(one.message, lines.of((_TABLE, name, *one.place)), name) for one in entry.faults
        )
    return Monitors(MappingProxyType(monitors), tuple(faults))
