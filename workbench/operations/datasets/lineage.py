"""Where a version of a dataset came from and what was made from it; what is touched if it must go.

Told by bytes: a run used a version if it recorded the hash of the whole or of one of its files.
What only names the dataset is told apart, because nobody can know.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from workbench.catalogue import data_descent, data_lines
from workbench.catalogue.data_descent import MadeFrom, Source, Unsure, UsedBy
from workbench.datasets.manifest import COPIES, FOLDER, MANIFEST
from workbench.datasets.versions import folder
from workbench.datasets.versions.encoding import LARGEST_MANIFEST, decode
from workbench.errors import FormatError, NotFoundError, SettingsError
from workbench.opening import inside, read_small
from workbench.operations import trash
from workbench.operations.datasets.names import Ref, no_dataset, no_version
from workbench.operations.datasets.predicted import predicted
from workbench.operations.session import Session
from workbench.registry.policy import read_policy


class DatasetLineage(NamedTuple):
    """A version of a dataset with where it came from and what was made from it."""

    ref: Ref
    source: Source | None
    """The run that brought it; None where none did."""
    runs: tuple[UsedBy, ...]
    """That used it, or one of its files, newest first."""
    models: tuple[tuple[str, int, tuple[str, ...]], ...]
    """Name, version and the stages it holds now, newest first."""
    deployments: tuple[str, ...]
    """Files that point consumers at one of the models now, relative to the workspace."""
    siblings: tuple[Ref, ...]
    """Other versions with the same bytes, under this name or another."""


class Touched(NamedTuple):
    """Everything that is touched if the data of a version, or of all versions, must go."""

    name: str
    versions: tuple[int, ...]
    """Newest first; deleted ones too, for what was made from them is still there."""
    files: tuple[str, ...]
    """Of the data, as in `workbench.datasets.manifest.File.path`."""
    copies: tuple[str, ...]
    """Folders with copies of it, relative to the workspace; those in the trash too."""
    same_bytes: tuple[Ref, ...]
    """Versions outside `versions` with the same bytes."""
    runs: tuple[UsedBy, ...]
    models: tuple[MadeFrom, ...]
    deployments: tuple[str, ...]
    """Pointers of the workspace, and folders outside it that a model was deployed to."""
    unsure: tuple[Unsure, ...]
    """What names the dataset without bytes that any version has."""
    predictions: tuple[str, ...] = ()
    """Files with predictions of its rows, relative to the workspace."""

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON is made of."""
        return {
            "dataset": self.name,
            "versions": list(self.versions),
            "files": list(self.files),
            "copies": list(self.copies),
            "same_bytes": [str(one) for one in self.same_bytes],
            "runs": [_listed(one) for one in self.runs],
            "models": [_listed(one) for one in self.models],
            "deployments": list(self.deployments),
            "predictions": list(self.predictions),
            "unsure": [_listed(one) for one in self.unsure],
        }


def lineage(session: Session, name: str, version: int) -> DatasetLineage:
    """Return where a version came from and what was made from it.

    Raises:
        NotFoundError: There is no such version.
    """
    _require(session, name, version)
    made = data_descent.models(session.catalogue, name, [version])
    return DatasetLineage(
        Ref(name, version),
        data_descent.source(session.catalogue, name, version),
        data_descent.runs(session.catalogue, name, [version]),
        tuple((one.model, one.number, one.stages) for one in made),
        tuple(_pointers(made)),
        tuple(Ref(*one) for one in data_descent.siblings(session.catalogue, name, [version])),
    )


def touched(session: Session, name: str, version: int | None = None) -> Touched:
    """Return everything that is touched if data must go.

    Args:
        session: Where.
        name: Of the dataset.
        version: Its number; None for all versions.

    Raises:
        NotFoundError: There is no such dataset, or no such version.
    """
    numbers = _require(session, name, version)
    wanted = None if version is None else [version]
    catalogue = session.catalogue
    made = data_descent.models(catalogue, name, wanted)
    others = (Ref(*one) for one in data_descent.siblings(catalogue, name, wanted))
    deleted = _deleted(session, name, numbers)
    files = {file for place in deleted for file in _files_in(session, place)}
    left = (f"{place}/{COPIES}" for place in deleted)
    return Touched(
        name,
        numbers,
        tuple(sorted(files | set(data_descent.files(catalogue, name, wanted)))),
        (*_copies(session, name, numbers), *(one for one in left if (session.root / one).is_dir())),
        tuple(one for one in others if one.name != name or one.version not in numbers),
        data_descent.runs(catalogue, name, wanted),
        made,
        (*_pointers(made), *_deployed(session, made)),
        data_descent.unsure(catalogue, name),
        predicted(session.root, name, data_descent.hashes(catalogue, name, wanted)),
    )


def versions_with(session: Session, hashes: Iterable[str]) -> Mapping[str, tuple[Ref, ...]]:
    """Return the versions that hold exactly these bytes: by hash, the newest first.

    Args:
        session: Where.
        hashes: As runs and versions of models record them; empty ones are left out.
    """
    found = data_descent.with_hashes(session.catalogue, [one for one in set(hashes) if one])
    return {digest: tuple(Ref(*one) for one in refs) for digest, refs in found.items()}


def used_as(session: Session, used: Iterable[tuple[str, str]]) -> Mapping[str, tuple[Ref, ...]]:
    """Return which registered versions data is that was recorded by name and hash, by hash.

    Args:
        session: Where.
        used: Name and hash, as runs and versions of models record them; versions of that name
            come first, then the newest.
    """
    names: dict[str, set[str]] = {}
    for name, digest in used:
        names.setdefault(digest, set()).add(name)
    found = versions_with(session, names)
    return {
        digest: tuple(sorted(refs, key=lambda ref: ref.name not in names[digest]))
        for digest, refs in found.items()
    }


def _require(session: Session, name: str, version: int | None) -> tuple[int, ...]:
    """Return the versions meant, newest first, also those deleted.

    Raises:
        NotFoundError: There is none.
    """
    there = data_lines.versions(session.catalogue, name, deleted=True)
    numbers = tuple(one.number for one in there if version in (None, one.number))
    if numbers:
        return numbers
    if not there:
        raise no_dataset(session, name)
    raise no_version(session, Ref(name, version), sorted(one.number for one in there))


def _copies(session: Session, name: str, numbers: Sequence[int]) -> list[str]:
    """Return the folders with copies of versions that stand."""
    lines = data_lines.versions(session.catalogue, name)
    there = (one.number for one in lines if one.copied and one.number in numbers)
    return [f"{FOLDER}/{name}/{number}/{COPIES}" for number in there]


def _deleted(session: Session, name: str, numbers: Sequence[int]) -> list[str]:
    """Return the folders of deleted versions that are still there: in the trash, or not yet."""
    wanted = {f"{FOLDER}/{name}/{number}" for number in numbers}
    entries = folder.entries(session.root, name)
    places = [f"{FOLDER}/{name}/{one.number}" for one in entries if one.deleted]
    left = [place for place in places if place in wanted and (session.root / place).is_dir()]
    gone = (one for one in trash.trashed(session) if one.origin in wanted)
    return left + [
        trash.place_of(session, one).relative_to(session.root).as_posix() for one in gone
    ]


def _files_in(session: Session, place: str) -> tuple[str, ...]:
    """Return the files that a deleted version was of; none where that cannot be read any more."""
    try:
        path = inside(session.root, f"{place}/{MANIFEST}")
        return tuple(one.path for one in decode(read_small(str(path), LARGEST_MANIFEST)).files)
    except (OSError, NotFoundError, FormatError):
        return ()


def _pointers(made: Sequence[MadeFrom]) -> list[str]:
    return [f"deploy/{stage}/{one.model}.json" for one in made for stage in one.stages]


def _deployed(session: Session, made: Sequence[MadeFrom]) -> list[str]:
    """Return the folders outside the workspace where these versions are, or may still be."""
    try:
        stages = read_policy(session.root).stages if made else {}
    except SettingsError:
        return []  # said wherever settings are shown
    found = (
        session.root / stages[stage].deploy_to / one.model / str(one.number)
        for one in made
        for stage in (*one.stages, *one.before)
        if stage in stages and stages[stage].deploy_to
    )
    return [path.as_posix() for path in dict.fromkeys(found) if path.is_dir()]


def _listed(one: UsedBy | MadeFrom | Unsure) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in one._asdict().items()
    }
