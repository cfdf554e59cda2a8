"""What is gone is painted over, on every screen there is."""

import importlib
import pkgutil
from collections.abc import Iterator

from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Static

import workbench.tui
from workbench.tui.repainted import Repainted


class Shown(Repainted[None]):
    """A screen with something that can go."""

    def compose(self) -> ComposeResult:
        """Show two lines."""
        yield Static("stays")
        yield Static("goes", id="goes")


async def test_a_look_at_a_size_does_not_hide_that_something_went() -> None:
    """Where a widget stood is painted again though a size was asked for before the next layout."""
    async with App[None]().run_test() as pilot:
        screen = Shown()
        await pilot.app.push_screen(screen)
        await pilot.pause()
        goes, compositor = screen.query_one("#goes"), screen._compositor
        region = goes.region
        compositor._dirty_regions.clear()
        with pilot.app.batch_update():
            goes.display = False
            compositor._full_map_invalidated = True
            assert goes not in compositor.full_map
            assert region in compositor._dirty_regions


def kinds(kind: type) -> Iterator[type]:
    """Return every kind made of one."""
    for each in kind.__subclasses__():
        yield each
        yield from kinds(each)


def test_every_screen_is_one_that_paints_over_what_went() -> None:
    """No screen and no dialog of the program stands on Textual's own."""
    for module in pkgutil.walk_packages(workbench.tui.__path__, "workbench.tui."):
        importlib.import_module(module.name)
    ours = [each for each in kinds(Screen) if each.__module__.startswith("workbench.")]
    assert len(ours) > 10
    assert [each.__name__ for each in ours if not issubclass(each, Repainted)] == []
