"""The columns of a chart that nobody named: what counts, and what goes with it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

import numpy as np

from workbench.catalogue.query import Column, ColumnFacts, RunQuery
from workbench.catalogue.values import Ints, held, values
from workbench.errors import UsageError
from workbench.operations.many.asked import (
    HEAT,
    HIST,
    IMPORTANCE,
    PARALLEL,
    PARETO,
    PROGRESS,
    SCATTER,
    Asked,
)
from workbench.operations.many.measured import measured
from workbench.operations.runs_table import default_columns
from workbench.operations.session import Session
from workbench.runs.correlation import rank_correlation
from workbench.words import visible

STARTED: Final = Column("attribute", "started")
MOST_AXES: Final = 7
"""Params side by side in parallel coordinates; more than eight axes at 120 cells are a thicket."""
MOST_RANKED: Final = 200
"""Params a forest is grown on unless they are named: it takes 2 s, of a thousand 20."""
_CANDIDATES: Final = 64
_SAMPLE: Final = 4000
"""Runs that are looked at to choose: the choice needs the order of strengths, not their digits."""


class Choice:
    """What the runs of a chart have, looked up once and only if something has to be chosen."""

    def __init__(self, session: Session, query: RunQuery, runs: Ints) -> None:
        self._session = session
        self._query = query
        self._runs = runs

    @cached_property
    def _facts(self) -> tuple[ColumnFacts, ...]:
        session = self._session
        return held(session.catalogue, self._query, session.goals, session.clock.now())

    def metric(self, asked: Asked) -> Column:
        """Return the metric that is asked for, or the first with a goal that most runs have.

        Raises:
            UsageError: No run has a metric.
        """
        if asked.metric:
            return Column("metric", asked.metric)
        found = [one for one in self._facts if one.column.kind == "metric"]
        if not found:
            raise UsageError("None of these runs has a metric.", hint="Name a column with --y.")
        common = [one for one in found if 2 * one.runs >= len(self._runs)] or found
        ranked = (*_ranked([one for one in common if one.goal]), *_ranked(common))
        return ranked[0] if ranked else found[0].column

    def with_goals(self) -> tuple[Column, ...]:
        """Return the metrics with a goal in the order in which they count."""
        return _ranked([one for one in self._facts if one.goal])

    def params(self, target: Column, number: int, taken: Iterable[Column]) -> tuple[Column, ...]:
        """Return so many varying params that go with ``target``.

        Raises:
            UsageError: There are fewer.
        """
        found = [one for one in self.by_correlation(target) if one not in (*taken, target)]
        if len(found) < number:
            have = "No param differs" if not found else f"Only {found[0].title} differs"
            raise UsageError(f"{have} among these runs.", hint="Name columns with --x and --y.")
        return tuple(found[:number])

    def varying(self) -> tuple[ColumnFacts, ...]:
        """Return the params that are not the same in all runs that have them."""
        found = [one for one in self._facts if one.column.kind == "param" and one.distinct > 1]
        return tuple(sorted(found, key=lambda one: (-one.runs, one.column.name)))

    def by_correlation(self, target: Column) -> tuple[Column, ...]:
        """Return the varying params, those that go most with ``target`` first, texts last.

        Seeds are none of them, unless nothing else varies.
        """
        varying = self.varying()
        found = [one for one in varying if not self._is_seed(one.column.name)] or varying
        found = found[:_CANDIDATES]
        numeric = [one.column for one in found if one.numeric]
        runs = self._runs[:: max(1, len(self._runs) // _SAMPLE)]
        goals = self._session.goals
        read = values(self._session.catalogue, runs, (*numeric, target), goals)
        y = measured(target, read[target]).places
        strengths = {
            column: np.nan_to_num(abs(rank_correlation(read[column].numbers, y).rho))
            for column in numeric
        }
        rest = [one.column for one in found if not one.numeric]
        return (*sorted(numeric, key=lambda column: -strengths[column]), *rest)

    def _is_seed(self, name: str) -> bool:
        return not {name, name.rpartition(".")[2]}.isdisjoint(self._session.settings.seeds)


def filled(session: Session, query: RunQuery, runs: Ints, asked: Asked) -> Asked:
    """Return what is asked with the columns the chart needs, chosen where none was named.

    Raises:
        UsageError: The runs do not have what the chart needs.
    """
    if not len(runs):
        return asked
    return _CHOSEN[asked.kind](Choice(session, query, runs), asked)


def _ranked(facts: Sequence[ColumnFacts]) -> tuple[Column, ...]:
    return tuple(column for column in default_columns(facts) if column.kind == "metric")


def _scatter(choice: Choice, asked: Asked) -> Asked:
    y = asked.y or choice.metric(asked)
    if asked.x:
        return replace(asked, y=y)
    found = [one for one in choice.by_correlation(y) if one != y]
    return replace(asked, x=found[0] if found else STARTED, y=y)


def _parallel(choice: Choice, asked: Asked) -> Asked:
    if asked.axes:
        if len(set(asked.axes)) < 2:  # noqa: PLR2004 - lines need two ends
            raise UsageError(
                "Parallel coordinates need two axes.", hint="Name two or more columns."
            )
        return asked
    y = asked.y or choice.metric(asked)
    chosen = [one for one in choice.by_correlation(y) if one != y][:MOST_AXES]
    if not chosen:
        raise UsageError("No param differs among these runs.", hint="Name the axes with --axes.")
    return replace(asked, axes=(*chosen, y), y=y)


def _heat(choice: Choice, asked: Asked) -> Asked:
    if asked.x is not None and asked.x == asked.y:
        raise UsageError(
            f"A heat map is over two columns, not twice over {visible(asked.x.title)}.",
            hint="Name another column with --x or --y.",
        )
    z = asked.z or choice.metric(asked)
    given = [one for one in (asked.x, asked.y) if one]
    chosen = list(choice.params(z, 2 - len(given), given)) if len(given) < 2 else []  # noqa: PLR2004
    x = asked.x or chosen.pop(0)
    return replace(asked, x=x, y=asked.y or chosen.pop(0), z=z)


def _hist(choice: Choice, asked: Asked) -> Asked:
    return replace(asked, x=asked.x or asked.y or choice.metric(asked))


def _progress(choice: Choice, asked: Asked) -> Asked:
    return replace(asked, x=STARTED, y=asked.y or choice.metric(asked))


def _pareto(choice: Choice, asked: Asked) -> Asked:
    given = [one for one in (asked.x, asked.y, asked.z) if one]
    if asked.metric and not asked.x:
        given.insert(0, Column("metric", asked.metric))
    if len(given) < 2:  # noqa: PLR2004 - two ends to a bargain
        given += [one for one in choice.with_goals() if one not in given][: 2 - len(given)]
    if len(given) < 2:  # noqa: PLR2004 - as above
        raise UsageError(
            "A Pareto front needs two metrics whose goal is known.",
            hint="Say under [metrics] in workbench.toml whether min or max is good.",
        )
    x, y, z = (*given[:3], None)[:3]
    return replace(asked, x=x, y=y, z=z)


def _importance(choice: Choice, asked: Asked) -> Asked:
    y = asked.y or choice.metric(asked)
    axes = asked.axes or tuple(one.column for one in choice.varying() if one.column != y)
    if not axes:
        raise UsageError("No param differs among these runs.", hint="Name params with --axes.")
    return replace(asked, y=y, axes=axes if asked.axes else axes[:MOST_RANKED])


_CHOSEN: Final = {
    SCATTER: _scatter, PARALLEL: _parallel, HEAT: _heat, HIST: _hist, PROGRESS: _progress,
    PARETO: _pareto, IMPORTANCE: _importance,
}  # fmt: skip
