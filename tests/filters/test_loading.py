"""What asking for nothing costs."""

import subprocess
import sys


def test_an_empty_filter_loads_no_parser() -> None:
    """The table opens without a filter, and without what only filters need."""
    script = "import sys, workbench.filters as f; f.parse(' '); print('lark' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
