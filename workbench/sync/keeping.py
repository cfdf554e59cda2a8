"""Keeping runs that the next run overwrites: copied while they are looked at.

Of a folder that belongs to such a tool every look copies what was added, a few hundred
bytes. Where what is there no longer goes on from the copy, another run has begun:
the copy stays as it is and a new one is begun under the next number, with an id of its
own. So a run keeps its id, and all that people said of it, when its folder is taken.

Several programs may keep one folder's runs in one place. They agree without asking:
a name is made of where the folder is, a number is taken by renaming a folder to it, and
what is added is written at the place where it belongs, so that writing it twice
changes nothing.
"""

import os
import shutil
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import msgspec

from workbench.durable import temp_name
from workbench.errors import FormatError, NotAllowedError
from workbench.formats import kept, signs
from workbench.formats.contract import Fault, RunCard
from workbench.formats.kept import CARD, GONE, KEEPING, MOST_KEPT, RUN, TOO_LARGE, Card, Keeps
from workbench.ids import id_of_place
from workbench.opening import open_plain, read_small, require_inside
from workbench.runfolder import RUNNING

FOLDER = ".workbench/kept"
"""Below a workspace; of a folder that is only looked at, `kept` in this person's own state."""
MOST_BYTES = 16 << 20
"""Bytes kept of one run; a larger one is left to its folder, and that is said."""
MOST_FOLDERS = 200
"""Folders of one source of which runs are kept. Who has more gives every run a folder of its own:
of the others only a run that is going on is kept."""
_HEAD, _BEFORE, _PIECE = 256, 64, 1 << 20


class Place(NamedTuple):
    """A run as it lies in its folder."""

    source: str
    """The source's label."""
    root: Path
    key: str


class Keeper:
    """Keeps the runs of one session; belongs to the sweeper's thread."""

    def __init__(self, home: Path, folder: str) -> None:
        """Keep runs below ``home``, in ``folder``, and nowhere a link there leads to."""
        self.home = home
        self.root = home / folder
        self.faults: dict[str, Fault] = {}
        self._met: dict[str, dict[str, str]] = {}
        """Folders of copies by source and key."""

    def kept(self, place: Place, card: RunCard) -> RunCard:
        """Return the card with the id of this very run, after copying what is new in it.

        The id of the first run met in a folder is that of its place, as of all runs.
        """
        reader = next((KEEPING[name] for name in card.format.split("+") if name in KEEPING), None)
        if reader is None:
            return card
        known = self._known(place.source)
        if len(known) >= MOST_FOLDERS and place.key not in known and card.status != RUNNING:
            return card
        origin = known.setdefault(place.key, f"{self.root}/{_mark(place)}")
        shown = f"{place.source}/{place.key}".removeprefix("./")
        try:
            number = self._kept(place, origin, reader, card)
            self.faults.pop(origin, None)
        except _TooLargeError as problem:
            number = problem.number
            reason = f"is not kept when the next run takes its folder: {problem}"
            self.faults[origin] = Fault(shown, reason)
        except (OSError, FormatError, NotAllowedError) as problem:
            number = max(kept.numbers(origin), default=1)
            self.faults[origin] = Fault(shown, f"cannot be kept for later: {problem}")
        return replace(card, run_id=_id(place, number))

    def missing(self, source: str, root: Path, keys: Collection[str]) -> None:
        """Note which folders hold no run now: then the copy of the last one is all there is."""
        if not root.is_dir():  # a drive that is away for a while says nothing of runs
            return
        for key, origin in self._known(source).items():
            newest = max(kept.numbers(origin), default=0)
            mark = Path(f"{origin}/{newest}{GONE}")
            try:
                if key in keys:
                    mark.unlink(missing_ok=True)
                elif newest and not mark.exists():
                    mark.touch()
            except OSError:
                continue  # somebody else's folder of copies: it is theirs to mark

    def _known(self, source: str) -> dict[str, str]:
        known = self._met.get(source)
        if known is None:
            known = self._met[source] = self._noted(source)
        return known

    def _noted(self, source: str) -> dict[str, str]:
        """Return the folders of copies of a source that earlier sessions made, by key."""
        found: dict[str, str] = {}
        try:
            origins = [entry.path for entry in os.scandir(self.root) if entry.is_dir()]
        except OSError:
            return {}
        for origin in origins:
            for number in kept.numbers(origin)[-1:]:
                try:
                    card = kept.read_card(f"{origin}/{number}")
                except (OSError, FormatError):
                    continue
                if card.source == source:
                    found[card.key] = origin
        return found

    def _kept(self, place: Place, origin: str, reader: Keeps, card: RunCard) -> int:
        """Copy what is new of a run; return its number among the runs of its folder."""
        require_inside(self.home, Path(origin).relative_to(self.home))
        run = str(place.root) if place.key == "." else f"{place.root}/{place.key}"
        sizes = _sizes(run, reader.kept_files(place.root, place.key))
        growing = {name: size for name, size in sizes.items() if reader.only_grows(name)}
        number = max(kept.numbers(origin), default=0)
        if not growing:
            return number or 1
        if not number or not _goes_on(run, f"{origin}/{number}/{RUN}", growing, reader):
            number = _begin(place, origin, number + 1, card)
        folder = f"{origin}/{number}"
        homes = {f"{folder}/{RUN}/{name}".rpartition("/")[0] for name in sizes}
        require_inside(self.home, *(Path(one).relative_to(self.home) for one in homes))
        if sum(sizes.values()) > MOST_BYTES:
            _leave(folder)
            raise _TooLargeError(number, sum(sizes.values()))
        for name in sizes:
            if name in growing:
                _extend(f"{run}/{name}", f"{folder}/{RUN}/{name}")
            else:
                _copy(f"{run}/{name}", f"{folder}/{RUN}/{name}", name, reader)
        return number


class _TooLargeError(Exception):
    """A run that is not kept."""

    def __init__(self, number: int, size: int) -> None:
        super().__init__(f"it has {size >> 20:,} MB, at most {MOST_BYTES >> 20} are")
        self.number = number


def _mark(place: Place) -> str:
    text = f"{place.source}\0{place.key}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=8).hexdigest()


def _id(place: Place, number: int) -> str:
    key = place.key if number == 1 else f"{place.key}\0{number}"
    return id_of_place(place.source, key)


def _sizes(run: str, names: Collection[str]) -> dict[str, int]:
    found = {name: signs.facts_of(f"{run}/{name}") for name in names}
    return {name: facts[1] for name, facts in found.items() if facts}


def _goes_on(run: str, copy: str, growing: Mapping[str, int], reader: Keeps) -> bool:
    """Say whether what is in the folder is the run that was copied, gone on.

    While a folder is being cleared some files are still as they were and some are gone;
    that alone is no other run. One that is shorter or begins otherwise is.
    """
    common = 0
    for name, size in growing.items():
        facts = signs.facts_of(f"{copy}/{name}")
        if facts is None or facts[1] == 0:
            continue
        common += 1
        if size < facts[1] or _ends(f"{run}/{name}", facts[1]) != _ends(f"{copy}/{name}", facts[1]):
            return False
    return common > 0 or not any(_copied(copy, reader))


def _copied(copy: str, reader: Keeps) -> list[str]:
    found = []
    for folder, _, names in os.walk(copy):
        inner = os.path.relpath(folder, copy).replace(os.sep, "/")
        paths = (name if inner == "." else f"{inner}/{name}" for name in names)
        found += [path for path in paths if reader.only_grows(path)]
    return found


def _ends(path: str, size: int) -> bytes:
    """Return the beginning of a file and what lies before ``size``."""
    fd = open_plain(path)
    try:
        start = os.read(fd, min(_HEAD, size))
        os.lseek(fd, max(0, size - _BEFORE), os.SEEK_SET)
        return start + os.read(fd, min(_BEFORE, size))
    finally:
        os.close(fd)


def _begin(place: Place, origin: str, number: int, card: RunCard) -> int:
    """Take the next number for a run; return it, or that of somebody who was first."""
    Path(origin).mkdir(parents=True, exist_ok=True)
    draft = Path(origin) / temp_name("begin")
    (draft / RUN).mkdir(parents=True)
    name = f"{card.name} {_moment(card.started)}".strip()
    noted = Card(
        next(form for form in card.format.split("+") if form in KEEPING),
        place.source, place.key, _id(place, number), name, card.experiment, card.started,
    )  # fmt: skip
    (draft / CARD).write_bytes(msgspec.json.encode(noted))
    try:
        draft.rename(Path(origin) / str(number))
    except OSError:  # another program was first; what it took the number for is this run
        shutil.rmtree(draft, ignore_errors=True)
        if not Path(origin, str(number)).is_dir():
            raise
    there = kept.numbers(origin)
    for old in there[: max(0, len(there) - MOST_KEPT)]:
        shutil.rmtree(f"{origin}/{old}", ignore_errors=True)
        for mark in (GONE, TOO_LARGE):
            Path(f"{origin}/{old}{mark}").unlink(missing_ok=True)
    return number


def _moment(started: float | None) -> str:
    """Return when a run was started, in the time of this machine, for its name."""
    if started is None:
        return ""
    return datetime.fromtimestamp(started).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _leave(folder: str) -> None:
    """Keep only what tells a run that became too large: half of its curves would look whole."""
    Path(f"{folder}{TOO_LARGE}").touch()
    for path in Path(folder, RUN).rglob("*"):
        if path.is_file() and path.stat().st_size > _HEAD:
            os.truncate(path, _HEAD)


def _extend(path: str, copy: str) -> None:
    """Add to a copy what was added to its file, up to the last whole line."""
    known = signs.facts_of(copy)
    at = known[1] if known else 0
    fd = open_plain(path)
    try:
        facts = os.fstat(fd)
        if facts.st_size <= at:
            return
        os.lseek(fd, at, os.SEEK_SET)
        data = b"".join(iter(lambda: os.read(fd, _PIECE), b""))
    finally:
        os.close(fd)
    data = data[: data.rfind(b"\n") + 1]
    if data:
        _write_at(copy, at, data)
        os.utime(copy, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def _write_at(copy: str, at: int, data: bytes) -> None:
    Path(copy).parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    fd = os.open(copy, flags, 0o666)
    try:
        os.lseek(fd, at, os.SEEK_SET)
        while data:
            data = data[os.write(fd, data) :]
    finally:
        os.close(fd)


def _put(copy: str, data: bytes) -> None:
    """Give a copy its content in one step; a power cut may lose it, as the run's folder has it."""
    Path(copy).parent.mkdir(parents=True, exist_ok=True)
    draft = f"{copy}.{temp_name('put')}"
    _write_at(draft, 0, data)
    Path(draft).replace(copy)


def _copy(path: str, copy: str, name: str, reader: Keeps) -> None:
    """Copy a small file that is written over, if it changed and is all there."""
    facts, known = signs.facts_of(path), signs.facts_of(copy)
    if facts is None or (known and known[1:] == facts[1:]):
        return
    data = read_small(path, MOST_BYTES)
    if reader.is_whole(name, data):
        _put(copy, data)
        os.utime(copy, ns=(facts[2], facts[2]))
