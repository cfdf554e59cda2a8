"""Short numbers for ticks: one style per axis, so that labels differ only in what they say."""

import math
from collections.abc import Sequence

_UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_LARGEST_PLAIN = 1e4
_SMALLEST_PLAIN = 1e-4


def tick_labels(values: Sequence[float], step: float) -> tuple[str, ...]:
    """Return the labels of evenly spaced ticks, all with the same unit and decimals."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return tuple("0" for _ in values)
    if largest < _SMALLEST_PLAIN * 10 or largest >= 1e15:  # noqa: PLR2004 - no unit letters there
        return _with_exponent(values, step, math.floor(math.log10(largest)))
    scale, unit = _unit(largest)
    decimals = _decimals(step / scale)
    return tuple(_plain(value / scale, decimals, unit) for value in values)


def _unit(largest: float) -> tuple[float, str]:
    if largest < _LARGEST_PLAIN:
        return 1.0, ""
    return next((scale, unit) for scale, unit in _UNITS if largest >= scale)


def _decimals(step: float) -> int:
    """Return the decimals needed to tell multiples of the step apart."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _plain(value: float, decimals: int, unit: str) -> str:
    text = f"{value:.{decimals}f}"
    return "0" if float(text) == 0 else text + unit


def _with_exponent(values: Sequence[float], step: float, exponent: int) -> tuple[str, ...]:
    decimals = max(0, exponent - math.floor(math.log10(step) + 1e-9))
    scale = 10.0**exponent
    return tuple(
        "0" if value == 0 else f"{value / scale:.{decimals}f}e{exponent}" for value in values
    )


def short(value: float, digits: int = 4) -> str:
    """Return one number in few characters, for a legend or a note: 0.9412, 12.3k, 3e-05, NaN."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size >= 1e15 or 0 < size < _SMALLEST_PLAIN:  # noqa: PLR2004 - no unit letters there
        return _trimmed_exponent(f"{value:.{digits - 2}e}")
    scale, unit = _unit(size)
    return f"{value / scale:.{digits}g}" + unit


def _trimmed_exponent(text: str) -> str:
    mantissa, exponent = text.split("e")
    trimmed = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{trimmed}e{int(exponent)}"


def power_label(value: float) -> str:
    """Return the label of a tick on a logarithmic axis: 0.01, 5, 200, 10k, 1e-5."""
    exponent = math.floor(math.log10(value) + 1e-9)
    if -3 <= exponent <= 3:  # noqa: PLR2004 - four characters still beat an exponent
        return f"{value:.{max(0, -exponent)}f}"
    if 3 < exponent < 6:  # noqa: PLR2004 - thousands
        return f"{value / 1e3:.0f}k"
    return f"{value / 10.0**exponent:.0f}e{exponent}"


def counted(number: int) -> str:
    """Return a whole number with thin groups of three: 1 234 567."""
    return f"{number:,}".replace(",", " ")
