"""A monitor's screens over a workspace of reports, and what was told on them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage, opened
from workbench.operations.session import Session
from workbench.tui.drift.monitor_screen import MonitorScreen
from workbench.tui.drift.screen import DriftScreen

NARROW, WIDE = (80, 24), (160, 50)


@contextmanager
def shown(
    team: Path, make: Callable[[Session], Screen[Any]] = DriftScreen
) -> Iterator[tuple[Stage, Session]]:
    """Give a program that shows one screen of a workspace."""
    with opened(team) as session:
        yield Stage(session, lambda: make(session)), session


def flights(session: Session) -> MonitorScreen:
    """Return the page of the monitor of flights."""
    return MonitorScreen(session, "flights")


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def read(pilot: Pilot[None], label: str = "2013-12") -> MonitorScreen:
    """Wait until the report of the chunk under the cursor is read, and return the screen."""

    def there() -> bool:
        screen = pilot.app.screen
        return (
            isinstance(screen, MonitorScreen)
            and screen.column is not None
            and screen.chunk_head is not None
            and screen.chunk_head.label == (label or screen.chunk_head.label)
        )

    await until(pilot, there)
    assert isinstance(pilot.app.screen, MonitorScreen)
    return pilot.app.screen


async def go(pilot: Pilot[None], column: str, label: str) -> MonitorScreen:
    """Put the cursor on a column of a chunk, and wait until its report is read."""
    screen = await read(pilot, label="")
    grid = screen.strip.grid
    assert grid is not None
    screen.strip.go_to(row=grid.row_of(column), at=grid.at_of((label, "")))
    return await read(pilot, label)


async def on(pilot: Pilot[None], kind: type) -> None:
    """Wait until a screen of some kind is in front."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))
