"""Places outside a workspace that this person, on this machine, agreed to have read by themselves.

The settings stand in a file that everybody with access to a share may change. Whoever follows it
reads what it names and publishes a summary of that in the workspace, most frequent values and
all: a stranger's line could name any file of one's own. So data outside is followed where the
settings can be nobody else's, or after a person registered it from here by hand.

What was agreed to is what was named: a file, everything below a folder, or what fits a pattern.
Of several files named at once it is these files, never the folder they happen to have in common.
"""

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path
from stat import S_ISDIR, S_ISVTX, S_IWGRP, S_IWOTH
from typing import Final, NamedTuple

from workbench.datasets.versions.finding import FILE, FOLDER, PATTERN, Found
from workbench.durable import replace
from workbench.errors import FormatError, NotAgreedError
from workbench.opening import is_below, places_of, read_small
from workbench.operations.session import Session
from workbench.settings import SETTINGS
from workbench.sync.filesystem import is_local
from workbench.words import visible

_AGREED: Final = "agreed-data.json"
_LARGEST: Final = 16 << 20
_ALL: Final = "**"


class _Agreed(NamedTuple):
    """One thing that was agreed to."""

    root: str
    """Of the workspace it was agreed to for."""
    place: str
    """A file, or the folder that `below` is relative to; where it really is."""
    below: str
    """A pattern of what is below the folder; empty for a file."""

    def covers(self, place: str) -> bool:
        """Say whether a file that is really there may be read."""
        if not self.below:
            return place == self.place
        start = self.place.rstrip(os.sep) + os.sep
        if not place.startswith(start):
            return False
        signs = [one for one, _ in groupby(self.below.split("/"))]  # ** twice is ** once
        return _fits(Path(place[len(start) :]).parts, signs)


class Permit(NamedTuple):
    """What may be read by itself for one dataset."""

    name: str
    home: str
    own: bool
    """The settings are this person's own, who may name any place."""
    agreed: tuple[_Agreed, ...]

    def require(self, places: Iterable[str]) -> None:
        """Refuse data outside the workspace that the settings of others name.

        Args:
            places: Where files really are.

        Raises:
            NotAgreedError: Nobody on this machine agreed to have it read.
        """
        if self.own:
            return
        strange = next((place for place in places if not self._covers(place)), None)
        if strange is not None:
            raise NotAgreedError(
                f"{visible(strange)} is outside the workspace, whose settings others can change, "
                "and nobody on this machine agreed to have it read.",
                hint=f"If workbench.toml names it rightly, say once: "
                f"workbench datasets add {self.name}",
            )

    def _covers(self, place: str) -> bool:
        return is_below(place, self.home) or any(one.covers(place) for one in self.agreed)


def permit_of(session: Session, name: str) -> Permit:
    """Return what may be read by itself for a dataset."""
    home = os.path.realpath(session.root)
    agreed = tuple(one for one in _agreed(session) if one.root == home)
    return Permit(name, home, settings_are_own(session.root), agreed)


def agree(session: Session, found: Found) -> None:
    """Remember that these places may be read from here; where that cannot be, it is asked again."""
    home = os.path.realpath(session.root)
    outside = [place for place in places_of(found.files) if not is_below(place, home)]
    if not outside:
        return
    named = _named(home, found)
    links = (place for place in outside if not any(one.covers(place) for one in named))
    known = _agreed(session)
    new = {*named, *(_Agreed(home, place, "") for place in links)}
    data = json.dumps(sorted(known | new)).encode()
    if not new <= known and len(data) <= _LARGEST:
        with suppress(OSError):
            replace(session.state / _AGREED, data)


def settings_are_own(root: Path) -> bool:
    """Say whether nobody but this person can have written the settings.

    Known on a disk of this machine alone, and not on Windows: what owners and permissions mean on
    a network drive is its server's business, and lists of permissions say more than can be asked
    here. The file must be this person's, and neither it nor a folder on the way to it or to the
    workspace may be one that others can write: they could put another in its place. In a folder
    such as ``/tmp`` they cannot. A group that is one person's own, as many systems make it, is
    theirs. What was unpacked or cloned by this person counts as theirs too: a summary of what it
    names goes to a folder that nobody else writes.
    """
    if os.name == "nt" or not is_local(root):
        return False
    file, home = Path(os.path.realpath(root / SETTINGS)), Path(os.path.realpath(root))
    try:
        mine = os.stat(file).st_uid == os.getuid()  # noqa: PTH116 - as all of these
        return mine and all(map(is_kept, {file, *file.parents, home, *home.parents}))
    except OSError:
        return False


def is_kept(path: Path) -> bool:
    """Say whether nobody but this person and the system can put another thing in its place."""
    facts = os.stat(path)  # noqa: PTH116 - one call
    if facts.st_uid not in (0, os.getuid()):
        return False
    group = 0 if facts.st_gid == facts.st_uid else S_IWGRP
    keeps = S_ISDIR(facts.st_mode) and facts.st_mode & S_ISVTX  # others cannot move what is there
    return bool(keeps) or not facts.st_mode & (S_IWOTH | group)


def _named(home: str, found: Found) -> tuple[_Agreed, ...]:
    """Return what was named, links followed; nothing where several files were."""
    if found.kind == FILE:
        return (_Agreed(home, os.path.realpath(found.path), ""),)
    if found.kind == FOLDER:
        return (_Agreed(home, os.path.realpath(found.path), _ALL),)
    if found.kind == PATTERN:
        below = found.path.relative_to(found.base).as_posix()
        return (_Agreed(home, os.path.realpath(found.base), below),)
    return ()


def _fits(parts: Sequence[str], signs: Sequence[str]) -> bool:
    """Say whether a path fits a pattern, or is below a folder that does."""
    if not signs:
        return True
    if signs[0] == _ALL:
        return _fits(parts, signs[1:]) or (bool(parts) and _fits(parts[1:], signs))
    return bool(parts) and fnmatch(parts[0], signs[0]) and _fits(parts[1:], signs[1:])


def _agreed(session: Session) -> frozenset[_Agreed]:
    try:
        said = json.loads(read_small(str(session.state / _AGREED), _LARGEST))
        return frozenset(_Agreed(*map(str, one)) for one in said)
    except (OSError, ValueError, TypeError, FormatError, RecursionError):
        return frozenset()
