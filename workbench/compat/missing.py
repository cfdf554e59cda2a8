"""What happens at a call a dialect does not cover: one sentence, or nothing on request."""

import os
from collections.abc import Iterator
from typing import Any, NoReturn, Self

from workbench.client import active_run
from workbench.client.notice import tell_once
from workbench.errors import UsageError

VARIABLE = "WORKBENCH_COMPAT_IGNORE"
_switch = {"on": False}
_ignored: dict[str, list[str]] = {}
"""What was ignored, by run."""


class NotCoveredError(UsageError, AttributeError):
    """A dialect has no such call. Also an ``AttributeError``, so that ``hasattr`` works."""


def ignore_missing(on: bool = True) -> None:
    """Make calls that are not covered do nothing, instead of raising."""
    _switch["on"] = on


def missing(dialect: str, name: str) -> "Nothing":
    """Return what stands for a call that is not covered, if such calls are to be ignored.

    Raises:
        NotCoveredError: They are not.
        AttributeError: The name is one Python itself asks for.
    """
    if name.startswith("__"):
        raise AttributeError(name)
    call = f"{dialect}.{name}"
    if not _switch["on"] and os.environ.get(VARIABLE, "") in ("", "0"):
        raise NotCoveredError(
            f"{call} is not covered by the workbench.",
            hint=f"Set {VARIABLE}=1 or call workbench.compat.ignore_missing() to have it ignored.",
        )
    ignored(call)
    return Nothing(call)


def ignored(call: str) -> None:
    """Say once that a call does nothing here, and record it in the active run."""
    tell_once(f"compat {call}", f"{call} is not covered and does nothing here")
    run = active_run()
    if run is None or call in _ignored.setdefault(run.id, []):
        return
    _ignored[run.id].append(call)
    run.set_fact("compat_ignored", _ignored[run.id])


class Nothing:
    """Takes any use without an effect."""

    def __init__(self, call: str) -> None:
        self._call = call

    def __repr__(self) -> str:
        return f"<{self._call}, ignored>"

    def __call__(self, *_arguments: Any, **_options: Any) -> Self:
        """Do nothing, and stand for what would have come back."""
        return self

    def __getattr__(self, name: str) -> Self:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def __iter__(self) -> Iterator[NoReturn]:
        return iter(())

    def __bool__(self) -> bool:
        return False
