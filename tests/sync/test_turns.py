"""Which of many folders are looked at now."""

import pytest

from workbench.clock import FixedClock
from workbench.sync import turns
from workbench.sync.turns import RESTLESS_S, TRY_AGAIN_S, Turns


def test_a_folder_is_settled_when_it_stood_still_for_longer_than_a_tick() -> None:
    """Two things may come within one tick of the disk's clock: the second must not be missed."""
    clock = FixedClock()
    seen = Turns(clock)
    assert not seen.is_settled("a", 1)
    seen.saw("a", 1)
    assert not seen.is_settled("a", 1)
    clock.advance(RESTLESS_S / 2)
    seen.saw("a", 1)
    clock.advance(RESTLESS_S / 2 + 0.1)
    assert seen.is_settled("a", 1)
    assert not seen.is_settled("a", 2)


def test_a_folder_that_is_as_it_was_long_ago_is_settled_at_once() -> None:
    """What a catalogue remembers is not read again at the next start."""
    seen = Turns(FixedClock())
    seen.knew("a", 7)
    assert seen.is_settled("a", 7)
    assert not seen.is_settled("a", 8)


def test_what_cannot_be_read_is_tried_again_after_a_while() -> None:
    """A drive that did not answer may answer now; one that never does costs little."""
    clock = FixedClock()
    seen = Turns(clock)
    assert seen.to_try_again("a")
    seen.tried("a")
    assert not seen.to_try_again("a")
    clock.advance(TRY_AGAIN_S)
    assert seen.to_try_again("a")


def test_those_that_changed_are_looked_at_every_time_and_the_rest_in_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without patience every folder still gets its turn."""
    monkeypatch.setattr(turns, "_ALWAYS", 2)
    monkeypatch.setattr(turns, "_PATIENCE_S", -1.0)
    names = [f"n{k}" for k in range(7)]
    seen = Turns(FixedClock(), ["n6", "n5"])
    assert list(seen.of(names)) == names
    rounds = [list(seen.of(names)) for _ in range(4)]
    assert all(one[:2] == ["n6", "n5"] for one in rounds)
    assert {name for one in rounds for name in one} == set(names)
    seen.changed("n0")
    assert list(seen.of(names))[:2] == ["n5", "n0"]
    seen.do_over()
    assert list(seen.of(names)) == names
