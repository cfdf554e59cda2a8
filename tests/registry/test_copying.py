"""What is taken from a folder anybody may have filled, and what is refused."""

import os
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import NotAllowedError, UsageError
from workbench.registry import copying
from workbench.registry.copying import copy, find, holds_at_least, measure, why_not_path


def test_a_copy_has_the_size_and_hash_of_what_was_read(tmp_path: Path) -> None:
    """One reading gives the copy and its hash, also over several pieces."""
    data = bytes(range(256)) * 10_000
    (tmp_path / "a").write_bytes(data)
    copied = copy(tmp_path / "a", tmp_path / "deep/b", "a")
    assert (tmp_path / "deep/b").read_bytes() == data
    assert copied == (len(data), sha256(data).hexdigest())
    assert measure(tmp_path / "a", "a") == copied


def test_a_copy_never_writes_over_a_file(tmp_path: Path) -> None:
    """Two names that are one on this system are not lost in each other."""
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    with pytest.raises(FileExistsError):
        copy(tmp_path / "a", tmp_path / "b", "a")
    assert (tmp_path / "b").read_bytes() == b"2"


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """It would carry a secret into a folder that everybody reads."""
    (tmp_path / "secret").write_text("s")
    (tmp_path / "made").mkdir()
    (tmp_path / "made/model").symlink_to(tmp_path / "secret")
    with pytest.raises(NotAllowedError, match="leads out"):
        find([tmp_path / "made"])


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    """There is nothing to copy."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made/model").symlink_to(tmp_path / "made/gone")
    with pytest.raises(NotAllowedError, match="link"):
        find([tmp_path / "made"])


def test_a_linked_folder_is_refused(tmp_path: Path) -> None:
    """It may lead anywhere, back to itself too."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made/again").symlink_to(tmp_path / "made", target_is_directory=True)
    with pytest.raises(NotAllowedError, match="link to a folder"):
        find([tmp_path / "made"])


def test_a_link_inside_the_folder_is_the_file_it_leads_to(tmp_path: Path) -> None:
    """Tools that share blobs between snapshots link inside."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made/blob").write_text("weights")
    (tmp_path / "made/model").symlink_to("blob")
    (blob, model) = find([tmp_path / "made"])
    assert (blob.path, model.path) == ("blob", "model")
    assert model.file == blob.file


def test_a_source_that_is_a_link_itself_was_named_by_a_person(tmp_path: Path) -> None:
    """``latest`` is a link in many a training folder."""
    (tmp_path / "epoch-9").mkdir()
    (tmp_path / "epoch-9/model").write_text("weights")
    (tmp_path / "latest").symlink_to(tmp_path / "epoch-9", target_is_directory=True)
    assert [one.path for one in find([tmp_path / "latest"])] == ["model"]


def test_a_pipe_holds_nobody(tmp_path: Path) -> None:
    """Reading it would wait for ever."""
    os.mkfifo(tmp_path / "model")
    with pytest.raises(NotAllowedError, match="not a plain file"):
        copy(tmp_path / "model", tmp_path / "copy", "model")


def test_a_sparse_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Ten gigabytes that hold four kilobytes are a trap."""
    (tmp_path / "model").write_bytes(b"x" * 4096)
    os.truncate(tmp_path / "model", 10 << 30)
    with pytest.raises(NotAllowedError, match="nearly all holes"):
        copy(tmp_path / "model", tmp_path / "copy", "model")
    assert (tmp_path / "copy").stat().st_size == 0


def test_what_a_file_holds_is_counted_between_its_holes(tmp_path: Path) -> None:
    """Where the system cannot tell, a file is taken at its word."""
    with (tmp_path / "f").open("wb") as file:
        file.write(b"x" * 65536)
        file.truncate(1 << 20)
    fd = os.open(tmp_path / "f", os.O_RDONLY)
    try:
        assert holds_at_least(fd, 65536, 1 << 20)
        assert not holds_at_least(fd, 65537, 1 << 20)
        assert os.lseek(fd, 0, os.SEEK_CUR) == 0
    finally:
        os.close(fd)


def test_a_file_that_grows_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A training may still be writing it; half of two states is no model."""
    (tmp_path / "model").write_bytes(b"x" * 10)
    read = os.read

    def growing(fd: int, size: int) -> bytes:
        with (tmp_path / "model").open("ab") as file:
            file.write(b"y")
        return read(fd, size)

    monkeypatch.setattr(copying.os, "read", growing)
    with pytest.raises(UsageError, match="changed while it was read"):
        measure(tmp_path / "model", "model")


def test_names_that_are_one_elsewhere_are_refused(tmp_path: Path) -> None:
    """On macOS and Windows the second would replace the first."""
    (tmp_path / "Model").write_text("1")
    (tmp_path / "model").write_text("2")
    if len(list(tmp_path.iterdir())) == 2:
        with pytest.raises(UsageError, match="one name on other systems"):
            find([tmp_path])


def test_a_name_with_escapes_is_said_without_them(tmp_path: Path) -> None:
    """The sentence is safe to print."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made/\x1b]0;owned\x07model").write_text("1")
    with pytest.raises(NotAllowedError) as caught:
        find([tmp_path / "made"])
    assert caught.value.message.isprintable()
    assert "owned" in caught.value.message


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 cannot be kept in JSON."""
    os.close(os.open(os.fsencode(tmp_path) + b"/m\xff", os.O_CREAT | os.O_WRONLY))
    with pytest.raises(NotAllowedError, match="not every system"):
        find([tmp_path])


def test_more_files_than_any_model_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody named the wrong folder."""
    monkeypatch.setattr(copying, "MOST_FILES", 3)
    for number in range(4):
        (tmp_path / str(number)).touch()
    with pytest.raises(NotAllowedError, match="more than 3 files"):
        find([tmp_path])


@pytest.mark.parametrize(
    "path",
    ["", "/a", "a/", "a//b", "..", "a/../b", ".", "a/.", "a\\b", "c:", "a\nb", "a\x7f", "nul",
     "a/LPT1.txt", "a.", "a ", "a/b ./c", "\ud800", "\u200bx", "x" * 241],
)  # fmt: skip
def test_a_path_not_every_system_keeps_is_told(path: str) -> None:
    """The reason goes behind the name."""
    assert why_not_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "model.skops",
        "variables/variables.data-00000-of-00001",
        ".hidden",
        "größe/モデル.onnx",
        "a b",
    ],
)
def test_ordinary_names_are_kept(path: str) -> None:
    """Also those of other languages."""
    assert why_not_path(path) == ""


@given(st.text(max_size=60))
def test_a_path_that_is_kept_stays_inside(path: str) -> None:
    """Whatever the text, what is let through joins below its folder."""
    if not why_not_path(path):
        home = Path("/w/files")
        assert Path(os.path.normpath(home / path)).is_relative_to(home)
        assert Path(os.path.normpath(home / path)) != home
