"""What a chart over many runs says in words: its numbers as a table, the choices for its axes."""

from typing import TYPE_CHECKING, Any

from workbench.errors import FilterError
from workbench.filters import parse
from workbench.operations.runs_table import Column, ColumnFacts
from workbench.tui.cells import Cell, Line
from workbench.tui.widgets.choose import Choice
from workbench.words import count, plural, value, visible

if TYPE_CHECKING:
    from workbench.operations.many import Picture

_MOST_ROWS = 1000
_CELL = 14
_NAME, _FRONT, _ID = "name", "front", "id"


def table_lines(found: "Picture") -> tuple[Line, ...]:
    """Return the numbers of a chart as lines; of very many the first thousand, and that is said.

    Ids come last: they are long, and what a chart is about must not be cut for them. Who is on
    a front stands right after the name.
    """
    headings = found.headings
    ranks = {_NAME: 0, _FRONT: 1, _ID: 3}
    places = sorted(range(len(headings)), key=lambda place: ranks.get(headings[place], 2))
    widths = [
        max(_CELL, *(len(_said(row[place])) for row in found.rows[:50]), len(headings[place]))
        if found.rows else max(_CELL, len(headings[place]))
        for place in places
    ]  # fmt: skip
    head = tuple(
        Cell(f"{visible(headings[place]):>{wide}}  ", "bold")
        for place, wide in zip(places, widths, strict=True)
    )
    rows = [
        tuple(
            Cell(f"{_said(row[place])[:wide]:>{wide}}  ")
            for place, wide in zip(places, widths, strict=True)
        )
        for row in found.rows[:_MOST_ROWS]
    ]
    said = [(Cell(visible(sentence), "dim"),) for sentence in found.said]
    if len(found.rows) > _MOST_ROWS:
        said.append((Cell(f"the first {count(_MOST_ROWS)} of {count(len(found.rows))}", "dim"),))
    return (*said, head, *rows)


def _said(cell: Any) -> str:
    return value(cell)


def unreadable(text: str) -> str | None:
    """Return why a filter cannot be read; names are looked at only when it is answered."""
    try:
        parse(text)
    except FilterError as error:
        return str(error)
    return None


def choices_of(facts: tuple[ColumnFacts, ...], now: Column | None) -> tuple[Choice, ...]:
    """Return what may stand on an axis: the start, metrics, params, then the rest."""
    times = (Column("attribute", "started"), Column("attribute", "duration"))
    ranked = sorted(facts, key=lambda one: (_KINDS.index(one.column.kind), one.column.name))
    return (
        Choice(":", "By itself", "what goes best with the other axis", now=now is None),
        *(
            Choice(
                f"{one.column.kind}:{one.column.name}", visible(one.column.title),
                f"{one.column.kind} of {plural(one.runs, 'run')}", now=one.column == now,
            )
            for one in ranked if one.column.kind != "tag"
        ),
        *(
            Choice(f"{one.kind}:{one.name}", one.title, "of every run", now=one == now)
            for one in times
        ),
    )  # fmt: skip


_KINDS = ("metric", "param", "tag", "attribute")
