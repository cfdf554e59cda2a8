"""A program on a pseudo-terminal, watched byte by byte.

Nothing is interpreted: a terminal in Python takes a good part of a core while the
program paints, and that core is one of two. What a person would read is looked for
as it stands in the stream.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Self

import psutil

from tests.benchmarks.place import CHECKOUT

WIDE, HIGH = 160, 50
DOWN, PAGE_DOWN, END = b"\x1b[B", b"\x1b[6~", b"\x1b[F"
_QUIT = b"\x11"
_PATIENCE_S = 120.0


class Moment(NamedTuple):
    """How things stood when something came to the screen."""

    wall_s: float
    cpu_s: float
    rss_mb: float


class Screen:
    """A program that was just started on a terminal of 160 by 50 cells."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HIGH, WIDE, 0, 0))
        variables = {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._seen = bytearray()
        self._began = perf_counter()
        self._process = subprocess.Popen(
            argv, env=variables, cwd=CHECKOUT, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._told = psutil.Process(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave as a person does, so that the catalogue is closed; then make sure."""
        late = perf_counter() + 10
        if self._process.poll() is None:
            os.write(self._master, _QUIT)
        while self._process.poll() is None and perf_counter() < late:
            self._read(0.05)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)

    def until(self, words: str) -> Moment:
        """Return how things stood when ``words`` were written to the screen.

        Raises:
            RuntimeError: The program ended, or took too long.
        """
        wanted = words.encode()
        late = perf_counter() + _PATIENCE_S
        while wanted not in self._seen:
            if perf_counter() > late or not self._read(late - perf_counter()):
                raise RuntimeError(f"{words!r} never came to the screen")
        return self.now()

    def now(self) -> Moment:
        """Return how things stand."""
        wall = perf_counter() - self._began
        times = self._told.cpu_times()
        return Moment(wall, times.user + times.system, self._told.memory_info().rss / 1e6)

    def press(self, key: bytes, quiet_s: float) -> None:
        """Press a key and wait until the program has written nothing for so long."""
        os.write(self._master, key)
        self.settle(quiet_s)

    def settle(self, quiet_s: float) -> None:
        """Wait until the program has written nothing for so long."""
        while self._read(quiet_s):
            pass

    def _read(self, seconds: float) -> bool:
        """Read what comes within so many seconds; say whether anything did."""
        ready, _, _ = select.select([self._master], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # Linux says so when the last program has closed the terminal
            return False
        self._seen += data
        return bool(data)


def opening(path: Path) -> list[str]:
    """Return the words that open a workspace on the screen."""
    return [sys.executable, "-m", "workbench", "open", str(path)]
