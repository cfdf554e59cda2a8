"""Registering a table that a script holds in memory: what it is, and its rows only if asked."""

from functools import partial
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workbench.datasets.fields import Fields
from workbench.datasets.manifest import File, Manifest
from workbench.datasets.versions import folder, hashing
from workbench.datasets.versions.stamps import Stamps
from workbench.datasets.versions.table_hash import table_hash
from workbench.errors import UsageError
from workbench.ids import new_id
from workbench.operations.datasets import fields as saying
from workbench.operations.datasets.add import Added
from workbench.operations.datasets.names import check_name
from workbench.operations.datasets.numbering import numbered
from workbench.operations.datasets.place import Place, declaration, require_columns
from workbench.operations.datasets.planning import LOGGED
from workbench.operations.datasets.reading_in import Read, of_table
from workbench.operations.datasets.scratch import scratch_in
from workbench.registry import copying
from workbench.words import size as in_words
from workbench.words import visible

if TYPE_CHECKING:
    import polars as pl

LARGEST: Final = 2 << 30
"""Bytes of a table that is profiled in a script."""
_NOBODY_SAID: Final = Fields()


def register_table(
    place: Place, data: Any, name: str, hash_: str | None, *, copy: bool = False, run: str = ""
) -> Added:
    """Register a table in memory, unless the newest version of the dataset is exactly it.

    Args:
        place: Where, and who.
        data: A pandas, polars or Arrow table.
        name: The dataset's name.
        hash_: What the client recorded of it; None where that was not cheap.
        copy: Keep its rows as Parquet in the workspace.
        run: Id of the run that uses it.

    Raises:
        UsageError: It is too large, or no table.
        NotAllowedError: Nothing can be written here.
        SettingsError: What the settings say of this dataset is misspelt.
    """
    from workbench.datasets.reading import of_frame  # noqa: PLC0415 - with polars
    from workbench.datasets.tables import table_of  # noqa: PLC0415 - with polars

    own = declaration(place.root, check_name(name)).datasets.get(name)
    data, notes = _plain_pandas(data)
    frame = table_of(data)
    size = int(frame.estimated_size())
    if size > LARGEST:
        raise UsageError(
            f"The table has {in_words(size)}.",
            hint="Write it to a Parquet file and log its path.",
        )
    copy = copy or (own is not None and own.copy)
    whole = hash_ or table_hash(frame)
    same = partial(_is_same, whole, copy)
    newest = folder.newest(place.root, name)
    if newest is not None and same(newest):
        return Added(newest, new=False)
    said = saying.over(newest, own.fields if own else _NOBODY_SAID, place.held(name))
    read = of_table(of_frame(frame), said, lambda _done, _total, _what: None, lambda: False)
    require_columns(place, name, _NOBODY_SAID, newest, read.columns)
    read = read._replace(said=(*notes, *read.said))
    made = _manifest(place, name, whole, read, size, run)
    made = msgspec.structs.replace(made, fields=newest.fields if newest else _NOBODY_SAID)
    return _claimed(place, made, read, frame, same) if copy else _plain(place, made, read, same)


def _plain_pandas(data: Any) -> tuple[Any, tuple[str, ...]]:
    """Return a pandas table with names and cells any table may have, and what was done for it.

    Names are made texts that occur once, an index of several levels becomes columns, and a column
    of several types becomes text; other tables come back as they are.
    """
    if type(data).__module__.partition(".")[0] != "pandas":
        return data, ()
    from workbench.datasets.reading.names import unique  # noqa: PLC0415 - with polars

    notes: list[str] = []
    if data.index.nlevels > 1 and None not in data.index.names:
        data = data.reset_index()
    names, said = unique([str(name) for name in data.columns])
    data = data.set_axis(list(names), axis=1)
    notes += [said] if said else []
    for name in names:
        if data[name].dtype == object and not _is_of_one_type(data[name]):
            data = data.assign(**{name: data[name].map(str, na_action="ignore")})
            notes.append(f"{visible(name)} holds several types and was read as text.")
    return data, tuple(notes)


def _is_of_one_type(column: Any) -> bool:
    """Say whether polars takes the cells of a column as they are."""
    import polars as pl

    cells = zip(column.to_numpy(dtype=object), column.isna().to_numpy(), strict=True)
    try:
        pl.Series([None if empty else value for value, empty in cells], strict=True)
    except (pl.exceptions.PolarsError, TypeError, ValueError):
        return False
    return True


def _is_same(hash_: str, copy: bool, there: Manifest) -> bool:
    return there.hash == hash_ and (there.copied or not copy)


def _plain(place: Place, manifest: Manifest, read: Read, same: Any) -> Added:
    made = numbered(place, manifest, read, same, None)
    return Added(made.manifest, made.new, read.said)


def _claimed(
    place: Place, manifest: Manifest, read: Read, frame: "pl.DataFrame", same: Any
) -> Added:
    """Register a table with its rows, written to a file beside before."""
    with scratch_in(place.cache) as scratch:
        path = scratch / f"{manifest.dataset}.parquet"
        frame.write_parquet(path, compression="zstd")
        kept = hashing.hashed([path], Stamps(None), place.clock.now)[0]
        manifest = msgspec.structs.replace(
            manifest,
            files=(File(path.name, kept.stamp.size, kept.digest.sha256),),
            copied=True,
            size=kept.stamp.size,
            reader="parquet",
        )
        made = numbered(place, manifest, read, same, partial(_kept, path))
    return Added(made.manifest, made.new, read.said)


def _kept(path: Path, target: Path) -> None:
    copying.copy(path, target / path.name, path.name)
    (target / path.name).chmod(0o444)


def _manifest(place: Place, name: str, hash_: str, read: Read, size: int, run: str) -> Manifest:
    now = place.clock.now()
    return Manifest(
        dataset=name,
        version=0,
        hash=hash_,
        files=(),
        time=now,
        actor=place.actor,
        host=gethostname(),
        how=LOGGED,
        id=new_id(now),
        size=size,
        reader=read.reader,
        columns=read.columns,
        rows=read.rows,
        run=run,
    )
