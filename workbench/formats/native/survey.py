"""Which runs a workspace holds, from modification times alone.

A folder's time changes when a name in it comes or goes, and that is all a
finished run ever does to its experiment: one folder, one marker. So an unchanged
experiment costs three stats, and only runs without an end are looked into.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from workbench.clock import SYSTEM
from workbench.formats.contract import Fault, RunRef, Survey
from workbench.opening import printable
from workbench.runfolder import (
    ALIVE,
    CARD,
    DONE,
    FINAL,
    METRICS,
    RUNS,
    UPDATES,
    WRITERS,
    read_done_marker,
)

_SECOND = 1_000_000_000
_AGAIN, _AGAIN_COARSE = 2, 6
"""How often a changed folder is listed again although its time stands still: two
names may come within one tick of the file system's clock, which is 10 ms on most
and 2 s on some."""
_LONG_AGO = 3600.0
"""Seconds after which a folder is taken to be quiet, however wrong a clock may be."""
_MISSING = -1


class _Listing(NamedTuple):
    """One experiment as it was last listed."""

    times: tuple[int, int, int]
    """Modification times of the folder, `.done` and `.alive`, in ns."""
    again: int
    refs: Mapping[str, RunRef]
    """By key; stamps of live runs are those of the folder alone."""
    live: tuple[str, ...]
    """Names of runs without an end."""
    faults: tuple[Fault, ...]


class _Memory(NamedTuple):
    experiments: Mapping[str, _Listing]
    live: Mapping[str, RunRef]
    refs: Mapping[str, RunRef]


_NOTHING = _Memory({}, {}, {})


def survey(root: str, memory: object | None) -> Survey:
    """Return the runs of the workspace at ``root``; see `contract.Reader.survey`."""
    before = memory if isinstance(memory, _Memory) else _NOTHING
    faults: list[Fault] = []
    experiments: dict[str, _Listing] = {}
    live: dict[str, RunRef] = {}
    for name in _folders(root, RUNS, faults):
        listing = _listing(root, f"{RUNS}/{name}", before.experiments.get(name))
        if listing is None:
            continue
        experiments[name] = listing
        faults += listing.faults
        for run in listing.live:
            key = f"{RUNS}/{name}/{run}"
            live[key] = RunRef(
                key, _live_stamp(root, name, run, listing.refs[key].stamp), live=True
            )
    refs = _merged(before, experiments, live)
    return Survey(refs, _Memory(experiments, live, refs), tuple(faults))


def _merged(
    before: _Memory, experiments: Mapping[str, _Listing], live: Mapping[str, RunRef]
) -> Mapping[str, RunRef]:
    """Return all runs; the very mapping of last time if nothing happened."""
    same = live == before.live and len(experiments) == len(before.experiments)
    if same and all(
        (known := before.experiments.get(name)) is not None and known.refs is listing.refs
        for name, listing in experiments.items()
    ):
        return before.refs
    refs: dict[str, RunRef] = {}
    for listing in experiments.values():
        refs.update(listing.refs)
    refs.update(live)
    return refs


def _listing(root: str, folder: str, known: _Listing | None) -> _Listing | None:
    """Return what an experiment holds, from memory if its times stand still."""
    path = f"{root}/{folder}"
    times = _time(path), _time(f"{path}/{DONE}"), _time(f"{path}/{ALIVE}")
    if times[0] == _MISSING:
        return None
    again = _AGAIN_COARSE if all(time % _SECOND == 0 for time in times) else _AGAIN
    if max(times) / _SECOND < SYSTEM.now() - _LONG_AGO:
        again = 0
    if known is not None and known.times == times:
        if known.again == 0 and not known.faults:  # permissions leave no trace in the times
            return known
        again = max(0, known.again - 1)
    faults: list[Fault] = []
    refs, live = _runs(root, folder, faults)
    if known is not None and refs == known.refs and live == known.live:
        refs = known.refs  # the same mapping says that nothing happened
    return _Listing(times, again, refs, live, tuple(faults))


def _runs(
    root: str, folder: str, faults: list[Fault]
) -> tuple[Mapping[str, RunRef], tuple[str, ...]]:
    path = f"{root}/{folder}"
    ended = _by_run(_names(f"{path}/{DONE}"), done=True)
    begun = _by_run(_names(f"{path}/{ALIVE}"), done=False)
    refs: dict[str, RunRef] = {}
    live: list[str] = []
    for entry in _entries(path, folder, faults):
        if entry.name.startswith(".") or not _is_folder(root, folder, entry, faults):
            continue
        ends, starts = ended.get(entry.name, {}), begun.get(entry.name, {})
        going = not ends or bool(starts.keys() - ends.keys())
        key = f"{folder}/{entry.name}"
        refs[key] = RunRef(key, _stamp(*_identity(entry), *ends.values(), *starts), live=going)
        if going:
            live.append(entry.name)
    return refs, tuple(live)


def _by_run(names: Iterable[str], *, done: bool) -> dict[str, dict[int, str]]:
    """Return writer -> marker by run."""
    found: dict[str, dict[int, str]] = {}
    for name in sorted(names):
        run, _, rest = name.partition(".")
        if done:
            marker = read_done_marker(name)
            if marker is not None:
                found.setdefault(run, {})[marker[1]] = rest
        elif rest.isdecimal():
            found.setdefault(run, {})[int(rest)] = rest
    return found


def _live_stamp(root: str, experiment: str, run: str, base: int) -> int:
    """Return the stamp of a run that may be growing: sizes and times of its lines."""
    path = f"{root}/{RUNS}/{experiment}/{run}"
    seen: list[object] = [base, _time(f"{path}/{CARD}")]
    for writer in sorted(_names(f"{path}/{WRITERS}")):
        seen.append(writer)
        for name in (METRICS, UPDATES, FINAL):
            seen += _size_and_time(f"{path}/{WRITERS}/{writer}/{name}")
        seen.append(_time(f"{root}/{RUNS}/{experiment}/{ALIVE}/{run}.{writer}"))
    return _stamp(*seen)


def _stamp(*seen: object) -> int:
    """Return a number for what was seen, the same in every process, never 0."""
    text = "|".join(map(str, seen)).encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") or 1


def _identity(entry: os.DirEntry[str]) -> tuple[int, int]:
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return 0, 0
    return facts.st_ino, facts.st_mtime_ns


def _time(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - counted in microseconds here
    except OSError:
        return _MISSING


def _size_and_time(path: str) -> tuple[int, int]:
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return 0, 0
    return facts.st_size, facts.st_mtime_ns


def _names(path: str) -> list[str]:
    try:
        return os.listdir(path)  # noqa: PTH208
    except OSError:
        return []


def _folders(root: str, folder: str, faults: list[Fault]) -> list[str]:
    return [
        entry.name
        for entry in _entries(f"{root}/{folder}", folder, faults)
        if not entry.name.startswith(".") and _is_folder(root, folder, entry, faults)
    ]


def _entries(path: str, shown: str, faults: list[Fault]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return list(entries)
    except FileNotFoundError:
        return []
    except OSError as problem:
        faults.append(Fault(shown, f"cannot be listed: {problem.strerror}"))
        return []


def _is_folder(root: str, folder: str, entry: os.DirEntry[str], faults: list[Fault]) -> bool:
    """Say whether an entry is a folder to look into; a link is not, and one that leaves is told."""
    shown = f"{folder}/{printable(entry.name)}"
    if not entry.is_symlink():
        if shown.endswith(entry.name):
            return entry.is_dir(follow_symlinks=False)
        faults.append(Fault(shown, "a name that is not UTF-8; it is left out"))
        return False
    try:
        target = os.path.realpath(entry.path, strict=True)
    except OSError as problem:
        faults.append(Fault(shown, f"a link that leads nowhere: {problem.strerror}"))
        return False
    if stat.S_ISDIR(os.stat(target).st_mode) and not _below(target, os.path.realpath(root)):  # noqa: PTH116
        faults.append(Fault(shown, "a link that leaves the workspace; it is not followed"))
    return False


def _below(path: str, home: str) -> bool:
    return path == home or path.startswith(home.rstrip(os.sep) + os.sep)
