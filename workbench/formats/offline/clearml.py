"""ClearML's offline sessions: a folder each, and a zip file beside it once it is closed."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import FormatError
from workbench.formats.contract import Fault, Folder, RunCard
from workbench.formats.offline import zipped
from workbench.formats.offline.left import (
    LONGEST,
    Left,
    LeftBehind,
    fault,
    mapping,
    number,
    only,
    said_in,
    said_in_file,
    seconds_of,
)
from workbench.formats.plain_config import flat, load
from workbench.formats.series import Series
from workbench.formats.signs import changed_at, facts_of, status_by
from workbench.opening import read_small
from workbench.runfolder import FINISHED, RUNNING, STALE_AFTER, Summary

_TASK, _METRICS = "task.json", "metrics.jsonl"
_SESSION = re.compile(r"offline-[0-9a-zA-Z]{8,64}\Z")
_CACHE = (".clearml", "cache", "offline")
_MOST = 10_000
_LARGEST_TASK = 32 << 20
_LARGEST_METRICS = 4 << 30
_SECTION = "General"
"""Where a plain dictionary of params goes; its name is not a part of theirs."""
_ZERO = "which is also what ClearML writes in place of NaN and the infinities"
_PACKED = "its archive, which is written when a task ends"
_SCRIPT = {
    "entry_point": "script", "branch": "branch", "version_num": "commit", "repository": "remote",
    "working_dir": "directory", "binary": "python",
}  # fmt: skip


class ClearMLReader(LeftBehind):
    """One ClearML offline session; the root is its folder, or its zip file where that is all."""

    name: ClassVar[str] = "clearml"
    title: ClassVar[str] = "ClearML offline session"
    live: ClassVar[str] = "with every flush of the session, about every few seconds"
    verified: ClassVar[str] = (
        "sessions written by ClearML 2.1, against what the script logged; ClearML itself "
        "writes 0 for NaN and the infinities"
    )

    def roots(self, folder: Folder) -> list[str]:
        """Return the sessions; one that is there as a folder and a zip file once."""
        found = _sessions(folder.path, folder.folders, folder.files)
        if _CACHE[0] in folder.folders:
            cache = folder.path.joinpath(*_CACHE)
            found += [f"{'/'.join(_CACHE)}/{name}" for name in _listed(cache)]
        return found

    def _keys(self, root: Path) -> Mapping[str, bool]:
        root.stat()
        return {".": root.suffix != ".zip" and facts_of(f"{root}.zip") is None}

    def _files(self, root: Path, key: str) -> list[str]:
        del key
        return [str(root), f"{root}/{_TASK}", f"{root}/{_METRICS}", f"{root}.zip"]

    def _load(self, root: Path, key: str, now: float) -> Left:
        only(key)
        faults: list[Fault] = []
        if root.suffix == ".zip":
            with zipped.opened(root) as archive:
                task = load(_TASK, zipped.member(archive, _TASK, _LARGEST_TASK))
                series = Series()
                if _METRICS in zipped.members(archive):
                    pieces = zipped.pieces(archive, _METRICS, _LARGEST_METRICS)
                    lines = zipped.lines(pieces, LONGEST)
                    series = _series(said_in(lines, _METRICS, faults), faults)
            status = FINISHED
        else:
            task, series = _from_folder(root, faults)
            changed = changed_at([f"{root}/{_TASK}", f"{root}/{_METRICS}"])
            status = status_by(changed, now, STALE_AFTER)
            if facts_of(f"{root}.zip"):
                status = FINISHED
        doubtful = [name for name, summary in series.metrics().items() if _ends_in_zero(summary)]
        if doubtful:
            reason = f"{', '.join(doubtful[:10])}: the last value is 0, {_ZERO}"
            fault(faults, _METRICS, reason)
        return Left(_card(root, task, series, status, faults), series)


def _from_folder(root: Path, faults: list[Fault]) -> tuple[Mapping[str, Any], Series]:
    """Return the task and its points; the task is written anew, so it may be caught half-way."""
    task: Mapping[str, Any] = {}
    try:
        task = load(_TASK, read_small(f"{root}/{_TASK}", _LARGEST_TASK))
    except (FormatError, FileNotFoundError) as problem:
        fault(faults, _TASK, f"cannot be read: {problem}")
    said = said_in_file(f"{root}/{_METRICS}", _METRICS, faults)
    with suppress(FileNotFoundError):
        return task, _series(said, faults)
    if not task:
        raise FormatError(f"{root.name} is no session.")
    return task, Series()


def _ends_in_zero(summary: Summary) -> bool:
    """Say whether a metric may have diverged: nobody can tell a zero from a NaN there."""
    return summary.last == 0 and (summary.min, summary.max) != (0, 0)


def _sessions(path: Path, folders: frozenset[str], files: frozenset[str]) -> list[str]:
    there = sorted(name for name in folders if _SESSION.match(name))[:_MOST]
    there = [name for name in there if os.path.lexists(path / name / _TASK)]
    alone = [
        name
        for name in sorted(files)[:_MOST]
        if name.endswith(".zip")
        and _SESSION.match(name[:-4])
        and name[:-4] not in there
        and zipped.lists(path / name, _TASK)
    ]
    return there + alone


def _listed(cache: Path) -> list[str]:
    """Return the sessions in the cache, which is a hidden folder nobody walks through."""
    if cache.is_symlink() or cache.parent.is_symlink():
        return []
    folders, files = set(), set()
    try:
        with os.scandir(cache) as entries:
            for entry, _ in zip(entries, range(2 * _MOST), strict=False):
                if entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.add(entry.name)
    except OSError:
        return []
    return _sessions(cache, frozenset(folders), frozenset(files))


def _series(events: Iterator[Any], faults: list[Fault]) -> Series:
    """Return the points of the scalars.

    ClearML draws several curves in one plot and names each by both; where a plot has one
    curve only, the plot's name says it all.
    """
    several = Series()
    variants: dict[str, set[str]] = {}
    for event in _events(events):
        if event.get("type") != "training_stats_scalar":
            continue
        metric, variant = str(event.get("metric")), str(event.get("variant"))
        value = number(event.get("value"))
        if value is None:
            fault(faults, _METRICS, f"a value of {metric}/{variant} is no number")
            continue
        variants.setdefault(metric, set()).add(variant)
        time = seconds_of(event.get("timestamp"))
        several.add(f"{metric}/{variant}", value, number(event.get("iter")), time)
    for metric, names in variants.items():
        if len(names) == 1 and metric not in several:
            several.rename(f"{metric}/{next(iter(names))}", metric)
    return several


def _events(said: Iterator[Any]) -> Iterator[Mapping[str, Any]]:
    for line in said:
        for event in line if isinstance(line, list) else [line]:
            yield mapping(event)


def _card(
    root: Path, task: Mapping[str, Any], series: Series, status: str, faults: list[Fault]
) -> RunCard:
    identity = str(task.get("id") or root.name.removesuffix(".zip"))
    started, ended = series.span()
    tags = [tag for tag in task.get("tags") or () if isinstance(tag, str)]
    return RunCard(
        run_id=identity,
        name=str(task.get("name") or identity),
        experiment=str(task.get("project_name") or root.parent.name),
        status=status,
        inferred=True,
        parent=str(task["parent"]) if isinstance(task.get("parent"), str) else None,
        started=started,
        ended=None if status == RUNNING else ended,
        params=_params(task, faults),
        tags=dict.fromkeys(tags, "true"),
        note=str(task.get("comment") or ""),
        facts={**_facts(task), **({"concluded": _PACKED} if status == FINISHED else {})},
        faults=tuple(faults),
    )


def _params(task: Mapping[str, Any], faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for section, entries in mapping(task.get("hyperparams")).items():
        for name, entry in mapping(entries).items():
            full = name if section == _SECTION else f"{section}/{name}"
            found[full] = _typed(mapping(entry))
    for name, value in mapping(mapping(task.get("execution")).get("parameters")).items():
        found.setdefault(name, value)
    try:
        return flat(found)
    except FormatError as problem:
        fault(faults, _TASK, f"the params cannot be read: {problem}")
        return {}


def _typed(entry: Mapping[str, Any]) -> Any:
    """Return a param's value, which is always text, as what the script gave."""
    value, kind = entry.get("value"), entry.get("type")
    if not isinstance(value, str):
        return value
    try:
        if kind in ("float", "int"):
            return float(value) if kind == "float" else int(value)
    except ValueError:
        return value
    if kind == "bool" and value in ("True", "False"):
        return value == "True"
    return None if kind == "NoneType" or (value == "" and kind == "None") else value


def _facts(task: Mapping[str, Any]) -> dict[str, Any]:
    script = mapping(task.get("script"))
    facts: dict[str, Any] = {
        name: script[key] for key, name in _SCRIPT.items() if isinstance(script.get(key), str)
    }
    facts = {name: value for name, value in facts.items() if value}
    if script.get("diff") and script.get("repository"):
        facts["dirty"] = True
    if isinstance(task.get("type"), str):
        facts["type"] = task["type"]
    return facts
