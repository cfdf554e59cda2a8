"""Git, started in the one way that runs nothing of what a repository says.

A repository's settings and attributes name programs: differs, filters, hooks, monitors,
transports. Whoever wrote them may not be who looks. So nobody else here starts git for a
person, and here every one of those is switched off, nothing is fetched, and output and
time are bounded.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event, Timer
from typing import IO, NamedTuple

from workbench.words import plural

MOST_BYTES = 1 << 20
"""Of a file or a listing; a source is shorter."""
PATIENCE_S = 20.0
_MOST_SAID = 1 << 16
_KEPT = frozenset(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM",
                   "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH"))  # fmt: skip
"""Where a person's own settings are: the folders they trust are named there."""
_CALM = (
    "core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.pager=cat", "diff.external=",
    "protocol.allow=never", "submodule.recurse=false", "safe.bareRepository=explicit",
    "core.quotePath=true", "gc.auto=0", "maintenance.auto=false", "advice.detachedHead=false",
)  # fmt: skip


class Output(NamedTuple):
    """What git said: bytes, whether there were more, how it ended, and its complaint."""

    data: bytes
    cut: bool
    code: int | None
    """None where it was too slow, or could not be started."""
    said: str

    @property
    def good(self) -> bool:
        """Whether all of the answer is here."""
        return self.code == 0 and not self.cut


def ask(
    folder: Path, *words: str, given: bytes = b"", most: int = MOST_BYTES,
    calm: Mapping[str, str] | None = None, patience: float = PATIENCE_S,
) -> Output:  # fmt: skip
    """Run git in a folder with everything a repository could have run switched off.

    Args:
        folder: Where.
        words: The command; names that come from files stand after ``--end-of-options``.
        given: What it reads.
        most: Bytes of output read before it is ended.
        calm: Further variables of its environment.
        patience: Seconds after which it is ended.
    """
    program = _program()
    if program is None:
        return Output(b"", cut=False, code=None, said="Git is not installed.")
    switches = [part for setting in _CALM for part in ("-c", setting)]
    command = [program, "--no-pager", "--no-replace-objects", *switches, *words]
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stderr:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list, never a shell
                command, cwd=folder, env=_environment(calm or {}), stdin=stdin,
                stdout=subprocess.PIPE, stderr=stderr, start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except OSError as error:
            said = f"Git cannot be started: {error.strerror or error}."
            return Output(b"", cut=False, code=None, said=said)
        return _answer(process, stderr, most, patience)


def _answer(
    process: "subprocess.Popen[bytes]", stderr: IO[bytes], most: int, patience: float
) -> Output:
    """Read what a process prints up to the bound, and see that it ends."""
    late = Event()

    def end() -> None:
        late.set()
        _end(process)

    timer = Timer(patience, end)
    timer.daemon = True
    timer.start()
    try:
        with process:
            data = process.stdout.read(most + 1) if process.stdout else b""
            if len(data) > most:
                _end(process)
    finally:
        timer.cancel()
        if process.returncode is None:  # Ctrl-C while reading
            _end(process)
    if late.is_set():
        said = f"Git took longer than {plural(int(patience), 'second')}."
        return Output(data[:most], cut=False, code=None, said=said)
    stderr.seek(0)
    said = stderr.read(_MOST_SAID).decode("utf-8", "replace")
    return Output(data[:most], len(data) > most, process.returncode, said)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End git and what it started."""
    if os.name != "nt":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


def _environment(calm: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables that tell git what to run or where to look."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _KEPT
    }
    return {
        **kept, "LC_ALL": "C", "LANGUAGE": "C", "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1", "GIT_PAGER": "cat", **calm,
    }  # fmt: skip


def _program() -> str | None:
    """Return where git is: on the path, and never in the current folder, as Windows would look."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder) / name
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return None
