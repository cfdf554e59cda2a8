"""The registry as MLflow's: a folder for each model, one for each version, a file for each alias.

The files of a version lie beside its card, so that the store is whole without the workspace.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.errors import FormatError, WorkbenchError
from workbench.operations.importing import kept
from workbench.operations.importing.files import copy
from workbench.operations.importing.finding import said
from workbench.operations.importing.registered import EXPORTED
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
_OTHER_STAGES: Final = frozenset(("Staging", "Production", "Archived"))


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
    was = kept.of_tags(version.tags, version.number)
    tags = {**was.tags, EXPORTED: version.manifest}
    if run_id and run_id not in runs:
        tags["workbench.run_id"] = str(run_id)
    if version.retired is not None:
        tags["workbench.retired"] = version.retired.reason or "true"
    names = naming.keys(tags)
    write_values(folder / "tags", {names[name]: text for name, text in tags.items()})
    write_card(folder, _card(folder, state, version, runs.get(str(run_id)), was))
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


def _card(
    folder: Path, state: State, version: Version, run_id: str | None, was: kept.Kept
) -> dict[str, Any]:
    event = version.event
    return {
        "creation_timestamp": milliseconds(event.time), "current_stage":
        _stage(state, version, was.stage), "description": version.description or None,
        "last_updated_timestamp": milliseconds(event.time), "name": state.model, "run_id": run_id,
        "run_link": None, "source": uri(folder / _FILES), "status": was.status,
        "status_message": None, "storage_location": uri(folder / _FILES), "user_id": event.actor,
        "version": version.number,
    }  # fmt: skip


def _stage(state: State, version: Version, was: str) -> str:
    """Return MLflow's stage of a version: as it is here, else as it was where nobody moved it."""
    held = [name for name in _STAGES if state.stage(name).holder == version.number]
    if held:
        return _STAGES[held[-1]]
    known = was.capitalize()
    return known if known in _OTHER_STAGES and was.lower() not in state.stages else "None"


def _write_model(home: Path, state: State) -> None:
    """Write the model's own card, its tags and its aliases: stages that are held, and others."""
    if not state.events:
        return
    home.mkdir(parents=True, exist_ok=True)
    for name in ("meta.yaml", "aliases", "tags"):
        _remove(home / name)
    (home / "aliases").mkdir()
    was = [
        (version.number, kept.of_tags(version.tags, version.number))
        for version in sorted(state.versions.values(), key=lambda one: one.number)
        if version.deleted is None
    ]
    aliases = {alias: str(number) for number, one in was for alias in one.aliases}
    for name, stage in state.stages.items():
        aliases.pop(name, None)
        if stage.holder is not None:
            aliases[name] = str(stage.holder)
    for name, number in aliases.items():
        write(home / "aliases" / name, number)
    tags = {name: text for _, one in was for name, text in one.model_tags.items()}
    names = naming.keys(tags)
    write_values(home / "tags", {names[name]: text for name, text in tags.items()})
    described = [one.model_description for _, one in was if one.model_description]
    write_card(home, {
        "creation_timestamp": milliseconds(state.events[0].time),
        "description": described[-1] if described else None,
        "last_updated_timestamp": milliseconds(state.events[-1].time), "name": state.model,
    })  # fmt: skip


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
