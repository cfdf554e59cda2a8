"""Where things are shown."""

import pytest
from textual.screen import Screen

from workbench.tui.routes import PLACES, Place, kind_of


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_its_screen(place: Place) -> None:
    """A name in the table is a screen that can be opened, and is called after the place."""
    found = kind_of(place)
    assert isinstance(found, type)
    assert issubclass(found, Screen)
    name = found.__name__.casefold().removeprefix("data")
    assert name == f"{place.removeprefix('data').strip()}screen"
