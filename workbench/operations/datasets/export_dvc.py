"""A version as a ``.dvc`` file that DVC itself can pull.

The file says by which md5 DVC knows the bytes; the bytes go where DVC looks for them: into the
folder of its default remote where that is a folder, else into the cache of its repository. Each
object appears whole or not at all, as several people may export into one remote.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from configparser import ConfigParser, Error
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets import dvc
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import hashing
from workbench.datasets.versions.hashing import Hashed
from workbench.datasets.versions.stamps import Stamps
from workbench.durable import replace, sync_folder, temp_name
from workbench.errors import ConflictError, FormatError, NotAllowedError
from workbench.opening import read_small
from workbench.operations.datasets.locate import files_of, names_in
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.session import Session
from workbench.registry import copying
from workbench.words import visible

_OBJECTS: Final = "files/md5"
_LARGEST: Final = 1 << 20
_READ_ONLY: Final = 0o444


class Exported(NamedTuple):
    """What was written for DVC."""

    path: Path
    """The ``.dvc`` file."""
    md5: str
    """By what DVC knows the whole."""
    objects: Path | None
    """The folder the bytes went to; None where DVC has nowhere to look yet."""
    pull: str
    """The command that brings the data, or why there is none yet."""


def export_dvc(
    session: Session,
    ref: Ref,
    folder: Path,
    *,
    objects: Path | None = None,
    force: bool = False,
    on_progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Exported:
    """Write a version for DVC.

    Args:
        session: Where the version is.
        ref: The version.
        folder: Where the ``.dvc`` file goes: in a repository of DVC.
        objects: The folder of a remote; default the repository's default remote, else its cache.
        force: Write over a ``.dvc`` file that is there.
        on_progress: Told how far it is.
        stopped: Asked now and then whether to end.

    Raises:
        NotFoundError: There is no such version, or its files are away.
        ConflictError: They have changed since, or a ``.dvc`` file is there already.
        NotAllowedError: It cannot be written.
    """
    manifest = resolve(session, ref)
    files, names = files_of(session, manifest), names_in(manifest)
    hashed = _as_registered(session, manifest, files, on_progress, stopped)
    single = len(files) == 1 and not manifest.folder
    title = _title(manifest, names[0] if single else "")
    target = folder / (title + dvc.SUFFIX)
    if target.exists() and not force:
        raise ConflictError(f"There is a {visible(str(target))} already.", hint="Add --force.")
    whole, listed = _known_by(names, hashed, single=single)
    place = objects or _where_dvc_looks(folder)
    text = dvc.text_of(
        title, whole, manifest.size, None if single else len(files), _about(manifest)
    )
    try:
        if place is not None:
            _put_objects(place, hashed, whole, listed)
        replace(target, text.encode())
    except OSError as error:
        where = visible(str(error.filename or target))
        raise NotAllowedError(f"{where} cannot be written: {error.strerror or error}.") from error
    return Exported(target, whole, place, _pull(target, place, folder))


def _as_registered(
    session: Session,
    manifest: Manifest,
    files: Sequence[Path],
    on_progress: Callable[[int, int, str], None],
    stopped: Callable[[], bool],
) -> tuple[Hashed, ...]:
    """Return the hashes of a version's files, which are those that were registered."""
    with Stamps(session.cache) as stamps:
        hashed = hashing.hashed(
            files, stamps, session.clock.now, with_md5=True,
            on_bytes=lambda done, total: on_progress(done, total, "bytes"), stopped=stopped,
        )  # fmt: skip
    for file, one in zip(manifest.files, hashed, strict=True):
        if file.sha256 != one.digest.sha256:
            raise ConflictError(
                f"{visible(file.path)} has changed since {manifest.dataset}@{manifest.version}.",
                hint="Export the newest version, or bring the file back as it was.",
            )
    return hashed


def _title(manifest: Manifest, name: str) -> str:
    """Return what the data is called beside its ``.dvc`` file."""
    if name:
        return name.rpartition("/")[2]
    return (manifest.path if manifest.folder else "").rpartition("/")[2] or manifest.dataset


def _about(manifest: Manifest) -> Mapping[str, object]:
    return {"dataset": manifest.dataset, "version": manifest.version, "hash": manifest.hash}


def _known_by(
    names: Sequence[str], hashed: Sequence[Hashed], *, single: bool
) -> tuple[str, bytes | None]:
    """Return by what DVC knows the whole, and the list of files it keeps of a folder."""
    if single:
        return hashed[0].digest.md5, None
    return dvc.listing(dict(zip(names, (one.digest.md5 for one in hashed), strict=True)))


# -- where DVC looks -----------------------------------------------------------------------


def _where_dvc_looks(folder: Path) -> Path | None:
    """Return the folder of the default remote, else of the cache; None outside a repository."""
    repository = _repository(folder)
    if repository is None:
        return None
    remote = _default_remote(repository)
    return repository / "cache" if remote is None else remote


def _repository(folder: Path) -> Path | None:
    full = folder.absolute()
    there = (one / dvc.REPOSITORY for one in (full, *full.parents))
    return next((one for one in there if one.is_dir()), None)


def _default_remote(repository: Path) -> Path | None:
    """Return the folder of the default remote; None where there is none, or it is no folder."""
    config = ConfigParser(interpolation=None, strict=False)
    for name in ("config", "config.local"):
        with suppress(OSError, FormatError, UnicodeDecodeError, Error):
            config.read_string(read_small(str(repository / name), _LARGEST).decode())
    remote = config.get("core", "remote", fallback="")
    url = config.get(f"'remote \"{remote}\"'", "url", fallback="") if remote else ""
    if not url or "://" in url:
        return None
    return Path(os.path.normpath(repository / url))


def _pull(target: Path, place: Path | None, folder: Path) -> str:
    repository = _repository(folder)
    if place is None or repository is None:
        return "It is in no repository of DVC: `dvc init` there, and export again."
    verb = "checkout" if place == repository / "cache" else "pull"
    return f"dvc {verb} {target.name}"


def _put_objects(place: Path, hashed: Sequence[Hashed], whole: str, listed: bytes | None) -> None:
    for one in hashed:
        goal = _object(place, one.digest.md5)
        if goal.is_file() and goal.stat().st_size == one.stamp.size:
            continue
        goal.parent.mkdir(parents=True, exist_ok=True)
        draft = goal.with_name(temp_name(os.urandom(8).hex()))
        try:
            copied = copying.copy(one.path.resolve(), draft, str(one.path))
            if copied.sha256 != one.digest.sha256:
                raise hashing.has_changed(one.path)
            draft.chmod(_READ_ONLY)
            draft.replace(goal)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(goal.parent)
    if listed is not None and not _object(place, whole).is_file():
        replace(_object(place, whole), listed)  # last: a list is there only with its files
        _object(place, whole).chmod(_READ_ONLY)


def _object(place: Path, md5: str) -> Path:
    return place / _OBJECTS / md5[:2] / md5[2:]
