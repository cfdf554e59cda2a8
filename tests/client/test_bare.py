"""Logging needs the standard library, and little of it."""

import json
import shutil
import subprocess
import sys

from tests.client.reading import ROOT, only_run, only_writer

BARE = """
import sys
sys.path[:0] = [sys.argv[1]]
before = set(sys.modules)
import workbench
start_run = workbench.start_run
at_import = set(sys.modules) - before
with start_run("e", workspace=sys.argv[2], console=True) as run:
    run.log({"loss": 1.0})
    run.log_params({"lr": 0.1})
    run.log_artifact(sys.argv[3])
    workbench.log_dataset(sys.argv[3])
from workbench.compat import mlflow, wandb
import json
used = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps([used, sorted(at_import)]))
"""
DEAR = {
    "asyncio", "ctypes", "dataclasses", "hashlib", "http", "inspect", "logging", "multiprocessing",
    "platform", "shutil", "socket", "ssl", "subprocess", "tempfile", "tomllib", "traceback",
}  # fmt: skip


def run_bare(tmp_path, package_home):
    """Log a run with an interpreter that sees the standard library and our package."""
    table = tmp_path / "t.csv"
    table.write_text("a\n1\n", encoding="utf-8")
    script = tmp_path / "bare.py"
    script.write_text(BARE, encoding="utf-8")
    words = [str(script), str(package_home), str(tmp_path / "ws"), str(table)]
    return subprocess.run(
        [sys.executable, "-I", "-S", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )


def test_logging_works_with_the_package_alone(tmp_path):
    """What ``pip install --no-deps`` lays down is enough to log a run."""
    home = tmp_path / "site"
    kept = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "workbench", home / "workbench", ignore=kept)
    done = run_bare(tmp_path, home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert only_writer(only_run(tmp_path / "ws")).final["status"] == "FINISHED"


def test_nothing_outside_the_standard_library_is_imported(tmp_path):
    """A run, its artifacts, datasets and both dialects use the standard library alone."""
    used, _ = json.loads(run_bare(tmp_path, ROOT).stdout)
    allowed = set(sys.stdlib_module_names) | {"workbench", "__main__"}
    assert set(used) - allowed == set()


def test_importing_is_cheap(tmp_path):
    """Modules that cost a script time are not imported before they are needed."""
    _, at_import = json.loads(run_bare(tmp_path, ROOT).stdout)
    assert DEAR & set(at_import) == set()
    assert "workbench.client.run" in at_import
