"""What is said where something that was named is not there: one wording for each, with a way on."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from workbench.errors import NotFoundError
from workbench.words import visible

WATCH: Final = "Write [monitor.NAME] into workbench.toml."
_LISTED, _SHOWN, _NEAR = 8, 80, 3


def no_monitor(name: str, there: Sequence[str]) -> NotFoundError:
    """Return that there is no monitor of a name, with what is near or what there is."""
    hint = _near(name, there) or (f"There are {_list(there)}." if there else WATCH)
    return NotFoundError(f"There is no monitor {visible(name)[:_SHOWN]!r}.", hint=hint)


def no_column(monitor: str, name: str, there: Sequence[str]) -> NotFoundError:
    """Return that a monitor watches no column of a name, with what is near."""
    see = f"See its columns with: workbench drift show {visible(monitor)}"
    said = f"{visible(monitor)} has no column {visible(name)[:_SHOWN]!r}."
    return NotFoundError(said, hint=_near(name, there) or see)


def _near(name: str, there: Sequence[str]) -> str:
    near = get_close_matches(name, there, n=_NEAR)
    return f"Did you mean {' or '.join(map(visible, near))}?" if near else ""


def _list(there: Sequence[str]) -> str:
    return ", ".join(map(visible, there[:_LISTED]))
