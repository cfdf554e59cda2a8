"""Where the tools' own libraries are: each in an environment of its own, none in ours.

``python -m tests.live`` makes them; without one the tests that need it say so and are skipped.
"""

import os
import subprocess
from pathlib import Path

import pytest

VARIABLE = "WORKBENCH_LIVE"
"""Names the folder of the environments."""
WANTED = {
    "tensorboard": ("tensorboard", "tensorboardX"),
    "wandb": ("wandb",),
    "mlflow": ("mlflow",),
    "dvclive": ("dvclive",),
    "small": ("optuna", "sacred", "trackio"),
    "lightning": ("lightning", "tensorboard"),
    "guild": ("guildai",),
}
"""What is installed in each environment."""


def python_of(name: str) -> str:
    """Return the interpreter of an environment, or skip the test that asks."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"${VARIABLE} names no folder of environments; see tests/live/libraries.py")
    below = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    python = Path(folder) / name / below
    if not python.exists():
        pytest.skip(f"{', '.join(WANTED[name])} is not installed in ${VARIABLE}/{name}")
    return str(python)


def started(name: str, script: str, folder: Path) -> subprocess.Popen[str]:
    """Start a script with an environment's interpreter in ``folder``; its output is kept."""
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("WORKBENCH_", "PYTHON"))}
    return subprocess.Popen(
        [python_of(name), "-u", "-c", script],
        cwd=folder,
        env={**ours, "HOME": str(folder), "WANDB_MODE": "offline"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
