"""What every screen of datasets has in common: what the cursor is on, writing, and undoing."""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from workbench.tui.asking import AskingScreen
from workbench.tui.errand import carry_out

T = TypeVar("T")


class DataTarget(NamedTuple):
    """What the cursor is on: a dataset, perhaps one of its versions, perhaps a column."""

    name: str
    version: int | None = None
    """None means the newest."""
    column: str = ""
    archived: bool = False


class DataDesk(AskingScreen):
    """A screen about datasets."""

    def target(self) -> DataTarget | None:
        """Return what the cursor is on; screens know."""
        return None

    def press_undo(self) -> None:
        """Take back my last edit."""
        from workbench.operations.edits import undo  # noqa: PLC0415 - when asked for

        session = self.session
        self.write(lambda: undo(session), lambda line: f"Took back: {line.what}", "Undo")

    def write(self, work: Callable[[], T], said: Callable[[T], str], doing: str) -> None:
        """Write something, say what came of it wherever the person is by then, and show it.

        Args:
            work: Writes.
            said: What is said of what it returned.
            doing: What it is for, in words.
        """
        carry_out(self, self.session, doing, work, lambda found: self.done(said(found)))
