"""Registering data from the script that uses it.

The run records what the client records: name, path, hash, role. Then the same bytes become a
version of the dataset, unless its newest one is exactly that. A training is not to fail because of
it: in a run whatever goes wrong is told once, with the command that repeats it. No catalogue is
opened here.

What is too large to be read twice inside a training is left to `workbench datasets add`, or to
whoever follows it: files from 200 MB on. A table in memory without a name, and anything that is
no table with named columns, is recorded with the run alone.
"""

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.client.active import active_run
from workbench.client.checks import whole_text
from workbench.client.datasets import describe
from workbench.client.notice import tell_once
from workbench.clock import SYSTEM, Clock
from workbench.datasets.versions import finding
from workbench.errors import FormatError, NotFoundError
from workbench.operations.datasets.add import Added, record
from workbench.operations.datasets.in_memory import register_table
from workbench.operations.datasets.place import Place, declaration, place_at
from workbench.operations.datasets.planning import LOGGED, Asked
from workbench.operations.registry.register import near_name
from workbench.runfolder import checked_name
from workbench.settings import find_workspace, is_workspace
from workbench.words import size as in_words
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.client.run import Run

CHEAP: Final = 200 << 20
"""Bytes of files that are read and profiled inside a training: about a second or two."""
_FAMILIES: Final = ("pandas", "polars", "pyarrow")


def log_dataset(
    data: Any,
    name: str | None = None,
    role: str = "training",
    *,
    version: str | None = None,
    source: str | None = None,
    copy: bool = False,
    workspace: str | Path | None = None,
    run: "Run | None" = None,
    clock: Clock = SYSTEM,
) -> Mapping[str, Any]:
    """Record what the active run was trained or tested on, and register it as a dataset version.

    Args:
        data: A path to a file or folder, an address, or a pandas, polars or Arrow table.
        name: What to call it; default the file's name.
        role: "training", "validation", "test" or your own word.
        version: Your own word for its state.
        source: Where a table came from.
        copy: Keep the file, or the table as Parquet, in the workspace too.
        workspace: Where there is no run: the workspace; default the one near.
        run: Default the active one.
        clock: The time.

    Returns:
        What was recorded, and as ``registered`` the version such as ``census@4``, or None.

    Raises:
        NotFoundError: There is nothing at that path.
        UsageError: It is neither a path nor a table.
        WorkbenchError: Outside of a run: whatever stands in the way.
    """
    of = run or active_run()
    if of is None:
        root = _near(workspace)
        own = {"version": version, "source": source}
        facts = describe(data, name, checked_name(role, "role"), root)
        facts |= {key: whole_text(str(word)) for key, word in own.items() if word is not None}
        made = _register(place_at(root, clock), data, name, facts, copy, "")
        return {**facts, "registered": str(made) if made else None}
    facts = of.log_dataset(data, name, role, version=version, source=source)
    try:
        made = _register(place_at(of.workspace, clock), data, name, facts, copy, of.id)
    except Exception as error:  # noqa: BLE001 - a training goes on without a registration; told
        _tell(of, data, facts, error)
        made = None
    return {**facts, "registered": str(made) if made else None}


def _near(workspace: str | Path | None) -> Path:
    root = find_workspace(Path.cwd()) if workspace is None else Path(workspace).expanduser()
    if root is None or not is_workspace(root):
        raise NotFoundError(
            f"{root or 'No folder here or above'} is not a workspace.",
            hint="Call workbench.start_run first, or create one with: workbench init DIR",
        )
    return root


def _register(
    place: Place, data: Any, name: str | None, facts: Mapping[str, Any], copy: bool, run: str
) -> Added | None:
    """Register data; None where it is of a kind that is only recorded."""
    own = near_name(facts["name"])
    if isinstance(data, str | os.PathLike):
        text = os.fspath(data)
        if "://" in text:
            return None
        _tell_name(facts["name"], own)
        return _of_path(place, Path(text), own, copy, run)
    if name is None or not _is_table(data):
        return None
    _tell_name(facts["name"], own)
    return register_table(place, data, own, facts["hash"], copy=copy, run=run)


def _of_path(place: Place, path: Path, name: str, copy: bool, run: str) -> Added | None:
    found = finding.find(path)
    size = sum(file.stat().st_size for file in found.files)
    if size > CHEAP:
        declared = declaration(place.root, name).datasets.get(name)
        if declared is None or not declared.path or not declared.follow:
            tell_once(
                f"large {name}",
                f"{visible(str(path))} has {in_words(size)} and is not read twice in a training; "
                f"register it with: {_command(place.root, name, path)}",
            )
        return None
    return record(place, name, path, Asked(copy=copy, how=LOGGED, run=run))


def _tell_name(said: str, own: str) -> None:
    """Say once that a dataset is registered under another name than the run recorded."""
    if said != own:
        tell_once(
            f"dataset {said}",
            f"no dataset can be called {visible(said)!r}: it is registered as {own}",
        )


def _is_table(data: Any) -> bool:
    """Say whether data is a table with named columns, of a library that is known."""
    family = type(data).__module__.partition(".")[0]
    return family in _FAMILIES and len(getattr(data, "shape", ())) == 2 and hasattr(data, "columns")  # noqa: PLR2004 - rows and columns


def _tell(run: "Run", data: Any, facts: Mapping[str, Any], error: Exception) -> None:
    said = visible(str(error)).rstrip(".") or type(error).__name__
    name = near_name(facts["name"])
    if isinstance(data, str | os.PathLike):
        option = error.option if isinstance(error, FormatError) else None
        what = f"repeat it with: {_command(run.workspace, name, Path(data), option)}"
    else:
        what = "write the table to a file and log its path to register it later"
    tell_once(
        f"log_dataset {run.id} {name} {said}",
        f"the dataset {visible(name)} was not registered: {said}. The run goes on; {what}",
    )


def _command(root: Path, name: str, path: Path, option: tuple[str, str] | None = None) -> str:
    words = ["workbench", "datasets", "add", name, str(path)]
    if option is not None:
        words += [f"--{option[0]}", option[1]]
    if find_workspace(Path.cwd()) != root:
        words += ["--workspace", str(root)]
    return visible(shlex.join(words))
