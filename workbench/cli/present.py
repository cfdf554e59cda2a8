"""Values as words for printed tables; pure, and the same style as on the screens."""

import json
import math
from datetime import UTC, datetime
from typing import Any

from workbench.cli.output import visible

_UNITS = ("kB", "MB", "GB", "TB", "PB")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LONGEST = 400


def number(value: float, digits: int = 4) -> str:
    """Return a number with ``digits`` significant digits; whole numbers whole."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{value:.{digits - 1}e}"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "-∞")
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -5 < exponent < max(digits, 7):  # noqa: PLR2004 - beyond these an exponent reads better
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    stem, _, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{stem.rstrip('0').rstrip('.')}e{int(power)}"


def size(n_bytes: int) -> str:
    """Return a size in decimal units: ``512 B``, ``1.5 kB``, ``23 MB``."""
    if n_bytes < 1000:  # noqa: PLR2004 - below the first unit
        return f"{n_bytes} B"
    amount, unit = float(n_bytes), ""
    for unit in _UNITS:  # noqa: B007 - the unit reached is the answer
        amount /= 1000
        if amount < 999.5:  # noqa: PLR2004 - would be shown as 1000
            break
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"  # noqa: PLR2004


def duration(seconds: float) -> str:
    """Return a length of time in at most two units: ``0.4s``, ``3m 05s``, ``2h 14m``."""
    seconds = max(0.0, seconds)
    if seconds < 10:  # noqa: PLR2004 - below ten seconds a tenth is worth seeing
        return f"{math.floor(seconds * 10) / 10:g}s"
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02d}s"
    if whole < _DAY:
        return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02d}m"
    return f"{whole // _DAY}d {whole % _DAY // _HOUR}h"


def moment(at: float) -> str:
    """Return the local date and time: ``2026-11-21 14:02``."""
    return _local(at, "%Y-%m-%d %H:%M")


def iso(at: float) -> str:
    """Return a time for programs: ISO 8601 in UTC."""
    try:
        return datetime.fromtimestamp(at, tz=UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):  # a file may say anything
        return ""


def time_of_day(at: float) -> str:
    """Return the local time of day: ``14:02:10``."""
    return _local(at, "%H:%M:%S")


def _local(at: float, form: str) -> str:
    """Return a time in words; nothing for one of no calendar, because a file may say anything."""
    try:
        return datetime.fromtimestamp(at).astimezone().strftime(form)
    except (ValueError, OverflowError, OSError):
        return ""


def plural(count: int, noun: str) -> str:
    """Return a count and its noun: ``1 run``, ``5,051 runs``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def value(anything: Any) -> str:
    """Return any value on one line; nothing for a missing one."""
    if anything is None:
        return ""
    if isinstance(anything, bool):
        return "true" if anything else "false"
    if isinstance(anything, int | float):
        return number(anything, 6)
    if isinstance(anything, str):
        return visible(anything[:_LONGEST])
    return visible(json.dumps(anything, ensure_ascii=False, default=str)[:_LONGEST])
