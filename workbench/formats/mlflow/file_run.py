"""One run of an MLflow file store: a file per param, tag and metric, and ``meta.yaml``."""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Fault, Reading, RunCard
from workbench.formats.flat_yaml import read_flat
from workbench.formats.mlflow.file_datasets import datasets_of
from workbench.formats.mlflow.file_lines import decode, latest
from workbench.formats.mlflow.file_models import folders_of, models_of
from workbench.formats.mlflow.file_survey import META
from workbench.formats.mlflow.file_values import LARGEST_VALUE, files_of, values_in
from workbench.formats.mlflow.logged_models import artifacts_in, told_of
from workbench.formats.mlflow.words import Point, facts_of, rank, seconds, status_of
from workbench.formats.notes import noted
from workbench.formats.points import closed, opened, summarise
from workbench.opening import read_small
from workbench.runfolder import (
    RUNNING,
    STALE,
    STALE_AFTER,
    UNKNOWN,
    Summary,
    decode_number,
    encode_number,
)
from workbench.tail import Place, read_tail

_META = frozenset(
    [
        "run_id", "run_uuid", "run_name", "name", "status", "start_time", "end_time", "user_id",
        "lifecycle_stage", "experiment_id", "artifact_uri", "source_name", "source_version",
    ]
)  # fmt: skip
_MOST_FAULTS = 20
_SMALL = (1 << 16) - 1
"""Bytes of a metric's file that is read at once."""


_Latest = tuple[int, int, float | str]


class _MetricState(Struct, gc=False):
    """How far a metric's file has been read, and what it came to."""

    offset: int = 0
    inode: int = 0
    lines: int = 0
    summary: tuple[Any, ...] | None = None
    latest: _Latest | None = None
    wrong: list[tuple[int, str]] = field(default_factory=list)
    wrong_count: int = 0


class _Progress(Struct):
    version: int = 1
    metrics: dict[str, _MetricState] = field(default_factory=dict)


_PROGRESS = msgspec.json.Decoder(_Progress)


def read_run(root: str, key: str, progress: bytes, now: float) -> Reading:
    """Return the run at ``key``; see `contract.Reader.read`."""
    folder = f"{root}/{key}"
    faults: list[Fault] = []
    meta = _meta(folder, key, faults)
    tags = values_in(f"{folder}/tags", faults, f"{key}/tags")
    status = status_of(meta.get("status"))
    if status == UNKNOWN and not faults:
        faults.append(Fault(f"{key}/{META}", "does not say the status"))
    states = noted(progress, _PROGRESS)
    metrics = _metrics(folder, key, states, faults, ended=status not in (RUNNING, UNKNOWN))
    models = models_of(root, key)
    inferred = status == RUNNING and now - _life(folder) >= STALE_AFTER
    card = RunCard(
        run_id=key.partition("/")[2],
        name=_name(meta, tags, key),
        experiment=_experiment_name(root, key.partition("/")[0]),
        status=STALE if inferred else status,
        inferred=inferred,
        parent=tags.get("mlflow.parentRunId"),
        started=seconds(meta.get("start_time")),
        ended=seconds(meta.get("end_time")),
        params=values_in(f"{folder}/params", faults, f"{key}/params"),
        tags=tags,
        note=tags.get("mlflow.note.content", ""),
        metrics=metrics,
        artifacts=artifacts_in(folders_of(root, key, models), f"{key}/artifacts", faults),
        datasets=datasets_of(root, folder, key),
        facts={**facts_of(meta, tags), **told_of(models, key.partition("/")[2])},
        faults=tuple(faults),
    )
    going = status == RUNNING
    return Reading(card, msgspec.json.encode(states) if going else b"")


def _meta(folder: str, key: str, faults: list[Fault]) -> dict[str, Any]:
    """Return what ``meta.yaml`` says, looking twice: MLflow does not replace it at once.

    Raises:
        FormatError: There is no run here.
    """
    path, data = f"{folder}/{META}", b""
    try:
        for _ in range(2):
            data = read_small(path, LARGEST_VALUE)
            if data.endswith(b"\n"):
                return read_flat(data, _META)
    except (FileNotFoundError, NotADirectoryError):
        if not os.path.isdir(f"{folder}/metrics") and not os.path.isdir(f"{folder}/tags"):  # noqa: PTH112
            raise FormatError(f"{key} is not a run.") from None
        faults.append(Fault(f"{key}/{META}", "is missing"))
        return {}
    except FormatError as problem:
        faults.append(Fault(f"{key}/{META}", str(problem)))
        return {}
    faults.append(Fault(f"{key}/{META}", "is cut off"))
    try:
        return read_flat(data[: data.rfind(b"\n") + 1], _META)
    except FormatError:
        return {}


def _name(meta: Mapping[str, Any], tags: Mapping[str, str], key: str) -> str:
    given = meta.get("run_name") or meta.get("name") or tags.get("mlflow.runName")
    return str(given) if given else key.partition("/")[2]


def _experiment_name(root: str, experiment: str) -> str:
    path = f"{root}/{experiment}/{META}"
    try:
        facts = os.stat(path)  # noqa: PTH116 - counted in microseconds
    except OSError:
        return experiment
    return _named(path, facts.st_mtime_ns, facts.st_size) or experiment


@lru_cache(maxsize=256)
def _named(path: str, changed: int, size: int) -> str:
    """Return the experiment's name in a file that was changed then; empty if it has none."""
    del changed, size  # a part of what is asked, not of the answer
    try:
        name = read_flat(read_small(path, LARGEST_VALUE), frozenset(["name"])).get("name")
    except (FormatError, OSError):
        return ""
    return "" if name is None else str(name)


def _metrics(
    folder: str, key: str, progress: _Progress, faults: list[Fault], *, ended: bool
) -> dict[str, Summary]:
    """Return the summaries; last is what MLflow calls the latest, whatever was written last."""
    found: dict[str, Summary] = {}
    states: dict[str, _MetricState] = {}
    for name, path in files_of(f"{folder}/metrics"):
        state = progress.metrics.get(name)
        try:
            if state is None:
                summary = _at_once(path) if ended else None
                if summary is not None:
                    found[name] = summary
                    continue
            state = _followed(path, state or _MetricState())
        except OSError as problem:
            faults.append(Fault(f"{key}/metrics/{name}", f"cannot be read: {problem}"))
            continue
        states[name] = state
        for line, reason in state.wrong:
            faults.append(Fault(f"{key}/metrics/{name}", reason, line))
        if state.wrong_count > _MOST_FAULTS:
            count = state.wrong_count - _MOST_FAULTS
            faults.append(Fault(f"{key}/metrics/{name}", f"{count:,} more lines are wrong"))
        if state.summary is not None and state.latest is not None:
            step, _, value = state.latest
            last = decode_number(value)
            found[name] = opened(state.summary)._replace(last=last, last_step=step)
    progress.metrics = states
    return found


def _at_once(path: str) -> Summary | None:
    """Return the summary of a small file in which every line is a point; None for any other.

    This is the way of nearly every metric of a run that has ended, of which no place need
    be remembered.

    Raises:
        OSError: It cannot be read.
    """
    try:
        data = read_small(path, _SMALL)
    except FormatError:
        return None
    lines = decode(data)
    last = latest(lines)
    if last is None or lines.wrong or len(lines.values) != data.count(b"\n"):
        return None
    return summarise(lines.values, lines.steps)._replace(last=last[2], last_step=last[0])


def _followed(path: str, state: _MetricState) -> _MetricState:
    """Return the state after the new lines of a metric's file."""
    more = True
    while more:
        tail = read_tail(path, Place(state.offset, state.inode))
        if tail.restarted:
            state = _MetricState()
        state.offset, state.inode = tail.place
        more = tail.more
        if tail.skipped:
            _wrong(state, [(0, f"a line of {tail.skipped:,} bytes was left out")])
            state.lines += 1
        if not tail.data:
            continue
        lines = decode(tail.data)
        _wrong(state, lines.wrong)
        state.lines += tail.data.count(b"\n")
        if lines.values:
            summary = summarise(lines.values, lines.steps)
            state.summary = closed(
                opened(state.summary).join(summary) if state.summary else summary
            )
            state.latest = _later(state.latest, latest(lines))
    return state


def _later(known: _Latest | None, new: Point | None) -> _Latest | None:
    """Return the later of two points as MLflow orders them, as notes hold it."""
    if new is None:
        return known
    if known is not None and rank(new) < rank((*known[:2], decode_number(known[2]))):
        return known
    return (*new[:2], encode_number(new[2]))


def _wrong(state: _MetricState, wrong: list[tuple[int, str]]) -> None:
    room = max(0, _MOST_FAULTS - state.wrong_count)
    state.wrong += [(state.lines + line + 1, reason) for line, reason in wrong[:room]]
    state.wrong_count += len(wrong)


def _life(folder: str) -> float:
    """Return when anything of the run last changed."""
    newest = 0.0
    paths = [f"{folder}/{META}", *(f"{folder}/{kind}" for kind in ("metrics", "tags", "params"))]
    paths += [f"{folder}/artifacts"]
    paths += [path for kind in ("metrics", "tags") for _, path in files_of(f"{folder}/{kind}")]
    for path in paths:
        try:
            newest = max(newest, os.stat(path).st_mtime)  # noqa: PTH116
        except OSError:
            continue
    return newest
