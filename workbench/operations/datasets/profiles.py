"""The stored profile of a version, as it may be shown now."""

from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import Profile
from workbench.datasets.versions import folder
from workbench.errors import FormatError
from workbench.operations.datasets.fields import fields_of
from workbench.operations.session import Session


def profile_of(session: Session, manifest: Manifest, *, unmask: bool = False) -> Profile | None:
    """Return the profile of a version; None where it has none.

    Args:
        session: Where.
        manifest: The version.
        unmask: As it was stored; else a column that was said to be sensitive since is one.

    Raises:
        FormatError: It is there and cannot be read, or is of another table.
    """
    from workbench.datasets.profiling import decode  # noqa: PLC0415 - numpy
    from workbench.datasets.profiling.hiding import hide  # noqa: PLC0415

    data = folder.read_profile(session.root, manifest.dataset, manifest.version)
    if data is None:
        return None
    found = decode(data)
    _require_fit(found, manifest)
    if unmask:
        return found
    names = [column.name for column in found.columns]
    return hide(found, fields_of(session, manifest.dataset).hidden_among(names))


def _require_fit(profile: Profile, manifest: Manifest) -> None:
    """Raise where a profile is of other rows or columns than the version has."""
    rows = profile.rows if manifest.rows is None else manifest.rows
    names = [column.name for column in profile.columns]
    if profile.rows != rows or names != [column.name for column in manifest.columns]:
        raise FormatError(
            "The profile does not fit the version: it has other rows or columns.",
            hint="Register the data once more to have it profiled again.",
        )
