"""Which runs an MLflow file store holds, and which of them may have changed.

Appending to a metric or setting a tag anew leaves no trace in any folder's time.
So runs that say they are going on are looked through at every survey, and of the
others a slice: what is logged to a finished run is seen within a few looks.
"""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import NamedTuple

from workbench.formats.contract import Fault, RunRef, Survey
from workbench.opening import printable, read_small

META = "meta.yaml"
RESERVED = frozenset(["models", "tags", "datasets", "traces", "artifacts"])
"""Names beside runs that are none."""
_RUN = re.compile(r"[A-Za-z0-9][\w-]{0,255}\Z")
_GOING = re.compile(rb"^status: *['\"]?(?:1|2|RUNNING|SCHEDULED)\b", re.MULTILINE)
_SLICE = 64
"""Finished runs looked through at each survey."""
_LARGEST_META = 1 << 20
_DEEPEST = 8


class _Seen(NamedTuple):
    """A run as it was last looked through."""

    shallow: tuple[int, ...]
    ref: RunRef


class _Memory(NamedTuple):
    runs: Mapping[str, _Seen]
    turn: int


def survey(root: str, memory: object | None) -> Survey:
    """Return the runs of the store at ``root``; see `contract.Reader.survey`."""
    before = memory if isinstance(memory, _Memory) else _Memory({}, 0)
    faults: list[Fault] = []
    runs: dict[str, _Seen] = {}
    for number, key in enumerate(_keys(root, faults)):
        known = before.runs.get(key)
        shallow = _shallow(f"{root}/{key}")
        if shallow[0] == 0:
            continue  # no meta.yaml: a folder that is no run
        due = before.turn <= number < before.turn + _SLICE
        if known is not None and known.shallow == shallow and not known.ref.live and not due:
            runs[key] = known
        else:
            runs[key] = _Seen(shallow, _ref(root, key, shallow))
    turn = before.turn + _SLICE
    after = _Memory(runs, turn if turn < len(runs) else 0)
    return Survey({key: seen.ref for key, seen in runs.items()}, after, tuple(faults))


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


def _shallow(path: str) -> tuple[int, ...]:
    return (
        *_size_and_time(f"{path}/{META}"),
        *(
            _size_and_time(f"{path}/{name}")[1]
            for name in ("metrics", "tags", "params", "artifacts")
        ),
    )


def _ref(root: str, key: str, shallow: tuple[int, ...]) -> RunRef:
    """Look a run through."""
    path = f"{root}/{key}"
    live = _is_going(path)
    seen: list[object] = [shallow]
    for name in ("metrics", "tags", "params") if live else ("metrics", "tags"):
        seen += _through(f"{path}/{name}", _DEEPEST)
    text = repr(seen).encode("utf-8", "surrogateescape")
    return RunRef(key, int.from_bytes(blake2b(text, digest_size=7).digest(), "big") or 1, live=live)


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
        return 0, 0
    return facts.st_size, facts.st_mtime_ns
