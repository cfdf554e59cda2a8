"""What a run in an MLflow database comes to, with the files beside the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from workbench.formats.artifacts import MOST_ARTIFACTS, files_below
from workbench.formats.contract import Artifact, Fault, RunCard
from workbench.formats.mlflow.database_runs import Model, Run
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
        facts={**facts_of(meta, tags), **told_of(run.models)},
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
            found[prefix_of(model.name, model.model_id, found)] = folder
    return found


def prefix_of(name: str, number: str, taken: Mapping[str, str]) -> str:
    """Return how the paths of a model's files begin; a second one of a name has its number too."""
    shown = "_".join(part for part in name.split("/") if part not in ("", ".", "..")) or number
    prefix = f"models/{shown}/"
    return f"models/{shown}-{number}/" if prefix in taken else prefix


def artifacts_in(
    folders: Mapping[str, str], where: str, faults: list[Fault]
) -> tuple[Artifact, ...]:
    """Return the files in these folders, as far as anybody will look at them."""
    found: dict[str, Artifact] = {}
    for prefix, folder in folders.items():
        for artifact in files_below(folder, prefix):
            if len(found) == MOST_ARTIFACTS:
                reason = f"holds more than {MOST_ARTIFACTS:,} files; the first are listed"
                faults.append(Fault(where, reason))
                return tuple(found.values())
            found.setdefault(artifact.path, artifact)
    return tuple(found.values())


def told_of(models: Sequence[Model]) -> dict[str, Any]:
    """Return what is known of the models a run logged, as a fact."""
    if not models:
        return {}
    return {
        "logged_models": [
            {
                "name": model.name, "model_id": model.model_id, "status": model.status,
                "model_type": model.model_type, "params": dict(model.params),
                "metrics": dict(model.metrics), "tags": dict(model.tags),
            }
            for model in models
        ]
    }  # fmt: skip
