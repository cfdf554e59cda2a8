"""Calls of ``run.log`` and the least that could be done instead, in turn."""

import json
import math
import os
import sys
from pathlib import Path
from time import perf_counter

import workbench

NAMES = ("train/loss", "train/acc", "val/loss", "val/auc", "lr")
workspace, blocks, calls = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
values = [
    {name: math.sin(step + k) for k, name in enumerate(NAMES)} for step in range(blocks * calls)
]


def bare(fd: int, first: int) -> float:
    """Return the microseconds a call of ``json.dumps`` and one write takes."""
    dumps, write = json.dumps, os.write
    began = perf_counter()
    for step in range(first, first + calls):
        record = {"step": step, "time": 1_795_000_000.123, "metrics": values[step]}
        write(fd, (dumps(record) + "\n").encode())
    return 1e6 * (perf_counter() - began) / calls


def ours(run: workbench.Run, first: int) -> float:
    """Return the microseconds a call of ``run.log`` takes."""
    log = run.log
    began = perf_counter()
    for step in range(first, first + calls):
        log(values[step], step=step)
    return 1e6 * (perf_counter() - began) / calls


found: dict[str, list[float]] = {"ours": [], "bare": []}
with workbench.start_run("benchmark", workspace=workspace) as run:
    path = workspace / f"{run.id}.jsonl"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    bare(fd, 0), ours(run, 0)
    for block in range(blocks):
        found["bare"].append(bare(fd, block * calls))
        found["ours"].append(ours(run, block * calls))
    os.close(fd)
    path.unlink()
print(json.dumps({**found, "calls": calls}))
