"""Places outside a workspace that this person, on this machine, agreed to have read by themselves.

The settings stand in a file that everybody with access to a share may change. Whoever follows it
reads what it names and publishes a summary of that in the workspace, most frequent values and
all: a stranger's line could name any file of one's own. So data outside is followed where the
settings can be nobody else's, or after a person registered it from here by hand.
"""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_IWGRP, S_IWOTH
from typing import Final

from workbench.datasets.versions.finding import FILE, Found
from workbench.durable import replace
from workbench.errors import FormatError, NotAllowedError
from workbench.opening import read_small
from workbench.operations.session import Session
from workbench.settings import SETTINGS
from workbench.sync.filesystem import is_local
from workbench.words import visible

_AGREED: Final = "agreed-data.json"
_LARGEST: Final = 4 << 20


def agree(session: Session, found: Found) -> None:
    """Remember that these places may be read from here; where that cannot be, it is asked again."""
    places = _outside(session.root, found.files)
    if not places:
        return
    whole = os.path.realpath(found.path if found.kind == FILE else found.base)
    links = (place for place in places if not _is_below(place, [whole]))
    known = _agreed(session)
    new = {(os.path.realpath(session.root), place) for place in (whole, *links)}
    if not new <= known:
        with suppress(OSError):
            replace(session.state / _AGREED, json.dumps(sorted(known | new)).encode())


def require_agreed(session: Session, name: str, found: Found) -> None:
    """Refuse data outside the workspace that the settings of others name.

    Raises:
        NotAllowedError: Nobody on this machine agreed to have it read.
    """
    places = _outside(session.root, found.files)
    if not places or settings_are_own(session.root):
        return
    here = os.path.realpath(session.root)
    agreed = [place for root, place in _agreed(session) if root == here]
    strange = next((place for place in places if not _is_below(place, agreed)), None)
    if strange is not None:
        raise NotAllowedError(
            f"{visible(strange)} is outside the workspace, whose settings others can change, and "
            "nobody on this machine agreed to have it read.",
            hint=f"If workbench.toml names it rightly, say once: workbench datasets add {name}",
        )


def settings_are_own(root: Path) -> bool:
    """Say whether nobody but this person can have written the settings.

    Known on a disk of this machine alone: what owners and permissions mean on a network drive is
    its server's business. A group that is one person's own, as many systems make it, is theirs.
    """
    if not is_local(root):
        return False
    if os.name == "nt":
        return True
    try:
        facts = os.stat(root / SETTINGS)  # noqa: PTH116 - one call
    except OSError:
        return False
    group = 0 if facts.st_gid == facts.st_uid else S_IWGRP
    return facts.st_uid == os.getuid() and not facts.st_mode & (S_IWOTH | group)


def _outside(root: Path, files: Sequence[Path]) -> tuple[str, ...]:
    """Return where files really are that are not in the workspace."""
    home = [os.path.realpath(root)]
    folders: dict[Path, str] = {}
    found = []
    for file in files:
        if file.parent not in folders:
            folders[file.parent] = os.path.realpath(file.parent)
        real = os.path.join(folders[file.parent], file.name)  # noqa: PTH118 - one of very many
        real = os.path.realpath(file) if file.is_symlink() else real
        if not _is_below(real, home):
            found.append(real)
    return tuple(found)


def _is_below(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places)


def _agreed(session: Session) -> frozenset[tuple[str, str]]:
    try:
        said = json.loads(read_small(str(session.state / _AGREED), _LARGEST))
        return frozenset((str(root), str(place)) for root, place in said)
    except (OSError, ValueError, TypeError, FormatError, RecursionError):
        return frozenset()
