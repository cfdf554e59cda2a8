"""Which runs an MLflow file store holds, and which of them may have changed.

Appending to a metric or setting a tag anew leaves no trace in any folder's time. So
runs that say they are going on are looked through at every survey. Of the others
``meta.yaml`` is looked at, which is written when a run is taken up again, renamed or
deleted, and a slice is looked through: what else is logged to a finished run is seen
within a few looks.
"""

import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from workbench.formats.contract import Fault, RunRef, Survey
from workbench.formats.signs import stamp
from workbench.opening import printable, read_small

META = "meta.yaml"
RESERVED = frozenset(["models", "tags", "datasets", "traces", "artifacts"])
"""Names beside runs that are none."""
_RUN = re.compile(r"[A-Za-z0-9][\w-]{0,255}\Z")
_GOING = re.compile(rb"^status: *['\"]?(?:1|2|RUNNING|SCHEDULED)\b", re.MULTILINE)
_SLICE = 128
"""Finished runs looked through at each survey."""
_LARGEST_META = 1 << 20
_DEEPEST = 8
_NOTHING = (0, 0)


class _Memory(NamedTuple):
    """What one survey leaves for the next."""

    refs: Mapping[str, RunRef]
    metas: Mapping[str, tuple[int, int]]
    """Size and time of each run's ``meta.yaml`` when the run was last looked through."""
    turn: int


def survey(root: str, memory: object | None) -> Survey:
    """Return the runs of the store at ``root``; see `contract.SourceReader.survey`."""
    before = memory if isinstance(memory, _Memory) else _Memory({}, {}, 0)
    faults: list[Fault] = []
    refs: dict[str, RunRef] = {}
    metas: dict[str, tuple[int, int]] = {}
    for number, key in enumerate(_keys(root, faults)):
        meta = _size_and_time(f"{root}/{key}/{META}")
        if meta == _NOTHING:
            continue  # no meta.yaml: a folder that is no run
        ref, due = before.refs.get(key), before.turn <= number < before.turn + _SLICE
        if ref is None or ref.live or due or before.metas[key] != meta:
            ref = _ref(root, key, meta)
        refs[key], metas[key] = ref, meta
    turn = before.turn + _SLICE if before.turn + _SLICE < len(refs) else 0
    found = before.refs if refs == before.refs else refs  # the very mapping: nothing moved
    return Survey(found, _Memory(found, metas, turn), tuple(faults))


def _keys(root: str, faults: list[Fault]) -> Iterator[str]:
    """Yield the keys of everything that may be a run."""
    for experiment in _folders(root, "", faults):
        if experiment in RESERVED or not os.path.lexists(f"{root}/{experiment}/{META}"):
            continue
        for run in _folders(f"{root}/{experiment}", experiment, faults):
            if run not in RESERVED and _RUN.match(run):
                yield f"{experiment}/{run}"


def _folders(path: str, shown: str, faults: list[Fault]) -> list[str]:
    try:
        with os.scandir(path) as entries:
            found = [
                entry.name
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]
    except OSError as problem:
        faults.append(Fault(shown or ".", f"cannot be listed: {problem.strerror}"))
        return []
    wrong = [name for name in found if printable(name) != name]
    faults += [
        Fault(f"{shown}/{printable(n)}", "a name that is not UTF-8; left out") for n in wrong
    ]
    return [name for name in found if name not in wrong]


def _ref(root: str, key: str, meta: tuple[int, int]) -> RunRef:
    """Look a run through."""
    path = f"{root}/{key}"
    live = _is_going(path)
    seen: list[object] = [meta]
    seen += [_size_and_time(f"{path}/{name}")[1] for name in ("params", "artifacts", "outputs")]
    for name in ("metrics", "tags", "params") if live else ("metrics", "tags"):
        seen += _through(f"{path}/{name}", _DEEPEST)
    return RunRef(key, stamp(seen), live)


def _is_going(path: str) -> bool:
    try:
        return _GOING.search(read_small(f"{path}/{META}", _LARGEST_META)) is not None
    except Exception:  # noqa: BLE001 - whatever it is, reading the run will tell
        return True


def _through(path: str, depth: int) -> Iterator[object]:
    """Yield name, size and time of every file below ``path``."""
    try:
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            if depth:
                yield entry.name
                yield from _through(entry.path, depth - 1)
        else:
            facts = entry.stat(follow_symlinks=False)
            yield entry.name, facts.st_size, facts.st_mtime_ns


def _size_and_time(path: str) -> tuple[int, int]:
    try:
        facts = os.stat(path)  # noqa: PTH116 - counted in microseconds
    except OSError:
        return _NOTHING
    return facts.st_size, facts.st_mtime_ns
