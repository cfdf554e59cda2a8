"""The command that hears of alerts: from this person's own settings, never from a workspace.

Anyone who may write to a share may write its ``workbench.toml``; a command that stood there would
run with the rights of whoever looks at the folder. So it stands in one's own ``config.toml``
alone, is started without a shell, from a folder that is not the workspace, and gets the alert as
JSON on its standard input and in no argument. What it does, or fails to do, changes no exit code.
"""

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from workbench.durable import replace
from workbench.errors import FormatError, NotAllowedError, SettingsError
from workbench.opening import is_below, read_small
from workbench.operations.datasets.agreed import is_kept
from workbench.operations.places import config_file
from workbench.operations.session import Session
from workbench.settings import toml_of
from workbench.words import count, iso, visible

if TYPE_CHECKING:
    from workbench.operations.drift.alerts import Alert

FORMAT: Final = 1
PATIENCE_S: Final = 30.0
"""A command that sends a message takes seconds; one that hangs must not hold up the next."""
MOST_STARTED: Final = 50
"""Alerts told in one run: whoever gets more reads none, and a file must not start thousands."""
_LONGEST_S: Final = 3600.0
_LARGEST: Final = 256 << 10
_MOST_SAID: Final = 2000
_KEYS: Final = frozenset(("command", "timeout"))
_TOLD: Final = "alerts-told.json"
_LARGEST_TOLD: Final = 16 << 20


class Command(NamedTuple):
    """What is started for an alert."""

    words: tuple[str, ...]
    """The program and its arguments."""
    timeout_s: float = PATIENCE_S


def own_command(root: Path) -> Command | None:
    """Return the command of this person's own settings; None where they name none.

    Args:
        root: The workspace, in which these settings may not be.

    Raises:
        SettingsError: The settings cannot be read, are not this person's own, or say what cannot
            be.
    """
    path = config_file()
    real = Path(os.path.realpath(path))
    try:
        text = read_small(str(real), _LARGEST).decode("utf-8-sig")
        table = toml_of(text).get("alerts", {})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError, FormatError) as error:
        raise _wrong(path, f"cannot be read: {visible(str(error))}") from None
    if table == {}:
        return None
    _require_own(path, real, root)
    return _command(path, table)


def _require_own(path: Path, real: Path, root: Path) -> None:
    """See that nobody else wrote these settings.

    Raises:
        SettingsError: They are in the workspace, or others can write them.
    """
    if is_below(str(real), os.path.realpath(root)):
        raise _wrong(path, "is in the workspace: its [alerts] do not count", "Keep it at home.")
    if os.name == "nt":
        return  # the folder of a profile is its owner's; lists of permissions are not asked
    try:
        kept = all(map(is_kept, (real, *real.parents)))
    except OSError:
        kept = False
    if not kept:
        hint = "Take the right to write it, and the folders above it, from others."
        raise _wrong(path, "can be written by others: its [alerts] do not count", hint)


def _command(path: Path, table: object) -> Command | None:
    if not isinstance(table, Mapping):
        raise _wrong(path, "[alerts] must be a table")
    strange = sorted(set(table) - _KEYS)
    if strange:
        raise _wrong(path, f"[alerts] has no {visible(strange[0])!r}; it takes command and timeout")
    words, timeout = table.get("command", []), table.get("timeout", PATIENCE_S)
    if isinstance(words, str) or not _are_texts(words):
        form = 'such as ["notify-send", "drift"]'
        raise _wrong(path, f"[alerts] command must be a list of texts, {form}")
    number = isinstance(timeout, int | float) and not isinstance(timeout, bool)
    if not number or not 0 < timeout <= _LONGEST_S:
        raise _wrong(path, f"[alerts] timeout must be seconds, above 0 and at most {_LONGEST_S:g}")
    return Command(tuple(words), float(timeout)) if words else None


def _are_texts(words: object) -> bool:
    return isinstance(words, list) and all(
        isinstance(one, str) and "\0" not in one and one for one in words
    )


def _wrong(path: Path, what: str, hint: str = "Correct it.") -> SettingsError:
    return SettingsError(f"{visible(str(path))} {what}.", path=str(path), hint=hint)


# -- telling ---------------------------------------------------------------------------------


def begin(session: Session, alerts: Sequence["Alert"]) -> None:
    """Take the alerts there are for told, where none was ever told on this machine.

    Whoever begins with an old workspace is spared its past. Done before anything is checked, so
    that what a first run brings about is told even if that run does not come to its end. What
    somebody acknowledged since is told once more if it opens again.
    """
    told = _told(session)
    if told is None:
        _remember(session, (one.id for one in alerts))
    elif seen := told & {one.id for one in alerts if one.acknowledged_by}:
        _remember(session, told - seen)


def tell(session: Session, command: Command, alerts: Sequence["Alert"]) -> list[str]:
    """Hand alerts that stand to the command, each once on this machine; return what failed.

    One whose command failed is handed over again the next time, and so are those that are too
    many for one run.

    Args:
        session: The workspace.
        command: What is started.
        alerts: All of the workspace, acknowledged ones too.
    """
    told = _told(session) or set()
    failed = []
    due = [one for one in alerts if not one.acknowledged_by and one.id not in told]
    for alert in due[:MOST_STARTED]:
        fault = run(command, payload(session, alert))
        if fault:
            failed.append(f"The alert command failed for {visible(alert.id)}: {fault}")
        else:
            told.add(alert.id)
            _remember(session, told)
    if len(due) > MOST_STARTED:
        later = count(len(due) - MOST_STARTED)
        failed.append(f"{later} more alerts are told by the next runs, {MOST_STARTED} by each.")
    return failed


def payload(session: Session, alert: "Alert") -> dict[str, Any]:
    """Return what the command reads: everything of an alert, values of data masked as anywhere."""
    fields = {**alert._asdict(), "time": iso(alert.time), "columns": list(alert.columns)}
    fields["acknowledged_at"] = iso(alert.acknowledged_at)
    return {"format": FORMAT, "workspace": str(session.root), **fields}


def run(command: Command, message: Mapping[str, Any]) -> str:
    """Run the command with a message on its input; return why it failed, empty if it did not.

    Input and output are files, not pipes: a command that reads nothing, or leaves something
    running that holds its output open, keeps nobody waiting.
    """
    program = found_program(command.words[0])
    if program is None:
        return f"There is no program {visible(command.words[0])}."
    data = (json.dumps(message) + "\n").encode()
    with tempfile.TemporaryFile() as heard, tempfile.TemporaryFile() as said:
        heard.write(data)
        heard.seek(0)
        try:
            process = subprocess.Popen(  # noqa: S603 - a list, never a shell, and the user's own
                [program, *command.words[1:]], stdin=heard, stdout=said, stderr=subprocess.STDOUT,
                cwd=Path.home(), start_new_session=os.name != "nt",
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
        except (OSError, ValueError, RuntimeError) as error:
            return f"{visible(str(error))}."
        return _ended(process, command.timeout_s, said)


def _ended(process: "subprocess.Popen[bytes]", timeout_s: float, said: IO[bytes]) -> str:
    try:
        code = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        _kill(process)
        return f"It took longer than {timeout_s:g} seconds and was ended."
    except BaseException:
        _kill(process)
        raise
    if code == 0:
        return ""
    said.seek(0)
    words = said.read(_MOST_SAID).decode("utf-8", "replace").strip()
    told = f": {visible(words.splitlines()[-1])}" if words else ""
    return f"It ended with exit code {code}{told}."


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End the command and, where a system can, everything it started."""
    with suppress(OSError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def found_program(name: str) -> str | None:
    """Return the full path of a program: one that is named with its folder, or one on the path.

    Never looked for in the current folder, which may be the workspace.
    """
    if Path(name).expanduser().is_absolute():
        return str(Path(name).expanduser())
    if os.path.dirname(name):  # noqa: PTH120 - a relative path, also of the other system
        return None
    endings = ("", *os.environ.get("PATHEXT", "").split(os.pathsep)) if os.name == "nt" else ("",)
    folders = [Path(one) for one in os.environ.get("PATH", os.defpath).split(os.pathsep) if one]
    for folder in folders:
        for ending in endings:
            path = folder / f"{name}{ending}"
            if folder.is_absolute() and path.is_file() and os.access(path, os.X_OK):
                return str(path)
    return None


def _told(session: Session) -> set[str] | None:
    """Return the ids that were told on this machine; None where nothing ever was."""
    try:
        said = json.loads(read_small(str(session.state / _TOLD), _LARGEST_TOLD))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, FormatError, RecursionError):
        return set()
    return {str(one) for one in said} if isinstance(said, list) else set()


def _remember(session: Session, told: Iterable[str]) -> None:
    """Keep what was told.

    Raises:
        NotAllowedError: It cannot be kept, so that it would be told again.
    """
    try:
        replace(session.state / _TOLD, json.dumps(sorted(told)).encode())
    except OSError as error:
        raise NotAllowedError(
            f"What was told of alerts cannot be kept in {session.state}: "
            f"{error.strerror or error}.",
            hint="Make room there, or it is told again.",
        ) from None
