"""Every import contract is broken once on purpose, in a copy, and must be caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FAULTS = [
    ("floors", "workbench/runs/planted.py", "import workbench.catalogue.query"),
    ("floors", "workbench/client/planted.py", "import workbench.runs.spread"),
    ("floors", "workbench/catalogue/planted.py", "import workbench.sync.sweep"),
    ("floors", "workbench/unplaced.py", '"""A module nobody put on a floor."""'),
    ("duckdb-home", "workbench/operations/planted.py", "import duckdb"),
    ("watchdog-home", "workbench/tui/planted.py", "import watchdog.events"),
    ("plotext-home", "workbench/cli/planted.py", "import plotext"),
    ("textual-home", "workbench/charts/planted.py", "import textual.app"),
    ("click-home", "workbench/tui/planted.py", "import click"),
    ("lark-home", "workbench/catalogue/planted.py", "import lark"),
    ("light-client", "workbench/client/planted.py", "import msgspec"),
    ("cli-without-screens", "workbench/cli/planted.py", "import workbench.tui.keys"),
    ("no-cycles", "workbench/filters/planted.py", "import workbench.formats.contract"),
]


@pytest.mark.parametrize(("contract", "where", "line"), FAULTS, ids=lambda value: str(value)[:40])
def test_a_planted_fault_is_caught(contract: str, where: str, line: str, tmp_path: Path) -> None:
    """A contract that cannot be broken keeps nothing."""
    shutil.copytree(
        ROOT / "workbench", tmp_path / "workbench", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / where).write_text(f"{line}\n", encoding="utf-8")
    if contract == "no-cycles":
        with (tmp_path / "workbench/formats/contract.py").open("a", encoding="utf-8") as file:
            file.write("\nimport workbench.filters.planted\n")
    done = _lint_imports(tmp_path, contract)
    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout


def test_the_contracts_hold() -> None:
    """The package as it stands keeps every one of them."""
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def _lint_imports(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    code = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; "
        "lint_imports_command()"
    )
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    return subprocess.run(
        [sys.executable, "-P", "-c", code, "--no-cache", *chosen],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
