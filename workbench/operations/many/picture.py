"""A chart of many runs from what is asked: read, choose, brush, draw."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from workbench.catalogue.query import Column
from workbench.catalogue.values import everyone
from workbench.charts.figure import Axis, Figure
from workbench.charts.palette import DARK, Theme
from workbench.errors import UsageError
from workbench.operations.labels import labels
from workbench.operations.many import asked as kinds
from workbench.operations.many.asked import KINDS, Asked, Picture
from workbench.operations.many.brushing import said_range
from workbench.operations.many.choosing import filled
from workbench.operations.many.drawing import Drawn, noted, pointed
from workbench.operations.many.grids import heat, hist
from workbench.operations.many.lines import parallel
from workbench.operations.many.points import front, progress, scatter
from workbench.operations.many.population import Population, populate, query_of
from workbench.operations.many.ranking import importance
from workbench.operations.session import Session

_DRAWN: Final[Mapping[str, Callable[[Population, Theme, Mapping[str, str]], Drawn]]] = {
    kinds.SCATTER: scatter,
    kinds.PROGRESS: progress,
    kinds.PARETO: front,
    kinds.PARALLEL: parallel,
    kinds.HEAT: heat,
    kinds.HIST: hist,
    kinds.IMPORTANCE: importance,
}

_GROUPED: Final = frozenset((kinds.SCATTER, kinds.PROGRESS, kinds.PARETO))


def picture(session: Session, asked: Asked, theme: Theme = DARK) -> Picture:
    """Return the chart that is asked for, with its table and what has to be said of it.

    Args:
        session: Where.
        asked: Which chart of which runs; columns that are None are chosen.
        theme: The colours.

    Raises:
        FilterError: The filter cannot be read.
        UsageError: There is no such kind, or the runs do not have what it needs.
        NotFoundError: No run has one of the columns.
    """
    if asked.kind not in KINDS:
        raise UsageError(
            f"There is no chart of kind {asked.kind!r}.", hint=f"Take one of {', '.join(KINDS)}."
        )
    query = query_of(session, asked)
    everybody = everyone(session.catalogue, query, session.goals, session.clock.now())
    if not len(everybody.runs):
        return _blank(asked)
    asked = filled(session, query, everybody.runs, asked)
    population = populate(session, query, everybody, asked, _columns(asked))
    drawn = _DRAWN[asked.kind](population, theme, _labels(session, population))
    said = drawn.said
    if asked.group and asked.kind not in _GROUPED:
        said = (*said, f"Groups have no place in a chart of kind {asked.kind}.")
    return Picture(
        replace(drawn.figure, notes=noted(said)),
        drawn.headings,
        drawn.rows,
        said,
        replace(asked, cursor=_kept(asked, len(drawn.rows))),
        int(population.inside.sum()),
        len(population),
        None if drawn.here is None else int(everybody.runs[drawn.here]),
        population.filter,
        drawn.groups,
        tuple(_extents(population, asked)),
        tuple(said_range(population.columns[one], *ends) for one, *ends in asked.brush),
    )


def _extents(population: Population, asked: Asked) -> Iterator[tuple[Column, float, float]]:
    for column in dict.fromkeys(asked.axes or _columns(asked)):
        found = population.columns[column]
        places = found.places[found.drawable]
        if len(places):
            yield column, float(places.min()), float(places.max())


def _kept(asked: Asked, points: int) -> int | None:
    """Return the cursor, kept on the points or axes there are."""
    return pointed(asked.cursor, len(asked.axes) if asked.kind == kinds.PARALLEL else points)


def _columns(asked: Asked) -> tuple[Column, ...]:
    return (*(one for one in (asked.x, asked.y, asked.z) if one is not None), *asked.axes)


def _labels(session: Session, population: Population) -> Mapping[str, str]:
    """Return what the marked runs are called, by their ids."""
    numbers = {run: int(population.everyone.runs[at]) for run, at in population.marked()}
    found = labels(session, list(numbers.values()))
    return {run: found.get(number, run) for run, number in numbers.items()}


def _blank(asked: Asked) -> Picture:
    nothing = Axis("", 0.0, 1.0)
    figure = Figure("", "", nothing, nothing, empty="No run matches.")
    return Picture(figure, (), (), (), asked, 0, 0, None, asked.filter)
