"""Whether a run may be run again: what stands in the way, and whose it is."""

import os
from pathlib import Path

from workbench.client.card import HIDDEN, user_name
from workbench.errors import NotAllowedError
from workbench.operations.reproduce import Plan
from workbench.runfolder import CARD, SOURCE_DIFF


def stranger(of: Plan) -> str:
    """Return why a run counts as another person's, or nothing when it is mine.

    The name in a run's card is what its author wrote; where the system knows who owns the
    file, that must be me as well.
    """
    if of.record.format != "native":
        return f"The run was recorded by another program ({of.record.format})."
    me = user_name()
    if of.record.user != me:
        return f"The run is {of.record.user or 'nobody'}'s, and you are {me or 'nobody'}."
    if hasattr(os, "getuid"):
        owners = {_owner(of.folder / name) for name in (CARD, SOURCE_DIFF)} - {None}
        if owners - {os.getuid()}:
            return "The run's files belong to another account of this system."
    return ""


def require_runnable(of: Plan, *, here: bool) -> None:
    """Refuse what cannot be run again, with the reason.

    Raises:
        NotAllowedError: The command, or a part of the source, is not known.
    """
    name = of.record.name
    if not of.command:
        raise NotAllowedError(
            f"How {name} was started was not recorded.", hint="Run its script by hand."
        )
    if any(HIDDEN in word for word in of.command):
        raise NotAllowedError(
            f"The command of {name} held a secret, which was not recorded.",
            hint="Run the command by hand.",
        )
    if of.command[0] != "python":
        raise NotAllowedError(f"The command of {name} does not start Python.")
    if here:
        return
    if not of.record.commit:
        raise NotAllowedError(
            f"{name} was not started inside a git repository.",
            hint="Use --here in a folder that holds its source.",
        )
    if of.work_folder is None:
        raise NotAllowedError(
            f"Where below its repository {name} was started was not recorded.",
            hint="Use --here in that folder.",
        )
    if of.record.facts.get("diff_cut"):
        raise NotAllowedError(
            f"The uncommitted changes of {name} were too large to be kept whole.",
            hint="Use --here in a folder that holds its source.",
        )


def _owner(path: Path) -> int | None:
    try:
        return path.lstat().st_uid  # of the link itself: it may point at a file of mine
    except OSError:
        return None
