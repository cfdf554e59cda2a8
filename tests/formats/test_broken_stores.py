"""A store that cannot be read is told, whatever is wrong with it."""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.formats.checking import SPECIMENS
from workbench.formats.detect import discover

STORE = SPECIMENS / "mlflow_sqlite/data/mlflow.db"
ARCHIVE = next((SPECIMENS / "comet_offline/data/comet").iterdir())


def told(folder: Path) -> dict[str, str]:
    """Return what is said of the files in a folder."""
    return {fault.path: fault.reason for fault in discover(folder).faults}


@pytest.mark.parametrize("data", [b"this is no database", STORE.read_bytes()[:20_000]])
def test_a_database_that_is_none_is_told(tmp_path: Path, data: bytes) -> None:
    """Text in its place, or the beginning of one."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "mlflow.db").write_bytes(data)
    assert told(tmp_path)["sub/mlflow.db"].startswith("is not a database that can be read")


def test_a_database_of_views_is_told(tmp_path: Path) -> None:
    """They could take for ever, so they are no tables."""
    with closing(sqlite3.connect(tmp_path / "study.db")) as made:
        made.execute("CREATE VIEW studies AS SELECT 1 AS study_id")
    assert told(tmp_path) == {"study.db": "is a database without tables that can be read"}


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    """By its name or by what it begins with; another zip file is nobody's business."""
    data = ARCHIVE.read_bytes()
    (tmp_path / ARCHIVE.name).write_bytes(data[: len(data) // 2])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("messages.json", "x" * 1000)
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[:500])
    (tmp_path / "data.zip").write_bytes(whole.replace(b"messages.json", b"somethingelse")[:500])
    assert told(tmp_path) == dict.fromkeys(
        (ARCHIVE.name, "a.zip"), "is a Comet archive that was cut"
    )


def test_what_is_whole_or_somebody_elses_is_no_fault(tmp_path: Path) -> None:
    """Stores that are read, an empty file, a database of another program."""
    shutil.copy(STORE, tmp_path / "mlflow.db")
    shutil.copy(ARCHIVE, tmp_path)
    (tmp_path / "study.db").touch()
    (tmp_path / "notes.db").write_bytes(b"of a program that does not use SQLite")
    with closing(sqlite3.connect(tmp_path / "other.db")) as made:
        made.execute("CREATE TABLE t (x)")
    assert told(tmp_path) == {}
