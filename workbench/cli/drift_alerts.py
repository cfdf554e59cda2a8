"""``drift alerts`` and ``drift acknowledge``: what asks for a person, and who looked at it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, ends_with, form_options, opened, workspace_option
from workbench.cli.rows import print_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.drift.alerts import Alert


_MOST = 200
"""Lines for people: nobody reads more."""
_SHORT = 10
"""Characters of an id for people; so many are enough to name it."""


@command("alerts")
@click.argument("monitor", required=False, default="")
@workspace_option
@click.option("--all", "everything", is_flag=True, help="Also those somebody acknowledged.")
@form_options("json", "csv", "md")
def alerts_command(monitor: str, workspace: Path | None, everything: bool, form: str | None) -> int:
    """List alerts nobody acknowledged yet.

    Of MONITOR, or of all. Exit code 3 where there are any, 0 where there is none.
    """
    from workbench.operations.drift import gist  # noqa: PLC0415
    from workbench.operations.drift.alerts import alerts  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.standing import require_watched  # noqa: PLC0415

    with opened(workspace) as session:
        if monitor:
            require_watched(session, monitor)
        found = alerts(session, monitor, all=everything)
        now = session.clock.now()
    code = ends_with(gist.DRIFTED if any(not one.acknowledged_by for one in found) else 0)
    _print(found, now, form)
    return code


def _print(found: "Sequence[Alert]", now: float, form: str | None) -> None:
    if form == "json":
        output.json_array(
            {**one._asdict(), "time": words.iso(one.time),
             "acknowledged_at": words.iso(one.acknowledged_at)}
            for one in found
        )  # fmt: skip
        return
    if not found:
        output.say("No alert waits for anybody.")
        return
    names = ["id", "monitor", "chunk", "verdict", "age", "severity", "what", "acknowledged"]
    shown = found if form else found[:_MOST]
    print_rows(names, [_row(one, now, form) for one in shown], form, right=("age",))
    if len(shown) < len(found):
        more = words.count(len(found) - len(shown))
        output.say(f"And {more} more: name a MONITOR, or list them all with --csv.")


def _row(one: "Alert", now: float, form: str | None) -> list[str]:
    return [
        one.id if form else one.id[:_SHORT],
        one.monitor,
        _chunk(one),
        one.verdict,
        words.age(now - one.time),
        one.severity,
        one.words or ", ".join(one.columns),
        _acknowledged(one),
    ]


def _chunk(one: "Alert") -> str:
    return " ".join(filter(None, (one.label, one.segment)))


def _acknowledged(one: "Alert") -> str:
    if not one.acknowledged_by:
        return ""
    note = f": {one.note}" if one.note else ""
    return f"{one.acknowledged_by}, {words.moment(one.acknowledged_at)}{note}"


@command("acknowledge")
@click.argument("alert", metavar="ID")
@workspace_option
@click.option("--note", default="", metavar="TEXT", help="What came of looking at it.")
@click.option("--undo", is_flag=True, help="Have it wait for somebody again.")
def acknowledge_command(alert: str, workspace: Path | None, note: str, undo: bool) -> None:
    """Say that somebody looked at an alert.

    ID is as `workbench drift alerts` gives it, or its beginning where no other begins so; one
    that is acknowledged is listed with `--all`. Colleagues see who, when and the note, which must
    be there but with `--undo`.
    """
    from workbench.operations.drift.alerts import acknowledge, named  # noqa: PLC0415
    from workbench.operations.drift.reopening import reopen  # noqa: PLC0415

    if undo == bool(note):
        said = "takes no note" if undo else "needs a note"
        raise click.UsageError(f"{'--undo' if undo else 'It'} {said}.")
    with opened(workspace) as session:
        one = named(session, alert)
        if undo:
            reopen(session, one.id)
        else:
            acknowledge(session, one.id, note)
    done = "It waits for somebody again" if undo else "Acknowledged"
    before = f" It was before, by {_acknowledged(one)}." if one.acknowledged_by and not undo else ""
    output.say(output.visible(f"{done}: {one.monitor}, {one.label}.{before}"))
