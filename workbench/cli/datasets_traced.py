"""``datasets lineage``: where data came from and what is touched if it must go."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows

if TYPE_CHECKING:
    from workbench.operations.datasets.traced import Traced

_MOST: Final = 20
"""Lines of one kind on a screen; a file has all of them."""


@command("lineage")
@click.argument("name", metavar="DATASET[@VERSION]")
@workspace_option
@form_options("json", "csv", "md")
def lineage_command(name: str, workspace: Path | None, form: str | None) -> None:
    """Show what came of a dataset, and is touched if it must go.

    Files and copies of the data, runs that used it, versions of models made from it and where
    they are deployed. `census@4` is one version, `census` all of them. Told by the bytes a run
    recorded; what only names the dataset is listed as such.
    """
    from workbench.operations.datasets import lineage, names, traced  # noqa: PLC0415

    with opened(workspace) as session:
        ref = names.parse(name)
        if form == "json":
            found = lineage.touched(session, ref.name, ref.version)
            output.line(output.as_json(found.as_json(), indent=1))
            return
        lines = traced.traced(session, ref.name, ref.version)
    rows = [(one.kind, one.name, one.detail) for one in lines]
    print_rows(("what", "name", "detail"), rows if form else list(_first(lines)), form)


def _first(lines: "Sequence[Traced]") -> Iterator[tuple[str, str, str]]:
    """Yield the first lines of every kind, and how many more there are of it."""
    whole, told = Counter(one.kind for one in lines), Counter[str]()
    for one in lines:
        told[one.kind] += 1
        if told[one.kind] <= _MOST:
            yield one.kind, one.name, one.detail
        elif told[one.kind] == whole[one.kind]:
            yield one.kind, f"{whole[one.kind] - _MOST:,} more (--json)", ""
