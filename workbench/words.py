"""Ages, sizes, numbers and values as words: pure formatting, the same on every road out.

Screens, commands and reports say a thing in one way because they all ask here. Every
function has a table of examples as its test. What is not known is an em dash, never a
guess and never an empty place. Standard library only.
"""

import json
import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

UNKNOWN: Final = "—"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_AGES = ((365 * _DAY, "y"), (7 * _DAY, "w"), (_DAY, "d"), (_HOUR, "h"), (_MINUTE, "m"), (1, "s"))
_SIZES = ("kB", "MB", "GB", "TB", "PB")
_BARS = "▁▂▃▄▅▆▇█"
LONGEST_VALUE = 2_000
_LONGEST_WHOLE = 10**15
_LONGEST_EXACT = 10**40
"""Longer than any whole number a column holds."""
_SMALLEST, _LARGEST = -4, 7
"""Powers of ten between which a number is written out."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by."""
_NAMED = {
    0x0A: "↵",
    0x09: "⇥",
    0x7F: "␡",
    0x2028: "↵",
    0x2029: "↵",
}
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_BLANKS = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_VISIBLE = (
    {code: chr(0x2400 + code) for code in range(32)}
    | dict.fromkeys(range(0x80, 0xA0), "�")
    | dict.fromkeys(_TURNING, "⇄")
    | dict.fromkeys(_BLANKS, " ")
    | _NAMED
)


def defused(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula; numbers stay numbers."""
    if not text.startswith(_FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def visible(text: str) -> str:
    """Return ``text`` with every character that could steer a terminal made visible.

    Control characters become their symbols, marks that turn the direction of
    writing become ``⇄``, other invisible characters ``·``, lone surrogates ``�``.
    """
    if text.isprintable():
        return text
    shown = text.translate(_VISIBLE)
    if shown.isprintable():
        return shown
    return "".join(_stand_in(character) for character in shown)


def _stand_in(character: str) -> str:
    if character.isprintable():
        return character
    return "�" if 0xD800 <= ord(character) <= 0xDFFF else "·"  # noqa: PLR2004 - the surrogates


def age(seconds: float | None) -> str:
    """Return how long ago in one unit: ``now``, ``12s``, ``3m``, ``5h``, ``2d``, ``3w``, ``1y``."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
    for unit, letter in _AGES:
        if seconds >= unit:
            return f"{int(seconds // unit)}{letter}"
    return "now"


def duration(seconds: float | None) -> str:
    """Return a length of time in at most two units: ``0.4s``, ``12s``, ``3m 05s``, ``2h 14m``."""
    if seconds is None or not math.isfinite(seconds):
        return UNKNOWN
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


def size(n_bytes: int | None) -> str:
    """Return a size in decimal units: ``512 B``, ``1.5 kB``, ``23 MB``."""
    if n_bytes is None:
        return UNKNOWN
    if n_bytes < 1000:  # noqa: PLR2004 - below the first unit
        return f"{n_bytes} B"
    amount = float(n_bytes)
    unit = ""
    for unit in _SIZES:  # noqa: B007 - the unit reached is the answer
        amount /= 1000
        if amount < 999.5:  # noqa: PLR2004 - would be shown as 1000
            break
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{amount:.0f} {unit}"  # noqa: PLR2004


def count(number_of: int) -> str:
    """Return a count with thousands apart: ``5,051``."""
    return f"{number_of:,}"


def plural(number_of: int, noun: str, nouns: str | None = None) -> str:
    """Return a count and its noun: ``1 run``, ``5,051 runs``."""
    return f"{count(number_of)} {noun if number_of == 1 else nouns or noun + 's'}"


def number(value: float | None, digits: int = 4, *, pad: bool = False) -> str:
    """Return a number with ``digits`` significant digits.

    Whole numbers are shown whole. With ``pad`` trailing zeros stay, so that a
    column of them lines up.
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, int):
        return str(value) if abs(value) < _LONGEST_WHOLE else _whole(value, digits)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "-∞")
    if value == 0:
        return "0"
    return _significant(value, digits, pad=pad)


def exact(value: float) -> str:
    """Return a number with as many digits as tell it from every other one."""
    if isinstance(value, int):
        return str(value) if abs(value) < _LONGEST_EXACT else _whole(value, 15)
    short = number(value, 15)
    return short if not math.isfinite(value) or float(short) == value else repr(value)


def _significant(value: float, digits: int, *, pad: bool) -> str:
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    if _SMALLEST <= exponent < max(digits, _LARGEST):
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        return text if pad or "." not in text else text.rstrip("0").rstrip(".")
    stem, _, _ = f"{value:.{digits - 1}e}".partition("e")
    stem = stem if pad or "." not in stem else stem.rstrip("0").rstrip(".")
    return f"{stem}e{exponent}"


def _whole(value: int, digits: int) -> str:
    """Return a whole number too long to be written out; no float need hold it."""
    from decimal import Decimal  # noqa: PLC0415 - hardly ever

    stem, _, power = f"{Decimal(value):.{digits - 1}e}".partition("e")
    return f"{stem.rstrip('0').rstrip('.')}e{int(power)}"


def delta(value: float | None, digits: int = 3) -> str:
    """Return a signed difference: ``+0.012``, ``-3``; ``=`` for none, as ``±`` is a deviation."""
    if value is None:
        return UNKNOWN
    if value == 0:
        return "="
    text = number(value, digits)
    return text if text[0] in "-N" else f"+{text}"


def percent(share: float | None) -> str:
    """Return a share of one in percent: ``12.3%``, ``<0.1%``, ``100%``."""
    if share is None or not math.isfinite(share):
        return UNKNOWN
    hundredths = share * 100
    if 0 < hundredths < 0.1:  # noqa: PLR2004 - the smallest step shown
        return "<0.1%"
    return f"{hundredths:.1f}".removesuffix(".0") + "%"


def bars(shares: Iterable[float]) -> str:
    """Return shares from 0 to 1 as a tiny curve, a sign each; what is there at all is seen."""
    top = len(_BARS) - 1
    return "".join(_BARS[round(max(0.0, min(1.0, one)) * top)] for one in shares)


def spread(
    mean: float,
    deviation: float | None,
    digits: int = 4,
    *,
    best: float | None = None,
    goal: str = "",
    n: int | None = None,
) -> str:
    """Return a mean, its spread and the best: ``0.941 ±0.002 ↑0.945``; what there is of them.

    The arrow says which way is good: ``↑`` where ``goal`` is ``max``, ``↓`` where it is ``min``.
    ``n`` is given where the mean is of fewer values than a reader would think.
    """
    text = number(mean, digits)
    if deviation is not None and math.isfinite(deviation):
        text = f"{text} ±{number(deviation, 2)}"
    if best is not None:
        text = f"{text} {'↓' if goal == 'min' else '↑'}{number(best, digits)}"
    return text if n is None else f"{text} n={count(n)}"


def clock_time(at: float | None) -> str:
    """Return the local time of day: ``14:02:10``."""
    return _local(at, "%H:%M:%S")


def moment(at: float | None) -> str:
    """Return the local date and time: ``2026-11-21 14:02``."""
    return _local(at, "%Y-%m-%d %H:%M")


def second(at: float | None) -> str:
    """Return the local date and time to the second: ``2026-11-21 14:02:10``."""
    return _local(at, "%Y-%m-%d %H:%M:%S")


def _local(at: float | None, form: str) -> str:
    """Return a time in words; what a file says may be no time of any calendar."""
    if at is None:
        return UNKNOWN
    try:
        return datetime.fromtimestamp(at).strftime(form)  # noqa: DTZ006
    except (ValueError, OverflowError, OSError):
        return UNKNOWN


def iso(at: float | None) -> str:
    """Return a time for programs, ISO 8601 in UTC; nothing for one of no calendar."""
    try:
        return datetime.fromtimestamp(at or math.nan, tz=UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):  # a file may say anything
        return ""


def value(anything: Any) -> str:
    """Return a param or tag on one line, as a person would write it."""
    if anything is None:
        return UNKNOWN
    if isinstance(anything, bool):
        return "true" if anything else "false"
    if isinstance(anything, int | float):
        return number(anything, 6)
    if isinstance(anything, str):
        return visible(anything[:LONGEST_VALUE])
    return visible(json.dumps(anything, ensure_ascii=False, default=str)[:LONGEST_VALUE])
