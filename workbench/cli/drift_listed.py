"""``drift ls``: a line for each thing that is watched, what needs attention first."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows
from workbench.datasets.drift.report import LETTERS

if TYPE_CHECKING:
    from workbench.operations.drift.listing import WatchedLine

_BARS = "▁▂▃▄▅▆▇█"
_MOST_TREND = 12
_MOST_WORST = 3
_NAMES = (
    "", "monitor", "model", "verdict", "worst", "score", "data", "against", "checked", "alerts",
    "note",
)  # fmt: skip


@command("ls")
@workspace_option
@form_options("json", "csv", "md")
def ls_command(workspace: Path | None, form: str | None) -> None:
    """List what is watched, what needs attention first.

    The last verdict, the columns that moved most, the score over the chunks, the age of the data
    and of the check, and alerts nobody acknowledged.
    """
    from workbench.operations.drift.listing import watched  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        found = watched(session)
        now = session.clock.now()
    if form == "json":
        output.json_array(fields(one) for one in found)
        return
    if not found:
        output.say("Nothing is watched. Write [monitor.NAME] into workbench.toml.")
        return
    rows = [_row(one, now) for one in found]
    print_rows(_NAMES, rows, form, right=("checked", "alerts"))


def fields(one: "WatchedLine") -> dict[str, Any]:
    """Return a line as JSON gives it."""
    worst = [
        {"column": name, "verdict": verdict, "effect": effect}
        for name, verdict, effect in one.worst
    ]
    times = {"checked": words.iso(one.checked), "data_time": words.iso(one.data_time)}
    return {**one._asdict(), **times, "worst": worst}


def _row(one: "WatchedLine", now: float) -> list[str]:
    checked = "never" if one.checked is None else words.age(now - one.checked)
    worst = ", ".join(name for name, _, _ in one.worst[:_MOST_WORST])
    return [
        LETTERS.get(one.verdict, ""), one.name, _model(one), one.verdict, worst,
        trend(one.trend), _data(one, now), one.reference, checked, str(one.alerts or ""),
        "; ".join(_notes(one)),
    ]  # fmt: skip


def _model(one: "WatchedLine") -> str:
    version = "" if one.version is None else f" (v{one.version})"
    return f"{one.model}{f'@{one.stage}' if one.stage else ''}{version}" if one.model else ""


def _data(one: "WatchedLine", now: float) -> str:
    age = "" if one.data_time is None else f", {words.age(now - one.data_time)}"
    return f"{one.data}{age}"


def _notes(one: "WatchedLine") -> Iterator[str]:
    if one.fault:
        yield one.fault
    if one.overdue:
        yield "overdue"
    if one.acknowledged:
        yield f"{words.count(one.acknowledged)} acknowledged"
    if one.muted:
        yield f"muted: {', '.join(one.muted)}"


def trend(scores: Sequence[float]) -> str:
    """Return the newest scores in a cell each, from 0 to 1, the newest last."""
    top = len(_BARS) - 1
    return "".join(_BARS[round(min(max(one, 0.0), 1.0) * top)] for one in scores[-_MOST_TREND:])
