"""The doctor looks at everything and leaves nothing behind."""

from importlib import metadata
from pathlib import Path

import pytest

from workbench.clock import SYSTEM
from workbench.operations import doctor
from workbench.operations.session import open_session
from workbench.settings import create_workspace


def _findings(root: Path) -> dict[str, doctor.Finding]:
    with open_session(root, in_memory=True) as session:
        return {finding.name: finding for finding in doctor.examine(session)}


def test_every_library_is_named_with_its_job() -> None:
    """What is installed for the workbench is said, and what for."""
    wanted = {
        line.split(";")[0].split("=")[0].split(">")[0].split("<")[0].strip().lower()
        for line in metadata.requires("mlops-workbench") or ()
        if "extra ==" not in line
    }
    assert {name.lower() for name in doctor.JOBS} == wanted


def test_a_local_workspace_can_do_everything(tmp_path: Path) -> None:
    """Every probe succeeds on this disk, and takes its files away again."""
    create_workspace(tmp_path, SYSTEM.now())
    found = _findings(tmp_path)
    assert {one.state for one in found.values() if one.part == "file system"} == {"ok"}
    assert list((tmp_path / ".workbench/tmp").iterdir()) == []


def test_a_folder_of_another_tool_is_not_written_to(tmp_path: Path) -> None:
    """Probes are for workspaces; elsewhere the doctor says why it did not try."""
    found = _findings(tmp_path)
    assert found["probes"].state == "warning"
    assert list(tmp_path.iterdir()) == []


def test_a_missing_library_is_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what will not work without it."""

    def missing(_: str) -> str:
        raise metadata.PackageNotFoundError

    monkeypatch.setattr(doctor.metadata, "version", missing)
    bad = [one for one in doctor.examine(None) if one.state == "bad"]
    assert any("the screens will not work" in one.words for one in bad)
