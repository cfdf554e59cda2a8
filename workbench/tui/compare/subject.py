"""What the charts of a comparison are about: every run a line, or every group its mean."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from workbench import words
from workbench.catalogue.query import SEEDS, Column
from workbench.charts.palette import letters
from workbench.runs.comparing import key
from workbench.tui.chart_settings import Group, Line, Subject, drawn

if TYPE_CHECKING:
    from collections.abc import Hashable

    from workbench.operations.compare import Comparison

_SECTIONS = {"param": "params", "tag": "tags", "attribute": "run"}


def subject_of(
    comparison: "Comparison",
    colors: Mapping[str, int],
    *,
    focused: str = "",
    group: Sequence[Column] = (),
) -> Subject:
    """Return the lines of a comparison, that of the run ``focused`` drawn last.

    Args:
        comparison: The runs.
        colors: By run id.
        focused: Id of the run under the cursor.
        group: Draw the mean of the runs that are equal in these; empty draws each run.
    """
    lines = [
        Line(one.run, one.label, colors[one.run_id], one.letter, focused=one.run_id == focused)
        for one in comparison.runs
    ]
    chosen, left_out = drawn(lines)
    base = comparison.runs[comparison.baseline].run if comparison.baseline is not None else None
    return Subject(chosen, comparison.metrics, left_out, _groups(comparison, lines, group), base)


def _groups(
    comparison: "Comparison", lines: Sequence[Line], columns: Sequence[Column]
) -> tuple[Group, ...]:
    if not columns:
        return ()
    members: dict[tuple[Hashable, ...], list[int]] = {}
    for place in range(len(lines)):
        found = tuple(_held(comparison, column, place) for column in columns)
        members.setdefault(found, []).append(place)
    return tuple(
        _group(comparison, lines, columns, places, letter)
        for letter, places in zip(letters(len(members)), members.values(), strict=True)
    )


def _group(
    comparison: "Comparison",
    lines: Sequence[Line],
    columns: Sequence[Column],
    places: Sequence[int],
    letter: str,
) -> Group:
    first = lines[places[0]]
    said = " ".join(_said(comparison, column, places[0]) for column in columns)
    runs = tuple(lines[place].run for place in places)
    focused = any(lines[place].focused for place in places)
    return Group(said or first.label, first.color, letter, runs, focused)


def _held(comparison: "Comparison", column: Column, place: int) -> "Hashable":
    """Return what a run has in a column, equal exactly where the runs belong together."""
    if column == SEEDS:
        return comparison.runs[place].recipe
    value = _value(comparison, column, place)
    return key(value)


def _said(comparison: "Comparison", column: Column, place: int) -> str:
    """Return ``lr=0.1``; a recipe has no words of its own."""
    if column == SEEDS:
        return ""
    value = _value(comparison, column, place)
    return f"{column.name}={words.value(value)}"


def _value(comparison: "Comparison", column: Column, place: int) -> object:
    section = _SECTIONS.get(column.kind, "")
    found = (fact for fact in comparison.facts if fact[:2] == (section, column.name))
    fact = next(found, None)
    return fact.values[place] if fact is not None else None
