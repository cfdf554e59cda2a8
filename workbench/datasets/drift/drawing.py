"""Rows drawn from both sides, as numbers and categories, for opinions on all columns at once.

Identifiers, times, free text and nested values are left out: they tell two sets of rows apart
without any drift.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets import table
from workbench.datasets.profile import CATEGORY, NUMBER
from workbench.datasets.profiling import profile
from workbench.datasets.profiling.building import go_on_unless, groups
from workbench.datasets.reading import of_frame
from workbench.datasets.table import Table

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS: Final = 20_000
"""Of either side."""
MOST_COLUMNS: Final = 100
"""An opinion is no slower on a table of thousands of columns: so many are drawn, too."""
_NUMBERS: Final = (table.INTEGER, table.FLOAT, table.DECIMAL, table.DURATION, table.BOOLEAN)
_TEXTS: Final = (table.TEXT, table.CATEGORICAL)
_OWN: Final = (*_NUMBERS, *_TEXTS)


class Side(NamedTuple):
    """The rows drawn from one side; all arrays of shape ``(rows,)``."""

    rows: int
    numbers: Mapping[str, NDArray[np.float64]]
    """NaN where there is no value, or an infinite one."""
    categories: Mapping[str, "pl.Series"]
    """Texts; null where there is no value."""

    def take(self, rows: NDArray[Any]) -> "Side":
        """Return some of the rows."""
        numbers = {name: values[rows] for name, values in self.numbers.items()}
        return Side(
            len(rows), numbers, {name: one.gather(rows) for name, one in self.categories.items()}
        )


class Drawn(NamedTuple):
    """The same columns of both sides."""

    reference: Side
    current: Side
    left_out: int
    """Columns of both sides that could not be used, or were too many."""

    @property
    def columns(self) -> int:
        """Return how many columns there are."""
        return len(self.reference.numbers) + len(self.reference.categories)


def draw(
    reference: Table,
    current: Table,
    *,
    roles: Mapping[str, str],
    only: Collection[str],
    exclude: Collection[str],
    generator: np.random.Generator,
    stopped: Callable[[], bool],
) -> Drawn:
    """Return rows drawn from both sides.

    Args:
        reference: What is compared with.
        current: What may have moved.
        roles: Of columns, where they are known; else told from the rows that were drawn.
        only: These columns; empty: all that both sides have.
        exclude: Not these.
        generator: Decides which rows.
        stopped: Asked between batches whether to go on.

    Raises:
        FormatError: A side cannot be read.
        StoppedError: ``stopped`` said so.
    """
    kinds = [_kinds(side) for side in (reference, current)]
    shared = [
        name for name, kind in kinds[0].items() if kinds[1].get(name) == kind
        and (not only or name in only) and name not in exclude
    ]  # fmt: skip
    sides = [_drawn(side, shared, generator, stopped) for side in (reference, current)]
    known = {one.name: one.role for one in profile(of_frame(sides[0]), correlations=False).columns}
    treated = {name: roles.get(name, known[name]) for name in shared}
    used = [name for name in shared if treated[name] in (NUMBER, CATEGORY)]
    if len(used) > MOST_COLUMNS:
        kept = np.sort(generator.choice(len(used), MOST_COLUMNS, replace=False))
        used = [used[place] for place in kept.tolist()]
    numbers = [n for n in used if treated[n] == NUMBER and kinds[0][n] == NUMBER]
    categories = [name for name in used if name not in numbers]
    before, now = (_side(frame, numbers, categories) for frame in sides)
    return Drawn(before, now, left_out=len(shared) - len(used))


def _kinds(source: Table) -> dict[str, str]:
    """Return the columns that can be used, as numbers or as categories."""
    return {
        column.name: NUMBER if column.type in _NUMBERS else CATEGORY
        for column in source.columns if column.type in _OWN
    }  # fmt: skip


def _drawn(
    source: Table,
    names: Sequence[str],
    generator: np.random.Generator,
    stopped: Callable[[], bool],
) -> "pl.DataFrame":
    """Return the rows that are drawn, in their order, of some columns."""
    import polars as pl

    rows = _rows(source, stopped)
    places = np.arange(rows)
    if rows > MOST_ROWS:
        places = np.sort(generator.choice(rows, MOST_ROWS, replace=False))
    pieces: list[pl.DataFrame] = []
    wanted = set(names)
    for group in groups(source):
        own = [column.name for column in group if column.name in wanted]
        if own:
            pieces.append(_gathered(source, own, places, stopped))
    return pl.concat(pieces, how="horizontal").select(names) if pieces else pl.DataFrame()


def _gathered(
    source: Table, names: Sequence[str], places: NDArray[np.int64], stopped: Callable[[], bool]
) -> "pl.DataFrame":
    import polars as pl

    found, offset = [source.head(0).select(names)], 0
    for frame in source.batches(names):
        go_on_unless(stopped)
        first, last = np.searchsorted(places, (offset, offset + frame.height)).tolist()
        if first < last:
            found.append(frame[places[first:last] - offset])
        offset += frame.height
    return pl.concat(found)


def _rows(source: Table, stopped: Callable[[], bool]) -> int:
    if source.rows is not None:
        return source.rows
    count = 0
    for frame in source.batches([column.name for column in source.columns[:1]]):
        go_on_unless(stopped)
        count += frame.height
    return count


def _side(frame: "pl.DataFrame", numbers: Sequence[str], categories: Sequence[str]) -> Side:
    import polars as pl

    found = {}
    for name in numbers:
        series = frame.get_column(name)
        plain = series.to_physical() if series.dtype.is_temporal() else series
        values = plain.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
        found[name] = np.where(np.isfinite(values), values, np.nan)
    texts = {name: frame.get_column(name).cast(pl.String) for name in categories}
    return Side(frame.height, found, texts)
