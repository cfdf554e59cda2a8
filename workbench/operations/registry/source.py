"""Where a version comes from: what is known of its run at the moment of registering.

Read from the run's own folder, so that a training script can register before its
run has ended, and without opening a catalogue. What a later look would show is
another matter: an event keeps what was known then.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from workbench.client import git
from workbench.client.capture import environment as environment_now
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Reader, RunCard
from workbench.opening import read_small
from workbench.runfolder import Summary

_MOST_ENVIRONMENT: Final = 4 << 20
_GIT: Final = ("commit", "branch", "dirty", "remote", "folder", "diff_hash")
_KEPT: Final = ("python", "implementation", "platform", "machine", "cpus", "memory_mb", "gpus")


@dataclass(frozen=True, slots=True)
class Source:
    """What a registering event says of a version's origin; every value is JSON."""

    run: Mapping[str, Any] | None = None
    """``id``, ``name``, ``experiment``, ``path``, ``status``; None from files alone."""
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    datasets: tuple[Mapping[str, Any], ...] = ()
    environment: Mapping[str, Any] = field(default_factory=dict)
    """``python``, ``platform``, ``packages`` and what else was captured."""
    git: Mapping[str, Any] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)


def of_run(reader: Reader, root: Path, key: str, path: str, now: float) -> Source:
    """Return what is known of a run right now, finished or not.

    Args:
        reader: Of the run's format.
        root: The source's root.
        key: The run's, below the root.
        path: Where the run is, relative to the workspace.
        now: Seconds since 1970.

    Raises:
        NotFoundError: There is no run that can be read.
    """
    try:
        card = reader.read(root, key, b"", now).card
    except (FormatError, OSError) as error:
        said = error.message if isinstance(error, FormatError) else error.strerror or str(error)
        raise NotFoundError(f"The run cannot be read: {said}") from None
    return Source(
        run={
            "id": card.run_id, "name": card.name, "experiment": card.experiment, "path": path,
            "status": card.status,
        },
        params=dict(card.params),
        metrics={name: _summary(one) for name, one in card.metrics.items()},
        datasets=_datasets(card),
        environment=_environment(reader.texts(root, key).get("environment")),
        git={name: card.facts[name] for name in _GIT if card.facts.get(name) is not None},
        goals={name: rule.goal for name, rule in card.rules.items() if rule.goal},
    )  # fmt: skip


def of_this_process() -> Source:
    """Return what is known of the script that is running, which has no run."""
    head = git.head_facts() or {}
    repository = git.find_repository()
    changes = None if repository is None else git.uncommitted(repository.tree)
    facts: dict[str, Any] = {name: value for name, value in head.items() if value is not None}
    if changes is not None:
        facts["dirty"] = bool(changes.diff)
    return Source(environment=_kept(environment_now([])), git=facts)


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        name: getattr(summary, name)
        for name in ("last", "min", "max", "first", "count", "step_of_min", "step_of_max")
    }


def _datasets(card: RunCard) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"name": one.name, "hash": one.hash, "role": one.role, "path": one.path, "rows": one.rows}
        for one in card.datasets
    )


def _environment(path: Path | None) -> Mapping[str, Any]:
    """Return what was captured; of a run whose capture is still going on, nothing."""
    if path is None:
        return {}
    try:
        fields = json.loads(read_small(os.fspath(path), _MOST_ENVIRONMENT))
    except (OSError, FormatError, ValueError, RecursionError):
        return {}
    return _kept(fields) if isinstance(fields, dict) else {}


def _kept(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    packages = fields.get("packages")
    kept = {name: fields[name] for name in _KEPT if fields.get(name) is not None}
    return kept | {"packages": packages if isinstance(packages, dict) else {}}
