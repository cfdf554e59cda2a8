"""``monitor ls``: what workbench.toml watches, and what is wrong with what it says."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows

if TYPE_CHECKING:
    from workbench.datasets.drift.monitor import Monitor

_NAMES = (
    "monitor", "data", "model", "reference", "chunks", "segments", "every", "alert", "severity",
    "muted", "line",
)  # fmt: skip


@command("ls")
@workspace_option
@form_options("json", "csv", "md")
def ls_command(workspace: Path | None, form: str | None) -> int:
    """List the monitors of workbench.toml, as they are written.

    Exit code 2 when an entry cannot be meant as it stands, or could not be run now: a stage that
    no version holds, a dataset, file or reference that is not there. Each fault is said; of an
    entry with its line. What they found is listed by `workbench drift`.
    """
    from workbench.datasets.monitors import read  # noqa: PLC0415 - after parsing
    from workbench.operations.drift.obstacles import obstacle  # noqa: PLC0415

    with opened(workspace, sweep=False) as session:
        found = read(session.root)
        in_order = [one for one in found.monitors.values() if not found.faults_of(one.name)]
        told = [(one.name, why) for one in in_order if (why := obstacle(session, one))]
    monitors = list(found.monitors.values())
    if form == "json":
        output.json_array(_fields(one) for one in monitors)
    elif monitors:
        print_rows(_NAMES, [_row(one) for one in monitors], form, right=("line",))
    elif not found.faults:
        output.say("Nothing is watched. Write [monitor.NAME] into workbench.toml.")
    for fault in found.faults:
        line = f"line {fault.line}: " if fault.line else ""
        output.say(output.visible(f"workbench.toml, {line}{fault.message}"))
    for name, why in told:
        output.say(output.visible(f"{name}: {why}"))
    return 2 if found.faults or told else 0


def _row(one: "Monitor") -> list[str]:
    return [
        one.name, one.data, one.model, one.reference, one.chunks, ", ".join(one.segments),
        "" if one.every_s is None else words.duration(one.every_s),
        f"{one.alert[0]} of {one.alert[1]}", one.severity,
        ", ".join(f"{mute.column} until {mute.until}" for mute in one.mutes),
        str(one.line or ""),
    ]  # fmt: skip


def _fields(one: "Monitor") -> dict[str, object]:
    from dataclasses import fields  # noqa: PLC0415 - after parsing

    from msgspec import to_builtins  # noqa: PLC0415

    said = {field.name: getattr(one, field.name) for field in fields(one)}
    plain = {"roles": dict(one.roles), "options": dict(one.options)}
    mutes = [mute._asdict() for mute in one.mutes]
    return {**said, **plain, "thresholds": to_builtins(one.thresholds), "mutes": mutes}
