"""What is installed, what the workspace rests on, and what is safe there."""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal, NamedTuple

from workbench import durable
from workbench.catalogue.faults import fault_count
from workbench.catalogue.finding import every
from workbench.catalogue.ingest import run_counts
from workbench.errors import WorkbenchError
from workbench.formats.detect import installed
from workbench.formats.native.reader import NativeReader
from workbench.operations.leftovers import leftovers
from workbench.operations.places import cache_folder
from workbench.operations.session import Session
from workbench.runfolder import TEMPORARY
from workbench.settings import SETTINGS
from workbench.sync.filesystem import is_local, kind_of
from workbench.sync.followed import is_in, label_of
from workbench.words import plural

State = Literal["good", "note", "bad"]

JOBS = {
    "textual": "draws the screens",
    "duckdb": "answers every question a screen asks, from a private index",
    "msgspec": "decodes what runs have written",
    "lark": "reads filters",
    "click": "reads the command line",
    "watchdog": "hears of changes on a local disk",
    "platformdirs": "knows where caches belong on this system",
    "numpy": "thins, smooths and aligns curves",
    "polars": "reads tables and keeps copies of long curves",
    "pandas": "hands runs to notebooks",
    "plotext": "draws charts in printed output",
    "psutil": "measures the machine while a script trains",
    "PyYAML": "reads other tools' settings, with the safe loader",
    "scikit-learn": "trains the sample projects",
}
"""Each library and its job."""
_OPTIONAL = frozenset(("plotext", "scikit-learn", "psutil"))
_LAG = 2.0
"""Seconds by which a file system's clock may differ before it is worth saying."""


class Check(NamedTuple):
    """One thing looked at."""

    part: str
    """``install``, ``workspace``, ``catalogue``, ``file system``, ``safe``, ``datasets``,
    ``drift`` or ``registry``."""
    name: str
    state: State
    says: str


def examine_install() -> Iterator[Check]:
    """Yield what is installed, each library with its job."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Check("install", "python", "good", f"{version} at {sys.executable}")
    yield Check("install", "workbench", "good", _version("mlops-workbench") or "not installed")
    for name, job in JOBS.items():
        found = _version(name)
        if found:
            yield Check("install", name, "good", f"{found}: {job}")
        else:
            state: State = "note" if name in _OPTIONAL else "bad"
            yield Check("install", name, state, f"missing: {job}")
    for fault in installed().faults:
        yield Check("install", fault.path, "bad", fault.reason)


def examine(session: Session) -> Iterator[Check]:
    """Yield what is so with a workspace or folder, its index and its file system.

    Probes are written only into ``.workbench/tmp`` of a workspace that may be written,
    and deleted again.
    """
    yield from _workspace(session)
    yield from _catalogue(session)
    found = tuple(_file_system(session))
    yield from found
    yield _safe(session, {check.name: check for check in found})


def _workspace(session: Session) -> Iterator[Check]:
    kind = "workspace" if session.workspace else "folder of another tool, only looked at"
    yield Check("workspace", "folder", "good", f"{session.root} ({kind})")
    fault = session.settings_fault
    if fault is not None:
        yield Check("workspace", SETTINGS, "bad", str(fault))
    elif session.workspace:
        there = (session.root / SETTINGS).exists()
        yield Check("workspace", SETTINGS, "good", "read" if there else "none; defaults count")
    if session.why_not:
        yield Check("workspace", "writing", "note", session.why_not)
    yield from _sources(session)
    count = fault_count(session.catalogue)
    state: State = "note" if count else "good"
    runs = len(every(session.catalogue))
    yield Check("workspace", "content", state, f"{plural(runs, 'run')}, {plural(count, 'fault')}")
    old = leftovers(session)
    if old:
        says = f"{len(old):,} older than a day; `workbench gc --yes` deletes them"
        yield Check("workspace", "leftovers", "note", says)


def _sources(session: Session) -> Iterator[Check]:
    """Yield where runs come from and how many, and which folders hold none or are away."""
    counts = run_counts(session.catalogue)
    giving = []
    for source in session.sources():
        runs = counts.get((source.reader.name, source.label), 0)
        if runs or source.reader.name == NativeReader.name:
            giving.append(source.label)
            says = f"{source.reader.title} at {source.label}: {plural(runs, 'run')}"
            yield Check("workspace", "runs", "good", says)
    followed = session.followed()
    for fault in followed.faults:
        yield Check("workspace", "followed", "bad", f"{fault.path} {fault.reason}")
    for folder in session.settings.sources if session.workspace else ():
        label = label_of(folder)
        if not followed.is_away(label) and not any(is_in(one, label) for one in giving):
            says = f"{folder} holds nothing that can be read"
            yield Check("workspace", "followed", "note", says)
    if not giving:
        yield Check("workspace", "runs", "note", "nothing here can be read")


def _catalogue(session: Session) -> Iterator[Check]:
    path = session.catalogue.path
    if path is None:
        yield Check("catalogue", "file", "note", "in memory")
        return
    size = path.stat().st_size  # its size only: opening a held file would drop the lock
    yield Check("catalogue", "file", "good", f"{path} ({size:,} bytes), held by this process")
    identity = session.workspace.id if session.workspace else ""
    folder = cache_folder(identity, session.root)
    others = [p.name for p in folder.glob("catalogue-*.duckdb") if p != path]
    if others:
        yield Check("catalogue", "others", "good", f"{len(others)} of other processes beside it")
    damaged = list(folder.glob("*.bad"))
    if damaged:
        says = f"{len(damaged)} damaged ones set aside; `workbench rebuild` deletes them"
        yield Check("catalogue", "set aside", "note", says)
    local = is_local(folder)
    where = "on a local disk" if local else "not on a disk known to be local: locks may fail there"
    yield Check("catalogue", "disk", "good" if local else "bad", where)


def _file_system(session: Session) -> Iterator[Check]:
    local = is_local(session.root)
    kind = kind_of(session.root) if os.name != "nt" else "Windows"
    how = "changes are watched" if local else "changes are polled: nobody reports other machines'"
    yield Check("file system", "kind", "good" if local else "note", f"{kind}; {how}")
    if not session.writable or session.workspace is None:
        yield Check("file system", "probes", "note", "not made: nothing is written here")
        return
    folder = session.root / TEMPORARY
    try:
        folder.mkdir(parents=True, exist_ok=True)
        base = folder / durable.temp_name("doctor")
        yield from _probes(base, session.clock.now())
    except OSError as error:
        yield Check("file system", "writing", "bad", f"fails: {error.strerror or error}")
    finally:
        for path in folder.glob("*-doctor*.tmp*"):
            if f"-{os.getpid()}-" in path.name:
                path.unlink(missing_ok=True)


def _probes(base: Path, now: float) -> Iterator[Check]:
    """Yield what the file system can do, tried on files named after ``base``."""
    base.write_bytes(b"x")
    lag = base.stat().st_mtime - now
    says = f"its clock is {abs(lag):.1f} s {'ahead' if lag > 0 else 'behind'}"
    slow = abs(lag) > _LAG
    yield Check("file system", "time", "note" if slow else "good", says if slow else "agrees")
    yield _tried("hard links", lambda: _links(base), "there are")
    yield _tried("exclusive publishing", lambda: _publishes_once(base), "a taken name is refused")
    yield _tried("fsync", lambda: _syncs(base), "works")
    upper = base.with_name(base.name.upper())
    blind = upper.exists() and upper != base
    yield Check("file system", "letters", "good", "case does not count" if blind else "case counts")


def _tried(name: str, probe: Callable[[], bool], says: str) -> Check:
    try:
        works = probe()
    except OSError as error:
        missing = error.errno in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES)
        why = "not here" if missing else f"fails: {error.strerror or error}"
        return Check("file system", name, "note", why)
    return Check("file system", name, "good" if works else "note", says if works else "not here")


def _links(base: Path) -> bool:
    other = base.with_name(base.name + ".link")
    os.link(base, other)
    linked = base.stat().st_nlink == 2  # noqa: PLR2004 - the file and its link
    other.unlink()
    return linked


def _publishes_once(base: Path) -> bool:
    """Publish twice under one name: the second must be refused."""
    name = base.with_name(base.name + ".once")
    durable.write_once(name, b"first")
    try:
        durable.write_once(name, b"second")
    except FileExistsError:
        return name.read_bytes() == b"first"
    finally:
        name.unlink(missing_ok=True)
    return False


def _syncs(base: Path) -> bool:
    fd = os.open(base, os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    return True


def _safe(session: Session, found: dict[str, Check]) -> Check:
    """Say in one sentence what may be done here."""
    if session.workspace is None:
        return Check("safe", "verdict", "good", "looking at these runs; nothing is written here")
    if not session.writable:
        return Check("safe", "verdict", "good", "looking; you may not write here")
    if "writing" in found:
        return Check("safe", "verdict", "bad", "looking only: files cannot be written reliably")
    if found["exclusive publishing"].state == "good":
        says = "logging, editing and sharing with others: a taken name is refused here"
        return Check("safe", "verdict", "good", says)
    says = "logging and looking; edits by several people at once are not safe here"
    return Check("safe", "verdict", "note", says)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def trouble(error: WorkbenchError) -> Check:
    """Return the check that says why a workspace could not be opened."""
    return Check("workspace", "opening", "bad", str(error))
