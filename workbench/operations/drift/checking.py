"""Check current data against a reference: any two files, or what a workspace knows.

Nothing is written here. Everything that is read is profiled, so that drift is always profile
against profile, whichever of the two was there already.
"""

from collections.abc import Callable
from pathlib import Path
from socket import gethostname
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from workbench.clock import SYSTEM
from workbench.datasets.drift.monitor import PREDICTIONS
from workbench.datasets.drift.report import METHOD, ChunkDrift, DriftReport, LeftOut, Opinion, Side
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.ids import new_id
from workbench.operations.datasets.scratch import scratch_of
from workbench.operations.drift.asked_columns import require_named
from workbench.operations.drift.currents import parts_of
from workbench.operations.drift.narrowed import Narrowed
from workbench.operations.drift.planning import Asked, Plan, Remark, planned
from workbench.operations.drift.references import held
from workbench.operations.drift.sources import (
    REFERENCE,
    How,
    Progress,
    Require,
    profile_of,
    table_of,
)
from workbench.operations.edits import named
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.datasets.drift.part import Judged, Part
    from workbench.datasets.profile import Profile

__all__ = ["Asked", "carried_out", "check"]

_SEED_DIGITS: Final = 8
_WHEN: Final = "it says when, and is another in other data"


def check(
    session: Session | None,
    asked: Asked,
    *,
    require: Require | None = None,
    base: Callable[[str], Path] = Path,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
) -> DriftReport:
    """Return whether current data have moved away from a reference; nothing is written.

    Args:
        session: The workspace; None for two files.
        asked: What is checked against what, and how.
        require: Asked whether a file may be read.
        base: Turns a text into the path that is meant.
        on_progress: Told how much is done, of how much (0: nobody knows), and of what.
        stopped: Asked now and then whether to end.

    Raises:
        NotFoundError: A side, a version or a model is not there.
        UsageError: A side cannot be read, or what was asked cannot be meant.
        ConflictError: A file changed while it was read.
        StoppedError: ``stopped`` said so.
    """
    if asked.current == PREDICTIONS and asked.model and session is not None:
        plan = _of_predictions(session, asked, require, base, on_progress, stopped)
    else:
        plan = planned(
            session, asked, require=require, base=base, on_progress=on_progress, stopped=stopped
        )
    there = () if plan.reference is None else plan.reference.columns
    require_named(asked, (*plan.current.columns, *there))
    return carried_out(session, plan, on_progress, stopped)


class _Unchecked(NamedTuple):
    """Nothing was checked before."""

    parts: frozenset[str] = frozenset()
    newest_parts: frozenset[str] = frozenset()


def _of_predictions(
    session: Session,
    asked: Asked,
    require: Require | None,
    base: Callable[[str], Path],
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Plan:
    """Return how all that one version of a model predicted is checked.

    Raises:
        NotFoundError: There is no such version, or it predicted nothing.
        UsageError: There is nothing to hold it against.
    """
    from workbench.operations.drift.predicted import predicted  # noqa: PLC0415 - for this alone

    of = held(session, asked.model)
    turns = predicted(
        session, asked, of, _Unchecked(), require=require or (lambda _places: None),
        base=base, on_progress=on_progress, stopped=stopped,
    )  # fmt: skip
    found = next((one for one in turns if one.version == of.number), None)
    if found is None:
        raise NotFoundError(
            f"There are no production predictions of {of}.",
            hint=f"Keep them: workbench.log_predictions(frame, model='{of}', role='production')",
        )
    return found.plan()


def carried_out(
    session: Session | None, plan: Plan, on_progress: Progress, stopped: Callable[[], bool]
) -> DriftReport:
    """Make a check that was planned, and return what it found; raises as `check`."""
    clock = SYSTEM if session is None else session.clock
    began, said = clock.steady(), list(plan.said)
    with scratch_of(session) as scratch:
        how = How(plan.fields, scratch, on_progress, stopped, said.append)
        reference = _reference(plan, how)
        parts = parts_of(session, plan, how, reference)
        _require_shared(plan, reference, parts)
        judged = _judged(plan, reference, parts, clock.now(), how)
        said += _uncounted(reference, parts)
        opinions = _opinions(plan, how)
    return replace(
        _report(plan, judged, _rows(plan, reference), said),
        time=(now := clock.now() if session is None else session.disk_time()),
        id=new_id(now),
        opinions=opinions,
        current=replace(plan.current.side, rows=_all_rows(parts) or plan.current.side.rows),
        actor=named("" if session is None else session.settings.user),
        host=gethostname(),
        took_s=clock.steady() - began,
    )


def _reference(plan: Plan, how: How) -> "Profile | None":
    """Return the profile of the reference; None where it differs from chunk to chunk."""
    if plan.reference is None:
        return None
    return profile_of(plan.reference, how, REFERENCE, duplicates=plan.counts_repeated)


def _uncounted(reference: "Profile | None", parts: "tuple[Part, ...]") -> list[str]:
    """Return a sentence where repeated rows of some part were not looked for."""
    sides = [(one.reference or reference, one.profile) for one in parts]
    both = [(a, b) for a, b in sides if a is not None and b is not None]
    if all(None not in (a.duplicates, b.duplicates) for a, b in both):
        return []
    return ["Repeated rows were not counted on both sides, so nothing is said of them."]


def _require_shared(plan: Plan, reference: "Profile | None", parts: "tuple[Part, ...]") -> None:
    """Refuse tables without a column in common: that is another table, not one that drifted."""
    if reference is None or plan.reference is None:
        return
    known = {column.name for column in reference.columns}
    profiles = [part.profile for part in parts if part.profile is not None]
    if profiles and not any(one.name in known for each in profiles for one in each.columns):
        raise UsageError(
            f"{plan.current.side.name} and {plan.reference.side.name} have no column in common.",
            hint="Name a reference of the same table.",
        )


def _judged(
    plan: Plan, reference: "Profile | None", parts: "tuple[Part, ...]", now: float, how: How
) -> "Judged":
    from workbench.datasets.drift.judging import judge  # noqa: PLC0415 - numpy

    asked = plan.asked
    return judge(
        reference,
        parts,
        thresholds=asked.thresholds,
        importance=plan.importances.shares,
        columns=plan.parts,
        roles=plan.roles,
        measures=asked.measures,
        only=asked.columns,
        exclude=(*asked.exclude, *plan.set_aside, *_saying_when(plan)),
        now=now,
        on_part=lambda done, total: how.on_progress(done, total, "parts compared"),
        stopped=how.stopped,
    )


def _saying_when(plan: Plan) -> tuple[str, ...]:
    """Return the column of time, unless somebody asks for it: later data are of later days."""
    return (plan.time,) if plan.time and plan.time not in plan.asked.columns else ()


def _reasoned(plan: Plan, left: tuple[LeftOut, ...]) -> tuple[LeftOut, ...]:
    """Return what was left out, each with the reason; what nobody asked for has its own."""
    reasons = {**plan.set_aside, **dict.fromkeys(_saying_when(plan), _WHEN)}
    own = {name: why for name, why in reasons.items() if name not in plan.asked.exclude}
    return tuple(LeftOut(one.name, own.get(one.name, one.reason)) for one in left)


def _report(plan: Plan, judged: "Judged", reference: Side, said: list[str]) -> DriftReport:
    of = plan.model
    return DriftReport(
        id="",
        key=plan.key,
        time=0.0,
        verdict=judged.verdict,
        reference=reference,
        current=plan.current.side,
        chunks=tuple(_remarked(plan, chunk) for chunk in judged.chunks),
        model="" if of is None else of.model,
        version=None if of is None else of.number,
        stage="" if of is None else of.stage,
        score=judged.score,
        importance=plan.importances.words,
        chunking=plan.asked.chunks,
        time_column=plan.time,
        thresholds=plan.asked.thresholds,
        left_out=_reasoned(plan, judged.left_out),
        said=tuple(dict.fromkeys(said)),
        tests=judged.tests,
        method=METHOD,
    )


def _remarked(plan: Plan, chunk: ChunkDrift) -> ChunkDrift:
    """Return a chunk with the findings about its rows that no test finds."""
    own = tuple(one.finding for one in plan.remarks if not chunk.segment and _is_about(one, chunk))
    return replace(chunk, findings=(*chunk.findings, *own)) if own else chunk


def _is_about(remark: Remark, chunk: ChunkDrift) -> bool:
    if remark.start is None or remark.end is None or chunk.start is None or chunk.end is None:
        return True
    return remark.start <= chunk.end and chunk.start <= remark.end


def _rows(plan: Plan, reference: "Profile | None") -> Side:
    """Return what was held against, with its rows; in words where it differs by chunk."""
    if plan.reference is None or reference is None:
        word = plan.asked.reference
        return Side(word, kind=word, dataset=plan.current.side.dataset)
    return replace(plan.reference.side, rows=reference.rows)


def _all_rows(parts: "tuple[Part, ...]") -> int:
    """Return the rows of all parts; those of segments are among them already."""
    return sum(one.profile.rows for one in parts if one.profile is not None and not one.segment)


# -- second opinions ---------------------------------------------------------------------


def _opinions(plan: Plan, how: How) -> tuple[Opinion, ...]:
    """Return second opinions; where there are no rows to ask, why there are none."""
    kinds = plan.asked.opinions
    if not kinds:
        return ()
    if plan.reference is None:
        why = "The reference differs from chunk to chunk."
        return tuple(Opinion(kind, alarm=False, reason=why) for kind in kinds)
    from workbench.datasets.drift.opinions import opinions  # noqa: PLC0415 - scikit-learn

    try:
        reference, current = table_of(plan.reference, how), table_of(plan.current, how)
    except (NotFoundError, FormatError) as error:
        why = f"It needs rows. {error.message}"
        return tuple(Opinion(kind, alarm=False, reason=why) for kind in kinds)
    how.on_progress(0, 0, "second opinions")
    kept = _compared(plan)
    return opinions(
        kinds,
        Narrowed(reference, kept),
        Narrowed(current, kept),
        roles=plan.roles,
        seed=int(plan.key[:_SEED_DIGITS], 16),
        thresholds=plan.asked.thresholds,
        stopped=how.stopped,
    )


def _compared(plan: Plan) -> frozenset[str]:
    """Return the columns that both sides have and nobody left out."""
    assert plan.reference is not None  # noqa: S101 - asked before
    both = {*plan.reference.columns} & {*plan.current.columns}
    only = plan.asked.columns
    both = both & {*only} if only else both
    return frozenset(both - {*plan.asked.exclude, *plan.set_aside, plan.time})
