"""Refuse the network in a child process, and note down whoever asked for it.

Python imports this by its name when the folder is on ``PYTHONPATH``. An audit hook
sees what a replaced function would not: calls from C and from libraries that kept
the original. The note counts even where the program swallowed the refusal.
"""

import os
import sys

_REFUSED = frozenset(
    (
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.gethostbyaddr",
    )
)
_NOTES = os.environ.get("OFFLINE_NOTES", "")


def _stays_here(event, args):
    """Say whether a socket never leaves the machine: one with a path for an address."""
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        return getattr(args[0].family, "name", "") == "AF_UNIX"
    return False


def _refuse(event, args):
    if event not in _REFUSED or _stays_here(event, args):
        return
    if _NOTES:
        with open(_NOTES, "a", encoding="utf-8") as file:  # noqa: PTH123 - at every start
            file.write(f"{event} {args[1:]!r} by {sys.argv!r}\n")
    raise OSError(f"no network here: {event} {args[1:]!r}")


sys.addaudithook(_refuse)
