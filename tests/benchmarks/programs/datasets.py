"""Bring the catalogue up to date with the versions of many datasets, and ask it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from workbench.operations.activity import faults
from workbench.operations.datasets.lineage import lineage, touched
from workbench.operations.datasets.listing import datasets, versions
from workbench.operations.session import Session, open_session

_REST_S = 3.5
"""After which a folder that was looked at counts as quiet."""


def took(clock: Callable[[], float], what: Callable[[], object]) -> float:
    """Return the milliseconds something takes."""
    began = clock()
    what()
    return 1000 * (clock() - began)


def once(session: Session, name: str) -> dict[str, Any]:
    """Return the milliseconds of everything that screens and commands ask."""
    asked: dict[str, Callable[[], object]] = {
        "datasets": lambda: datasets(session, patience_s=0),
        "versions": lambda: versions(session, name),
        "lineage": lambda: lineage(session, name, 1),
        "touched": lambda: touched(session, name),
    }
    return {part: took(perf_counter, what) for part, what in asked.items()}


with open_session(Path(sys.argv[1])) as opened:
    began = perf_counter()
    opened.sweep()
    cold = perf_counter() - began
    lines = datasets(opened, patience_s=0)
    repeats = int(sys.argv[2])
    found = [once(opened, lines[len(lines) // 2].name) for _ in range(repeats)]
    late = perf_counter() + (_REST_S if repeats else 0)
    while perf_counter() < late:
        opened.sweep()
    idle = [took(process_time, opened.sweep) for _ in range(repeats)]
    answer = {part: [one[part] for one in found] for part in (found[0] if found else ())}
    told = {"cold": cold, "datasets": len(lines), "faults": len(faults(opened))}
    answer |= {"idle": idle, **(told if not repeats else {})}
print(json.dumps(answer))
