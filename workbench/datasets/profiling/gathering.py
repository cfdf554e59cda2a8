"""A column gathered part by part: sorted at once while it fits, else block by block."""

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from workbench.datasets import table
from workbench.datasets.profile import Column
from workbench.datasets.profiling import distinct, merging
from workbench.datasets.profiling.blocks import FINE, STORED, Block, block

if TYPE_CHECKING:
    import polars as pl

LARGEST_BLOCK: Final = 160_000_000
"""Bytes of a column that are held at once: 20 million floats. A sorted copy is as large again."""


class Gathered:
    """The values of one column as they arrive, summarised whenever they are too many to hold.

    A block that cannot be summarised is the column's fault, and nobody else's.
    """

    def __init__(self, column: table.Column, largest: int, *, sensitive: bool) -> None:
        self._column = column
        self._largest = largest
        self._sensitive = sensitive
        self._held: list[pl.Series] = []
        self.bytes = 0
        """Of the values that are held and not summarised yet."""
        self.rows = 0
        self._blocks: list[Block] = []
        self._whole = False
        self.fault = ""

    def add(self, series: "pl.Series", size: int | None = None) -> None:
        """Take the next values, and how many bytes they are where somebody else knows better."""
        self.rows += len(series)
        if self.fault:
            return
        self._held.append(series)
        self.bytes += int(series.estimated_size()) if size is None else size
        if self.bytes >= self._largest:
            self._flush(last=False)

    def condense(self) -> None:
        """Summarise what is held, to make room."""
        if self._held:
            self._flush(last=False)

    def finish(self) -> Column:
        """Return the summary of all values, without a role."""
        if not self.fault and (self._held or not self._blocks):
            self._flush(last=True)
        if self.fault:
            return faulty(self._column, self.rows, self.fault, sensitive=self._sensitive)
        if self._whole:
            return self._blocks[0].column
        column = merging.merged([one.column for one in self._blocks])
        keys = distinct.joined([one.keys for one in self._blocks])
        if keys is None or column.distinct is None:
            return column
        return replace(column, distinct=len(keys), distinct_at_least=False, distinct_at_most=None)

    def _flush(self, *, last: bool) -> None:
        """Summarise what is held; the only block of a column is summarised as it is stored."""
        import polars as pl

        self._whole = last and not self._blocks
        detail = STORED if self._whole else FINE
        try:
            self._blocks.append(block(self._column, self._held, detail, sensitive=self._sensitive))
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - one column
            # must not stop the others; nor may what went wrong quote a value that is hidden
            self.fault = type(error).__name__ if self._sensitive else fault_of(error)
        self._held, self.bytes = [], 0


def faulty(column: table.Column, rows: int, fault: str, *, sensitive: bool) -> Column:
    """Return a column of which nothing is known but why."""
    return Column(
        column.name, column.type, column.dtype, rows=rows, fault=fault, sensitive=sensitive
    )


def fault_of(error: BaseException) -> str:
    """Return what went wrong as one line."""
    said = str(error).strip().partition("\n")[0][:300]
    return said or type(error).__name__
