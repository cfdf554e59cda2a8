"""Where lines wait when their workspace cannot be written, and how they get home.

An entry is one writer's folder, with the run's own files beside it in case the
whole run has to be made:

    <spool>/<entry id>/spool.json        where it belongs
                       run/              run.json, environment.json, source.diff, artifacts/
                       writer/           updates.jsonl, metrics.jsonl, console.log, final.json
                       closes.json       the end card of the writer this one goes on from

`workbench.client.homecoming` brings it to the workspace.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.client.card import host_name, process_facts
from workbench.client.homecoming import bring_home
from workbench.client.place import Place
from workbench.client.process_mark import process_mark
from workbench.client.spool_entry import (
    ALIVE_MARK,
    CLOSES,
    RUN,
    WRITER,
    read_fields,
    remove,
    write_fields,
)
from workbench.client.writer import Writer, start_time
from workbench.clock import SYSTEM
from workbench.errors import NotAllowedError
from workbench.ids import new_id
from workbench.runfolder import (
    CARD,
    ENDS,
    FINAL,
    FORMAT,
    METRICS,
    STALE_AFTER,
    UPDATES,
    encode_line,
)

if TYPE_CHECKING:
    from workbench.client.keeper import Origin

VARIABLE = "WORKBENCH_SPOOL"


class Spooled(NamedTuple):
    """Lines of one writer that wait for their workspace."""

    folder: Path
    root: Path
    """The workspace they belong to."""
    workspace_id: str | None
    """Its id, if it was seen before the trouble began."""
    experiment: str | None
    run_id: str
    reason: str
    since: float
    alive: bool
    """Their process is still writing; it brings them home itself."""
    ended: bool
    """They include the end of the run."""


class Delivered(NamedTuple):
    """Where spooled lines have gone."""

    run: Path
    writer: int


def spool_folder() -> Path:
    """Return the folder of the spool: the variable's, else in the user's state folder."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser()
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Application Support"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state")
    return base / "workbench" / "spool"


# -- going in ----------------------------------------------------------------------------


def begin(
    origin: "Origin", old: Writer | None, helps: float | None, reason: str
) -> tuple[Path, Writer]:
    """Make an entry for a run and return it with a writer that writes there.

    Lines of ``old`` whose file is gone are carried over, where they can still be read.

    Raises:
        OSError: The spool cannot be written either.
    """
    now, started = SYSTEM.now(), start_time(helps)
    entry = spool_folder() / new_id(now)
    for part in (RUN, WRITER):
        (entry / part).mkdir(parents=True)
    if origin.card is not None:
        (entry / RUN / CARD).write_bytes(origin.card)
    carried = None if old is None else _carry(old, entry / WRITER)
    start = encode_line({"time": started, "kind": "start", **process_facts()})
    if not carried:
        (entry / WRITER / UPDATES).write_bytes(start)
    if old is not None:
        (entry / CLOSES).write_bytes(old.end_card(ENDS[0], round(now, 3), []))
    beginning = {"start": start.decode(), "carried": carried}
    write_fields(entry, {**_card_fields(origin, old, reason, now), **beginning})
    writer = Writer(Place(entry / RUN, entry / WRITER, entry, -1), started)
    if old is not None and carried:
        writer.go_on_from(old)
    fields = {"facts": {"spooled": reason}}
    line = encode_line({"time": round(now, 3), "kind": "fact", **fields})
    writer.update(line, "fact", fields)
    return entry, writer


def _carry(old: Writer, to: Path) -> dict[str, int] | None:
    """Save the lines of a writer whose files are gone.

    Returns:
        How many bytes of each file were saved; None where that was not needed or not possible.
    """
    if old.place.spooled or old.is_in_place():
        return None
    updates, metrics = old.updates.content(), old.metrics.content()
    if not updates or metrics is None:
        return None
    (to / UPDATES).write_bytes(updates)
    (to / METRICS).write_bytes(metrics)
    return {UPDATES: len(updates), METRICS: len(metrics)}


def _card_fields(origin: "Origin", old: Writer | None, reason: str, now: float) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "root": str(origin.root.absolute()),
        "workspace": origin.workspace_id,
        "experiment": origin.experiment,
        "run": origin.run_id,
        "number": None,
        "closes": None if old is None or old.place.spooled else old.place.number,
        "reason": reason,
        "since": now,
        "pid": os.getpid(),
        "process": process_mark(os.getpid()),
        "host": host_name(),
    }


# -- looking -----------------------------------------------------------------------------


def pending() -> tuple[Spooled, ...]:
    """Return what waits in the spool, oldest first."""
    try:
        entries = sorted(spool_folder().iterdir())
    except OSError:
        return ()
    found = (_read(entry) for entry in entries)
    return tuple(spooled for spooled in found if spooled is not None)


def _read(entry: Path) -> Spooled | None:
    try:
        fields = read_fields(entry)
        ended = (entry / WRITER / FINAL).is_file()
        return Spooled(
            folder=entry,
            root=Path(fields["root"]),
            workspace_id=fields["workspace"],
            experiment=fields["experiment"],
            run_id=str(fields["run"]),
            reason=str(fields["reason"]),
            since=float(fields["since"]),
            alive=not ended and _is_alive(entry, fields),
            ended=ended,
        )
    except (OSError, ValueError, KeyError, TypeError):  # being made or removed at this moment
        return None


def _is_alive(entry: Path, fields: dict[str, Any]) -> bool:
    if os.name != "nt" and fields["host"] == host_name():
        pid = int(fields["pid"])
        try:
            os.kill(pid, 0)  # asks only; never on Windows, where 0 is Ctrl-C
        except ProcessLookupError:
            return False
        except OSError:  # there is one, of somebody else
            pass
        then, now = fields.get("process"), process_mark(pid)
        if then is not None and now is not None:
            return bool(then == now)
    return SYSTEM.now() - _last_life(entry) < STALE_AFTER


def _last_life(entry: Path) -> float:
    files = [entry / ALIVE_MARK, *(entry / WRITER / name for name in (UPDATES, METRICS))]
    return max((file.stat().st_mtime for file in files if file.exists()), default=0.0)


# -- going home --------------------------------------------------------------------------


def deliver(spooled: Spooled) -> Delivered:
    """Bring an entry to its workspace and take it out of the spool; safe to repeat.

    Raises:
        NotAllowedError: Its process still writes to it.
        NotFoundError: The workspace is away, or no longer has the run.
        OSError: The workspace cannot be written.
    """
    if spooled.alive:
        raise NotAllowedError(
            f"Run {spooled.run_id} is still being written by its process.",
            hint="Wait for it to end; it delivers by itself when the folder is back.",
        )
    place = bring_home(spooled.folder).place
    final = spooled.folder / WRITER / FINAL
    if final.is_file():
        place.mark_done(_status(final))
    remove(spooled.folder)
    return Delivered(place.run, place.number)


def _status(final: Path) -> str:
    import json  # noqa: PLC0415

    status = json.loads(final.read_bytes()).get("status")
    return str(status) if status in ENDS else ENDS[0]
