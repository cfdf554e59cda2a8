"""What is missing of runs that are compared, one sentence for each thing that is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from workbench import words
from workbench.catalogue.cards import RunRecord
from workbench.runfolder import RUNNING

_NAMED = 3
"""Runs a sentence names; of more it says how many."""


def shortfalls(
    records: Sequence[RunRecord], recorded: Mapping[int, Mapping[str, Any]] | None
) -> Iterator[str]:
    """Yield a sentence for everything these runs do not have or do not share.

    Args:
        records: The runs.
        recorded: The environment of each run by number; None where nobody looked.
    """
    yield from _of_metrics(records)
    for says, every, lacks in _checks(recorded):
        lacking = [one for one in records if lacks(one)]
        if lacking:
            yield f"{says} {_names(lacking, len(records), every)}."


def gone(run_ids: Sequence[str], called: Mapping[str, str]) -> Iterator[str]:
    """Yield the sentence about runs that are no longer here, by what they were ``called``."""
    if len(run_ids) == 1:
        yield f"There is no run {_gone(run_ids[0], called)} any more."
    elif run_ids:
        named = ", ".join(_gone(one, called) for one in run_ids[:_NAMED])
        more = f" and {len(run_ids) - _NAMED:,} more" if len(run_ids) > _NAMED else ""
        yield f"{len(run_ids):,} runs are no longer here: {named}{more}."


def _gone(run_id: str, called: Mapping[str, str]) -> str:
    known = called.get(run_id, "")
    shown = words.visible(run_id)
    return f"{words.visible(known)} ({shown})" if known else shown


Lacks = Callable[[RunRecord], bool]
_ALL, _ANY = ("both runs", "all of the runs"), ("either run", "any of the runs")


def _checks(
    recorded: Mapping[int, Mapping[str, Any]] | None,
) -> Iterator[tuple[str, tuple[str, str], Lacks]]:
    """Yield a sentence's beginning, its end where it is true of two or of all, and the test."""
    yield "Values may still change of", _ALL, lambda one: one.status == RUNNING
    yield "No metric was logged by", _ANY, lambda one: not one.metrics
    yield "No steps were given by", _ANY, _without_steps
    yield "A single point of each metric, and so no curve, was logged by", _ALL, _with_one_point
    yield "No params were logged by", _ANY, lambda one: not one.params
    yield "No git commit is known of", _ANY, lambda one: not one.commit
    if recorded is not None:
        there = {run for run, fields in recorded.items() if fields.get("packages")}
        yield "No packages were recorded by", _ANY, lambda one: one.run not in there


def _without_steps(record: RunRecord) -> bool:
    metrics = record.metrics.values()
    return bool(metrics) and all(
        one.first_step is None and one.last_step is None for one in metrics
    )


def _with_one_point(record: RunRecord) -> bool:
    metrics = record.metrics.values()
    return bool(metrics) and all(one.count == 1 for one in metrics)


def _of_metrics(records: Sequence[RunRecord]) -> Iterator[str]:
    """Yield the sentence about metrics that only some of the runs have."""
    there = [set(one.metrics) for one in records if one.metrics]
    if len(there) < 2:  # noqa: PLR2004 - nothing to have in common
        return
    every, shared = set.union(*there), set.intersection(*there)
    if not shared:
        yield "No metric is in all of the runs that have any."
    elif shared != every:
        yield f"{len(shared):,} of {words.plural(len(every), 'metric')} are in all runs."


def _names(lacking: Sequence[RunRecord], number: int, every: tuple[str, str]) -> str:
    if len(lacking) == number > 1:
        return every[number > 2]  # noqa: PLR2004 - both, or all
    named = ", ".join(words.visible(one.name) for one in lacking[:_NAMED])
    return f"{named} and {len(lacking) - _NAMED:,} more" if len(lacking) > _NAMED else named
