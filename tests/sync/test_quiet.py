"""Files count once nobody writes them any more."""

import os
from pathlib import Path

import pytest

from workbench.clock import FixedClock
from workbench.sync.quiet import QUIET_S, Quiet, state_of


def test_what_has_just_been_seen_is_not_quiet() -> None:
    """However old its time says it is: that is another machine's clock."""
    assert not Quiet(FixedClock()).is_quiet("census", b"1")


def test_what_stands_still_for_long_enough_is_quiet() -> None:
    """Not a moment earlier."""
    clock = FixedClock()
    quiet = Quiet(clock)
    quiet.is_quiet("census", b"1")
    clock.advance(QUIET_S - 1)
    assert not quiet.is_quiet("census", b"1")
    clock.advance(1)
    assert quiet.is_quiet("census", b"1")


def test_what_moves_begins_anew() -> None:
    """A copy that goes on in steps is never read halfway."""
    clock = FixedClock()
    quiet = Quiet(clock)
    for step in range(5):
        assert not quiet.is_quiet("census", bytes([step]))
        clock.advance(QUIET_S)


def test_it_is_known_for_how_long_a_thing_has_been_moving() -> None:
    """Since it was seen first, or since it was quiet last."""
    clock = FixedClock()
    quiet = Quiet(clock)
    assert quiet.moving_s("census") == 0
    for step in range(3):
        quiet.is_quiet("census", bytes([step]))
        clock.advance(4)
    assert quiet.moving_s("census") == 12
    clock.advance(QUIET_S)
    quiet.is_quiet("census", b"other")
    assert quiet.moving_s("census") == 0


def test_what_is_forgotten_begins_anew() -> None:
    """A file that was away is looked at as if for the first time."""
    clock = FixedClock()
    quiet = Quiet(clock)
    quiet.is_quiet("census", b"1")
    clock.advance(QUIET_S)
    quiet.forget("census")
    assert not quiet.is_quiet("census", b"1")


def test_a_state_differs_when_a_file_grows_is_written_replaced_or_comes(tmp_path: Path) -> None:
    """And is the same while nothing of that happens."""
    file = tmp_path / "a"
    file.write_text("1", "utf-8")
    os.utime(file, (1, 1))
    first = state_of([file])
    assert state_of([file]) == first
    file.write_text("12", "utf-8")
    os.utime(file, (1, 1))
    grown = state_of([file])
    os.utime(file, (2, 2))
    written = state_of([file])
    other = tmp_path / "b"
    other.write_text("12", "utf-8")
    os.utime(other, (2, 2))
    assert len({first, grown, written, state_of([file, other])}) == 4
    other.replace(file)
    assert state_of([file]) != written


def test_a_file_that_is_gone_has_no_state(tmp_path: Path) -> None:
    """It is an error, not a state."""
    with pytest.raises(FileNotFoundError):
        state_of([tmp_path / "gone"])
