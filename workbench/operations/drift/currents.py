"""The current data in parts, each with what it is held against.

A version's stored profile is enough where nothing is divided, and where all of it lies in one
period: its rows may be gone by then. Where a chunk is held against another one, such as that of
the year before, this is the place that finds it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.datasets.drift.monitor import PREVIOUS
from workbench.datasets.drift.part import Part
from workbench.errors import NotFoundError, UsageError
from workbench.operations.drift.before import Wanted, against, put_back, reference_of
from workbench.operations.drift.planning import Plan
from workbench.operations.drift.sources import (
    CURRENT,
    REFERENCE,
    How,
    Source,
    profile_of,
    readable,
    table_of,
    version_source,
)
from workbench.operations.drift.spans import Span, only_period, span_of
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.datasets.drift.chunking import Chunks
    from workbench.datasets.profile import Profile
    from workbench.datasets.table import Table


def parts_of(
    session: Session | None, plan: Plan, how: How, reference: "Profile | None"
) -> tuple[Part, ...]:
    """Return the parts of the current data, with their profiles and what they are held against.

    Args:
        session: The workspace; None for two files.
        plan: What is checked.
        how: With what it is read.
        reference: Of all parts; None where it differs from part to part.

    Raises:
        NotFoundError: Rows are needed and are gone.
        UsageError: The data cannot be read or divided so.
    """
    counted = reference is None or reference.duplicates is not None
    parts = _divided(plan, plan.current, how, duplicates=counted)
    if plan.reference is None:
        parts = _held_against_earlier(session, plan, how, parts)
    return tuple(one for one in parts if plan.keeps(one))


def _divided(plan: Plan, source: Source, how: How, *, duplicates: bool) -> tuple[Part, ...]:
    """Return the parts of one source; its stored profile where that says all that is asked."""
    chunks = _chunks(plan)
    stored = None if plan.asked.segments else source.stored
    if stored is not None and chunks is None:
        span = span_of(stored, plan.time)
        return (_whole(source.side.name, profile_of(source, how, CURRENT, duplicates=False), span),)
    if stored is not None and chunks is not None and chunks.timed:
        period = only_period(stored, plan.time, chunks.kind)
        if period is not None:
            profile = profile_of(source, how, CURRENT, duplicates=False)
            return (_whole(period.label, profile, period.span),)
    return _from_rows(plan, source, how, chunks, duplicates=duplicates)


def _chunks(plan: Plan) -> "Chunks | None":
    from workbench.datasets.drift.chunking import parse_chunks  # noqa: PLC0415 - polars

    return parse_chunks(plan.asked.chunks) if plan.asked.chunks else None


def _whole(label: str, profile: "Profile", span: Span | None) -> Part:
    if span is None:
        return Part(label, profile)
    return Part(label, profile, start=span.start, end=span.end)


def _from_rows(
    plan: Plan, source: Source, how: How, chunks: "Chunks | None", *, duplicates: bool
) -> tuple[Part, ...]:
    from workbench.datasets.drift.chunking import parts_of as cut  # noqa: PLC0415 - polars
    from workbench.datasets.drift.chunks import FILE  # noqa: PLC0415

    name, by_file = source.side.name, chunks is not None and chunks.kind == FILE
    held = _reference_rows(plan, how)
    with readable(name, CURRENT):
        table = source.raw(how)
        made = cut(
            table if by_file else source.columnar(table, how), chunks, time=plan.asked.time,
            segments=plan.asked.segments, fields=plan.fields, duplicates=duplicates,
            reference=held, earlier=plan.reference is None, label=name,
            opened=lambda one: source.columnar(one, how),
            say=how.say, stopped=how.stopped,
            on_part=lambda done, total: how.on_progress(done, total, f"parts of {name}"),
        )  # fmt: skip
    source.finish()
    return made


def _reference_rows(plan: Plan, how: How) -> "Table | None":
    """Return the rows that segments are held against; None without any, which is said."""
    if not plan.asked.segments or plan.reference is None:
        return None
    name = plan.reference.side.name
    try:
        with readable(name, REFERENCE):
            return table_of(plan.reference, how)
    except NotFoundError as error:
        how.say(f"Segments are not judged, as they need the rows of {name}. {error.message}")
        return None


# -- held against what was before ---------------------------------------------------------


def _held_against_earlier(
    session: Session | None, plan: Plan, how: How, parts: tuple[Part, ...]
) -> tuple[Part, ...]:
    """Return parts with the earlier ones that each of them is held against.

    Versions before the current one are looked into, the newest first, until every part of all
    rows has its reference or there are no more: a segment that is new is in none of them.
    """
    whole = [one for one in parts if not one.segment]
    wanted, pool = Wanted(plan.asked.reference, plan.asked.chunks), list(parts)
    for more in _earlier(session, plan, how, wanted, parts):
        if all(reference_of(one, pool, wanted) is not None for one in whole):
            break
        pool = [*more, *pool]
    return tuple(against(one, pool, wanted) for one in parts)


def _earlier(
    session: Session | None, plan: Plan, how: How, wanted: Wanted, parts: tuple[Part, ...]
) -> Iterator[tuple[Part, ...]]:
    """Yield the parts of each version before the current one, the newest version first.

    A version that cannot be used is said and passed over.
    """
    moments = [moment for one in parts if (moment := put_back(one, wanted)) is not None]
    for manifest in plan.earlier if session is not None else ():
        assert session is not None  # noqa: S101 - there are no versions without
        try:
            source = version_source(session, manifest)
            if wanted.reference != PREVIOUS and not _may_hold(source, plan, moments):
                continue
            yield _divided_as_far_as_kept(plan, source, how)
        except (NotFoundError, UsageError) as error:
            how.say(f"{manifest.dataset}@{manifest.version} was passed over: {error.message}")


def _divided_as_far_as_kept(plan: Plan, source: Source, how: How) -> tuple[Part, ...]:
    """Return the parts of an earlier version; those of all rows alone where its rows are gone."""
    try:
        return _divided(plan, source, how, duplicates=False)
    except NotFoundError as error:
        if not plan.asked.segments:
            raise
        name = source.side.name
        how.say(f"Segments are not held against {name}, as they need its rows. {error.message}")
        whole = replace(plan, asked=replace(plan.asked, segments=()))
        return _divided(whole, source, how, duplicates=False)


def _may_hold(source: Source, plan: Plan, moments: list[float]) -> bool:
    """Say whether one of these moments may lie in a version; where nobody knows, it may."""
    span = None if source.stored is None else span_of(source.stored, plan.time)
    slack = 32 * 86_400 if plan.asked.chunks else 0  # a month may begin before its first row
    return span is None or any(
        span.start - slack <= moment <= span.end + slack for moment in moments
    )
