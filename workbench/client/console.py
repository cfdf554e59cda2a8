"""A copy of what the script prints, on request.

Taken at ``sys.stdout`` and ``sys.stderr``: what child processes and C libraries
write past them is not seen.
"""

import os
import sys
from typing import Any, TextIO

from workbench.client.keeper import Keeper
from workbench.runfolder import CONSOLE

_MOST_BYTES = 16 << 20
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_NOTICE = b"\n[workbench: what was printed after 16 MB is not kept]\n"


class Console:
    """Keeps what is printed, beside printing it."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._fd = -1
        self._left = _MOST_BYTES
        self._on = True
        self._streams = {name: _Tee(getattr(sys, name), self) for name in ("stdout", "stderr")}
        for name, tee in self._streams.items():
            setattr(sys, name, tee)

    def keep(self, text: str) -> None:
        """Add printed text; trouble with the file must not reach ``print``."""
        if not self._on or self._left <= 0:
            return
        data = text.encode("utf-8", "backslashreplace")
        self._left -= len(data)
        if self._left <= 0:
            data = data[: self._left] + _NOTICE if self._left else data + _NOTICE
        for _ in range(2):
            try:
                self._open()
                os.write(self._fd, data)
                return
            except OSError:  # the writer may have moved to the spool since
                self._close()

    def _open(self) -> None:
        if self._fd < 0:
            place = self._keeper.open()
            if place is None:
                raise FileNotFoundError(CONSOLE)
            self._fd = os.open(place.writer / CONSOLE, _FLAGS, 0o664)

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            try:
                os.close(fd)
            except OSError:
                return

    def stop(self) -> None:
        """Give the streams back, unless somebody wrapped them since."""
        self._on = False
        for name, tee in self._streams.items():
            if getattr(sys, name) is tee:
                setattr(sys, name, tee.stream)
        self._close()


class _Tee:
    """A stream that keeps a copy of what is written to it."""

    def __init__(self, stream: TextIO, console: Console) -> None:
        self.stream = stream
        self._console = console

    def write(self, text: str) -> int:
        """Write to the stream, and keep a copy."""
        written = self.stream.write(text)
        self._console.keep(text)
        return written

    def writelines(self, lines: Any) -> None:
        """Write several lines."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
