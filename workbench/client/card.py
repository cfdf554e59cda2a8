"""The start card: who runs what, where. Never the environment's variables."""

import os
import sys
from pathlib import Path
from typing import Any

_SECRET_WORDS = ("password", "passwd", "secret", "token", "api-key", "api_key", "apikey")
HIDDEN = "***"


def host_name() -> str:
    """Return this machine's name."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    from socket import gethostname  # noqa: PLC0415 - dear, and only for Windows

    return gethostname()


def user_name() -> str | None:
    """Return the name of the user, or None where there is none (a bare container)."""
    for variable in ("LOGNAME", "USER", "USERNAME"):
        if name := os.environ.get(variable):
            return name
    try:
        from pwd import getpwuid  # noqa: PLC0415 - not on Windows

        return getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, AttributeError):
        return None


def command_line() -> list[str]:
    """Return the command as typed, without the values of options that name a secret."""
    return _told(sys.argv)


def invocation() -> list[str]:
    """Return how Python was started: ``python``, its options, the script or ``-m``, the rest.

    The interpreter is named without its folder, and the script from the current one on: a
    whole path means nothing elsewhere. Secrets are left out as in `command_line`; so is a
    program given with ``-c``, which may hold any: it is an empty list.
    """
    if not sys.orig_argv or sys.argv[:1] == ["-c"]:
        return []
    words = [_from_here(word) if word in sys.argv[:1] else word for word in sys.orig_argv[1:]]
    return ["python", *_told(words)]


def _from_here(path: str) -> str:
    try:
        return os.path.relpath(path) if os.path.isabs(path) else path  # noqa: PTH117 - as typed
    except ValueError:  # another drive
        return path


def _told(words_given: list[str]) -> list[str]:
    words: list[str] = []
    hide = False
    for word in words_given:
        option, equals, _ = word.partition("=")
        secret = option.startswith("-") and any(part in option.lower() for part in _SECRET_WORDS)
        if hide:
            words.append(HIDDEN)
        elif secret and equals:
            words.append(f"{option}={HIDDEN}")
        else:
            words.append(word)
        hide = secret and not equals and not hide
    return [word.encode("utf-8", "backslashreplace").decode() for word in words]


def script() -> Path | None:
    """Return the script being run; None at a prompt, in a notebook, under ``-c``."""
    if not sys.argv or not sys.argv[0] or sys.argv[0].startswith("-"):
        return None
    path = Path(sys.argv[0])
    return None if "ipykernel" in path.name else path


def process_facts() -> dict[str, Any]:
    """Return what a writer's first line says about its process."""
    return {"pid": os.getpid(), "host": host_name(), "user": user_name()}


def script_facts() -> dict[str, Any]:
    """Return what the start card says about the program that runs."""
    from workbench import __version__  # noqa: PLC0415 - not before the package root is there

    path = script()
    return {
        "command": command_line(),
        "invocation": invocation(),
        "script": None if path is None else path.name,
        "python": sys.version.split(maxsplit=1)[0],
        "program": f"workbench {__version__}",
    }


def default_name(run_id: str) -> str:
    """Return a readable name for a run nobody named."""
    path = script()
    stem = "run" if path is None else path.stem.strip()
    stem = stem if stem.isprintable() and stem not in ("", "__main__") else "run"
    return f"{stem[:80]}-{run_id[-5:]}"
