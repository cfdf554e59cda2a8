"""Neptune's queue on disk: what a script of its 1.x client had not sent, or never could.

That client left out NaN and the infinities: a curve that stops before the others of its
run may have diverged there, and no file says so.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats.artifacts import MOST_ARTIFACTS, files_below
from workbench.formats.contract import Fault, Folder, RunCard
from workbench.formats.offline.left import (
    Left,
    LeftBehind,
    fault,
    mapping,
    number,
    said_in_file,
)
from workbench.formats.offline.namespaces import param_name
from workbench.formats.plain_config import flat, load
from workbench.formats.series import Series
from workbench.formats.signs import changed_at, status_by
from workbench.opening import inside, read_small
from workbench.runfolder import FAILED, FINISHED, RUNNING, STALE_AFTER

_HOME = ".neptune"
_MODES = ("offline", "async", "sync")
_RUN = re.compile(r"run__[\w-]{8,200}\Z")
_EXECUTION = re.compile(r"exec-[\w.:-]{1,200}\Z")
_LOG = re.compile(r"data-(\d{1,12})\.log\Z")
_KEY = re.compile(r"(?:offline|async|sync)/run__[\w-]{8,200}\Z")
_META, _UPLOADS = "metadata.json", "upload_path"
_LARGEST_META = 1 << 20
_MOST = 50_000
_MOST_VALUES = 20_000
_ASSIGNMENTS = frozenset(
    ["AssignFloat", "AssignInt", "AssignBool", "AssignString", "AssignDatetime"]
)


class NeptuneOfflineReader(LeftBehind):
    """Runs in a ``.neptune`` folder; that is the root."""

    name: ClassVar[str] = "neptune"
    title: ClassVar[str] = "Neptune offline runs"
    live: ClassVar[str] = "with every operation, as the script queues it"
    verified: ClassVar[str] = (
        "a queue written by Neptune 1.14, against what the script logged; Neptune itself "
        "leaves out NaN and the infinities"
    )

    def roots(self, folder: Folder) -> list[str]:
        """Return the hidden folder, if runs are in it."""
        if _HOME not in folder.folders:
            return []
        return [_HOME] if any(True for _ in _runs(folder.path / _HOME)) else []

    def _keys(self, root: Path) -> Mapping[str, bool]:
        root.stat()
        return {key: True for key, _ in zip(_runs(root), range(_MOST), strict=False)}

    def _files(self, root: Path, key: str) -> list[str]:
        folder = root / key
        return [f"{folder}/{_META}", *_logs(folder)]

    def _load(self, root: Path, key: str, now: float) -> Left:
        folder = _folder(root, key)
        said = _Said(key)
        meta = _meta(folder, key, said.faults)
        logs = _logs(folder)
        if not logs and not meta:
            raise FormatError(f"{key} is no run.")
        for path in logs:
            for line in said_in_file(path, f"{key}/{os.path.basename(path)}", said.faults):  # noqa: PTH119
                said.take(mapping(mapping(line).get("obj")))
        changed = changed_at([f"{folder}/{_META}", *logs])
        return Left(_card(root, key, meta, said, status_by(changed, now, STALE_AFTER)), said.series)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file is that waited to be uploaded."""
        try:
            return inside(_folder(root, key) / _UPLOADS, path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None


def _folder(root: Path, key: str) -> Path:
    if not _KEY.match(key):
        raise FormatError(f"{key!r} is not the key of a run.")
    return root / key


def _runs(home: Path) -> Iterator[str]:
    """Yield the keys of the runs; links are not followed."""
    for mode in _MODES:
        for name in _folders(home / mode):
            if _RUN.match(name):
                yield f"{mode}/{name}"


def _folders(path: Path) -> list[str]:
    if path.is_symlink():
        return []
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _logs(folder: Path) -> list[str]:
    """Return the files of the queue in the order of writing, of all executions of the run."""
    places = [folder, *(folder / n for n in _folders(folder)[:1_000] if _EXECUTION.match(n))]
    found: list[str] = []
    for place in places:
        numbered: list[tuple[int, str]] = []
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    match = _LOG.match(entry.name)
                    if match and entry.is_file(follow_symlinks=False):
                        numbered.append((int(match[1]), entry.path))
        except OSError:
            continue
        found += [path for _, path in sorted(numbered)]
    return found


def _meta(folder: Path, key: str, faults: list[Fault]) -> Mapping[str, Any]:
    try:
        return load(_META, read_small(f"{folder}/{_META}", _LARGEST_META))
    except FileNotFoundError:
        return {}
    except (FormatError, OSError) as problem:
        fault(faults, f"{key}/{_META}", f"cannot be read: {problem}")
        return {}


class _Said:
    """What the operations of a run come to."""

    def __init__(self, key: str) -> None:
        self.series = Series()
        self.values: dict[str, Any] = {}
        self.sets: dict[str, dict[str, None]] = {}
        self.faults: list[Fault] = []
        self._key = key

    def take(self, operation: Mapping[str, Any]) -> None:
        """Do what an operation says."""
        parts = operation.get("path")
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            return
        path, kind = "/".join(parts), operation.get("type")
        if kind in _ASSIGNMENTS and len(self.values) < _MOST_VALUES:
            self.values[path] = operation.get("value")
        elif isinstance(kind, str) and kind in _OTHERS:
            _OTHERS[kind](self, path, operation)

    def _log(self, path: str, operation: Mapping[str, Any]) -> None:
        values = operation.get("values")
        for one in values if isinstance(values, list) else ():
            point = mapping(one)
            value = number(point.get("value"))
            if value is None:
                fault(self.faults, self._key, f"a value of {path} is no number")
            else:
                self.series.add(path, value, number(point.get("step")), number(point.get("ts")))

    def _forget(self, path: str, _: Mapping[str, Any]) -> None:
        self.series.drop(path)
        self.values.pop(path, None)
        self.sets.pop(path, None)

    def _add(self, path: str, operation: Mapping[str, Any]) -> None:
        for value in self._texts(operation):
            self.sets.setdefault(path, {})[value] = None

    def _remove(self, path: str, operation: Mapping[str, Any]) -> None:
        for value in self._texts(operation):
            self.sets.get(path, {}).pop(value, None)

    @staticmethod
    def _texts(operation: Mapping[str, Any]) -> list[str]:
        values = operation.get("values")
        found = values if isinstance(values, list) else []
        return [value for value in found if isinstance(value, str)][:_MOST_VALUES]


_OTHERS: Mapping[str, Callable[[_Said, str, Mapping[str, Any]], None]] = {
    "LogFloats": _Said._log,  # noqa: SLF001 - the class's own table
    "DeleteAttribute": _Said._forget,  # noqa: SLF001
    "ClearFloatLog": _Said._forget,  # noqa: SLF001
    "ClearStringSet": _Said._forget,  # noqa: SLF001
    "AddStrings": _Said._add,  # noqa: SLF001
    "RemoveStrings": _Said._remove,  # noqa: SLF001
}


def _card(root: Path, key: str, meta: Mapping[str, Any], said: _Said, guess: str) -> RunCard:
    system = {path.removeprefix("sys/"): v for path, v in said.values.items() if _is_sys(path)}
    identity = str(meta.get("containerId") or "")
    failed = system.get("failed") is True
    ended = None if guess == RUNNING else said.series.span()[1]
    groups = list(said.sets.get("sys/group_tags", ()))
    uploads = zip(range(MOST_ARTIFACTS), files_below(str(root / key / _UPLOADS)), strict=False)
    return RunCard(
        run_id=identity,
        name=str(system.get("name") or identity or key.rpartition("/")[2]),
        experiment=root.absolute().parent.name,
        status=FAILED if failed else RUNNING if guess == RUNNING else FINISHED,
        inferred=not failed,
        group=groups[0] if groups else None,
        started=_seconds(meta.get("createdAt")),
        ended=ended,
        params=_params(said, key),
        tags=dict.fromkeys(said.sets.get("sys/tags", ()), "true"),
        note=str(system.get("description") or ""),
        artifacts=tuple(artifact for _, artifact in uploads),
        facts=_facts(meta, system, said),
        faults=tuple(said.faults),
    )


def _is_sys(path: str) -> bool:
    return path.startswith("sys/")


def _params(said: _Said, key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in said.values.items():
        name = param_name(path)
        if name is not None:
            found[name] = value
    try:
        return flat(found)
    except FormatError as problem:
        fault(said.faults, key, f"the params cannot be read: {problem}")
        return {}


def _facts(meta: Mapping[str, Any], system: Mapping[str, Any], said: _Said) -> dict[str, Any]:
    facts = {
        f"neptune.{name}": value
        for name, value in system.items()
        if name not in ("name", "description") and isinstance(value, bool | int | float | str)
    }
    script = said.values.get("source_code/entrypoint")
    if isinstance(script, str):
        facts["script"] = script
    for name, fact in (("os", "os"), ("pythonVersion", "python"), ("mode", "mode")):
        if isinstance(meta.get(name), str):
            facts[fact] = meta[name]
    if isinstance(meta.get("neptuneClientVersion"), str):
        facts["library"] = f"neptune {meta['neptuneClientVersion']}"
    return facts


def _seconds(text: object) -> float | None:
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
