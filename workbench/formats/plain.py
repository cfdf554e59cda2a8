"""Folders nobody's library wrote: metrics over steps in a file, perhaps a config beside it.

The commonest way to keep runs, and the one without any marker. So a folder is
taken for a run only if a file in it begins like metrics, and what is concluded
(status, times) is said to be concluded.
"""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.clock import SYSTEM
from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config
from workbench.formats.contract import (
    Claim,
    Curves,
    Fault,
    Folder,
    Points,
    Reading,
    RunCard,
)
from workbench.formats.owned_tables import is_owned
from workbench.formats.plain_tables import (
    MOST_FAULTS,
    Column,
    TableState,
    is_table,
    may_be_table,
    read_news,
)
from workbench.formats.points import closed, opened, summarise
from workbench.formats.signs import facts_of, stamp
from workbench.formats.walking import HERE, folder_at, list_folder
from workbench.opening import inside, is_plain_file
from workbench.runfolder import RUNNING, UNKNOWN, Summary

MOST_TABLES = 16
"""Tables opened in one folder; more are data."""
RUNS_WHILE = 60.0
"""Seconds without a change after which nobody can say whether a script still runs."""
_LIVE_FOR = 900.0
_CONSOLES = ("console.log", "output.log", "stdout.log", "train.log", "stderr.log", "log.txt")


class _Table(Struct):
    state: TableState = field(default_factory=TableState)
    summaries: dict[str, tuple[object, ...]] = field(default_factory=dict)
    first_time: float | None = None
    last_time: float | None = None


class _Progress(Struct):
    version: int = 1
    tables: dict[str, _Table] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


class _Verdict(NamedTuple):
    """Whether a file is a table of metrics, and which file that was said of."""

    inode: int
    size: int
    changed: int
    table: bool

    def stale(self, facts: os.stat_result) -> bool:
        """Say whether it must be looked at again; a table stays one while it grows."""
        if self.table and facts.st_size >= self.size:
            return facts.st_ino != self.inode
        return (self.inode, self.size, self.changed) != (
            facts.st_ino, facts.st_size, facts.st_mtime_ns,
        )  # fmt: skip


class PlainReader:
    """Runs as folders with a table of metrics, anywhere below the opened folder."""

    name: ClassVar[str] = "plain"
    title: ClassVar[str] = "Plain folder (CSV or JSON lines with steps)"
    live: ClassVar[str] = "with every line written"
    verified: ClassVar[str] = "files written by json.dumps and csv.DictWriter, against the values"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether a file in ``folder`` is called like a table."""
        return bool(_candidates(folder.files))

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return the claim to a folder in which a file begins like metrics over steps."""
        del path
        known = before if isinstance(before, dict) else {}
        verdicts = _verdicts(folder, known)
        names = [name for name, verdict in verdicts.items() if verdict.table]
        if not names:
            return None
        changed = max(verdicts[name].changed for name in names) / 1e9
        seen = [(name, verdicts[name]) for name in names]
        configs = [
            (name, facts_of(f"{folder.path}/{name}"))
            for name in _configs(str(folder.path), folder.files)
        ]
        live = SYSTEM.now() - changed < _LIVE_FOR
        return Claim(stamp((seen, configs)), live, memory=verdicts)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        folder, files = _listed(root, key)
        return _read(key, str(folder), files, _opened(progress), now)

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` of all tables of the folder."""
        folder, files = _listed(root, key)
        tables = _tables(str(folder), files)
        old = progress if isinstance(progress, _Places) and progress.tables == tables else None
        states = {} if old is None else {name: _copy(old.states[name]) for name in tables}
        found, restarted = _news(str(folder), tables, states)
        if restarted:  # one table was replaced: the points of all are handed out again
            states = {}
            found, _ = _news(str(folder), tables, states)
        return Curves(
            {name: Points(*column) for name, column in found.items()
             if metrics is None or name in metrics},
            _Places(tables, states),
            restarted or (progress is not None and old is None),
        )  # fmt: skip

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return what looks like the script's output."""
        folder = folder_at(root, key)
        found = [folder / name for name in _CONSOLES if is_plain_file(str(folder / name))]
        return {"console": found[0]} if found else {}


class _Places(NamedTuple):
    tables: tuple[str, ...]
    states: Mapping[str, TableState]


def _copy(state: TableState) -> TableState:
    return msgspec.json.decode(msgspec.json.encode(state), type=TableState)


def _listed(root: Path, key: str) -> tuple[Path, frozenset[str]]:
    folder = folder_at(root, key)
    listed = list_folder(folder, key, [])
    if listed is None or not any(map(may_be_table, listed.files)):
        raise FormatError(f"{key!r} is not a run: it has no metrics.")
    return folder, listed.files


def _tables(folder: str, files: frozenset[str]) -> tuple[str, ...]:
    """Return the tables of metrics among the files of a folder."""
    listed = Folder(Path(folder), files, frozenset())
    return tuple(name for name in _candidates(files) if _is_mine(listed, name))


def _is_mine(folder: Folder, name: str) -> bool:
    """Say whether a file is a table of metrics that no other reader reads."""
    return is_table(f"{folder.path}/{name}") and not is_owned(folder, name)


def _candidates(files: frozenset[str]) -> list[str]:
    names = sorted(n for n in files if may_be_table(n) and n not in plain_config.NAMES)
    return names[:MOST_TABLES]


def _configs(folder: str, files: frozenset[str]) -> list[str]:
    """Return the configuration files of a folder, the ones that count most first."""
    found = [name for name in plain_config.NAMES if name in files]
    hydra = f"{folder}/{plain_config.HYDRA_CONFIG}"
    if not os.path.islink(f"{folder}/{plain_config.HYDRA}") and is_plain_file(hydra):  # noqa: PTH114
        found.append(plain_config.HYDRA_CONFIG)
    return found


def _verdicts(folder: Folder, before: Mapping[str, _Verdict]) -> dict[str, _Verdict]:
    """Return what the files of a folder are, opening only those that are not known."""
    after: dict[str, _Verdict] = {}
    for name in _candidates(folder.files):
        path = f"{folder.path}/{name}"
        facts = _stat(path)
        if facts is None:
            continue
        verdict = before.get(name)
        known = verdict is not None and not verdict.stale(facts)
        table = verdict.table if verdict and known else _is_mine(folder, name)
        after[name] = _Verdict(facts.st_ino, facts.st_size, facts.st_mtime_ns, table)
    return after


def _opened(progress: bytes) -> _Progress:
    if progress:
        try:
            return _PROGRESS.decode(progress)
        except msgspec.MsgspecError:
            pass  # the notes of another version
    return _Progress()


def _read(key: str, folder: str, files: frozenset[str], progress: _Progress, now: float) -> Reading:
    shown = "" if key == HERE else key
    faults: list[Fault] = []
    names = _tables(folder, files)
    tables = {name: progress.tables.get(name) or _Table() for name in names}
    metrics: dict[str, Summary] = {}
    for name, table in tables.items():
        _follow(f"{folder}/{name}", f"{shown}/{name}".lstrip("/"), table, faults)
        prefix = _prefix(name, names)
        metrics.update({f"{prefix}{n}": opened(notes) for n, notes in table.summaries.items()})
    configs = _configs(folder, files)
    params = plain_config.read_params(folder, configs, shown, faults)
    changed = [_time(f"{folder}/{name}") for name in (*names, *configs)]
    running = now - max(changed, default=0.0) < RUNS_WHILE
    firsts = [t.first_time for t in tables.values() if t.first_time is not None]
    lasts = [t.last_time for t in tables.values() if t.last_time is not None]
    card = RunCard(
        run_id="",
        name=Path(folder).name or key,
        experiment=Path(folder).absolute().parent.name,
        status=RUNNING if running else UNKNOWN,
        inferred=True,
        started=min(firsts or changed, default=None),
        ended=None if running else max(lasts or changed, default=None),
        params=params,
        metrics=metrics,
        facts={} if firsts else {"times": "the files' dates"},
        faults=tuple(faults),
    )
    return Reading(card, msgspec.json.encode(_Progress(tables=tables)))


def _prefix(name: str, names: tuple[str, ...]) -> str:
    """Return what sets a table's metrics apart where there are several tables."""
    return "" if len(names) == 1 else f"{name.rpartition('.')[0]}/"


def _follow(path: str, shown: str, table: _Table, faults: list[Fault]) -> None:
    """Let a table's summaries grow by what is new."""
    try:
        columns, restarted = read_news(path, table.state)
    except (FormatError, OSError) as problem:
        faults.append(Fault(shown, f"cannot be read: {problem}"))
        return
    if restarted:
        table.summaries, table.first_time, table.last_time = {}, None, None
    for name, column in columns.items():
        summary = summarise(column.values, [_whole(step) for step in column.steps])
        known_notes = table.summaries.get(name)
        table.summaries[name] = closed(
            opened(known_notes).join(summary) if known_notes else summary
        )
        times = [time for time in column.times if time == time]  # noqa: PLR0124
        if times:
            table.first_time = min(times[0], table.first_time or times[0])
            table.last_time = max(times[-1], table.last_time or times[-1])
    faults += [Fault(shown, reason, line) for line, reason in table.state.faults]
    if table.state.bad > MOST_FAULTS:
        faults.append(Fault(shown, f"{table.state.bad - MOST_FAULTS:,} more lines are wrong"))


def _whole(step: float) -> int | None:
    return int(step) if math.isfinite(step) and step.is_integer() and abs(step) < 2**63 else None


def _news(
    folder: str, tables: tuple[str, ...], states: dict[str, TableState]
) -> tuple[dict[str, Column], bool]:
    found: dict[str, Column] = {}
    restarted = False
    for name in tables:
        state = states.setdefault(name, TableState())
        columns, again = read_news(f"{folder}/{name}", state)
        restarted = restarted or again
        prefix = _prefix(name, tables)
        found.update({f"{prefix}{metric}": column for metric, column in columns.items()})
    return found, restarted


def _stat(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)  # noqa: PTH116 - strings all along
    except OSError:
        return None


def _time(path: str) -> float:
    facts = _stat(path)
    return facts.st_mtime if facts else 0.0
