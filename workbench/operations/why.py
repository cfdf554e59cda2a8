"""Why is this run better than that one: everything in which they differ, most telling first.

That two things differ is known; that one of them is the cause is not, and nothing here says
so. Whether the difference of the metric is more than chance is asked of the runs that repeat
both recipes over seeds or folds.
"""

from collections.abc import Hashable, Iterable
from math import inf

from workbench.catalogue.cards import RunRecord
from workbench.errors import UsageError
from workbench.operations.code import code_difference
from workbench.operations.compare import Comparison, compare
from workbench.operations.reasons import MetricDelta, Repeat, Why
from workbench.operations.repeats import Repeats, place_words, repeats
from workbench.operations.runs_table import telling_first
from workbench.operations.select import select
from workbench.operations.session import Session
from workbench.operations.why_text import WhyLine, why_lines, why_markdown
from workbench.runfolder import FINISHED
from workbench.runs.comparing import MISSING, Fact
from workbench.runs.deltas import SAME, delta
from workbench.runs.paired import Difference, difference
from workbench.runs.parting import Parting, parting
from workbench.words import count, plural, visible

__all__ = ["MetricDelta", "Why", "WhyLine", "why", "why_lines", "why_markdown"]

_MACHINE = "system/"
_ABOUT_THE_MACHINE = ("host",)
"""Facts of a run that say where it ran."""


def why(session: Session, a: str, b: str, *, metric: str = "") -> Why:
    """Return everything in which run B differs from run A.

    Args:
        session: Where.
        a: The run compared against: an id, a unique part of one, or a unique name.
        b: The other one.
        metric: The main metric; default the first with a known direction that both have.

    Raises:
        NotFoundError: One of them is not there.
        UsageError: A name is several runs', both are one, or neither has the metric.
    """
    first, second = select(session, a), select(session, b)
    if first.run == second.run:
        raise UsageError(
            f"Both words name the run {visible(first.name)}.", hint="Name two different runs."
        )
    comparison = compare(session, [first.run_id, second.run_id])
    if len(comparison.runs) < 2:  # noqa: PLR2004 - two were asked for
        raise UsageError(
            "One of the two runs is gone, or both have one id.",
            hint="Name two runs that are there.",
        )
    chosen = _main(session, comparison, metric, first, second)
    deltas = {one.name: one for one in _deltas(session, comparison, (first, second))}
    found, rests_on, said = _over_repeats(session, first, second, chosen)
    where, why_not = _parted(session, first, second, chosen)
    return Why(
        comparison.runs[0],
        comparison.runs[1],
        chosen,
        deltas.get(chosen),
        _differing(comparison, "params"),
        code_difference(session, first, second),
        _recorded(comparison, "packages"),
        _differing(comparison, "datasets"),
        (
            *_recorded(comparison, "environment"),
            *(one for one in _differing(comparison, "run") if one.name in _ABOUT_THE_MACHINE),
        ),
        _largest_first(deltas.values()),
        where,
        why_not,
        found,
        rests_on,
        tuple(dict.fromkeys((*said, *_unfinished(first, second), *comparison.said))),
    )


def _main(session: Session, comparison: Comparison, metric: str, *records: RunRecord) -> str:
    """Return the metric asked for, or the first with a direction that both runs have.

    Raises:
        UsageError: Neither run has the one asked for.
    """
    if metric:
        if not any(metric in one.metrics for one in records):
            known = ", ".join(map(visible, comparison.metrics[:8]))
            raise UsageError(
                f"Neither run has a metric {visible(metric)!r}.",
                hint=f"Choose one of: {known}." if known else "",
            )
        return metric
    shared = [name for name in comparison.metrics if all(name in one.metrics for one in records)]
    shared = list(telling_first(session, shared))
    aimed = [name for name in shared if name in comparison.goals]
    return next(iter(aimed or shared), "")


def _deltas(
    session: Session, comparison: Comparison, records: tuple[RunRecord, RunRecord]
) -> list[MetricDelta]:
    """Return the metrics both runs have, in the order of the comparison."""
    first, second = records
    found = []
    for name in comparison.metrics:
        if name not in first.metrics or name not in second.metrics:
            continue
        goal = comparison.goals.get(name, "")
        said = name in session.settings.goals or any(
            name in one.rules and one.rules[name].goal for one in records
        )
        mine, theirs = first.metrics[name].last, second.metrics[name].last
        change = delta(theirs, mine, goal or None)
        found.append(MetricDelta(name, mine, theirs, change, goal, bool(goal) and not said))
    return found


def _largest_first(deltas: Iterable[MetricDelta]) -> tuple[MetricDelta, ...]:
    there = [one for one in deltas if one.delta.verdict != SAME]
    return tuple(sorted(there, key=_rank))


def _rank(one: MetricDelta) -> tuple[bool, bool, float]:
    """Return what metrics are sorted by: ours first, then by relative size; NaN last."""
    difference, ratio, _ = one.delta
    size = abs(ratio) if ratio is not None else inf
    return one.name.startswith(_MACHINE), difference is None, -size


def _differing(comparison: Comparison, section: str) -> tuple[Fact, ...]:
    return tuple(one for one in comparison.facts if one.section == section and one.differs)


def _recorded(comparison: Comparison, section: str) -> tuple[Fact, ...]:
    """Return what differs of what both recorded; what one run never recorded is no difference."""
    facts = [one for one in comparison.facts if one.section == section]
    if not all(any(one.values[side] is not MISSING for one in facts) for side in (0, 1)):
        return ()
    return tuple(one for one in facts if one.differs)


def _unfinished(*records: RunRecord) -> list[str]:
    return [
        f"{letter} is {one.status.lower()}, not finished: its values may not be its last."
        for letter, one in zip("AB", records, strict=True)
        if one.status != FINISHED
    ]


def _over_repeats(
    session: Session, a: RunRecord, b: RunRecord, metric: str
) -> tuple[Difference, tuple[Repeat, ...], list[str]]:
    """Return the difference over seeds or folds, whose it is, and what is to be kept in mind."""
    first, second = repeats(session, a, metric), repeats(session, b, metric)
    said = []
    if first.recipe == second.recipe:
        said.append(
            "A and B are equal in all but seed or fold: what differs between them is chance."
        )
        first, second = _alone(a, metric, first), _alone(b, metric, second)
    found = difference(first.values, second.values)
    if len(first.values) == len(second.values) == 1:
        said.append("One run of each cannot be told from noise; repeat both with other seeds.")
    doubled = first.doubled + second.doubled
    if doubled:
        said.append(
            f"Left out: {plural(doubled, 'run')} with a seed another run of its recipe has."
        )
    said += [*_not_read("A", first), *_not_read("B", second)]
    places = sorted({*first.runs, *second.runs}, key=place_words)
    rests_on = tuple(
        Repeat(place_words(place), first.runs.get(place, ""), second.runs.get(place, ""))
        for place in places
    )
    return found, rests_on, said


def _not_read(letter: str, found: Repeats) -> list[str]:
    if found.there <= found.read:
        return []
    most, there = count(found.read), count(found.there)
    return [f"Only the latest {most} of {there} runs that may repeat {letter} were looked at."]


def _alone(record: RunRecord, metric: str, found: Repeats) -> Repeats:
    values: dict[Hashable, float] = {}
    if metric in record.metrics:
        values[record.run_id] = record.metrics[metric].last
    return Repeats(found.recipe, values, 0, dict.fromkeys(values, record.run_id))


def _parted(
    session: Session, a: RunRecord, b: RunRecord, metric: str
) -> tuple[Parting | None, str]:
    """Return where the curves of the metric part, or why that cannot be said."""
    from workbench.runs.series import STEP, last_per_step, positions  # noqa: PLC0415 - numpy

    if not metric:
        return None, "The runs have no metric in common."
    read = session.curves().many([a.run, b.run], metric)
    curves = [last_per_step(read[run]) for run in (a.run, b.run) if run in read and len(read[run])]
    if len(curves) < 2:  # noqa: PLR2004 - a pair
        return None, f"The curve of {visible(metric)} is not there for both runs."
    if any(len(curve) == 1 for curve in curves):
        return None, f"{visible(metric)} has a single point in one of the runs, and so no curve."
    first, second = ((positions(curve, STEP), curve.values) for curve in curves)
    found = parting(first, second)
    return found, "" if found else f"The curves of {visible(metric)} do not part for good."
