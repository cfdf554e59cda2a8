"""Reading the screen as text, and waiting until it is idle."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from textual.app import App
from textual.pilot import Pilot

from tests.waiting import PATIENCE_S

TOLD: Final[WeakKeyDictionary[App, list[str]]] = WeakKeyDictionary()
"""Every notice of an app since it began."""


def toasts(app: App) -> str:
    """Return all that was told, what is off the screen again too."""
    return "\n".join(TOLD.get(app, ()))


def screen_text(app: App) -> str:
    """Return what is on the screen, one line per row."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


async def until(pilot: Pilot, true: Callable[[], object]) -> None:
    """Wait until something holds, looking whenever the app is idle.

    A screen that came meanwhile is there for keys as well: what is pressed before it is put
    together reaches nothing.
    """
    before, late = pilot.app.screen, monotonic() + PATIENCE_S
    while monotonic() < late:
        await pilot.pause()
        if true():
            if pilot.app.screen is not before:
                await pilot.pause()
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"never came true; the screen shows\n{screen_text(pilot.app)}")


def lines_with(text: str, words: str) -> list[str]:
    """Return the lines of a text that hold some words."""
    return [line for line in text.splitlines() if words in line]
