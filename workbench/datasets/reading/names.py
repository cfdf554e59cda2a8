"""Names of columns, made so that each is there once."""

from collections.abc import Sequence


def unique(names: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return names without repeats and without empty ones, and what was changed, in words."""
    taken, made, changed = set(names), [], []
    seen: set[str] = set()
    for k, name in enumerate(names, 1):
        new = name or f"column_{k}"
        number = 2
        while new in seen or (new != name and new in taken):
            new = f"{name or f'column_{k}'}_{number}"
            number += 1
        if new != name:
            changed.append(f"{name or 'no name'} → {new}")
        seen.add(new)
        made.append(new)
    return tuple(made), ", ".join(changed)
