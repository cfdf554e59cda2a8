"""A workspace of drift reports for each test, made once and copied."""

import shutil
from pathlib import Path

import pytest

from tests.drift_building import drift_workspace


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the workspace."""
    return drift_workspace(tmp_path_factory.mktemp("drift") / "team")


@pytest.fixture
def team(reported: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    return Path(shutil.copytree(reported, tmp_path / "team", symlinks=True))
