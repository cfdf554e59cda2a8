"""What went wrong, said once and kept for reading."""

from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError
from workbench.tui.cells import cut, visible

if TYPE_CHECKING:
    from textual.app import App

_LONGEST = 300
_JUST_NOW_S = 1.0
"""Older than this it was said before the screen changed, and not by what changed it."""


def tell(app: "App[Any]", words: str) -> None:
    """Say something that cannot be seen otherwise."""
    app.notify(cut(words, _LONGEST), markup=False, timeout=4)


def tell_error(app: "App[Any]", doing: str, error: BaseException) -> str:
    """Say that something did not happen, and return the whole text to be kept."""
    text = error_text(error)
    app.notify(
        cut(text, _LONGEST), title=visible(doing), markup=False, severity="error", timeout=10
    )
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
