"""A workspace with data to be watched, for every test of drift."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.drift.watched import Watched


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """People at a workspace without monitors."""
    made = Watched(tmp_path / "w")
    yield made
    made.close()
