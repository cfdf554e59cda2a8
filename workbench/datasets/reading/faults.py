"""Why a file cannot be read, in one sentence whatever failed underneath."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from workbench import words
from workbench.errors import FormatError, NotFoundError

_LONGEST: Final = 200


@contextmanager
def told(path: Path, where: str = "") -> Iterator[None]:
    """Turn whatever a library raises about a file into one sentence.

    Args:
        path: The file.
        where: The part that is being read, such as ``row group 3``.
    """
    import polars as pl

    try:
        yield
    except FileNotFoundError:
        raise vanished(path) from None
    except PermissionError:
        raise FormatError(
            f"{shown(path)} may not be read.", hint="Ask for the right to read it."
        ) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        if not path.exists():
            raise vanished(path) from None
        place = f"{shown(path)}, {where}," if where else shown(path)
        raise FormatError(f"{place} cannot be read: {reason(error)}.") from None


def shown(path: Path) -> str:
    """Return a file's name as it may be printed."""
    return words.visible(path.name or str(path))


def reason(error: BaseException) -> str:
    """Return what a library says, in one line without what helps only its programmers."""
    said = (str(error) or type(error).__name__).strip().splitlines()[0]
    said = re.sub(r"^[A-Za-z]*(Error|Exception): |\(Error \{.*", "", said).strip().rstrip(".:")
    return words.visible(said)[:_LONGEST] or type(error).__name__


def vanished(path: Path) -> FormatError:
    """Return the fault of a file that went away while it was read."""
    return FormatError(f"{shown(path)} was removed while it was read.", hint="Read it again.")


def missing(path: Path) -> NotFoundError:
    """Return the fault of a file that is not there."""
    return NotFoundError(f"There is no file or folder at {path}.", hint="Check the path.")
