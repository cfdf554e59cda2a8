"""A column's effects over time, and when its model was promoted, as they are drawn anywhere."""

from workbench.charts.drifting import Point, Promotion
from workbench.operations.drift.series import Series


def points_of(series: Series, name: str, segment: str = "") -> tuple[Point, ...]:
    """Return the effects of a column in the chunks of a segment; none where it has no such column.

    Args:
        series: All there is.
        name: Of the column.
        segment: Whose chunks; empty: those of all rows.
    """
    cells = next(
        (row for one, row in zip(series.columns, series.cells, strict=True) if one.name == name), ()
    )
    return tuple(
        Point(chunk.start, chunk.label, cell.effect, cell.verdict)
        for chunk, cell in zip(series.chunks, cells, strict=False)
        if cell is not None and chunk.segment == segment
    )


def promotions_of(series: Series) -> tuple[Promotion, ...]:
    """Return when which version took which stage."""
    return tuple(
        Promotion(time, f"v{version} {stage}") for time, version, stage in series.promotions
    )
