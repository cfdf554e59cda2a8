"""The single values known of a wandb run: its machine, its code, what it said at its end."""

import json
import math
import os
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.errors import FormatError
from workbench.formats import plain_config
from workbench.formats.contract import Fault
from workbench.formats.wandb import places
from workbench.formats.wandb.places import shown
from workbench.formats.wandb.story import Story, values_of
from workbench.formats.wandb.telling import number_in
from workbench.opening import open_plain, read_small
from workbench.runfolder import Summary

_LARGEST = 1 << 20
_TAIL = 1 << 16
_MOST_LINES = 40
_MOST_VALUES = 200
_MOST_KINDS = 50
_METADATA = {
    "host": "host", "username": "user", "python": "python", "os": "os", "program": "program",
    "codePath": "script", "executable": "executable", "root": "root", "gpu": "gpu",
    "cpu_count": "cpu_count", "gpu_count": "gpu_count", "docker": "docker",
}  # fmt: skip
_TRACEBACK = "Traceback (most recent call last):"


def facts_of(
    folder: str, key: str, told: Story, metrics: Mapping[str, Summary], faults: list[Fault]
) -> dict[str, Any]:
    """Return the single values known of a run that has a log."""
    facts: dict[str, Any] = dict(told.facts)
    if told.run.get("host"):
        facts.setdefault("host", told.run["host"])
    add_metadata(folder, key, facts, faults)
    program, args = facts.get("program"), facts.pop("args", ())
    if program and isinstance(args, Sequence):
        facts["command"] = shlex.join(["python", str(program), *map(str, args)])
    facts["raw_status"] = f"exit record: {told.exit}"
    if told.run.get("sweep"):
        facts["sweep"] = told.run["sweep"]
    for what, artifacts in (("artifacts_used", told.used), ("artifacts_made", told.made)):
        if artifacts:
            facts[what] = _listed(artifacts)
    if told.others:
        facts["logged_otherwise"] = _listed(told.others)
    if told.kinds:
        facts["records"] = dict(told.kinds)
    facts.update(_own_summary(told, metrics))
    return facts


def _listed(names: Mapping[str, str]) -> str:
    shown = [f"{name} ({kind})" for name, kind in list(names.items())[:_MOST_KINDS]]
    more = len(names) - len(shown)
    return ", ".join([*shown, f"{more:,} more"] if more else shown)


def _own_summary(told: Story, metrics: Mapping[str, Summary]) -> dict[str, Any]:
    """Return what the summary says that the curves do not."""
    found: dict[str, Any] = {}
    for name, value in values_of(told).items():
        number = number_in(value)
        if name in metrics and number is not None and _same(number, metrics[name].last):
            continue
        try:
            found.update(plain_config.flat({f"summary.{name}": json.loads(value)}))
        except (ValueError, RecursionError, FormatError):
            continue
        if len(found) >= _MOST_VALUES:
            break
    return found


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def add_metadata(folder: str, key: str, facts: dict[str, Any], faults: list[Fault]) -> None:
    """Add what older and online runs say of their machine; what the log says counts more."""
    said = _metadata(folder, key, faults)
    for name, ours in _METADATA.items():
        if isinstance(said.get(name), str | int):
            facts.setdefault(ours, said[name])
    if isinstance(said.get("args"), list):
        facts.setdefault("args", said["args"])
    git = said.get("git")
    git = git if isinstance(git, dict) else {}
    for name in ("remote", "commit"):
        if isinstance(git.get(name), str):
            facts.setdefault(name, git[name])


def _metadata(folder: str, key: str, faults: list[Fault]) -> dict[str, Any]:
    if not places.has_files(folder):
        return {}
    try:
        said = json.loads(read_small(f"{folder}/{places.METADATA}", _LARGEST))
    except FileNotFoundError:
        return {}
    except (FormatError, OSError, ValueError, RecursionError) as problem:
        reason = f"cannot be read: {str(problem)[:200]}"
        faults.append(Fault(shown(key, places.METADATA), reason))
        return {}
    return said if isinstance(said, dict) else {}


def error_in(folder: str) -> tuple[str, ...]:
    """Return the last traceback that was printed."""
    if not places.has_files(folder):
        return ()
    try:
        fd = open_plain(f"{folder}/{places.CONSOLE}")
    except (FormatError, OSError):
        return ()
    try:
        os.lseek(fd, max(os.fstat(fd).st_size - _TAIL, 0), os.SEEK_SET)
        text = os.read(fd, _TAIL).decode("utf-8", "replace")
    finally:
        os.close(fd)
    at = text.rfind(_TRACEBACK)
    lines = re.split(r"[\r\n]+", text[at:].rstrip()) if at >= 0 else []
    return tuple(line.rstrip() for line in lines[-_MOST_LINES:])
