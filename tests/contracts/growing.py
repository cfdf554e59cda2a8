"""What many cases have in common: copies of specimens, rows of tables, statements of SQL."""

import csv
import io
import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

SPECIMENS = Path(__file__).parent.parent / "specimens"


def folder_of(name: str, below: str = "data") -> Callable[[Path], Path]:
    """Return what copies a specimen's folder; files may be written to."""

    def make(path: Path) -> Path:
        shutil.copytree(SPECIMENS / name / below, path)
        for file in path.rglob("*"):
            file.chmod(file.stat().st_mode | stat.S_IWUSR)
        return path

    return make


def file_of(name: str) -> Callable[[Path], Path]:
    """Return what copies a specimen's file."""

    def make(path: Path) -> Path:
        path.mkdir()
        shutil.copyfile(SPECIMENS / name, path / Path(name).name)
        return path / Path(name).name

    return make


def row(file: str, metric: str, step: str) -> Callable[[Path, int], None]:
    """Return what appends a row to a table with nothing but a step and a metric."""

    def grow(root: Path, at: int) -> None:
        path = root / file
        header = next(csv.reader(io.StringIO(path.read_text("utf-8"))))
        cells = {step: str(at), metric: repr(at / 7)}
        with path.open("a", encoding="utf-8", newline="") as out:
            csv.writer(out).writerow([cells.get(name, "") for name in header])

    return grow


def statements(*texts: str, run: str = "") -> Callable[[Path, int], None]:
    """Return what runs statements of SQL with a step, a value and the id of a run."""

    def grow(root: Path, at: int) -> None:
        with closing(sqlite3.connect(root)) as connection:
            for text in texts:
                connection.execute(text, {"step": at, "value": at / 7, "run": run})
            connection.commit()

    return grow


def deleting(*texts: str, run: str = "") -> Callable[[Path], None]:
    """Return what runs statements of SQL that take a run away."""
    delete = statements(*texts, run=run)
    return lambda root: delete(root, 0)
