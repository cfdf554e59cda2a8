"""Why a file the workbench wrote itself cannot be read, in words before those of a library."""

import msgspec

from workbench.words import visible

_LONGEST = 200


def why_unread(error: Exception) -> str:
    """Return why bytes are none of our files: our words, and where a library knows it the place."""
    said = visible(str(error).partition("\n")[0])[:_LONGEST]
    if isinstance(error, msgspec.ValidationError):
        return f"it holds what cannot stand there ({said})"
    if isinstance(error, msgspec.MsgspecError | UnicodeDecodeError):
        return f"it is cut off or damaged ({said})"
    if isinstance(error, ZeroDivisionError | OverflowError):
        return "its numbers do not fit"
    return "it is not built as it should be"
