"""Where ticks stand and what they read: multiples of 1, 2 and 5, powers of ten, round times.

A tick at 42, 84, 126 makes the reader do the sums; a chart has fewer ticks rather than
such.
"""

import math
from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from workbench.charts.numbers import power_label, short, tick_labels
from workbench.charts.scaling import LOG, SYMLOG, Scaling

STEPS, NUMBER, TIME, DURATION = "steps", "number", "time", "duration"
"""Kinds of axis: whole numbers, any numbers, seconds since 1970, seconds that have passed."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_ROUND_SECONDS = (
    *(1, 2, 5, 10, 15, 30),
    *(_MINUTE * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 5, 10, 20, 50, 100)),
)

_FIRST_DATE, _LAST_DATE = -6.2e10, 2.5e11
"""Seconds since 1970 that are surely dates; outside them a time axis shows plain numbers."""

_LAST_POWER = 300.0
"""No power of ten beyond is ruled: the next ones are not doubles any more."""


class Tick(NamedTuple):
    """A place on an axis, in the units that are drawn."""

    at: float
    label: str


Ticks = tuple[Tick, ...]


def nice_step(span: float, at_most: int) -> float:
    """Return the smallest 1, 2 or 5 times a power of ten that cuts the span in so many parts."""
    rough = span / max(at_most, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))


def linear(low: float, high: float, at_most: int, *, whole: bool = False) -> Ticks:
    """Return ticks at round numbers from ``low`` to ``high``; at whole ones only if so asked."""
    if not high - low > 0:
        return ()
    step = nice_step(high - low, at_most)
    if whole:
        step = max(step, 1.0)
    values = _multiples(low, high, step)
    labels = tick_labels(values, step)
    return tuple(Tick(value, label) for value, label in zip(values, labels, strict=True))


def _multiples(low: float, high: float, step: float) -> list[float]:
    slack = (high - low) * 1e-9
    first, last = math.ceil((low - slack) / step), math.floor((high + slack) / step)
    return [_exact(number, step) for number in range(first, last + 1)]


def _exact(number: int, step: float) -> float:
    """Return ``number * step`` without the dust of binary fractions: 0.3, not 0.3000...04."""
    return float(f"{number * step:.12g}") if abs(number) < 10**9 else number * step


def logarithmic(low: float, high: float, at_most: int) -> Ticks:
    """Return ticks of a logarithmic axis between two values of log10.

    Powers of ten; with less than two of them in sight 1, 2 and 5 times those; with less than
    two of these round numbers.
    """
    low, high = max(low, -_LAST_POWER), min(high, _LAST_POWER)
    first, last = math.ceil(low - 1e-9), math.floor(high + 1e-9)
    powers = range(first, last + 1)
    if len(powers) > 1:
        every = math.ceil(len(powers) / max(at_most, 2))
        shown = [10.0**power for power in powers if power % every == 0]
    else:
        shown = _between_powers(low, high)
    if len(shown) < 2:  # noqa: PLR2004 - one number gives no scale
        return _round_numbers(10.0**low, 10.0**high, at_most)
    return tuple(Tick(math.log10(value), power_label(value)) for value in shown)


def _between_powers(low: float, high: float) -> list[float]:
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [float(f"{step}e{power}") for power in powers for step in (1, 2, 5)]
    return [value for value in values if low - 1e-9 <= math.log10(value) <= high + 1e-9]


def _round_numbers(low: float, high: float, at_most: int) -> Ticks:
    return tuple(
        Tick(math.log10(tick.at), tick.label) for tick in linear(low, high, at_most) if tick.at > 0
    )


def symmetric(low: float, high: float, at_most: int, by: Scaling) -> Ticks:
    """Return ticks of a symmetric logarithm: zero, and powers of ten on either side of it.

    With less than two of them in sight round numbers.
    """
    every = 1
    while len(shown := _mirrored(low, high, every, by)) > max(at_most, 2) + 1:
        every += 1
    if len(shown) > 1:
        return tuple(Tick(by.place(value), _signed_label(value)) for value in shown)
    plain = linear(by.value(low), by.value(high), at_most)
    return tuple(Tick(by.place(tick.at), tick.label) for tick in plain)


def _mirrored(low: float, high: float, every: int, by: Scaling) -> list[float]:
    """Return zero and each power of ten above the constant, ``every`` apart, in the range.

    The constant itself stands too near zero for a label of its own, unless there is no other.
    """
    first = round(math.log10(by.constant))
    last = min(first + math.ceil(max(-low, high)), int(_LAST_POWER))
    start = first + every if last > first + 1 else first
    sizes = [10.0**power for power in range(start, last + 1, every)]
    values = [*(-size for size in reversed(sizes)), 0.0, *sizes]
    return [value for value in values if low - 1e-9 <= by.place(value) <= high + 1e-9]


def _signed_label(value: float) -> str:
    if value == 0:
        return "0"
    return ("-" if value < 0 else "") + power_label(abs(value))


def scaled(low: float, high: float, at_most: int, by: Scaling) -> Ticks:
    """Return the ticks of an axis of plain numbers on any scale, in drawn units."""
    if by.kind == LOG:
        return logarithmic(low, high, at_most)
    return symmetric(low, high, at_most, by) if by.kind == SYMLOG else linear(low, high, at_most)


def durations(low: float, high: float, at_most: int) -> Ticks:
    """Return ticks at round durations, read like 30s, 5m, 2h, 3d."""
    step = _time_step(high - low, at_most)
    if step < 1:
        return tuple(Tick(tick.at, _second(tick.label)) for tick in linear(low, high, at_most))
    return tuple(Tick(value, duration_label(value)) for value in _multiples(low, high, step))


def _second(label: str) -> str:
    return label if label == "0" else f"{label}s"


def _time_step(span: float, at_most: int) -> float:
    rough = span / max(at_most, 1)
    if rough < 1:
        return nice_step(span, at_most)
    if rough > _ROUND_SECONDS[-1]:
        return nice_step(span / _DAY, at_most) * _DAY
    return float(_ROUND_SECONDS[bisect_left(_ROUND_SECONDS, rough * (1 - 1e-9))])


def duration_label(seconds: float) -> str:
    """Return a round duration in at most two units: 45s, 2m, 1m30s, 2h30m, 3d, 1d12h."""
    sign, left = ("-" if seconds < 0 else ""), round(abs(seconds))
    if left == 0:
        return "0"
    parts = []
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m"), (1, "s")):
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number}{unit}")
    return sign + "".join(parts[:2])


def clock_times(low: float, high: float, at_most: int, zone: tzinfo | None = None) -> Ticks:
    """Return ticks at round times of day, or at midnights; ``zone`` None is this machine's.

    Args:
        low: Seconds since 1970.
        high: Likewise.
        at_most: How many parts the axis may be cut into.
        zone: The time zone the labels are in.
    """
    step = max(_time_step(high - low, at_most), 1.0)
    offset = _offset(low, zone)
    local = _multiples(low + offset, high + offset, step)
    return tuple(Tick(at - offset, _time_label(at, step)) for at in local)


def _offset(seconds: float, zone: tzinfo | None) -> float:
    """Return the seconds that local time is ahead of UTC; the epoch's where no date exists."""
    try:
        local = datetime.fromtimestamp(seconds, tz=UTC).astimezone(zone)
    except (OverflowError, OSError, ValueError):
        return 0.0
    return (local.utcoffset() or timedelta()).total_seconds()


def _time_label(local: float, step: float) -> str:
    """Return the label of a local time; midnight names its day, the others need not."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=local)
    if step >= _DAY or local % _DAY == 0:
        return f"{moment:%Y-%m-%d}" if step >= 300 * _DAY else f"{moment:%b} {moment.day}"
    return f"{moment:%H:%M}" if step >= _MINUTE else f"{moment:%H:%M:%S}"


def ticks(kind: str, low: float, high: float, at_most: int, zone: tzinfo | None = None) -> Ticks:
    """Return the ticks of an axis of this kind."""
    if kind == TIME and low > _FIRST_DATE and high < _LAST_DATE:
        return clock_times(low, high, at_most, zone)
    if kind == DURATION:
        return durations(low, high, at_most)
    return linear(low, high, at_most, whole=kind == STEPS)


def place_label(kind: str, value: float, name: str, zone: tzinfo | None = None) -> str:
    """Return one place on an axis in words: step 4200, 14:02:10, 1h30m."""
    if kind == TIME and _FIRST_DATE < value < _LAST_DATE:
        return _time_label(round(value + _offset(value, zone)), 1.0)
    if kind == DURATION:
        return duration_label(value)
    return f"{name} {value:.0f}" if kind == STEPS else f"{name} {short(value)}"
