"""The lineage of a dataset as a list that can be read from top to bottom: page and print-out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from workbench import words
from workbench.catalogue.data_descent import MadeFrom, Unsure, UsedBy
from workbench.operations.datasets.lineage import Touched, lineage, touched
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session
from workbench.operations.taking_along import write_page

Kind: TypeAlias = Literal[
    "came from",
    "dataset",
    "file",
    "copy",
    "run",
    "model",
    "pointer",
    "predictions",
    "same bytes",
    "by name only",
]


class Traced(NamedTuple):
    """One line: what it is, and where it leads."""

    kind: Kind
    name: str
    detail: str
    run_id: str = ""
    """Of the run it is, or came from."""
    model: str = ""
    number: int = 0
    """Of the model's version."""
    dataset: Ref | None = None


def traced(session: Session, name: str, version: int | None = None) -> tuple[Traced, ...]:
    """Return where data came from, and everything that is touched if it must go.

    Args:
        session: Where.
        name: Of the dataset.
        version: Its number; None for all versions together.

    Raises:
        NotFoundError: There is no such dataset, or no such version.
    """
    source = lineage(session, name, version).source if version is not None else None
    origin: tuple[Traced, ...] = ()
    if source is not None:
        gone = "" if source.run is not None else ", not in the workspace any more"
        origin = (Traced("came from", source.name, f"{source.experiment}{gone}", source.run_id),)
    return (*origin, *_lines(touched(session, name, version), version))


def write_touched(session: Session, name: str, version: int | None = None) -> Path:
    """Write everything that is touched as JSON into the current folder; return where it is.

    Raises:
        NotAllowedError: The current folder cannot be written.
        NotFoundError: There is no such dataset, or no such version.
    """
    found = touched(session, name, version).as_json()
    text = json.dumps(found, indent=1, ensure_ascii=False)
    which = name if version is None else f"{name}-v{version}"
    return write_page(session, f"{which}-lineage", text.splitlines(), "json")


def _lines(found: Touched, version: int | None) -> Iterator[Traced]:
    ref = Ref(found.name, version)
    which = "this version" if version is not None else words.plural(len(found.versions), "version")
    yield Traced("dataset", str(ref), which, dataset=ref)
    for path in found.files:
        yield Traced("file", path, "the data")
    for path in found.copies:
        yield Traced("copy", path, "a copy in the workspace")
    for run in found.runs:
        yield Traced("run", run.name, _of_run(run), run.run_id)
    for made in found.models:
        detail = _of_model(made)
        yield Traced(
            "model", f"{made.model}@{made.number}", detail, made.run_id, made.model, made.number
        )
    for path in found.deployments:
        yield Traced("pointer", path, "consumers read a model made from it")
    for path in found.predictions:
        yield Traced("predictions", path, "predictions of its rows, with their labels")
    for same in found.same_bytes:
        yield Traced("same bytes", str(same), "has the same bytes", dataset=same)
    for one in found.unsure:
        yield _unsure(one)


def _of_run(run: UsedBy) -> str:
    parts = [run.experiment, ", ".join(run.roles), words.moment(run.started), _part_of(run.parts)]
    return ", ".join(part for part in parts if part)


def _of_model(made: MadeFrom) -> str:
    held = f"in {', '.join(made.stages)}" if made.stages else ""
    before = f"was in {', '.join(made.before)}" if made.before else ""
    retired = "retired" if made.retired else ""
    said = [held, before, retired, _part_of(made.parts)]
    return ", ".join(part for part in said if part) or "holds no stage"


def _part_of(parts: tuple[str, ...]) -> str:
    return f"only {words.plural(len(parts), 'file')} of it" if parts else ""


def _unsure(one: Unsure) -> Traced:
    why = "no hash was recorded" if not one.hash else "with bytes no version has"
    if one.model:
        name, number = f"{one.model}@{one.id}", int(one.id)
        return Traced("by name only", name, why, model=one.model, number=number)
    return Traced("by name only", one.name, why, one.id)
