"""The fixed sample of rows that correlations are taken from: the same for the same table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from workbench.datasets import table
from workbench.datasets.profile import CATEGORY, NUMBER, Column

if TYPE_CHECKING:
    import polars as pl

ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
_TYPES: Final = (
    table.INTEGER, table.FLOAT, table.DECIMAL, table.DURATION, table.BOOLEAN, table.TEXT,
    table.CATEGORICAL,
)  # fmt: skip
_GOLDEN: Final = 0.6180339887498949


def places(rows: int) -> NDArray[np.int64]:
    """Return which rows are looked at: all, or one of each of 20,000 equal stretches.

    Where in its stretch the row lies turns by the golden ratio, so that no regular order of the
    rows can hide in the sample. No random generator: their streams change between versions.
    """
    if rows <= ROWS:
        return np.arange(rows)
    stretch = np.arange(ROWS)
    within = (stretch * _GOLDEN) % 1.0
    return np.minimum(((stretch + within) * (rows / ROWS)).astype(np.int64), rows - 1)


class Sample:
    """Values of the sampled rows, of the first columns that can be correlated, and the label."""

    def __init__(self, rows: int, label: str, *, there: bool) -> None:
        self._places = places(rows)
        self._label = label
        self._there = there
        self._wanted: list[str] = []
        self._pieces: dict[str, list[pl.Series]] = {}
        self._offset = 0
        self.columns: dict[str, pl.Series] = {}
        self.fitting = 0
        """Columns that could be correlated, kept or not."""

    @property
    def rows(self) -> int:
        """Return how many rows are looked at."""
        return len(self._places)

    def begin(self, group: Sequence[table.Column]) -> None:
        """Begin with the first rows of other columns."""
        wanted = [column.name for column in group if column.type in _TYPES] if self._there else []
        self._wanted, self._offset = wanted, 0
        self._pieces = {name: [] for name in self._wanted}

    def take(self, frame: "pl.DataFrame") -> None:
        """Take the sampled ones of the next rows."""
        start, end = self._offset, self._offset + frame.height
        self._offset = end
        if not self._wanted:
            return
        first, last = np.searchsorted(self._places, (start, end))
        if first < last:
            rows = self._places[first:last] - start
            for name in self._wanted:
                self._pieces[name].append(frame.get_column(name).gather(rows))

    def keep(self, columns: Sequence[Column]) -> None:
        """Keep those columns whose role allows it, while there is room."""
        import polars as pl

        for column in columns:
            pieces = self._pieces.get(column.name)
            if pieces is None or column.fault or column.role not in (NUMBER, CATEGORY):
                continue
            self.fitting += 1
            room = MOST_COLUMNS - (self._label not in self.columns) * bool(self._label)
            if pieces and (len(self.columns) < room or column.name == self._label):
                self.columns[column.name] = pl.concat(pieces) if len(pieces) > 1 else pieces[0]
        self._pieces = {}
