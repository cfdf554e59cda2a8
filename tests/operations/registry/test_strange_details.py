"""Events that are whole and say nonsense: pages show what can be shown."""

from pathlib import Path

import pytest

from tests.registry.events import draft
from workbench.operations.registry import version, versions_compared
from workbench.operations.session import open_session
from workbench.registry.journal import FolderJournal
from workbench.settings import create_workspace

NONSENSE = {
    "types": 7, "datasets": 7, "params": [1], "metrics": "x", "signature": {"columns": {"a": 1}},
    "example": 3, "git": [], "environment": "x", "run": 7, "size": "big", "files": True,
    "tags": 4, "origin": "moon", "manifest": 9, "goals": 1,
}  # fmt: skip


@pytest.mark.parametrize("part", sorted(NONSENSE))
def test_a_page_stands_whatever_an_event_says(tmp_path: Path, part: str) -> None:
    """One field of a wrong type hides nothing but itself."""
    root = create_workspace(tmp_path, 1.0).root
    journal = FolderJournal(root, "churn")
    first = journal.publish(draft("registered", version=1, details={"size": 3}), after=None)
    journal.publish(draft("registered", version=2, details={part: NONSENSE[part]}), after=first)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        assert "churn@2" in "\n".join(version.detail_text(version.detail(session, "churn", 2)))
        found = versions_compared.compare_versions(session, "churn", 1, 2)
        assert list(versions_compared.compared_text(found))
