"""How many promotions a second processes record that all want the same stage.

Each looks, decides by what it saw, and is refused when somebody else was first; then it looks
again. Words: the workspace, how many processes, how many promotions each.
"""

import json
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from time import perf_counter
from typing import Any, NamedTuple

from workbench.clock import SYSTEM
from workbench.errors import ConflictError
from workbench.ids import new_id
from workbench.registry.changes import what_changed
from workbench.registry.committing import commit
from workbench.registry.event import PROMOTED, REGISTERED, Draft
from workbench.registry.folding import fold, next_version
from workbench.registry.journal import FolderJournal
from workbench.registry.state import State

_MODEL, _STAGE, _VERSIONS = "raced", "production", 3


class Heard(NamedTuple):
    """What one process met with."""

    won: list[str]
    """Ids of what was recorded."""
    ms: list[float]
    """From wanting a promotion to having it."""
    refused: int


def main(root: Path, processes: int, count: int) -> None:
    """Race, count, and let two people meet."""
    journal = FolderJournal(root, _MODEL)
    rmtree(root / "registry", ignore_errors=True)
    for _ in range(_VERSIONS):
        _register(journal)
    context = multiprocessing.get_context("spawn")
    gate, heard = context.Barrier(processes + 1), context.Queue()
    racers = [
        context.Process(target=race, args=(root, f"p{k}@lab", count, gate, heard))
        for k in range(processes)
    ]
    for racer in racers:
        racer.start()
    gate.wait()
    began = perf_counter()
    all_heard = [Heard(*heard.get(timeout=300)) for _ in racers]
    seconds = perf_counter() - began
    for racer in racers:
        racer.join()
    won = [one for each in all_heard for one in each.won]
    told = _two_people(root)
    answer = {
        "seconds": seconds,
        "ms": [one for each in all_heard for one in each.ms],
        "refused": sum(each.refused for each in all_heard),
        "wrong": _wrong(root, won),
        "told": len(told),
        "sentence": " ".join(told),
    }
    print(json.dumps(answer))


def race(root: Path, name: str, count: int, gate: Any, heard: Any) -> None:
    """Promote ``count`` times, however often somebody else is first."""
    journal = FolderJournal(root, _MODEL)
    seen = fold(_MODEL, journal.read())
    mine = Heard([], [], 0)
    refused = 0
    gate.wait()
    for _ in range(count):
        began = perf_counter()
        while True:
            seen = fold(_MODEL, journal.read(known=seen.events), seen)
            identity = new_id(SYSTEM.now())
            try:
                _, seen = commit(journal, identity, _intend(seen, identity, name), seen=seen)
            except ConflictError:
                refused += 1
                continue
            break
        mine.won.append(identity)
        mine.ms.append(1000 * (perf_counter() - began))
    heard.put((mine.won, mine.ms, refused))


def _intend(seen: State, identity: str, name: str) -> Callable[[State], Draft]:
    holder = seen.stage(_STAGE).holder

    def intended(state: State) -> Draft:
        now = SYSTEM.now()
        if state.stage(_STAGE).holder != holder:
            raise ConflictError(" ".join(what_changed(seen, state, _STAGE, now=now)))
        version = (holder or 0) % _VERSIONS + 1
        return Draft(identity, PROMOTED, name, "lab", now, "better", version, _STAGE)

    return intended


def _register(journal: FolderJournal) -> None:
    now = SYSTEM.now()
    identity = new_id(now)

    def intended(state: State) -> Draft:
        return Draft(identity, REGISTERED, "ana@lab", "lab", now, version=next_version(state))

    commit(journal, identity, intended)


def _two_people(root: Path) -> tuple[str, ...]:
    """Return what the second of two is told who both looked before the first one promoted."""
    people = [FolderJournal(root, _MODEL) for _ in range(2)]
    looks = [fold(_MODEL, journal.read()) for journal in people]
    told = []
    for journal, seen, name in zip(people, looks, ("ana@lab", "ben@pc"), strict=True):
        identity = new_id(SYSTEM.now())
        try:
            commit(journal, identity, _intend(seen, identity, name))
        except ConflictError as refused:
            told.append(refused.message)
    return tuple(told)


def _wrong(root: Path, won: list[str]) -> int:
    """Return how many promotions are not in the journal exactly once, or are in it unasked."""
    reading = FolderJournal(root, _MODEL).read()
    there = [one.id for one in reading.events[_VERSIONS : _VERSIONS + len(won)]]
    unfit = reading.unreadable is not None
    return unfit + len(set(won) ^ set(there)) + len(there) - len(set(there))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
