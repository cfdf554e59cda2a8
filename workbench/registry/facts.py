"""What is known of a version, in the form rules ask for it.

Taken from the model's journal alone, so a check means the same on every machine. All but tags and
description stands in the registering event, for ever; these two may be changed by later events.
Events are files that anybody may have written: whatever is not of its sort counts as unknown.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from workbench.registry.signature import hash_of
from workbench.registry.state import Version

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Facts:
    """One version, as rules see it; what is not in a mapping is not known."""

    name: str
    """As people write it: ``churn@3``."""
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: _NOTHING)
    """By name: ``last``, ``min``, ``max``, ``first``, ``count`` and what else was recorded."""
    params: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    tags: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    git: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    attributes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """By the names of `workbench.filters.fields.VERSION_ATTRIBUTES`."""
    datasets: tuple[Mapping[str, Any], ...] = ()
    """Each with ``name``, ``digest`` and ``context``, as far as they are known: maybe none."""
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """Of what is said of these datasets, by the names of `workbench.filters.fields.DATA_FACTS`.
    It is no part of the journal: whoever asks a rule about it hands it in."""
    data_why: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Why one of them is not known, as a sentence without its full stop."""
    drift: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """What checks of drift found of it, by the names of `workbench.filters.fields.DRIFT_FACTS`;
    handed in like `data`."""
    drift_why: str = ""
    """Why nothing of it is known, as a sentence without its full stop."""


def facts_of(version: Version) -> Facts:
    """Return what rules may know of a registered version."""
    details = version.event.details
    goals = _table(details.get("goals"))
    metrics = {
        name: _summary(summary, goals.get(name))
        for name, summary in _table(details.get("metrics")).items()
    }
    return Facts(
        name=f"{version.event.model}@{version.number}",
        metrics=metrics,
        params=_there(_table(details.get("params"))),
        tags=_there(version.tags),
        git=_there(_table(details.get("git"))),
        attributes=_there(_attributes(version)),
        datasets=_datasets(details.get("datasets")),
    )


def _attributes(version: Version) -> dict[str, Any]:
    details = version.event.details
    run, environment = _table(details.get("run")), _table(details.get("environment"))
    return {
        "version": version.number,
        "author": version.event.actor,
        "description": version.description,
        "manifest": version.manifest,
        "signature": _signature(details),
        "rung": details.get("rung"),
        "format": details.get("format"),
        "size": details.get("size"),
        "files": details.get("files"),
        "run": run.get("id"),
        "experiment": run.get("experiment"),
        "python": environment.get("python"),
        "platform": environment.get("platform"),
    }


def _signature(details: Mapping[str, Any]) -> Any:
    """Return the hash of the columns as it is reckoned today; of old versions too."""
    signature = _table(details.get("signature"))
    known = isinstance(signature.get("columns"), list)
    return hash_of(signature) if known else details.get("signature_hash")


def _datasets(said: object) -> tuple[Mapping[str, Any], ...]:
    tables = [_table(one) for one in said] if isinstance(said, list | tuple) else []
    return tuple(
        _there({"name": one.get("name"), "digest": one.get("hash"), "context": one.get("role")})
        for one in tables
    )


def _summary(said: object, goal: object) -> dict[str, float]:
    """Return the parts of a metric that are numbers; ``best`` where its direction is known."""
    table = said if isinstance(said, Mapping) else {"last": said}
    parts = {part: number for part, one in table.items() if (number := number_of(one)) is not None}
    if goal in ("min", "max") and goal in parts:
        parts.setdefault("best", parts[str(goal)])
    return parts


def number_of(said: object) -> float | None:
    """Return a stored number; ``NaN``, ``Infinity`` and ``-Infinity`` are stored as text."""
    if isinstance(said, bool) or said is None:
        return None
    if isinstance(said, str):
        return {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(said)
    if not isinstance(said, int | float):
        return None
    try:
        return float(said)
    except OverflowError:  # a whole number longer than any float
        return math.inf if said > 0 else -math.inf


def _table(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else _NOTHING


def _there(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known: neither null nor an empty text."""
    return {name: one for name, one in table.items() if one is not None and one != ""}
