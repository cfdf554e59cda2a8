"""What current data are held against: a version, a file, or what a model learned from.

What a model learned from is told by bytes: its journal says which, and the dataset version with
exactly these bytes is the reference, under whatever name it stands today.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from workbench.catalogue.data_descent import holding
from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS, TRAINING
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import folder
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.ids import is_path_name
from workbench.operations.datasets import names as datasets
from workbench.operations.drift.sources import (
    CURRENT,
    Progress,
    Require,
    Source,
    VersionSource,
    file_source,
    version_source,
)
from workbench.operations.registry import names as models
from workbench.operations.session import Session
from workbench.registry.state import State, Version
from workbench.words import visible

RELATIVE: Final = (PREVIOUS, LAST_WEEK, LAST_YEAR)
"""References that differ from chunk to chunk."""
_TRAINING_ROLES: Final = ("training", "train")
_SAY: Final = "Name the reference: a dataset version, or a file."


class Held(NamedTuple):
    """The version of a model that data are judged for."""

    model: str
    number: int
    stage: str
    """The stage it was named by; empty where its number was."""
    version: Version
    state: State

    def __str__(self) -> str:
        """Return the short form: ``flights@2``."""
        return f"{self.model}@{self.number}"


def held(session: Session, text: str) -> Held:
    """Return the version that ``flights@production`` or ``flights@3`` means now.

    Raises:
        NotFoundError: There is no such model, version or stage, or the stage is empty.
        UsageError: It names no version, or its journal cannot be read.
    """
    ref = models.parse(text)
    try:
        state, version = models.resolve(session, ref)
    except FormatError as error:
        raise UsageError(error.message, hint=error.hint) from None
    return Held(ref.model, version.number, ref.stage or "", version, state)


def named_source(
    session: Session | None,
    text: str,
    options: Mapping[str, str],
    on_progress: Progress,
    stopped: Callable[[], bool],
    *,
    what: str = CURRENT,
    require: Require | None = None,
    base: Callable[[str], Path] = Path,
) -> Source:
    """Return the dataset version or the file that a text names; a dataset comes first.

    Args:
        session: The workspace; None for files alone.
        text: ``census@4``, ``census`` for its newest version, or a path.
        options: How to read a file.
        on_progress: Told how far hashing is.
        stopped: Whether to give up.
        what: What it is to the check.
        require: Asked whether a file may be read.
        base: Turns a text into the path that is meant.

    Raises:
        NotFoundError: There is neither.
        UsageError: It cannot be read, or is no table.
    """
    manifest, missing = version_named(session, text)
    if manifest is not None and session is not None:
        return version_source(session, manifest)
    path = base(text)
    try:
        allowed = {} if require is None else {"require": require}
        return file_source(
            session, path, options, on_progress, stopped, name=visible(text), what=what, **allowed
        )
    except NotFoundError:
        if missing is None:
            raise
        raise missing from None


def version_named(
    session: Session | None, text: str
) -> tuple[Manifest | None, NotFoundError | None]:
    """Return the version of a dataset that is meant, else why there is none where no file is.

    Raises:
        NotFoundError: The text can mean nothing else, and there is none.
        UsageError: Its manifest cannot be read.
    """
    if session is None or session.workspace is None or not datasets.is_ref(text):
        return None, None
    try:
        return datasets.resolve(session, datasets.parse(text)), None
    except NotFoundError as error:
        if "@" in text or text.startswith(datasets.SCHEME):
            raise
        there = datasets.parse(text).name in folder.names(session.root)
        return None, error if there else _neither(text, error)
    except FormatError as error:
        raise UsageError(
            f"{visible(text)} cannot be read: {error.message}", hint=error.hint
        ) from None


def _neither(text: str, error: NotFoundError) -> NotFoundError:
    """Return that a text is neither a dataset nor a file."""
    return NotFoundError(
        f"There is neither a dataset nor a file {visible(text)[:200]}.", hint=error.hint
    )


# -- what a model learned from -----------------------------------------------------------


def training(session: Session, of: Held) -> VersionSource:
    """Return what a model version was trained on as a side of a check.

    Raises:
        UsageError: It names none, or several, or no version of a dataset has these bytes; or that
            version is no table.
    """
    return version_source(session, trained_on(session, of), TRAINING)


def trained_on(session: Session, of: Held) -> Manifest:
    """Return the dataset version with the bytes that a model version was trained on.

    Raises:
        UsageError: It names none, or several, or no version of a dataset has these bytes.
    """
    recorded = _training_data(of)
    found = {
        (dataset, number): manifest
        for name, hash_ in recorded
        for dataset, number, manifest in _with_bytes(session, name, hash_)
    }
    if not found:
        called = ", ".join(visible(name) for name, _ in recorded)
        raise UsageError(
            f"The training data of {of}, {called}, are no registered version of a dataset.",
            hint=f"Register them: workbench datasets add NAME PATH. {_SAY}",
        )
    own = {name for name, _ in recorded}
    best = min(found, key=lambda one: (one[0] not in own, one[0], one[1]))
    return found[best]


def _training_data(of: Held) -> list[tuple[str, str]]:
    """Return name and hash of what a version was trained on, as its journal says it."""
    said = of.version.event.details.get("datasets")
    recorded = [one for one in said if isinstance(one, Mapping)] if isinstance(said, list) else []
    chosen = [one for one in recorded if one.get("role") in _TRAINING_ROLES]
    if not chosen and len(recorded) == 1 and not recorded[0].get("role"):
        chosen = recorded
    if not chosen:
        raise UsageError(
            f"{of} names no training data.",
            hint="Log them in the training: run.log_dataset(data, role='training'). " + _SAY,
        )
    named = [(str(one.get("name") or ""), str(one.get("hash") or "")) for one in chosen]
    without = next((name for name, hash_ in named if not hash_), None)
    if without is not None:
        raise UsageError(
            f"{of} was trained on {visible(without)}, of which no hash was recorded.", hint=_SAY
        )
    if len({hash_ for _, hash_ in named}) > 1:
        listed = ", ".join(visible(name) for name, _ in named)
        raise UsageError(f"{of} was trained on several datasets: {listed}.", hint=_SAY)
    return list(dict.fromkeys(named))


def _with_bytes(session: Session, name: str, hash_: str) -> Iterator[tuple[str, int, Manifest]]:
    """Yield the versions that are these bytes as a whole, the newest of each dataset first.

    The index says where to look beside the dataset that was named; the folder decides.
    """
    own = [(name, number) for number in _numbers(session, name)]
    for dataset, number in dict.fromkeys((*holding(session.catalogue, hash_), *own)):
        try:
            manifest = folder.read_manifest(session.root, dataset, number)
        except (NotFoundError, FormatError):
            continue
        if _is_all(manifest, hash_):
            yield dataset, number, manifest


def _is_all(manifest: Manifest, hash_: str) -> bool:
    """Say whether bytes are all of a version; one file in a folder is all of it too."""
    alone = len(manifest.files) == 1 and f"sha256:{manifest.files[0].sha256}" == hash_
    return manifest.hash == hash_ or alone


def _numbers(session: Session, name: str) -> tuple[int, ...]:
    if not is_path_name(name):
        return ()
    return tuple(reversed(folder.standing(session.root, name)))
