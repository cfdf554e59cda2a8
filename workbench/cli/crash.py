"""Where the whole story of an unexpected error is kept."""

import traceback
from pathlib import Path

from workbench.clock import SYSTEM

_MOST_KEPT = 20


def keep(error: BaseException) -> Path | None:
    """Write the traceback to a file of the person's state folder and return it.

    None where nothing can be written: the error itself matters more.
    """
    from workbench.ids import new_id  # noqa: PLC0415 - hopefully never
    from workbench.operations.places import state_folder  # noqa: PLC0415

    folder = state_folder("", Path()).parent / "errors"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(folder.glob("*.txt"))[: -_MOST_KEPT + 1]:
            old.unlink(missing_ok=True)
        path = folder / f"{new_id(SYSTEM.now())}.txt"
        text = "".join(traceback.format_exception(error))
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError:
        return None
    return path
