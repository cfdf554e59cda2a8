"""A run folder put together: the start card and what each writer has said since."""

import os
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Artifact, Dataset, Fault, Reading, Rule, RunCard
from workbench.formats.native.records import Card, Final, decode_card
from workbench.formats.native.writer import (
    Words,
    Writer,
    WriterState,
    final_summaries,
    look_at_end,
    read_writer,
)
from workbench.formats.notes import noted
from workbench.opening import read_small
from workbench.runfolder import (
    ALIVE,
    CARD,
    DONE,
    FINAL,
    KILLED,
    LAST_WORDS,
    RUNNING,
    STALE,
    STALE_AFTER,
    WRITERS,
    Summary,
    alive_marker,
    done_marker,
    flatten,
)


class _Progress(Struct):
    version: int = 1
    writers: dict[str, WriterState] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


def read_run(root: str, key: str, progress: bytes, now: float) -> Reading:
    """Return the run at ``key``; see `contract.Reader.read`."""
    folder = f"{root}/{key}"
    faults: list[Fault] = []
    _, experiment, run_id = key.split("/")
    card = _start_card(folder, key, faults)
    numbers = _writers(folder)
    if card is None and numbers is None:
        raise FormatError(f"{key} is not a run.")
    start = card or Card()
    if start.id not in ("", run_id):
        faults.append(Fault(f"{key}/{CARD}", f"says it is the run {start.id!r}; the folder counts"))
    start.id, start.experiment = run_id, start.experiment or experiment
    if numbers == [0]:
        finished = _finished(folder, key, start, faults)
        if finished is not None:
            return Reading(finished, b"")
    return _followed(folder, key, start, numbers or [], faults, progress, now)


def _start_card(folder: str, key: str, faults: list[Fault]) -> Card | None:
    try:
        data = read_small(f"{folder}/{CARD}")
    except FileNotFoundError:
        faults.append(Fault(f"{key}/{CARD}", "is missing"))
        return None
    except NotADirectoryError:
        raise FormatError(f"{key} is not a run.") from None
    except FormatError as problem:
        faults.append(Fault(f"{key}/{CARD}", str(problem)))
        return Card()
    except OSError as problem:
        if isinstance(problem, PermissionError) and not os.access(folder, os.X_OK):
            raise
        faults.append(Fault(f"{key}/{CARD}", f"cannot be read: {problem.strerror}"))
        return Card()
    return decode_card(data, f"{key}/{CARD}", faults) or Card()


def writers_of(folder: str) -> list[int]:
    """Return the numbers of a run's writers in order."""
    return _writers(folder) or []


def _writers(folder: str) -> list[int] | None:
    """Return the numbers of the writers in order, or None if there is no such folder."""
    path = f"{folder}/{WRITERS}"
    try:
        if os.path.islink(path):  # noqa: PTH114 - strings all along
            return None
        with os.scandir(path) as entries:
            return sorted(
                int(entry.name)
                for entry in entries
                if entry.name.isdecimal() and entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return None


def _finished(folder: str, key: str, start: Card, faults: list[Fault]) -> RunCard | None:
    """Return a run of one writer that has ended, from its two cards; None if lines must be read."""
    look = look_at_end(f"{folder}/{WRITERS}/0", f"{key}/{WRITERS}/0")
    final = look.final
    if (
        final is None
        or final.status not in LAST_WORDS
        or not (look.metrics_hold and look.updates_hold)
    ):
        return None
    faults += look.faults
    params = flatten(start.params) if start.params else {}
    if final.params:
        params.update(flatten(final.params))
    tags: dict[str, str | None] = dict(start.tags or {})
    tags.update(final.tags or {})
    return RunCard(
        run_id=start.id,
        name=final.name or start.name or start.id,
        experiment=start.experiment,
        status=final.status,
        inferred=final.inferred,
        parent=start.parent,
        group=start.group,
        started=start.started if start.started is not None else final.started,
        ended=final.ended,
        params=params,
        tags={name: value for name, value in tags.items() if value is not None},
        note=(start.note or "") if final.note is None else final.note,
        metrics=final_summaries(final, f"{key}/{WRITERS}/0/{FINAL}", faults),
        rules={name: rule.rule() for name, rule in (final.rules or {}).items()},
        artifacts=tuple(sorted(Artifact(*one) for one in final.artifacts or ())),
        datasets=tuple(one.dataset() for one in final.datasets or ()),
        facts=_facts(start, {}, final.facts or {}),
        error=tuple(final.error or ()),
        faults=tuple(faults),
    )


def _followed(
    folder: str,
    key: str,
    start: Card,
    numbers: list[int],
    faults: list[Fault],
    progress: bytes,
    now: float,
) -> Reading:
    """Return a run from its lines, read on from ``progress``."""
    states = noted(progress, _PROGRESS).writers
    kept = {str(number): states.get(str(number)) or WriterState() for number in numbers}
    writers = [
        read_writer(
            f"{folder}/{WRITERS}/{number}", f"{key}/{WRITERS}/{number}", number, kept[str(number)]
        )
        for number in numbers
    ]
    writers.sort(key=lambda writer: (writer.started, writer.number))
    for writer in writers:
        faults += writer.faults
    card = _merged(folder, start, writers, faults, now)
    return Reading(card, msgspec.json.encode(_Progress(writers=kept)))


def _merged(
    folder: str, start: Card, writers: list[Writer], faults: list[Fault], now: float
) -> RunCard:
    words = _last_words([writer.words for writer in writers])
    status, life = _status(folder, start.id, writers, now)
    going = status in (RUNNING, STALE)
    tags = {**(start.tags or {}), **words.get("tags", {})}
    finals = [writer.final for writer in writers if writer.final is not None]
    facts = _facts(start, words.get("start", {}), words.get("facts", {}))
    if len(writers) > 1:
        facts["writers"] = len(writers)
    if going:
        facts["last_life"] = life
    return RunCard(
        run_id=start.id,
        name=words.get("name", {}).get("") or start.name or start.id,
        experiment=start.experiment,
        status=status,
        inferred=status == STALE or (not going and _is_inferred(writers)),
        parent=start.parent,
        group=start.group,
        started=start.started if start.started is not None else _first_start(writers),
        ended=None if going else _last_end(finals),
        params={**flatten(start.params or {}), **words.get("params", {})},
        tags={name: value for name, value in tags.items() if value is not None},
        note=words.get("note", {}).get("", start.note or ""),
        metrics=_joined(writers),
        rules={name: Rule(**rule) for name, rule in words.get("rules", {}).items()},
        artifacts=tuple(sorted(Artifact(*one) for one in words.get("artifacts", {}).items())),
        datasets=tuple(_dataset(one) for one in words.get("datasets", {}).values()),
        facts=facts,
        error=() if going else _error(finals),
        faults=tuple(faults),
    )


def _last_words(said: Iterable[Words]) -> dict[str, dict[str, Any]]:
    """Return the latest word on every name; of two at the same time that of the later writer."""
    latest: Words = {}
    for words in said:
        for kind, named in words.items():
            heard = latest.setdefault(kind, {})
            for name, word in named.items():
                if name not in heard or heard[name][0] <= word[0]:
                    heard[name] = word
    return {kind: {name: word[1] for name, word in named.items()} for kind, named in latest.items()}


def _joined(writers: list[Writer]) -> dict[str, Summary]:
    """Return summaries over all writers, in order of their start; last is the last by time."""
    found: dict[str, Summary] = {}
    at: dict[str, float] = {}
    for writer in writers:
        for name, summary in writer.metrics.items():
            time = writer.last_times.get(name, 0.0)
            known = found.get(name)
            if known is None:
                found[name], at[name] = summary, time
                continue
            whole = known.join(summary)
            if time < at[name]:
                whole = whole._replace(last=known.last, last_step=known.last_step)
            found[name], at[name] = whole, max(time, at[name])
    return found


def _status(folder: str, run_id: str, writers: list[Writer], now: float) -> tuple[str, float]:
    """Return the run's status and its last sign of life."""
    experiment = os.path.dirname(folder)  # noqa: PTH120 - strings all along
    born = _time(f"{folder}/{CARD}")
    ends = {writer.number: _end(experiment, run_id, writer) for writer in writers}
    lives = {
        writer.number: max(
            born, writer.life, _time(f"{experiment}/{ALIVE}/{alive_marker(run_id, writer.number)}")
        )
        for writer in writers
    }
    life = max(lives.values(), default=born)
    going = [writer for writer in writers if not ends[writer.number]]
    if any(now - lives[writer.number] < STALE_AFTER for writer in going):
        return RUNNING, life
    if not writers:
        return (RUNNING if now - born < STALE_AFTER else STALE), born
    lost = [writer for writer in going if not _taken_over(writer, lives, writers)]
    return (STALE if lost else ends[writers[-1].number] or STALE), life


def _taken_over(lost: Writer, lives: Mapping[int, float], writers: list[Writer]) -> bool:
    """Say whether a later writer began after this one's last sign of life: the run was resumed."""
    return any(writer.started > lives[lost.number] for writer in writers)


def _end(experiment: str, run_id: str, writer: Writer) -> str | None:
    """Return how a writer ended, by its end card or else by its marker."""
    if writer.final is not None and writer.final.status in LAST_WORDS:
        return writer.final.status
    for status in LAST_WORDS:
        if os.path.exists(f"{experiment}/{DONE}/{done_marker(run_id, writer.number, status)}"):  # noqa: PTH110
            return status
    return KILLED if writer.ended else None  # an end card that does not say how


def _is_inferred(writers: list[Writer]) -> bool:
    """Say whether the end of the writer that decides is a conclusion."""
    final = writers[-1].final if writers else None
    return final is not None and final.inferred


def _first_start(writers: list[Writer]) -> float | None:
    return min((writer.started for writer in writers), default=None)


def _last_end(finals: list[Final]) -> float | None:
    return max((final.ended for final in finals if final.ended is not None), default=None)


def _error(finals: list[Final]) -> tuple[str, ...]:
    return next((tuple(final.error) for final in reversed(finals) if final.error), ())


def _dataset(said: Mapping[str, Any]) -> Dataset:
    columns = tuple((name, kind) for name, kind in said.get("columns") or ())
    return Dataset(
        said["name"], said.get("role") or "", said.get("path"), said.get("hash"),
        said.get("rows"), columns,
    )  # fmt: skip


def _facts(start: Card, begun: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return the single values known of a run, later ones over earlier ones."""
    facts: dict[str, Any] = dict(begun)
    for name in ("host", "user", "script", "pid", "python", "program"):
        value = getattr(start, name)
        if value is not None:
            facts[name] = value
    if start.command is not None:
        facts["command"] = shlex.join(start.command)
    if start.invocation is not None:
        facts["invocation"] = start.invocation
    if start.git is not None:
        git = msgspec.structs.asdict(start.git)
        facts.update({name: value for name, value in git.items() if value is not None})
    facts.update(later)
    if isinstance(git := facts.pop("git", None), dict):
        facts.update(git)
    return facts


def _time(path: str) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - counted in microseconds
    except OSError:
        return 0.0
