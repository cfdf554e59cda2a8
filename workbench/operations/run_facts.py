"""A run as facts by name, section by section: what a comparison puts side by side.

What a run does not say is left out, never filled in. Values are raw (seconds, bytes,
numbers); how they are written is another module's business.
"""

from collections.abc import Mapping
from typing import Any

from workbench.catalogue.cards import RunRecord

Facts = Mapping[str, Any]

_ENVIRONMENT = ("python", "implementation", "platform", "machine", "cpus", "gpus", "memory_mb")
_FROM_START = ("python", "cpus", "gpus")
"""Facts the run itself tells, where no environment was recorded."""


def run_facts(record: RunRecord) -> Facts:
    """Return where, when, how long and by whom."""
    return _known(
        experiment=record.experiment,
        status=record.status.lower(),
        started=record.started,
        duration=record.duration,
        user=record.user,
        host=record.host,
        command=record.command,
        parent=record.parent,
        group=record.group,
        format=record.format,
        note=record.note,
    )


def code_facts(record: RunRecord) -> Facts:
    """Return commit, branch, and whether there were uncommitted changes, and which."""
    return _known(
        commit=record.commit,
        branch=record.branch,
        dirty=record.dirty,
        changes=record.facts.get("diff_hash") or record.facts.get("diff_bytes") or None,
    )


def environment_facts(record: RunRecord, recorded: Facts) -> Facts:
    """Return the machine and the interpreter."""
    told = {name: record.facts.get(name) for name in _FROM_START}
    told |= {name: recorded[name] for name in _ENVIRONMENT if name in recorded}
    return _known(**told)


def package_facts(recorded: Facts) -> Facts:
    """Return the version of every package."""
    packages = recorded.get("packages")
    if not isinstance(packages, dict):
        return {}
    return {str(name): version for name, version in packages.items()}


def dataset_facts(record: RunRecord) -> Facts:
    """Return hash, rows and path of every dataset, by its name and role."""
    found: dict[str, Any] = {}
    used: dict[str, int] = {}
    for dataset in record.datasets:
        name = "/".join(filter(None, (dataset.name, dataset.role)))
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            name = f"{name} {used[name]}"
        parts = {"hash": dataset.hash, "rows": dataset.rows, "path": dataset.path}
        told = _known(**parts) or {"used": True}
        found.update((f"{name}/{part}", value) for part, value in told.items())
    return found


def _known(**facts: Any) -> Facts:
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
