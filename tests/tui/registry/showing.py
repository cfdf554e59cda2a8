"""A model's page over a real workspace, and what is on the screen of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from tests.tui.looking import screen_text, until
from tests.tui.registry.building import SETTINGS
from tests.tui.stage import Stage, opened
from workbench.operations.session import Session
from workbench.tui.registry.model_screen import ModelScreen

OPEN_STAGE = "[user]\nname = 'ana'\n[stages.staging]\n[stages.production]\n"
NARROW, WIDE = (80, 24), (160, 50)


@contextmanager
def shown(
    team: Path, make: Callable[[Session], Screen[Any]], settings: str = SETTINGS
) -> Iterator[tuple[Stage, Session]]:
    """Give a program that shows one screen of a workspace."""
    (team / "workbench.toml").write_text(settings, "utf-8")
    with opened(team) as session:
        yield Stage(session, lambda: make(session)), session


@contextmanager
def page(team: Path, settings: str = SETTINGS) -> Iterator[tuple[Stage, Session]]:
    """Give a program that shows the page of churn."""
    with shown(team, lambda session: ModelScreen(session, "churn"), settings) as found:
        yield found


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def on(pilot: Pilot[None], kind: type) -> None:
    """Wait until a screen of some kind is in front."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


class Held:
    """A function that waits at its beginning until it is let go."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real = real
        self._go = Event()
        self.asked = Event()

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Wait, then do it."""
        self.asked.set()
        assert self._go.wait(30)
        return self._real(*given, **named)

    def let_go(self) -> None:
        """Let it go on, now and from now on."""
        self._go.set()


class Refusing:
    """A function that raises the first time, and does it afterwards."""

    def __init__(self, real: Callable[..., Any], error: Exception) -> None:
        self._real = real
        self._error: Exception | None = error

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Raise once."""
        error, self._error = self._error, None
        if error is not None:
            raise error
        return self._real(*given, **named)
