"""The model registry of an MLflow file store: a folder per model, version, tag and alias."""

import os
from pathlib import Path
from typing import Any

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.formats.flat_yaml import read_flat
from workbench.formats.mlflow.file_models import MODELS
from workbench.formats.mlflow.file_survey import META, RESERVED
from workbench.formats.mlflow.file_values import LARGEST_VALUE, values_in
from workbench.formats.mlflow.places import Owners, copied_from
from workbench.formats.mlflow.words import DELETED_VERSION, model_status, seconds, stage_of
from workbench.formats.registered import RegisteredModel, RegisteredVersion, Registry
from workbench.opening import printable, read_small

_MODEL = frozenset(["name", "description", "creation_timestamp"])
_VERSION = frozenset([
    "version", "run_id", "source", "storage_location", "current_stage", "status", "description",
    "creation_timestamp", "user_id",
])  # fmt: skip
_PREFIX = "version-"
_MOST_MODELS = 100_000
_LONGEST_NUMBER = 18


def registry_of(root: Path) -> Registry:
    """Return the registered models of the store at ``root``."""
    faults: list[Fault] = []
    home = f"{root}/{MODELS}"
    owners = _owners(str(root))
    metas = {name: _meta(home, name, _MODEL, faults) for name in _names(home)[:_MOST_MODELS]}
    versions = {
        name: [
            (folder, meta)
            for folder in _names(f"{home}/{name}")
            if folder.startswith(_PREFIX)
            if (meta := _meta(home, f"{name}/{folder}", _VERSION, faults)) is not None
        ]
        for name, model in metas.items()
        if model is not None
    }
    sources = {
        (str((metas[name] or {}).get("name") or name), str(meta.get("version"))): str(
            meta.get("source") or ""
        )
        for name, some in versions.items()
        for _, meta in some
    }
    models = []
    for name, some in versions.items():
        meta, folder = metas[name] or {}, f"{home}/{name}"
        held = [
            _version(f"{folder}/{place}", version, copied_from(version, owners, sources))
            for place, version in some
            if isinstance(version.get("version"), int)
            and version.get("current_stage") != DELETED_VERSION
        ]
        models.append(
            RegisteredModel(
                str(meta.get("name") or printable(name)), str(meta.get("description") or ""),
                values_in(f"{folder}/tags", faults, f"{MODELS}/{printable(name)}/tags"),
                seconds(meta.get("creation_timestamp")),
                tuple(sorted(held, key=lambda version: version.number)), _aliases(folder, faults),
            )
        )  # fmt: skip
    return Registry(models, faults)


def _names(folder: str) -> list[str]:
    """Return the names of the folders in a folder, links left out."""
    try:
        with os.scandir(folder) as entries:
            found = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted(name for name in found if not name.startswith("."))


def _meta(
    home: str, path: str, wanted: frozenset[str], faults: list[Fault]
) -> dict[str, Any] | None:
    """Return what ``meta.yaml`` in a folder says; None if there is none to be read."""
    try:
        return read_flat(read_small(f"{home}/{path}/{META}", LARGEST_VALUE), wanted)
    except FileNotFoundError:
        return None
    except (FormatError, OSError) as problem:
        where = f"{MODELS}/{printable(path)}/{META}"
        faults.append(Fault(where, f"cannot be read: {problem}"))
        return None


def _version(folder: str, meta: dict[str, Any], files: Path | None) -> RegisteredVersion:
    run = meta.get("run_id")
    return RegisteredVersion(
        meta["version"], str(run) if run else None, str(meta.get("source") or ""), files,
        stage_of(meta.get("current_stage")), model_status(meta.get("status")),
        str(meta.get("description") or ""), values_in(f"{folder}/tags", []),
        seconds(meta.get("creation_timestamp")), str(meta.get("user_id") or ""),
    )  # fmt: skip


def _aliases(folder: str, faults: list[Fault]) -> dict[str, int]:
    found = {}
    for alias, text in values_in(f"{folder}/aliases", faults).items():
        number = text.strip()
        if number.isdecimal() and len(number) < _LONGEST_NUMBER:
            found[alias] = int(number)
    return found


def _owners(root: str) -> Owners:
    """Return who has files in the store: every run and every logged model of any experiment."""
    experiments = [name for name in _names(root) if name not in RESERVED]

    def first(paths: list[str]) -> str | None:
        return next((path for path in paths if os.path.isdir(path)), None)  # noqa: PTH112

    def run_folder(run: str) -> str | None:
        return first([f"{root}/{one}/{run}/artifacts" for one in experiments]) if run else None

    def model_folder(model: str) -> str | None:
        if not model or "/" in model:
            return None
        return first([f"{root}/{one}/{MODELS}/{model}/artifacts" for one in experiments])

    return Owners(root, run_folder, model_folder)
