"""What screens that change something have in common: read, ask, write, and say what came of it.

Every change goes one road: read what is so, choose what was left open, do it away from the UI
thread, and say what happened, wherever the person is by then. Whoever was refused is asked again.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from workbench.operations.session import Session
from workbench.tui.errand import Errand, ask, carry_out
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import WentWrong
from workbench.tui.toast import error_text, tell, tell_error
from workbench.tui.widgets.choose import Choice, ChooseScreen

T = TypeVar("T")


class AskingScreen(WorkbenchScreen):
    """A screen on which something can be changed."""

    session: Session
    _question: Errand | None = None
    """What is being read for a person; the next one makes it pointless."""

    def reload(self) -> None:
        """Read again what is on the screen; screens know how."""

    def ask(self, work: Callable[[], T], then: Callable[[T], None], doing: str) -> None:
        """Read something and go on with it, unless something else is asked or shown by then."""
        if self._question is not None:
            self._question.end()
        self._question = ask(self, self.session, doing, work, then)

    def record(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        doing: str,
        again: Callable[[Exception, str], None],
    ) -> None:
        """Write something and say what came of it, wherever the person is by then.

        Args:
            work: Writes.
            then: Says that it is done.
            doing: What it is for, in words.
            again: Asks once more whoever was refused, given the error and its words.
        """

        def refused(error: Exception) -> None:
            if self.app.screen is self:
                again(error, error_text(error))
            else:
                tell_error(self.app, doing, error)
            if self.is_attached:
                self.reload()

        carry_out(self, self.session, doing, work, then, refused)

    def look_anew(
        self,
        work: Callable[[], T],
        then: Callable[[T], None],
        failed: Callable[[Exception], None],
        news: str,
    ) -> None:
        """Read again for whoever was refused; who left meanwhile is told why instead."""

        def here(go_on: Callable[[Any], None], found: Any) -> None:
            if self.app.screen is self:
                go_on(found)
            elif news:
                tell(self.app, news)

        carry_out(
            self, self.session, "Look again", work, partial(here, then), partial(here, failed)
        )

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what did not happen."""
        event.stop()
        tell_error(self.app, event.doing, event.error)

    def choose(
        self, title: str, offered: Sequence[Choice], then: Callable[[str], None], *, none: str = ""
    ) -> None:
        """Let a person choose, unless there is but one thing to choose."""
        if not offered:
            tell(self.app, none)
        elif len(offered) == 1:
            then(offered[0].id)
        else:
            self.app.push_screen(
                ChooseScreen(title, offered), lambda id_: then(id_) if id_ is not None else None
            )

    def done(self, words: str) -> None:
        """Say what was recorded, and show it."""
        tell(self.app, words)
        self.look_again()

    def look_again(self) -> None:
        """Show what was written at once, without waiting for the watcher."""
        again = getattr(self.app, "watch_again", None)
        if again is not None:
            again()
        if self.is_attached:
            self.reload()
