"""How a path that somebody types could go on."""

import os
from itertools import islice, takewhile
from pathlib import Path
from typing import Final

_MOST_LOOKED_AT: Final = 20_000
"""Entries of a folder that are looked at; a larger one is no place to choose by eye."""
_MOST: Final = 100


def completions(typed: str, here: Path) -> tuple[str, ...]:
    """Return what was typed, gone on to each entry that begins so; folders end with a slash.

    What begins with a dot is offered once a dot was typed. A folder that cannot be read offers
    nothing.

    Args:
        typed: A path, or the beginning of one; ``~`` is the person's own folder.
        here: The folder that other paths are relative to.
    """
    folder, begin = _split(typed)
    try:
        with os.scandir(here / Path(folder or ".").expanduser()) as entries:
            found = [
                (not entry.is_dir(), entry.name)
                for entry in islice(entries, _MOST_LOOKED_AT)
                if _fits(entry.name, begin)
            ]
    except (OSError, RuntimeError, ValueError):  # away, a stranger's home, a NUL in the name
        return ()
    ordered = sorted(found, key=lambda each: (each[0], each[1].casefold()))[:_MOST]
    return tuple(f"{folder}{name}{'' if is_file else '/'}" for is_file, name in ordered)


def common(typed: str, offered: tuple[str, ...]) -> str:
    """Return what was typed, gone on as far as everything that is offered agrees."""
    alike = takewhile(_is_one, zip(*(one.casefold() for one in offered), strict=False))
    shared = sum(1 for _ in alike)
    return offered[0][:shared] if shared > len(typed) else typed


def _is_one(signs: tuple[str, ...]) -> bool:
    return len(set(signs)) == 1


def _split(typed: str) -> tuple[str, str]:
    """Return a path's folder with its slash, and the beginning of the name in it."""
    if typed == "~":
        return "~/", ""
    places = [typed.rfind("/"), typed.rfind(os.sep)]
    end = max(places) + 1
    return typed[:end], typed[end:]


def _fits(name: str, begin: str) -> bool:
    if name.startswith(".") and not begin.startswith("."):
        return False
    return name.casefold().startswith(begin.casefold()) and name.isprintable()
