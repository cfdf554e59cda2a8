"""What an event says beside its fields, read as the values they must be.

Whoever can write to the folder can write an event that is whole and says nonsense. What is not of
its kind counts as not said.
"""

from collections.abc import Mapping
from typing import Any, TypeGuard


def mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping, an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the mappings in a list."""
    return tuple(one for one in value if isinstance(one, Mapping)) if _listed(value) else ()


def texts(value: object) -> tuple[str, ...]:
    """Return the items of a list as texts."""
    return tuple(str(one) for one in value) if _listed(value) else ()


def whole(value: object) -> int | None:
    """Return a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def number(value: object) -> float | None:
    """Return a number; what is not finite stands in the journal as a word."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _listed(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    return isinstance(value, list | tuple)
