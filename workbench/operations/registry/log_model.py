"""Registering a model from the script that trained it.

A training is not to fail because of a registry: with an active run everything that
goes wrong is told once, with the command that repeats it, and the files stay as
artifacts of the run. No catalogue is opened here.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from workbench.client.active import active_run
from workbench.client.notice import tell_once
from workbench.clock import SYSTEM, Clock
from workbench.errors import NotFoundError, SettingsError, WorkbenchError
from workbench.formats.native.reader import NativeReader
from workbench.operations.edits import named
from workbench.operations.registry.examples import tried
from workbench.operations.registry.importance import columns_in, importance_of
from workbench.operations.registry.register import (
    About,
    Place,
    Registered,
    check_name,
    near_name,
    place_of,
    record,
    source_of,
)
from workbench.operations.registry.source import Source, of_run, of_this_process
from workbench.operations.registry.writing import Written, written
from workbench.runfolder import RUNS
from workbench.settings import DEFAULTS, find_workspace, is_workspace, read_settings
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.client.run import Run

CARD: Final = "registration.json"
"""Beside a model among a run's artifacts: what a later `workbench register` says of it."""
_Example: TypeAlias = tuple[Any, Any, Any, Any]
"""Signature, rows, outputs and importances, as the caller gave them."""
_NO_TAGS: Mapping[str, str] = MappingProxyType({})
FACT: Final = "registration_failed"
_LONGEST_FACT: Final = 2_000
_LONGEST_REASON: Final = 500
_LONGEST_SHOWN: Final = 80
_UNFITTED: Final = "NotFittedError"
"""Of scikit-learn, and of libraries that follow it: there is nothing to register again."""
_failed: dict[str, dict[str, None]] = {}
"""Of each run of this process what could not be registered, and why: a fact holds all of it."""


def log_model(
    model: Any,
    name: str,
    *,
    signature: Any = None,
    input_example: Any = None,
    outputs: Any = None,
    importance: Any = None,
    description: str = "",
    tags: Mapping[str, str] = _NO_TAGS,
    workspace: str | Path | None = None,
    run: "Run | str | None" = None,
    clock: Clock = SYSTEM,
) -> Registered | None:
    """Register a model: from the active run, or, where there is none, from its files.

    Args:
        model: A scikit-learn estimator, or the path of a file or folder another library wrote.
        name: The model's name; the first version makes it.
        signature: A table to take columns, types and ranges from, or a signature made before;
            default the input example.
        input_example: Rows the model can be tried with; the first 20 are kept.
        outputs: What the model makes of them; an estimator is asked.
        importance: How much each column counts, such as ``{"age": 0.7, "income": 0.3}``; an
            estimator that knows is asked. Drift of a column weighs as much.
        description: For people.
        tags: Name to text.
        workspace: Default the run's, else the one near.
        run: Default the active one; the id or name of one of before.
        clock: The time.

    Returns:
        The version; None when it could not be registered in a run, which is told.

    Raises:
        WorkbenchError: Outside of a run: whatever stands in the way.
    """
    asked, example = About(description, tags), (signature, input_example, outputs, importance)
    root = None if workspace is None else Path(workspace).expanduser()
    if isinstance(run, str):
        return _from_saved(run, model, name, example, asked, root)
    of = run or active_run()
    if of is None or (root is not None and root.resolve() != of.workspace.resolve()):
        return _from_files(model, name, example, asked, root, clock)
    return _from_run(of, model, name, example, asked, clock)


def _from_files(
    model: Any,
    name: str,
    example: _Example,
    asked: About,
    workspace: Path | None,
    clock: Clock,
) -> Registered:
    check_name(name)
    place = _place(_near(workspace), clock)
    with TemporaryDirectory() as folder:
        files = written(model, Path(folder))
        about = _about(model, example, asked, files)
        return record(place, name, files.path, of_this_process(), about)


def _from_saved(
    run: str, model: Any, name: str, example: _Example, asked: About, workspace: Path | None
) -> Registered:
    """Register for a run of before, which is looked up in the catalogue."""
    from workbench.operations.session import open_session  # noqa: PLC0415 - opens a catalogue

    check_name(name)
    with open_session(_near(workspace)) as session, TemporaryDirectory() as folder:
        session.sweep()
        source, files = source_of(session, run), written(model, Path(folder))
        about = _about(model, example, asked, files)
        return record(place_of(session), name, files.path, source, about)


def _near(workspace: Path | None) -> Path:
    root = find_workspace(Path.cwd()) if workspace is None else workspace
    if root is None or not is_workspace(root):
        raise NotFoundError(
            f"{root or 'No folder here or above'} is not a workspace.",
            hint="Start a run first, or create one with: workbench init DIR",
        )
    return root


def _place(root: Path, clock: Clock) -> Place:
    try:
        settings = read_settings(root)
    except SettingsError:  # shown wherever the workspace is looked at; a version needs none of it
        settings = DEFAULTS
    return Place(root.resolve(), named(settings.user), clock, settings.goals)


def _about(model: Any, example: _Example, asked: About, files: Written) -> About:
    if files.warning:
        tell_once(files.warning, files.warning)
    signature, rows, outputs, importance = example
    found = tried(model, signature, rows, outputs)
    return replace(
        asked,
        signature=found.signature,
        example=found.example,
        importance=importance_of(model, importance, columns_in(found.signature)),
        why_format=files.why_format,
    )


# -- in a run ----------------------------------------------------------------------------


def _from_run(
    run: "Run", model: Any, name: str, example: _Example, asked: About, clock: Clock
) -> Registered | None:
    """Register from a run; whatever goes wrong is told, kept as a fact, and the script goes on."""
    folder, files = near_name(name), None
    try:
        with TemporaryDirectory() as temporary:
            files = written(model, Path(temporary))
            run.log_artifact(files.path, f"{folder}/{files.path.resolve().name}")
            about = _about(model, example, asked, files)
            run.log_bytes(_card(about), f"{folder}/{CARD}")
            check_name(name)
            return record(
                _place(run.workspace, clock), name, files.path, _source(run, clock), about
            )
    except Exception as error:  # noqa: BLE001 - a training goes on without a registry; told, and kept as a fact
        _tell(run, name, folder, files, error)
        return None


def _source(run: "Run", clock: Clock) -> Source:
    """Return what is known of an open run; what its capture has not written yet is asked now."""
    key = f"{RUNS}/{run.folder.parent.name}/{run.id}"
    source = of_run(NativeReader(), run.workspace, key, key, clock.now())
    if source.environment and "dirty" in source.git:
        return source
    now = of_this_process()
    return replace(
        source,
        environment=source.environment or now.environment,
        git={**now.git, **source.git},
    )


def _card(about: About) -> bytes:
    kept = {
        "format": 1,
        "description": about.description,
        "tags": dict(about.tags),
        "signature": about.signature,
        "example": about.example,
        "importance": about.importance,
        "why_format": about.why_format,
    }
    return json.dumps(kept, ensure_ascii=True, indent=1, default=str).encode() + b"\n"


def _tell(run: "Run", name: str, folder: str, files: Written | None, error: Exception) -> None:
    said, shown = visible(str(error)) or type(error).__name__, visible(str(name))[:_LONGEST_SHOWN]
    if files is None:
        what = "nothing was kept of it"
    elif type(error).__name__ == _UNFITTED:
        what = "log it once it is fitted"
    else:
        artifact = f"{folder}/{files.path.resolve().name}"
        words = ["workbench", "register", run.id, folder, "--artifact", artifact]
        if find_workspace(Path.cwd()) != run.workspace:
            words += ["--workspace", str(run.workspace)]
        what = f"repeat it with: {shlex.join(words)}"
    tell_once(
        f"log_model {run.id} {name} {said}",
        f"the model {shown or repr(shown)} was not registered: {said} The run goes on; {what}",
    )
    why = visible(error.message) if isinstance(error, WorkbenchError) else said
    told = _failed.setdefault(run.id, {})
    told[f"{shown}: {why}"[:_LONGEST_REASON]] = None
    try:
        run.set_fact(FACT, " ".join(told)[:_LONGEST_FACT])
    except Exception as other:  # noqa: BLE001 - the run itself is over or its drive away; told
        tell_once(f"fact {run.id}", f"nor could that be kept as a fact: {visible(str(other))}")
