"""Folders outside the journal that this person, on this machine, agreed to have written.

``deploy_to`` stands in a file that everybody with access to the share may change, so it says
where to, never that it may be: a program that only looks at a workspace would else write
wherever a stranger's settings point. Agreed is by promoting or rolling back with the card that
names the folder, or by ``workbench deploy --agree``; kept in this person's own state.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.durable import replace
from workbench.errors import FormatError, NotAllowedError
from workbench.opening import read_small
from workbench.operations.session import Session
from workbench.words import visible

_AGREED: Final = "agreed-folders.json"
_LARGEST: Final = 1 << 20


def agree(session: Session, folder: Path) -> None:
    """Remember that a folder may be written from here; where that cannot be, it is asked again."""
    known = _agreed(session)
    one = _place(session, folder)
    if one in known:
        return
    with suppress(OSError):
        replace(session.state / _AGREED, json.dumps(sorted({*known, one})).encode())


def require_agreed(session: Session, folder: Path) -> None:
    """Refuse a folder nobody on this machine agreed to.

    Raises:
        NotAllowedError: It was never agreed to, or a link leads elsewhere than when it was.
    """
    if _place(session, folder) not in _agreed(session):
        raise NotAllowedError(
            f"Nobody on this machine agreed to deploy to {visible(str(folder))}.",
            hint="If workbench.toml names it rightly, say workbench deploy --agree once.",
        )


def _place(session: Session, folder: Path) -> tuple[str, str]:
    """Return what is agreed to: this workspace, and where the folder really is."""
    return os.path.realpath(session.root), os.path.realpath(folder)


def _agreed(session: Session) -> frozenset[tuple[str, str]]:
    try:
        said = json.loads(read_small(str(session.state / _AGREED), _LARGEST))
        return frozenset((str(root), str(folder)) for root, folder in said)
    except (OSError, ValueError, TypeError, FormatError, RecursionError):
        return frozenset()
