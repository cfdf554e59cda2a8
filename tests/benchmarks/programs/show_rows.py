"""The real program that goes straight to the rows of a file, in an order if one is named."""

import sys
from pathlib import Path

from workbench.operations.session import open_session
from workbench.tui.app import WorkbenchApp
from workbench.tui.data.rows_screen import DataRowsScreen


class AtRows(WorkbenchApp):
    """Show the rows of a file at once."""

    def _begin(self) -> None:
        screen = DataRowsScreen(self.session, Path(sys.argv[2]))
        if len(sys.argv) > 3:
            screen.look = type(screen.look)(sort=((sys.argv[3], False),))
        self.push_screen(screen)


with open_session(Path(sys.argv[1])) as session:
    AtRows(session).run()
