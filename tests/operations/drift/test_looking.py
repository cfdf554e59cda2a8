"""The same data against another reference: the same roads to them as when the monitor runs."""

from pathlib import Path

import pytest

from tests.operations.drift.watched import MONITOR, Watched, frame
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE
from workbench.errors import NotAgreedError, NotFoundError
from workbench.operations.drift.looking import looked

FILES = '[monitor.files]\ndata = "{data}"\nreference = "data/old.parquet"\n'


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Make a workspace with two files, the second of which moved."""
    found = Watched(tmp_path / "team")
    found.write("old", frame())
    found.write("new", frame(2.0, seed=2))
    return found


def test_files_of_a_monitor_are_found_from_any_directory(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths mean what they mean in the settings, and nothing is kept."""
    monkeypatch.chdir(tmp_path)
    watched.settings(FILES.format(data="data/new.parquet"))
    watched.write("newer", frame(2.0, seed=5))
    found = looked(watched.ana, "files", "data/newer.parquet")
    assert found.report.verdict == STABLE
    assert [one.reference for one in found.series.chunks] == ["data/newer.parquet"]
    assert looked(watched.ana, "files", "data/old.parquet").report.verdict in (DRIFT, SEVERE)
    assert watched.reports("files") == []


def test_data_of_strange_settings_are_not_read(watched: Watched, tmp_path: Path) -> None:
    """What others may have written into the settings is read on nobody's behalf."""
    frame(seed=3).write_parquet(tmp_path / "secret.parquet")
    watched.settings(FILES.format(data=(tmp_path / "secret.parquet").as_posix()))
    (watched.root / "workbench.toml").chmod(0o666)
    with pytest.raises(NotAgreedError, match=r"secret\.parquet is outside the workspace"):
        looked(watched.ana, "files", "data/new.parquet")


def test_a_reference_is_read_where_whoever_asks_says(watched: Watched, tmp_path: Path) -> None:
    """A file named by hand is this person's own word, inside the workspace or outside."""
    frame(2.0, seed=3).write_parquet(tmp_path / "mine.parquet")
    watched.settings(FILES.format(data="data/new.parquet"))
    (watched.root / "workbench.toml").chmod(0o666)
    found = looked(watched.ana, "files", (tmp_path / "mine.parquet").as_posix())
    assert found.report.verdict == STABLE


def test_a_dataset_and_its_model_are_looked_at_too(watched: Watched) -> None:
    """The newest version is held against an earlier one, and a monitor that is gone says so."""
    watched.hold()
    watched.months(0.0, 2.0)
    watched.settings(MONITOR)
    found = looked(watched.ana, "flights", "month@1")
    assert (found.report.current.name, found.report.reference.name) == ("month@2", "month@1")
    watched.settings("")
    with pytest.raises(NotFoundError, match=r"no \[monitor.flights\] any more"):
        looked(watched.ana, "flights", "month@1")
