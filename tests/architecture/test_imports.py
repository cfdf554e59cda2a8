"""What an import really loads, asked of a fresh interpreter.

The contracts in pyproject.toml read the static graph and cannot tell a deferred
import from one at the top of a module. These tests can.
"""

import subprocess
import sys

import pytest

HEAVY = frozenset(
    ("click", "duckdb", "lark", "msgspec", "numpy", "pandas", "platformdirs", "plotext", "polars",
     "psutil", "rich", "scipy", "sklearn", "textual", "watchdog", "yaml")
)  # fmt: skip


def loaded_after(statement: str) -> set[str]:
    """Run ``statement`` in a fresh interpreter and return the top-level modules it loaded."""
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import workbench", set()),
        ("import workbench; workbench.start_run", set()),
        ("from workbench.compat import mlflow", set()),
        ("from workbench.compat import wandb", set()),
        ("import workbench.cli.main", {"click"}),
        ("import workbench.filters", set()),
        ("import workbench.formats.detect", {"msgspec"}),
        ("import workbench.operations.session", {"duckdb", "msgspec"}),
        ("import workbench.tui.app", {"duckdb", "msgspec", "textual", "rich", "platformdirs"}),
    ],
)
def test_an_import_loads_nothing_it_does_not_need(statement: str, allowed: set[str]) -> None:
    """Each of these is on somebody's way to a first result."""
    assert loaded_after(statement) & HEAVY <= allowed


def test_logging_loads_the_standard_library_only() -> None:
    """Our pins can never meet those of a training environment."""
    own = {"workbench", "__main__", "__mp_main__"}
    before = loaded_after("pass")
    loaded = loaded_after("import workbench; workbench.start_run") - before - own
    assert loaded <= set(sys.stdlib_module_names)
