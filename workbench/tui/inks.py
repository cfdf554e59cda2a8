"""Style names and what they look like in the theme of the moment.

Three roles of colour and no more: series (given by `charts.palette` and written
``#56b4e9``), state (always with a symbol and a word) and focus (the accent).
Everything else is the foreground, brighter or dimmer. Widgets name styles.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

from workbench.tui.cells import Cell, visible

if TYPE_CHECKING:
    from textual.app import App
    from textual.widget import Widget

_FROM_THEME = {
    "accent": "accent",
    "good": "success",
    "bad": "error",
    "warn": "warning",
    "running": "accent",
    "finished": "success",
    "failed": "error",
    "killed": "warning",
    "stale": "warning",
    "key": "accent",
    "error": "error",
}
_SHARES = {"dim": 0.62, "faint": 0.38, "rule": 0.24, "placeholder": 0.16}
_BACKGROUNDS = {"cursor": 0.20, "cursor-blurred": 0.10, "group": 0.05, "here": 0.36}
_HEATS = {
    "mild": ("accent", 0.12),
    "warm": ("warning", 0.20),
    "warmer": ("warning", 0.34),
    "hot": ("error", 0.34),
    "hotter": ("error", 0.55),
}
"""Grounds of judgements; without colour their letters say the same."""
_WEIGHTS = {
    **{name: name for name in ("bold", "italic", "underline", "reverse", "strike")},
    "title": "bold",
    "heading": "bold",
    "best": "bold",
    "changed": "bold",
}


class Inks:
    """The styles of one theme on one background, by name; names may be joined by spaces."""

    def __init__(self, variables: Mapping[str, str], ground: str | None = None) -> None:
        self._variables = variables
        self._foreground = self._theme("foreground")
        self._background = self._theme("background")
        self._ground = Style(bgcolor=Color.parse(ground).rich_color) if ground else Style()
        self._styles: dict[str, Style] = {}
        self._painted: dict[str, Style] = {}

    def style(self, names: str) -> Style:
        """Return the style for ``names``: the foreground unless a name says otherwise."""
        known = self._styles.get(names)
        if known is None:
            known = Style(color=self._foreground.rich_color)
            for name in names.split():
                known += self._one(name)
            self._styles[names] = known
        return known

    def painted(self, names: str) -> Style:
        """Return the style for ``names`` on the background.

        A widget that draws its own lines has to draw the background too, and a segment
        without a style breaks Textual's colour filters.
        """
        known = self._painted.get(names)
        if known is None:
            known = self._painted[names] = self._ground + self.style(names)
        return known

    def blank(self, width: int) -> Strip:
        """Return an empty line."""
        return Strip.blank(width, self.painted(""))

    def strip(self, line: Iterable[Cell]) -> Strip:
        """Return a line as a strip, user text made safe."""
        return Strip([Segment(visible(cell.text), self.painted(cell.style)) for cell in line])

    def _theme(self, name: str) -> Color:
        return Color.parse(self._variables.get(name, "ansi_default"))

    def _one(self, name: str) -> Style:
        if name in _WEIGHTS:
            return Style.parse(_WEIGHTS[name])
        if name in _FROM_THEME:
            return Style(color=self._theme(_FROM_THEME[name]).rich_color)
        if name in _SHARES:
            return self._share(_SHARES[name])
        if name in _BACKGROUNDS:
            return self._tint(_BACKGROUNDS[name])
        if name in _HEATS:
            return self._heat(*_HEATS[name])
        if name.startswith("#"):
            return Style(color=Color.parse(name).rich_color)
        return Style()

    def _share(self, share: float) -> Style:
        # The terminal's own palette cannot be blended; the terminal dims for us.
        if self._foreground.ansi is not None or self._background.ansi is not None:
            return Style(dim=True)
        return Style(color=self._background.blend(self._foreground, share).rich_color)

    def _heat(self, name: str, share: float) -> Style:
        heat = self._theme(name)
        if heat.ansi is not None or self._background.ansi is not None:
            return Style()
        ground = self._background.blend(heat, share).rich_color
        return Style(color=self._foreground.rich_color, bgcolor=ground)

    def _tint(self, share: float) -> Style:
        if self._foreground.ansi is not None or self._background.ansi is not None:
            return Style(reverse=True) if share > 0.1 else Style()  # noqa: PLR2004 - cursors only
        return Style(bgcolor=self._background.blend(self._theme("accent"), share).rich_color)


@lru_cache(maxsize=32)
def _inks(variables: tuple[tuple[str, str], ...], ground: str) -> Inks:
    return Inks(dict(variables), ground)


def inks_of(app: "App[object]") -> Inks:
    """Return the styles of the app's theme of the moment, on its background."""
    return _inks(_wanted(app), app.theme_variables["background"])


def inks_on(widget: "Widget") -> Inks:
    """Return the styles of the theme of the moment, on a widget's own background."""
    return _inks(_wanted(widget.app), widget.background_colors[1].css)


def _wanted(app: "App[object]") -> tuple[tuple[str, str], ...]:
    variables = app.theme_variables
    return tuple((name, variables[name]) for name in _NEEDED if name in variables)


_NEEDED = ("foreground", "background", *sorted(set(_FROM_THEME.values())))
