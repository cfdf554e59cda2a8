"""The sample projects' own training scripts, started as processes of their own.

Nothing is simulated: the scripts log through the client as anybody's would, and the
screen finds their runs as it finds anybody's.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.durable import replace
from workbench.errors import NotAllowedError, NotFoundError
from workbench.settings import VARIABLE, Workspace, create_workspace

PROJECTS = "sample_projects"
_LIST = "demo.toml"
_MOST_SECONDS = 600


class Script(NamedTuple):
    """One training script to start."""

    project: str
    description: str
    folder: Path
    command: tuple[str, ...]
    """Script, relative to its folder, and its arguments."""


class Outcome(NamedTuple):
    """How a script ended."""

    script: Script
    code: int
    log: Path
    """What it printed."""


def projects() -> Path:
    """Return the folder of the sample projects: inside the installed package, or beside it.

    Raises:
        NotFoundError: They were not installed along.
    """
    package = files("workbench")
    with as_file(package / PROJECTS) as inside:
        if inside.is_dir():
            return Path(inside)
    with as_file(package) as here:
        beside = Path(here).parent / PROJECTS
    if not beside.is_dir():
        raise NotFoundError(
            "The sample projects were not installed with this program.",
            hint="Install it again from the wheel or run it from a checkout.",
        )
    return beside


def scripts(folder: Path | None = None) -> tuple[Script, ...]:
    """Return the scripts of all sample projects, the projects' first ones first.

    Raises:
        NotFoundError: There are no sample projects.
    """
    lists = sorted((folder or projects()).glob(f"*/{_LIST}"))
    by_project = [_scripts_of(path) for path in lists]
    longest = max((len(one) for one in by_project), default=0)
    return tuple(one[n] for n in range(longest) for one in by_project if n < len(one))


def make_workspace(root: Path, clock: Clock) -> Workspace:
    """Return the demo's workspace, made if it is not there yet.

    Raises:
        NotAllowedError: The folder cannot be written, or holds something else.
    """
    card = root / ".workbench"
    if root.exists() and not card.exists() and any(root.iterdir()):
        raise NotAllowedError(
            f"{root} is not empty and no workspace.",
            hint="Name another folder: workbench demo DIR",
        )
    return create_workspace(root, clock.now())


class Demo:
    """The scripts as they run, a few at a time."""

    def __init__(
        self, workspace: Workspace, chosen: Sequence[Script], told: Callable[[str], None]
    ) -> None:
        self._workspace = workspace
        self._scripts = tuple(chosen)
        self._told = told
        self._stopped = False
        self._pool = ThreadPoolExecutor(max(3, os.cpu_count() or 1), "workbench-demo")
        self._futures = [self._pool.submit(self._run, script) for script in self._scripts]

    def wait(self) -> tuple[Outcome, ...]:
        """Return how every script ended, when all have."""
        outcomes = [future.result() for future in self._futures]
        self._pool.shutdown()
        return tuple(outcome for outcome in outcomes if outcome is not None)

    def stop(self) -> None:
        """Start no further script; those that run go on to their end by themselves."""
        self._stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, script: Script) -> Outcome | None:
        if self._stopped:
            return None
        name = f"{script.project}-{self._scripts.index(script)}"
        folder = self._workspace.root / ".workbench" / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / f"{name}.log"
        replace(log, b"")
        self._told(f"{script.project}: {script.description}")
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own scripts, with this Python
                [sys.executable, str(script.folder / script.command[0]), *script.command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, VARIABLE: str(self._workspace.root)},
                cwd=folder,
                start_new_session=True,  # Ctrl-C in the screen is not meant for a training
            )
            code = process.wait(_MOST_SECONDS)
        return Outcome(script, code, log)


def _scripts_of(path: Path) -> tuple[Script, ...]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Script(path.parent.name, one["description"], path.parent, tuple(one["command"]))
        for one in table["process"]
    )
