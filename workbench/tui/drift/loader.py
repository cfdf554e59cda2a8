"""What the screens of drift show, read off the UI thread."""

from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.errors import WorkbenchError
from workbench.operations.session import Session
from workbench.tui.widgets.narrow import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.datasets.drift.monitor import Mute
    from workbench.datasets.drift.report import DriftReport
    from workbench.operations.drift.alerts import Alert
    from workbench.operations.drift.listing import WatchedLine
    from workbench.operations.drift.series import Series


_MOST_NAMED: Final = 20
_NOTED: Final = 32
"""Cells before what is said of a line."""


class Watch(NamedTuple):
    """Everything that is watched, at a time."""

    lines: "tuple[WatchedLine, ...]"
    now: float
    """Seconds since 1970."""
    proposal: tuple[str, ...] = ()
    """Where nothing is watched, what to write to change that."""


class MonitorPage(NamedTuple):
    """Everything about one monitor but its reports."""

    name: str
    line: "WatchedLine | None"
    """None where it stands in the settings no more."""
    series: "Series"
    alerts: "tuple[Alert, ...]"
    """Newest first, acknowledged ones too."""
    mutes: "tuple[Mute, ...]"
    now: float

    @property
    def open_alerts(self) -> "tuple[Alert, ...]":
        """Return the alerts that nobody acknowledged."""
        return tuple(one for one in self.alerts if not one.acknowledged_by)


def load_watch(session: Session) -> Watch:
    """Return all that is watched; where there is nothing, what could be."""
    from workbench.operations.drift.listing import watched  # noqa: PLC0415 - when asked for

    lines = watched(session)
    proposal = () if lines else proposed(session)
    return Watch(lines, session.clock.now(), proposal)


def load_monitor(session: Session, name: str) -> MonitorPage:
    """Return a monitor with its series, alerts and mutes."""
    from workbench.operations.drift.alerts import alerts, mutes  # noqa: PLC0415 - when asked for
    from workbench.operations.drift.listing import watched  # noqa: PLC0415
    from workbench.operations.drift.series import series  # noqa: PLC0415

    line = next(iter(watched(session, name)), None)
    return MonitorPage(
        name,
        line,
        series(session, name),
        alerts(session, name, all=True),
        mutes(session, name),
        session.clock.now(),
    )


def load_report(session: Session, name: str, key: str) -> "DriftReport":
    """Return a report of a monitor.

    Raises:
        NotFoundError: It is not there any more.
        FormatError: It cannot be read.
    """
    from workbench.operations.drift.series import report_of  # noqa: PLC0415 - when asked for

    return report_of(session, name, key)


def named_monitors(session: Session, query: str) -> tuple[str, ...]:
    """Return monitors that have the letters of what was typed in their name, in order."""
    from workbench.operations.drift_alerting import settings_of  # noqa: PLC0415 - when asked for

    names = settings_of(session) or {}
    return tuple(name for name in names if in_order(query, name))[:_MOST_NAMED]


def proposed(session: Session) -> tuple[str, ...]:
    """Return lines for ``workbench.toml`` that watch what there is, and what needs no settings."""
    data, held = _dataset(session), _held(session)
    name = held.partition("@")[0] if held else data or "churn"
    current = data or ("predictions" if held else "data/new.csv")
    reference = f"{data}@1" if data else "data/training.csv"
    return (
        _noted(f"[monitor.{name}]", "write this into workbench.toml"),
        _noted(f'model = "{held}"', "its training data are the reference")
        if held
        else _noted(f'reference = "{reference}"', "what new data are held against"),
        f'data = "{current}"',
        "",
        _noted("workbench monitor run", "checks it: now, or from cron"),
        _noted("workbench drift check NEW --reference OLD", "any two files"),
    )


def _noted(line: str, note: str) -> str:
    return f"{line:<{_NOTED}}  # {note}"


def _dataset(session: Session) -> str:
    """Return the dataset somebody would most likely watch: one that grows, then the newest."""
    from workbench.operations.datasets.listing import datasets  # noqa: PLC0415 - when asked for

    found = [one for one in datasets(session, patience_s=0) if one.rows and not one.archived]
    return max(found, key=lambda one: (one.versions, one.time or 0.0)).name if found else ""


def _held(session: Session) -> str:
    """Return a model and the last stage that a version of it holds."""
    from workbench.operations.registry.listing import models  # noqa: PLC0415 - when asked for

    try:
        found: Sequence[str] = [
            f"{model.name}@{stage.stage}"
            for model in models(session)
            for stage in model.stages
            if stage.version is not None
        ]
    except WorkbenchError:
        return ""
    live = [one for one in found if one.endswith("@production")]
    return (live or list(found) or [""])[0]
