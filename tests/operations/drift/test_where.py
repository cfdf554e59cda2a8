"""Rows and versions behind what drifted, and what a report may name that is opened."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from tests.operations.drift.watched import Watched, frame
from workbench.datasets.drift import storing
from workbench.errors import NotAgreedError, NotFoundError
from workbench.ids import new_id
from workbench.operations.drift.where import Spot, rows_behind, versions_behind

FILES = '[monitor.files]\ndata = "{data}"\nreference = "{reference}"\ntime = "when"\n'


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """Make a workspace with two files, the second of which moved."""
    found = Watched(tmp_path / "team")
    found.write("old", frame())
    found.write("new", frame(2.0, seed=2))
    yield found
    found.close()


def check(watched: Watched, data: str, reference: str = "data/old.parquet", more: str = "") -> None:
    """Watch files and check them."""
    watched.settings(FILES.format(data=data, reference=reference) + more)
    watched.one("files")
    watched.ana.sweep()


def plant(watched: Watched, path: str) -> None:
    """Put a report there that names another path than the settings do."""
    (key,) = storing.keys(watched.root, "files")
    report = storing.read(watched.root, "files", key)
    side = msgspec.structs.replace(report.current, path=path, name=path)
    made = msgspec.structs.replace(
        report, current=side, key="f" * 32, id=new_id(3e9), time=report.time + 60
    )
    assert storing.write(watched.root, made)
    watched.ana.sweep()


def test_files_below_the_workspace_are_found_from_any_directory(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of the settings is relative to the workspace, wherever one stands."""
    monkeypatch.chdir(tmp_path)
    check(watched, "data/new.parquet")
    rows = rows_behind(watched.ana, Spot("files", label="data/new.parquet", column="delay"))
    assert rows.source == watched.root / "data/new.parquet"
    assert rows.filter.startswith("delay > ")
    was, now = versions_behind(watched.ana, Spot("files"))
    assert (Path(was).name, Path(now).name) == ("old.parquet", "new.parquet")


def test_what_a_pattern_or_a_named_root_means_is_found(watched: Watched, tmp_path: Path) -> None:
    """A pattern stays one, and a place below a root is told by the root."""
    roots = f'[roots]\nstore = ["{tmp_path.as_posix()}/store"]\n'
    (tmp_path / "store").mkdir()
    frame().write_parquet(tmp_path / "store/old.parquet")
    check(watched, "data/ne*.parquet", "store:old.parquet", roots)
    report = storing.read(watched.root, "files", *storing.keys(watched.root, "files"))
    assert (report.current.path, report.reference.path) == ("data/ne*.parquet", "store:old.parquet")
    was, now = versions_behind(watched.ana, Spot("files"))
    assert (Path(was), Path(now)) == (
        tmp_path / "store/old.parquet", watched.root / "data/ne*.parquet",
    )  # fmt: skip


def test_chunks_are_found_by_the_time_column_of_the_check(watched: Watched) -> None:
    """The report says by which column chunks were cut, whatever the settings say by now."""
    check(watched, "data/new.parquet", more='chunks = "month"\n')
    watched.settings(FILES.format(data="data/new.parquet", reference="data/old.parquet").replace(
        'time = "when"\n', ""))  # fmt: skip
    rows = rows_behind(watched.ana, Spot("files", label="2025-01"))
    assert rows.filter == "when >= 2025-01-01 and when < 2025-02-01"


def test_a_report_opens_no_file_that_only_it_names(watched: Watched, tmp_path: Path) -> None:
    """Who plants a report could name any file of whoever looks at it."""
    frame().write_parquet(tmp_path / "secret.parquet")
    check(watched, "data/new.parquet")
    for path in ((tmp_path / "secret.parquet").as_posix(), "../secret.parquet"):
        plant(watched, path)
        with pytest.raises(NotAgreedError, match=r"secret\.parquet is outside the workspace"):
            rows_behind(watched.ana, Spot("files", "f" * 32))
        (watched.root / storing.path_of("files", "f" * 32)).unlink()


def test_a_report_that_says_no_path_has_no_rows(watched: Watched) -> None:
    """The name of a side is for people and is no path, even where it looks like one."""
    check(watched, "data/new.parquet")
    plant(watched, "")
    with pytest.raises(NotFoundError, match="cannot be looked at"):
        rows_behind(watched.ana, Spot("files", "f" * 32))
