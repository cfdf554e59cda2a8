"""Look for what is overdue among many models that are in order, again and again."""

import json
import sys
from pathlib import Path

from tests.registry.events import promote, register
from workbench.clock import SYSTEM
from workbench.operations.registry.deploying import overdue, repair
from workbench.operations.session import open_session
from workbench.registry.journal import FolderJournal

_TIMES = 20
root, count = Path(sys.argv[1]), int(sys.argv[2])
for number in range(count):
    journal = FolderJournal(root, f"many-{number}")
    if not journal.read().events:
        register(journal)
        promote(journal, 1, "staging")
with open_session(root, in_memory=True) as session:
    repair(session, at_once=True)
    times = []
    for _ in range(_TIMES + 1):
        began = SYSTEM.steady()
        assert overdue(session) == ()
        times.append(1000 * (SYSTEM.steady() - began))
print(json.dumps({"first": times[0], "ms": times[1:]}))
