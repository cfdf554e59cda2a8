"""A thread that looks again and again until the program ends, and tells what it could not do.

What is looked for is said by whoever follows: datasets that are registered when their files
change, monitors that are run when their data do.
"""

from abc import abstractmethod
from collections.abc import Sequence
from threading import Event, Thread
from typing import Final

from workbench.formats.contract import Fault
from workbench.operations.session import Session
from workbench.words import visible

_EVERY_S: Final = 2.0
SHARE: Final = 10
"""Looks are not repeated before this many times what they took."""


class Follower:
    """Looks in a thread of its own from `start` to `stop`."""

    def __init__(self, session: Session, thread: str) -> None:
        """Begin nothing yet.

        Args:
            session: Where; nothing is looked at while nothing can be written.
            thread: What the thread is called.
        """
        self._session = session
        self._faults: dict[str, Fault] = {}
        """What could not be done, by the name of what is followed."""
        self._looked_s = 0.0
        """What the last look took, as far as it holds up the next."""
        self._stop = Event()
        self._thread = Thread(target=self._run, name=thread, daemon=True)

    @abstractmethod
    def look(self) -> None:
        """Look at everything once, and do what is to be done."""

    @abstractmethod
    def _tell_faults(self, faults: Sequence[Fault]) -> None:
        """Hand the faults to whoever counts them all."""

    @abstractmethod
    def _gave_up(self, why: str) -> Fault:
        """Return the fault of a whole look that failed."""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End as soon as what is being read can be left; return when the thread has ended."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _tell(self) -> None:
        """Tell the faults as they are now; one long piece of work keeps none back."""
        self._tell_faults(tuple(self._faults[name] for name in sorted(self._faults)))

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._session.writable:
                try:
                    self.look()
                except Exception as error:  # noqa: BLE001 - the next look may well succeed
                    self._tell_faults((self._gave_up(visible(str(error))),))
            self._stop.wait(max(_EVERY_S, SHARE * self._looked_s))
