"""The real program over a catalogue whose runs are nowhere on the disk: it never looks."""

import sys
from pathlib import Path

from workbench.operations.session import open_session
from workbench.tui.app import WorkbenchApp


class Still(WorkbenchApp):
    """Show what the catalogue holds; a look at the folder would find every run gone."""

    def _begin(self) -> None:
        return


with open_session(Path(sys.argv[1])) as session:
    Still(session).run()
