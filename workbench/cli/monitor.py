"""``monitor``: the group of what is run by a clock, not by a person."""

import click

from workbench.cli.lazy import OfMonitor
from workbench.cli.options import debug_option


@click.group(
    cls=OfMonitor,
    name="monitor",
    context_settings={"max_content_width": 100},
    epilog="`workbench monitor` alone lists the monitors. What they found: `workbench drift`.",
)
@debug_option
def monitor_command() -> None:
    """Run what workbench.toml watches, once, such as from cron.

    A monitor is an entry `[monitor.NAME]`: what to watch, against what, in which chunks.
    """
