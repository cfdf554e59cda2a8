"""Screens on which nothing stays painted that is gone.

Textual 8.2.8 finds what to paint again by comparing two maps of the screen, and may look a size
up between a widget's removal and that comparison. The look makes the old map anew, without the
widget and without noting where it stood, so two notices that end in the same moment stay on the
terminal until something else is painted there. Here whatever such a look leaves out is noted.
"""

from typing import Any, TypeVar

from textual._compositor import Compositor, CompositorMap
from textual.screen import ModalScreen, Screen

T = TypeVar("T")


class NotingCompositor(Compositor):
    """A map of the screen that is never made anew without saying what moved."""

    @property
    def full_map(self) -> CompositorMap:
        """Return where every widget is, painted again where that has changed."""
        was, stale = self._full_map, self._full_map_invalidated
        now = super().full_map
        if stale and self.size.region not in self._dirty_regions:
            changed = (
                place.clip.intersection(place.region) for _, place in was.items() ^ now.items()
            )
            self._dirty_regions.update(region for region in changed if region)
        return now


class Repainted(Screen[T]):
    """A screen that paints again wherever something went."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compositor = NotingCompositor()


class Dialog(ModalScreen[T], Repainted[T]):
    """A screen in front of another one, answered with a ``T``.

    Styles follow the first base alone, and are those of what lies in front.
    """
