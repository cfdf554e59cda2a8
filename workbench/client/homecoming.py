"""Bringing an entry of the spool to its workspace.

Going home publishes whole folders by rename, and can be broken off and repeated:
`spool.json` holds the number that is tried before it is taken, and a folder of
that number that begins with the same lines is this one; what it lacks is appended.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench import durable
from workbench.client.artifacts import copy_whole, sync_file
from workbench.client.line_parts import WHOLE, Part, append_rest, copy_writer, is_at, part_beside
from workbench.client.place import Place, find_run, home, next_number
from workbench.client.spool_entry import CLOSES, RUN, WRITER, clear, read_fields, write_fields
from workbench.clock import SYSTEM
from workbench.errors import NotFoundError
from workbench.runfolder import (
    ARTIFACTS,
    CARD,
    ENDS,
    FINAL,
    NEW_PREFIX,
    TEMPORARY,
    WRITERS,
    experiment_folder,
)
from workbench.settings import create_workspace, open_workspace

Stamps = Mapping[Path, tuple[int, int]]
"""Size and modification time of files, by path below a folder."""


class Arrival(NamedTuple):
    """What of an entry is in its workspace."""

    place: Place
    part: Part
    files: Stamps
    """The run's own files that were brought."""


def bring_home(entry: Path) -> Arrival:
    """Publish an entry's files in its workspace.

    Raises:
        NotFoundError: The workspace is away, or no longer has the run.
        OSError: The workspace cannot be written.
    """
    fields = read_fields(entry)
    root = _home_root(fields)
    files = _stamps(entry / RUN)
    try:
        run = find_run(root, fields["run"], fields["experiment"])
    except NotFoundError:
        if not (entry / RUN / CARD).is_file() or fields["experiment"] is None:
            raise
        return Arrival(_publish_run(root, entry, fields), WHOLE, files)
    _bring_files(entry / RUN, files, run, root / TEMPORARY)
    rest = WHOLE
    if fields["closes"] is not None:
        rest = part_beside(run / WRITERS / str(fields["closes"]), entry, fields)
    place, part = _publish_writer(root, run, entry, fields, rest)
    if rest is not WHOLE or not fields.get("carried"):  # else the number is somebody else's now
        _close_old(root, run, entry, fields["closes"], place)
    return Arrival(place, part, files)


def follow(entry: Path, arrival: Arrival) -> Arrival:
    """Bring what came to an entry since it was published.

    Raises:
        OSError: The workspace is away again, or cannot be written.
    """
    place, files = arrival.place, _stamps(entry / RUN)
    new = {path: stamp for path, stamp in files.items() if arrival.files.get(path) != stamp}
    _bring_files(entry / RUN, new, place.run, place.temp)
    append_rest(entry, place.writer, arrival.part)
    return arrival._replace(files=files)


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
    clear(draft)
    try:
        _copy_tree(entry / RUN, draft)
        copy_writer(entry, draft / WRITERS / "0", WHOLE)
        write_fields(entry, {**fields, "number": 0})
        draft.rename(folder / fields["run"])
    finally:
        clear(draft)
    durable.sync_folder(folder)
    return home(root, folder / fields["run"], 0)


def _publish_writer(
    root: Path, run: Path, entry: Path, fields: dict[str, Any], rest: Part
) -> tuple[Place, Part]:
    """Make the writer's folder appear whole, or go on with the one that has appeared before."""
    tried = fields["number"]
    for part in (WHOLE, rest):
        if tried is not None and is_at(run / WRITERS / str(tried), entry, part):
            place = home(root, run, tried)
            append_rest(entry, place.writer, part)
            _bring_end(entry, place, part)
            return place, part
    return home(root, run, _publish_new(root, run / WRITERS, entry, fields, rest)), rest


def _bring_end(entry: Path, place: Place, part: Part) -> None:
    """Bring an end card that came after the lines had been published."""
    final = entry / WRITER / FINAL
    if final.is_file():
        card = part.end_card(final.read_bytes())
        durable.replace(place.writer / FINAL, card, temp=place.temp)


def _publish_new(root: Path, writers: Path, entry: Path, fields: dict[str, Any], part: Part) -> int:
    """Make the writer's folder appear under the next free number, and return that."""
    writers.mkdir(exist_ok=True)
    draft = root / TEMPORARY / f"spool-{entry.name}"
    clear(draft)
    try:
        copy_writer(entry, draft, part)
        number = next_number(writers)
        while True:
            write_fields(entry, {**fields, "number": number})
            try:
                draft.rename(writers / str(number))
                break
            except OSError:
                if not (writers / str(number)).exists():
                    raise
                number += 1
    finally:
        clear(draft)
    durable.sync_folder(writers)
    return number


def _close_old(root: Path, run: Path, entry: Path, number: int | None, place: Place) -> None:
    """Write the end card of the writer the trouble interrupted, if it is there without one."""
    if number is None or number == place.number:
        return
    old = home(root, run, number)
    if old.writer.is_dir() and not (old.writer / FINAL).exists():
        durable.replace(old.writer / FINAL, (entry / CLOSES).read_bytes(), temp=old.temp)
        old.mark_done(ENDS[0])


def _stamps(folder: Path) -> Stamps:
    stamps = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir():
            facts = path.stat()
            stamps[path.relative_to(folder)] = (facts.st_size, facts.st_mtime_ns)
    return stamps


def _bring_files(source: Path, files: Stamps, run: Path, temp: Path) -> None:
    """Bring artifacts, and captured files that the run does not have yet."""
    for path in files:
        if ARTIFACTS in path.parts[:1] or not (run / path).exists():
            copy_whole(source / path, run / path, temp)


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
