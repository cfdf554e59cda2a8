"""The real program from its command line on, which notes at its first paint what is loaded."""

import sys
from types import FrameType

from tests.benchmarks.programs.noting import note_modules
from workbench.cli.main import run


def watching(frame: FrameType, event: str, _: object) -> None:
    """Note and leave when the program begins to watch the folder: the first paint is over.

    Seen from outside, so that nothing of the program is imported before its time.
    """
    if (
        event == "call"
        and frame.f_code.co_name == "_begin"
        and "app" in frame.f_globals["__name__"]
    ):
        sys.setprofile(None)
        note_modules(sys.argv[2])
        frame.f_locals["self"].exit()


sys.setprofile(watching)
sys.exit(run(["open", sys.argv[1]]))
