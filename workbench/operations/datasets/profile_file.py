"""The profile of any file, with no workspace at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile
from workbench.operations.datasets.scratch import scratch_of

if TYPE_CHECKING:
    from workbench.operations.datasets.suggest import Suggested


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
        NotAllowedError: There is no place for what does not fit into memory.
    """
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.reading import columnar, open_table  # noqa: PLC0415 - polars

    table = open_table(paths[0] if len(paths) == 1 else paths, options=options or {})
    with scratch_of(None) as scratch:
        made = profile(
            columnar(table, scratch), fields=fields or Fields(), correlations=correlations,
            duplicates=duplicates, on_column=on_column,
        )  # fmt: skip
    return Profiled(", ".join(map(str, paths)), table.format, table.said, made)


def suggest_from(path: Path, options: Mapping[str, str]) -> "Suggested":
    """Return rules proposed from any file, those that its rows do not keep left out.

    Raises:
        NotFoundError: There is nothing at the path.
        FormatError: It cannot be read as a table.
        NotAllowedError: There is no place for what does not fit into memory.
    """
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.reading import columnar, open_table  # noqa: PLC0415 - polars
    from workbench.operations.datasets.suggest import suggest_for_file  # noqa: PLC0415

    table = open_table(path, options=options)
    with scratch_of(None) as scratch:
        whole = columnar(table, scratch)
        return suggest_for_file(str(path), profile(whole, correlations=False), whole)
