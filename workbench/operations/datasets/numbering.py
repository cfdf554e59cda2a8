"""The last step of every registration: what was read becomes a version, or nothing changes."""

from collections.abc import Callable
from pathlib import Path

from workbench.datasets.manifest import FOLDER, Manifest
from workbench.datasets.versions.claiming import Claimed, claim
from workbench.errors import NotAllowedError
from workbench.operations.datasets.place import Place
from workbench.operations.datasets.reading_in import Read
from workbench.registry.patience import Patience


def numbered(
    place: Place,
    manifest: Manifest,
    read: Read | None,
    same: Callable[[Manifest], bool],
    fill: Callable[[Path], None] | None,
) -> Claimed:
    """Register a version under the next number, unless the newest one is the same.

    Raises:
        NotAllowedError: The workspace cannot be written; nothing is left there.
        ConflictError: Others took every number that was tried.
    """
    from workbench.datasets.profiling import encode  # noqa: PLC0415 - numpy

    profile = encode(read.profile) if read else None
    try:
        return claim(place.root, manifest, profile, same, fill, Patience())
    except FileExistsError:
        raise NotAllowedError(
            f"{FOLDER}/{manifest.dataset} is no folder, so nothing can be registered below it.",
            hint="Move it away, or choose another name.",
        ) from None
    except OSError as error:
        raise NotAllowedError(
            f"{manifest.dataset} cannot be registered: {error.strerror or error}.",
            hint="Check the folder's permissions and free space; nothing was changed.",
        ) from error
