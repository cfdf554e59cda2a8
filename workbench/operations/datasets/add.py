"""Registering a version: files hashed, read and profiled, then a number claimed for them.

Nothing is written before all of that is done, so a file that cannot be read leaves the version
before it standing. Bytes the newest version has already are not registered again.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from shutil import disk_usage
from socket import gethostname
from typing import Final, NamedTuple, TypeAlias

import msgspec

from workbench.datasets import dvc
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import File, Manifest
from workbench.datasets.versions import folder, hashing, locating
from workbench.datasets.versions.claiming import Claimed
from workbench.datasets.versions.finding import FILE, FOLDER, Found
from workbench.datasets.versions.hashing import Hashed
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import FormatError, NotAllowedError
from workbench.ids import new_id
from workbench.opening import is_below, places_of
from workbench.operations.datasets import fields as saying
from workbench.operations.datasets.agreed import agree, permit_of
from workbench.operations.datasets.numbering import numbered
from workbench.operations.datasets.place import Place, place_of, require_columns
from workbench.operations.datasets.planning import (
    ADDED,
    FOLLOWED,
    NO_OPTIONS,
    NOBODY_SAID,
    Asked,
    Plan,
    planned,
)
from workbench.operations.datasets.reading_in import Progress, Read, read_in
from workbench.operations.session import Session
from workbench.registry import copying
from workbench.words import size as in_words
from workbench.words import visible

AS_FILES: Final = "registered as files, not as a table"
Require: TypeAlias = Callable[[Iterable[str]], None]
"""Raises where one of these places, where files really are, may not be read."""


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


def add(
    session: Session,
    name: str,
    paths: Path | Sequence[Path] = (),
    *,
    copy: bool = False,
    files: bool = False,
    options: Mapping[str, str] = NO_OPTIONS,
    fields: Fields = NOBODY_SAID,
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
    place = place_of(session)
    saying.check(fields)
    plan = planned(place.root, name, paths, Asked(copy, files, options, fields, how))
    require = permit_of(session, name).require if how == FOLLOWED else _anywhere
    made = _carried_out(place, plan, require, on_progress, stopped)
    if how == ADDED:  # named by hand: from now on it may be followed from here too
        agree(session, plan.found)
    said = _said_by_hand(session, name, fields)
    return made._replace(said=tuple(dict.fromkeys((*made.said, *said))))


def record(place: Place, name: str, path: Path, asked: Asked) -> Added:
    """Register files that a script names; raises as `add`."""
    plan = planned(place.root, name, path, asked)
    return _carried_out(place, plan, _anywhere, lambda _done, _total, _what: None, lambda: False)


def _anywhere(_places: Iterable[str]) -> None:
    """Let everything be read: who named it is here."""


def _carried_out(
    place: Place,
    plan: Plan,
    require: Require,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Added:
    """Register what is planned.

    Where files are is asked before, of each that is opened, and when all are read: whoever can
    write where they are could put a link to another file in the place of one in between.
    """
    asked = plan.asked
    require(places_of(plan.found.files))
    files = _hashed(place, plan, require, on_progress, stopped)
    hash_ = hashing.whole(plan.found, files)
    same = partial(_is_same, hash_, asked)
    newest = folder.newest(place.root, plan.name)
    if newest is not None and same(newest):
        return Added(newest, new=False, said=(f"{plan.name}@{newest.version} is exactly this.",))
    _require_not_deleted(place.root, plan.name, hash_, asked)
    read = None if asked.files else _read(place, plan, newest, on_progress, stopped)
    linked, about_dvc = _linked(plan.out, plan.found, files)
    before = newest.fields if newest else NOBODY_SAID
    manifest = _manifest(place, plan, hash_, files, read)
    manifest = msgspec.structs.replace(
        manifest, dvc=linked, fields=saying.laid_over(before, asked.fields)
    )
    require(places_of(plan.found.files))
    claimed = _claimed(place, plan, manifest, read, files, same)
    return Added(claimed.manifest, claimed.new, (*(read.said if read else ()), *about_dvc))


def _claimed(
    place: Place,
    plan: Plan,
    manifest: Manifest,
    read: Read | None,
    files: Sequence[Hashed],
    same: Callable[[Manifest], bool],
) -> Claimed:
    """Claim a number for files that are still what was read, with a copy of them if asked for."""
    late = hashing.changed(files)
    if late is not None:
        raise hashing.has_changed(late)
    if not plan.asked.copy:
        return numbered(place, manifest, read, same, None)
    _require_copyable(place.root, manifest, plan.found)
    return numbered(place, manifest, read, same, partial(_copy, plan.found, files))


def _hashed(
    place: Place,
    plan: Plan,
    require: Require,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> tuple[Hashed, ...]:
    with Stamps(place.cache) as stamps:
        return hashing.hashed(
            plan.found.files, stamps, place.clock.now, with_md5=plan.out is not None,
            on_bytes=lambda done, total: on_progress(done, total, "bytes"), stopped=stopped,
            require=require,
        )  # fmt: skip


def _is_same(hash_: str, asked: Asked, there: Manifest) -> bool:
    """Say whether a version is what would be registered: these bytes, read and kept this way."""
    if there.hash != hash_ or (asked.copy and not there.copied):
        return False
    if asked.files:
        return bool(there.unread)
    return not there.unread and all(
        there.read_as.get(name, value) == value for name, value in asked.options.items()
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
    place: Place,
    plan: Plan,
    newest: Manifest | None,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Read:
    known = saying.over(newest, plan.settled, place.held(plan.name))
    said = saying.laid_over(known, plan.asked.fields)
    options = plan.asked.options
    try:
        read = read_in(plan.found, options, said, place.cache, on_progress, stopped)
    except FormatError as error:
        if error.hint:
            raise
        hint = "To register it as files that are no table, add --files."
        raise FormatError(error.message, hint=hint) from None
    require_columns(place, plan.name, plan.asked.fields, newest, read.columns)
    return read._replace(said=(*read.said, *saying.replaced(known, said)))


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
    place: Place, plan: Plan, hash_: str, files: Sequence[Hashed], read: Read | None
) -> Manifest:
    now, found, asked = place.clock.now(), plan.found, plan.asked
    base = _base(place.root, plan)
    stored = [_file(base, part, one) for part, one in zip(found.names, files, strict=True)]
    return Manifest(
        dataset=plan.name,
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


def _base(root: Path, plan: Plan) -> str:
    """Return the folder of the files as it is stored; absolute where a link leads out of it."""
    home = os.path.realpath(root)
    if not all(is_below(one, home) for one in places_of(plan.found.files)):
        return locating.apart(plan.found.base, root, plan.roots)
    at_root = os.path.realpath(plan.found.base) == home
    return "" if at_root else locating.written(plan.found.base, root, plan.roots)


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
    return (f"Said of {name}: {', '.join(changes)}.", *saying.replaced(now, wanted))
