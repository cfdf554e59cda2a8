"""Waiting for somebody to let go of a file.

Windows refuses to replace or rename what another process holds open, and a consumer holds a
pointer open for as long as it reads it: milliseconds. Elsewhere the same refusal means that we
have no right, and waiting would help nobody.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from workbench.clock import SYSTEM, Clock

_T = TypeVar("_T")
_HELD_OPEN: Final = 5.0
_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Patience:
    """Try again while a file is held open, for some seconds."""

    clock: Clock = SYSTEM
    sleep: Callable[[float], None] = time.sleep
    seconds: float = _HELD_OPEN if os.name == "nt" else 0.0

    def __call__(self, act: Callable[[], _T]) -> _T:
        """Return what ``act`` returns, at the first try that nobody is in the way of.

        Raises:
            PermissionError: It was refused for all that time.
        """
        late = self.clock.steady() + self.seconds
        while True:
            try:
                return act()
            except PermissionError:
                if self.clock.steady() >= late:
                    raise
            self.sleep(_PAUSE)
