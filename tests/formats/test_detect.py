"""Looking through a folder nobody prepared."""

from importlib import metadata
from pathlib import Path

import pytest

from tests.building import write_run
from workbench.clock import FixedClock
from workbench.errors import NotFoundError
from workbench.formats import detect
from workbench.formats.detect import Source, discover, reader_named
from workbench.formats.known import told
from workbench.formats.walking import Limits


def file(path: Path, data: bytes = b"x\n") -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def metrics(folder: Path) -> None:
    """Make ``folder`` a plain run."""
    file(folder / "metrics.csv", b"step,loss\n0,1\n")


def test_everything_is_found_once(tmp_path: Path) -> None:
    """Formats side by side and inside each other are each listed by one reader."""
    write_run(tmp_path / "ours")
    metrics(tmp_path / "ours" / "runs" / "churn" / "copy")
    file(tmp_path / "mlruns" / "0" / "meta.yaml", b"experiment_id: '0'\nname: x\n")
    metrics(tmp_path / "mlruns" / "0" / "f" / "artifacts")
    metrics(tmp_path / "grid" / "a")
    metrics(tmp_path / "grid" / "deep" / "b")
    for hidden in (".git", "node_modules", ".venv", "__pycache__"):
        metrics(tmp_path / hidden / "x")
    found = discover(tmp_path)
    assert set(found.sources) == {
        Source("native", "ours"), Source("mlflow", "mlruns"), Source("folders", ""),
    }  # fmt: skip
    assert (found.known, found.faults, found.truncated) == ((), (), False)
    keys = reader_named("folders").survey(tmp_path, None).refs
    assert set(keys) == {"grid/a", "grid/deep/b"}


def test_the_opened_folder_may_be_the_run(tmp_path: Path) -> None:
    """A single run opened by itself is found."""
    metrics(tmp_path)
    assert discover(tmp_path).sources == (Source("folders", ""),)


def test_a_known_folder_is_named(tmp_path: Path) -> None:
    """What cannot be read yet is at least counted."""
    file(tmp_path / ".aim" / "x")
    found = discover(tmp_path)
    assert (found.sources, found.known) == ((), (("Aim repository", 1),))


def test_known_folders_are_counted(tmp_path: Path) -> None:
    """Many of a kind are one line with their number."""
    for number in range(5):
        file(tmp_path / "aim" / str(number) / ".aim" / "x")
    found = discover(tmp_path)
    assert found.known == (("Aim repository", 5),)
    assert told(found.known, found.undecided) == "5 Aim repositories"


def test_a_walk_is_bounded(tmp_path: Path) -> None:
    """A folder too deep, too wide or too slow is looked through as far as allowed, and said so."""
    metrics(tmp_path / "a" / "b" / "c")
    assert discover(tmp_path, Limits(depth=1)).truncated
    assert discover(tmp_path, Limits(entries=1)).truncated
    assert discover(tmp_path, Limits(depth=1)).sources == ()
    clock = FixedClock()
    assert not discover(tmp_path, Limits(seconds=1), clock).truncated


def test_a_walk_does_not_leave(tmp_path: Path) -> None:
    """A link to runs elsewhere, or round in a circle, is not followed."""
    metrics(tmp_path / "outside")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "round").symlink_to(tmp_path / "inside")
    assert discover(tmp_path / "inside").sources == ()


def test_an_unknown_format_is_refused() -> None:
    """A format nobody reads is named with those there are."""
    with pytest.raises(NotFoundError, match="native, mlflow-sqlite, mlflow"):
        reader_named("nope")


class Extra:
    """A reader as another package may bring it."""

    name = "extra"
    title = live = verified = "x"
    lists_files = False
    detect = claim = read = points = artifact = texts = None


def test_readers_of_other_packages_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good plug-in is a reader before the plain one; bad ones are faults with a reason."""
    points = [
        metadata.EntryPoint(name, f"{__name__}:{value}", detect.ENTRY_POINTS)
        for name, value in [("a", "Extra"), ("b", "Missing"), ("c", "file"), ("d", "Path")]
    ]
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: points if group else [])
    detect.installed.cache_clear()
    try:
        found = detect.installed()
    finally:
        detect.installed.cache_clear()
    assert [reader.name for reader in found.folders[-2:]] == ["extra", "plain"]
    assert [fault.path.rpartition(":")[2] for fault in found.faults] == ["Missing", "file", "Path"]
    assert "has no" in found.faults[2].reason
