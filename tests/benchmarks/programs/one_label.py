"""The least program that could stand in the workbench's place: Textual, duckdb, one label."""

import sys

import duckdb
from textual.app import App, ComposeResult
from textual.widgets import Label

from tests.benchmarks.programs.noting import note_modules

LABEL, NOTES = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""


class OneLabel(App[None]):
    """Show a label; with a file to write to, note what is loaded and leave."""

    def compose(self) -> ComposeResult:
        """Show the label."""
        yield Label(LABEL)

    def on_mount(self) -> None:
        """Look back at the first paint."""
        if NOTES:
            self.call_after_refresh(self._note)

    def _note(self) -> None:
        note_modules(NOTES)
        self.exit()


assert duckdb.__version__
OneLabel().run()
