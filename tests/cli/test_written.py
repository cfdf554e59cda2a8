"""What commands write to files that are named: in one step, and never over what is no file."""

import os
from pathlib import Path

import pytest

from workbench.cli.written import write_text
from workbench.errors import NotAllowedError


def test_a_file_is_written_whole_and_over_what_was_there(tmp_path: Path) -> None:
    """No temporary file stays."""
    path = tmp_path / "out.xml"
    for text in ("first", "second"):
        write_text(path, text)
        assert path.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("where", ["none/out.xml", "."])
def test_a_place_that_is_no_file_is_refused(tmp_path: Path, where: str) -> None:
    """With what to do about it."""
    with pytest.raises(NotAllowedError, match="cannot be written"):
        write_text(tmp_path / where, "x")


if os.name == "posix":

    def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
        """Nobody who runs this as the system's owner loses /dev/null to a report."""
        link = tmp_path / "sink"
        link.symlink_to(os.devnull)
        write_text(link, "x")
        assert link.is_symlink()
        assert not link.is_file()
