"""Bring the catalogue up to date with the journals of many models, and ask it."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from workbench.operations.activity import faults
from workbench.operations.registry.history import held, history
from workbench.operations.registry.lineage import protected
from workbench.operations.registry.listing import models, versions, waiting_for
from workbench.operations.session import Session, open_session

_PAGE = 500
_REST_S = 3.5
"""After which a folder that was looked at counts as quiet."""


def took(clock: Callable[[], float], what: Callable[[], object]) -> float:
    """Return the milliseconds something takes."""
    began = clock()
    what()
    return 1000 * (clock() - began)


def once(session: Session, model: str, day: float) -> dict[str, Any]:
    """Return the milliseconds of everything that screens and commands ask."""
    asked: dict[str, Callable[[], object]] = {
        "models": lambda: models(session),
        "versions": lambda: versions(session, model),
        "page": lambda: history(session, limit=_PAGE),
        "one": lambda: history(session, model),
        "held": lambda: held(session, day),
        "waiting": lambda: waiting_for(session, "zoe@lab"),
        "kept": lambda: protected(session),
        "all": lambda: history(session),
    }
    return {name: took(perf_counter, what) for name, what in asked.items()}


with open_session(Path(sys.argv[1])) as opened:
    began = perf_counter()
    opened.sweep()
    cold = perf_counter() - began
    lines = models(opened)
    everything = history(opened)
    middle = everything[len(everything) // 2]
    repeats = int(sys.argv[2])
    found = [once(opened, middle.model, middle.time) for _ in range(repeats)]
    late = perf_counter() + (_REST_S if repeats else 0)
    while perf_counter() < late:
        opened.sweep()
    idle = [took(process_time, opened.sweep) for _ in range(repeats)]
    answer = {name: [one[name] for one in found] for name in (found[0] if found else ())}
    told = {"cold": cold, "models": len(lines), "faults": len(faults(opened))}
    told = told if not repeats else {}
    answer |= {"idle": idle, "events": [len(everything)], "total": len(everything), **told}
print(json.dumps(answer))
