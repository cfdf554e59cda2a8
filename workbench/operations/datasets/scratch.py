"""A folder for rows that do not fit into memory, gone when the work is done.

On the local disk of the cache, as folders for temporary files are in memory on many machines.
What a killed program leaves there is swept with what readers of rows leave.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from uuid import uuid4

from workbench.errors import NotAllowedError
from workbench.operations.places import cache_folder
from workbench.operations.session import Session

FOLDER = "rows"


@contextmanager
def scratch_of(session: Session | None) -> Iterator[Path]:
    """Make an empty folder and take it away again.

    Raises:
        NotAllowedError: None can be made.
    """
    cache = session.cache if session is not None else cache_folder("files", Path())
    folder = cache / FOLDER / uuid4().hex
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise NotAllowedError(
            f"No temporary folder can be made in {cache}: {error.strerror or error}.",
            hint="Name another cache folder in $WORKBENCH_CACHE.",
        ) from None
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
