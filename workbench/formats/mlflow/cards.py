"""What a run in an MLflow database comes to, with the files beside the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.formats.contract import Fault, RunCard
from workbench.formats.mlflow.database_runs import Run
from workbench.formats.mlflow.logged_models import Model, artifacts_in, prefix_of, told_of
from workbench.formats.mlflow.places import own_folder
from workbench.formats.mlflow.words import facts_of, seconds, status_of
from workbench.formats.signs import changed_at
from workbench.runfolder import RUNNING, STALE, STALE_AFTER, UNKNOWN


class Seen(NamedTuple):
    """What is known of a run's life from looking at it."""

    now: float
    alive: float
    """When it was last seen to log something; 0.0 if that was before anybody looked."""


def card_of(root: Path, name: str, run: Run, seen: Seen) -> RunCard:
    """Return the card of a run.

    Args:
        root: The database.
        name: The run's id.
        run: What the database says of it.
        seen: When it was looked at.
    """
    meta, tags = run.meta, run.tags
    faults: list[Fault] = []
    if run.wrong:
        faults.append(Fault(root.name, f"{run.wrong:,} rows of metrics of {name} are no points"))
    status = status_of(meta["status"])
    if status == UNKNOWN:
        faults.append(Fault(root.name, f"{name} has no status: {meta['status']!r:.80}"))
    stale = status == RUNNING and seen.now - _life(root, run, seen) >= STALE_AFTER
    folders = folders_of(root.parent, name, meta, run.models)
    return RunCard(
        run_id=name,
        name=str(meta["name"] or tags.get("mlflow.runName") or name),
        experiment=run.experiment,
        status=STALE if stale else status,
        inferred=stale,
        parent=tags.get("mlflow.parentRunId"),
        started=seconds(meta["start_time"]),
        ended=seconds(meta["end_time"]),
        params=run.params,
        tags=tags,
        note=tags.get("mlflow.note.content", ""),
        metrics=run.metrics,
        artifacts=artifacts_in(folders, root.name, faults),
        datasets=tuple(run.datasets),
        facts={**facts_of(meta, tags), **told_of(run.models, name)},
        faults=tuple(faults),
    )


def _life(root: Path, run: Run, seen: Seen) -> float:
    """Return when a run last did something, as far as its rows say and the file's time allows."""
    last = run.followed.last if run.followed else None
    said = max(
        seconds(run.meta["start_time"]) or 0.0,
        (seconds(last.time) or 0.0) if last else 0.0,
    )
    changed = changed_at([f"{root}{suffix}" for suffix in ("", "-wal", "-journal")])
    return max(seen.alive, min(said, changed))


def folders_of(
    home: Path, run: str, meta: Mapping[str, Any], models: Sequence[Model]
) -> dict[str, str]:
    """Return where the run's files are and those of its models, by how their paths begin."""
    found = {}
    experiment = str(meta.get("experiment_id"))
    ending = (experiment, run, "artifacts")
    own = own_folder(str(home), str(meta.get("artifact_uri") or ""), ending)
    if own is not None:
        found[""] = own
    for model in models:
        place = (experiment, "models", model.model_id, "artifacts")
        folder = own_folder(str(home), model.location, place)
        if folder is not None:
            found[prefix_of(model, found)] = folder
    return found
