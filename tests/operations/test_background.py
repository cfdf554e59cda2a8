"""Work a thread does by itself: a row in Activity where it takes long or came to something."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from workbench.clock import FixedClock
from workbench.operations.background import LONG_S, Background
from workbench.operations.jobs import CANCELLED, DONE, FAILED, RUNNING
from workbench.operations.session import Session, open_session


@pytest.fixture
def clock() -> FixedClock:
    """A clock that moves when it is told to."""
    return FixedClock()


@pytest.fixture
def session(tmp_path: Path, clock: FixedClock) -> Iterator[Session]:
    """A workspace whose clock stands still."""
    (tmp_path / "workbench.toml").write_text("", "utf-8")
    with open_session(tmp_path, clock=clock, in_memory=True) as opened:
        yield opened


def rows(session: Session) -> list[tuple[str, str, str]]:
    """Return title, state and message of each row."""
    return [(one.title, one.state, one.message) for one in session.jobs.lines()]


def test_what_is_quick_and_comes_to_nothing_is_no_row(session: Session) -> None:
    """Nobody is told of what was over at once."""
    work = Background(session, "look", Event())
    work.tell(1, 2, "files")
    work.end()
    assert (rows(session), work.shown) == ([], False)


def test_what_takes_long_is_a_row_from_when_it_began(session: Session, clock: FixedClock) -> None:
    """With how far it is, and how it ended."""
    began = clock.now()
    work = Background(session, "check", Event())
    clock.advance(LONG_S)
    work.tell(1, 2, "files")
    assert rows(session) == [("check", RUNNING, "files")]
    (line,) = session.jobs.lines()
    assert (line.started, line.done, line.total) == (began, 1, 2)
    work.end()
    assert rows(session) == [("check", CANCELLED, "files")]


@pytest.mark.parametrize(("state", "end"), [(DONE, "done"), (FAILED, "failed")])
def test_what_came_of_it_is_a_row_however_quick(session: Session, state: str, end: str) -> None:
    """A result and a failure are both worth one."""
    work = Background(session, "check", Event())
    if state == DONE:
        work.done(end)
    else:
        work.end(FAILED, end)
    assert rows(session) == [("check", state, end)]


def test_it_ends_when_a_person_or_the_program_wants_it(session: Session, clock: FixedClock) -> None:
    """A person stops the row; the program stops all."""
    stop = Event()
    work = Background(session, "check", stop)
    assert not work.is_over()
    clock.advance(LONG_S)
    work.tell(0, 0, "files")
    (line,) = session.jobs.lines()
    session.jobs.cancel(line.id)
    assert (work.cancelled, work.is_over()) == (True, True)
    other = Background(session, "look", stop)
    assert not other.is_over()
    stop.set()
    assert (other.cancelled, other.is_over()) == (False, True)
