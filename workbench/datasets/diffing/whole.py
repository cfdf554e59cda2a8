"""Rows of two tables as a whole, where no column names them: which are in one more often."""

from typing import TYPE_CHECKING, Any

from workbench.datasets.diffing.keyed import ROW, Plan
from workbench.datasets.diffing.row_changes import LoneRow

if TYPE_CHECKING:
    import polars as pl

    from workbench.datasets.spilling import Buckets

_A, _B, _FIRST_A, _FIRST_B = "\0a", "\0b", "\0first_a", "\0first_b"


class Whole:
    """Counts bucket after bucket how often each row stands in either table."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.added = self.removed = self.unchanged = 0
        self._added: list[LoneRow] = []
        self._removed: list[LoneRow] = []

    def compare(self, a: "Buckets", b: "Buckets", number: int) -> None:
        """Compare one bucket of the old table with that of the new one."""
        import polars as pl

        names = [str(at) for at in range(len(self._plan.columns))]
        sides = [
            rows.group_by(names).agg(_sided(new=new))
            for new, table in ((False, a), (True, b))
            for rows in table.parts(number)
        ]
        if not sides:
            return
        counted = (
            pl.concat(sides)
            .group_by(names)
            .agg(pl.col(_A, _B).sum(), pl.col(_FIRST_A, _FIRST_B).min())
        )
        both = counted.select(pl.min_horizontal(_A, _B).sum()).item()
        self.unchanged += int(both)
        self.removed += int(counted[_A].sum()) - int(both)
        self.added += int(counted[_B].sum()) - int(both)
        self._removed = self._first(self._removed, counted, _A, _B, _FIRST_A)
        self._added = self._first(self._added, counted, _B, _A, _FIRST_B)

    def _first(
        self, kept: list[LoneRow], counted: "pl.DataFrame", here: str, there: str, first: str
    ) -> list[LoneRow]:
        import polars as pl

        more = counted.filter(pl.col(here) > pl.col(there)).bottom_k(self._plan.limit, by=first)
        found = [self._row(row, row[first], row[here] - row[there]) for row in more.to_dicts()]
        return sorted([*kept, *found], key=lambda one: one.row)[: self._plan.limit]

    def _row(self, row: dict[str, Any], first: int, times: int) -> LoneRow:
        values = tuple(
            (one.a, self._plan.shown(one.a, row[str(at)]))
            for at, one in enumerate(self._plan.columns)
        )
        return LoneRow(first, (), values, times)

    @property
    def first(self) -> tuple[tuple[LoneRow, ...], tuple[LoneRow, ...]]:
        """Return the first rows that came and that went."""
        return tuple(self._added), tuple(self._removed)


def _sided(*, new: bool) -> "list[pl.Expr]":
    """Return the counts and the first places of rows of one table; of the other nothing."""
    import polars as pl

    count, none = pl.len().cast(pl.Int64), pl.lit(0, pl.Int64)
    first, nowhere = pl.col(ROW).min(), pl.lit(None, pl.Int64)
    return [
        (none if new else count).alias(_A),
        (count if new else none).alias(_B),
        (nowhere if new else first).alias(_FIRST_A),
        (first if new else nowhere).alias(_FIRST_B),
    ]
