"""Registering a version: files hashed, read and profiled, then a number claimed for them.

Nothing is written before all of that is done, so a file that cannot be read leaves the version
before it standing. Bytes the newest version has already are not registered again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from shutil import disk_usage
from socket import gethostname
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from workbench.datasets import dvc
from workbench.datasets.declared import Declared
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import File, Manifest
from workbench.datasets.versions import folder, hashing, locating
from workbench.datasets.versions.finding import FILE, FOLDER, Found, find
from workbench.datasets.versions.hashing import Hashed
from workbench.datasets.versions.locating import Roots
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.ids import new_id
from workbench.operations.datasets import fields as saying
from workbench.operations.datasets.agreed import agree
from workbench.operations.datasets.names import check_name
from workbench.operations.datasets.numbering import numbered
from workbench.operations.datasets.place import Place, declaration, place_of
from workbench.operations.datasets.reading_in import Progress, Read, read_in
from workbench.operations.session import Session
from workbench.registry import copying
from workbench.words import size as in_words
from workbench.words import visible

ADDED, FOLLOWED, LOGGED = "added", "followed", "logged"
AS_FILES: Final = "registered as files, not as a table"
_NO_OPTIONS: Final[Mapping[str, str]] = MappingProxyType({})
_NOBODY_SAID: Final = Fields()


class Added(NamedTuple):
    """A version, and whether it is new."""

    manifest: Manifest
    new: bool
    """False where the newest version has exactly this already."""
    said: tuple[str, ...] = ()
    """What a person should know: how it was read, what DVC knows."""

    def __str__(self) -> str:
        """Return the short form: ``census@4``."""
        return f"{self.manifest.dataset}@{self.manifest.version}"


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be registered."""

    copy: bool = False
    files: bool = False
    """As a plain set of files, whatever is in them."""
    options: Mapping[str, str] = field(default_factory=lambda: _NO_OPTIONS)
    fields: Fields = _NOBODY_SAID
    how: str = ADDED
    run: str = ""


def add(
    session: Session,
    name: str,
    paths: Path | Sequence[Path] = (),
    *,
    copy: bool = False,
    files: bool = False,
    options: Mapping[str, str] = _NO_OPTIONS,
    fields: Fields = _NOBODY_SAID,
    how: str = ADDED,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Added:
    """Register files as the next version of a dataset, unless the newest one has these bytes.

    Args:
        session: Where, and who.
        name: The dataset's name; the first version makes it.
        paths: A file, a folder, a pattern, a ``.dvc`` file, or several of them; default what the
            settings say.
        copy: Keep the files in the workspace too.
        files: Register a plain set of files that are no table.
        options: How to read them, where that is not found out.
        fields: What is said of the dataset.
        how: `ADDED`, `FOLLOWED` or `LOGGED`.
        on_progress: Told how far it is.
        stopped: Asked now and then whether to end.

    Raises:
        NotFoundError: There is nothing there.
        FormatError: It is no table, or cannot be read; the version before stands.
        NotAllowedError: Nothing can be written here, or there is no room.
        ConflictError: A file changed while it was read.
        UsageError: The name, an option or a field cannot be.
        SettingsError: What the settings say of this dataset is misspelt.
    """
    asked = Asked(copy, files, options, fields, how)
    place = place_of(session)
    if how == ADDED:  # named by hand: from now on it may be followed from here too
        agree(session, _named(place.root, name, paths))
    made = record(place, name, paths, asked, on_progress, stopped)
    said = _said_by_hand(session, name, fields)
    return made._replace(said=(*made.said, *said))


def _named(root: Path, name: str, paths: Path | Sequence[Path]) -> Found:
    """Return the files that are meant, by their paths or by the settings."""
    declared = declaration(root, name)
    own = declared.datasets.get(name)
    return _found(paths or _declared(root, name, own, declared.roots), root)[0]


def record(
    place: Place,
    name: str,
    paths: Path | Sequence[Path],
    asked: Asked,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Added:
    """Register files in a place; raises as `add`."""
    check_name(name)
    saying.check(asked.fields)
    declared = declaration(place.root, name)
    own = declared.datasets.get(name)
    if own is not None and own.copy:
        asked = replace(asked, copy=True)
    options = dict(asked.options) or dict(own.options if own else {})
    found, out = _found(paths or _declared(place.root, name, own, declared.roots), place.root)
    with Stamps(place.cache) as stamps:
        files = hashing.hashed(
            found.files, stamps, place.clock.now, with_md5=out is not None,
            on_bytes=lambda done, total: on_progress(done, total, "bytes"), stopped=stopped,
        )  # fmt: skip
    hash_ = hashing.whole(found, files)
    same = partial(_is_same, hash_, asked, options)
    newest = folder.newest(place.root, name)
    if newest is not None and same(newest):
        return Added(newest, new=False, said=(f"{name}@{newest.version} is exactly this.",))
    _require_not_deleted(place.root, name, hash_, asked)
    settings = own.fields if own else _NOBODY_SAID
    known = saying.over(newest, settings, place.held(name))
    said = saying.laid_over(known, asked.fields)
    read = None if asked.files else _read(found, options, said, place, on_progress, stopped)
    linked, about_dvc = _linked(out, found, files)
    manifest = _manifest(place, name, hash_, found, files, asked, read, declared.roots)
    before = newest.fields if newest else _NOBODY_SAID
    manifest = msgspec.structs.replace(
        manifest, dvc=linked, fields=saying.laid_over(before, asked.fields)
    )
    late = hashing.changed(files)
    if late is not None:
        raise hashing.has_changed(late)
    if asked.copy:
        _require_copyable(place.root, manifest, found)
    fill = partial(_copy, found, files) if asked.copy else None
    claimed = numbered(place, manifest, read, same, fill)
    notes = (*(read.said if read else ()), *about_dvc)
    return Added(claimed.manifest, claimed.new, notes)


def _declared(root: Path, name: str, own: Declared | None, roots: Roots) -> Path:
    """Return the path that the settings say.

    Raises:
        UsageError: They say none.
    """
    if own is None or not own.path:
        raise UsageError(
            f"No path is given for {name}, and the settings say none.",
            hint=f"Write: workbench datasets add {name} PATH",
        )
    return locating.meant(own.path, root, roots)


def _found(paths: Path | Sequence[Path], root: Path) -> tuple[Found, dvc.Out | None]:
    """Return the files that are meant, and what DVC knows of them."""
    asked = [paths] if isinstance(paths, Path) else list(paths)
    out = _dvc_out(asked[0]) if len(asked) == 1 and dvc.is_dvc_file(asked[0]) else None
    found = find([out.path] if out else asked)
    if found.kind == FOLDER and root.resolve().is_relative_to(found.path.resolve()):
        raise UsageError(
            f"{visible(str(found.path))} holds the workspace itself.",
            hint="Name the folder of the data alone.",
        )
    if out is None and found.kind in (FILE, FOLDER):
        out = dvc.known(found.path)
    return found, out


def _dvc_out(file: Path) -> dvc.Out:
    """Return the only file or folder one of DVC's files knows."""
    known = dvc.outs(file)
    if len(known) != 1:
        listed = ", ".join(visible(one.path.name) for one in known[:8])
        raise UsageError(
            f"{visible(str(file))} names {len(known)} files or folders.",
            hint=f"Name one of them: {listed}." if known else "Name the data itself.",
        )
    if not known[0].path.exists():
        raise NotFoundError(
            f"{visible(str(known[0].path))} is not there: DVC has not brought it.",
            hint=f"Run: dvc pull {file.name}",
        )
    return known[0]


def _is_same(hash_: str, asked: Asked, options: Mapping[str, str], there: Manifest) -> bool:
    """Say whether a version is what would be registered: these bytes, read and kept this way."""
    if there.hash != hash_ or (asked.copy and not there.copied):
        return False
    if asked.files:
        return bool(there.unread)
    return not there.unread and all(
        there.read_as.get(name, value) == value for name, value in options.items()
    )


def _require_not_deleted(root: Path, name: str, hash_: str, asked: Asked) -> None:
    """Refuse to bring back by itself what a person deleted.

    Raises:
        NotAllowedError: The last version had these bytes and was deleted.
    """
    entries = folder.entries(root, name)
    if asked.how == ADDED or not entries or not entries[-1].deleted:
        return
    gone = folder.read_deleted(root, name, entries[-1].number)
    if gone is not None and gone.hash == hash_:
        raise NotAllowedError(
            f"{name}@{gone.version} had these bytes and was deleted.",
            hint=f"To register them again: workbench datasets add {name} PATH",
        )


def _read(
    found: Found,
    options: Mapping[str, str],
    said: Fields,
    place: Place,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Read:
    try:
        return read_in(found, options, said, place.cache, on_progress, stopped)
    except FormatError as error:
        hint = error.hint or "To register it as files that are no table, add --files."
        raise FormatError(error.message, hint=hint) from None


def _linked(
    out: dvc.Out | None, found: Found, files: Sequence[Hashed]
) -> tuple[str, tuple[str, ...]]:
    """Return by what DVC knows exactly these bytes, and what to say where it knows others."""
    if out is None:
        return "", ()
    if dvc.knows(out, found, tuple(files)):
        return out.md5, ()
    by = visible(out.written_in.name)
    return "", (f"{by} knows other bytes than are there now; the version is not linked to DVC.",)


def _manifest(
    place: Place,
    name: str,
    hash_: str,
    found: Found,
    files: Sequence[Hashed],
    asked: Asked,
    read: Read | None,
    roots: Roots,
) -> Manifest:
    now = place.clock.now()
    at_root = found.base.resolve() == place.root.resolve()
    base = "" if at_root else locating.written(found.base, place.root, roots)
    stored = [_file(base, part, one) for part, one in zip(found.names, files, strict=True)]
    return Manifest(
        dataset=name,
        version=0,
        hash=hash_,
        files=tuple(stored),
        time=now,
        actor=place.actor,
        host=gethostname(),
        how=asked.how,
        id=new_id(now),
        path=stored[0].path if found.kind == FILE else _path(base, found),
        base=base,
        folder=found.kind == FOLDER,
        copied=asked.copy,
        size=sum(one.stamp.size for one in files),
        reader=read.reader if read else "",
        read_as=dict(read.read_as) if read else {},
        columns=read.columns if read else (),
        rows=read.rows if read else None,
        run=asked.run,
        unread="" if read else AS_FILES,
    )


def _file(base: str, name: str, one: Hashed) -> File:
    path = _joined(base, name)
    return File(path, one.stamp.size, one.digest.sha256, one.digest.md5, one.stamp.mtime_ns)


def _path(base: str, found: Found) -> str:
    """Return the folder or pattern as it is stored."""
    if found.path == found.base:
        return base
    return _joined(base, found.path.relative_to(found.base).as_posix())


def _joined(base: str, name: str) -> str:
    """Return a path below a base; one that begins like a named root is kept apart from it."""
    if not base:
        return f"./{name}" if ":" in name.partition("/")[0] else name
    return f"{base}{name}" if base.endswith(("/", ":")) else f"{base}/{name}"


def _require_copyable(root: Path, manifest: Manifest, found: Found) -> None:
    free = disk_usage(root).free
    if manifest.size > free:
        raise NotAllowedError(
            f"The files have {in_words(manifest.size)}; the workspace has {in_words(free)} free.",
            hint="Make room there, or register them without a copy.",
        )
    seen: dict[str, str] = {}
    for name in found.names:
        why_not = copying.why_not_path(name)
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            why_not = f"and {visible(other)!r} are one name on other systems"
        if why_not:
            raise NotAllowedError(f"{visible(name)!r} {why_not}.", hint="Rename it first.")


def _copy(found: Found, files: Sequence[Hashed], target: Path) -> None:
    for name, one in zip(found.names, files, strict=True):
        copied = copying.copy(one.path.resolve(), target / name, name)
        if copied.sha256 != one.digest.sha256:
            raise hashing.has_changed(one.path)
        (target / name).chmod(0o444)


def _said_by_hand(session: Session, name: str, fields: Fields) -> tuple[str, ...]:
    """Write what is said now as an edit where something said before would count instead."""
    now = saying.fields_of(session, name)
    wanted = saying.laid_over(now, fields)
    changes = {
        key: list(value) if isinstance(value, tuple) else value
        for key in saying.NAMES
        if (value := getattr(wanted, key)) != getattr(now, key)
    } | {
        f"{saying.ROLE}{column}": role
        for column, role in wanted.roles.items()
        if now.roles.get(column) != role
    }
    if not changes:
        return ()
    saying.set_fields(session, name, changes)
    return (f"Said of {name}: {', '.join(changes)}.",)
