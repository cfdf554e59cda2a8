"""The only road off the UI thread, and the only road back.

Work runs in a thread and returns a message that says what is so now; the message is
posted to whoever asked. What goes wrong comes back the same way.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from workbench.tui.messages import WentWrong

if TYPE_CHECKING:
    from textual.dom import DOMNode

Work = Callable[[], Message | None]
Wrong = Callable[[Exception], Message]


def off_thread(
    asker: "DOMNode", work: Work, *, group: str = "", doing: str = "", wrong: Wrong | None = None
) -> None:
    """Run ``work`` in a thread and post the message it returns to ``asker``.

    Args:
        asker: A mounted widget, a screen or the app.
        work: Touches no widget.
        group: A new piece of work of a group makes those before it pointless; without one
            every piece is done, as what is written must be.
        doing: What a person asked for, in words, should it go wrong.
        wrong: The message that says so, where another than `WentWrong` is wanted.
    """

    def run() -> None:
        try:
            message = work()
        except Exception as error:  # noqa: BLE001 - said on the screen, never lost
            message = wrong(error) if wrong is not None else WentWrong(doing, error)
        if message is not None and asker.is_attached:
            asker.post_message(message)

    asker.run_worker(
        run, thread=True, group=group or "each", exclusive=bool(group), exit_on_error=False
    )
