"""``datasets``: the group of everything that is done with datasets from the command line."""

import click

from workbench.cli.lazy import OfDatasets
from workbench.cli.options import debug_option


@click.group(
    cls=OfDatasets,
    name="datasets",
    context_settings={"max_content_width": 100},
    epilog="`workbench datasets` alone lists them. A version is written census@4.",
)
@debug_option
def datasets_command() -> None:
    """Register, look at, check and compare datasets.

    Data stays where it is; the workspace keeps what it is (hashes, columns, a profile), who
    registered it and when.
    """
