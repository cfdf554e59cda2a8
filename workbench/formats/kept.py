"""Copies of runs whose folder the next run took, read by whoever read the folder.

DVCLive writes every run into the same folder. What was in it is copied while a
session is open (`sync/keeping.py`), outside the folder, and found here:
``<origin>/<n>/card.json`` says what it is a copy of, ``<origin>/<n>/run/`` holds the
files. ``<origin>`` is made of where the folder is, ``<n>`` counts its runs from 1. The
highest number is the run that is in the folder now and listed there, unless a file
``<origin>/<n>.gone`` says that it is there no more.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

import msgspec
from msgspec import Struct

from workbench.clock import SYSTEM
from workbench.errors import FormatError, NotFoundError
from workbench.formats import signs
from workbench.formats.contract import (
    Artifact,
    Curves,
    Folder,
    Reader,
    Reading,
    RunRef,
    Survey,
)
from workbench.formats.dvclive.reader import DvcliveReader
from workbench.formats.walking import HERE
from workbench.opening import inside, read_small
from workbench.runfolder import RUNNING, UNKNOWN

NAME = "kept"
CARD, RUN = "card.json", "run"
GONE, TOO_LARGE = ".gone", ".too-large"
"""Endings of files beside a copy: its folder holds no run now; it has no files worth reading."""
MOST_KEPT = 50
"""Copies of one folder's runs; the oldest goes when another one is made."""
_LONG_AFTER = 86_400.0
_SETTLED_S = 2.0
"""Longer than a tick of any disk's clock: a listing older than that has missed nothing."""


class Keeps(Reader, Protocol):
    """A reader of runs that are overwritten by the next one, which can say what to keep."""

    def kept_files(self, root: Path, key: str) -> Sequence[str]:
        """Return the files of a run that are worth keeping, below its folder, with ``/``."""

    def only_grows(self, path: str) -> bool:
        """Say whether a run does nothing to this file but add to its end.

        By such files a run is told from the next one in its folder.
        """

    def is_whole(self, path: str, data: bytes) -> bool:
        """Say whether this is all of a file that is written over, not half of it."""


KEEPING: Mapping[str, Keeps] = {DvcliveReader.name: DvcliveReader()}
"""Readers whose runs are kept, by the name of their format."""


class Card(Struct):
    """What is noted of a copy."""

    format: str
    source: str
    """The label of the source the folder was in."""
    key: str
    run_id: str
    name: str
    experiment: str
    started: float | None = None
    version: int = 1


_CARD = msgspec.json.Decoder(Card)


class _Origin(NamedTuple):
    """The copies of one folder's runs, as they were seen."""

    changed: int
    settled: bool
    refs: tuple[RunRef, ...]


class _Memory(NamedTuple):
    origins: Mapping[str, _Origin]
    refs: Mapping[str, RunRef]


def numbers(origin: str) -> list[int]:
    """Return the numbers of the copies of one folder's runs, in order."""
    try:
        names = os.listdir(origin)  # noqa: PTH208 - strings all along
    except OSError:
        return []
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def read_card(folder: str) -> Card:
    """Return what is noted of the copy in ``folder``.

    Raises:
        FormatError: It does not decode.
        OSError: It cannot be read.
    """
    try:
        return _CARD.decode(read_small(f"{folder}/{CARD}"))
    except msgspec.MsgspecError as problem:
        raise FormatError(f"The card of a kept run does not decode: {problem}.") from None


class KeptReader:
    """Runs that were overwritten in their folder and were kept."""

    name: ClassVar[str] = NAME
    title: ClassVar[str] = "Kept snapshots of overwritten runs"
    live: ClassVar[str] = "when the next run begins in the folder"
    verified: ClassVar[str] = "two runs of dvclive in one folder, against what they logged"

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return nothing: what was kept is no part of what was opened, and is named to us."""
        del folder
        return ()

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the copies of runs that are in their folder no more."""
        before = memory if isinstance(memory, _Memory) else _Memory({}, {})
        try:
            names = os.listdir(root)  # noqa: PTH208 - strings all along
        except FileNotFoundError:
            names = []
        origins: dict[str, _Origin] = {}
        for name in sorted(names):
            if name.isalnum():
                origins[name] = _looked(f"{root}/{name}", name, before.origins.get(name))
        refs = {ref.key: ref for origin in origins.values() for ref in origin.refs}
        kept = before.refs if refs == before.refs else refs
        return Survey(kept, _Memory(origins, kept))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the copy at ``key``, called by when it was started."""
        folder = _folder(root, key)
        noted = read_card(str(folder))
        reader = _reader(noted)
        reading = reader.read(folder, RUN, progress, now + _LONG_AFTER)
        card = reading.card
        files = tuple(
            Artifact(name, facts[1])
            for name in reader.kept_files(folder, RUN)
            if (facts := signs.facts_of(f"{folder}/{RUN}/{name}"))
        )
        whole = replace(
            card,
            run_id=noted.run_id,
            name=noted.name,
            experiment=noted.experiment,
            status=UNKNOWN if card.status == RUNNING else card.status,
            started=noted.started if noted.started is not None else card.started,
            artifacts=files,
            facts={
                **card.facts,
                "kept": f"kept copy of {_taken_from(noted)}, overwritten by the next run",
            },
            format=noted.format,
        )
        return Reading(whole, reading.progress)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        folder = _folder(root, key)
        return _reader(read_card(str(folder))).points(folder, RUN, metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a copied file is."""
        try:
            return inside(_folder(root, key) / RUN, path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: output is not kept."""
        del root, key
        return {}


def _reader(noted: Card) -> Keeps:
    reader = KEEPING.get(noted.format)
    if reader is None:
        raise FormatError(f"Runs of {noted.format!r} are not kept by this program.")
    return reader


def _taken_from(noted: Card) -> str:
    """Return the folder a copy was made of, as its source is called and below it."""
    whole = noted.source if noted.key == HERE else f"{noted.source}/{noted.key}"
    return whole.removeprefix(f"{HERE}/") if whole != HERE else "the opened folder"


def _looked(path: str, name: str, before: _Origin | None) -> _Origin:
    """Return which copies of one folder's runs are listed, from memory if nothing changed."""
    facts = signs.facts_of(path)
    changed = facts[2] if facts else 0
    if before is not None and before.changed == changed and before.settled:
        return before
    there = numbers(path)
    refs = [_ref(path, name, number, newest=number == there[-1]) for number in there]
    settled = SYSTEM.now() - changed / 1e9 > _SETTLED_S
    return _Origin(changed, settled, tuple(ref for ref in refs if ref is not None))


def _ref(path: str, name: str, number: int, *, newest: bool) -> RunRef | None:
    """Return where a copy is; None for one that is still in its folder, or has no files."""
    if newest and signs.facts_of(f"{path}/{number}{GONE}") is None:
        return None
    facts = signs.facts_of(f"{path}/{number}/{CARD}")
    if facts is None or signs.facts_of(f"{path}/{number}{TOO_LARGE}") is not None:
        return None
    return RunRef(f"{name}/{number}", signs.stamp((facts, newest)), live=False)


def _folder(root: Path, key: str) -> Path:
    origin, _, number = key.partition("/")
    if not origin.isalnum() or not number.isdigit():
        raise FormatError(f"{key!r} is not the key of a run.")
    return root / origin / number
