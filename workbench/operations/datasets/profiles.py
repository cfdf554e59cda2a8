"""The stored profile of a version, as it may be shown now."""

from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import Profile
from workbench.datasets.versions import folder
from workbench.operations.datasets.fields import fields_of
from workbench.operations.datasets.masking import masked
from workbench.operations.session import Session


def profile_of(session: Session, manifest: Manifest) -> Profile | None:
    """Return the profile of a version; None where it has none.

    A column that was said to be sensitive since is shown as one.

    Raises:
        FormatError: It is there and cannot be read.
    """
    from workbench.datasets.profiling import decode  # noqa: PLC0415 - numpy

    data = folder.read_profile(session.root, manifest.dataset, manifest.version)
    if data is None:
        return None
    return masked(decode(data), fields_of(session, manifest.dataset).sensitive)
