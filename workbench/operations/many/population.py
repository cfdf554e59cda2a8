"""The runs of a chart and their columns, read once for whatever is drawn of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.catalogue.query import Column, RunQuery
from workbench.catalogue.values import Everyone, Flags, Ints, Values, values
from workbench.errors import NotFoundError
from workbench.filters import render
from workbench.operations.many import brushing
from workbench.operations.many.asked import Asked
from workbench.operations.many.measured import Measured, measured
from workbench.operations.runs_table import read_filter
from workbench.operations.session import Session
from workbench.words import count, plural


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """The runs that match a filter, the oldest first, with the columns that are asked for."""

    asked: Asked
    everyone: Everyone
    columns: Mapping[Column, Measured]
    values: Mapping[Column, Values]
    inside: Flags
    """Runs within every range of the brush."""
    filter: str
    """What finds exactly the runs inside."""
    goals: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.everyone.runs)

    def drawn(self, columns: Iterable[Column], positive: Collection[Column] = ()) -> Ints:
        """Return the runs inside that have a place on all these axes, by their place here.

        Args:
            columns: The axes.
            positive: Those of them that are logarithmic.
        """
        kept = self.inside.copy()
        for column in columns:
            kept &= self.columns[column].shown(log=column in positive)
        return np.flatnonzero(kept)

    def goal(self, column: Column) -> str:
        """Return ``min``, ``max`` or nothing."""
        return self.goals.get(column.name, "") if column.kind == "metric" else ""

    def marked(self) -> tuple[tuple[str, int], ...]:
        """Return the marked runs that match, in the order of marking: id and place."""
        at = {run: place for place, run in enumerate(self.everyone.ids.tolist())}
        return tuple((run, at[run]) for run in dict.fromkeys(self.asked.marks) if run in at)


def query_of(session: Session, asked: Asked) -> RunQuery:
    """Return the question for the runs of a chart.

    Raises:
        FilterError: The filter cannot be read.
    """
    return RunQuery(filter=read_filter(session, asked.filter), archived=asked.archived)


def populate(
    session: Session, query: RunQuery, everybody: Everyone, asked: Asked, axes: Iterable[Column]
) -> Population:
    """Return the runs a chart is about, with the columns of its axes, ranges and groups.

    Raises:
        NotFoundError: No run has one of the columns.
        UsageError: A range does not fit its column.
    """
    brushed = [column for column, _, _ in asked.brush]
    wanted = tuple(dict.fromkeys((*axes, *brushed, *asked.group)))
    found = values(session.catalogue, everybody.runs, wanted, session.goals)
    read = {column: measured(column, found[column]) for column in wanted}
    _require(read.values(), len(everybody.runs))
    within = np.ones(len(everybody.runs), dtype=np.bool_)
    conditions = []
    for column, low, high in asked.brush:
        within &= brushing.inside(read[column], low, high)
        conditions.append(brushing.condition(read[column], low, high))
    text = asked.filter
    if conditions:
        text = render(brushing.together(query.filter, conditions))
    return Population(asked, everybody, read, found, within, text, session.goals)


def _require(columns: Iterable[Measured], runs: int) -> None:
    for one in columns:
        if runs and not one.there.any():
            none = "This run has" if runs == 1 else f"None of these {count(runs)} runs has"
            no = "no " if runs == 1 else ""
            raise NotFoundError(
                f"{none} {no}{one.label}.", hint="Choose another column, or a wider filter."
            )


def said(
    population: Population, columns: Sequence[Column], positive: Collection[Column] = ()
) -> tuple[str, ...]:
    """Return what is missing from a chart with these axes, in sentences."""
    asked = population.asked
    found = []
    for column in dict.fromkeys(columns):
        found += _left_out(population, column, log=column in positive)
    found += _unseen_marks(population, columns, positive)
    if asked.brush:  # last, as the title of such a chart says so too
        kept, total = int(population.inside.sum()), len(population)
        found.append(f"{count(kept)} of {plural(total, 'run')} lie within the ranges.")
    return tuple(found)


def _left_out(population: Population, column: Column, *, log: bool) -> list[str]:
    one, inside = population.columns[column], population.inside
    cases = (
        (~one.there, f"no {one.label}"),
        (one.texts, f"a text for {one.label}"),
        (one.there & ~one.texts & ~one.drawable, f"NaN or infinity for {one.label}"),
        (one.drawable & ~one.shown(log=log), f"no {one.label} above 0, as its axis needs"),
    )
    words = [_of(int((inside & case).sum()), int(inside.sum()), what) for case, what in cases]
    if one.rest:
        words.append(f"{plural(one.rest, 'rarer value')} of {one.label} shown as other.")
    return [sentence for sentence in words if sentence]


def _of(some: int, among: int, what: str) -> str:
    verb = "has" if some == 1 else "have"
    return f"{count(some)} of {plural(among, 'run')} {verb} {what}." if some else ""


def _unseen_marks(
    population: Population, columns: Sequence[Column], positive: Collection[Column]
) -> list[str]:
    """Return how many marked runs the chart does not show, and why."""
    marks = population.marked()
    shown = set(population.drawn(columns, positive).tolist())
    away = len(set(population.asked.marks)) - len(marks)
    hidden = sum(place not in shown for _, place in marks)
    words = []
    if away:
        words.append(f"{plural(away, 'marked run')} not among the runs that match.")
    if hidden:
        words.append(
            f"{plural(hidden, 'marked run')} not drawn: outside the ranges or without a value."
        )
    return words
