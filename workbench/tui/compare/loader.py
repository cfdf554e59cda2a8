"""What the compare screen fetches away from the UI thread.

Every function takes a session and frozen values and returns frozen values; none
touches a widget.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import UsageError
from workbench.operations import runs_table
from workbench.operations.runs_table import in_order
from workbench.operations.session import Session
from workbench.tui.compare.rows import lay_out, page_of
from workbench.tui.compare.state import LEAST, Loaded, Shown, Wanted
from workbench.tui.widgets.table_values import PAGE_ROWS, Page

if TYPE_CHECKING:
    from workbench.operations.compare import Comparison


def load(session: Session, wanted: Wanted, known: "Comparison | None") -> Loaded:
    """Compare the runs, unless that is ``known``, and make the rows around the cursor."""
    if len(wanted.run_ids) < LEAST:
        return Loaded(wanted, None)
    comparison = known or _compared(session, wanted)
    if comparison is None or len(comparison.runs) < LEAST:
        said = comparison.said if comparison else ("The marked runs are no longer there.",)
        return Loaded(wanted, None, said=said)
    shown = lay_out(comparison, wanted.choices, wanted.generation)
    position = shown.places.get(wanted.cursor) if wanted.cursor is not None else None
    if wanted.cursor is None and shown.differing:
        position = shown.differing[0]
    return Loaded(wanted, shown, _pages(shown, wanted, position), position, comparison.said)


def _compared(session: Session, wanted: Wanted) -> "Comparison | None":
    """Return the comparison, or None where none of the runs is left."""
    from workbench.operations.compare import compare  # noqa: PLC0415 - after the first paint

    try:
        found = compare(
            session, wanted.run_ids, baseline=wanted.baseline, at=wanted.at, called=wanted.called
        )
    except UsageError:
        return None
    columns = wanted.columns or runs_table.first_columns(session)
    return replace(found, metrics=in_order(found.metrics, columns))


def _pages(shown: Shown, wanted: Wanted, position: int | None) -> tuple[Page, ...]:
    """Return the pages on the screen if the cursor's row keeps its place."""
    top, end = wanted.span
    if position is not None:
        height = end - top
        top, end = max(0, position - height), position + height
    first, last = top // PAGE_ROWS, max(0, min(end, len(shown.lines)) - 1) // PAGE_ROWS
    starts = (number * PAGE_ROWS for number in range(first, last + 1))
    return tuple(page_of(shown, start, start + PAGE_ROWS) for start in starts)
