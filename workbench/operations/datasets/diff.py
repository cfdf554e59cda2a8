"""What changed between two versions of a dataset, or between any two files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.diffing import (
    LIMIT,
    Delta,
    RowDiff,
    SchemaDiff,
    profile_deltas,
    row_diff,
    schema_diff,
)
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest
from workbench.datasets.profile import Profile
from workbench.datasets.table import Column, Table
from workbench.errors import NotFoundError, UsageError, WorkbenchError
from workbench.operations.datasets.check import opened
from workbench.operations.datasets.names import is_ref, parse, resolve
from workbench.operations.datasets.scratch import scratch_of
from workbench.operations.session import Session
from workbench.words import visible

IDENTICAL: Final = "Both are the same bytes."
_NOT_ASKED: Final = "They were not asked for."


class Side(NamedTuple):
    """One of the two that are compared."""

    title: str
    """``census@4``, or a path."""
    rows: int | None
    columns: tuple[Column, ...]
    hash: str
    """Of its bytes; empty for a file nobody registered."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed, as far as it could be told."""

    a: Side
    b: Side
    schema: SchemaDiff
    deltas: tuple[Delta, ...]
    """What changed in each column, the largest change first."""
    rows: RowDiff | None
    """None where rows were not compared; `why` says why."""
    why_no_rows: str = ""
    why_no_deltas: str = ""
    identical: bool = False
    """Both have the same hash."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Columns that were compared under two names, as somebody said they are one."""
    doubts: tuple[str, ...] = ()
    """Why rows may be others than those of a version."""

    @property
    def same(self) -> bool:
        """Say whether nothing differs; where rows were not compared only equal bytes say so."""
        rows = self.rows is not None and self.rows.same
        return self.identical or (self.schema.same and rows)


class _Opened(NamedTuple):
    """One side, and what it can be asked."""

    side: Side
    profile: Profile | None
    why_no_profile: str
    table: Table | None
    why_no_table: str
    fields: Fields
    doubt: str = ""


class _Pair(NamedTuple):
    """Both sides as they may be looked at."""

    old: _Opened
    new: _Opened
    names: Mapping[str, str]
    """Old names of columns to new ones, where somebody said they are one."""
    sensitive: frozenset[str]


def diff(
    session: Session | None,
    a: str,
    b: str,
    *,
    key: Sequence[str] | None = None,
    rows: bool = True,
    limit: int = LIMIT,
    tolerance: float = 0.0,
    renamed: Mapping[str, str] | None = None,
    options: Mapping[str, str] | None = None,
    unmask: bool = False,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Difference:
    """Return what changed from an old version or file to a new one.

    Args:
        session: The workspace; None for files alone.
        a: The old one: ``census@3``, or a path.
        b: The new one.
        key: Columns that name a row; default those the dataset's fields say, none for ``()``.
        rows: Whether rows are compared too.
        limit: How many rows of each kind are kept with their cells.
        tolerance: As of `row_diff`.
        renamed: Old names of columns to new ones, for those that are one.
        options: How to read files.
        unmask: Show values of sensitive columns.
        on_rows: Told how many rows were read.
        stopped: Whether to give up.

    Raises:
        NotFoundError: One of them is not there.
        UsageError: The key cannot be one, or the tolerance is below 0.
        FormatError: A file cannot be read.
    """
    if not 0 <= tolerance < inf:
        raise UsageError(f"The tolerance is a number from 0 on, not {tolerance:g}.")
    names = dict(renamed or {})
    with scratch_of(session) as scratch:
        pair = _masked(
            _open(session, a, options or {}, scratch / "a", unmask=unmask),
            _open(session, b, options or {}, scratch / "b", unmask=unmask),
            names,
            unmask=unmask,
        )
        _require_columns(pair.old, names)
        _require_columns(pair.new, names.values())
        compare = partial(
            row_diff, key=_key(key, pair), limit=limit, renamed=names, tolerance=tolerance,
            sensitive=pair.sensitive, scratch=scratch, on_rows=on_rows, stopped=stopped,
        )  # fmt: skip
        found, why = _rows(pair, compare) if rows else (None, _NOT_ASKED)
    return _difference(pair, found, why)


def _rows(pair: _Pair, compare: Callable[[Table, Table], RowDiff]) -> tuple[RowDiff | None, str]:
    """Return how the rows differ, or why that cannot be told."""
    old, new = pair.old, pair.new
    if old.table is None or new.table is None:
        return None, old.why_no_table or new.why_no_table
    return compare(old.table, new.table), ""


def _difference(pair: _Pair, rows: RowDiff | None, why: str) -> Difference:
    """Return everything that changed, given what is known of the rows."""
    old, new = pair.old, pair.new
    deltas, why_no_deltas = _deltas(pair)
    return Difference(
        old.side,
        new.side,
        schema_diff(old.side.columns, new.side.columns, old.profile, new.profile),
        deltas,
        rows,
        why,
        why_no_deltas,
        identical=bool(old.side.hash) and old.side.hash == new.side.hash,
        renamed=tuple(pair.names.items()),
        doubts=tuple(one.doubt for one in (old, new) if one.doubt),
    )


def _require_columns(side: _Opened, names: Iterable[str]) -> None:
    known = {column.name for column in side.side.columns}
    for name in names:
        if name not in known:
            raise UsageError(f"{side.side.title} has no column {visible(name)!r}.")


def _key(said: Sequence[str] | None, pair: _Pair) -> tuple[str, ...]:
    """Return the key: the one that was said, else the dataset's where both have its columns."""
    if said is not None:
        return tuple(said)
    key = pair.new.fields.key or pair.old.fields.key
    names = [{column.name for column in side.side.columns} for side in (pair.old, pair.new)]
    return tuple(key) if all(name in names[0] & names[1] for name in key) else ()


def _masked(old: _Opened, new: _Opened, renamed: Mapping[str, str], *, unmask: bool) -> _Pair:
    """Return both sides without what either side's sensitive columns hold.

    A column is sensitive on both sides if it is on one, under either of its names: a file nobody
    registered is of the same people as the version it is compared with.
    """
    if unmask:
        return _Pair(old, new, renamed, frozenset())
    columns = [column.name for side in (old, new) for column in side.side.columns]
    found = {*old.fields.hidden_among(columns), *new.fields.hidden_among(columns)}
    found |= {
        one.name
        for side in (old, new)
        if side.profile
        for one in side.profile.columns
        if one.sensitive
    }
    pairs = [{a, b} for a, b in renamed.items() if a in found or b in found]
    sensitive = frozenset(found.union(*pairs))
    return _Pair(_hiding(old, sensitive), _hiding(new, sensitive), renamed, sensitive)


def _hiding(side: _Opened, sensitive: frozenset[str]) -> _Opened:
    from workbench.datasets.profiling.hiding import hide  # noqa: PLC0415 - numpy

    return side._replace(profile=side.profile and hide(side.profile, sensitive))


def _deltas(pair: _Pair) -> tuple[tuple[Delta, ...], str]:
    """Return what changed in each column, or why that cannot be told."""
    old, new = pair.old, pair.new
    if old.profile is None or new.profile is None:
        return (), (old if old.profile is None else new).why_no_profile
    found = profile_deltas(old.profile, new.profile, renamed=pair.names, sensitive=pair.sensitive)
    return found, ""


# -- opening -----------------------------------------------------------------------------


def _open(
    session: Session | None, named: str, options: Mapping[str, str], scratch: Path, *, unmask: bool
) -> _Opened:
    """Open a version or a file; a name that could be both is the version, as it has a dataset."""
    if session is not None and is_ref(named):
        try:
            return _version(session, resolve(session, parse(named)), unmask=unmask)
        except NotFoundError as error:
            if not Path(named).exists():
                raise _neither(named, error) from None
    return _file(Path(named), options, scratch)


def _neither(named: str, error: NotFoundError) -> NotFoundError:
    """Return the error for a name that may have been meant as a file's."""
    if "@" in named or "." not in named:
        return error
    return NotFoundError(
        f"There is neither a file nor a dataset {visible(named)}.", hint=error.hint
    )


def _version(session: Session, manifest: Manifest, *, unmask: bool) -> _Opened:
    from workbench.operations.datasets.fields import fields_of  # noqa: PLC0415 - polars follows
    from workbench.operations.datasets.profiles import profile_of  # noqa: PLC0415
    from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415

    title = f"{manifest.dataset}@{manifest.version}"
    columns = tuple(Column(one.name, one.type, one.dtype) for one in manifest.columns)
    side = Side(title, manifest.rows, columns, manifest.hash)
    profile, why_no_profile = None, manifest.unread or f"{title} has no profile."
    try:
        profile = profile_of(session, manifest, unmask=unmask)
    except WorkbenchError as error:
        why_no_profile = error.message
    table, why_no_table, doubt = None, "", ""
    try:
        table, doubt = open_standing(session, manifest)
    except WorkbenchError as error:
        why_no_table = error.message
    fields = fields_of(session, manifest.dataset)
    why_no_profile = "" if profile else why_no_profile
    return _Opened(side, profile, why_no_profile, table, why_no_table, fields, doubt)


def _file(path: Path, options: Mapping[str, str], scratch: Path) -> _Opened:
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.reading import columnar  # noqa: PLC0415 - polars

    table = columnar(opened(path, options), scratch)
    made = profile(table, correlations=False)
    side = Side(visible(str(path)), made.rows, table.columns, "")
    return _Opened(side, made, "", table, "", Fields())
