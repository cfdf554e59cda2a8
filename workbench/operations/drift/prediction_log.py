"""The files of what a model predicted: which there are, of which version, and which are new.

A file that is none, or names a version that there is not, is told and hides no other.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import msgspec

from workbench.datasets import predictions
from workbench.datasets.predictions import EVALUATION, PRODUCTION, About
from workbench.datasets.versions.hashing import Hashed
from workbench.durable import replace
from workbench.errors import FormatError, UsageError
from workbench.opening import read_small
from workbench.operations.datasets.scratch import cache_of
from workbench.operations.drift.references import Held
from workbench.operations.drift.sources import Progress, hashed_files
from workbench.operations.session import Session
from workbench.words import visible

_MARK: Final = 16
"""Digits of a file's hash by which it is known as checked."""
_REMEMBERED: Final = 100_000
_CACHE: Final = "predictions"
_LARGEST: Final = 64 << 20
_ABOUTS: Final = msgspec.json.Decoder(dict[str, About])


class Kept(NamedTuple):
    """A prediction file that says what it is; its rows are not read yet."""

    path: Path
    about: About
    hashed: Hashed

    @property
    def mark(self) -> str:
        """Return by what it is known as checked."""
        return self.hashed.digest.sha256[:_MARK]


class Checked(Protocol):
    """What was checked before."""

    @property
    def parts(self) -> frozenset[str]:
        """Return the files that were ever checked."""

    @property
    def newest_parts(self) -> frozenset[str]:
        """Return those that the newest check was about."""


class Log(NamedTuple):
    """The production predictions of a model."""

    by_version: Mapping[int, tuple[Kept, ...]]
    """In order of name."""
    wanted: frozenset[str]
    """Marks of the files that are to be checked."""
    unread: tuple[str, ...]
    """What is said of files that do not count."""


def log_of(
    session: Session,
    of: Held,
    checked: Checked,
    *,
    rest_s: float,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Log:
    """Return what a model predicted in production, and what of it is to be checked.

    Args:
        session: Where.
        of: The version that holds the stage, or the one that is named.
        checked: What was checked before.
        rest_s: For how long a file must not have changed to count.
        on_progress: Told how far hashing is.
        stopped: Whether to give up.

    Raises:
        UsageError: There are files, and not one of them counts.
    """
    paths = settled(session, production_files(session, of.model), rest_s)
    hashed = hashed_files(session, paths, on_progress, stopped)
    found: dict[int, list[Kept]] = {}
    unread = list[str]()
    place = cache_of(session) / _CACHE / f"{of.model}.json"
    known, said = _remembered(place), dict[str, About]()
    for path, one in zip(paths, hashed, strict=True):
        digest = one.digest.sha256
        try:
            about = said[digest] = known.get(digest) or _about(path, one.stamp)
            number = version_of(about, of)
        except FormatError as error:
            unread.append(f"{visible(path.name)} does not count. {error.message}")
            continue
        if about.role == PRODUCTION and (of.stage or number == of.number):
            found.setdefault(number, []).append(Kept(path, about, one))
    if said.keys() != known.keys():
        with suppress(OSError):  # a cache that cannot be written costs a look into every file
            replace(place, msgspec.json.encode(said))
    if unread and not found:
        raise UsageError(unread[0])
    marks = frozenset(file.mark for files in found.values() for file in files)
    wanted = (marks - checked.parts) or (marks & checked.newest_parts)
    return Log({number: tuple(files) for number, files in found.items()}, wanted, tuple(unread))


def production_files(session: Session, model: str) -> list[Path]:
    """Return the files that may be of production, by name."""
    ending = f".{EVALUATION}.parquet"
    return [one for one in predictions.files(session.root, model) if not one.name.endswith(ending)]


def settled(session: Session, paths: Sequence[Path], rest_s: float) -> list[Path]:
    """Return the files that have not changed for some seconds, by the clock of their disk."""
    if not rest_s:
        return list(paths)
    now, found = session.disk_time(), []
    for path in paths:
        try:
            age = now - path.stat().st_mtime
        except OSError:
            continue
        if age >= rest_s or age < -rest_s:  # a time to come is no reason never to look
            found.append(path)
    return found


def evaluations(session: Session, of: Held) -> list[Kept]:
    """Return what a version predicted when it was evaluated, in order of name."""
    ending, found = f".{PRODUCTION}.parquet", list[tuple[Path, About]]()
    for path in predictions.files(session.root, of.model):
        if path.name.endswith(ending):
            continue
        try:
            about = predictions.read_about(path)
            if about.role == EVALUATION and version_of(about, of) == of.number:
                found.append((path, about))
        except FormatError:
            continue
    hashed = hashed_files(session, [path for path, _ in found], _ignore, _never)
    return [Kept(path, about, one) for (path, about), one in zip(found, hashed, strict=True)]


def version_of(about: About, of: Held) -> int:
    """Return the version that predicted; of a run the one that was registered from it.

    Raises:
        FormatError: It names none that there is.
    """
    if about.model != of.model:
        raise FormatError(f"It is of the model {visible(about.model)}.")
    if about.version is not None:
        if about.version in of.state.versions:
            return about.version
        raise FormatError(f"It is of {of.model}@{about.version}, which there is not.")
    for number, version in sorted(of.state.versions.items(), reverse=True):
        run = version.event.details.get("run")
        if about.run and isinstance(run, Mapping) and run.get("id") == about.run:
            return number
    raise FormatError(f"No version of {of.model} was registered from the run it names.")


def _remembered(place: Path) -> dict[str, About]:
    """Return what files say of themselves, by hash: the same bytes say the same."""
    try:
        return _ABOUTS.decode(read_small(str(place), _LARGEST))
    except (OSError, FormatError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


@lru_cache(maxsize=_REMEMBERED)
def _about(path: Path, _stamp: object) -> About:
    """Return what a file says of itself, remembered while it stays as it is.

    Raises:
        FormatError: It is no prediction file.
    """
    return predictions.read_about(path)


def _ignore(_done: int, _total: int, _what: str) -> None:
    """Take note of nothing."""


def _never() -> bool:
    return False
