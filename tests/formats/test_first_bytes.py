"""The first bytes of files, of any kind."""

from pathlib import Path

import pytest

from workbench.errors import FormatError
from workbench.formats.first_bytes import first_bytes, require_plain


def test_bytes_come_from_plain_files_alone(tmp_path: Path) -> None:
    """A link, a folder and nothing at all have none."""
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    found = [first_bytes(str(tmp_path / name), 3) for name in ("a", "b", ".", "nope")]
    assert found == [b"123", b"", b"", b""]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    """A link that somebody put in a file's place is not followed."""
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    require_plain(str(tmp_path / "a"))
    with pytest.raises(FormatError):
        require_plain(str(tmp_path / "b"))
    with pytest.raises(FileNotFoundError):
        require_plain(str(tmp_path / "c"))
