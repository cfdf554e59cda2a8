"""Names of columns, made so that each is there once."""

from collections.abc import Sequence
from typing import Final

_MOST_SAID: Final = 10
"""Of names that were changed; a header may be one name a million times."""


def unique(names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return names without repeats and without empty ones, and what was changed, in words."""
    taken, made, changed = set(names), [], []
    seen: set[str] = set()
    following: dict[str, int] = {}
    for k, name in enumerate(names, 1):
        own = new = name or f"column_{k}"
        number = following.get(own, 2)
        while new in seen or (new != name and new in taken):
            new = f"{own}_{number}"
            number += 1
        following[own] = number
        if new != name:
            changed.append(f"{name or 'no name'} → {new}")
        seen.add(new)
        made.append(new)
    return tuple(made), _said(changed)


def _said(changed: Sequence[str]) -> str:
    more = len(changed) - _MOST_SAID
    said = ", ".join(changed[:_MOST_SAID])
    return f"{said} and {more:,} more" if more > 0 else said
