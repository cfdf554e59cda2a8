"""The spread of a number over runs that should be alike, such as seeds."""

import math
from collections.abc import Iterable
from typing import NamedTuple


class Spread(NamedTuple):
    """Mean and sample standard deviation of the finite ones among some numbers.

    ``std`` is None below two finite numbers: one run says nothing about spread.
    ``left_out`` counts what was NaN or infinite.
    """

    mean: float
    std: float | None
    n: int
    left_out: int = 0

    @property
    def text(self) -> str:
        """The spread as people write it: ``12.3 ± 0.4 (n=5)``."""
        if self.n == 0:
            return "–"
        if self.std is None:
            return f"{self.mean:.4g} (n={self.n})"
        mean, std = _rounded_alike(self.mean, self.std)
        return f"{mean} ± {std} (n={self.n})"


def spread(numbers: Iterable[float]) -> Spread:
    """Return mean, sample standard deviation and count of the finite numbers."""
    given = [float(number) for number in numbers]
    finite = [number for number in given if math.isfinite(number)]
    n, left_out = len(finite), len(given) - len(finite)
    if n == 0:
        return Spread(math.nan, None, 0, left_out)
    mean = math.fsum(number / n for number in finite)
    return Spread(mean, _sample_std(finite, mean), n, left_out)


def _sample_std(numbers: list[float], mean: float) -> float | None:
    """Return the standard deviation with ``n - 1``, scaled so that no square overflows."""
    if len(numbers) < 2:  # noqa: PLR2004 - the smallest number of runs that can differ
        return None
    return math.hypot(*(number - mean for number in numbers)) / math.sqrt(len(numbers) - 1)


def _rounded_alike(mean: float, std: float) -> tuple[str, str]:
    """Return both with the decimals that the deviation justifies: one significant digit of it."""
    if std == 0 or not math.isfinite(std):
        return f"{mean:.4g}", f"{std:.4g}"
    decimals = -math.floor(math.log10(std))
    if max(abs(mean), std) >= 1e6 or decimals > 6:  # noqa: PLR2004 - beyond this, digits are noise
        return f"{mean:.4g}", f"{std:.1g}"
    decimals = max(0, decimals)
    return f"{mean:.{decimals}f}", f"{std:.{decimals}f}"
