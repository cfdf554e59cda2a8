"""What the charts of a comparison are about: every run a line, or every group its mean."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from workbench.catalogue.query import Column
from workbench.operations.grouping import Gathered, gathered
from workbench.runs.comparing import MISSING, key
from workbench.runs.labels import labels
from workbench.tui.chart_settings import Group, Line, Subject, drawn

if TYPE_CHECKING:
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
    recipes = [one.recipe for one in comparison.runs]
    found = gathered(columns, partial(_value, comparison), recipes)
    recipes_said = _recipes(comparison, [one.places for one in found])
    pairs = zip(found, recipes_said, strict=True)
    return tuple(_group(one, one.label or recipe, lines) for one, recipe in pairs)


def _recipes(comparison: "Comparison", groups: Sequence[Sequence[int]]) -> tuple[str, ...]:
    """Return what tells recipes apart: the params in which the runs of each are alike.

    Where no param does, as of one recipe or of two that differ in their code, it is said
    which run they are like.
    """
    shared = [
        fact
        for fact in comparison.facts
        if fact.section == "params"
        and fact.differs
        and all(len({key(fact.values[place]) for place in places}) == 1 for places in groups)
    ]
    params = [
        {fact.name: value for fact in shared if (value := fact.values[places[0]]) is not MISSING}
        for places in groups
    ]
    return labels(params, [f"like {comparison.runs[places[0]].name}" for places in groups])


def _group(one: Gathered, label: str, lines: Sequence[Line]) -> Group:
    members = [lines[place] for place in one.places]
    runs = tuple(line.run for line in members)
    focused = any(line.focused for line in members)
    return Group(label, members[0].color, one.letter, runs, focused)


def _value(comparison: "Comparison", column: Column, place: int) -> object:
    section = _SECTIONS.get(column.kind, "")
    found = (fact for fact in comparison.facts if fact[:2] == (section, column.name))
    fact = next(found, None)
    return fact.values[place] if fact is not None else None
