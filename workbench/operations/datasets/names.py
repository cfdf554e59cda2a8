"""Names of dataset versions as people write them: ``census@4``, ``census``, ``datasets:/census/4``.

Resolved from the folder itself, never from the catalogue: what is looked at must not be behind.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from workbench.datasets.manifest import FOLDER, MANIFEST, Manifest
from workbench.datasets.versions import folder
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.ids import is_path_name
from workbench.operations.registry.rooted import Rooted
from workbench.words import moment, visible

SCHEME: Final = "datasets:/"
_HOW: Final = "Write census for the newest version or census@4 for one of them."
_LONGEST_NUMBER: Final = 9


class Ref(NamedTuple):
    """A dataset, perhaps with one of its versions."""

    name: str
    version: int | None = None

    def __str__(self) -> str:
        """Return the short form."""
        return self.name if self.version is None else f"{self.name}@{self.version}"


def parse(text: str) -> Ref:
    """Return what a name means; nothing is looked up.

    Raises:
        UsageError: It is no name of a dataset or a version.
    """
    whole = text.strip()
    plain = whole.removeprefix(SCHEME)
    sign = "/" if plain != whole and "@" not in plain else "@"
    name, parted, number = plain.partition(sign)
    if not is_path_name(name) or (parted and not number):
        raise UsageError(f"{visible(text)[:80]!r} names no dataset.", hint=_HOW)
    if not parted:
        return Ref(name)
    if not (number.isascii() and number.isdigit()):
        raise UsageError(f"{visible(number)[:80]!r} is no version of a dataset.", hint=_HOW)
    if len(number) > _LONGEST_NUMBER or int(number) == 0:
        raise UsageError(f"{visible(text)[:80]!r} names no version: they are counted from 1.")
    return Ref(name, int(number))


def is_ref(text: str) -> bool:
    """Say whether a text could name a dataset; a file may be called so too."""
    try:
        parse(text)
    except UsageError:
        return False
    return True


def resolve(session: Rooted, ref: Ref) -> Manifest:
    """Return the version a name means: that number, else the newest that can be read.

    Raises:
        NotFoundError: There is no such dataset or version; names what is near.
        FormatError: That version's manifest cannot be read.
    """
    numbers = folder.standing(session.root, ref.name)
    if ref.version is None:
        newest = folder.newest(session.root, ref.name)
        if newest is None:
            raise no_dataset(session, ref.name)
        return newest
    if ref.version not in numbers:
        raise no_version(session, ref, numbers)
    return folder.read_manifest(session.root, ref.name, ref.version)


def check_name(name: object) -> str:
    """Return a name that a dataset can have.

    Raises:
        UsageError: It cannot be one; says which could.
    """
    if isinstance(name, str) and is_path_name(name) and not name.startswith(("-", ".")):
        return name
    from workbench.operations.registry.register import near_name  # noqa: PLC0415 - a registry's

    said = visible(name)[:64] if isinstance(name, str) else visible(repr(name))[:64]
    raise UsageError(
        f"A dataset cannot be called {said!r}.",
        hint="Write at most 64 small letters, digits, dots, dashes and underscores: "
        f"{near_name(name)!r}.",
    )


def no_dataset(session: Rooted, name: str) -> NotFoundError:
    """Return that there is none of this name; names what is near."""
    there = folder.names(session.root)
    if name in there:
        why = _unreadable(session, name)
        return why or NotFoundError(
            f"{name} has no version that can be read.",
            hint=f"Add one: workbench datasets add {name} PATH",
        )
    near = get_close_matches(name, there, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "List them: workbench datasets"
    return NotFoundError(f"There is no dataset {name}.", hint=hint)


def _unreadable(session: Rooted, name: str) -> NotFoundError | None:
    """Return why the newest version that stands cannot be read; None where none stands."""
    for number in reversed(folder.standing(session.root, name)):
        try:
            folder.read_manifest(session.root, name, number)
        except (NotFoundError, FormatError) as error:
            return NotFoundError(
                f"No version of {name} can be read; of {name}@{number}: {error.message}",
                hint=f"Mend {FOLDER}/{name}/{number}/{MANIFEST}, or delete {name}@{number}.",
            )
    return None


def no_version(session: Rooted, ref: Ref, numbers: Sequence[int]) -> NotFoundError:
    """Return that there is none of this number; says which there are, in order, or were."""
    gone = folder.read_deleted(session.root, ref.name, ref.version or 0)
    if gone is not None:
        by = f" by {visible(gone.actor)}" if gone.actor else ""
        when = f" on {moment(gone.time)}" if gone.time else ""
        return NotFoundError(
            f"{ref} was deleted{when}{by}.", hint=f"Look in the trash: workbench restore {ref}"
        )
    if not numbers:
        return no_dataset(session, ref.name)
    return NotFoundError(
        f"There is no {ref}.", hint=f"{ref.name} has versions up to {numbers[-1]}."
    )
