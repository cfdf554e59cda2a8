"""What changes when one version takes the place of another: metrics, columns, data and rules."""

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

from workbench.operations.registry.card import Delta
from workbench.registry.checks import StagePolicy
from workbench.registry.details import mappings
from workbench.registry.event import PROMOTED
from workbench.registry.facts import number_of
from workbench.registry.policy import changed_rules
from workbench.registry.signature import differences
from workbench.registry.state import State, Version
from workbench.runs.deltas import BETTER, WORSE, delta
from workbench.words import count, visible

_MACHINE = "system/"
_SHORT = 8
"""Hexadecimal digits by which people tell two hashes apart."""


def metric_deltas(
    version: Version | None, champion: Version | None, goals: Mapping[str, str]
) -> tuple[Delta, ...]:
    """Return the metrics of both, those with a direction first, then by name."""
    now, was = last_values(version), last_values(champion)
    known = {**_goals(champion), **_goals(version), **goals}
    names = sorted(
        (name for name in {*now, *was} if not name.startswith(_MACHINE)),
        key=lambda name: (name not in known, name not in now, name),
    )
    return tuple(_delta(name, was.get(name), now.get(name), known.get(name, "")) for name in names)


def last_values(version: Version | None) -> dict[str, float]:
    """Return the last value of every metric of a version, as registered."""
    metrics = version.event.details.get("metrics") if version else None
    if not isinstance(metrics, Mapping):
        return {}
    found = {
        str(name): number_of(summary.get("last") if isinstance(summary, Mapping) else summary)
        for name, summary in metrics.items()
    }
    return {name: value for name, value in found.items() if value is not None}


def _goals(version: Version | None) -> dict[str, str]:
    goals = version.event.details.get("goals") if version else None
    return dict(goals) if isinstance(goals, Mapping) else {}


def _delta(name: str, was: float | None, now: float | None, goal: str) -> Delta:
    verdict = delta(now, was, goal or None).verdict
    better = True if verdict == BETTER else False if verdict == WORSE else None
    if isnan(nan if was is None else was) or isnan(nan if now is None else now):
        better = None
    return Delta(name, was, now, better, goal)


def signature_differences(version: Version, champion: Version | None) -> tuple[str, ...]:
    """Return how the columns a version takes and gives differ from the champion's."""
    if champion is None:
        return ()
    old, new = (one.event.details.get("signature") for one in (champion, version))
    if not old and not new:
        return ()
    if not old or not new:
        lacking = version if not new else champion
        return (f"v{lacking.number} has no signature, so columns cannot be compared",)
    return differences(old, new)


def data_differences(version: Version, champion: Version | None) -> tuple[str, ...]:
    """Return how the datasets a version names differ from the champion's."""
    if champion is None:
        return ()
    old, new = _datasets(champion), _datasets(version)
    found = []
    for key in dict.fromkeys((*old, *new)):
        called = f"{visible(key[1])} ({visible(key[0])})" if key[0] else visible(key[1])
        if key not in old:
            found.append(f"{called}: only v{version.number} names it")
        elif key not in new:
            found.append(f"{called}: only v{champion.number} names it")
        elif old[key].get("hash") != new[key].get("hash"):
            found.append(f"{called}: {_state(old[key])} → {_state(new[key])}")
    return tuple(found)


def _datasets(version: Version) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {
        (str(one.get("role") or ""), str(one.get("name") or "")): one
        for one in mappings(version.event.details.get("datasets"))
    }


def _state(dataset: Mapping[str, Any]) -> str:
    known = visible(str(dataset.get("hash") or "")[:_SHORT]) or "no hash"
    rows = dataset.get("rows")
    return f"{known}, {count(rows)} rows" if isinstance(rows, int) else known


def rules_since(state: State, rules: StagePolicy) -> tuple[str, ...]:
    """Return what a stage asks now and did not at its last promotion, and the reverse."""
    found = (e for e in reversed(state.events) if e.kind == PROMOTED and e.stage == rules.name)
    last = next(found, None)
    stored = last.details.get("checks") if last else None
    if not isinstance(stored, list | tuple):
        return ()
    return changed_rules([one for one in stored if isinstance(one, Mapping)], rules)
