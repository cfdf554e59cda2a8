"""``monitor run``: check everything that is due, once, such as from cron."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli import output
from workbench.cli.drift_options import FILE, STDOUT, require_places
from workbench.cli.options import command, ends_with, form_options, opened, workspace_option
from workbench.cli.progress import Progress
from workbench.cli.written import write_text
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.operations.drift.commanding import Command
    from workbench.operations.drift.monitoring import Ran
    from workbench.operations.session import Session

_BROKEN: Final = 2


@command("run")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@workspace_option
@click.option("--prom", metavar="FILE", type=FILE,
              help="Write Prometheus text for node_exporter's textfile collector.")  # fmt: skip
@form_options("json")
def run_command(
    names: tuple[str, ...], workspace: Path | None, prom: Path | None, form: str | None
) -> int:
    """Check what is watched and keep what was found.

    All monitors of workbench.toml, or those named. What was checked already, as it is now, is not
    checked again: run it as often as you like. Alerts that are new go to the command of your own
    config.toml, if it names one.

    Exit code 3 when the newest of any has drifted, 2 when one cannot be run, 5 when nothing could
    be judged, else 0.
    """
    from workbench.operations.drift.monitoring import run  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.standing import exit_code, standing  # noqa: PLC0415

    require_places(form, {"prom": prom})
    with opened(workspace) as session:
        hears, broken = _command(session)
        _heard(session, hears, after=False)
        progress = Progress()
        try:
            ran = run(session, names, on_progress=progress.step, stopped=lambda: False)
        finally:
            progress.end()
        session.sweep()
        found = standing(session, ran)
        if prom is not None:
            _write_prom(session, ran, prom)
        _heard(session, hears, after=True)
        code = ends_with(exit_code(ran, found) or (_BROKEN if broken else 0))
        if prom != STDOUT:
            _print(ran, found, form)
    return code


def _command(session: "Session") -> tuple["Command | None", bool]:
    """Return the command that hears of alerts, and whether what is said of it is wrong.

    Checks are done without it: they are worth more than their message.
    """
    from workbench.operations.drift.commanding import own_command  # noqa: PLC0415 - after parsing

    try:
        return own_command(session.root), False
    except WorkbenchError as error:
        output.say(output.visible(str(error)))
        return None, True


def _heard(session: "Session", hears: "Command | None", *, after: bool) -> None:
    """Hand new alerts to the command; where that fails it is said, and nothing else changes."""
    if hears is None:
        return
    from workbench.operations.drift.alerts import alerts  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.commanding import begin, tell  # noqa: PLC0415

    failed: list[str] = []
    try:
        found = alerts(session, all=True)
        if after:
            failed = tell(session, hears, found)
        else:
            begin(session, found)
    except WorkbenchError as error:
        failed = [str(error)]
    for sentence in failed:
        output.say(output.visible(sentence))


def _print(ran: "Sequence[Ran]", found: Mapping[str, str], form: str | None) -> None:
    if form == "json":
        output.json_array(_fields(one, found) for one in ran)
        return
    if not ran:
        output.say("Nothing is watched. Write [monitor.NAME] into workbench.toml.")
    from workbench.operations.drift.standing import sentence  # noqa: PLC0415 - after parsing

    for one in ran:
        if one.fault:
            output.say(output.visible(f"{one.monitor}: {one.fault}"))
        else:
            output.line(output.visible(sentence(one, found)))
        if one.note:
            output.say(output.visible(f"{one.monitor}: {one.note}"))


def _fields(one: "Ran", found: Mapping[str, str]) -> dict[str, Any]:
    from workbench.operations.drift.forms import plain  # noqa: PLC0415 - after parsing

    return {
        "monitor": one.monitor, "verdict": found.get(one.monitor, ""), "new": one.new,
        "overdue": one.overdue, "fault": one.fault, "note": one.note, "report": plain(one.report),
    }  # fmt: skip


def _write_prom(session: "Session", ran: "Sequence[Ran]", path: Path) -> None:
    from workbench.operations.drift.standing import prometheus  # noqa: PLC0415 - after parsing

    write_text(path, prometheus(session, ran))
    if path != STDOUT and path.suffix != ".prom":
        output.say(f"node_exporter reads only files that end in .prom; {path} does not.")
