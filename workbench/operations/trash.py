"""The trash: runs, files of models and versions of datasets, moved away and back by one rename.

A run, the folder of a version's files, or that of a dataset's version lies in ``trash/<id>/run``
beside a manifest that says where it was. The manifest is written first and the entry deleted last,
so that a step that was the last one leaves a run in one of the two places, never in none.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.catalogue.cards import RunRecord
from workbench.datasets.manifest import FOLDER
from workbench.datasets.versions.folder import marker_of, version_folder
from workbench.durable import sync_folder, write_once
from workbench.errors import ConflictError, FormatError, NotAllowedError, NotFoundError
from workbench.ids import is_path_name, new_id
from workbench.opening import read_small
from workbench.operations.disk import delete, entries_of, folders_of, is_inside, measure
from workbench.operations.edits import EditLine, actor
from workbench.operations.session import Session
from workbench.registry.journal import REGISTRY
from workbench.registry.manifest import folder_of
from workbench.runfolder import ALIVE, DONE, FORMAT, RUNS, TEMPORARY

TRASH = "trash"
JOURNAL = "trash/journal"
_MANIFEST = "manifest.json"
_RUN = "run"
_MOST_BYTES = 4 << 20


class Trashed(NamedTuple):
    """A run in the trash."""

    id: str
    """Of its place in the trash."""
    run_id: str
    name: str
    experiment: str
    origin: str
    """Where it was, relative to the workspace."""
    time: float
    """Seconds since 1970."""
    actor: str
    bytes: int


def trashed(session: Session) -> tuple[Trashed, ...]:
    """Return what is in the trash, newest first."""
    if session.workspace is None:
        return ()
    found = (_trashed_at(folder) for folder in folders_of(session.root / TRASH))
    return tuple(sorted((one for one in found if one), key=lambda one: one.id, reverse=True))


def place_of(session: Session, one: Trashed) -> Path:
    """Return where what is in the trash lies now."""
    return session.root / TRASH / one.id / _RUN


def restore(session: Session, words: str) -> Trashed:
    """Bring a run, or files of a model, back from the trash to where they were.

    Files of a version that was deleted come back as files; the version stays deleted.

    Args:
        session: Where.
        words: Its id in the trash, the id of the run, a unique beginning of either, or its name.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: It is not in the trash, or several are meant.
        ConflictError: Another run stands in its place.
    """
    root = session.require_writable()
    one = _in_trash(session, words)
    entry, target = root / TRASH / one.id, root / one.origin
    of_data = _dataset_of(target, root)
    if not (is_inside(target, root / RUNS) or _is_of_a_model(target, root) or of_data):
        raise NotAllowedError(
            f"The manifest of {one.id} names a place where nothing is kept: {one.origin}.",
            hint=f"Move {entry / _RUN} back by hand.",
        )
    if target.exists():
        raise ConflictError(
            f"There is something at {one.origin} already.", hint="Move it away first."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    (entry / _RUN).rename(target)
    sync_folder(target.parent)
    for name in _manifest(entry).get("markers", []):
        if isinstance(name, str) and Path(name).name == name and is_inside(target, root / RUNS):
            (target.parent / DONE).mkdir(exist_ok=True)
            (target.parent / DONE / name).touch()
    if of_data:
        marker_of(root, *of_data).unlink(missing_ok=True)
        sync_folder(target.parent)
    delete(entry, root)
    write_journal(session, f"restored {one.name} ({one.run_id})", [one.run_id])
    return one


def _dataset_of(target: Path, root: Path) -> tuple[str, int] | None:
    """Return the name and number of datasets/<name>/<n>; None for any other place."""
    name, number = target.parent.name, target.name
    if not is_path_name(name) or not number.isascii() or not number.isdigit():
        return None
    there = version_folder(root, name, int(number))
    return (name, int(number)) if there == target and is_inside(target, root / FOLDER) else None


def _is_of_a_model(target: Path, root: Path) -> bool:
    """Say whether a path is that of a version's files: registry/<model>/files/<hash>."""
    try:
        folder = folder_of(root, target.parent.parent.name, target.name)
    except FormatError:
        return False
    return folder == target and is_inside(target, root / REGISTRY)


def put(session: Session, record: RunRecord, size: int) -> Trashed:
    """Move a run to the trash and take its markers away.

    Raises:
        OSError: It cannot be moved; it is where it was.
    """
    root = session.root
    origin = root / record.path
    markers = _markers(origin)
    now = session.clock.now()
    one = Trashed(
        new_id(now), record.run_id, record.name, record.experiment, record.path, now,
        actor(session), size,
    )  # fmt: skip
    _move(session, one, [marker.name for marker in markers if marker.parent.name == DONE])
    for marker in markers:
        marker.unlink(missing_ok=True)
    return one


def put_folder(session: Session, folder: Path, name: str, group: str) -> Trashed:
    """Move any other folder of the workspace to the trash, where `gc` finds it.

    Args:
        session: Where, and who.
        folder: What is to go.
        name: What people know it by: ``churn@3``.
        group: Where it belonged, as an experiment is to a run.

    Raises:
        OSError: It cannot be moved; it is where it was.
    """
    now, (size, _) = session.clock.now(), measure(folder)
    origin = folder.relative_to(session.root).as_posix()
    one = Trashed(new_id(now), name, name, group, origin, now, actor(session), size)
    _move(session, one, [])
    return one


def _move(session: Session, one: Trashed, markers: Sequence[str]) -> None:
    """Write the manifest of an entry, then move what it names beside it."""
    origin, entry = session.root / one.origin, session.root / TRASH / one.id
    fields = {"format": FORMAT, **one._asdict(), "markers": list(markers)}
    data = json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    write_once(entry / _MANIFEST, data + b"\n", temp=session.root / TEMPORARY)
    try:
        origin.rename(entry / _RUN)
    except OSError:
        delete(entry, session.root)
        raise
    sync_folder(origin.parent)


def journal(session: Session) -> tuple[EditLine, ...]:
    """Return what housekeeping did here, newest first; a line that cannot be read is left out."""
    if session.workspace is None:
        return ()
    lines = []
    for entry in entries_of(session.root / JOURNAL):
        try:
            fields = json.loads(read_small(entry.path, _MOST_BYTES))
            runs = tuple(str(run) for run in fields["runs"])
            lines.append(
                EditLine(
                    str(fields["id"]), float(fields["time"]), str(fields["actor"]), runs,
                    str(fields["what"]),
                )
            )  # fmt: skip
        except (OSError, ValueError, TypeError, KeyError, RecursionError, FormatError):
            continue
    return tuple(sorted(lines, key=lambda line: line.id, reverse=True))


def write_journal(session: Session, what: str, runs: Sequence[str]) -> None:
    """Add a line about what was done to the journal."""
    now = session.clock.now()
    fields = {
        "format": FORMAT, "id": new_id(now), "time": now, "actor": actor(session),
        "what": what, "runs": list(runs),
    }  # fmt: skip
    data = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    path = session.root / JOURNAL / f"{fields['id']}.json"
    write_once(path, data, temp=session.root / TEMPORARY)


def _markers(run: Path) -> list[Path]:
    """Return the end markers and heartbeats of a run."""
    return [
        Path(entry.path)
        for name in (DONE, ALIVE)
        for entry in entries_of(run.parent / name)
        if entry.name.startswith(f"{run.name}.")
    ]


def _trashed_at(folder: Path) -> Trashed | None:
    fields = _manifest(folder)
    if not (folder / _RUN).is_dir():
        return None
    try:
        return Trashed(
            folder.name, str(fields["run_id"]), str(fields["name"]), str(fields["experiment"]),
            str(fields["origin"]), float(fields["time"]), str(fields["actor"]),
            int(fields["bytes"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        fields = json.loads(read_small(str(folder / _MANIFEST), _MOST_BYTES))
    except (OSError, ValueError, RecursionError, FormatError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _in_trash(session: Session, words: str) -> Trashed:
    everything = trashed(session)
    exact = [one for one in everything if words in (one.id, one.run_id, one.name)]
    found = exact or [
        one for one in everything if one.id.startswith(words) or one.run_id.startswith(words)
    ]
    if not found:
        raise NotFoundError(
            f"There is no {words!r} in the trash.", hint="List it with: workbench restore"
        )
    if len(found) > 1:
        listed = "".join(f"\n  {one.id}  {one.name}" for one in found[:8])
        raise NotFoundError(
            f"{len(found)} runs in the trash fit {words!r}.", hint=f"Name one:{listed}"
        )
    return found[0]
