"""Rows that do not fit into memory lie in the cache while they are needed, and nowhere else."""

import os
from pathlib import Path

import polars as pl
import pytest

from workbench.clock import SYSTEM
from workbench.errors import NotAllowedError
from workbench.operations.datasets.in_memory import register_table
from workbench.operations.datasets.place import place_at
from workbench.operations.datasets.profile_file import profile_file, suggest_from
from workbench.operations.datasets.scratch import cache_of, scratch_in, scratch_of, unmade


@pytest.fixture(autouse=True)
def _no_other_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a cache of one's own, and no folder for temporary files."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "there" / "is" / "none"))


def test_a_folder_is_there_while_it_is_needed(tmp_path: Path) -> None:
    """And gone afterwards, with what is in it."""
    with scratch_of(None) as folder:
        assert folder.is_relative_to(tmp_path / "cache")
        (folder / "rows.arrow").write_bytes(b"1")
    assert not folder.exists()


def test_what_a_killed_program_left_is_swept_a_day_later(tmp_path: Path) -> None:
    """By the next that asks; what somebody else uses now stays."""
    old, young = unmade(tmp_path, 0.0), unmade(tmp_path, 0.0)
    for folder, age_s in ((old, 25 * 3600), (young, 23 * 3600)):
        folder.mkdir(parents=True)
        os.utime(folder, (SYSTEM.now() - age_s,) * 2)
    with scratch_in(tmp_path):
        assert (old.exists(), young.exists()) == (False, True)


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """With what to do about it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAllowedError, match=r"\$WORKBENCH_CACHE"), scratch_in(tmp_path / "file"):
        pass


def test_files_without_a_workspace_are_profiled_in_the_cache(tmp_path: Path) -> None:
    """Nothing of a large file comes into a folder that is in memory."""
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,x\n" * 20)
    assert profile_file([path]).profile.rows == 20
    assert suggest_from(path, {}).text
    assert not list((cache_of(None) / "rows").iterdir())


def test_a_table_of_a_script_is_written_in_the_cache_before_it_is_kept(root: Path) -> None:
    """It may be as large as a table can be that a script holds."""
    place = place_at(root, SYSTEM)
    made = register_table(place, pl.DataFrame({"a": [1, 2]}), "people", None, copy=True)
    assert (root / "datasets/people/1/files/people.parquet").is_file()
    assert made.manifest.copied
    assert not list((place.cache / "rows").iterdir())
