"""The demo finds its scripts and its folder."""

from pathlib import Path

import pytest

from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, WorkbenchError
from workbench.operations import demo


def test_every_script_of_the_sample_projects_is_there() -> None:
    """What the lists name can be started."""
    found = demo.scripts()
    assert {script.project for script in found} == {"digits", "flights"}
    assert all((script.folder / script.command[0]).is_file() for script in found)


def test_projects_take_turns() -> None:
    """The first scripts of all projects come first, so that both are seen at once."""
    assert {script.project for script in demo.scripts()[:2]} == {"digits", "flights"}


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    """The demo never mixes its runs with what somebody keeps in a folder."""
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(WorkbenchError, match="not empty"):
        demo.make_workspace(tmp_path, FixedClock())


def test_a_demo_can_be_started_again_in_its_folder(tmp_path: Path) -> None:
    """The second time finds the workspace of the first."""
    first = demo.make_workspace(tmp_path / "demo", FixedClock())
    assert demo.make_workspace(tmp_path / "demo", FixedClock()).id == first.id


def test_not_allowed_is_what_it_raises(tmp_path: Path) -> None:
    """The exit code says that the folder was the trouble."""
    (tmp_path / "a").write_text("b")
    with pytest.raises(NotAllowedError):
        demo.make_workspace(tmp_path, FixedClock())
