"""A workspace of datasets for each test, made once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.tui.data.building import workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workspace."""
    return workspace(tmp_path_factory.mktemp("data") / "team")


@pytest.fixture
def team(made: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "team", symlinks=True))
