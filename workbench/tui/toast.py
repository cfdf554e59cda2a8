"""What went wrong, said once and kept for reading."""

from typing import TYPE_CHECKING, Any

from textual.notifications import SeverityLevel

from workbench.errors import WorkbenchError
from workbench.tui.cells import cut, visible

if TYPE_CHECKING:
    from textual.app import App

_LONGEST = 300
_JUST_NOW_S = 1.0
"""Older than this it was said before the screen changed, and not by what changed it."""


def tell(app: "App[Any]", words: str) -> None:
    """Say something that cannot be seen otherwise."""
    anew(app, cut(words, _LONGEST), timeout=4)


def anew(
    app: "App[Any]",
    words: str,
    *,
    title: str = "",
    severity: SeverityLevel = "information",
    timeout: float,
) -> None:
    """Say something in place of the same where that is still on the screen."""
    for one in list(app._notifications):  # noqa: SLF001 - Textual takes away all or none
        if (one.message, one.title) == (words, title):
            app._unnotify(one, refresh=False)  # noqa: SLF001
    app.notify(words, title=title, markup=False, severity=severity, timeout=timeout)


def tell_error(app: "App[Any]", doing: str, error: BaseException) -> str:
    """Say that something did not happen, and return the whole text to be kept."""
    text = error_text(error)
    anew(app, cut(text, _LONGEST), title=visible(doing), severity="error", timeout=10)
    return text


def forget_told(app: "App[Any]") -> None:
    """Take away what was said on another screen; what was said just now stays to be read."""
    for one in list(app._notifications):  # noqa: SLF001 - Textual takes away all or none
        if one.timeout - one.time_left > _JUST_NOW_S:
            app._unnotify(one, refresh=False)  # noqa: SLF001
    app._refresh_notifications()  # noqa: SLF001


def error_text(error: BaseException) -> str:
    """Return an error as a sentence; one without a name of ours says its kind."""
    if isinstance(error, WorkbenchError):
        return visible(str(error))
    words = visible(str(error)) or "no further words"
    return f"{type(error).__name__}: {words}"
