"""A real pseudo-terminal with the real program in it, read as a person reads it.

Textual draws on stderr, so both streams stay on the terminal. A thread reads what
the program writes as it comes, so that the program never waits for a reader.
"""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

import pyte

from tests.waiting import PATIENCE_S, wait_for

KEYS = {
    "enter": "\r", "escape": "\x1b[27u", "bare escape": "\x1b",
    "tab": "\t", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
    "shift+tab": "\x1b[Z", "f1": "\x1bOP", "delete": "\x1b[3~",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}  # fmt: skip
SMALL, LARGE = (80, 24), (160, 50)
_FINGER = 0.25
"""Seconds after Escape: Textual looks ten times a second whether the rest of a key has come."""


class Terminal:
    """The program on a terminal of some size."""

    def __init__(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int] = SMALL,
    ) -> None:
        self.size = size
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._news = threading.Condition()
        self._raw = bytearray()
        self._over = False
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        variables = {
            **environment,
            "TERM": "xterm-256color",
            "ESCDELAY": "5",
            "TEXTUAL_ANIMATIONS": "none",
        }
        self.process = subprocess.Popen(
            argv, env=variables, cwd=cwd, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        self._name = os.ttyname(slave)
        os.close(slave)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._thread.join(PATIENCE_S)
        os.close(self._master)

    # ------------------------------------------------------------ what the program writes

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux says so when the last program has closed the terminal
                data = b""
            with self._news:
                if data:
                    self._raw += data
                    self._stream.feed(data)
                else:
                    self._over = True
                self._news.notify_all()
            if not data:
                return

    @property
    def raw(self) -> bytes:
        """Return every byte the program has written."""
        with self._news:
            return bytes(self._raw)

    @property
    def lines(self) -> list[str]:
        """Return the lines now on the screen, blanks at their ends taken off."""
        with self._news:
            return self._lines()

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """Return the screen as one text."""
        return "\n".join(self.lines)

    @property
    def cursor_row(self) -> int:
        """Return the line that the cursor is on: where somebody types."""
        with self._news:
            return self._screen.cursor.y

    # ------------------------------------------------------------ waiting

    def wait(self, condition: Callable[[list[str]], object], what: str) -> list[str]:
        """Return the lines of the first screen that fits.

        Raises:
            AssertionError: None did in time, or the program ended; shows the last screen.
        """
        late = monotonic() + PATIENCE_S
        with self._news:
            while not condition(lines := self._lines()):
                if self._over or monotonic() > late:
                    how = "the program ended" if self._over else f"not within {PATIENCE_S:.0f} s"
                    raise AssertionError(f"{what}: {how}\n{framed(lines)}")
                self._news.wait(0.2)
        return lines

    def wait_for(self, *texts: str) -> list[str]:
        """Wait until all ``texts`` are on the screen."""
        return self.wait(
            lambda lines: all(text in "\n".join(lines) for text in texts), f"{texts!r} wanted"
        )

    def wait_without(self, *texts: str) -> list[str]:
        """Wait until none of ``texts`` is on the screen."""
        return self.wait(
            lambda lines: not any(text in "\n".join(lines) for text in texts), f"{texts!r} unwanted"
        )

    def wait_row(self, *texts: str) -> str:
        """Wait until one line holds all ``texts``, and return it."""

        def fits(line: str) -> bool:
            return all(text in line for text in texts)

        lines = self.wait(lambda lines: any(map(fits, lines)), f"a line with {texts!r} wanted")
        return next(line for line in lines if fits(line))

    def wait_end(self) -> int:
        """Wait until the program has ended and return its exit code."""
        return self.process.wait(PATIENCE_S)

    def pause(self) -> None:
        """Let a finger rest."""
        threading.Event().wait(_FINGER)

    def wait_over(self) -> None:
        """Wait until everything an ended program wrote has been read."""
        self._thread.join(PATIENCE_S)

    # ------------------------------------------------------------ what a person does

    def press_to_next_line(self) -> Self:
        """Press Enter in a line to type in, and wait until the cursor stands in another one."""
        row = self.cursor_row
        self.press("enter")
        self.wait(lambda _lines: self.cursor_row != row, "the next line wanted")
        return self

    def press(self, *keys: str) -> Self:
        """Press keys by name; one that is not named is its own character.

        Escape is sent as terminals do that were asked to tell it from the beginning of another
        key, which the workbench asks of them. Older ones send the bare byte, and a program
        waits a moment for what follows it; so nothing is pressed after it until it has been
        taken in alone, as with fingers, and what it closes has had a moment to close.
        """
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())
            if "escape" in key:
                wait_for(self._is_taken_in)
                self.pause()
        return self

    def _is_taken_in(self) -> bool:
        """Say whether the program has read all that was typed."""
        slave = os.open(self._name, os.O_RDWR | os.O_NOCTTY)
        try:
            unread = fcntl.ioctl(slave, termios.FIONREAD, b"\0\0\0\0")
        finally:
            os.close(slave)
        return unread == b"\0\0\0\0" or self._over

    def type(self, text: str) -> Self:
        """Type a text."""
        os.write(self._master, text.encode())
        return self

    def resize(self, width: int, height: int) -> Self:
        """Give the terminal another size and tell the program."""
        import signal

        with self._news:
            self._screen.resize(height, width)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.process.send_signal(signal.SIGWINCH)
        return self


def framed(lines: Sequence[str]) -> str:
    """Return lines with a frame around them, to be shown when a journey fails."""
    width = max(map(len, lines), default=0)
    rule = "+" + "-" * width + "+"
    return "\n".join((rule, *(f"|{line.ljust(width)}|" for line in lines), rule))
