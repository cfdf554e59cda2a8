"""Asking what a monitor's data are held against, for a look, and showing it when it is known."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING, Final

from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS, TRAINING
from workbench.errors import NotFoundError, StoppedError
from workbench.operations.session import Session
from workbench.tui.errand import Errand, carry_far
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.choose import Choice
from workbench.words import iso, plural

if TYPE_CHECKING:
    from workbench.operations.drift.looking import Looked
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


def choices(session: Session, monitor: str, now: str) -> tuple[Choice, ...]:
    """Return what a monitor's data can be held against, the one that is kept first.

    Args:
        session: Where.
        monitor: Which one.
        now: What they are held against on the screen; empty for what the settings say.
    """
    from workbench.operations.drift.looking import watched_as  # noqa: PLC0415 - polars

    asked = watched_as(session, monitor)
    said = asked.reference or (TRAINING if asked.model else "")
    learned = said == TRAINING  # also where the settings name none
    named = "what the model learned from" if learned else "what the settings say"
    found = [Choice(KEPT, said or "as it is kept", named, now=not now)]
    names = [TRAINING] * bool(asked.model) + [PREVIOUS, LAST_WEEK, LAST_YEAR]
    found += [Choice(one, one, _SENTENCES[one], now=one == now) for one in names if one != said]
    found += [
        Choice(one, one, about, now=one == now)
        for one, about in _versions(session, asked.data)
        if one != said
    ]
    return (*found, Choice(OTHER, "another …", "a dataset version or a file you type"))


def look(
    screen: "Desk", monitor: str, reference: str, then: "Callable[[Looked], None]"
) -> Callable[[], None]:
    """Hold a monitor's data against another reference; return what stops it.

    Args:
        screen: Where it was asked.
        monitor: Whose data.
        reference: What against.
        then: Shows it, on the UI thread.
    """
    stop, session, app = Event(), screen.session, screen.app

    def work(errand: Errand) -> "Looked":
        from workbench.operations.drift.looking import looked  # noqa: PLC0415 - polars

        return looked(
            session, monitor, reference, on_progress=errand.progress,
            stopped=lambda: stop.is_set() or not errand.wanted,
        )  # fmt: skip

    def found(looked: "Looked") -> None:
        if screen.is_attached and not stop.is_set():
            then(looked)

    def failed(error: Exception) -> None:
        if isinstance(error, StoppedError):
            tell(app, "Stopped.")
        else:
            tell_error(app, f"Look at {monitor} against {reference}", error)

    carry_far(screen, session, f"{monitor} against {reference}", work, found, failed)
    return stop.set


def _versions(session: Session, name: str) -> Iterator[tuple[str, str]]:
    """Yield the versions of a dataset, newest first, with rows and day; none where it is none."""
    from workbench.operations.datasets.listing import versions  # noqa: PLC0415 - when asked for

    dataset = name.partition("@")[0]
    try:
        found = versions(session, dataset)
    except NotFoundError:
        return
    for one in found[:_MOST_VERSIONS]:
        rows = f"{plural(one.rows, 'row')}, " if one.rows is not None else ""
        yield f"{dataset}@{one.number}", f"{rows}of {iso(one.time)[:10]}"
