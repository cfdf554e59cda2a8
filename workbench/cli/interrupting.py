"""Ctrl-C for long work that puts things away before it ends.

The first press asks for the end, and what is under way is finished or taken away; a second one
ends the program where it is.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from workbench.cli import output
from workbench.errors import StoppedError

INTERRUPTED = 130


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether somebody pressed Ctrl-C."""
    pressed = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield pressed.is_set
        return

    def press(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def say_stopped(error: StoppedError) -> int:
    """Say how far it was, and return the exit code."""
    for text in (error.message, error.hint):
        output.say(output.visible(text))
    return INTERRUPTED
