"""What went wrong, said once and kept for reading."""

from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError
from workbench.tui.cells import cut, visible

if TYPE_CHECKING:
    from textual.app import App

_LONGEST = 300


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


def error_text(error: BaseException) -> str:
    """Return an error as a sentence; one without a name of ours says its kind."""
    if isinstance(error, WorkbenchError):
        return visible(str(error))
    words = visible(str(error)) or "no further words"
    return f"{type(error).__name__}: {words}"
