"""Holding the same data against another reference, for a look: computed beside, kept nowhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS, TRAINING
from workbench.datasets.drift.report import FEATURE
from workbench.errors import NotFoundError, StoppedError
from workbench.operations.session import Session
from workbench.tui.errand import Errand, carry_far
from workbench.tui.widgets.choose import Choice
from workbench.tui.widgets.toast import tell, tell_error

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ChunkDrift, ColumnDrift, DriftReport
    from workbench.operations.drift.checking import Asked
    from workbench.operations.drift.series import Cell, Series
    from workbench.tui.desk import Desk

OTHER: Final = "other"
KEPT: Final = "kept"
_SENTENCES: Final = {
    TRAINING: "what the version that holds the stage learned from",
    PREVIOUS: "the chunk before",
    LAST_WEEK: "the same weekday of the week before",
    LAST_YEAR: "the same month, week or day of the year before",
}
_MOST_VERSIONS: Final = 12


class Looked(NamedTuple):
    """The same data against another reference."""

    reference: str
    report: "DriftReport"
    series: "Series"


def choices(session: Session, monitor: str, now: str) -> tuple[Choice, ...]:
    """Return what a monitor's data can be held against, the one that is kept first.

    Args:
        session: Where.
        monitor: Which one.
        now: What they are held against on the screen; empty for what the settings say.
    """
    asked = asked_of(session, monitor)
    said = asked.reference or (TRAINING if asked.model else "")
    found = [Choice(KEPT, said or "as it is kept", "what the settings say", now=not now)]
    names = [TRAINING] * bool(asked.model) + [PREVIOUS, LAST_WEEK, LAST_YEAR]
    found += [Choice(one, one, _SENTENCES[one], now=one == now) for one in names if one != said]
    found += [
        Choice(one, one, "a version of what is watched", now=one == now)
        for one in _versions(session, asked.current)
        if one != said
    ]
    return (*found, Choice(OTHER, "another …", "a dataset version or a file you type"))


def asked_of(session: Session, monitor: str) -> "Asked":
    """Return what the settings want to know of a monitor.

    Raises:
        NotFoundError: It stands there no more.
    """
    from workbench.datasets import monitors  # noqa: PLC0415 - when asked for
    from workbench.operations.drift.checking import Asked  # noqa: PLC0415 - polars

    one = monitors.read(session.root).monitors.get(monitor)
    if one is None:
        raise NotFoundError(f"workbench.toml has no [monitor.{monitor}] any more.")
    return Asked(
        one.data, one.reference, one.model, one.chunks, one.time, one.columns, one.exclude,
        one.segments, one.roles, one.options, one.measures, one.opinions, one.thresholds,
    )  # fmt: skip


def look(
    screen: "Desk", monitor: str, reference: str, then: Callable[[Looked], None]
) -> Callable[[], None]:
    """Hold a monitor's data against another reference; return what stops it.

    Args:
        screen: Where it was asked.
        monitor: Whose data.
        reference: What against.
        then: Shows it, on the UI thread.
    """
    stop, session, app = Event(), screen.session, screen.app

    def work(errand: Errand) -> Looked:
        from workbench.operations.drift.checking import check  # noqa: PLC0415 - polars

        asked = _against(asked_of(session, monitor), reference)
        report = check(
            session, asked, on_progress=errand.progress,
            stopped=lambda: stop.is_set() or not errand.wanted,
        )  # fmt: skip
        return Looked(reference, report, series_of(report, monitor))

    def found(looked: Looked) -> None:
        if screen.is_attached and not stop.is_set():
            then(looked)

    def failed(error: Exception) -> None:
        if isinstance(error, StoppedError):
            tell(app, "Stopped.")
        else:
            tell_error(app, f"Look at {monitor} against {reference}", error)

    carry_far(screen, session, f"{monitor} against {reference}", work, found, failed)
    return stop.set


def _against(asked: "Asked", reference: str) -> "Asked":
    """Return what is asked, against another reference; segments have no earlier chunks."""
    segments = () if reference in (PREVIOUS, LAST_WEEK, LAST_YEAR) else asked.segments
    return replace(asked, reference=reference, segments=segments)


def series_of(report: "DriftReport", monitor: str) -> "Series":
    """Return the heat strip of one report alone."""
    from workbench.operations.drift.series import ChunkHead, ColumnHead, Series  # noqa: PLC0415

    chunks = report.chunks
    judged = [{column.name: column for column in chunk.columns} for chunk in chunks]
    names = _ordered(chunks)
    heads = tuple(
        ChunkHead(one.label, report.key, one.segment, one.start, one.end, one.verdict, one.score,
                  one.rows, one.reference or report.reference.name, report.time, "")
        for one in chunks
    )  # fmt: skip
    columns = tuple(
        ColumnHead(name, *_about([one[name] for one in judged if name in one]), "")
        for name in names
    )
    cells = tuple(tuple(_cell(one.get(name)) for one in judged) for name in names)
    return Series(monitor, heads, columns, cells, ())


def _ordered(chunks: "Sequence[ChunkDrift]") -> list[str]:
    """Return the names of columns, predictions and labels first, then what moved most."""
    weights: dict[str, tuple[bool, float]] = {}
    for chunk in chunks:
        for column in chunk.columns:
            weight = (column.part == FEATURE, -column.importance * column.effect)
            weights[column.name] = min(weights.get(column.name, weight), weight)
    return sorted(weights, key=lambda name: (*weights[name], name))


def _about(found: "Sequence[ColumnDrift]") -> tuple[str, float, str]:
    from workbench.tui.drift.verdicts import gravity  # noqa: PLC0415 - one use

    worst = max((one.verdict for one in found), key=gravity)
    return found[0].part, max(one.importance for one in found), worst


def _cell(column: "ColumnDrift | None") -> "Cell | None":
    from workbench.operations.drift.series import Cell  # noqa: PLC0415 - when asked for

    if column is None:
        return None
    return Cell(column.verdict, column.effect, column.q, column.shift, column.measure, column.words)


def _versions(session: Session, name: str) -> tuple[str, ...]:
    """Return the versions of a dataset, newest first; none where it is no dataset."""
    from workbench.operations.datasets.listing import versions  # noqa: PLC0415 - when asked for

    try:
        found = versions(session, name.partition("@")[0])
    except NotFoundError:
        return ()
    return tuple(f"{name.partition('@')[0]}@{one.number}" for one in found[:_MOST_VERSIONS])
