"""What goes on beside the script: a sign of life, a flush, a look at the machine.

One daemon thread a run; it never keeps a process up, and a forked child starts
its own with its first line.
"""

import threading
from collections.abc import Callable

from workbench.client.notice import tell_once
from workbench.runfolder import HEARTBEAT_EVERY

TICK = 10.0
"""Seconds between two looks at the machine, and between two flushes."""
FIRST = 1.0
"""Seconds to the first look, so that short runs have one."""


class Heartbeat:
    """Calls what must happen now and then, while the run is open."""

    def __init__(
        self,
        beat: Callable[[], None],
        flush: Callable[[], None],
        sample: Callable[[], None] | None,
    ) -> None:
        self._beat = beat
        self._flush = flush
        self._sample = sample
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it has."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._go, name="workbench", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End after what is being done now."""
        self._stop.set()

    def _go(self) -> None:
        pause, since_beat = FIRST, 0.0
        while not self._stop.wait(pause):
            since_beat += pause
            pause = TICK
            try:
                if since_beat >= HEARTBEAT_EVERY:
                    since_beat = 0.0
                    self._beat()
                self._flush()
                if self._sample is not None:
                    self._sample()
            except Exception as error:  # noqa: BLE001 - a training must not lose its heartbeat; told once
                tell_once(f"heartbeat {error!r}", f"the heartbeat met {error!r} and goes on")
