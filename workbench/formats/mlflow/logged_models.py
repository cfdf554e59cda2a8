"""Models that a run logged, which MLflow 3 keeps beside the runs and not in them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from workbench.formats.artifacts import MOST_ARTIFACTS, files_below
from workbench.formats.contract import Artifact, Fault


class Model(NamedTuple):
    """A model that a run logged."""

    model_id: str
    name: str
    status: str
    model_type: str | None
    location: str
    """Where MLflow says its files are."""
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    """The last value of each."""
    tags: Mapping[str, str]


def told_of(models: Sequence[Model], run: str) -> dict[str, Any]:
    """Return what is known of the models a run logged, as a fact."""
    if not models:
        return {}
    return {
        "logged_models": [
            {
                "name": model.name, "model_id": model.model_id, "status": model.status,
                "source_run_id": run, "model_type": model.model_type,
                "params": dict(model.params), "metrics": dict(model.metrics),
                "tags": dict(model.tags),
            }
            for model in models
        ]
    }  # fmt: skip


def prefix_of(model: Model, taken: Mapping[str, str]) -> str:
    """Return how the paths of a model's files begin; a second one of a name has its id too."""
    names = [part for part in model.name.split("/") if part not in ("", ".", "..")]
    shown = "_".join(names) or model.model_id
    prefix = f"models/{shown}/"
    return f"models/{shown}-{model.model_id}/" if prefix in taken else prefix


def artifacts_in(
    folders: Mapping[str, str], where: str, faults: list[Fault]
) -> tuple[Artifact, ...]:
    """Return the files in these folders, as far as anybody will look at them.

    Args:
        folders: The run's own and those of its models, by how the files' paths begin.
        where: What to call the place in a fault.
        faults: Added to if there are too many files.
    """
    found: dict[str, Artifact] = {}
    for prefix, folder in folders.items():
        for artifact in files_below(folder, prefix):
            if len(found) == MOST_ARTIFACTS:
                reason = f"holds more than {MOST_ARTIFACTS:,} files; the first are listed"
                faults.append(Fault(where, reason))
                return tuple(found.values())
            found.setdefault(artifact.path, artifact)
    return tuple(found.values())
