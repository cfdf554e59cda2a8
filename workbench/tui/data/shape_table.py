"""A column's drawing as a table: the same bins with their counts, or its values with theirs."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench import words
from workbench.operations.datasets import summary
from workbench.operations.sections import section
from workbench.tui.cells import Line
from workbench.tui.data.loader import ColumnPage
from workbench.tui.paragraphs import bullets
from workbench.tui.registry.section_lines import sections_lines

if TYPE_CHECKING:
    from workbench.charts.profiled import Binned
    from workbench.datasets.profile import Column


def table_lines(
    page: ColumnPage, width: int, *, unmasked: bool = False, clip: bool = False
) -> list[Line]:
    """Return the drawing as a table, for a width.

    Args:
        page: The column.
        width: Cells.
        unmasked: Name the values of a sensitive column.
        clip: Leave the outermost hundredths out, as the drawing does.
    """
    from workbench.charts import profiled  # noqa: PLC0415 - numpy, loaded by then

    column = page.column
    if column is None or column.fault:
        why = column.fault if column is not None else page.page.fault
        return bullets([why or "There is no profile."], "dim", width)
    if profiled.over_axis(column):
        return _bins(column, profiled.binned(column, clip=clip), width)
    if column.moments is not None and any(column.moments.months):
        rows = [*zip(profiled.MONTHS, map(words.count, column.moments.months), strict=False)]
        titled = section(f"rows {profiled.MONTHLY}", rows, ("month", "rows"))
        return sections_lines(titled, width)
    if not column.top:
        return bullets([profiled.why_none(column)], "dim", width)
    hidden = page.row.hidden and not unmasked
    values = summary.shares(column, unmask=not hidden)
    return sections_lines(section("values", values, ("value", "rows", "share")), width)


def _bins(column: "Column", found: "Binned", width: int) -> list[Line]:
    from workbench.charts.profiled import exactness  # noqa: PLC0415 - numpy, loaded by then

    said = exactness(column)
    about = "≈ " if said else ""
    rows = [
        (*ends, f"{about}{words.count(round(float(rows)))}")
        for ends, rows in zip(_ends(column, found), found.counts, strict=True)
    ]
    lines = sections_lines(section("bins", rows, ("from", "to", "rows")), width)
    notes = " · ".join(part for part in (said, found.said) if part)
    return [*bullets([notes] if notes else [], "dim", width), *lines]


def _ends(column: "Column", found: "Binned") -> Iterator[tuple[str, str]]:
    """Yield where each bin begins and ends; of whole numbers the first and the last in it."""
    from workbench.datasets.profiling import at_second  # noqa: PLC0415 - numpy, loaded by then

    half = found.step / 2
    for low, high in zip(found.edges[:-1] + half, found.edges[1:] - half, strict=True):
        if column.moments is not None:
            yield at_second(column.moments, low), at_second(column.moments, high)
        elif half:
            yield summary.value(round(low), 12), summary.value(round(high), 12)
        else:
            yield summary.value(float(low)), summary.value(float(high))
