"""Which files a path means, and that none is looked for without end."""

import os
from pathlib import Path

import pytest

from workbench.datasets.versions.finding import find
from workbench.errors import NotAllowedError, NotFoundError

_DEEP = 12


def _tree(root: Path) -> None:
    folder = root.joinpath(*("abcdefghijkl"[:_DEEP]))
    folder.mkdir(parents=True)
    (folder / "x").write_text("1", "utf-8")


@pytest.mark.parametrize("pattern", ["/".join(["**"] * 60), "/".join(["**/*"] * 6)])
def test_a_folder_is_looked_into_once_for_each_part_of_a_pattern(
    tmp_path: Path, pattern: str
) -> None:
    """However many roads lead there."""
    _tree(tmp_path)
    asked = 0

    def tired() -> bool:
        nonlocal asked
        asked += 1
        return False

    found = find(tmp_path / pattern / "x", tired=tired)
    assert found.names == ("/".join("abcdefghijkl"[:_DEEP]) + "/x",)
    assert asked < 60 * (_DEEP + 2) * 4


def test_what_is_given_up_is_said(tmp_path: Path) -> None:
    """A search that tires ends in one sentence."""
    _tree(tmp_path)
    with pytest.raises(NotAllowedError, match="too many folders"):
        find(tmp_path / "**" / "x", tired=lambda: True)


def test_a_very_long_pattern_is_not_echoed(tmp_path: Path) -> None:
    """Its beginning says which it is."""
    with pytest.raises(NotFoundError) as raised:
        find(tmp_path / ("*" * 5000))
    assert len(raised.value.message) < 300


def test_what_is_no_file_is_passed_over_by_name(tmp_path: Path) -> None:
    """Such as a link that leads nowhere, or a pipe: whoever asks can say so."""
    (tmp_path / "a").write_text("1", "utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "gone").symlink_to(tmp_path / "nowhere")
    expected = ["below/gone"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        expected.append("pipe")
    found = find(tmp_path)
    assert found.names == ("a",)
    assert found.passed_over == tuple(expected)
