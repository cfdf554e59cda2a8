"""How a path that somebody types could go on."""

from pathlib import Path

import pytest

from workbench.tui.data.path_completion import common, completions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with files, folders, a hidden one and a name with a control character."""
    for name in ("data", "Docs", ".git"):
        (tmp_path / name).mkdir()
    for name in ("data/b.csv", "data/a.parquet", "dump.sql", "data/od\x1bd"):
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ("data/", "Docs/", "dump.sql")),
        ("d", ("data/", "Docs/", "dump.sql")),
        ("da", ("data/",)),
        ("data/", ("data/a.parquet", "data/b.csv")),
        ("data/B", ("data/b.csv",)),
        (".", (".git/",)),
        ("nothing/", ()),
        ("data/b.csv/", ()),
        ("\0", ()),
        ("~nobody-of-this-name/", ()),
    ],
)
def test_what_begins_so_is_offered(folder: Path, typed: str, offered: tuple[str, ...]) -> None:
    """Folders come first and end with a slash; hidden and unprintable names are left out."""
    assert completions(typed, folder) == offered


def test_a_whole_path_goes_on_too(folder: Path) -> None:
    """A path from the root is not relative to anything."""
    assert completions(f"{folder}/du", Path("/")) == (f"{folder}/dump.sql",)


@pytest.mark.parametrize(
    ("typed", "offered", "further"),
    [
        ("d", ("data/", "dump.sql"), "d"),
        ("da", ("data/",), "data/"),
        ("data/part", ("data/part-1.csv", "data/part-2.csv"), "data/part-"),
        ("DA", ("data/a", "data/b"), "data/"),
    ],
)
def test_a_path_goes_on_as_far_as_all_agree(
    typed: str, offered: tuple[str, ...], further: str
) -> None:
    """Where there is a choice nothing is chosen."""
    assert common(typed, offered) == further
