"""The card of a run from all its event files, each from where it was left."""

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Fault, Points, Reading, RunCard
from workbench.formats.notes import noted
from workbench.formats.points import closed, opened, summarise
from workbench.formats.signs import changed_at, status_by
from workbench.formats.tensorboard.events import GRAPHS, HPARAMS, SCALARS, TEXT, Event
from workbench.formats.tensorboard.family import (
    CURVE,
    SPLIT,
    Member,
    host_of,
    members_of,
)
from workbench.formats.tensorboard.following import FileState, faults_of, follow
from workbench.formats.tensorboard.session import Session
from workbench.formats.walking import HERE, folder_at
from workbench.runfolder import FAILED, RUNNING, Summary

RUNS_WHILE = 180.0
"""Seconds without a change after which nobody can say whether a script still runs.

Writers pass on what they have every 120 seconds.
"""
_AFTER = 2.0
"""Seconds after its end in which a session's own metrics, one point each, are written."""
_MOST_NAMED = 50
"""Other tags named of each kind."""


class _File(Struct, dict=True):
    state: FileState = field(default_factory=FileState)
    session: Session = field(default_factory=Session)
    closed: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """The summaries by tag, between readings."""
    first: float = math.inf
    """When the first scalar was written."""
    last: float = 0.0

    def __post_init__(self) -> None:
        self.summaries: dict[str, Summary] = {n: opened(s) for n, s in self.closed.items()}

    def close(self) -> None:
        """Put the summaries where they are kept between readings."""
        self.closed = {tag: closed(summary) for tag, summary in self.summaries.items()}

    def take(self, event: Event) -> None:
        """Note what an event says beside its scalars."""
        self.session.take(event)

    def forget(self) -> None:
        """Be about a file of which nothing was read."""
        self.session, self.summaries = Session(), {}
        self.first, self.last = math.inf, 0.0


class _Progress(Struct):
    version: int = 1
    files: dict[str, _File] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


class Place(NamedTuple):
    """A file of a run and the folder of the run it is in."""

    member: Member
    path: str
    """Below the run's folder."""


def read_run(root: Path, key: str, progress: bytes, now: float) -> Reading:
    """Return the run at ``key``; see `contract.Reader.read`."""
    folder = folder_at(root, key)
    places = places_of(folder)
    if not places:
        raise FormatError(f"{key!r} is not a run: it has no event files.")
    before = noted(progress, _PROGRESS)
    after = _Progress()
    faults: list[Fault] = []
    for place in places:
        file = before.files.get(place.path) or _File()
        shown = place.path if key == HERE else f"{key}/{place.path}"
        after.files[place.path] = _followed(f"{folder}/{place.path}", shown, file, faults)
    card = _card(folder, places, after.files, faults, now)
    for file in after.files.values():
        file.close()
    return Reading(card, msgspec.json.encode(after))


def places_of(folder: Path) -> list[Place]:
    """Return the files of a run, its own first, each folder's in the order of their time."""
    return [
        Place(member, f"{member.path}/{name}" if member.path else name)
        for member in members_of(folder)
        for name in member.files
    ]


def name_of(member: Member, tag: str, own: Mapping[str, Any]) -> str:
    """Return what a tag of one of a run's folders is called in the run, whose own tags go first."""
    if not member.path:
        return tag
    name = member.curve if member.kind == CURVE and tag == member.tag else tag
    kept = member.kind != SPLIT and name not in own and (name != tag or member.kind != CURVE)
    return name if kept else f"{member.path}/{tag}"


def _followed(path: str, shown: str, file: _File, faults: list[Fault]) -> _File:
    """Return what is known of a file with what is new in it."""
    try:
        for block in follow(path, file.state, file.take):
            if block.restarted:
                file.forget()
            for tag, points in block.points.items():
                _grow(file, tag, points)
    except (FormatError, OSError) as problem:
        faults.append(Fault(shown, f"cannot be read: {problem}"))
        return file
    faults += faults_of(file.state, shown)
    return file


def _grow(file: _File, tag: str, points: Points) -> None:
    summary = summarise(points.values, [int(step) for step in points.steps])
    before = file.summaries.get(tag)
    file.summaries[tag] = before.join(summary) if before else summary
    times = [time for time in (points.times[0], points.times[-1]) if math.isfinite(time)]
    if times:
        file.session.between(min(times), max(times))
        file.first, file.last = min(file.first, *times), max(file.last, *times)


def _card(
    folder: Path,
    places: list[Place],
    files: Mapping[str, _File],
    faults: list[Fault],
    now: float,
) -> RunCard:
    sessions = [files[place.path].session for place in places]
    status, inferred, raw = _status(folder, places, files, now)
    firsts = [session.first for session in sessions if session.first is not None]
    lasts = [session.last for session in sessions if session.last is not None]
    ended = [session.ended for session in sessions if session.ended and not inferred]
    return RunCard(
        run_id="",
        name=folder.name or str(folder),
        experiment=folder.absolute().parent.name,
        status=status,
        inferred=inferred,
        group=next((session.group for session in sessions if session.group), None),
        started=min(firsts, default=None),
        ended=None if status == RUNNING else max(ended or lasts, default=None),
        params=_params(sessions),
        metrics=_metrics(places, files),
        facts={**_facts(places, files), **raw},
        faults=tuple(faults),
    )


def _params(sessions: list[Session]) -> dict[str, Any]:
    params: dict[str, Any] = {}
    for session in sessions:
        params.update(session.arguments)
    for session in sessions:
        params.update(session.params)
    return params


def _metrics(places: list[Place], files: Mapping[str, _File]) -> dict[str, Summary]:
    found: dict[str, Summary] = {}
    own: dict[str, Any] = {}
    for member, path in places:
        if not member.path:
            own.update(files[path].summaries)
    for member, path in places:
        for tag, summary in files[path].summaries.items():
            name = name_of(member, tag, own)
            found[name] = found[name].join(summary) if name in found else summary
    return found


def _status(
    folder: Path, places: list[Place], files: Mapping[str, _File], now: float
) -> tuple[str, bool, dict[str, str]]:
    """Return status, whether it is a conclusion, and what the files say of it."""
    changed = changed_at(f"{folder}/{place.path}" for place in places)
    by_time = status_by(changed, now, RUNS_WHILE)
    said = [file for file in files.values() if file.session.end()]
    if not said:
        return by_time, True, {}
    teller = max(said, key=lambda file: file.session.said)
    session = teller.session
    raw = {"raw_status": f"hparams session_end status {session.status}"}
    if session.end() == RUNNING or any(_went_on(file, teller) for file in files.values()):
        return by_time, True, raw
    logged = any(file.first < session.said for file in files.values())
    if by_time == RUNNING and not logged and session.end() != FAILED:
        return by_time, True, raw  # it may have been said before the training began
    return session.end(), False, raw


def _went_on(file: _File, teller: _File) -> bool:
    """Say whether scalars were logged after the end that ``teller`` told of."""
    own = file is teller and all(one.count == 1 for one in file.summaries.values())
    return file.last > teller.session.said + (_AFTER if own else 0.0)


def _facts(places: list[Place], files: Mapping[str, _File]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    host = host_of(places[0].path.rpartition("/")[2])
    if host:
        facts["host"] = host
    user = next((file.session.user for file in files.values() if file.session.user), "")
    if user:
        facts["user"] = user
    own = [place.path for place in places if not place.member.path]
    if len(own) > 1:
        facts["event_files"] = len(own)
        overlap = _overlap([files[path] for path in own])
        if overlap:
            facts["overlap"] = overlap
    again = [step for file in files.values() for step in file.session.again]
    if again:
        facts["begun_again_at"] = again
    others = _others(files)
    if others:
        facts["other_tags"] = others
    for file in files.values():
        facts.update({f"text/{name}": text for name, text in file.session.texts.items()})
    stepped_over = sum(file.state.stepped_over for file in files.values())
    if stepped_over:
        facts["records_too_large"] = stepped_over
    return facts


def _overlap(files: list[_File]) -> str:
    """Return a sentence if a later file begins at a step that an earlier one had passed."""
    for earlier, later in pairwise(files):
        for tag, summary in later.summaries.items():
            before = earlier.summaries.get(tag)
            if before is None:
                continue
            first, last = summary.first_step, before.last_step
            if first is not None and last is not None and first <= last:
                return f"resumed at step {first} after step {last}; points of both are shown"
    return ""


def _others(files: Mapping[str, _File]) -> dict[str, list[str]]:
    """Return the tags that are no metrics, by kind."""
    found: dict[str, dict[str, None]] = {}
    for tag, kind in _tags(files):
        if kind not in (SCALARS, HPARAMS):
            named = found.setdefault("texts" if kind == TEXT else kind, {})
            if len(named) < _MOST_NAMED:
                named[tag] = None
    return {kind: list(named) for kind, named in sorted(found.items())}


def _tags(files: Mapping[str, _File]) -> Iterator[tuple[str, str]]:
    for file in files.values():
        for tag, kind in file.state.plugins.items():
            yield ("", kind) if kind == GRAPHS else (tag, kind)
