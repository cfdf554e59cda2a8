"""A page as a file in the current folder."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from workbench.durable import replace
from workbench.errors import NotAllowedError
from workbench.ids import slug
from workbench.operations.session import Session
from workbench.words import visible


def write_page(session: Session, name: str, lines: Sequence[str], kind: str = "txt") -> Path:
    """Write lines as text, control characters made visible, and return where they are.

    Args:
        session: Only the time is asked of it.
        name: What the page is about; becomes part of the file's name.
        lines: The page.
        kind: What the file's name ends with.

    Raises:
        NotAllowedError: The current folder cannot be written.
    """
    stamp = datetime.fromtimestamp(session.clock.now()).astimezone().strftime("%Y%m%d-%H%M%S")
    path = Path.cwd() / f"{slug(name)}-{stamp}.{kind}"
    text = "\n".join(visible(line).rstrip() for line in lines) + "\n"
    try:
        replace(path, text.encode("utf-8", "replace"))
    except OSError as error:
        raise NotAllowedError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Start the workbench in a folder you may write to.",
        ) from None
    return path
