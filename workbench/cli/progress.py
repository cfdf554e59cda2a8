"""How far long work is, on a terminal: one line that is written over."""

from workbench import words
from workbench.cli import output

_EVERY = 100_000


class Progress:
    """Says how far something is, where somebody looks, and only when it changed."""

    def __init__(self) -> None:
        self._said = ""

    def tell(self, done: int, total: int, what: str) -> None:
        """Say how much of a whole is done."""
        self._say(f"{what} {words.percent(done / total)}" if total and done < total else "")

    def step(self, done: int, total: int, what: str) -> None:
        """Say what is being done, and how much of it, where anybody knows."""
        if total:
            self.tell(done, total, what)
        else:
            self._say(f"{what} {words.count(done)}" if done else what)

    def rows(self, done: int) -> None:
        """Say how many rows are done, where there are many."""
        if done >= _EVERY:
            self._say(f"{words.count(done // _EVERY * _EVERY)} rows")

    def end(self) -> None:
        """Take it away."""
        self._say("")

    def _say(self, text: str) -> None:
        if text != self._said:
            output.say_over(text)
            self._said = text
