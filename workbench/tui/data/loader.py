"""What the screens of datasets fetch away from the UI thread.

Values are read at once and frozen, so a screen never reads a file; what cannot be read stands in
them in words.
"""

from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import NotFoundError, WorkbenchError
from workbench.operations.session import Session
from workbench.tui.data.columns import ColumnRow, row_of, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.datasets.manifest import Manifest
    from workbench.datasets.profile import Column, Profile
    from workbench.operations.datasets.listing import DatasetLine, VersionLine
    from workbench.operations.datasets.version import DatasetDetail

_MOST_NAMED = 20
_MOST_COMPARED = 60
"""Versions whose profiles are read to show a column over versions; each is up to 100 kB."""


class Datasets(NamedTuple):
    """All datasets, archived ones too."""

    lines: "tuple[DatasetLine, ...]"
    now: float


class DatasetPage(NamedTuple):
    """A dataset with one of its versions."""

    line: "DatasetLine | None"
    """None where the catalogue does not know it yet."""
    versions: "tuple[VersionLine, ...]"
    detail: "DatasetDetail"
    """Of the version that is shown."""
    columns: tuple[ColumnRow, ...]
    fault: str
    """Why there is no profile, or the files are not there."""
    now: float

    @property
    def name(self) -> str:
        """Return the dataset's name."""
        return self.detail.manifest.dataset

    @property
    def version(self) -> int:
        """Return the number of the version that is shown."""
        return self.detail.manifest.version


class AtVersion(NamedTuple):
    """A column as it was in one version."""

    version: "VersionLine"
    row: ColumnRow | None
    """None where the version had no such column, or no profile."""
    column: "Column | None"
    why: str
    """Why there is none."""


class ColumnPage(NamedTuple):
    """One column of one version, and what it was in the others."""

    page: DatasetPage
    name: str
    row: ColumnRow
    column: "Column | None"
    profile: "Profile | None"
    over: tuple[AtVersion, ...]
    """Newest first."""


def load_datasets(session: Session) -> Datasets:
    """Return all datasets as the catalogue and the workspace's folder say."""
    from workbench.operations.datasets.listing import datasets  # noqa: PLC0415 - when asked for

    return Datasets(datasets(session), session.clock.now())


def load_dataset(session: Session, name: str, version: int | None = None) -> DatasetPage:
    """Return a dataset and one version of it, the newest where none is named.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    from workbench.operations.datasets import listing  # noqa: PLC0415 - when asked for
    from workbench.operations.datasets.names import Ref, resolve  # noqa: PLC0415
    from workbench.operations.datasets.version import detail  # noqa: PLC0415

    manifest = resolve(session, Ref(name, version))
    profile, fault = _profile(session, manifest)
    found = detail(session, manifest, profile)
    return DatasetPage(
        listing.dataset(session, name), listing.versions(session, name), found,
        rows_of(manifest, profile, found.fields), fault, session.clock.now(),
    )  # fmt: skip


def load_column(session: Session, name: str, version: int | None, column: str) -> ColumnPage:
    """Return a column of a version, and what it was in the versions around.

    Raises:
        NotFoundError: There is no such dataset, version or column.
    """
    page = load_dataset(session, name, version)
    row = next((one for one in page.columns if one.facts.name == column), None)
    if row is None:
        raise NotFoundError(
            f"{name}@{page.version} has no column {column}.", hint="Look at its columns."
        )
    profile = page.detail.profile
    return ColumnPage(
        page, column, row, _column(profile, column), profile, _over_versions(session, page, column)
    )


def named_datasets(session: Session, query: str) -> tuple[str, ...]:
    """Return datasets that have the letters of what was typed in their name, in order."""
    from workbench.operations.datasets.listing import datasets  # noqa: PLC0415 - when asked for

    letters = query.casefold()
    names = (line.name for line in datasets(session, patience_s=0))
    return tuple(name for name in names if _in_order(letters, name.casefold()))[:_MOST_NAMED]


def _in_order(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters if letter != " ")


def _profile(session: Session, manifest: "Manifest") -> "tuple[Profile | None, str]":
    """Return a version's stored profile, or why there is none."""
    from workbench.operations.datasets.profiles import profile_of  # noqa: PLC0415 - when asked for

    if manifest.unread:
        return None, manifest.unread
    try:
        found = profile_of(session, manifest)
    except (WorkbenchError, OSError) as error:
        return None, str(error)
    return found, "" if found is not None else "It was registered without a profile."


def _column(profile: "Profile | None", name: str) -> "Column | None":
    columns: Sequence[Column] = profile.columns if profile is not None else ()
    return next((one for one in columns if one.name == name), None)


def _over_versions(session: Session, page: DatasetPage, column: str) -> tuple[AtVersion, ...]:
    return tuple(_at(session, page, line, column) for line in page.versions[:_MOST_COMPARED])


def _at(session: Session, page: DatasetPage, line: "VersionLine", name: str) -> AtVersion:
    """Return a column in one version; one bad profile does not hide the others."""
    from workbench.operations.datasets.names import Ref, resolve  # noqa: PLC0415 - when asked for

    try:
        manifest = resolve(session, Ref(page.name, line.number))
    except WorkbenchError as error:
        return AtVersion(line, None, None, str(error))
    profile, why = _profile(session, manifest)
    row = row_of(name, manifest, profile, page.detail.fields)
    return AtVersion(line, row, _column(profile, name), why if row else why or "no such column")
