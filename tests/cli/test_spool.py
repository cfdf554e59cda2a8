"""``sync-spool``: lines that could not be written come home."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run
from workbench.settings import create_workspace

SCRIPT = """
import sys, shutil, workbench
run = workbench.start_run(experiment="away", name="spooled", workspace=sys.argv[1], capture=False)
run.log({"loss": 3.0}, step=0)
shutil.rmtree(sys.argv[1])
run.log({"loss": 2.0}, step=1)
run.finish()
"""


def test_lines_come_home_when_the_folder_is_back(run: Run, tmp_path: Path) -> None:
    """What waits is listed, stays while the folder is away, and is delivered once it is back."""
    home, away = tmp_path / "share", tmp_path / "away"
    create_workspace(home, 1.0)
    shutil.copytree(home, away)
    subprocess.run([sys.executable, "-c", SCRIPT, str(home)], check=True, capture_output=True)
    assert "share" in run("sync-spool", "--list").stdout
    done = run("sync-spool")
    assert done.exit_code == 1
    assert "stays" in done.stderr
    shutil.move(away, home)
    done = run("sync-spool")
    assert done.exit_code == 0, done.stderr
    assert "delivered" in done.stdout
    assert "Nothing waits" in run("sync-spool").stderr
    plotted = run("plot", "spooled", "-m", "loss", "--csv", "-w", str(home)).stdout
    assert [line.rpartition(",")[2] for line in plotted.splitlines()] == ["value", "3.0", "2.0"]
