"""Runs side by side: everything known of each, ready to be shown by what differs.

The screen, the command line and a report show one `Comparison`. What is missing, a run
that is gone, no commit, no steps, is said in it and never a reason to show nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from workbench import words
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.places import numbers
from workbench.charts.palette import letters
from workbench.errors import UsageError
from workbench.operations import run_facts
from workbench.operations.session import Session
from workbench.operations.shortfalls import gone, shortfalls
from workbench.operations.surroundings import surroundings
from workbench.runs.comparing import SECTIONS, Fact, facts, natural, order
from workbench.runs.labels import labels

MOST_RUNS = 1_000
"""More runs than this are not read side by side by anybody; many runs have charts of their own."""
_MACHINE = "system/"
_Rows = Sequence[Mapping[str, Any]]


class Compared(NamedTuple):
    """One of the runs of a comparison."""

    run: int
    run_id: str
    name: str
    label: str
    """What tells it from the others: ``lr=0.01``."""
    letter: str
    """``a`` for the run asked for first; the order of the columns does not change it."""
    status: str
    inferred: bool
    recipe: str
    """Equal for runs that are equal in all but the seed."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs and their facts; the values of a fact are in the order of the runs."""

    runs: tuple[Compared, ...]
    facts: tuple[Fact, ...]
    baseline: int | None = None
    """Place in ``runs`` of the run that deltas are against."""
    goals: Mapping[str, str] = field(default_factory=dict)
    """``min`` or ``max`` by metric, where it is known."""
    said: tuple[str, ...] = ()
    """What is missing, in sentences."""
    metrics: tuple[str, ...] = ()
    """Their names, those that most runs have first."""
    at: float | None = None
    """The step whose values the metrics are; None for the last ones."""


def compare(
    session: Session,
    run_ids: Sequence[str],
    *,
    baseline: str = "",
    sort: tuple[str, bool] | None = None,
    at: float | None = None,
    packages: bool = True,
    called: Mapping[str, str] | None = None,
) -> Comparison:
    """Return these runs side by side; ids that are gone are said in it.

    Args:
        session: Where.
        run_ids: The runs, each counting once; the first is ``a``. A run that is gone keeps
            its letter, so that no other run is ever called by it.
        baseline: Id of the run that deltas are against; it is compared even if not named.
        sort: A fact's name (a metric's before others of the name) and whether the run with
            the largest value comes first; None leaves the runs as asked for.
        at: Show the metrics at this step, or at the last one before it; where a run logged
            nothing at or after it, the fact says which step its value is of.
        packages: Read the packages and the machine, for which a file of every run is opened.
        called: What runs were called when they were last there, by id.

    Raises:
        UsageError: None of the runs is there, or no fact has the name to sort by.
    """
    wanted = list(dict.fromkeys([*run_ids, *filter(None, [baseline])]))
    records, said = _records(session, wanted, called or {})
    recorded = surroundings(session, [one.run for one in records]) if packages else None
    metrics, steps = _metrics(session, records, at)
    goals = {name: goal for name, goal in session.goals.items() if any(name in m for m in metrics)}
    found = _dated(_facts(records, metrics, recorded or {}, goals), steps)
    runs = _compared(records, found, dict(zip(wanted, letters(len(wanted)), strict=True)))
    if sort is not None:
        runs, found = _sorted(runs, found, *sort)
    return Comparison(
        runs=runs,
        facts=found,
        baseline=next((n for n, one in enumerate(runs) if one.run_id == baseline), None),
        goals=goals,
        said=(*said, *shortfalls(records, recorded)),
        metrics=_by_use(metrics),
        at=at,
    )


def _records(
    session: Session, run_ids: Sequence[str], called: Mapping[str, str]
) -> tuple[tuple[RunRecord, ...], list[str]]:
    """Return the runs that are there, and what is to be said of the others."""
    known = numbers(session.catalogue, run_ids)
    there = [run_id for run_id in run_ids if run_id in known]
    records = cards(session.catalogue, [known[run_id] for run_id in there[:MOST_RUNS]])
    if not records:
        raise UsageError(
            "There is no run to compare.", hint="Name runs that are listed by: workbench runs"
        )
    read = {one.run_id for one in records}
    lost = [one for one in run_ids if one not in read and one not in there[MOST_RUNS:]]
    said = list(gone(lost, called))
    if len(there) > MOST_RUNS:
        said.append(f"The first {MOST_RUNS:,} of {len(there):,} runs are compared.")
    return records, said


def _compared(
    records: Sequence[RunRecord], found: Sequence[Fact], letter_of: Mapping[str, str]
) -> tuple[Compared, ...]:
    called = _labels(records, found)
    return tuple(
        Compared(
            one.run,
            one.run_id,
            one.name,
            label,
            letter_of[one.run_id],
            one.status,
            one.inferred,
            one.recipe,
        )
        for one, label in zip(records, called, strict=True)
    )


def _labels(records: Sequence[RunRecord], found: Sequence[Fact]) -> tuple[str, ...]:
    """Return what tells the runs apart: params, or names where several tools have their own."""
    if len({one.format for one in records}) == 1:
        return labels(_differing(records, found), [one.name for one in records])
    return labels([{} for _ in records], [f"{one.name} ({one.format})" for one in records])


def _differing(records: Sequence[RunRecord], found: Sequence[Fact]) -> _Rows:
    """Return of each run the params in which not all are alike, as legends are labelled by."""
    names = [fact.name for fact in found if fact.section == "params" and fact.differs]
    return [{name: one.params[name] for name in names if name in one.params} for one in records]


def _facts(
    records: Sequence[RunRecord],
    metrics: _Rows,
    recorded: Mapping[int, Mapping[str, Any]],
    goals: Mapping[str, str],
) -> tuple[Fact, ...]:
    environments = [recorded.get(one.run, {}) for one in records]
    by_section: dict[str, _Rows] = {
        "run": [run_facts.run_facts(one) for one in records],
        "params": [one.params for one in records],
        "metrics": metrics,
        "tags": [one.tags for one in records],
        "code": [run_facts.code_facts(one) for one in records],
        "environment": list(map(run_facts.environment_facts, records, environments)),
        "packages": list(map(run_facts.package_facts, environments)),
        "datasets": [run_facts.dataset_facts(one) for one in records],
    }
    return tuple(
        fact for section in SECTIONS for fact in _ordered(section, by_section[section], goals)
    )


def _ordered(section: str, by_run: _Rows, goals: Mapping[str, str]) -> tuple[Fact, ...]:
    """Return the facts of a section, what was measured of the machine last of the metrics."""
    if section != "metrics":
        return facts(section, by_run)
    found = facts(section, by_run, goals)
    return tuple(sorted(found, key=lambda fact: fact.name.startswith(_MACHINE)))


def _metrics(
    session: Session, records: Sequence[RunRecord], at: float | None
) -> tuple[_Rows, _Rows]:
    """Return the values of each run, and the steps of those that are of an earlier step."""
    if at is None:
        last = [{name: one.last for name, one in run.metrics.items()} for run in records]
        return last, [{}] * len(records)
    found = [list(_values_at(session, run, at)) for run in records]
    return (
        [{name: value for name, value, _ in run} for run in found],
        [{name: reached for name, _, reached in run if reached < at} for run in found],
    )


def _values_at(
    session: Session, record: RunRecord, step: float
) -> Iterator[tuple[str, float, float]]:
    """Yield each metric with a point at or before a step, its value and its last step of all."""
    from workbench.runs.alignment import at, ordered  # noqa: PLC0415 - numpy
    from workbench.runs.series import STEP, last_per_step, positions  # noqa: PLC0415

    curves = session.curves().of_run(record.run, list(record.metrics))
    for name, curve in curves.items():
        points = last_per_step(curve)
        x, values = ordered(positions(points, STEP), points.values)
        if len(x) and x[0] <= step:
            yield name, at(x, values, step), float(x[-1])


def _dated(found: Sequence[Fact], steps: _Rows) -> tuple[Fact, ...]:
    """Return the facts, those of metrics with the steps of values that stand in for later ones."""
    return tuple(
        fact._replace(steps=tuple([run.get(fact.name) for run in steps]))
        if fact.section == "metrics" and any(fact.name in run for run in steps)
        else fact
        for fact in found
    )


def _by_use(metrics: _Rows) -> tuple[str, ...]:
    """Return the names of the metrics, those most runs have first."""
    used: dict[str, int] = {}
    for run in metrics:
        for name in run:
            used[name] = used.get(name, 0) + 1
    return tuple(sorted(used, key=lambda name: (-used[name], natural(name))))


def _sorted(
    runs: tuple[Compared, ...], found: tuple[Fact, ...], name: str, descending: bool
) -> tuple[tuple[Compared, ...], tuple[Fact, ...]]:
    """Return runs and values in the order of a fact.

    Raises:
        UsageError: No fact has that name.
    """
    by = named(found, name)
    places = order(by.values, descending=descending)
    return tuple(runs[place] for place in places), tuple(fact.placed(places) for fact in found)


def named(found: Sequence[Fact], name: str) -> Fact:
    """Return the fact a person means, a metric before others: ``loss``, ``params.lr``.

    Raises:
        UsageError: There is none.
    """
    fits = [fact for fact in found if name in (fact.name, f"{fact.section}.{fact.name}")]
    if fits:
        return min(fits, key=lambda fact: fact.section != "metrics")
    near = get_close_matches(name, [fact.name for fact in found], n=3)
    raise UsageError(
        f"None of these runs has a {words.visible(name)!r}.",
        hint=f"Did you mean {' or '.join(map(words.visible, near))}?" if near else "",
    )
