"""``formats``: the group of what can be opened, and of what a person must say once."""

import click

from workbench.cli.lazy import OfFormats
from workbench.cli.options import debug_option


@click.group(
    cls=OfFormats,
    name="formats",
    context_settings={"max_content_width": 100},
    epilog="`workbench formats` alone lists the formats.",
)
@debug_option
def formats_command() -> None:
    """List the formats that can be opened; say what plain tables are.

    A folder with a table is a run if the table says its step. Of other tables a person says once,
    for all of the same shape, which column is the step.
    """
