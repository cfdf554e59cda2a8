"""The only road off the UI thread, and the only road back.

Work runs in a thread and returns a message that says what is so now; the message is
posted to whoever asked. What goes wrong comes back the same way.
"""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from textual.message import Message

from workbench.tui.messages import Newest, WentWrong

if TYPE_CHECKING:
    from textual.dom import DOMNode

Work = Callable[[], Message | None]
Wrong = Callable[[Exception], Message]


class _Group:
    """The answers of one group of work, which may come back in any order."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked = 0
        self._told = 0
        self._about: object = None

    def ask(self, about: object) -> int:
        """Note that something is asked; return its number."""
        with self._lock:
            self._asked += 1
            self._about = about
            return self._asked

    def tell(self, number: int, about: object, post: Callable[[], object]) -> None:
        """Post an answer unless a newer one was posted or something else was asked since."""
        with self._lock:
            if number > self._told and about == self._about:
                self._told = number
                post()


_groups: WeakKeyDictionary["DOMNode", dict[str, _Group]] = WeakKeyDictionary()
"""By who asked; kept here since a widget may be of any class."""


def off_thread(
    asker: "DOMNode",
    work: Work,
    *,
    group: str = "",
    about: object = None,
    doing: str = "",
    wrong: Wrong | None = None,
) -> None:
    """Run ``work`` in a thread and post the message it returns to ``asker``.

    A thread that is under way cannot be ended, so an answer that came too late is dropped: a
    newer one of its group was posted before, or it is about something else than was asked last.
    Messages that carry what somebody has to let go of are posted all the same.

    Args:
        asker: A mounted widget, a screen or the app.
        work: Touches no widget.
        group: A new piece of work of a group makes those before it pointless; without one
            every piece is done, as what is written must be, and what came of it is posted to
            the app where who asked is gone by then.
        about: What the question is about, where that is not the same for the whole group.
        doing: What a person asked for, in words, should it go wrong.
        wrong: The message that says so, where another than `WentWrong` is wanted.
    """
    if group:
        _ask(asker, work, group, about, _wrong(doing, wrong))
    else:
        _carry_out(asker, work, _wrong(doing, wrong))


def _wrong(doing: str, wrong: Wrong | None) -> Wrong:
    return wrong if wrong is not None else lambda error: WentWrong(doing, error)


def _ask(asker: "DOMNode", work: Work, group: str, about: object, wrong: Wrong) -> None:
    line = _groups.setdefault(asker, {}).setdefault(group, _Group())
    number = line.ask(about)

    def run() -> None:
        message, failed = _answer(work, wrong)
        if message is None or not asker.is_attached:
            return
        if failed or isinstance(message, Newest):
            line.tell(number, about, lambda: asker.post_message(message))
        else:
            asker.post_message(message)

    asker.run_worker(run, thread=True, group=group, exclusive=True, exit_on_error=False)


def _carry_out(asker: "DOMNode", work: Work, wrong: Wrong) -> None:
    """Do a piece of work whatever becomes of the screen it was asked on."""
    app = asker.app

    def run() -> None:
        message, _ = _answer(work, wrong)
        if message is not None and not (asker.is_attached and asker.post_message(message)):
            app.post_message(message)

    app.run_worker(run, thread=True, group="each", exit_on_error=False)


def _answer(work: Work, wrong: Wrong) -> tuple[Message | None, bool]:
    """Return what the work says, and whether it failed."""
    try:
        return work(), False
    except Exception as error:  # noqa: BLE001 - said on the screen, never lost
        return wrong(error), True
