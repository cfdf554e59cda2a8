"""From tests and effects to verdicts: of a column, of a chunk, of all."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, isclose, isfinite
from typing import Final, NamedTuple

from workbench.datasets.drift.aspects import SMALL, Aspect, Compared, Effect
from workbench.datasets.drift.ordering import MOVED, order_of, rank, standing
from workbench.datasets.drift.report import (
    ALARMS,
    DRIFT,
    ERROR,
    FEATURE,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    VERDICTS,
    ColumnDrift,
    Measure,
)
from workbench.datasets.drift.thresholds import Thresholds
from workbench.words import plural

_JUDGED: Final = frozenset((STABLE, SHIFTED, DRIFT, SEVERE))


_CHANCE: Final = 0.99
"""The most that an effect comes to which chance explains: from 1 on it would count."""


class _Decided(NamedTuple):
    """What one aspect comes to, ordered by how much it says."""

    rank: int
    """Place of its verdict among `VERDICTS`."""
    ratio: float
    aspect: Aspect
    effect: Effect
    q: float


# -- of a column -------------------------------------------------------------------------


def column_drift(
    column: Compared, rates: Sequence[float | None], thresholds: Thresholds, importance: float
) -> ColumnDrift:
    """Return the judgement on a column.

    Args:
        column: What was found of it.
        rates: The adjusted p of every aspect; None where it was not tested.
        thresholds: From what size on a change counts.
        importance: Its share of all importance.
    """
    decided = [
        _decided(aspect, q, thresholds)
        for aspect, q in zip(column.found.aspects, rates, strict=True)
        if q is not None
    ]
    first = max(decided, key=lambda one: (one.rank, not one.aspect.aside, one.ratio), default=None)
    verdict = _verdict(column, first, thresholds)
    found = column.found
    return ColumnDrift(
        name=column.name,
        verdict=verdict,
        part=column.part,
        role=column.role,
        importance=importance,
        test=first.aspect.test if first else "",
        p=first.aspect.p if first else None,
        q=first.q if first else None,
        measure=first.effect.name if first else "",
        effect=_effect(column, first),
        shift=found.shift,
        words=_words(column, first, verdict),
        measures=tuple(_measures(column, rates, thresholds)),
        findings=found.findings,
        reference_rows=column.reference_rows,
        current_rows=column.current_rows,
        reference_missing=column.reference_missing,
        current_missing=column.current_missing,
        reason=_reason(column, verdict, thresholds),
        shape=found.shape,
    )


def _decided(aspect: Aspect, q: float, thresholds: Thresholds) -> _Decided:
    """Return what an aspect comes to on its own."""
    floored = _floored(aspect, q, thresholds)
    effect = max(aspect.effects, key=lambda one: _ratio(one, floor=floored))
    ratio = _ratio(effect, floor=floored)
    if q > thresholds.q:
        return _Decided(VERDICTS.index(STABLE), min(ratio, _CHANCE), aspect, effect, q)
    if ratio < 1:
        return _Decided(VERDICTS.index(SHIFTED), ratio, aspect, effect, q)
    severe = any(one.is_severe for one in aspect.effects)
    return _Decided(VERDICTS.index(SEVERE if severe else DRIFT), ratio, aspect, effect, q)


def _floored(aspect: Aspect, q: float | None, thresholds: Thresholds) -> bool:
    """Say whether effects are held against their noise floor: not where few rows are sure."""
    return aspect.rows >= SMALL or q is None or q > thresholds.q


def _ratio(effect: Effect, *, floor: bool) -> float:
    limit = effect.held_against(floor=floor)
    if limit <= 0:
        return 1.0 if effect.value > 0 else 0.0
    return effect.value / limit


def _verdict(column: Compared, first: _Decided | None, thresholds: Thresholds) -> str:
    if column.verdict:
        return column.verdict
    verdict = VERDICTS[first.rank] if first else STABLE
    if verdict in ALARMS:
        return verdict
    if verdict == STABLE and column.found.unknown:
        return TOO_FEW
    return TOO_FEW if _few(column, thresholds) else verdict


def _few(column: Compared, thresholds: Thresholds) -> bool:
    return min(column.reference_rows, column.current_rows) < thresholds.fewest


def _effect(column: Compared, first: _Decided | None) -> float:
    if column.verdict == SEVERE:
        return 1.0
    return first.ratio if first else 0.0


def _reason(column: Compared, verdict: str, thresholds: Thresholds) -> str:
    if verdict != TOO_FEW:
        return column.reason
    if not _few(column, thresholds):
        return f"cannot be told: {column.found.unknown}"
    if column.reference_missing == 1 == column.current_missing:
        return "every value is missing on both sides"
    sides = ((column.current_rows, "now"), (column.reference_rows, "in the reference"))
    said = " and ".join(
        f"{plural(rows, 'value')} {where}" for rows, where in sides if rows < thresholds.fewest
    )
    return f"{said}, at least {thresholds.fewest} are needed"


def _words(column: Compared, first: _Decided | None, verdict: str) -> str:
    """Return what moved, in one sentence."""
    if column.verdict or (verdict == TOO_FEW and not column.found.words):
        return column.reason
    if column.found.instead and verdict in MOVED:
        return column.found.instead
    told = first.effect.said if first is not None and verdict in MOVED else ""
    return told or column.found.words


def _measures(
    column: Compared, rates: Sequence[float | None], thresholds: Thresholds
) -> list[Measure]:
    """Return all measures of a column, those that decide first."""
    found = list[Measure]()
    for aspect, q in zip(column.found.aspects, rates, strict=True):
        floor = _floored(aspect, q, thresholds)
        found += [
            Measure(
                one.name, one.value, one.held_against(floor=floor), aspect.p, one.within, one.words
            )
            for one in aspect.effects
        ]
    names = {one.name for one in found}
    found += [one for one in column.found.measures if one.name not in names]
    return [one for one in found if isfinite(one.value) and isfinite(one.within)]


# -- of a chunk --------------------------------------------------------------------------


def weights(
    columns: Sequence[Compared], importance: Mapping[str, float], lost: Sequence[str]
) -> dict[str, float]:
    """Return the share of all importance of every column that may have some.

    Predictions and labels have none, unless there is nothing else.

    Args:
        columns: Those that are judged.
        importance: On any scale; what is not there has none. Empty: all alike.
        lost: Features that are not there any more.
    """
    names = [one.name for one in columns if one.part == FEATURE] + list(lost)
    names = names or [one.name for one in columns]
    given = {name: abs(importance.get(name, 0.0)) for name in names}
    given = {name: value if isfinite(value) else 0.0 for name, value in given.items()}
    whole = max(given.values(), default=0.0)
    if whole <= 0:
        return {name: 1 / len(names) for name in names}
    total = sum(value / whole for value in given.values())
    return {name: value / whole / total for name, value in given.items()}


def chunk_verdict(
    columns: Sequence[ColumnDrift],
    lost: Sequence[str],
    share: Mapping[str, float],
    thresholds: Thresholds,
) -> tuple[str, float]:
    """Return the verdict on a chunk, and its score.

    Severe: a column of the most important ones is, or is not there any more, or a prediction or
    label is. Drift: a prediction or label has drifted, or some column has and the score reaches
    its limit, or some column has where nobody knows that another matters more. The score is the
    importance of what moved, each column by its effect up to 1.
    """
    effects = {one.name: min(one.effect, 1.0) for one in columns if one.verdict in MOVED}
    score = fsum(share.get(name, 0.0) * effect for name, effect in effects.items())
    score = min(score + fsum(share.get(name, 0.0) for name in lost), 1.0)
    top = _top(share, thresholds.top)
    outputs = [one.verdict for one in columns if one.part != FEATURE]
    gravest_of_top = {one.verdict for one in columns if one.name in top} | {*outputs}
    if SEVERE in gravest_of_top or top & {*lost}:
        return SEVERE, score
    alarms = any(one.verdict in ALARMS for one in columns) or bool(lost)
    enough = score >= thresholds.score or are_alike(share.values())
    if DRIFT in outputs or (alarms and enough):
        return DRIFT, score
    judged = [one.verdict for one in columns if one.verdict in _JUDGED]
    if judged or lost:
        return SHIFTED if {*judged} & MOVED or lost else STABLE, score
    return (ERROR if any(one.verdict == ERROR for one in columns) else TOO_FEW), score


def are_alike(shares: Iterable[float]) -> bool:
    """Say whether no column is more important than another, as where nobody says what matters."""
    there = [share for share in shares if share > 0]
    return bool(there) and isclose(min(there), max(there), rel_tol=1e-6)


def _top(share: Mapping[str, float], most: int) -> set[str]:
    """Return the most important columns; all that are as important as the last of them."""
    ranked = sorted(share.values(), reverse=True)
    least = ranked[min(most, len(ranked)) - 1] if ranked and most > 0 else float("inf")
    return {name for name, value in share.items() if value >= least and value > 0}


def ordered(columns: Sequence[ColumnDrift]) -> list[ColumnDrift]:
    """Return predictions and labels first, then columns by importance times effect."""
    return sorted(
        columns, key=lambda one: order_of(one.name, one.part, one.importance, standing((one,)))
    )


def gravest(verdicts: Sequence[str]) -> str:
    """Return the gravest of the chunks' verdicts; too few rows in some do not hide the others."""
    judged = [one for one in verdicts if one != TOO_FEW] or list(verdicts)
    return max(judged, key=rank, default=TOO_FEW)
