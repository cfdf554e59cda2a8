"""``monitor run``: check everything that is due, once, such as from cron."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    from workbench.operations.drift.standing import BROKEN, exit_code, standing  # noqa: PLC0415

    require_places(form, {"prom": prom})
    with opened(workspace) as session:
        hears, broken = _command(session)
        _heard(session, hears, after=False)
        told = _Told(session, silent=form == "json" or prom == STDOUT)
        ran = _run(session, names, told)
        session.sweep()
        found = standing(session, ran)
        _heard(session, hears, after=True)
        unwritten = _write_prom(session, ran, prom)
        spoilt = BROKEN if broken else unwritten.exit_code if unwritten else 0
        code = ends_with(exit_code(ran, found) or spoilt)
        told.end()
        if form == "json":
            output.json_array(_fields(session, one, found) for one in ran)
        elif not ran and prom != STDOUT:
            output.say("Nothing is watched. Write [monitor.NAME] into workbench.toml.")
        if unwritten:
            output.say(output.visible(str(unwritten)))
    return code


def _run(session: "Session", names: tuple[str, ...], told: "_Told") -> "tuple[Ran, ...]":
    """Run monitors, saying how far each is and what came of it."""
    from workbench.operations.drift.monitoring import run  # noqa: PLC0415 - after parsing

    progress = Progress()

    def on_ran(came: "Sequence[Ran]") -> None:
        progress.end()
        told.of(came)

    try:
        return run(session, names, on_progress=progress.step, stopped=lambda: False, on_ran=on_ran)
    finally:
        progress.end()


class _Told:
    """Prints what came of each monitor when its turn is over: the next may take an hour."""

    def __init__(self, session: "Session", *, silent: bool) -> None:
        self._session = session
        self._silent = silent
        self._found: Mapping[str, str] | None = None
        self._gone: BrokenPipeError | None = None

    def of(self, came: "Sequence[Ran]") -> None:
        """Print it; where nobody reads it any more the next is checked all the same."""
        if self._silent or self._gone:
            return
        try:
            _print(came, self._standing(came))
            output.flush()
        except BrokenPipeError as error:
            self._gone = error

    def _standing(self, came: "Sequence[Ran]") -> Mapping[str, str]:
        """Return how all stands, asked anew where something is new."""
        from workbench.operations.drift.standing import verdicts  # noqa: PLC0415 - after parsing

        new = any(one.new for one in came)
        if new:
            self._session.sweep()
        if new or self._found is None:
            self._found = verdicts(self._session)
        return self._found

    def end(self) -> None:
        """End as whatever nobody reads does.

        Raises:
            BrokenPipeError: Nobody did.
        """
        if self._gone:
            raise self._gone


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


def _print(ran: "Sequence[Ran]", found: Mapping[str, str]) -> None:
    from workbench.operations.drift.standing import sentence  # noqa: PLC0415 - after parsing

    for one in ran:
        if one.fault:
            output.say(output.visible(f"{one.monitor}: {one.fault}"))
        else:
            output.line(output.visible(sentence(one, found)))
        if one.note:
            output.say(output.visible(f"{one.monitor}: {one.note}"))


def _fields(session: "Session", one: "Ran", found: Mapping[str, str]) -> dict[str, Any]:
    from workbench.operations.drift.forms import plain  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.masking import shown  # noqa: PLC0415

    report = shown(session, one.report) if one.report else None
    return {
        "monitor": one.monitor, "verdict": found.get(one.monitor, ""), "new": one.new,
        "overdue": one.overdue, "fault": one.fault, "note": one.note, "report": plain(report),
    }  # fmt: skip


def _write_prom(
    session: "Session", ran: "Sequence[Ran]", path: Path | None
) -> WorkbenchError | None:
    """Write what was asked for; return why it cannot be: what was found is told first."""
    from workbench.operations.drift.standing import prometheus  # noqa: PLC0415 - after parsing

    if path is None:
        return None
    try:
        write_text(path, prometheus(session, ran))
    except WorkbenchError as error:
        return error
    if path != STDOUT and path.suffix != ".prom":
        output.say(f"node_exporter reads only files that end in .prom; {path} does not.")
    return None
