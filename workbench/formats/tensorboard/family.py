"""Which folders of event files are one run.

Writers make a folder for a session of hyperparameters, and one for every curve that
is drawn together with others. To TensorBoard each is a run; to a person they are
parts of the run above. Only what is certain is put together: the same process wrote
both, and the folder holds what such a folder holds and nothing else.
"""

import os
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from workbench.clock import SYSTEM
from workbench.errors import FormatError
from workbench.formats.first_bytes import first_bytes
from workbench.formats.signs import facts_of
from workbench.formats.tensorboard.events import HPARAMS, SCALARS, read_event
from workbench.formats.tensorboard.frames import frames, is_whole
from workbench.formats.walking import HERE, may_hold_runs

MARK = "events.out.tfevents."
_NAME = re.compile(r"events\.out\.tfevents\.(\d+)\.(.*)\Z", re.DOTALL)
_PROCESS = re.compile(r"(.*\.\d+)\.\d+((?:\..*)?)\Z", re.DOTALL)
PEEK = 1 << 16
"""Bytes of a file that are looked at to tell what its folder is."""
_MOST_FILES = 4
"""In a folder that is a part of a run; writers make one."""
_MOST_BELOW = 256
"""Folders looked into for parts of a run; where more are, they are runs."""
_UP = 4
"""Folders above in which the run may be that a folder is a part of."""
_SETTLED_S = 5.0
_NOTHING = 256
"""Bytes of a file that says which version it is of and nothing else."""
_SPLITS = frozenset(["train", "validation", "val", "test"])
"""Keras and TensorFlow's own examples write one folder for each."""
_SECOND = ".v2"
"""At the end of the names of files that TensorFlow 2 itself writes."""

SESSION, CURVE, SPLIT = "session", "curve", "split"


class Member(NamedTuple):
    """A folder of a run: its own, or one below that is a part of it."""

    path: str
    """Below the run's folder; empty for that itself."""
    files: tuple[str, ...]
    kind: str = ""
    tag: str = ""
    """Of the curve in it."""
    curve: str = ""
    """What that curve is called in the run."""


class Peeked(NamedTuple):
    """What the beginnings of a folder's files hold."""

    points: Mapping[str, int]
    """How many each scalar has."""
    session: bool
    others: bool
    """There is something that is neither a scalar nor a session."""
    damaged: bool
    """A record does not fit its checksum: what it held is not known, all others are."""


def event_files(names: Iterable[str]) -> tuple[str, ...]:
    """Return the event files among names in the order of their time."""
    found = ((match, name) for name in names if (match := _NAME.match(name)))
    return tuple(name for _, name in sorted(found, key=lambda one: _order(*one)))


def _order(match: "re.Match[str]", name: str) -> tuple[object, ...]:
    numbers = [(not part.isdigit(), int(part[:18]) if part.isdigit() else 0, part)
               for part in match[2].split(".")]  # fmt: skip
    return int(match[1][:18]), numbers, name


def writer_of(name: str) -> str:
    """Return host and process that wrote a file, as far as its name says."""
    match = _NAME.match(name)
    rest = match[2] if match else ""
    process = _PROCESS.match(rest)
    return process[1] if process else rest


def host_of(name: str) -> str:
    """Return the host in a file's name."""
    return re.sub(r"\.\d+\Z", "", writer_of(name))


def whole_of(folder: Path, path: str, files: tuple[str, ...]) -> str | None:
    """Return the path of the run that the event folder at ``path`` is a part of; None if none."""
    if path == HERE or not may_be_part(files):
        return None
    if _is_split(folder, files):
        return path.rpartition("/")[0] or HERE
    place, inner = folder, path
    for _ in range(_UP):
        if inner == HERE:
            return None
        place, inner = place.parent, inner.rpartition("/")[0] or HERE
        own = _files_in(str(place))
        if own:
            part = _part(place, folder.relative_to(place).as_posix(), own, files)
            return inner if part is not None else None
    return None


def members_of(folder: Path) -> tuple[Member, ...]:
    """Return the folders of a run, its own first."""
    own = _files_in(str(folder))
    found = [Member("", own)]
    if not own:
        return (*found, *_splits(folder)) if _may_have_splits(folder) else tuple(found)
    for path in _below(folder, "", _UP):
        files = _files_in(str(folder / path))
        if files and may_be_part(files):
            part = _part(folder, path, own, files)
            if part is not None:
                found.append(part)
    return tuple(found)


def is_only_above(folder: Path, path: str, files: tuple[str, ...]) -> bool:
    """Say whether an event folder holds nothing itself, and runs of the same writer below.

    A search makes a writer for all its trials and logs nothing with it.
    """
    facts = [facts_of(f"{folder}/{name}") for name in files]
    if len(files) > _MOST_FILES or any(one is None or one[1] > _NOTHING for one in facts):
        return False
    seen = peek(folder, files)
    if seen != Peeked({}, session=False, others=False, damaged=False):
        return False
    writers = {writer_of(name) for name in files}
    for name in sorted(_folders_in(str(folder)))[:_MOST_BELOW]:
        below = _files_in(str(folder / name))
        if below and {writer_of(one) for one in below} <= writers:
            whole = whole_of(folder / name, name if path == HERE else f"{path}/{name}", below)
            if whole != path:
                return True
    return False


def may_be_part(files: tuple[str, ...]) -> bool:
    """Say whether a folder of these files may be a part of a run."""
    return 0 < len(files) <= _MOST_FILES


def _part(folder: Path, path: str, own: tuple[str, ...], files: tuple[str, ...]) -> Member | None:
    """Return the folder at ``path`` as the part it is of the run at ``folder``."""
    if not {writer_of(name) for name in files} <= {writer_of(name) for name in own}:
        return None
    seen = peek(folder / path, files)
    if _is_session(seen):
        alone = "/" not in path and _is_only_session(folder, path, own)
        return Member(path, files, SESSION) if alone else None
    return _curve(path, files, seen)


def _is_session(seen: Peeked) -> bool:
    return seen.session and not seen.others and all(n == 1 for n in seen.points.values())


def _is_only_session(folder: Path, path: str, own: tuple[str, ...]) -> bool:
    """Say whether no other folder beside ``path`` holds a session: two are two trials."""
    beside = [name for name in _folders_in(str(folder)) if name != path]
    if len(beside) > _MOST_BELOW:
        return False
    writers = {writer_of(name) for name in own}
    for name in beside:
        files = _files_in(str(folder / name))
        ours = may_be_part(files) and writer_of(files[0]) in writers
        if ours and _is_session(peek(folder / name, files)):
            return False
    return True


def _curve(path: str, files: tuple[str, ...], seen: Peeked) -> Member | None:
    """Return a folder that holds one curve of several drawn together."""
    if len(seen.points) != 1 or seen.session or seen.others:
        return None
    tag = next(iter(seen.points))
    for start in (f"{tag.replace('/', '_')}_", f"{tag}/"):
        suffix = path.removeprefix(start)
        if suffix != path and suffix and "/" not in suffix:
            return Member(path, files, CURVE, tag, f"{tag}/{suffix}")
    return None


def _is_split(folder: Path, files: tuple[str, ...]) -> bool:
    return (
        folder.name in _SPLITS
        and all(name.endswith(_SECOND) for name in files)
        and not _files_in(str(folder.parent))
    )


def _may_have_splits(folder: Path) -> bool:
    return len(_folders_in(str(folder))) <= _MOST_BELOW


def _splits(folder: Path) -> list[Member]:
    found = []
    for name in sorted(_SPLITS):
        files = _files_in(str(folder / name))
        if may_be_part(files) and all(one.endswith(_SECOND) for one in files):
            found.append(Member(name, files, SPLIT))
    return found


def _below(folder: Path, path: str, depth: int) -> Iterable[str]:
    """Yield the folders below in which a part of the run may be."""
    names = sorted(_folders_in(str(folder / path)))
    if depth == 0 or len(names) > _MOST_BELOW:
        return
    for name in names:
        if may_hold_runs(name):
            below = f"{path}/{name}" if path else name
            yield below
            if not _files_in(str(folder / below)):
                yield from _below(folder, below, depth - 1)


def peek(folder: Path, files: tuple[str, ...]) -> Peeked:
    """Return what the beginnings of files hold."""
    points: dict[str, int] = {}
    session = others = damaged = False
    for name in files:
        for one in _peeked(f"{folder}/{name}", facts_of(f"{folder}/{name}")):
            for tag, count in one.points.items():
                points[tag] = points.get(tag, 0) + count
            session, others = session or one.session, others or one.others
            damaged = damaged or one.damaged
    return Peeked(points, session, others, damaged)


@lru_cache(maxsize=4096)
def _peeked(path: str, facts: tuple[int, int, int] | None) -> tuple[Peeked, ...]:
    """Return what the beginning of a file holds; ``facts`` say which state of it is meant."""
    if facts is None:
        return ()
    data = first_bytes(path, PEEK)
    found = frames(data)
    points: dict[str, int] = {}
    session = others = damaged = False
    for start, size in zip(found.starts, found.sizes, strict=True):
        if not is_whole(data, start, size):
            damaged = True
            continue
        try:
            event = read_event(memoryview(data)[start : start + size])
        except FormatError:
            others = True
            continue
        for value in event.values:
            if value.kind == SCALARS:
                points[value.tag] = points.get(value.tag, 0) + 1
            elif value.kind == HPARAMS:
                session = True
            else:
                others = True
    return (Peeked(points, session, others or found.broken, damaged),)


class _Listed(NamedTuple):
    files: tuple[str, ...]
    folders: frozenset[str]


def _files_in(folder: str) -> tuple[str, ...]:
    return _listed(folder).files


def _folders_in(folder: str) -> frozenset[str]:
    return _listed(folder).folders


def _listed(folder: str) -> _Listed:
    facts = facts_of(folder)
    if facts is None:
        return _Listed((), frozenset())
    if SYSTEM.now() - facts[2] / 1e9 < _SETTLED_S:  # a name may come within the clock's tick
        return _list.__wrapped__(folder, facts)
    return _list(folder, facts)


@lru_cache(maxsize=4096)
def _list(folder: str, facts: tuple[int, int, int]) -> _Listed:  # noqa: ARG001 - of which state
    files, folders = [], []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith(MARK):
                    if entry.is_file(follow_symlinks=False):
                        files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
    except OSError:
        return _Listed((), frozenset())
    return _Listed(event_files(files), frozenset(folders))
