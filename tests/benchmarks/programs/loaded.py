"""The real program, which notes at its first paint what is loaded."""

import sys
from pathlib import Path

from tests.benchmarks.programs.noting import note_modules
from workbench.operations.session import open_session
from workbench.tui.app import WorkbenchApp


class Noting(WorkbenchApp):
    """Leave where the program would begin to watch: the first paint is over."""

    def _begin(self) -> None:
        note_modules(sys.argv[2])
        self.exit()


with open_session(Path(sys.argv[1])) as session:
    Noting(session).run()
