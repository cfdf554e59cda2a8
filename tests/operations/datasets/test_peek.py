"""What files would be as a dataset, before anybody registers them."""

from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.errors import FormatError, NotFoundError
from workbench.operations.datasets.add import add
from workbench.operations.datasets.peek import name_for, next_version, peek
from workbench.operations.session import open_session


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/Census 2026.csv", "census-2026"),
        ("data/census.csv.gz", "census"),
        ("data/months/", "months"),
        ("data/part-*.parquet", "part"),
        ("data/*.parquet", "data"),
        ("Zürich.parquet", "zurich"),
        ("", ""),
        ("/", ""),
    ],
)
def test_a_path_gives_a_name_that_a_dataset_can_have(path: str, name: str) -> None:
    """Endings and signs of a pattern are not part of it; nothing gives no name."""
    assert name_for(Path(path)) == name


def test_files_are_seen_as_they_would_be_read(tmp_path: Path) -> None:
    """Format, separator, columns and size; a pattern is all its files together."""
    for month in (1, 2):
        (tmp_path / f"m{month}.csv").write_text("a;b\n1,5;x\n2,5;y\n", "utf-8")
    found = peek(tmp_path / "m*.csv", {})
    assert (found.files, found.format, found.size) == (2, "csv", 32)
    assert [(one.name, one.type) for one in found.columns] == [("a", "float"), ("b", "text")]
    assert ("separator", ";") in found.said
    assert peek(tmp_path / "m1.csv", {"decimal": "."}).columns[0].type == "text"


def test_what_cannot_be_seen_says_why(tmp_path: Path) -> None:
    """What is not there and what is no table are told apart."""
    (tmp_path / "half.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(NotFoundError):
        peek(tmp_path / "nothing.csv", {})
    with pytest.raises(FormatError):
        peek(tmp_path / "half.parquet", {})


def test_the_next_number_is_one_more_than_any_that_was_taken(tmp_path: Path) -> None:
    """A name that nobody used begins with 1."""
    root = write_workspace(tmp_path / "team")
    (tmp_path / "a.csv").write_text("a\n1\n", "utf-8")
    with open_session(root, in_memory=True) as session:
        assert next_version(session, "census") == 1
        add(session, "census", tmp_path / "a.csv")
        assert next_version(session, "census") == 2
