"""What the compare screen shows, as values: what a person chose, and the rows that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from workbench.operations.runs_table import Column
from workbench.operations.views import View
from workbench.runs.comparing import Fact, Line
from workbench.tui.compare.widths import Widths
from workbench.tui.widgets.table_values import Page, Sheet

if TYPE_CHECKING:
    from workbench.operations.compare import Compared, Comparison

Key = tuple[str, ...]
"""A row's place in the tree; a leaf's ends with the whole name of its fact."""
LEAST = 2
"""Runs; with fewer there is nothing to compare."""


class Order(NamedTuple):
    """The row that the run columns are ordered by."""

    section: str
    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose for the table, and the room there is for it."""

    equal: bool = False
    typed: str = ""
    """Letters that a row's name must hold."""
    order: Order | None = None
    width: int = 80
    height: int = 0
    """Lines, to know whether a scrollbar takes a cell; 0 where there is none."""
    colors: Mapping[str, int] | None = None
    """Of every run, by its id."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A comparison that somebody wants to see."""

    generation: int
    run_ids: tuple[str, ...]
    marked: tuple[str, ...]
    baseline: str
    at: float | None
    columns: tuple[Column, ...]
    """Of the runs table, whose order the metrics of the charts keep; empty for the default."""
    choices: Choices
    cursor: Key | None
    """The row under the cursor, to be found again."""
    span: tuple[int, int]
    """Lines on the screen now."""
    called: Mapping[str, str]
    """What runs were called when they were last there, by id."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A comparison laid out as the rows of a table."""

    comparison: "Comparison"
    choices: Choices
    lines: tuple[Line, ...]
    keys: tuple[Key, ...]
    counts: Mapping[str, tuple[int, int]]
    """How many facts of a section differ, and how many are equal."""
    places: Mapping[Key, int]
    differing: tuple[int, ...]
    """The lines of facts that are not the same in all runs."""
    widths: Widths
    runs: tuple[int, ...]
    """Which run each column stands for, by its place in the comparison."""
    sheet: Sheet

    def fact(self, line: int) -> Fact | None:
        """Return the fact of a line, None for a heading."""
        return self.lines[line].fact if 0 <= line < len(self.lines) else None

    def run(self, column: int) -> "Compared | None":
        """Return the run of one of the sheet's columns, None for the others."""
        place = column - self.beside
        found = 0 <= place < len(self.runs)
        return self.comparison.runs[self.runs[place]] if found else None

    def column_of(self, run_id: str) -> int:
        """Return the column of a run, the first run's if it is gone."""
        runs = self.comparison.runs
        there = (n for n, run in enumerate(self.runs) if runs[run].run_id == run_id)
        return self.beside + next(there, 0)

    @property
    def beside(self) -> int:
        """Return how many columns stand before those of the runs."""
        return len(self.sheet.columns) - len(self.runs)


class Loaded(NamedTuple):
    """A comparison that is ready to be shown."""

    wanted: Wanted
    shown: Shown | None
    """None where fewer than two runs are left."""
    pages: tuple[Page, ...] = ()
    position: int | None = None
    """The line the cursor's row stands on now."""
    said: tuple[str, ...] = ()


def ids_of(view: View) -> tuple[str, ...]:
    """Return the runs to put side by side: the marked ones, and the baseline if it is none."""
    extra = (view.baseline,) if view.baseline and view.baseline not in view.marks else ()
    return (*view.marks, *extra)


def next_difference(shown: Shown, line: int, way: int) -> int | None:
    """Return the nearest line after (``way`` 1) or before (-1) ``line`` whose fact differs."""
    if way > 0:
        return next((place for place in shown.differing if place > line), None)
    return next((place for place in reversed(shown.differing) if place < line), None)


def next_order(now: Order | None, fact: Fact, *, turn: bool) -> Order | None:
    """Return the order after somebody pressed order, or reverse (``turn``), on a row.

    The best comes first; a metric nobody declared begins with the largest, as the runs
    table does, and anything else with the smallest. Once more, and the runs stand as
    they were marked.
    """
    mine = now is not None and (now.section, now.name) == (fact.section, fact.name)
    if now is not None and mine:
        return now._replace(descending=not now.descending) if turn else None
    down = fact.section == "metrics" and fact.goal != "min"
    return Order(fact.section, fact.name, down != turn)
