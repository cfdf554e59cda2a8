"""Bring the catalogue up to date with many reports of drift, and ask it what screens ask."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from workbench.operations.activity import faults
from workbench.operations.drift.alerts import alerts
from workbench.operations.drift.listing import watched
from workbench.operations.drift.series import report_of, series
from workbench.operations.session import Session, open_session

_REST_S = 3.5
"""After which a folder that was looked at counts as quiet."""
WIDE = "wide"


def took(clock: Callable[[], float], what: Callable[[], object]) -> float:
    """Return the milliseconds something takes."""
    began = clock()
    what()
    return 1000 * (clock() - began)


def once(session: Session) -> dict[str, Any]:
    """Return the milliseconds of everything that screens and commands ask."""
    chunk = series(session, WIDE).chunks[-1]
    asked: dict[str, Callable[[], object]] = {
        "watched": lambda: watched(session),
        "alerts": lambda: alerts(session),
        "series": lambda: series(session, WIDE),
        "report": lambda: report_of(session, WIDE, chunk.key),
    }
    return {part: took(perf_counter, what) for part, what in asked.items()}


with open_session(Path(sys.argv[1])) as opened:
    began = perf_counter()
    opened.sweep()
    cold = perf_counter() - began
    repeats = int(sys.argv[2])
    found = [once(opened) for _ in range(repeats)]
    late = perf_counter() + (_REST_S if repeats else 0)
    while perf_counter() < late:
        opened.sweep()
    idle = [took(process_time, opened.sweep) for _ in range(repeats)]
    answer = {part: [one[part] for one in found] for part in (found[0] if found else ())}
    chunks = sum(line.chunks for line in watched(opened))
    told = {"cold": cold, "chunks": chunks, "faults": len(faults(opened))}
    answer |= {"idle": idle, **(told if not repeats else {})}
print(json.dumps(answer))
