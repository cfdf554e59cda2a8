"""The sample projects: real training scripts, started as processes, watched while they run."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from workbench.clock import Clock
from workbench.durable import write_once
from workbench.errors import NotFoundError, WorkbenchError
from workbench.runfolder import TEMPORARY
from workbench.settings import SETTINGS, VARIABLE, Workspace, create_workspace

LOGS = ".workbench/demo"
_MANIFEST = "demo.toml"
_SETTINGS = "demo-workbench.toml"
_FEWEST_AT_ONCE = 4
_STOP_AFTER = 10.0


class Script(NamedTuple):
    """One process of a sample project."""

    project: str
    folder: Path
    command: tuple[str, ...]
    description: str
    turn: int = 0
    """It begins when every process of its project with an earlier turn has ended."""


class Finished(NamedTuple):
    """A process that has ended."""

    script: Script
    code: int
    """Its exit code; some of the scripts fail on purpose."""
    log: Path


def sample_projects() -> Path:
    """Return the folder of the sample projects: in the wheel, else beside the package.

    Raises:
        NotFoundError: This installation has none.
    """
    package = Path(str(files("workbench")))
    for folder in (package / "sample_projects", package.parent / "sample_projects"):
        if any(folder.glob(f"*/{_MANIFEST}")):
            return folder
    raise NotFoundError(
        "This installation has no sample projects.", hint="Install the wheel, or use a checkout."
    )


def scripts(folder: Path) -> tuple[Script, ...]:
    """Return every process the sample projects start, one project's after the other's in turn."""
    by_project = [_scripts_of(manifest) for manifest in sorted(folder.glob(f"*/{_MANIFEST}"))]
    longest = max((len(some) for some in by_project), default=0)
    return tuple(some[n] for n in range(longest) for some in by_project if n < len(some))


class Demo:
    """Training scripts that run beside this program until they end or are stopped."""

    def __init__(self, workspace: Workspace, wanted: Sequence[Script]) -> None:
        self.workspace = workspace
        self.finished: list[Finished] = []
        self._wanted = list(wanted)
        self._stop = Event()
        self._thread = Thread(target=self._run, name="workbench-demo", daemon=True)

    def start(self) -> None:
        """Begin; a few scripts run at once, the next as one ends."""
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for all scripts; say whether they have ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> bool:
        """End what still runs; say whether anything did."""
        running = self._thread.is_alive()
        self._stop.set()
        self._thread.join(_STOP_AFTER * 2)
        return running

    def _run(self) -> None:
        at_once = max(_FEWEST_AT_ONCE, os.cpu_count() or 1)
        running: list[tuple[Script, subprocess.Popen[bytes], Path]] = []
        number = 0
        while (self._wanted or running) and not self._stop.is_set():
            while len(running) < at_once and (script := self._next([one[0] for one in running])):
                self._wanted.remove(script)
                running.append((script, *_start(self.workspace.root, script, number)))
                number += 1
            self._stop.wait(0.2)
            for one in [one for one in running if one[1].poll() is not None]:
                running.remove(one)
                self.finished.append(Finished(one[0], one[1].returncode, one[2]))
        for _, process, _ in running:
            process.terminate()
        for _, process, _ in running:
            _end(process)

    def _next(self, running: Sequence[Script]) -> Script | None:
        """Return the next script that need not wait for others of its project."""
        going = (*running, *self._wanted)

        def may_begin(script: Script) -> bool:
            own = (one for one in going if one.project == script.project)
            return all(one.turn >= script.turn for one in own)

        return next(filter(may_begin, self._wanted), None)


def begin(folder: Path, clock: Clock) -> Demo:
    """Make a workspace and start every sample project's training scripts.

    Raises:
        NotFoundError: There are no sample projects.
        NotAllowedError: The folder cannot be written.
    """
    wanted = scripts(sample_projects())
    workspace = create_workspace(folder.expanduser().absolute(), clock.now())
    write_settings(workspace)
    demo = Demo(workspace, wanted)
    demo.start()
    return demo


def why_nothing(finished: Sequence[Finished]) -> WorkbenchError:
    """Return the error to raise when no script logged a run."""
    for one in finished:
        if one.code:
            said = one.log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["nothing"]
            return WorkbenchError(
                f"No training script came to log a run; {one.script.command[0]} said: {said[0]}",
                hint=f"Read the whole of it in {one.log}.",
            )
    return WorkbenchError("No training script logged a run.")


def write_settings(workspace: Workspace) -> None:
    """Give the workspace the sample projects' settings, unless it has its own."""
    text = (sample_projects() / _SETTINGS).read_bytes()
    with suppress(FileExistsError):
        write_once(workspace.root / SETTINGS, text, temp=workspace.root / TEMPORARY)


def _scripts_of(manifest: Path) -> list[Script]:
    table = tomllib.loads(manifest.read_text("utf-8"))
    project = manifest.parent
    return [
        Script(
            project.name,
            project,
            tuple(one["command"]),
            one.get("description", ""),
            turn=int(one.get("turn", 0)),
        )
        for one in table.get("process", [])
    ]


def _start(root: Path, script: Script, number: int) -> tuple[subprocess.Popen[bytes], Path]:
    """Start a script with this Python; what it prints goes to a file of the workspace."""
    logs = root / LOGS
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"{number:02d}-{script.project}.log"
    name, *words = script.command
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own scripts, with our own words
            [sys.executable, "-B", str(script.folder / name), *words],
            cwd=logs,
            env=_environment(root),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C is for this program, which then ends them in good order.
            start_new_session=True,
        )
    return process, log


def _environment(root: Path) -> dict[str, str]:
    """Return the environment of a script: the workspace, this package, one thread each."""
    package = str(Path(str(files("workbench"))).parent)
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return {**threads, **os.environ, VARIABLE: str(root), "PYTHONPATH": os.pathsep.join(paths)}


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_STOP_AFTER)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
