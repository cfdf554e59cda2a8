"""One of several people who promote on one model as fast as they can, until enough is done.

Says on stdout, one JSON object a line, what it is about to do and what came of it, so that the
one who kills it knows what must be found afterwards. With a delay every operation on a file takes
that much longer, as on a network drive, and the answer comes later than the deed.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from workbench.clock import SYSTEM
from workbench.errors import ConflictError
from workbench.ids import new_id
from workbench.registry.changes import what_changed
from workbench.registry.committing import commit
from workbench.registry.event import PROMOTED, Draft
from workbench.registry.folding import fold
from workbench.registry.journal import FolderJournal
from workbench.registry.state import State

STAGE = "production"
_OPERATIONS = (
    "open", "write", "fsync", "link", "unlink", "listdir", "stat", "mkdir", "rename", "lstat",
)  # fmt: skip


def slow_down(seconds: float) -> None:
    """Make every operation on a file take longer; half of it after the deed."""
    pause = Event()

    def slowed(operation: Callable[..., Any]) -> Callable[..., Any]:
        def late(*args: Any, **kwargs: Any) -> Any:
            pause.wait(seconds / 2)
            try:
                return operation(*args, **kwargs)
            finally:
                pause.wait(seconds / 2)

        return late

    for name in _OPERATIONS:
        setattr(os, name, slowed(getattr(os, name)))


def said(**fields: Any) -> None:
    """Tell the one who looks on, in one write."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


class Person:
    """Somebody who looks, decides by what they saw, and is refused if that changed."""

    def __init__(self, root: Path, model: str, name: str) -> None:
        self.journal = FolderJournal(root, model)
        self.name = name
        self.seen = fold(model, self.journal.read())

    def look(self) -> None:
        """See how it is now."""
        reading = self.journal.read(known=self.seen.events)
        self.seen = fold(self.journal.model, reading, self.seen)

    def intend(self, identity: str) -> Callable[[State], Draft]:
        """Return what is wanted: the next version, if the stage is as it was seen."""
        holder = self.seen.stage(STAGE).holder
        version = (holder or 0) % len(self.seen.versions) + 1

        def intended(state: State) -> Draft:
            now = SYSTEM.now()
            if state.stage(STAGE).holder != holder:
                changes = what_changed(self.seen, state, STAGE, now=now)
                said(refused=identity, saw=self.seen.seq, now=state.seq, why=changes)
                raise ConflictError(" ".join(changes))
            return Draft(
                identity, PROMOTED, self.name, "lab", now, "it is better", version, STAGE,
                saw={"seq": self.seen.seq, "holder": holder},
            )  # fmt: skip

        return intended

    def promote(self, identity: str) -> None:
        """Promote once under this id, however often somebody else is first."""
        said(tries=identity)
        while True:
            self.look()
            newest = self.seen.seq
            try:
                event, self.seen = commit(
                    self.journal, identity, self.intend(identity), seen=self.seen
                )
            except ConflictError:
                continue
            said(won=identity, seq=event.seq, found=event.seq <= newest)
            return


def main(root: str, model: str, name: str, count: str, delay_ms: str, unfinished: str = "") -> None:
    """Promote ``count`` times, first the one whose answer never came."""
    if float(delay_ms):
        slow_down(float(delay_ms) / 1000)
    person = Person(Path(root), model, name)
    said(ready=True)
    sys.stdin.readline()
    for number in range(int(count)):
        person.promote(unfinished if unfinished and not number else new_id(SYSTEM.now()))


if __name__ == "__main__":
    main(*sys.argv[1:])
