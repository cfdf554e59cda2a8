"""Models that the runs of an MLflow file store logged: a folder each, beside the runs'."""

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from workbench.errors import FormatError
from workbench.formats.flat_yaml import read_flat
from workbench.formats.mlflow.file_lines import decode, latest
from workbench.formats.mlflow.file_survey import META
from workbench.formats.mlflow.file_values import LARGEST_VALUE, files_of, values_in
from workbench.formats.mlflow.logged_models import Model, prefix_of
from workbench.formats.mlflow.places import own_folder
from workbench.formats.mlflow.words import model_status
from workbench.opening import read_small

MODELS = "models"
_META = frozenset(
    ["model_id", "name", "status", "model_type", "source_run_id", "artifact_location"]
)
_LARGEST_METRIC = 16 << 20


def models_of(root: str, key: str) -> tuple[Model, ...]:
    """Return the models that the run at ``key`` logged, by what it or they say."""
    experiment, _, run = key.partition("/")
    home = f"{root}/{experiment}/{MODELS}"
    try:
        changed = os.stat(home).st_mtime_ns  # noqa: PTH116 - counted in microseconds
    except OSError:
        return ()
    names = {*_outputs(f"{root}/{key}/outputs"), *_by_run(home, changed).get(run, ())}
    found = []
    for name in sorted(names):
        meta = _meta(f"{home}/{name}")
        if meta is not None and meta.get("source_run_id", run) == run:
            found.append(_model(f"{home}/{name}", name, meta))
    return tuple(found)


def folders_of(root: str, key: str, models: Sequence[Model]) -> dict[str, str]:
    """Return where the run's files are and those of its models, by how their paths begin."""
    experiment, _, _ = key.partition("/")
    found = {"": f"{root}/{key}/artifacts"}
    for model in models:
        ending = (experiment, MODELS, model.model_id, "artifacts")
        folder = f"{root}/{'/'.join(ending)}"
        if not os.path.isdir(folder):  # noqa: PTH112 - strings all along
            folder = own_folder(root, model.location, ending) or folder
        found[prefix_of(model, found)] = folder
    return found


def _outputs(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.startswith("m-")]  # noqa: PTH208
    except OSError:
        return []


@lru_cache(maxsize=64)
def _by_run(home: str, changed: int) -> Mapping[str, tuple[str, ...]]:
    """Return the models below a folder that was changed then, by the run each says it is of."""
    del changed  # a part of what is asked, not of the answer
    found: dict[str, tuple[str, ...]] = {}
    for name in _outputs(home):
        run = _run_of(f"{home}/{name}")
        if run:
            found[run] = (*found.get(run, ()), name)
    return found


@lru_cache(maxsize=1 << 16)
def _run_of(folder: str) -> str:
    """Return the run a model says it is of, which never changes."""
    return str((_meta(folder) or {}).get("source_run_id") or "")


def _meta(folder: str) -> dict[str, Any] | None:
    try:
        return read_flat(read_small(f"{folder}/{META}", LARGEST_VALUE), _META)
    except (FormatError, OSError):
        return None


def _model(folder: str, name: str, meta: Mapping[str, Any]) -> Model:
    kind = meta.get("model_type")
    return Model(
        name, str(meta.get("name") or name), model_status(meta.get("status")),
        None if kind is None else str(kind), str(meta.get("artifact_location") or ""),
        values_in(f"{folder}/params", []), _metrics(f"{folder}/metrics"),
        values_in(f"{folder}/tags", []),
    )  # fmt: skip


def _metrics(folder: str) -> dict[str, float]:
    found = {}
    for name, path in files_of(folder):
        try:
            data = read_small(path, _LARGEST_METRIC)
        except (FormatError, OSError):
            continue
        last = latest(decode(data[: data.rfind(b"\n") + 1]))
        if last is not None:
            found[name] = last[2]
    return found
