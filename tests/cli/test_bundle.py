"""``export`` and ``import``."""

import json
from pathlib import Path

from tests.building import write_workspace
from tests.cli.conftest import Run


def test_a_version_goes_to_another_workspace(run: Run, workspace: Path, tmp_path: Path) -> None:
    """One command writes the file, one registers it elsewhere, and says the number."""
    (workspace / "model.bin").write_bytes(b"weights")
    run("register", "model.bin", "churn", "--files")
    bundle, other = str(tmp_path / "churn.zip"), str(write_workspace(tmp_path / "other"))
    done = run("export", "churn@1", bundle)
    assert done.exit_code == 0
    assert done.stderr.startswith(f"Wrote churn@1 to {bundle}: ")
    assert run("import", bundle, "-w", other).stdout == "churn@1\n"
    assert "registered before" in run("import", bundle, "-w", other).stderr
    assert run("import", bundle, "-w", other, "--name", "churn-eu").stdout == "churn-eu@1\n"
    shown = json.loads(run("models", "churn-eu@1", "-w", other, "--json").stdout)
    assert shown["origin"]["model"] == "churn"


def test_what_is_no_bundle_is_said_and_is_a_fault(run: Run, workspace: Path) -> None:
    """``import`` takes bundles and nothing else."""
    (workspace / "runs.csv").write_text("a,b\n")
    done = run("import", "runs.csv")
    assert done.exit_code == 1
    assert "runs.csv is not a bundle" in done.stderr


def test_what_is_not_there_cannot_be_exported(run: Run) -> None:
    """A model nobody registered, and a model without a version."""
    assert run("export", "churn@1", "x.zip").exit_code == 2
    assert run("export", "churn", "x.zip").exit_code == 2
