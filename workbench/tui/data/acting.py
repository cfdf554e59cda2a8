"""What can be done to a dataset from any of its screens, each in a module of its own.

Where the cursor stood when the key was pressed is what counts: reading takes a while, and the
cursor goes on.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from workbench.tui.asking import AskingScreen
from workbench.tui.errand import carry_out
from workbench.tui.widgets.toast import tell

T = TypeVar("T")


class DataTarget(NamedTuple):
    """What the cursor is on: a dataset, perhaps one of its versions, perhaps a column."""

    name: str
    version: int | None = None
    """None means the newest."""
    column: str = ""
    archived: bool = False


class DataActing(AskingScreen):
    """The part of a screen of datasets that acts on what the cursor is on."""

    def target(self) -> DataTarget | None:
        """Return what the cursor is on; screens know."""
        return None

    def _here(self) -> DataTarget | None:
        target = self.target()
        if target is None:
            tell(self.app, "There is no dataset under the cursor.")
        return target

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

    def press_edit_fields(self) -> None:
        """Change what people say of the dataset, or of the column under the cursor."""
        from workbench.tui.data.editing import edit_fields  # noqa: PLC0415 - when asked for

        target = self._here()
        if target is not None:
            edit_fields(self, target)

    def press_add_data(self) -> None:
        """Register a file: as any dataset, or as the next version of the one on the screen."""
        from workbench.tui.data.adding import add_data  # noqa: PLC0415 - when asked for

        target = self.target() if "dataset" in self.SCOPES else None
        add_data(self, target.name if target else "")

    def press_put_away(self) -> None:
        """Archive the dataset or bring it back; delete a version."""
        from workbench.tui.data.putting_away import put_away  # noqa: PLC0415 - when asked for

        target = self._here()
        if target is not None:
            put_away(self, target)
