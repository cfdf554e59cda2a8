"""Where lines wait when their workspace cannot be written, and how they get home.

An entry is one writer's folder, with the run's own files beside it in case the
whole run has to be made:

    <spool>/<entry id>/spool.json        where it belongs
                       run/              run.json, environment.json, source.diff, artifacts/
                       writer/           updates.jsonl, metrics.jsonl, console.log, final.json
                       closes.json       the end card of the writer this one goes on from

Going home publishes whole folders by rename, and can be broken off and repeated:
`spool.json` holds the number that is tried before it is taken, and a folder of
that number that begins with the same line is this one.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench import durable
from workbench.client.artifacts import copy_whole, sync_file
from workbench.client.card import host_name, process_facts
from workbench.client.place import Place, find_run, home, next_number
from workbench.client.writer import Writer, start_time
from workbench.clock import SYSTEM
from workbench.errors import NotAllowedError, NotFoundError
from workbench.ids import new_id
from workbench.runfolder import (
    ARTIFACTS,
    CARD,
    ENDS,
    FINAL,
    FORMAT,
    METRICS,
    NEW_PREFIX,
    STALE_AFTER,
    TEMPORARY,
    UPDATES,
    WRITERS,
    encode_line,
    experiment_folder,
)
from workbench.settings import create_workspace, open_workspace

if TYPE_CHECKING:
    from workbench.client.keeper import Origin

VARIABLE = "WORKBENCH_SPOOL"
_CARD = "spool.json"
_CLOSES = "closes.json"
_RUN = "run"
_WRITER = "writer"


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
    for part in (_RUN, _WRITER):
        (entry / part).mkdir(parents=True)
    if origin.card is not None:
        (entry / _RUN / CARD).write_bytes(origin.card)
    carried = None if old is None else _carry(old, entry / _WRITER)
    if not carried:
        start = encode_line({"time": started, "kind": "start", **process_facts()})
        (entry / _WRITER / UPDATES).write_bytes(start)
    if old is not None:
        (entry / _CLOSES).write_bytes(old.end_card(ENDS[0], round(now, 3), []))
    _write_card(entry, _card_fields(origin, old, reason, now))
    writer = Writer(Place(entry / _RUN, entry / _WRITER, entry, -1), started)
    if old is not None and carried:
        writer.started, writer.ledger, writer.settled = old.started, old.ledger, old.settled
    fields = {"facts": {"spooled": reason}}
    line = encode_line({"time": round(now, 3), "kind": "fact", **fields})
    writer.update(line, "fact", fields)
    return entry, writer


def _carry(old: Writer, to: Path) -> bool:
    """Save the lines of a writer whose files are gone; say whether that was needed and done."""
    if old.place.spooled or old.is_in_place():
        return False
    updates, metrics = old.updates.content(), old.metrics.content()
    if not updates or metrics is None:
        return False
    (to / UPDATES).write_bytes(updates)
    (to / METRICS).write_bytes(metrics)
    return True


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
        "host": host_name(),
    }


def _write_card(entry: Path, fields: dict[str, Any]) -> None:
    durable.replace(entry / _CARD, encode_line(fields))


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
        fields = _fields(entry)
        ended = (entry / _WRITER / FINAL).is_file()
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


def _fields(entry: Path) -> dict[str, Any]:
    import json  # noqa: PLC0415 - only once there is a spool

    fields = json.loads((entry / _CARD).read_bytes())
    if not isinstance(fields, dict):
        raise TypeError(f"{entry / _CARD} is not an object")
    return fields


def _is_alive(entry: Path, fields: dict[str, Any]) -> bool:
    if os.name != "nt" and fields["host"] == host_name():
        try:
            os.kill(int(fields["pid"]), 0)  # asks only; never on Windows, where 0 is Ctrl-C
        except ProcessLookupError:
            return False
        except OSError:
            return True
        return True
    files = [entry / _WRITER / name for name in (UPDATES, METRICS)]
    newest = max(file.stat().st_mtime for file in files if file.exists())
    return SYSTEM.now() - newest < STALE_AFTER


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
    place = bring_home(spooled.folder)
    final = spooled.folder / _WRITER / FINAL
    if final.is_file():
        place.mark_done(_status(final))
    remove(spooled.folder)
    return Delivered(place.run, place.number)


def bring_home(entry: Path) -> Place:
    """Publish an entry's files in its workspace and return their place there.

    Raises:
        NotFoundError: The workspace is away, or no longer has the run.
        OSError: The workspace cannot be written.
    """
    fields = _fields(entry)
    root = _home_root(fields)
    try:
        run = find_run(root, fields["run"], fields["experiment"])
    except NotFoundError:
        if not (entry / _RUN / CARD).is_file() or fields["experiment"] is None:
            raise
        return _publish_run(root, entry, fields)
    _bring_files(root, entry / _RUN, run)
    place = _publish_writer(root, run, entry, fields)
    _close_old(root, run, entry, fields)
    return place


def _home_root(fields: dict[str, Any]) -> Path:
    """Return the workspace, only if it is the one meant.

    An empty mount point looks like a folder where a workspace could be made; so one
    that has been seen is never made again.
    """
    root = Path(fields["root"])
    if fields["workspace"] is None:
        create_workspace(root, SYSTEM.now())
        return root
    if open_workspace(root).id != fields["workspace"]:
        raise NotFoundError(f"{root} is now another workspace than the one the lines belong to.")
    return root


def _publish_run(root: Path, entry: Path, fields: dict[str, Any]) -> Place:
    """Make the whole run appear, with this entry as its writer 0."""
    folder = experiment_folder(root, fields["experiment"])
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{NEW_PREFIX}{fields['run']}"
    _clear(draft)
    try:
        _copy_tree(entry / _RUN, draft)
        _copy_tree(entry / _WRITER, draft / WRITERS / "0")
        _write_card(entry, {**fields, "number": 0})
        draft.rename(folder / fields["run"])
    finally:
        _clear(draft)
    durable.sync_folder(folder)
    return home(root, folder / fields["run"], 0)


def _publish_writer(root: Path, run: Path, entry: Path, fields: dict[str, Any]) -> Place:
    """Make the writer's folder appear whole, under the next free number."""
    writers = run / WRITERS
    writers.mkdir(exist_ok=True)
    tried = fields["number"]
    if tried is not None and _is_same(writers / str(tried), entry / _WRITER):
        return home(root, run, tried)
    draft = root / TEMPORARY / f"spool-{entry.name}"
    _clear(draft)
    try:
        _copy_tree(entry / _WRITER, draft)
        number = next_number(writers)
        while True:
            _write_card(entry, {**fields, "number": number})
            try:
                draft.rename(writers / str(number))
                break
            except OSError:
                if not (writers / str(number)).exists():
                    raise
                number += 1
    finally:
        _clear(draft)
    durable.sync_folder(writers)
    return home(root, run, number)


def _is_same(there: Path, here: Path) -> bool:
    try:
        with (there / UPDATES).open("rb") as one, (here / UPDATES).open("rb") as other:
            return one.readline() == other.readline()
    except FileNotFoundError:
        return False


def _close_old(root: Path, run: Path, entry: Path, fields: dict[str, Any]) -> None:
    """Write the end card of the writer the trouble interrupted, if it is there without one."""
    number = fields["closes"]
    if number is None:
        return
    old = home(root, run, number)
    if old.writer.is_dir() and not (old.writer / FINAL).exists():
        card = (entry / _CLOSES).read_bytes()
        durable.replace(old.writer / FINAL, card, temp=old.temp)
        old.mark_done(ENDS[0])


def _bring_files(root: Path, source: Path, run: Path) -> None:
    """Bring artifacts and captured files that the run does not have yet."""
    for path in sorted(source.rglob("*")):
        target = run / path.relative_to(source)
        artifact = ARTIFACTS in path.relative_to(source).parts[:1]
        if path.is_dir() or (target.exists() and not artifact):
            continue
        copy_whole(path, target, root / TEMPORARY)


def _copy_tree(source: Path, target: Path) -> None:
    from shutil import copyfile  # noqa: PLC0415 - dear at import

    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir(exist_ok=True)
        elif path.suffix != ".tmp":
            copyfile(path, there)
            sync_file(there)


def _status(final: Path) -> str:
    import json  # noqa: PLC0415

    status = json.loads(final.read_bytes()).get("status")
    return str(status) if status in ENDS else ENDS[0]


def _clear(folder: Path) -> None:
    from shutil import rmtree  # noqa: PLC0415

    rmtree(folder, ignore_errors=True)


def remove(entry: Path) -> None:
    """Take a delivered entry out of the spool."""
    (entry / _CARD).unlink(missing_ok=True)  # first, so that half a folder is no entry
    _clear(entry)
