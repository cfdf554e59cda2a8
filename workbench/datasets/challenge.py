"""Champion against challenger on the same rows: better, not worse, worse, or cannot tell.

The difference of a metric gets a paired bootstrap interval, and the verdict follows from
where that interval lies to zero and to the margin. Where an interval would be a fiction (too
few rows, one class) the answer is that it cannot be told, and about how many rows it would
take. Nothing is told from rows that somebody may have picked. docs/statistics.md says what each
figure does not say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, isnan, log10
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from workbench import words
from workbench.datasets.measuring import LEVEL, Measured, mcnemar, measure
from workbench.datasets.pairing import Pairs, pair
from workbench.datasets.scoring import BINARY, METRICS, OF_THE_POSITIVE, Metric
from workbench.datasets.segments import Segment, worst
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.datasets.predictions import Predictions

Outcome: TypeAlias = Literal["better", "not worse", "worse", "cannot tell"]

RESAMPLES: Final = 2_000
_MOST_TIMES: Final = 1_000
"""A number of rows is named up to this many times those there are."""
_NONE_IN: Final = 3.0
"""What never happened in n rows happens in at most 3/n of all, at 95 %: Hanley and
Lippman-Hand (1983), If nothing goes wrong, is everything all right?, JAMA 249(13)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, in units of the metric; differences are challenger minus champion."""

    verdict: Outcome
    metric: str
    champion: float
    challenger: float
    difference: float
    low: float
    """With `high` the interval of the difference at `LEVEL`; NaN without one."""
    high: float
    n: int
    """Rows that both answered and that have a label."""
    about_rows_needed: int | None
    """In all, to one figure, while it cannot be told; None where no number can be named."""
    mcnemar_p: float | None
    """Mid-p of equally many rows that only the one and only the other gets right."""
    worst_segment: Segment | None
    sentence: str
    """Everything, for a person: verdict, numbers, what it would take, `notes`."""
    numbers: str
    """``roc_auc 0.891 → 0.903, +0.012 [0.004, 0.02] at 95% on 1,000 rows``."""
    notes: str
    """The worst segment, and rows that were left out; may be empty."""
    margin: float = 0.0
    resamples: int = 0
    only_champion: int = 0
    only_challenger: int = 0
    unlabelled: int = 0


def compare(
    champion: "Predictions",
    challenger: "Predictions",
    *,
    metric: str,
    margin: float = 0.0,
    segments: Sequence[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
    positive: str = "",
) -> Verdict:
    """Compare two versions' predictions of the same rows by a metric.

    Args:
        champion: What the version that holds the stage predicted.
        challenger: What the version that wants it predicted.
        metric: One of `METRICS`.
        margin: By how much the challenger may be worse and still count as not worse, 0 or more,
            in units of the metric.
        segments: Columns of the champion's file or the challenger's; default those the files name.
        resamples: Of the bootstrap; of many rows fewer are drawn, see `MOST_DRAWS`.
        seed: Of the bootstrap; the same seed gives the same interval.
        positive: The class that counts, where there are two; default the last in order.

    Raises:
        UsageError: The metric, the margin or a segment is not one, or the files do not fit.
    """
    chosen = METRICS.get(metric)
    if chosen is None:
        raise UsageError(f"There is no metric {metric!r}.", hint=f"Use {', '.join(METRICS)}.")
    if not (isfinite(margin) and margin >= 0):
        raise UsageError(f"A margin is 0 or more, not {margin}.")
    pairs = pair(champion.frame, challenger.frame, chosen, positive)
    named = champion.about.segments + challenger.about.segments if segments is None else segments
    return _verdict(pairs, chosen, margin, tuple(dict.fromkeys(named)), resamples, seed)


def _verdict(
    pairs: Pairs, metric: Metric, margin: float, segments: Sequence[str], resamples: int, seed: int
) -> Verdict:
    n = len(pairs.rows)
    found = measure(pairs.champion, pairs.challenger, metric, resamples, seed)
    picked = _picked(pairs)
    outcome = "cannot tell" if picked else _outcome(found, metric, margin, pairs)
    tell = outcome == "cannot tell" and not picked
    needed = _needed(found, metric, margin, pairs) if tell else None
    p = mcnemar(pairs.champion, pairs.challenger) if metric.needs == "classes" else None
    segment = worst(pairs, metric, segments, resamples, seed)
    numbers = _numbers(found, metric, n) + _counted(pairs, metric)
    notes = _joined(_said_of_segment(segment), _said_of_rows(pairs))
    why = (picked,) if picked else _why(outcome, found, needed)
    told = _joined(f"{_head(outcome, margin)}: {numbers}.", *why, notes)
    return Verdict(
        outcome, metric.name, found.champion, found.challenger, found.difference, found.low,
        found.high, n, needed, p, segment, told, numbers, notes, margin, found.resamples,
        pairs.only_champion, pairs.only_challenger, pairs.unlabelled,
    )  # fmt: skip


# -- judging -----------------------------------------------------------------------------


def _picked(pairs: Pairs) -> str:
    """Return why the rows may have been picked, as a sentence; empty where they cannot be.

    Any row of one side alone is too many: leaving out the hundredth that is wrong is worth more
    than most margins. Rows nobody labelled are fair while both files label the same ones.
    """
    if pairs.only_champion or pairs.only_challenger:
        return "Both must have answered the same rows: those left out may be the ones that differ."
    if pairs.unlabelled and pairs.labelled_once:
        return "Both files must label the same rows, or one of them all: labels may be picked."
    return ""


def _outcome(found: Measured, metric: Metric, margin: float, pairs: Pairs) -> Outcome:
    if found.same:
        return "not worse" if _unseen(metric, pairs) <= margin else "cannot tell"
    if isnan(found.low):
        return "cannot tell"
    low, high = _gain(found, metric)
    if low > 0:
        return "better"
    if low >= -margin:
        return "not worse"
    return "worse" if high < -margin else "cannot tell"


def _gain(found: Measured, metric: Metric) -> tuple[float, float]:
    """Return the interval of how much better the challenger is, whichever way is better."""
    low, high = found.low, found.high
    return (low, high) if metric.greater_is_better else (-high, -low)


def _unseen(metric: Metric, pairs: Pairs) -> float:
    """Return how far versions that answered all rows alike may still be apart in this metric.

    At most 3/n of the rows of a class would be answered otherwise; that moves a bounded metric
    by no more than twice as much. For other metrics one row may move everything.
    """
    if not metric.bounded:
        return np.inf
    smallest = np.unique(pairs.champion.label, return_counts=True)[1].min()
    return 2 * _NONE_IN / float(smallest if metric.by_class else len(pairs.rows))


def _needed(found: Measured, metric: Metric, margin: float, pairs: Pairs) -> int | None:
    """Return about how many rows would settle it, if the difference stays as it is.

    The interval narrows with the root of the rows; it must leave the margin on one side.
    """
    n = len(pairs.rows)
    if found.same:
        unseen = _unseen(metric, pairs)
        return _one_figure(n * unseen / margin) if margin > 0 and isfinite(unseen) else None
    if isnan(found.low):
        return None if isnan(found.times) else _one_figure(n * found.times)
    sign = 1 if metric.greater_is_better else -1
    low, high = _gain(found, metric)
    gain = sign * found.difference
    room = gain + margin
    reach = gain - low if room > 0 else high - gain
    if reach <= 0 or abs(room) * _MOST_TIMES**0.5 < reach:
        return None
    return max(_one_figure(n * (reach / room) ** 2), _one_figure(n + 1))


def _one_figure(count: float) -> int:
    """Return a count rounded up to one figure: 4,321 is about 5,000."""
    unit = 10.0 ** floor(log10(count))
    return round(ceil(count / unit * (1 - 1e-12)) * unit)


# -- in words ----------------------------------------------------------------------------


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _head(outcome: Outcome, margin: float) -> str:
    slack = words.number(margin)
    if outcome == "better":
        return "Better"
    if outcome == "not worse":
        return f"Not worse within {slack}" if margin else "Not worse"
    if outcome == "worse":
        return f"Worse by more than {slack}" if margin else "Worse"
    return "Cannot tell yet"


def _why(outcome: Outcome, found: Measured, needed: int | None) -> Iterator[str]:
    yield found.why_not
    if outcome != "cannot tell":
        return
    if needed is not None:
        yield f"About {words.count(needed)} rows would be needed{_if_so(found)}."
    elif not found.why_not:
        yield "The difference is too near the margin for a number of rows to be named."


def _if_so(found: Measured) -> str:
    return "" if isnan(found.low) else ", if the difference stays as it is"


def _numbers(found: Measured, metric: Metric, n: int) -> str:
    rows = words.plural(n, "row")
    if isnan(found.difference):
        return f"{metric.name} on {rows} has no value"
    change = words.delta(found.difference) if found.difference else "no difference"
    interval = ""
    if not isnan(found.low):
        few = "" if found.resamples == RESAMPLES else f", {words.count(found.resamples)} resamples"
        interval = f" {_interval(found.low, found.high)} at {words.percent(LEVEL)}{few}"
    way = "" if metric.greater_is_better else ", less is better"
    return (
        f"{metric.name} {words.number(found.champion)} → {words.number(found.challenger)}, "
        f"{change}{interval} on {rows}{way}"
    )


def _counted(pairs: Pairs, metric: Metric) -> str:
    """Return which of two classes the metric is of, where that makes a difference."""
    of = pairs.champion
    if metric.name not in OF_THE_POSITIVE or len(of.classes) != BINARY:
        return ""
    name = words.visible(of.classes[of.positive])
    return f", positive class {name!r}" + (" (the last; none is named)" if pairs.assumed else "")


def _interval(low: float, high: float) -> str:
    return f"[{words.number(low, 3)}, {words.number(high, 3)}]"


def _said_of_segment(segment: Segment | None) -> str:
    if segment is None:
        return ""
    interval = "" if isnan(segment.low) else f" {_interval(segment.low, segment.high)}"
    place = words.visible(f"{segment.column} = {segment.value}"[:80])
    change = words.delta(segment.difference) if segment.difference else "no difference"
    return (
        f"Worst of {words.plural(segment.looked_at, 'segment')}: {place}, "
        f"{change}{interval}, n={words.count(segment.n)}."
    )


def _said_of_rows(pairs: Pairs) -> str:
    parts = [
        f"{words.plural(count, 'row')} {what}"
        for count, what in (
            (pairs.only_champion, "only of the champion"),
            (pairs.only_challenger, "only of the challenger"),
            (pairs.unlabelled, "without a label"),
        )
        if count
    ]
    return f"Left out: {', '.join(parts)}." if parts else ""
