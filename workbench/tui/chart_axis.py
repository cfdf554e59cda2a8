"""The x-axis of charts of curves: what stands on it, what part is shown, where the crosshair is."""

from collections.abc import Sequence

from workbench import words
from workbench.charts.curves import frame_for
from workbench.charts.look import Look
from workbench.charts.palette import Theme
from workbench.charts.reduction import Curve, Frame
from workbench.charts.scaling import LOG
from workbench.operations.traces import axis_kind, axis_label
from workbench.runs.series import RELATIVE, STEP
from workbench.runs.series import TIME as WALL
from workbench.tui.chart_settings import ChartSettings

__all__ = ["Window", "axis_label", "beside", "crosshair", "look_of", "middle", "place_words",
           "wanted_place", "window"]  # fmt: skip


def look_of(settings: ChartSettings, theme: Theme) -> Look:
    """Return the look a person chose, without title, window and crosshair."""
    return Look(
        x_label=axis_label(settings.x),
        x_kind=axis_kind(settings.x),
        x_scale=settings.x_scale,
        y_scale=settings.y_scale,
        smoothing=settings.smoothing,
        mode=settings.mode,
        clip=settings.clip,
        theme=theme,
    )


def place_words(at: float, x: str) -> str:
    """Return a place on an x-axis in words: ``step 1,000``, ``2026-11-21 14:02:10``, ``1h 30m``."""
    if x == WALL:
        return f"{words.moment(at)}:{words.clock_time(at)[-2:]}"
    if x == RELATIVE:
        return words.duration(at)
    said = words.count(int(at)) if at == round(at) and abs(at) < _EXACT else words.number(at, 6)
    return f"{axis_label(x)} {said}"


_EXACT = 1e15
"""Beyond, floats are no longer whole numbers apart."""


Window = tuple[float | None, float | None]
"""The ends of the part that is seen; None is open."""


def window(curves: Sequence[Curve], look: Look, zoom: int, pan: float) -> Window:
    """Return the part of the x-axis that ``zoom`` halvings around ``pan`` leave.

    Halved is what is seen: on a logarithmic axis the powers of ten.
    """
    if zoom == 0 or not curves:
        return (None, None)
    frame = frame_for(curves, 1, look)
    half = (frame.high - frame.low) * 0.5**zoom / 2
    middle = frame.low + (frame.high - frame.low) * pan
    return (frame.x.value(middle - half), frame.x.value(middle + half))


def crosshair(frame: Frame, at: float | None) -> float | None:
    """Return where across the plot a place stands, 0 to 1; None where it is not in sight."""
    if at is None or (frame.x.kind == LOG and at <= 0):
        return None
    share = (frame.x.place(at) - frame.low) / (frame.high - frame.low)
    return share if 0 <= share <= 1 else None


def beside(frame: Frame, at: float, by: int, width: int, x: str) -> float:
    """Return the place so many cells to the right of another; on steps a whole one, never itself.

    Args:
        frame: What the chart shows.
        at: A place on the x-axis.
        by: Cells; to the left where negative.
        width: Cells of the plot.
        x: What stands on the axis.
    """
    share = crosshair(frame, at)
    now = (1.0 if at > frame.x.value(frame.high) else 0.0) if share is None else share
    share = min(max(now + by / max(width - 1, 1), 0.0), 1.0)
    return _settled(frame.x.value(frame.low + share * (frame.high - frame.low)), at, by, frame, x)


def middle(frame: Frame, x: str) -> float:
    """Return the place in the middle of what is seen."""
    place = frame.x.value((frame.low + frame.high) / 2)
    return float(round(place)) if x == STEP else place


def _settled(place: float, before: float, by: int, frame: Frame, x: str) -> float:
    if x != STEP:
        return place
    whole = float(round(place))
    if whole == before:
        whole += 1.0 if by > 0 else -1.0
    low, high = (frame.x.value(edge) for edge in (frame.low, frame.high))
    return whole if low <= whole <= high else min(max(before, low), high)


def wanted_place(text: str, x: str) -> float | None:
    """Return the place somebody typed; None where it is none.

    Digits may stand in groups: ``10,000``. On the axis of seconds ``90``, ``5m`` and ``1h`` do.
    """
    plain = text.strip().replace(",", "").replace("_", "").removeprefix(axis_label(x)).strip()
    factor = 1.0
    if x == RELATIVE and plain[-1:] in _SECONDS:
        plain, factor = plain[:-1], _SECONDS[plain[-1]]
    try:
        place = float(plain) * factor
    except ValueError:
        return None
    return place if abs(place) < _FURTHEST else None


_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FURTHEST = 1e300
