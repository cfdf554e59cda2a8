"""Starting, resuming and carrying over a run."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.client import active
from workbench.client.card import default_name, process_facts, script_facts
from workbench.client.checks import note_text, plain_params, tag_texts
from workbench.client.git import head_facts
from workbench.client.keeper import Keeper, Origin
from workbench.client.place import find_run
from workbench.client.run import Run
from workbench.clock import SYSTEM
from workbench.errors import NotAllowedError, NotFoundError, SettingsError, UsageError
from workbench.ids import is_id, new_id
from workbench.runfolder import (
    CARD,
    FORMAT,
    METRICS,
    REPRODUCES,
    REPRODUCES_VARIABLE,
    WRITERS,
    checked_name,
    encode_line,
)
from workbench.settings import FALLBACK, create_workspace, find_workspace, open_workspace

_TAIL = 65536


class _Asked(NamedTuple):
    """What a call of `start_run` asks for, checked."""

    experiment: str
    name: str | None
    params: dict[str, Any]
    tags: dict[str, str | None]
    note: str
    group: str | None
    parent: str | None


def start_run(
    experiment: str | None = None,
    name: str | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    note: str = "",
    group: str | None = None,
    parent: str | Run | None = None,
    nested: bool = False,
    run_id: str | None = None,
    workspace: str | os.PathLike[str] | None = None,
    capture: bool = True,
    console: bool = False,
    system_metrics: bool = True,
    dataset: Any = None,
) -> Run:
    """Start a run, or resume one, and make it the active one.

    Args:
        experiment: The group of runs it belongs to; default the active run's if it is nested,
            else ``default``.
        name: For people; default the script's name and the end of the id.
        params: What was chosen, nested as you like.
        tags: Name to text.
        note: Free text.
        group: A name shared by runs that belong together.
        parent: The run this one is a part of, or its id.
        nested: Make the active run the parent.
        run_id: The id of an existing run to go on with.
        workspace: The folder to write to; default ``$WORKBENCH_WORKSPACE``, else the nearest
            workspace at or above the current folder, else ``./workbench_data``.
        capture: Record git, packages and hardware.
        console: Keep what the script prints.
        system_metrics: Record the use of CPU, memory and GPUs.
        dataset: What it is trained on, as for `Run.log_dataset`.

    Raises:
        UsageError: A name or value cannot be, or a run is active and ``nested`` was not asked for.
        NotFoundError: There is no run of that ``run_id``.
    """
    within = _active_run(nested=nested, other=parent is not None)
    asked = _Asked(
        checked_name(_experiment(experiment, within), "experiment"),
        _checked(name, "run"),
        plain_params(params or {}),
        tag_texts(tags or {}),
        note_text(note),
        _checked(group, "group"),
        _parent_id(parent, within),
    )
    run = _opened(asked, run_id, workspace)
    active.push(run)
    run.accompany(capture=capture, console=console, system_metrics=system_metrics)
    if dataset is not None:
        run.log_dataset(dataset)
    return run


def _active_run(*, nested: bool, other: bool) -> Run | None:
    """Return the run that a nested one is a part of; refuse a second one that is part of none.

    Args:
        nested: The new run is a part of the active one.
        other: It is a part of another one.
    """
    current = active.active_in_thread()
    if current is not None and not nested and not other:
        raise UsageError(
            f"Run {current.name!r} is still active here.",
            hint="End it with finish(), or pass nested=True.",
        )
    return current if nested else None


def _opened(asked: _Asked, run_id: str | None, given: str | os.PathLike[str] | None) -> Run:
    """Return a run that writes to the workspace: a new one, or the one of that id."""
    root, workspace_id = _workspace(given)
    if run_id is None:
        return _new(asked, root, workspace_id)
    return _resumed(asked, root, workspace_id, run_id)


def _checked(name: str | None, what: str) -> str | None:
    return None if name is None else checked_name(name, what)


def _experiment(given: str | None, within: Run | None) -> str:
    if given is not None:
        return given
    return "default" if within is None else within.experiment


def _parent_id(parent: str | Run | None, within: Run | None) -> str | None:
    if isinstance(parent, Run):
        return parent.id
    if parent is None:
        return None if within is None else within.id
    if not is_id(parent):
        raise UsageError(f"{parent!r} is not the id of a run.", hint="Pass run.id as parent.")
    return parent


def _workspace(given: str | os.PathLike[str] | None) -> tuple[Path, str | None]:
    """Return the workspace to write to, made if need be; its id is None while it is away."""
    if given is None:
        found = find_workspace(Path.cwd())
        root = Path.cwd() / FALLBACK if found is None else found
    else:
        root = Path(given).expanduser()
    root = root.absolute()
    try:
        return root, open_workspace(root).id
    except NotFoundError:
        try:
            return root, create_workspace(root, SYSTEM.now()).id
        except (NotAllowedError, SettingsError):
            return root, None
    except SettingsError:
        return root, None


# -- new ---------------------------------------------------------------------------------


def _new(asked: _Asked, root: Path, workspace_id: str | None) -> Run:
    now = SYSTEM.now()
    run_id = new_id(now)
    name = asked.name or default_name(run_id)
    tags = {tag: text for tag, text in asked.tags.items() if text is not None}
    if original := os.environ.get(REPRODUCES_VARIABLE):
        tags.setdefault(REPRODUCES, original)
    card = {
        "format": FORMAT,
        "id": run_id,
        "name": name,
        "experiment": asked.experiment,
        "started": round(now, 3),
        "group": asked.group,
        "parent": asked.parent,
        "params": asked.params,
        "tags": tags,
        "note": asked.note,
        **script_facts(),
        **process_facts(),
        "git": head_facts(),
    }
    origin = Origin(root, workspace_id, asked.experiment, run_id, encode_line(card))
    keeper = Keeper(origin, fresh=True)
    run = Run(keeper, name, asked.experiment)
    keeper.open()
    return run


# -- resumed -----------------------------------------------------------------------------


def _resumed(asked: _Asked, root: Path, workspace_id: str | None, run_id: str) -> Run:
    if not is_id(run_id):
        raise NotFoundError(
            f"{run_id!r} is not the id of a run.",
            hint="Leave run_id out to start a new run; its id is made for you.",
        )
    try:
        folder = find_run(root, run_id, asked.experiment)
        data = (folder / CARD).read_bytes()
        card = _card_fields(data)
    except OSError:  # the share is away: what can be known is what was asked
        folder, data, card = None, None, {}
    experiment = str(card.get("experiment", asked.experiment))
    name = asked.name or str(card.get("name", run_id))
    origin = Origin(root, workspace_id, None if data is None else experiment, run_id, data)
    run = Run(Keeper(origin, fresh=False), name, experiment)
    if folder is not None:
        run.go_on_after(last_step(folder))
    run.open_with(
        name=asked.name if asked.name != card.get("name") else None,
        params=asked.params,
        tags=asked.tags,
        note=asked.note,
    )
    return run


def _card_fields(data: bytes) -> dict[str, Any]:
    import json  # noqa: PLC0415 - loaded already; named here where it is used

    try:
        card = json.loads(data)
    except ValueError:
        return {}
    return card if isinstance(card, dict) else {}


def last_step(folder: Path) -> int:
    """Return the highest last step of a run's writers; -1 if nothing was logged."""
    return max(map(_last_step, (folder / WRITERS).glob(f"*/{METRICS}")), default=-1)


def _last_step(lines: Path) -> int:
    """Return the step of the last line that has one, from as few bytes as hold it."""
    try:
        with lines.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            tail = _TAIL
            while True:
                file.seek(max(0, size - tail))
                step = _last_step_in(file.read(min(size, tail)))
                if step is not None or tail >= size:
                    return -1 if step is None else step
                tail *= 8  # lines longer than that, or without a step
    except OSError:
        return -1


def _last_step_in(tail: bytes) -> int | None:
    import json  # noqa: PLC0415

    for line in reversed(tail.splitlines()):
        try:
            step = json.loads(line)["step"]
        except (ValueError, KeyError, TypeError):  # torn, or not ours: the one before it
            continue
        if isinstance(step, int):
            return step
    return None
