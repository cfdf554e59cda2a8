"""The judgement on all parts at once: tests, their common false discovery rate, verdicts, scores.

A column alarms when a test is significant among all tests of the check *and* an effect that
belongs to that test is above its limit. Neither alone is enough: of a million rows any change is
significant, of thirty rows any sample looks different.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from workbench.datasets.drift import findings as finding
from workbench.datasets.drift.aspects import Asked, Compared
from workbench.datasets.drift.discovery import adjusted
from workbench.datasets.drift.gathering import Chunk, Wanted, aged, gathered, left_out
from workbench.datasets.drift.part import Judged, Part
from workbench.datasets.drift.ranked import ANDERSON_DARLING, CRAMER_VON_MISES, ENERGY
from workbench.datasets.drift.report import BREAKING, ERROR, TOO_FEW, ChunkDrift, ColumnDrift
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.drift.verdicts import (
    chunk_verdict,
    column_drift,
    gravest,
    ordered,
    weights,
)
from workbench.datasets.profile import ROLES, Profile
from workbench.errors import UsageError
from workbench.words import plural, visible

MEASURES: Final = (
    "jensen_shannon", "hellinger", "cramers_v", ANDERSON_DARLING, CRAMER_VON_MISES, ENERGY,
)  # fmt: skip
"""The measures that are taken on request."""
_DAY: Final = 86_400
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NO_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({})


def judge(
    reference: Profile | None,
    parts: Sequence[Part],
    *,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
    importance: Mapping[str, float] = _NO_WEIGHTS,
    columns: Mapping[str, str] = _NOTHING,
    roles: Mapping[str, str] = _NOTHING,
    measures: Sequence[str] = (),
    only: Collection[str] = (),
    exclude: Collection[str] = (),
    now: float | None = None,
    fresh_s: float | None = None,
    on_part: Callable[[int, int], None] = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Judged:
    """Return the judgement on every column of every part.

    Args:
        reference: What parts are held against that bring no reference of their own.
        parts: In order of time; then those of segments.
        thresholds: From what size on a change counts.
        importance: Of columns to the model, on any scale; empty: all alike.
        columns: Which are predictions and which labels; all others are features.
        roles: What people say a column is; else what the reference's profile says.
        measures: Of `MEASURES`, beside the usual ones.
        only: Look at these columns alone; empty: at all.
        exclude: Leave these out.
        now: The time that ages are measured from, seconds since 1970.
        fresh_s: How many seconds old the newest row of all may be; None: as the thresholds say.
        on_part: Told how many parts are compared, and of how many.
        stopped: Asked before every column of some parts whether to end.

    Raises:
        UsageError: A measure or a role is not known.
        StoppedError: ``stopped`` said so.
    """
    _require_known(measures, roles)
    wanted = Wanted(frozenset(only), frozenset(exclude), columns, roles, importance)
    asked = Asked(thresholds, frozenset(measures))
    found = gathered(reference, parts, asked, wanted, on_part=on_part, stopped=stopped)
    found = aged(found, now, fresh_s if fresh_s is not None else thresholds.age_days * _DAY)
    p = [one for chunk in found for column in chunk.found for one in _tested(column, thresholds)]
    q = iter(adjusted(p).tolist())
    chunks = tuple(_judged(chunk, q, thresholds, importance) for chunk in found)
    references = [reference, *(part.reference for part in parts)]
    return Judged(
        chunks=chunks,
        left_out=tuple(left_out([one for one in references if one is not None], wanted)),
        tests=len(p),
        verdict=gravest([chunk.verdict for chunk in chunks]),
        score=max((chunk.score for chunk in chunks), default=0.0),
    )


def _require_known(measures: Sequence[str], roles: Mapping[str, str]) -> None:
    strange = [name for name, role in roles.items() if role not in ROLES]
    if strange:
        raise UsageError(
            f"Column '{visible(strange[0])}' has no role '{visible(roles[strange[0]])}'.",
            hint=f"Say one of {', '.join(ROLES)}.",
        )
    unknown = [name for name in measures if name not in MEASURES]
    if unknown:
        raise UsageError(
            f"There is no measure '{visible(unknown[0])}'.",
            hint=f"Ask for {', '.join(MEASURES[:-1])} or {MEASURES[-1]}.",
        )


def _tested(column: Compared, thresholds: Thresholds) -> Iterator[float]:
    """Yield the p-values of a column that share the false discovery rate."""
    for aspect in column.found.aspects:
        if aspect.p is not None and aspect.rows >= thresholds.fewest:
            yield aspect.p


# -- verdicts ----------------------------------------------------------------------------


def _judged(
    chunk: Chunk, q: Iterator[float], thresholds: Thresholds, importance: Mapping[str, float]
) -> ChunkDrift:
    share = weights(chunk.found, importance, _lost(chunk))
    columns = [
        column_drift(one, _rates(one, q, thresholds), thresholds, share.get(one.name, 0.0))
        for one in chunk.found
    ]
    return _assembled(chunk, columns, share, thresholds)


def _lost(chunk: Chunk) -> list[str]:
    """Return the features that are not there any more."""
    kind = finding.MISSING_COLUMN
    return [one.column for one in chunk.findings if (one.kind, one.severity) == (kind, BREAKING)]


def _rates(column: Compared, q: Iterator[float], thresholds: Thresholds) -> list[float | None]:
    """Return the adjusted p of every aspect; None where it was not tested."""
    return [
        next(q) if aspect.p is not None and aspect.rows >= thresholds.fewest else None
        for aspect in column.found.aspects
    ]


def _assembled(
    chunk: Chunk,
    columns: Sequence[ColumnDrift],
    share: Mapping[str, float],
    thresholds: Thresholds,
) -> ChunkDrift:
    part = chunk.part
    rows = part.profile.rows if part.profile is not None else 0
    verdict, score = chunk_verdict(columns, _lost(chunk), share, thresholds)
    return ChunkDrift(
        label=part.label,
        verdict=chunk.verdict or verdict,
        rows=rows,
        score=score,
        columns=tuple(ordered(columns)),
        findings=chunk.findings,
        start=part.start,
        end=part.end,
        reference=part.reference_name,
        segment=part.segment,
        reason=chunk.reason or _reason(rows, verdict, columns),
    )


def _reason(rows: int, verdict: str, columns: Sequence[ColumnDrift]) -> str:
    """Return why a chunk is not judged; empty where it is."""
    if verdict == ERROR:
        return "no column could be compared"
    if verdict != TOO_FEW:
        return ""
    if not columns:
        return "no column is judged: all are left out"
    return f"{plural(rows, 'row')}: too few values in every column"
