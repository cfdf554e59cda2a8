"""People at one workspace, for every test of acts on registered models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.registry.people import People


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """Ana, ben and cem at an empty workspace."""
    made = People(tmp_path / "w")
    yield made
    made.close()
