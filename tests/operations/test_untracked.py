"""What a git repository around a workspace should leave out."""

from pathlib import Path

import pytest

from tests.repositories import git
from workbench.operations.untracked import advice


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return an empty repository."""
    folder = tmp_path / "code"
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


def test_a_workspace_outside_any_repository_needs_no_advice(tmp_path: Path) -> None:
    """Nobody would keep its runs."""
    assert advice(tmp_path) == ""


def test_advice_names_the_folders_as_gitignore_wants_them(repository: Path) -> None:
    """From the top of the repository, and nothing is written there."""
    inside = repository / "deep/lab"
    inside.mkdir(parents=True)
    said = advice(inside)
    assert "add /deep/lab/runs/, /deep/lab/registry/, " in said
    assert str(repository.resolve()) in said
    listed = "/runs/, /registry/, /predictions/, /deploy/, /trash/ and /.workbench/"
    assert f"add {listed} to" in advice(repository)
    assert not list(repository.rglob(".gitignore"))


def test_what_is_ignored_already_is_not_said_again(repository: Path) -> None:
    """Following the advice silences it."""
    lab = repository / "lab"
    lab.mkdir()
    (repository / ".gitignore").write_text("/lab/runs/\n", "utf-8")
    assert "/lab/trash/ and /lab/.workbench/ to" in advice(lab)
    (repository / ".gitignore").write_text("/lab/*/\n/lab/.workbench/\n", "utf-8")
    assert advice(lab) == ""
