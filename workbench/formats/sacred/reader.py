"""Runs that Sacred's FileStorageObserver writes: one folder each, with a number for a name.

The only one of the folder formats that says how a run ended, and, while it goes on,
gives a sign of life every ten seconds: without one the run is STALE, whatever the
file still says. All files are written over in place, so a look may meet half of
one; then what the last look saw stands.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import (
    Artifact,
    Claim,
    Curves,
    Fault,
    Folder,
    Points,
    Reading,
    RunCard,
)
from workbench.formats.notes import noted
from workbench.formats.points import closed, opened, summarise
from workbench.formats.sacred import files as sacred_files
from workbench.formats.sacred.files import CONFIG, CONSOLE, INFO, METRICS, RUN, About
from workbench.formats.walking import folder_at
from workbench.opening import inside, is_plain_file
from workbench.runfolder import FAILED, FINISHED, KILLED, RUNNING, STALE, UNKNOWN, Summary

_STATUSES = {"COMPLETED": FINISHED, "FAILED": FAILED, "QUEUED": UNKNOWN, "": UNKNOWN}
"""Words for an end; every other one is of a script that was interrupted, by its own name."""
BEATS_WITHIN = 30.0
"""Seconds without a heartbeat after which a run has died; the script beats every 10."""
_SETTLES_IN = 5.0
"""Seconds after which half a file is not one that is being written."""
_MARKS = (b'"heartbeat"', b'"experiment"')
_MOST_INFO = 200
"""Values of ``info.json`` that are shown."""


class _Progress(Struct):
    version: int = 1
    about: About | None = None
    params: dict[str, Any] = field(default_factory=dict)
    info: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    seen: dict[str, list[int]] = field(default_factory=dict)
    """Files by the facts they had when they were read to the end."""
    faults: dict[str, list[str]] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


class SacredReader:
    """Runs as folders that Sacred wrote, anywhere below the opened folder."""

    name: ClassVar[str] = "sacred"
    title: ClassVar[str] = "Sacred (FileStorageObserver)"
    live: ClassVar[str] = "with every heartbeat, 10 seconds"
    verified: ClassVar[str] = "folders of sacred 0.8.7, against what the script logged"
    lists_files: ClassVar[bool] = True

    def detect(self, folder: Folder) -> bool:
        """Say whether the names in ``folder`` are those of Sacred."""
        return RUN in folder.files and CONFIG in folder.files

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return what tells that the run changed; other tools have files of these names too."""
        del path
        home = str(folder.path)
        if before is None and CONSOLE not in folder.files and not _is_sacred(f"{home}/{RUN}"):
            return None
        seen = [(n, signs.facts_of(f"{home}/{n}")) for n in (RUN, CONFIG, METRICS, INFO, CONSOLE)]
        newest = max((facts[2] for _, facts in seen if facts), default=0) / 1e9
        return Claim(signs.stamp(seen), changed=newest, gathers=True, memory=True)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        folder = str(folder_at(root, key))
        notes = noted(progress, _PROGRESS)
        look = _Look(folder, key, now, notes, [])
        _take(look, RUN, _run)
        _take(look, CONFIG, _config)
        _take(look, METRICS, _metrics, sacred_files.LARGEST_METRICS)
        _take(look, INFO, _info)
        if notes.about is None:
            reason = look.faults[0].reason if look.faults else "it has no run.json"
            raise FormatError(f"{key!r} is not a run that can be shown: {reason}.")
        return Reading(_card(look, notes.about), msgspec.json.encode(notes))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``; the file is read whole whenever it changed."""
        path = f"{folder_at(root, key)}/{METRICS}"
        old = progress if isinstance(progress, _Places) else None
        seen = signs.facts_of(path)
        if seen is None:
            return Curves({}, None, restarted=old is not None and bool(old.lasts))
        if old and old.seen == seen:
            return Curves({}, old)
        try:
            told = sacred_files.load(path, sacred_files.LARGEST_METRICS)
        except FormatError:
            return Curves({}, old)  # half of a file: what was handed out stands
        found = {name: sacred_files.points_of(one)[0] for name, one in told.items()}
        goes_on = old is not None and all(
            _goes_on(found.get(name), last) for name, last in old.lasts.items()
        )
        after = _Places(seen, {name: _last(points) for name, points in found.items()})
        starts = {name: last.length for name, last in old.lasts.items()} if old and goes_on else {}
        news = {
            name: Points(*(column[starts.get(name, 0) :] for column in points))
            for name, points in found.items()
            if (metrics is None or name in metrics) and len(points.values) > starts.get(name, 0)
        }
        return Curves(news, after, restarted=old is not None and not goes_on)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return the output of the script, which Sacred captures."""
        console = folder_at(root, key) / CONSOLE
        return {"console": console} if is_plain_file(str(console)) else {}


class _Last(NamedTuple):
    length: int
    step: str
    value: str


class _Places(NamedTuple):
    seen: tuple[int, int, int]
    lasts: Mapping[str, _Last]


class _Look(NamedTuple):
    """One look at a run."""

    folder: str
    key: str
    now: float
    notes: _Progress
    faults: list[Fault]

    def shown(self, name: str) -> str:
        return name if self.key == "." else f"{self.key}/{name}"


def _is_sacred(path: str) -> bool:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - strings all along
            data = file.read(1 << 16)
    except OSError:
        return False
    return any(mark in data for mark in _MARKS) and b'"status"' in data


def _take(look: _Look, name: str, take: Any, limit: int = 4 << 20) -> None:
    """Read a file if it changed; if it is half of one, what it said before stands."""
    path, notes = f"{look.folder}/{name}", look.notes
    facts = signs.facts_of(path)
    if facts is None:
        if name in notes.seen:
            del notes.seen[name]
            take(notes, {})
        return
    if notes.seen.get(name) != list(facts):
        try:
            notes.faults[name] = take(notes, sacred_files.load(path, limit)) or []
            notes.seen[name] = list(facts)
        except (FormatError, OSError) as problem:
            notes.seen.pop(name, None)
            if look.now - facts[2] / 1e9 > _SETTLES_IN or notes.about is None:
                look.faults.append(Fault(look.shown(name), f"cannot be read: {problem}"))
    look.faults.extend(Fault(look.shown(name), reason) for reason in notes.faults.get(name, ()))


def _run(notes: _Progress, told: dict[str, Any]) -> None:
    if told:
        notes.about = sacred_files.about(told)


def _config(notes: _Progress, told: dict[str, Any]) -> None:
    notes.params = plain_config.flat(sacred_files.plain(told))


def _info(notes: _Progress, told: dict[str, Any]) -> None:
    flat = plain_config.flat(sacred_files.plain(told))
    single = {n: v for n, v in flat.items() if v is not None and not isinstance(v, list | dict)}
    notes.info = dict(list(single.items())[:_MOST_INFO])


def _metrics(notes: _Progress, told: dict[str, Any]) -> list[str]:
    """Take the summaries; return what is wrong with single metrics."""
    wrong: list[str] = []
    notes.metrics = {}
    for name, one in told.items():
        points, reason = sacred_files.points_of(one)
        if reason:
            wrong.append(f"{name}: {reason}")
        if points.values:
            steps = [int(s) if s.is_integer() and abs(s) < 2**63 else None for s in points.steps]
            notes.metrics[name] = closed(summarise(points.values, steps))
    return wrong[:20]


def _card(look: _Look, about: About) -> RunCard:
    metrics: dict[str, Summary] = {n: opened(s) for n, s in look.notes.metrics.items()}
    changed = signs.changed_at(f"{look.folder}/{name}" for name in (RUN, METRICS, CONSOLE))
    status, inferred = _status(about, changed, look.now)
    facts = {**about.facts, **{f"info.{name}": one for name, one in look.notes.info.items()}}
    if about.result is not None:
        result = about.result
        facts["result"] = result if isinstance(result, int | float | str) else json.dumps(result)
    folder = Path(look.folder)
    above = folder.absolute().parent.name
    return RunCard(
        run_id="",
        name=(about.name if about.named else f"{about.name} {folder.name}".strip()) or folder.name,
        experiment=(above if about.named else about.name) or above,
        status=status,
        inferred=inferred,
        started=about.started,
        ended=None if status == RUNNING else about.stopped or about.beat,
        params=look.notes.params,
        note=about.note,
        metrics=metrics,
        artifacts=_artifacts(look, about.artifacts),
        facts=facts,
        error=tuple(about.error),
        faults=tuple(look.faults),
    )


def _status(about: About, changed: float, now: float) -> tuple[str, bool]:
    """Return the status, and whether it is a conclusion."""
    if about.status != "RUNNING":
        return _STATUSES.get(about.status, KILLED), about.status in ("", "QUEUED")
    within = max(BEATS_WITHIN, 3 * (about.beats_every or 0.0))
    return (RUNNING, False) if now - changed < within else (STALE, True)


def _artifacts(look: _Look, names: list[str]) -> tuple[Artifact, ...]:
    found: list[Artifact] = []
    for name in names[:10_000]:
        facts = signs.facts_of(f"{look.folder}/{name}") if "\0" not in name else None
        if facts is None or ".." in name.split("/") or name.startswith("/"):
            look.faults.append(Fault(look.shown(RUN), f"names {name[:200]!r}, which is not here"))
        else:
            found.append(Artifact(name, facts[1]))
    return tuple(dict.fromkeys(found))


def _last(points: Points) -> _Last:
    if not points.values:
        return _Last(0, "", "")
    return _Last(len(points.values), repr(points.steps[-1]), repr(points.values[-1]))


def _goes_on(points: Points | None, last: _Last) -> bool:
    """Say whether the points handed out before are still where they were."""
    if last.length == 0:
        return True
    at = last.length - 1
    if points is None or len(points.values) <= at:
        return False
    return (repr(points.steps[at]), repr(points.values[at])) == (last.step, last.value)
