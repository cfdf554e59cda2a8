"""The files below a run's folder, as far as anybody will look at them."""

import os
from collections.abc import Callable, Iterator

from workbench.formats.contract import Artifact
from workbench.opening import printable

MOST_ARTIFACTS = 10_000
"""Files listed of one run; more are a data set that got lost, and only counted."""


def files_below(
    folder: str,
    prefix: str = "",
    *,
    depth: int = 16,
    enter: Callable[[str], bool] = lambda _: True,
) -> Iterator[Artifact]:
    """Yield the files below ``folder`` in order of name, links and pipes left out.

    What cannot be listed is left out too: an artifact that is not shown is seen
    to be missing, and the run is read all the same. ``enter`` says which folders count.
    """
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        name = f"{prefix}{printable(entry.name)}"
        if entry.is_dir(follow_symlinks=False):
            if depth > 0 and enter(entry.path):
                yield from files_below(entry.path, f"{name}/", depth=depth - 1, enter=enter)
        elif entry.is_file(follow_symlinks=False):
            yield Artifact(name, entry.stat(follow_symlinks=False).st_size)
