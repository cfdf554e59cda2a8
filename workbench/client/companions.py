"""What goes along with an open run, beside the script: heartbeat, capture, console."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from workbench.client.console import Console
from workbench.client.endings import watch_process
from workbench.client.heartbeat import Heartbeat
from workbench.client.keeper import Keeper

if TYPE_CHECKING:
    from workbench.client.sampler import Sampler

_PATIENCE = 2.0
"""Seconds the end of a run waits for a capture that is not done."""


class Companions:
    """The threads and the tee of one run in one process."""

    def __init__(
        self,
        keeper: Keeper,
        log_unstepped: Callable[[Mapping[str, float]], None],
        *,
        capture: bool,
        console: bool,
        system_metrics: bool,
    ) -> None:
        self._log_unstepped = log_unstepped
        sample = self._sampling() if system_metrics else None
        self._heartbeat = Heartbeat(keeper.beat, keeper.sync, sample)
        keeper.on_open = self._begin
        if keeper.writer is not None:
            self._begin()
        self._console = Console(keeper) if console else None
        self._capture = _start_capture(keeper) if capture else None

    def _begin(self) -> None:
        """Watch over a writer that was just taken; a helper takes its own with its first line."""
        watch_process()
        self._heartbeat.start()

    def _sampling(self) -> Callable[[], None]:
        """Return a look at the machine; what it needs is imported in its thread."""
        samplers: list[Sampler] = []

        def sample() -> None:
            from workbench.client.sampler import Sampler  # noqa: PLC0415

            if not samplers:
                samplers.append(Sampler())
            self._log_unstepped(samplers[0].sample())

        return sample

    def stop(self) -> None:
        """End the threads, and give the streams back."""
        self._heartbeat.stop()
        if self._capture is not None:
            self._capture.join(_PATIENCE)
        if self._console is not None:
            self._console.stop()

    def leave_to_parent(self) -> None:
        """After a fork: the threads stayed behind; what is printed is the child's own."""
        if self._console is not None:
            self._console.stop()


def _start_capture(keeper: Keeper) -> threading.Thread:
    def look_around() -> None:
        from workbench.client.capture import record  # noqa: PLC0415 - in the thread, not at start

        record(keeper)

    thread = threading.Thread(target=look_around, name="workbench", daemon=True)
    thread.start()
    return thread
