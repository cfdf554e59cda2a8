"""Other tools, each in an environment of its own that nobody else uses."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.place import Place, answer_of
from tests.live.libraries import VARIABLE as LIVE

_INSTALL_S = 600
_QUIET = {
    "MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true",
    "WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false",
    "GIT_PYTHON_REFRESH": "quiet", "NML_DISABLE_USAGE_LOGGING": "1", "WHYLOGS_NO_ANALYTICS": "True",
}  # fmt: skip


class Peer(NamedTuple):
    """What to install to measure a tool."""

    name: str
    packages: tuple[str, ...]


class Missing(NamedTuple):
    """A tool that is not measured."""

    why: str


MLFLOW = Peer("mlflow", ("mlflow",))
TENSORBOARDX = Peer("tensorboardX", ("tensorboardX",))
WANDB = Peer("wandb", ("wandb",))
WHYLOGS = Peer("whylogs", ("whylogs", "pandas<3", "pyarrow<20", "numpy<2"))
WHYLOGS_VIZ = Peer("whylogs-viz", ("whylogs[viz]", "pandas<3", "pyarrow<20", "numpy<2"))
"""With what it compares two profiles by, which is no part of the plain package."""
TENSORBOARD = Peer("tensorboard", ("tensorboard",))
EVIDENTLY = Peer("evidently", ("evidently", "pandas<3", "pyarrow"))
NANNYML = Peer("nannyml", ("nannyml", "pandas<3", "statsmodels", "pyarrow"))
YDATA = Peer("ydata-profiling", ("ydata-profiling", "pyarrow", "setuptools<81"))


def measured_by(place: Place, peer: Peer, name: str, *words: object) -> dict[str, Any] | Missing:
    """Run a program in a peer's environment; return what it measured, or why not."""
    if not place.peers:
        return Missing("not asked for (--peers)")
    python = _python_of(place, peer)
    if isinstance(python, Missing):
        return python
    store = place.folder / "stores" / f"{name}-{words[0]}".replace(" ", "-")
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True)
    script = Path(__file__).parent / "programs" / f"{name}.py"
    argv = [str(python), "-I", str(script), str(store), *map(str, words)]
    try:
        return answer_of(argv, {**place.environment(), **_QUIET})
    except (RuntimeError, subprocess.TimeoutExpired, ValueError) as error:
        return Missing(f"{peer.name} is installed but failed: {error}")


def _python_of(place: Place, peer: Peer) -> Path | Missing:
    """Return the interpreter of a peer's environment, made now if it is not there.

    What the live tests have is taken as it is: see ``tests/live/libraries.py``.
    """
    below = "Scripts/python.exe" if os.name == "nt" else "bin/python"
    live = Path(os.environ.get(LIVE, os.devnull)) / peer.name / below
    if live.exists():
        return live
    folder = place.folder / "peers" / peer.name
    python = folder / below
    if (folder / "installed").exists():
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        subprocess.run([*pip, *peer.packages], check=True, capture_output=True, timeout=_INSTALL_S)
    except (OSError, subprocess.SubprocessError) as error:
        return Missing(f"{peer.name} could not be installed ({type(error).__name__})")
    (folder / "installed").touch()
    return python
