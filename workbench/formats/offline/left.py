"""Runs that were written down in one piece, and are read in one piece."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Fault, Reading, RunCard, RunRef, Survey
from workbench.formats.first_bytes import require_plain
from workbench.formats.series import Series
from workbench.formats.signs import facts_of, stamp
from workbench.formats.walking import HERE
from workbench.runfolder import decode_number
from workbench.tail import START, read_tail

LONGEST = 8 << 20
"""Bytes of a line that is decoded."""
MOST_FAULTS = 20


class Left(NamedTuple):
    """A run with its curves."""

    card: RunCard
    series: Series


class _Memory(NamedTuple):
    refs: Mapping[str, RunRef]


class LeftBehind(ABC):
    """The part of the contract that is the same for all of them.

    A reader says which files are a run's (`_files`), which runs there are (`_keys`), and
    what is in one (`_load`).
    """

    @abstractmethod
    def _keys(self, root: Path) -> Mapping[str, bool]:
        """Return the keys of the runs, and of each whether it may be written to."""

    @abstractmethod
    def _files(self, root: Path, key: str) -> list[str]:
        """Return the files a run is read from."""

    @abstractmethod
    def _load(self, root: Path, key: str, now: float) -> Left:
        """Return a run."""

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs below ``root``."""
        refs = {
            key: RunRef(key, stamp([facts_of(path) for path in self._files(root, key)]), live)
            for key, live in self._keys(root).items()
        }
        before = memory if isinstance(memory, _Memory) else None
        if before is not None and before.refs == refs:
            return Survey(before.refs, before)
        return Survey(refs, _Memory(refs))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        del progress  # it is read whole
        card, series = self._load(root, key, now)
        if series.left_out:
            reason = f"{series.left_out:,} points more than there is room for"
            card = replace(card, faults=(*card.faults, Fault(key, reason)))
        return Reading(replace(card, metrics=series.metrics()), b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        return self._load(root, key, 0.0).series.past(metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Say that no files are kept where they could be shown."""
        raise NotFoundError(f"{key} in {root.name} has no file {path!r}.")

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing."""
        del root, key
        return {}


def said_in_file(path: str, shown: str, faults: list[Fault]) -> Iterator[Any]:
    """Yield what the whole lines of a JSON lines file say, in pieces; a torn last one waits.

    Raises:
        FormatError: It is no plain file.
        OSError: It cannot be read.
    """
    require_plain(path)
    place, more, line = START, True, 0
    while more:
        tail = read_tail(path, place, limit=LONGEST)
        place, more = tail.place, tail.more
        if tail.skipped:
            line += 1
            fault(faults, shown, f"a line of {tail.skipped:,} bytes was left out", line)
        yield from said_in(iter(tail.data.splitlines()), shown, faults, line)
        line += tail.data.count(b"\n")


def said_in(
    lines: Iterator[bytes], shown: str, faults: list[Fault], before: int = 0
) -> Iterator[Any]:
    """Yield what lines of JSON say; one that does not decode is a fault."""
    for number_of_line, line in enumerate(lines, before + 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            fault(faults, shown, "does not decode and was left out", number_of_line)
            continue
        yield said


def fault(faults: list[Fault], shown: str, reason: str, line: int | None = None) -> None:
    """Note what is wrong, unless enough was noted of this run already."""
    if len(faults) < MOST_FAULTS:
        faults.append(Fault(shown, reason, line))


def mapping(said: Any) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one in place of anything else."""
    return said if isinstance(said, dict) else {}


def number(value: Any) -> float | None:
    """Return a JSON number, or the non-finite one a name stands for; None where it is neither."""
    try:
        return decode_number(value)
    except (ValueError, OverflowError):
        return None


def seconds_of(milliseconds: Any) -> float | None:
    """Return a time in seconds since 1970; None where there is none."""
    found = number(milliseconds)
    return None if found is None else found / 1000


def only(key: str) -> None:
    """Refuse every key but that of the one run which a root is.

    Raises:
        FormatError: It is another one.
    """
    if key != HERE:
        raise FormatError(f"{key!r} is not the key of a run: there is one here, {HERE!r}.")
