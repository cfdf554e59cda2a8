"""What one writer of a run has said, read on from where the last look stopped.

The state below is what a reading hands out as its progress: it grows by the new
lines only, so a run of a million lines costs as much to follow as a short one.
"""

import os
import stat
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.formats.native.lines import (
    LineFaults,
    decode_columns,
    decode_updates,
    lines_in,
)
from workbench.formats.native.records import MOST_FAULTS, Bytes, Final, Update, decode_final
from workbench.formats.points import closed, opened, summarise
from workbench.opening import read_small
from workbench.runfolder import (
    FINAL,
    METRICS,
    UPDATES,
    Summary,
    flatten,
)
from workbench.tail import Place, read_tail

Words = dict[str, dict[str, tuple[float, Any]]]
"""What was said: kind -> name -> (when, what). The latest word on a name counts."""
_MISSING = -1


class FileState(Struct, gc=False):
    """How far a file of lines has been read."""

    offset: int = 0
    inode: int = 0
    lines: int = 0
    bad: int = 0
    faults: list[Fault] = field(default_factory=list)


class WriterState(Struct):
    """What is known of a writer from its lines."""

    metrics: FileState = field(default_factory=FileState)
    updates: FileState = field(default_factory=FileState)
    summaries: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """Numbers as JSON can hold them, in the order of `Summary`."""
    last_times: dict[str, float] = field(default_factory=dict)
    words: Words = field(default_factory=dict)
    started: float | None = None


class Writer(NamedTuple):
    """A writer as one look found it."""

    number: int
    started: float
    ended: bool
    life: float
    """Newest modification time of its files; 0 where there are none."""
    final: Final | None
    metrics: dict[str, Summary]
    last_times: dict[str, float]
    words: Words
    faults: list[Fault]


class Look(NamedTuple):
    """An end card and whether it still speaks for the line files."""

    final: Final | None
    metrics_hold: bool
    updates_hold: bool
    faults: list[Fault]


def look_at_end(folder: str, shown: str) -> Look:
    """Return the end card of the writer at ``folder``; ``shown`` names the folder in faults."""
    faults: list[Fault] = []
    try:
        data = read_small(f"{folder}/{FINAL}")
    except FileNotFoundError:
        return Look(None, False, False, faults)
    except (FormatError, OSError) as problem:
        faults.append(Fault(f"{shown}/{FINAL}", f"cannot be read: {problem}"))
        return Look(None, False, False, faults)
    final = decode_final(data, f"{shown}/{FINAL}", faults)
    if final is None:
        return Look(None, False, False, faults)
    sizes = final.bytes or Bytes()
    metrics = _holds(f"{folder}/{METRICS}", sizes.metrics, f"{shown}/{METRICS}", faults)
    updates = _holds(f"{folder}/{UPDATES}", sizes.updates, f"{shown}/{UPDATES}", faults)
    return Look(final, metrics, updates, faults)


def _holds(path: str, size: int, shown: str, faults: list[Fault]) -> bool:
    """Say whether a line file is as long as the end card says."""
    try:
        return os.stat(path).st_size == size  # noqa: PTH116 - counted in microseconds
    except OSError:
        if size > 0:
            faults.append(Fault(shown, "is missing; the summary made at the end is shown"))
        return True


def read_writer(folder: str, shown: str, number: int, state: WriterState) -> Writer:
    """Return the writer at ``folder``; ``state`` grows by its new lines."""
    look = look_at_end(folder, shown)
    final, faults = look.final, list(look.faults)
    if final is None or not look.metrics_hold:
        _follow_metrics(f"{folder}/{METRICS}", f"{shown}/{METRICS}", state, faults)
        metrics, last_times = _summaries(state), dict(state.last_times)
    else:
        metrics = final_summaries(final, f"{shown}/{FINAL}", faults)
        last_times = dict.fromkeys(metrics, final.ended or 0.0)
    _follow_updates(f"{folder}/{UPDATES}", f"{shown}/{UPDATES}", state, faults)
    words = state.words
    if final is not None and state.updates.lines == 0:
        words = final_words(final)
    life = max(_time(f"{folder}/{METRICS}"), _time(f"{folder}/{UPDATES}"), _time(folder))
    started = state.started or (final.started if final else None) or life
    return Writer(
        number, started, final is not None, life, final, metrics, last_times, words, faults
    )


def final_summaries(final: Final, shown: str, faults: list[Fault]) -> dict[str, Summary]:
    """Return the summaries of an end card, without those that are no numbers."""
    found = {}
    for name, record in (final.metrics or {}).items():
        try:
            found[name] = record.summary()
        except ValueError as problem:
            faults.append(Fault(shown, f"metrics.{name}: {problem}"))
    return found


def final_words(final: Final) -> Words:
    """Return what an end card adds up."""
    at = final.ended or 0.0
    said: dict[str, dict[str, Any]] = {
        "params": flatten(final.params or {}),
        "tags": final.tags or {},
        "rules": final.rules or {},
        "artifacts": dict(final.artifacts or ()),
        "datasets": {f"{one.role or ''}/{one.name}": one for one in final.datasets or ()},
        "facts": final.facts or {},
    }
    if final.note is not None:
        said["note"] = {"": final.note}
    if final.name is not None:
        said["name"] = {"": final.name}
    return {
        kind: {name: (at, _plain(value)) for name, value in named.items()}
        for kind, named in said.items()
    }


def _plain(value: Any) -> Any:
    return msgspec.structs.asdict(value) if isinstance(value, Struct) else value


def _follow_metrics(path: str, shown: str, state: WriterState, faults: list[Fault]) -> None:
    def forget() -> None:
        state.summaries, state.last_times = {}, {}

    def take(data: bytes, line: int, wrong: LineFaults) -> None:
        for name, column in decode_columns(data, line, wrong).items():
            summary = summarise(column.values, column.steps)
            known = state.summaries.get(name)
            state.summaries[name] = closed(opened(known).join(summary) if known else summary)
            state.last_times[name] = column.times[-1] or state.last_times.get(name, 0.0)

    _follow(_Following(path, shown, forget, take), state.metrics, faults)


def _follow_updates(path: str, shown: str, state: WriterState, faults: list[Fault]) -> None:
    def forget() -> None:
        state.words, state.started = {}, None

    def take(data: bytes, line: int, wrong: LineFaults) -> None:
        for update in decode_updates(data, line, wrong):
            if state.started is None:
                state.started = update.time or None
            _hear(state.words, update)

    _follow(_Following(path, shown, forget, take), state.updates, faults)


def _hear(words: Words, update: Update) -> None:
    for kind, named in said(update).items():
        heard = words.setdefault(kind, {})
        for name, value in named.items():
            if name not in heard or heard[name][0] <= update.time:
                heard[name] = (update.time, value)


class _Following(NamedTuple):
    """A file of lines, and what to do with them."""

    path: str
    shown: str
    forget: Callable[[], None]
    take: Callable[[bytes, int, LineFaults], None]


def _follow(file: _Following, state: FileState, faults: list[Fault]) -> None:
    """Read the new lines of a file in bounded pieces."""
    try:
        while _piece(file, state):
            pass
    except FileNotFoundError:
        return
    except (FormatError, OSError) as problem:
        faults.append(Fault(file.shown, f"cannot be read: {problem}"))
    faults += state.faults
    if state.bad > MOST_FAULTS:
        reason = f"{state.bad - MOST_FAULTS:,} more lines or values are wrong"
        faults.append(Fault(file.shown, reason))


def _piece(file: _Following, state: FileState) -> bool:
    """Read on once; say whether there is more."""
    if stat.S_ISREG(os.lstat(file.path).st_mode):
        tail = read_tail(file.path, Place(state.offset, state.inode))
    else:
        raise FormatError("This is not a plain file.")
    if tail.restarted:
        file.forget()
        state.lines, state.bad, state.faults = 0, 0, []
    wrong = LineFaults(file.shown, state.bad)
    if tail.skipped:
        wrong.add(state.lines + 1, f"a line of {tail.skipped:,} bytes was left out")
        state.lines += 1
    if tail.data:
        file.take(tail.data, state.lines + 1, wrong)
        state.lines += lines_in(tail.data)
    state.offset, state.inode = tail.place
    state.bad = wrong.count
    state.faults = [*state.faults, *wrong.told]
    return tail.more


def said(update: Update) -> Words | dict[str, dict[str, Any]]:
    """Return what a line says, by kind and name; nothing for kinds not known."""
    match update.kind:
        case "start":
            facts = {"host": update.host, "user": update.user, "pid": update.pid}
            return {"start": {name: value for name, value in facts.items() if value is not None}}
        case "params" if isinstance(update.params, dict):
            return {"params": flatten(update.params)}
        case "tags" if isinstance(update.tags, dict):
            return {"tags": update.tags}
        case "facts" | "fact" if isinstance(update.facts, dict):
            return {"facts": update.facts}
        case "note" if isinstance(update.note, str):
            return {"note": {"": update.note}}
        case "name" if isinstance(update.name, str):
            return {"name": {"": update.name}}
        case "rule" if isinstance(update.metric, str):
            rule = {n: getattr(update, n) for n in ("goal", "summary", "step_metric")}
            return {"rules": {update.metric: rule}}
        case "artifact" if update.path:
            return {"artifacts": {update.path: update.size}}
        case "dataset" if isinstance(update.name, str):
            names = ("name", "role", "path", "hash", "rows", "columns")
            dataset = {n: getattr(update, n) for n in names}
            return {"datasets": {f"{update.role or ''}/{update.name}": dataset}}
    return {}


def _summaries(state: WriterState) -> dict[str, Summary]:
    return {name: opened(numbers) for name, numbers in state.summaries.items()}


def _time(path: str) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116
    except OSError:
        return 0.0
