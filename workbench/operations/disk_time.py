"""What time it is where the runs are: ages of files are told by no other clock."""

from typing import TYPE_CHECKING

from workbench.durable import temp_name
from workbench.runfolder import TEMPORARY

if TYPE_CHECKING:
    from workbench.operations.session import Session


class DiskTime:
    """The time on the file system of the workspace, by touching a file there.

    Without permission to write it is this machine's clock, the best there is.
    """

    def __init__(self, session: "Session") -> None:
        """Ask nothing yet."""
        self._session = session
        self._difference = 0.0
        self._asked_at = -1e9

    def __call__(self) -> float:
        """Return it, asked anew now and then."""
        clock = self._session.clock
        if self._session.writable and clock.steady() - self._asked_at > 30.0:  # noqa: PLR2004
            self._asked_at = clock.steady()
            self._difference = self._ask() - clock.now()
        return clock.now() + self._difference

    def _ask(self) -> float:
        folder = self._session.root / TEMPORARY
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / temp_name("probe")
            path.touch()
            try:
                return path.stat().st_mtime
            finally:
                path.unlink(missing_ok=True)
        except OSError:
            return self._session.clock.now()
