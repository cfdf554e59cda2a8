"""The folders that datasets and monitors are kept in: each is called what people call the thing."""

import os
from pathlib import Path

from workbench.ids import is_path_name


def named_folders(place: Path) -> tuple[str, ...]:
    """Return the names of the folders in a place that people named, in order; links are none.

    Raises:
        OSError: The place is there and cannot be listed.
    """
    try:
        with os.scandir(place) as found:
            return tuple(
                sorted(
                    one.name
                    for one in found
                    if is_path_name(one.name) and one.is_dir(follow_symlinks=False)
                )
            )
    except (FileNotFoundError, NotADirectoryError):
        return ()
