"""A writer that dies at any step leaves a whole event or none, and nobody behind it is hindered."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.registry.events import draft, promote, register, say, state_of
from workbench.registry.committing import commit
from workbench.registry.journal import FolderJournal

LINK = "rename" if sys.platform == "win32" else "link"
DOOMED = """
import os, sys
from pathlib import Path
from tests.registry.events import draft
from workbench.registry.committing import commit
from workbench.registry.journal import FolderJournal

root, operation, moment, identity = sys.argv[1:]
real = getattr(os, operation)

def deadly(*args, **kwargs):
    writes = operation != "open" or args[1] & (os.O_WRONLY | os.O_RDWR)
    if writes and moment == "before":
        os._exit(9)
    answer = real(*args, **kwargs)
    if writes:
        os._exit(9)
    return answer

setattr(os, operation, deadly)
meant = draft("promoted", id=identity, version=2)
commit(FolderJournal(Path(root), "churn"), identity, lambda _: meant)
"""


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("operation", ["open", "write", "fsync", LINK, "unlink"])
def test_whoever_dies_leaves_a_whole_event_or_none(
    tmp_path: Path, operation: str, moment: str
) -> None:
    """Said again under its id it is in the journal once, and the next promotion succeeds."""
    journal = FolderJournal(tmp_path, "churn")
    for _ in range(3):
        register(journal)
    promote(journal, 1)
    meant = draft("promoted", version=2)
    done = subprocess.run(
        [sys.executable, "-c", DOOMED, str(tmp_path), operation, moment, meant.id],
        cwd=Path(__file__).parents[2], check=False, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 9, done.stderr
    published = (operation, moment) == (LINK, "after") or operation == "unlink"
    reading = journal.read()
    assert reading.unreadable is None
    assert [one.id for one in reading.events[4:]] == ([meant.id] if published else [])
    event, _ = commit(journal, meant.id, lambda _: meant)
    assert event.seq == 5
    assert say(journal, "described").seq == 6
    assert [one.version for one in state_of(journal).stage("production").holdings] == [1, 2]
