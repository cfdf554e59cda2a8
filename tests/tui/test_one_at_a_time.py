"""Which work may begin, which lets go, and which comes after it."""

from workbench.clock import FixedClock
from workbench.tui.one_at_a_time import OneAtATime, reading_words


def test_a_wish_that_comes_meanwhile_waits_and_many_are_one() -> None:
    """What is under way learns that it is no longer wanted."""
    work = OneAtATime(FixedClock().steady)
    assert work.free()
    going = work.begin()
    assert going()
    assert [work.free(), work.free()] == [False, False]
    assert not going()
    assert work.done()
    assert work.free()
    work.begin()
    assert not work.done()


def test_stopped_work_is_followed_by_nothing() -> None:
    """A wish that waited is given up too."""
    work = OneAtATime(FixedClock().steady)
    going = work.begin()
    assert not work.free()
    work.stop()
    assert not going()
    assert (work.done(), work.stopped, work.under_way) == (False, True, False)


def test_it_is_known_for_how_long_work_is_under_way() -> None:
    """The first second is no number."""
    clock = FixedClock()
    work = OneAtATime(clock.steady)
    work.begin()
    clock.advance(0.5)
    assert reading_words(work.past) == "reading …"
    clock.advance(3.5)
    assert reading_words(work.past) == "reading 4s …"
    work.done()
    assert work.past == 0
