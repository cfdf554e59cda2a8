"""Waiting for a condition, never for a number of seconds."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from workbench.operations.curves import CurveStore

PATIENCE_S = 50.0
"""How long any test waits for what must come: a machine may be busy, a test ends after 120 s."""
_PAUSE = threading.Event()
_T = TypeVar("_T")


def wait_for(condition: Callable[[], _T], seconds: float = PATIENCE_S) -> _T:
    """Return the first true answer of ``condition``.

    Raises:
        AssertionError: There was none within ``seconds``.
    """
    late = monotonic() + seconds
    while not (answer := condition()):
        if monotonic() > late:
            raise AssertionError(f"nothing after {seconds} s: {condition}")
        _PAUSE.wait(0.02)
    return answer


def wait_for_copies(curves: CurveStore) -> None:
    """Return when the copies of all curves that were asked for are written."""
    copier = curves._copier
    if copier is not None:
        copier.join()
