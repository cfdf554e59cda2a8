"""Run folders as `docs/formats/run-folder.md` says, without the logging client.

`write_run` makes one run with sensible defaults; `write_many` makes thousands
quickly, for benchmarks. Whoever tests the client itself does not use these.
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.runfolder import (
    ALIVE,
    CARD,
    DONE,
    FINAL,
    METRICS,
    UPDATES,
    WORKSPACE_CARD,
    WRITERS,
    Summary,
    alive_marker,
    done_marker,
    encode_line,
    encode_number,
    encode_summary,
    experiment_folder,
)

BEGIN = 1_795_000_000.0
"""When runs start unless told otherwise; the fixed clock's time."""
Point = tuple[int | None, float, Mapping[str, float]]


class Built(NamedTuple):
    """A run on disk."""

    key: str
    run_id: str
    folder: Path

    def writer(self, number: int = 0) -> Path:
        """Return the folder of a writer."""
        return self.folder / WRITERS / str(number)


def write_workspace(folder: Path) -> Path:
    """Make ``folder`` a workspace without runs."""
    card = folder / WORKSPACE_CARD
    card.parent.mkdir(parents=True, exist_ok=True)
    card.write_text(json.dumps({"format": 1, "id": "0" * 26, "created": BEGIN}), "utf-8")
    (folder / "runs").mkdir(exist_ok=True)
    return folder


def run_id(number: int) -> str:
    """Return an id as a run would have; ids are in order of their numbers."""
    return f"01kb{number:022d}"


def points(count: int, *names: str, begin: float = BEGIN, first: int = 0) -> list[Point]:
    """Return points of falling metrics, one a second."""
    return [
        (step, begin + step, {name: 1.0 / (step + 1 + k) for k, name in enumerate(names)})
        for step in range(first, first + count)
    ]


def write_run(
    workspace: Path,
    *,
    number: int = 0,
    experiment: str = "churn",
    name: str = "baseline",
    status: str | None = "FINISHED",
    metrics: Iterable[Point] | None = None,
    updates: Sequence[Mapping[str, Any]] = (),
    artifacts: Mapping[str, bytes] | None = None,
    error: Sequence[str] = (),
    ended: float = BEGIN + 60,
    **card: Any,
) -> Built:
    """Write a run of one writer; ``status`` None leaves it going; ``card`` adds to `run.json`."""
    if not (workspace / WORKSPACE_CARD).exists():
        write_workspace(workspace)
    identity = run_id(number)
    folder = experiment_folder(workspace, experiment) / identity
    folder.mkdir(parents=True)
    start: dict[str, Any] = {
        "format": 1, "id": identity, "name": name, "experiment": experiment, "started": BEGIN,
        "group": None, "parent": None, "params": {"lr": 0.1, "model": {"depth": 4}},
        "tags": {"team": "risk"}, "note": "", "command": ["train.py", "--lr", "0.1"],
        "script": "train.py", "host": "trainbox", "user": "ana", "pid": 4711, "python": "3.11.7",
        "program": "workbench 0.1.0", "git": {"commit": "9f3c", "branch": "main", "remote": None},
    }  # fmt: skip
    (folder / CARD).write_text(json.dumps(start | card), "utf-8")
    built = Built(f"runs/{folder.parent.name}/{identity}", identity, folder)
    said = [*updates]
    for path, data in (artifacts or {}).items():
        file = folder / "artifacts" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        said.append({"time": BEGIN + 1, "kind": "artifact", "path": path, "size": len(data)})
    lines = points(3, "loss") if metrics is None else list(metrics)
    write_writer(built, 0, metrics=lines, updates=said)
    if status is not None:
        end_writer(built, 0, status, metrics=lines, updates=said, error=error, ended=ended)
    return built


def forget_start(run: Built) -> None:
    """Make a run of one that has ended whose start nobody wrote down, as copies of logs are."""
    for path in (run.folder / CARD, run.writer(0) / FINAL):
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "started": None}))


def write_writer(
    run: Built,
    number: int,
    *,
    metrics: Iterable[Point] = (),
    updates: Sequence[Mapping[str, Any]] = (),
    started: float = BEGIN,
) -> Path:
    """Begin a writer and its heartbeat."""
    folder = run.writer(number)
    folder.mkdir(parents=True)
    begun = {"time": started, "kind": "start", "pid": 4711, "host": "trainbox", "user": "ana"}
    (folder / UPDATES).write_bytes(b"".join(map(encode_line, [begun, *updates])))
    (folder / METRICS).write_bytes(metric_lines(metrics))
    alive = run.folder.parent / ALIVE
    alive.mkdir(exist_ok=True)
    (alive / alive_marker(run.run_id, number)).touch()
    return folder


def metric_lines(metrics: Iterable[Point]) -> bytes:
    """Return the lines of `metrics.jsonl`."""
    return b"".join(
        encode_line(
            {"step": step, "time": time, "metrics": {n: encode_number(v) for n, v in new.items()}}
        )
        for step, time, new in metrics
    )


def append_metrics(run: Built, metrics: Iterable[Point], number: int = 0) -> None:
    """Write more points of a run that goes on."""
    with (run.writer(number) / METRICS).open("ab") as file:
        file.write(metric_lines(metrics))


def end_writer(
    run: Built,
    number: int,
    status: str = "FINISHED",
    *,
    metrics: Iterable[Point] = (),
    updates: Sequence[Mapping[str, Any]] = (),
    error: Sequence[str] = (),
    started: float = BEGIN,
    ended: float = BEGIN + 60,
) -> None:
    """Write the end card and its marker."""
    folder = run.writer(number)
    card = {
        "format": 1, "status": status, "started": started, "ended": ended, "error": list(error),
        "metrics": {n: encode_summary(s) for n, s in summed(metrics).items()},
        **_added_up(updates),
        "bytes": {
            "metrics": (folder / METRICS).stat().st_size,
            "updates": (folder / UPDATES).stat().st_size,
        },
    }  # fmt: skip
    (folder / FINAL).write_text(json.dumps(card), "utf-8")
    done = run.folder.parent / DONE
    done.mkdir(exist_ok=True)
    (done / done_marker(run.run_id, number, status)).touch()


def summed(metrics: Iterable[Point]) -> dict[str, Summary]:
    """Return the summaries of points, one by one as the contract says."""
    found: dict[str, Summary] = {}
    for step, _, new in metrics:
        for name, value in new.items():
            known = found.get(name)
            found[name] = known.add(value, step) if known else Summary.of(value, step)
    return found


def _added_up(updates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what updates come to, in the order of writing."""
    card: dict[str, Any] = {
        "params": {}, "tags": {}, "note": None, "name": None, "rules": {}, "artifacts": [],
        "datasets": [], "facts": {},
    }  # fmt: skip
    for line in updates:
        told = {name: value for name, value in line.items() if name not in ("kind", "time")}
        match line["kind"]:
            case "params" | "tags":
                card[line["kind"]].update(line[line["kind"]])
            case "fact":
                card["facts"].update(line["facts"])
            case "note" | "name":
                card[line["kind"]] = line[line["kind"]]
            case "rule":
                card["rules"][told.pop("metric")] = told
            case "artifact":
                card["artifacts"].append([line["path"], line["size"]])
            case "dataset":
                card["datasets"].append(told)
    return card


def write_many(
    workspace: Path,
    count: int,
    *,
    experiments: int = 10,
    params: int = 20,
    metrics: int = 10,
    steps: int = 0,
    first: int = 0,
) -> Path:
    """Write ``count`` finished runs fast; curves of ``steps`` lines, 0 for none.

    Without curves the end card names a `metrics.jsonl` that is empty, so the runs
    are whole to every reader.
    """
    write_workspace(workspace)
    for k in range(experiments):
        for name in (DONE, ALIVE):
            (workspace / "runs" / f"experiment-{k}" / name).mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        _write_one(workspace / "runs" / f"experiment-{number % experiments}", number, params,
                   metrics, steps)  # fmt: skip
    return workspace


def _write_one(folder: Path, number: int, params: int, metrics: int, steps: int) -> None:
    identity = run_id(number)
    writer = f"{folder}/{identity}/{WRITERS}/0"
    os.makedirs(writer)  # noqa: PTH103 - ten thousand of them are written
    names = [f"metric_{k}" for k in range(metrics)]
    lines = b"".join(
        b'{"step":%d,"time":%.1f,"metrics":{%s}}\n'
        % (step, BEGIN + step, b",".join(
            b'"metric_%d":%.6f' % (k, (number % 97 + k + 1) / (step + 1)) for k in range(metrics)
        ))
        for step in range(steps)
    )  # fmt: skip
    update = encode_line({"time": BEGIN, "kind": "start", "pid": 1, "host": "h", "user": "u"})
    n = max(steps, 1)
    card = {
        "format": 1, "id": identity, "name": f"run-{number}", "experiment": folder.name,
        "started": BEGIN + number,
        "params": {f"param_{k}": number % (k + 2) for k in range(params)},
        "tags": {"team": f"team-{number % 3}"}, "host": "trainbox", "user": "ana", "pid": number,
        "command": ["train.py"], "script": "train.py", "python": "3.11.7",
        "git": {"commit": "9f3c", "branch": "main", "remote": None},
    }  # fmt: skip
    final = {
        "format": 1, "status": "FINISHED", "started": BEGIN + number, "ended": BEGIN + number + n,
        "error": [], "params": {}, "tags": {}, "note": None, "name": None, "rules": {},
        "artifacts": [], "datasets": [], "facts": {"dirty": False},
        "metrics": {name: _falling(float(f"{number % 97 + k + 1:.6f}"), n)
                    for k, name in enumerate(names)},
        "bytes": {"metrics": len(lines), "updates": len(update)},
    }  # fmt: skip
    for path, data in (
        (f"{folder}/{identity}/{CARD}", json.dumps(card).encode()),
        (f"{writer}/{UPDATES}", update),
        (f"{writer}/{METRICS}", lines),
        (f"{writer}/{FINAL}", json.dumps(final).encode()),
        (f"{folder}/{DONE}/{identity}.0.finished", b""),
    ):
        with open(path, "wb", buffering=0) as file:  # noqa: PTH123
            file.write(data)


def _falling(first: float, count: int) -> dict[str, Any]:
    last = float(f"{first / count:.6f}")
    return {
        "last": last, "min": last, "max": first, "first": first, "count": count, "nans": 0,
        "step_of_min": count - 1, "step_of_max": 0, "first_step": 0, "last_step": count - 1,
    }  # fmt: skip
