"""Making a workspace, and finding the one a person means."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.durable import write_once
from workbench.errors import NotAllowedError, NotFoundError
from workbench.formats.detect import discover
from workbench.settings import (
    SETTINGS,
    Workspace,
    create_workspace,
    find_workspace,
    is_workspace,
)

NOTHING_HERE = "There is no workspace here or above, and no folder of runs."
WHAT_TO_DO = """\
Choose one:
  workbench demo          to look around with sample projects that train while you watch
  workbench open PATH     to open a workspace or a folder of runs elsewhere
  workbench init DIR      to create a workspace"""
_HEAD = """\
# Settings of this workspace, for people. Everything has a default: take the # away from
# what should be otherwise. The folder is the truth; nothing here changes what was logged.

[metrics]
# Which way a metric is good: "min" or "max". Scripts can say so themselves with
# define_metric; without either the workbench guesses by name and says that it guessed.
# "val/auc" = "max"
# "val/loss" = { goal = "min", tolerance = 0.001 }    # how far off still counts as reproduced

[runs]
# Params that are seeds: runs equal in all others collapse to one row.
# seeds = ["seed", "random_state", "random_seed"]

[user]
# Who acts where only one person does; on a shared drive each sets $WORKBENCH_USER instead.
# Without either it is user@host. Not authenticated, and said so.
# name = "ana"
# Where everybody's own SSH key is, for stages that ask for signatures.
# key = "~/.ssh/id_ed25519"

# Stages and what they ask of a version. Without any there are staging and production, and
# neither asks for anything. A check that cannot be evaluated is never passed.
# [stages.production]
# after = "staging"                       # held now, or before
# deploy_to = "/srv/models/production"    # a verified copy outside the workspace
#
# [[stages.production.checks]]
# name = "good enough"
# rule = "metrics.`val/auc` >= 0.85"
#
# [[stages.production.checks]]
# name = "not worse than today"
# rule = "metrics.`val/auc` >= champion.metrics.`val/auc` - 0.002"
#
# [[stages.production.checks]]
# name = "clean source, same columns"
# rule = "git.dirty = false AND signature = champion.signature"
#
# [[stages.production.checks]]
# name = "four eyes"
# kind = "approval"    # or format, files-intact, reproducible, manual, prediction
# count = 1

"""


class Created(NamedTuple):
    """A workspace that is there now."""

    workspace: Workspace
    new: bool
    """It was made by this call."""
    followed: tuple[str, ...]
    """Folders of other tools it follows, as written in its settings."""


def create(root: Path, follow: Sequence[Path], clock: Clock) -> Created:
    """Create a workspace in a folder, with commented settings.

    Args:
        root: The folder; made if it is not there.
        follow: Folders of other tools whose runs are to be shown beside the own ones.
        clock: The time.

    Raises:
        NotFoundError: A folder to follow does not exist.
        NotAllowedError: The folder cannot be written, or has settings already that would
            have to be changed.
    """
    root = root.expanduser().absolute()
    for folder in follow:
        if not folder.expanduser().exists():
            raise NotFoundError(f"{folder} does not exist.", hint="Check the path.")
    folders = tuple(_relative(folder.expanduser(), root) for folder in follow)
    there = is_workspace(root)
    if folders and (root / SETTINGS).exists():
        listed = ", ".join(_quoted(folder) for folder in folders)
        raise NotAllowedError(
            f"{root / SETTINGS} is there already and is yours to edit.",
            hint=f"Write into it, under [sources]: folders = [{listed}]",
        )
    workspace = create_workspace(root, clock.now())
    _write_settings(workspace.root, folders)
    return Created(workspace, not there, folders)


def locate(path: Path | None) -> Path:
    """Return the folder to open: the path, else the workspace near, else runs right here.

    Raises:
        NotFoundError: Nothing of the kind is here.
    """
    if path is not None:
        return path
    here = Path.cwd()
    found = find_workspace(here)
    if found is not None:
        return found
    seen = discover(here)
    if seen.sources or seen.known:
        return here
    raise NotFoundError(NOTHING_HERE, hint=WHAT_TO_DO)


def settings_text(folders: Sequence[str]) -> str:
    """Return the settings file of a new workspace."""
    listed = "".join(f"\n  {_quoted(folder)}," for folder in folders)
    value = f"folders = [{listed}\n]" if folders else '# folders = ["../mlruns"]'
    return (
        f"{_HEAD}[sources]\n"
        "# Folders of other tools, shown beside the own runs and never written to;\n"
        f"# relative to this file.\n{value}\n"
    )


def _write_settings(root: Path, folders: Sequence[str]) -> None:
    try:
        write_once(root / SETTINGS, settings_text(folders).encode(), temp=root / ".workbench/tmp")
    except FileExistsError:
        return  # somebody's own settings: they count
    except OSError as error:
        raise NotAllowedError(
            f"{root / SETTINGS} cannot be written: {error.strerror or error}.",
            hint="Check the folder's permissions.",
        ) from None


def _relative(folder: Path, root: Path) -> str:
    """Return a path from ``root``, so that both can move together; absolute on another drive."""
    try:
        return Path(os.path.relpath(folder.resolve(), root.resolve())).as_posix()
    except ValueError:
        return folder.resolve().as_posix()


def _quoted(text: str) -> str:
    """Return a TOML string."""
    import json  # noqa: PLC0415 - JSON's escapes are TOML's

    return json.dumps(text, ensure_ascii=False)
