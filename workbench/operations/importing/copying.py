"""Copying one run of any tool into the workspace.

`FormatError` is trouble with the source, and the other runs go on; `OSError` is trouble with the
workspace, and the import ends.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Artifact, RunCard
from workbench.formats.native.writer import look_at_end
from workbench.opening import read_small
from workbench.operations.importing import fitting, lines, origin, record
from workbench.operations.importing.draft import draft, mark_done, publish
from workbench.operations.importing.files import copy
from workbench.operations.importing.finding import said
from workbench.operations.importing.values import (
    GROWN,
    Lost,
    Origin,
    Planned,
    Stop,
    Taken,
    Waiting,
)
from workbench.runfolder import (
    ARTIFACTS,
    CARD,
    CONSOLE,
    ENVIRONMENT,
    FINAL,
    METRICS,
    SOURCE_DIFF,
    UPDATES,
    WRITERS,
    Summary,
    done_marker,
)

_LARGEST_TEXT = 64 << 20


class Order(NamedTuple):
    """What is to be done with a run."""

    root: Path
    """The workspace."""
    run: Planned
    parent: str | None
    """The id here of the run's parent."""
    now: float
    artifacts: bool
    """Whether the files come along."""
    stop: Stop


class _Files(NamedTuple):
    artifacts: list[Artifact]
    hashes: dict[str, str]
    lost: list[Lost]
    sources: set[str]
    """Where they were."""


def take(order: Order) -> Taken | None:
    """Copy a run; None if somebody else did meanwhile.

    Raises:
        FormatError: The run cannot be read.
        OSError: The workspace cannot be written.
        StoppedError: A person asked for the end; nothing of the run is there.
    """
    run, one = order.run, order.run.waiting
    card = run.card or _read(one, order.now)
    card = replace(card, run_id=run.run_id)
    fit = record.fitted(_with_facts(card, run, order))
    with draft(order.root, fit.card.experiment, run.run_id) as folder:
        writer = folder / WRITERS / "0"
        writer.mkdir(parents=True)
        curved = lines.write(writer / METRICS, one, card.metrics, fit.metric_names, order.stop)
        files = _files(order, card, folder)
        texts = _texts(order, folder, files)
        whole = record.with_artifacts(_renamed(fit.card, files), [*files.artifacts, *texts])
        lost = (
            *fit.lost,
            *files.lost,
            *_of_curves(card, curved),
            *_of_kinds(card),
            *_of_status(card),
        )
        said_ = record.updates(whole)
        _write(writer / UPDATES, said_)
        summaries = _summaries(card, curved, fit.metric_names)
        end = record.end_card(whole, summaries, (curved.size, len(said_)))
        _write(writer / FINAL, end)
        _write(folder / CARD, record.start_card(whole, order.parent))
        about = _origin(order, card, files, lost)
        _write(folder / origin.CARD, origin.written(about, order.now))
        if not publish(folder, run.run_id, run.there):
            return None
    mark_done(folder.parent / run.run_id, markers(run.run_id, card))
    return Taken(
        run.run_id, whole.name, whole.experiment, one.place, run.state, curved.points,
        len(whole.artifacts), sum(artifact.size for artifact in whole.artifacts), lost,
    )  # fmt: skip


def markers_of(place: Path) -> list[str]:
    """Return the names of the markers that a copy should have, by its end card."""
    final = look_at_end(os.fspath(place / WRITERS / "0"), "").final
    return [done_marker(place.name, 0, final.status)] if final and final.status else []


def markers(run_id: str, card: RunCard) -> list[str]:
    """Return the names of the markers that a copy's end has."""
    return [done_marker(run_id, 0, record.status_of(card)[0])]


def _read(one: Waiting, now: float) -> RunCard:
    try:
        return one.reader.read(one.root, one.ref.key, b"", now).card
    except OSError as problem:
        raise FormatError(said(problem)) from None


def _with_facts(card: RunCard, run: Planned, order: Order) -> RunCard:
    """Return the card with where it is from, and what of its status and parent was."""
    facts = {
        **card.facts,
        "imported.from": card.format or run.waiting.reader.name,
        "imported.id": run.source_id or run.waiting.ref.key,
        "imported.path": run.waiting.place,
    }
    if card.inferred or record.status_of(card)[0] != card.status:
        inferred = " (inferred)" if card.inferred else ""
        facts["imported.status"] = f"{card.status}{inferred}"
    if card.parent is not None and order.parent is None:
        facts["imported.parent"] = card.parent
    return replace(card, facts=facts)


def _summaries(card: RunCard, curved: lines.Curved, names: Mapping[str, str]) -> dict[str, Summary]:
    """Return the summaries to show: the tool's own, unless more was written since it was asked."""
    found: dict[str, Summary] = {}
    for name, summary in {**card.metrics, **curved.summaries}.items():
        own = card.metrics.get(name)
        same = own is not None and own.count == summary.count
        found[names.get(name, name)] = own if same and own is not None else summary
    return found


def _of_curves(card: RunCard, curved: lines.Curved) -> list[Lost]:
    told = [
        ("points without steps", curved.no_step), ("points without times", curved.no_time),
        ("steps that are no whole numbers", curved.fractions),
    ]  # fmt: skip
    lost = [Lost(kind, "kept without", count) for kind, count in told if count]
    bare = sorted(card.metrics.keys() - curved.summaries.keys())
    return lost + [Lost("curves missing", name) for name in bare]


def _of_kinds(card: RunCard) -> list[Lost]:
    """Say what an event file holds beside numbers; it comes along as a file and is not shown."""
    others = card.facts.get("other_tags")
    if not isinstance(others, Mapping):
        return []
    return [
        Lost(f"{kind} not shown", ", ".join(map(str, names[:3])), len(names))
        for kind, names in others.items()
        if isinstance(names, list) and kind != "texts"
    ]


def _of_status(card: RunCard) -> list[Lost]:
    status, _ = record.status_of(card)
    if status != card.status:
        return [Lost("status", f"was {card.status} when it was copied; the copy says {status}")]
    return [Lost("status", f"{status} is inferred")] if card.inferred else []


def _files(order: Order, card: RunCard, folder: Path) -> _Files:
    """Copy the artifacts, those of an older copy that the source has no more among them."""
    files = _Files([], {}, [], set())
    if not order.artifacts:
        if card.artifacts:
            size = sum(one.size for one in card.artifacts)
            files.lost.append(Lost("artifacts left out", f"{size:,} bytes", len(card.artifacts)))
        return files
    one = order.run.waiting
    names = fitting.file_names(artifact.path for artifact in card.artifacts)
    for artifact in card.artifacts:
        name = names[artifact.path]
        if name != artifact.path:
            files.lost.append(Lost("names changed", f"file {artifact.path!r} is {name!r}"))
        try:
            _one_file(_place_of(one, artifact.path), name, folder, files, order.stop)
        except (NotFoundError, FormatError) as problem:
            (folder / ARTIFACTS / name).unlink(missing_ok=True)
            files.lost.append(Lost("artifacts unreadable", f"{artifact.path}: {problem.message}"))
    if order.run.state == GROWN and order.run.there is not None:
        _keep(order.run.there, folder, files, order.stop)
    return files


def _place_of(one: Waiting, path: str) -> Path:
    try:
        return one.reader.artifact(one.root, one.ref.key, path)
    except OSError as problem:
        raise FormatError(said(problem)) from None


def _texts_of(one: Waiting) -> Mapping[str, Path]:
    try:
        return one.reader.texts(one.root, one.ref.key)
    except (FormatError, NotFoundError, OSError):
        return {}


def _one_file(source: Path, name: str, folder: Path, files: _Files, stop: Stop) -> None:
    copied = copy(source, folder / ARTIFACTS / name, stop)
    files.sources.add(os.path.realpath(source))
    files.artifacts.append(Artifact(name, copied.size))
    files.hashes[name] = copied.sha256
    if not copied.steady:
        files.lost.append(Lost("files that were being written", name))


def _keep(there: Path, folder: Path, files: _Files, stop: Stop) -> None:
    """Take over what the older copy has and the source has no more, such as old checkpoints."""
    before = origin.read(there)
    taken = {name.casefold() for name in files.hashes}
    for name in before.files if before else ():
        if name.casefold() in taken:
            continue
        try:
            _one_file(there / ARTIFACTS / name, name, folder, files, stop)
        except FormatError:
            continue  # somebody took it away here


def _texts(order: Order, folder: Path, files: _Files) -> list[Artifact]:
    """Copy what a run printed, its uncommitted changes and its packages to where ours are."""
    one = order.run.waiting
    homes = {"console": folder / WRITERS / "0" / CONSOLE, "diff": folder / SOURCE_DIFF}
    extra: list[Artifact] = []
    for role, source in _texts_of(one).items():
        home = homes.get(role)
        if role == "environment" and _is_object(source):
            home = folder / ENVIRONMENT
        try:
            if home is not None:
                copy(source, home, order.stop)
            elif order.artifacts and os.path.realpath(source) not in files.sources:
                name = fitting.file_names([f"imported/{source.name}"]).popitem()[1]
                if name not in files.hashes:
                    copied = copy(source, folder / ARTIFACTS / name, order.stop)
                    files.hashes[name] = copied.sha256
                    extra.append(Artifact(name, copied.size))
        except FormatError as problem:
            files.lost.append(Lost("unreadable", f"{source.name}: {problem.message}"))
    return extra


def _is_object(path: Path) -> bool:
    try:
        return isinstance(json.loads(read_small(os.fspath(path), _LARGEST_TEXT)), dict)
    except (OSError, FormatError, ValueError, RecursionError):
        return False


def _renamed(card: RunCard, files: _Files) -> RunCard:
    """Return the card with what files were called, where they could not keep it."""
    marked = [one.what for one in files.lost if one.kind == "names changed"]
    return replace(card, facts={**card.facts, "imported.file_names": marked}) if marked else card


def _origin(order: Order, card: RunCard, files: _Files, lost: tuple[Lost, ...]) -> Origin:
    run = order.run
    before = replace(card, run_id=run.source_id)
    return Origin(
        card.format or run.waiting.reader.name, run.source_id, run.waiting.place,
        run.waiting.ref.stamp, origin.digest_of(before), card.parent,
        order.parent is not None, origin.marks_of(card), files.hashes, lost,
    )  # fmt: skip


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
