"""How much each column counts: as the model version said it when it was registered, else alike."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from workbench.registry.state import Version
from workbench.words import visible

UNIFORM: Final = "uniform"
_MOST: Final = 10_000
_LONGEST: Final = 100


class Importances(NamedTuple):
    """Shares of columns, and where they come from."""

    shares: Mapping[str, float]
    """Column to its share, together 1; empty where every column counts alike."""
    words: str
    """``feature_importances_ of flights@2``, or ``uniform: flights@2 says none``."""


NONE: Final = Importances(MappingProxyType({}), UNIFORM)


def of_version(model: str, version: Version) -> Importances:
    """Return the importances a version was registered with; none that cannot be meant."""
    name = f"{model}@{version.number}"
    said = version.event.details.get("importance")
    values = said.get("values") if isinstance(said, Mapping) else None
    shares = _shares(values)
    if not shares or not isinstance(said, Mapping):
        return Importances(NONE.shares, f"{UNIFORM}: {name} says none")
    return Importances(
        MappingProxyType(shares), f"{visible(str(said.get('from', '')))[:_LONGEST]} of {name}"
    )


def _shares(values: Any) -> dict[str, float]:
    """Return shares that sum to 1; none where a value is no number from 0 up."""
    if not isinstance(values, Mapping) or not 0 < len(values) <= _MOST:
        return {}
    for value in values.values():
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not math.isfinite(value) or value < 0:
            return {}
    total = math.fsum(values.values())
    if not 0 < total < math.inf:
        return {}
    return {str(name): float(value) / total for name, value in values.items()}
