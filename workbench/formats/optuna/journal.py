"""Optuna's journal storage: one file of operations, followed as it grows."""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from threading import RLock
from typing import ClassVar, NamedTuple
from weakref import WeakValueDictionary

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import (
    Curves,
    Fault,
    Folder,
    Points,
    Reading,
    RunCard,
    RunRef,
    Survey,
)
from workbench.formats.first_bytes import first_bytes
from workbench.formats.optuna.replay import Kept, Replay, report_in, reports_of
from workbench.formats.optuna.trials import (
    INTERMEDIATE,
    UNFINISHED,
    Seen,
    Study,
    card_of,
    key_of,
    value_names,
)
from workbench.formats.signs import changed_at, stamp
from workbench.runfolder import UNKNOWN
from workbench.tail import Place, read_tail

_ENDINGS = (".log", ".jsonl", ".journal")
_MOST_FILES = 256
_NAN = float("nan")
_LOCK = RLock()
_ALL: "WeakValueDictionary[str, Replay]" = WeakValueDictionary()
"""What was played back already: kept by the memory of a survey, and used by every reading."""
_LATEST: "deque[Replay]" = deque(maxlen=2)
"""The last ones, for who reads without a survey's memory."""


class OptunaJournalReader:
    """Trials of an Optuna journal; the root is the file."""

    name: ClassVar[str] = "optuna-journal"
    title: ClassVar[str] = "Optuna journal"
    live: ClassVar[str] = "with every report and every trial"
    verified: ClassVar[str] = "a journal written by Optuna 5.0, against its get_trials"

    def roots(self, folder: Folder) -> list[str]:
        """Return the names of the files whose first line is an operation."""
        names = sorted(name for name in folder.files if name.endswith(_ENDINGS))[:_MOST_FILES]
        return [name for name in names if _is_journal(f"{folder.path}/{name}")]

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the trials of the studies that are still there."""
        with _LOCK:
            replay = _replay(root)
            seen = (replay.place, replay.stopped, replay.restarts)
            if isinstance(memory, _Memory) and (memory.replay, memory.seen) == (replay, seen):
                return Survey(memory.refs, memory, tuple(replay.faults))
            refs = {}
            studies = {number: repr(study) for number, study in replay.studies.items()}
            for number, kept in enumerate(replay.trials):
                if kept.study in studies:
                    key = key_of(number)
                    refs[key] = _ref(key, kept, studies[kept.study], replay)
            return Survey(refs, _Memory(replay, seen, refs), tuple(replay.faults))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the trial at ``key``."""
        del progress  # the replay goes on where it stopped
        alive = changed_at([str(root)])
        with _LOCK:
            replay = _replay(root)
            kept, study = _found(replay, key)
            card = card_of(kept.trial, study, Seen(alive, now, {}))
            if replay.stopped is not None and kept.trial.state in UNFINISHED:
                return Reading(_unsure(card, replay.faults[-1]), b"")
            return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``."""
        with _LOCK:
            replay = _replay(root)
            kept, study = _found(replay, key)
            names = value_names(study, len(kept.trial.values))
            values = dict(zip(names, kept.trial.values, strict=True))
            ends = replay.stopped if kept.ends is None else kept.ends
            ended, span = kept.trial.ended, _Span(kept.begins, ends, replay.place, replay.restarts)
        given = progress if isinstance(progress, _Given) else None
        restarted = given is not None and not _same(given, span)
        if given is None or restarted:
            start = (span.begins, span.place.inode, frozenset[str](), span.begins)
            given = _Given(*start, span.restarts)
        found: dict[str, Points] = {}
        if metrics is None or INTERMEDIATE in metrics:
            given = _add_reports(str(root), int(key[1:]), span, given, found)
        time = _NAN if ended is None else ended
        for name, value in values.items():
            if name not in given.valued and (metrics is None or name in metrics):
                found[name] = Points([_NAN], [time], [value])
                given = given._replace(valued=given.valued | {name})
        return Curves(found, given, restarted)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Say that a journal holds no files."""
        raise NotFoundError(f"{root.name} holds no file {path!r} of {key}.")

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: a journal holds no files."""
        del root, key
        return {}


class _Memory(NamedTuple):
    replay: Replay
    """Kept alive by this."""
    seen: object
    refs: Mapping[str, RunRef]


def _is_journal(path: str) -> bool:
    return b'"op_code":' in first_bytes(path, 256).partition(b"\n")[0]


def _replay(path: Path) -> Replay:
    """Return the journal played back to its last whole line."""
    replay = _ALL.get(str(path))
    if replay is None:
        replay = _ALL[str(path)] = Replay(str(path), path.name)
    if replay not in _LATEST:
        _LATEST.append(replay)
    replay.follow()
    return replay


def _ref(key: str, kept: Kept, study: str, replay: Replay) -> RunRef:
    live = kept.trial.state in UNFINISHED
    place = replay.place if live else replay.place.inode
    seen = (kept.trial.state, kept.ends, study, replay.stopped, place, replay.restarts)
    return RunRef(key, stamp(seen), live)


def _found(replay: Replay, key: str) -> tuple[Kept, Study]:
    if key.startswith("#") and key[1:].isdecimal() and len(key) < 12:  # noqa: PLR2004
        number = int(key[1:])
        if number < len(replay.trials) and replay.trials[number].study in replay.studies:
            kept = replay.trials[number]
            return kept, replay.studies[kept.study]
    raise FormatError(f"{key} is not a trial in {replay.name}.")


def _unsure(card: RunCard, fault: Fault) -> RunCard:
    """Return the card of a trial whose end may be in what could not be read."""
    return replace(card, status=UNKNOWN, inferred=True, faults=(*card.faults, fault))


class _Span(NamedTuple):
    """Where a trial is in a journal, and how far that was read."""

    begins: int
    ends: int | None
    place: Place
    restarts: int


class _Given(NamedTuple):
    """What was handed out: reports up to a byte, and the values."""

    offset: int
    inode: int
    valued: frozenset[str]
    begins: int
    restarts: int


def _same(given: _Given, span: _Span) -> bool:
    return (
        (given.inode, given.restarts) == (span.place.inode, span.restarts)
        and given.begins == span.begins
        and given.offset <= span.place.offset
    )


def _add_reports(
    path: str, number: int, span: _Span, given: _Given, found: dict[str, Points]
) -> _Given:
    """Read the reports past what was given, no further than the trial and the replay went."""
    end = span.place.offset if span.ends is None else min(span.ends, span.place.offset)
    points, place = Points([], [], []), Place(given.offset, given.inode)
    while place.offset < end:
        tail = read_tail(path, place, limit=8 << 20)
        if tail.restarted or not tail.data:
            break
        for at, line in _lines_of(tail.data, number, tail.start, given.begins):
            if at < end:
                _add(points, line, number)
        place = tail.place
    if points.values:
        found[INTERMEDIATE] = points
    return given._replace(offset=max(given.offset, min(place.offset, end)))


def _lines_of(data: bytes, number: int, start: int, begins: int) -> Iterator[tuple[int, bytes]]:
    """Yield offset and text of the lines about a trial: that which begins it, and its own."""
    if start == begins:
        yield start, data[: data.find(b"\n")]
    for match in re.finditer(rb'"trial_id":\s*%d\b' % number, data):
        first = data.rfind(b"\n", 0, match.start()) + 1
        yield start + first, data[first : data.find(b"\n", first)]


def _add(points: Points, line: bytes, number: int) -> None:
    report = report_in(line)
    if report is not None:
        _append(points, *report[1:])
        return
    try:
        said = json.loads(line)
        if said["op_code"] == 7 and said["trial_id"] != number:  # noqa: PLR2004
            return
        reports = reports_of(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return  # the replay has left it out as well, and said so
    for step, value in reports:
        _append(points, step, value)


def _append(points: Points, step: int, value: float) -> None:
    points.steps.append(float(step))
    points.times.append(_NAN)
    points.values.append(value)
