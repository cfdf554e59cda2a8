"""Journals on disk as `docs/formats/registry.md` says, written at once.

`write_journal` makes one model's folder of events from drafts, `life` gives the drafts of a
model with a past, and `write_models` makes a thousand models quickly. Whoever tests how events
are published does not use these.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.building import BEGIN, write_workspace
from workbench.registry.encoding import encode
from workbench.registry.event import PROMOTED, REGISTERED, REQUESTED, ROLLED_BACK, Draft

_STEP_S = 600.0
_PACKAGES = {f"package-{k}": f"{k}.1.{k % 7}" for k in range(60)}


def draft(kind: str, number: int = 0, **fields: Any) -> Draft:
    """Return a draft with an id made of ``number``; ``fields`` replace what it says."""
    said: dict[str, Any] = {
        "id": f"01kc{number:022d}", "kind": kind, "actor": "ana@lab", "host": "lab",
        "time": BEGIN + number * _STEP_S, "reason": "because",
    }  # fmt: skip
    return Draft(**(said | fields))


def registration(model: str, version: int, **fields: Any) -> dict[str, Any]:
    """Return the details of a register event as large as they usually are."""
    value = 0.8 + version / 1000
    said: dict[str, Any] = {
        "manifest": hashlib.sha256(f"{model} {version}".encode()).hexdigest(),
        "size": 1000 * version, "files": 2, "rung": "data", "format": "skops", "types": [],
        "why_format": "",
        "run": {"id": f"01kb{version:022d}", "name": f"run-{version}", "experiment": "churn",
                "path": f"runs/churn/01kb{version:022d}"},
        "params": {f"param_{k}": k * version for k in range(10)},
        "metrics": {name: summary(value - k / 10) for k, name in enumerate(
            ("val/auc", "val/loss", "train/auc", "train/loss", "test/auc"))},
        "datasets": [{"name": "census", "hash": f"{version % 4:064x}", "role": "training",
                      "path": "data/census.csv", "rows": 48_842}],
        "signature": None, "signature_hash": "s1", "example": None,
        "environment": {"python": "3.11.7", "platform": "Linux", "packages": _PACKAGES},
        "git": {"commit": "c0ffee", "branch": "main", "dirty": False},
        "description": "", "tags": {}, "goals": {"val/auc": "max"}, "origin": None,
    }  # fmt: skip
    return said | fields


def summary(value: float) -> dict[str, float]:
    """Return the summary of a metric that ended at ``value``."""
    return {
        "last": value, "min": value - 0.1, "max": value + 0.1, "first": value - 0.1, "count": 10,
        "step_of_min": 0, "step_of_max": 9,
    }  # fmt: skip


def register(model: str, version: int, number: int, **fields: Any) -> Draft:
    """Return the draft that registers a version."""
    details = registration(model, version, **fields.pop("details", {}))
    return draft(REGISTERED, number, version=version, details=details, **fields)


def life(model: str, versions: int) -> Iterator[Draft]:
    """Yield the events of a model with a past.

    Every fifth version goes to staging and every tenth to production; the last promotion to
    production is rolled back, and somebody asks for the newest version.
    """
    number = 0
    held: list[int] = []
    for version in range(1, versions + 1):
        yield register(model, version, number := number + 1)
        for every, stage in ((5, "staging"), (10, "production")):
            if version % every == 0:
                yield draft(PROMOTED, number := number + 1, version=version, stage=stage)
                held += [version] if stage == "production" else []
    if len(held) > 1:
        yield draft(ROLLED_BACK, number := number + 1, version=held[-2], stage="production")
    yield draft(REQUESTED, number + 1, version=versions, stage="production", actor="bob@lab")


def write_journal(
    workspace: Path, model: str, drafts: Iterable[Draft], *, after: Sequence[bytes] = ()
) -> list[bytes]:
    """Write the events of a model and return the bytes of all, those before too.

    Args:
        workspace: Where.
        model: Its name.
        drafts: What happened, in order.
        after: The bytes of the events that are there already.
    """
    folder = workspace / "registry" / model / "events"
    folder.mkdir(parents=True, exist_ok=True)
    written = list(after)
    for seq, one in enumerate(drafts, len(written) + 1):
        previous = hashlib.sha256(written[-1]).hexdigest() if written else ""
        data = encode(one, seq=seq, model=model, previous=previous)
        fd = os.open(folder / f"{seq:010d}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(fd, data)
        os.close(fd)
        written.append(data)
    return written


def write_models(workspace: Path, models: int, versions: int) -> Path:
    """Make a workspace of that many models with that many versions each, without files."""
    write_workspace(workspace)
    for number in range(models):
        model = f"model-{number:04d}"
        write_journal(workspace, model, life(model, versions))
    return workspace


def metrics_of(details: Mapping[str, Any]) -> dict[str, float]:
    """Return the last values that a register event says."""
    return {name: one["last"] for name, one in details["metrics"].items()}
