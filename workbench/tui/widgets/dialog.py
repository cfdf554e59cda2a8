"""The look that all dialogs share, why they are shown again, and the buttons at their end."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Button

from workbench.tui.paragraphs import bullets
from workbench.tui.widgets.block import Block

DIALOG_CSS = """
{name} {{ align: center middle; background: $background 60%; }}
{name} > #box {{
    width: {width}; max-width: 96%; height: auto; max-height: 92%;
    background: $surface; border: round $border; padding: 0 1;
    border-title-color: $foreground; border-title-style: bold;
    border-subtitle-color: $foreground-muted;
}}
{name} Input {{ padding: 0 1; background: $panel; }}
"""


def news_block(news: str) -> ComposeResult:
    """Return why something is asked again, as high as it is; nothing where it is the first time."""
    if news:
        yield Block(lambda width: bullets([f"! {news}"], "bold warn", width))


class Buttons(Horizontal):
    """Cancel first, then what would be done."""

    DEFAULT_CSS = """
    Buttons { height: 1; width: 100%; align-horizontal: right; margin-top: 1; }
    Buttons Button { min-width: 10; margin-left: 2; background: $panel; color: $foreground; }
    Buttons Button:focus { background: $accent; color: $background; text-style: bold; }
    """

    def __init__(self, words: str, *, possible: bool = True) -> None:
        super().__init__()
        self._words = words
        self._possible = possible

    def compose(self) -> ComposeResult:
        """Put Cancel where the focus goes first."""
        yield Button("Cancel", id="cancel", compact=True)
        yield Button(self._words, id="do", compact=True, disabled=not self._possible)
