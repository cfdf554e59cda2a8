"""Errors say what is so, what to do, and how a command ends."""

import re
import time

import pytest

from workbench import errors
from workbench.clock import SYSTEM, FixedClock


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.WorkbenchError("x"), 1), (errors.UsageError("x"), 2),
        (errors.FilterError("x", text="y", column=0), 2), (errors.SettingsError("x", path="y"), 2),
        (errors.NotFoundError("x"), 2), (errors.NotAllowedError("x"), 4),
        (errors.CheckFailedError("x"), 3), (errors.UndecidedError("x"), 5),
        (errors.ConflictError("x"), 6), (errors.NotDeployedError("x"), 7),
        (errors.UnknownOutcomeError("x"), 1), (errors.FormatError("x"), 1),
    ],
)  # fmt: skip
def test_every_error_has_its_exit_code(error: errors.WorkbenchError, code: int) -> None:
    """Scripts rely on the numbers."""
    assert error.exit_code == code
    assert str(error) == "x"


def test_the_tree_that_is_drawn_is_the_tree_that_is() -> None:
    """Every class stands in the drawing with its number, and nothing else does."""
    drawn = dict(re.findall(r"(\w+Error)\s+(\d)  ", str(errors.__doc__)))
    real = {
        name: str(kind.exit_code)
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.WorkbenchError)
    }
    assert drawn == real


def test_a_hint_follows_the_message() -> None:
    """Both are one line for whoever prints it."""
    error = errors.UsageError("There is none.", hint="Make one.")
    assert (error.message, error.hint) == ("There is none.", "Make one.")
    assert str(error) == "There is none. Make one."


def test_clocks_tell_the_time() -> None:
    """The system's is the system's; a fixed one moves when it is told to."""
    before = time.monotonic()
    assert SYSTEM.now() > 1.7e9
    assert before <= SYSTEM.steady() <= time.monotonic()
    clock = FixedClock(5.0)
    clock.advance(2.5)
    assert (clock.now(), clock.steady()) == (7.5, 7.5)
