"""What can be done to a dataset from any of its screens, each in a module of its own.

Where the cursor stood when the key was pressed is what counts: reading takes a while, and the
cursor goes on.
"""

from workbench.operations.datasets.names import Ref
from workbench.tui.data.desk import DataDesk, DataTarget
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell


class DataActing(DataDesk):
    """The part of a screen of datasets that acts on what the cursor is on."""

    def _here(self) -> DataTarget | None:
        target = self.target()
        if target is None:
            tell(self.app, "There is no dataset under the cursor.")
        return target

    def press_data_rows(self) -> None:
        """Show the rows of the version."""
        target = self._here()
        if target is not None:
            ref = str(Ref(target.name, target.version))
            self.app.push_screen(screen_of("rows", self.session, ref))

    def press_check_rules(self) -> None:
        """Show which rules hold."""
        target = self._here()
        if target is not None:
            screen = screen_of("data check", self.session, target.name, target.version)
            self.app.push_screen(screen)

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

    def press_data_diff(self) -> None:
        """Show what changed between the version and another one."""
        from workbench.tui.data.comparing import compare  # noqa: PLC0415 - when asked for

        target = self._here()
        if target is not None:
            compare(self, target)

    def press_data_lineage(self) -> None:
        """Show where the version came from and what was made of it; on the list, of all of them."""
        target = self._here()
        if target is not None:
            version = target.version if "dataset" in self.SCOPES else None
            self.app.push_screen(screen_of("data lineage", self.session, target.name, version))
