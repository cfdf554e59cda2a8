"""What is installed, what is opened, and what the drive under it can do.

Every probe writes only into the workspace's folder for temporary files and takes its
own files away again.
"""

import os
import platform
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from workbench import __version__
from workbench.durable import temp_name, write_once
from workbench.operations.session import Session
from workbench.runfolder import TEMPORARY
from workbench.sync.filesystem import is_local, kind_of

JOBS = {
    "click": "the command line",
    "duckdb": "the catalogue: answers every question a screen asks",
    "lark": "reads filters",
    "msgspec": "decodes run folders",
    "numpy": "arithmetic on curves",
    "pandas": "data frames for notebooks",
    "platformdirs": "finds where your cache and state live",
    "plotext": "charts in printed output",
    "polars": "tables in artifacts, cached curves",
    "psutil": "CPU and memory of a run, while it trains",
    "PyYAML": "configs of plain folders and MLflow",
    "rich": "styles of the screens",
    "scikit-learn": "the sample projects",
    "textual": "the screens",
    "watchdog": "hears changes on a local disk",
}
"""Each library of the installation and what it does here."""

GOOD, WARNING, BAD = "ok", "warning", "bad"
_MOST_LAG = 5.0


class Finding(NamedTuple):
    """One thing that was looked at."""

    part: str
    name: str
    state: str
    words: str


def examine(session: Session | None) -> Iterator[Finding]:
    """Yield what is found of the installation and, if one is given, of what was opened."""
    yield Finding(
        "install", "workbench", GOOD, f"{__version__} on Python {platform.python_version()}"
    )
    for library, job in JOBS.items():
        yield _library(library, job)
    if session is None:
        yield Finding("workspace", "workspace", WARNING, "none here or above")
        return
    yield from _workspace(session)
    yield from _catalogue(session)
    yield from _file_system(session)


def _library(library: str, job: str) -> Finding:
    try:
        return Finding("install", library, GOOD, f"{metadata.version(library)}, {job}")
    except metadata.PackageNotFoundError:
        words = f"not installed; {job} will not work"
        return Finding("install", library, WARNING if library == "plotext" else BAD, words)


def _workspace(session: Session) -> Iterator[Finding]:
    root = session.root
    if session.workspace is None:
        yield Finding("workspace", "folder", GOOD, f"{root}, of another tool; only looked at")
    else:
        yield Finding("workspace", "workspace", GOOD, f"{root}, id {session.workspace.id}")
    if session.why_not and session.workspace is not None:
        yield Finding("workspace", "writing", WARNING, session.why_not)
    if session.settings_fault is not None:
        yield Finding("workspace", "settings", BAD, session.settings_fault.message)
    for source in session.sources():
        there = GOOD if source.root.is_dir() else WARNING
        yield Finding("workspace", "source", there, f"{source.reader.title} at {source.root}")


def _catalogue(session: Session) -> Iterator[Finding]:
    path = session.catalogue.path
    yield Finding("catalogue", "file", GOOD, f"{path}; may be deleted at any time")
    local = path is not None and is_local(path.parent)
    words = "on a local disk" if local else "not known to be local; its lock cannot be trusted"
    yield Finding("catalogue", "disk", GOOD if local else WARNING, words)


def _file_system(session: Session) -> Iterator[Finding]:
    """Try what the workspace rests on, in its own folder for temporary files."""
    kind, local = kind_of(session.root), is_local(session.root)
    words = f"{kind}; {'watched' if local else 'polled: nobody reports what other machines write'}"
    yield Finding("file system", "kind", GOOD, words)
    if not session.writable:
        yield Finding("file system", "probes", WARNING, f"not tried: {session.why_not}")
        return
    folder = session.root / TEMPORARY
    folder.mkdir(parents=True, exist_ok=True)
    for name, probe in _PROBES.items():
        yield _tried(name, probe, folder, session.clock.now())


def _tried(name: str, probe: "Probe", folder: Path, now: float) -> Finding:
    path = folder / temp_name(f"doctor-{name.replace(' ', '-')}")
    try:
        state, words = probe(path, now)
    except OSError as error:
        state, words = BAD, f"refused: {error.strerror or error}"
    finally:
        for one in folder.glob(f"{path.stem}*"):
            one.unlink(missing_ok=True)
    return Finding("file system", name, state, words)


Probe = Callable[[Path, float], tuple[str, str]]


def _publishing(path: Path, _: float) -> tuple[str, str]:
    """Publish one name twice: the second must be refused."""
    write_once(path, b"first")
    try:
        write_once(path, b"second")
    except FileExistsError:
        return GOOD, "a name can be taken once only; edits and promotions are safe"
    return BAD, "a taken name was given away again: nothing here is safe"


def _links(path: Path, _: float) -> tuple[str, str]:
    path.write_bytes(b"")
    other = path.with_name(path.name + ".link")
    try:
        os.link(path, other)
    except OSError:
        return WARNING, "no hard links; publishing falls back to renaming without replacing"
    return GOOD, "hard links work"


def _replacing(path: Path, _: float) -> tuple[str, str]:
    path.write_bytes(b"old")
    draft = path.with_name(path.name + ".new")
    draft.write_bytes(b"new")
    draft.replace(path)
    return (GOOD, "a file is replaced in one step") if path.read_bytes() == b"new" else (BAD, "no")


def _flushing(path: Path, _: float) -> tuple[str, str]:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    return GOOD, "data can be flushed to the disk"


def _case(path: Path, _: float) -> tuple[str, str]:
    path.write_bytes(b"")
    if path.with_name(path.name.upper()).exists():
        return GOOD, "names that differ in case are one file; the workbench never relies on case"
    return GOOD, "names that differ in case are two files"


def _lag(path: Path, now: float) -> tuple[str, str]:
    path.write_bytes(b"")
    lag = path.stat().st_mtime - now
    if abs(lag) > _MOST_LAG:
        return WARNING, f"its clock differs by {lag:+.0f} s from this machine's; ages use its own"
    return GOOD, "its clock agrees with this machine's"


_PROBES: dict[str, Probe] = {
    "publishing": _publishing,
    "hard links": _links,
    "replacing": _replacing,
    "flushing": _flushing,
    "case": _case,
    "clock": _lag,
}
