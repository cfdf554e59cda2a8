"""The registry as MLflow's: a folder for each model, one for each version, a file for each alias.

The files of a version lie beside its card, so that the store is whole without the workspace.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.errors import FormatError, WorkbenchError
from workbench.operations.importing.files import copy
from workbench.operations.importing.finding import said
from workbench.operations.importing.values import Failed, Stop
from workbench.operations.mlflow_export import naming
from workbench.operations.mlflow_export.files import (
    milliseconds,
    uri,
    write,
    write_card,
    write_values,
)
from workbench.operations.registry.register import versions_of
from workbench.registry import manifest
from workbench.registry.journal import models
from workbench.registry.state import State, Version

FOLDER: Final = "models"
_FILES: Final = "files"
_STAGES: Final = {"staging": "Staging", "production": "Production"}


class Written(NamedTuple):
    """What was written of the registry."""

    models: int
    versions: int
    """Versions whose files were copied now."""
    failed: tuple[Failed, ...]


def write_models(root: Path, store: Path, runs: Mapping[str, str], stop: Stop) -> Written:
    """Write all models; what is there already is kept, cards and aliases are made anew.

    Args:
        root: The workspace.
        store: The file store.
        runs: Ids in MLflow of the runs that are there, by ours.
        stop: Whether to end.

    Raises:
        OSError: The store cannot be written.
        StoppedError: A person asked for the end.
    """
    failed: list[Failed] = []
    count = versions = 0
    for name in models(root):
        try:
            state = versions_of(root, name)
        except WorkbenchError as problem:
            failed.append(Failed(name, problem.message))
            continue
        home = store / FOLDER / naming.model_name(name)
        for version in state.versions.values():
            if version.deleted is None:
                versions += _write_version(root, home, state, version, runs, failed, stop)
        _write_model(home, state)
        count += 1
    return Written(count, versions, tuple(failed))


def _write_version(
    root: Path,
    home: Path,
    state: State,
    version: Version,
    runs: Mapping[str, str],
    failed: list[Failed],
    stop: Stop,
) -> bool:
    """Write a version; say whether its files had to be copied."""
    folder = home / f"version-{version.number}"
    new = not (folder / _FILES).is_dir()
    if new:
        try:
            _copy_files(root, folder, state.model, version, stop)
        except FormatError as problem:
            failed.append(Failed(f"{state.model}@{version.number}", said(problem)))
            return False
    for name in ("meta.yaml", "tags"):
        _remove(folder / name)
    details = version.event.details
    run = details.get("run")
    run_id = run.get("id") if isinstance(run, Mapping) else None
    tags = {**version.tags, "workbench.manifest": version.manifest}
    if run_id and run_id not in runs:
        tags["workbench.run_id"] = str(run_id)
    if version.retired is not None:
        tags["workbench.retired"] = version.retired.reason or "true"
    names = naming.keys(tags)
    write_values(folder / "tags", {names[name]: text for name, text in tags.items()})
    write_card(folder, _card(folder, state, version, runs.get(str(run_id)) if run_id else None))
    return new


def _copy_files(root: Path, folder: Path, model: str, version: Version, stop: Stop) -> None:
    """Copy the files of a version, all or none."""
    whole = manifest.read(root, model, version.manifest)
    source = manifest.folder_of(root, model, version.manifest)
    draft = folder / ".new-files"
    _remove(draft)
    draft.mkdir(parents=True)
    try:
        for one in whole.files:
            copied = copy(source / one.path, draft / one.path, stop)
            if copied.sha256 != one.sha256:
                raise FormatError(f"{one.path} is not what was registered.")
        draft.rename(folder / _FILES)
    finally:
        _remove(draft)


def _card(folder: Path, state: State, version: Version, run_id: str | None) -> dict[str, Any]:
    event = version.event
    held = [name for name in _STAGES if state.stage(name).holder == version.number]
    return {
        "creation_timestamp": milliseconds(event.time), "current_stage":
        _STAGES[held[-1]] if held else "None", "description": version.description or None,
        "last_updated_timestamp": milliseconds(event.time), "name": state.model, "run_id": run_id,
        "run_link": None, "source": uri(folder / _FILES), "status": "READY",
        "status_message": None, "storage_location": uri(folder / _FILES), "user_id": event.actor,
        "version": version.number,
    }  # fmt: skip


def _write_model(home: Path, state: State) -> None:
    """Write the model's own card and its aliases: every stage that is held."""
    if not state.events:
        return
    home.mkdir(parents=True, exist_ok=True)
    for name in ("meta.yaml", "aliases"):
        _remove(home / name)
    (home / "aliases").mkdir()
    for name, stage in state.stages.items():
        if stage.holder is not None:
            write(home / "aliases" / name, str(stage.holder))
    write_card(home, {
        "creation_timestamp": milliseconds(state.events[0].time), "description": None,
        "last_updated_timestamp": milliseconds(state.events[-1].time), "name": state.model,
    })  # fmt: skip


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
