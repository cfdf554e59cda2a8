"""The profile of any file, with no workspace at all."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile


class Profiled(NamedTuple):
    """A file's profile, and how the file was read."""

    path: str
    format: str
    said: tuple[tuple[str, str], ...]
    """What was found out: separator, encoding, decimal, sheet."""
    profile: Profile


def profile_file(
    paths: Sequence[Path],
    *,
    options: Mapping[str, str] | None = None,
    fields: Fields | None = None,
    correlations: bool = True,
    duplicates: bool = False,
    on_column: Callable[[int, int], None] = lambda _done, _all: None,
) -> Profiled:
    """Return the profile of a file, a folder or several files of one table.

    Raises:
        NotFoundError: There is nothing at a path.
        FormatError: It cannot be read as a table; says where and why.
    """
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.reading import columnar, open_table  # noqa: PLC0415 - polars

    table = open_table(paths[0] if len(paths) == 1 else paths, options=options or {})
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as scratch:
        made = profile(
            columnar(table, Path(scratch)), fields=fields or Fields(), correlations=correlations,
            duplicates=duplicates, on_column=on_column,
        )  # fmt: skip
    return Profiled(", ".join(map(str, paths)), table.format, table.said, made)
