"""What the screens of datasets fetch away from the UI thread.

Values are read at once and frozen, so a screen never reads a file; what cannot be read stands in
them in words.
"""

from typing import TYPE_CHECKING, NamedTuple

from workbench.datasets.fields import Fields
from workbench.errors import FormatError, NotFoundError, WorkbenchError
from workbench.operations.session import Session
from workbench.tui.data.columns import ColumnRow, row_of, rows_of
from workbench.tui.widgets.narrow import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.datasets.manifest import Manifest
    from workbench.datasets.profile import Column, Profile
    from workbench.operations.datasets.listing import DatasetLine, VersionLine
    from workbench.operations.datasets.version import DatasetDetail

_MOST_NAMED = 20
_NOTHING_SAID = Fields()
_MOST_COMPARED = 60
"""Versions whose profiles are read to show a column over versions; each is up to 100 kB."""


class Datasets(NamedTuple):
    """All datasets, archived ones too."""

    lines: "tuple[DatasetLine, ...]"
    now: float


class DatasetPage(NamedTuple):
    """A dataset with one of its versions."""

    name: str
    line: "DatasetLine | None"
    """None where the catalogue does not know it yet."""
    versions: "tuple[VersionLine, ...]"
    detail: "DatasetDetail | None"
    """Of the version that is shown; None where its manifest cannot be read."""
    columns: tuple[ColumnRow, ...]
    fault: str
    """Why there are no columns, or no profile of them."""
    now: float
    bare: "DatasetPage | None" = None
    """The same with what was stored of columns that are masked; None where there are none."""

    def seen(self, *, unmasked: bool) -> "DatasetPage":
        """Return the page as it may be looked at."""
        return self.bare._replace(now=self.now) if unmasked and self.bare is not None else self

    @property
    def version(self) -> int | None:
        """Return the number of the version that is shown."""
        return self.detail.manifest.version if self.detail is not None else None

    @property
    def profile(self) -> "Profile | None":
        """Return the profile of the version that is shown."""
        return self.detail.profile if self.detail is not None else None

    @property
    def fields(self) -> Fields:
        """Return what people say of the dataset now."""
        return self.detail.fields if self.detail is not None else _NOTHING_SAID


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
    """Without the other columns."""
    name: str
    names: tuple[str, ...]
    """Of all columns of the version."""
    row: ColumnRow
    column: "Column | None"
    """None where there is no profile."""
    over: tuple[AtVersion, ...]
    """Newest first."""
    axis: bool = False
    """It is drawn over an axis, which can be logarithmic or clipped."""
    bare: "ColumnPage | None" = None
    """The same with what was stored of a column that is masked; None where it is not."""

    def seen(self, *, unmasked: bool) -> "ColumnPage":
        """Return the page as it may be looked at."""
        return self.bare if unmasked and self.bare is not None else self


def load_datasets(session: Session) -> Datasets:
    """Return all datasets as the catalogue and the workspace's folder say."""
    from workbench.operations.datasets.listing import datasets  # noqa: PLC0415 - when asked for

    return Datasets(datasets(session), session.clock.now())


def load_dataset(session: Session, name: str, version: int | None = None) -> DatasetPage:
    """Return a dataset and one version of it, the newest where none is named.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    page = load_page(session, name, version)
    return _with_rows(page._replace(bare=page.bare and _with_rows(page.bare)))


def _with_rows(page: DatasetPage) -> DatasetPage:
    if page.detail is None:
        return page
    return page._replace(columns=rows_of(page.detail.manifest, page.profile, page.fields))


def load_standing(session: Session, name: str, version: int | None) -> DatasetPage:
    """Return a dataset and one version of it; the newest too where that one was deleted since.

    Raises:
        NotFoundError: There is no such dataset.
    """
    try:
        return load_dataset(session, name, version)
    except NotFoundError:
        if version is None:
            raise
        return load_dataset(session, name)


def load_column(session: Session, name: str, version: int | None, column: str) -> ColumnPage:
    """Return a column of a version, and what it was in the versions around.

    Raises:
        NotFoundError: There is no such dataset, version or column.
    """
    page = load_page(session, name, version)
    over = tuple(_at(session, page, line, column) for line in page.versions[:_MOST_COMPARED])
    found = _column_page(page, column, over)
    return found._replace(bare=page.bare and _column_page(page.bare, column, over))


def _column_page(page: DatasetPage, column: str, over: tuple[AtVersion, ...]) -> ColumnPage:
    from workbench.charts.profiled import over_axis  # noqa: PLC0415 - numpy

    manifest = page.detail.manifest if page.detail is not None else None
    row = row_of(column, manifest, page.profile, page.fields) if manifest is not None else None
    if manifest is None or row is None:
        said = f"{page.name}@{page.version}" if manifest is not None else page.name
        raise NotFoundError(f"{said} has no column {column}.", hint="Look at its columns.")
    named = page.profile.columns if page.profile is not None else manifest.columns
    found = _column(page.profile, column)
    return ColumnPage(
        page, column, tuple(one.name for one in named), row, found, over,
        found is not None and over_axis(found),
    )  # fmt: skip


def load_page(session: Session, name: str, version: int | None = None) -> DatasetPage:
    """Return a dataset without its columns; one whose manifest is broken has a page too.

    Raises:
        NotFoundError: There is no such dataset or version.
    """
    from workbench.operations.datasets import listing  # noqa: PLC0415 - when asked for
    from workbench.operations.datasets.names import Ref, resolve  # noqa: PLC0415
    from workbench.operations.datasets.version import detail  # noqa: PLC0415

    now = session.clock.now()
    line, versions = listing.dataset(session, name), listing.versions(session, name)
    try:
        manifest = resolve(session, Ref(name, version))
    except (FormatError, NotFoundError) as error:
        if not versions or (version is not None and isinstance(error, NotFoundError)):
            raise
        fault = versions[0].fault or str(error)
        return DatasetPage(name, line, versions, None, (), fault, now)
    profile, fault = _profile(session, manifest)
    found = detail(session, manifest, profile)
    page = DatasetPage(name, line, versions, found, (), fault, now)
    if profile is None or not any(column.sensitive for column in profile.columns):
        return page
    stored, _ = _profile(session, manifest, unmask=True)
    return page._replace(bare=page._replace(detail=found._replace(profile=stored)))


def named_datasets(session: Session, query: str) -> tuple[str, ...]:
    """Return datasets that have the letters of what was typed in their name, in order."""
    from workbench.operations.datasets.listing import datasets  # noqa: PLC0415 - when asked for

    names = (line.name for line in datasets(session, patience_s=0))
    return tuple(name for name in names if in_order(query, name))[:_MOST_NAMED]


def _profile(
    session: Session, manifest: "Manifest", *, unmask: bool = False
) -> "tuple[Profile | None, str]":
    """Return a version's profile, or why there is none."""
    from workbench.operations.datasets.profiles import profile_of  # noqa: PLC0415 - when asked for

    if manifest.unread:
        return None, manifest.unread
    try:
        found = profile_of(session, manifest, unmask=unmask)
    except (WorkbenchError, OSError) as error:
        return None, str(error)
    return found, "" if found is not None else "It was registered without a profile."


def _column(profile: "Profile | None", name: str) -> "Column | None":
    columns: Sequence[Column] = profile.columns if profile is not None else ()
    return next((one for one in columns if one.name == name), None)


def _at(session: Session, page: DatasetPage, line: "VersionLine", name: str) -> AtVersion:
    """Return a column in one version; one bad profile does not hide the others."""
    from workbench.operations.datasets.names import Ref, resolve  # noqa: PLC0415 - when asked for

    try:
        manifest = resolve(session, Ref(page.name, line.number))
    except WorkbenchError as error:
        return AtVersion(line, None, None, str(error))
    profile, why = _profile(session, manifest)
    row = row_of(name, manifest, profile, page.fields)
    return AtVersion(line, row, _column(profile, name), why if row else why or "no such column")
