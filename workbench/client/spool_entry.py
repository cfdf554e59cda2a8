"""The files of one entry of the spool; `workbench.client.spool` says what they are for."""

from pathlib import Path
from typing import Any

from workbench import durable
from workbench.runfolder import encode_line

ENTRY_CARD = "spool.json"
CLOSES = "closes.json"
RUN = "run"
WRITER = "writer"
ALIVE_MARK = "alive"
"""Touched now and then by the process that writes, for systems that cannot be asked for it."""


def read_fields(entry: Path) -> dict[str, Any]:
    """Return what an entry's card says.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not JSON.
        TypeError: It is not an object.
    """
    import json  # noqa: PLC0415 - only once there is a spool

    fields = json.loads((entry / ENTRY_CARD).read_bytes())
    if not isinstance(fields, dict):
        raise TypeError(f"{entry / ENTRY_CARD} is not an object")
    return fields


def write_fields(entry: Path, fields: dict[str, Any]) -> None:
    """Write an entry's card, whole."""
    durable.replace(entry / ENTRY_CARD, encode_line(fields))


def mark_alive(entry: Path) -> None:
    """Show that the process of an entry lives."""
    (entry / ALIVE_MARK).touch()


def clear(folder: Path) -> None:
    """Remove a folder and what is in it, as far as that can be done."""
    from shutil import rmtree  # noqa: PLC0415 - dear at import

    rmtree(folder, ignore_errors=True)


def remove(entry: Path) -> None:
    """Take a delivered entry out of the spool."""
    (entry / ENTRY_CARD).unlink(missing_ok=True)  # first, so that half a folder is no entry
    clear(entry)
