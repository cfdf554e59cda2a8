"""Waiting for somebody to let go of a file."""

from collections.abc import Callable

import pytest

from workbench.clock import FixedClock
from workbench.registry.patience import Patience


def held_open(times: int) -> Callable[[], str]:
    """Return a replacing that is refused so many times, as Windows refuses it."""
    left = [times]

    def replace() -> str:
        if left[0]:
            left[0] -= 1
            raise PermissionError(13, "The process cannot access the file")
        return "replaced"

    return replace


def test_let_go_in_time() -> None:
    """What is held open for less than five seconds is replaced in the end."""
    clock = FixedClock()
    assert Patience(clock, clock.advance, 5.0)(held_open(99)) == "replaced"
    assert clock.at - FixedClock().at == pytest.approx(99 * 0.05)


def test_never_let_go() -> None:
    """What is held open for longer is refused after five seconds, not later."""
    clock = FixedClock()
    with pytest.raises(PermissionError):
        Patience(clock, clock.advance, 5.0)(held_open(1000))
    assert clock.at - FixedClock().at == pytest.approx(5.0, abs=0.06)


def test_elsewhere() -> None:
    """Where files are replaced under their readers' hands, a refusal is told at once."""
    clock = FixedClock()
    with pytest.raises(PermissionError):
        Patience(clock, clock.advance, 0.0)(held_open(1))
    assert clock.at == FixedClock().at


def test_other_failures() -> None:
    """Anything but a refusal is told at once."""
    clock = FixedClock()

    def full() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        Patience(clock, clock.advance, 5.0)(full)
    assert clock.at == FixedClock().at
