"""What every screen of datasets has in common: what the cursor is on, and undoing."""

from typing import NamedTuple

from workbench.tui.desk import Desk


class DataTarget(NamedTuple):
    """What the cursor is on: a dataset, perhaps one of its versions, perhaps a column."""

    name: str
    version: int | None = None
    """None means the newest."""
    column: str = ""
    archived: bool = False


class DataDesk(Desk):
    """A screen about datasets."""

    def target(self) -> DataTarget | None:
        """Return what the cursor is on; screens know."""
        return None

    def show_newest(self) -> None:
        """Go to the newest version of the dataset on the screen, where it shows one."""

    def press_undo(self) -> None:
        """Take back my last edit."""
        from workbench.operations.edits import undo  # noqa: PLC0415 - when asked for

        session = self.session
        self.write(lambda: undo(session), lambda line: f"Took back: {line.what}", "Undo")
