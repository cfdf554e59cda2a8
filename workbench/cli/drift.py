"""``drift``: the group of everything that is asked and said about drift from the command line."""

import click

from workbench.cli.lazy import OfDrift
from workbench.cli.options import debug_option


@click.group(
    cls=OfDrift,
    name="drift",
    context_settings={"max_content_width": 100},
    epilog="`workbench drift` alone lists what is watched. `check` needs no workspace.",
)
@debug_option
def drift_command() -> None:
    """Say whether data have moved away from a reference.

    `check` holds any file or version against another, now, and keeps nothing. What
    `workbench.toml` watches, `[monitor.NAME]`, is run by `workbench monitor run` and shown here.
    """
