"""Copying a run of another workspace of ours: as it is, byte for byte, under its own id.

What people changed of it afterwards comes along too: an edit is a file of its own there as here.
"""

import json
import os
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from workbench.durable import write_once
from workbench.errors import FormatError
from workbench.formats.artifacts import files_below
from workbench.formats.contract import RunCard
from workbench.formats.native.run import writers_of
from workbench.opening import is_plain_file, read_small
from workbench.operations.disk import entries_of, folders_of
from workbench.operations.importing import origin
from workbench.operations.importing.copying import Order
from workbench.operations.importing.draft import draft, mark_done, publish
from workbench.operations.importing.files import copy
from workbench.operations.importing.finding import said
from workbench.operations.importing.values import Failed, Lost, Origin, Planned, Taken
from workbench.runfolder import ARTIFACTS, DONE, ENDS, LAST_WORDS, TEMPORARY, done_marker
from workbench.runs.edits import read_edit

_EDITS: Final = "edits"
_LARGEST_EDIT: Final = 4 << 20
_MONTH: Final = re.compile(r"\d{4}-\d{2}\Z")


def take(order: Order) -> Taken | None:
    """Copy a run; None if somebody else did meanwhile; raises as `copying.take`."""
    run, one = order.run, order.run.waiting
    card = run.card or _read(run, order.now)
    source = one.root / one.ref.key
    lost: list[Lost] = []
    hashes: dict[str, str] = {}
    size = 0
    with draft(order.root, card.experiment, run.run_id) as folder:
        for file in files_below(os.fspath(source)):
            if file.path == origin.CARD or (not order.artifacts and _is_artifact(file.path)):
                continue
            try:
                copied = copy(source / file.path, folder / file.path, order.stop)
            except FormatError as problem:
                (folder / file.path).unlink(missing_ok=True)
                lost.append(Lost("unreadable", f"{file.path}: {problem.message}"))
                continue
            if _is_artifact(file.path):
                hashes[file.path.removeprefix(f"{ARTIFACTS}/")] = copied.sha256
                size += copied.size
        lost += _left_out(order, card)
        about = Origin(
            "native", run.source_id, one.place, one.ref.stamp, origin.digest_of(card), card.parent,
            True, origin.marks_of(card), hashes, tuple(lost),
        )  # fmt: skip
        _write(folder / origin.CARD, origin.written(about, order.now))
        if not publish(folder, run.run_id, run.there):
            return None
    mark_done(folder.parent / run.run_id, list(_markers(source)))
    points = sum(one.count for one in card.metrics.values())
    return Taken(
        run.run_id, card.name, card.experiment, one.place, run.state, points, len(hashes), size,
        tuple(lost),
    )  # fmt: skip


def _read(run: Planned, now: float) -> RunCard:
    one = run.waiting
    try:
        return one.reader.read(one.root, one.ref.key, b"", now).card
    except OSError as problem:
        raise FormatError(said(problem)) from None


def _is_artifact(path: str) -> bool:
    return path.startswith(f"{ARTIFACTS}/")


def _left_out(order: Order, card: RunCard) -> list[Lost]:
    lost = [Lost("unreadable", f"{one.path}: {one.reason}") for one in card.faults]
    if not order.artifacts and card.artifacts:
        size = sum(one.size for one in card.artifacts)
        lost.append(Lost("artifacts left out", f"{size:,} bytes", len(card.artifacts)))
    if card.status not in ENDS:
        lost.append(Lost("status", f"was {card.status} when it was copied"))
    return lost


def _markers(source: Path) -> Iterator[str]:
    """Yield the markers of the run's ends, as they are in the other workspace."""
    for number in writers_of(os.fspath(source)):
        for status in LAST_WORDS:
            name = done_marker(source.name, number, status)
            if (source.parent / DONE / name).exists():
                yield name


def take_edits(there: Path, root: Path, runs: Collection[str], failed: list[Failed]) -> int:
    """Copy what people changed of these runs; return how many edits were new.

    Raises:
        OSError: The workspace cannot be written.
    """
    taken = 0
    for month in folders_of(there / _EDITS):
        if not _MONTH.match(month.name):
            continue
        for entry in entries_of(month):
            target = root / _EDITS / month.name / entry.name
            if entry.name.endswith(".json") and not target.exists():
                taken += _take_edit(Path(entry.path), target, root, runs, failed)
    return taken


def _take_edit(
    source: Path, target: Path, root: Path, runs: Collection[str], failed: list[Failed]
) -> int:
    try:
        if not is_plain_file(os.fspath(source)):
            return 0
        data = read_small(os.fspath(source), _LARGEST_EDIT)
        edit = read_edit(json.loads(data))
    except (OSError, FormatError, ValueError, RecursionError) as problem:
        failed.append(Failed(os.fspath(source), said(problem)))
        return 0
    if not set(edit.of) & set(runs):
        return 0
    try:
        write_once(target, data, temp=root / TEMPORARY)
    except FileExistsError:
        return 0
    return 1


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
