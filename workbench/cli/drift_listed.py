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

_MOST_TREND = 12
_MOST_WORST = 3
_NAMES = (
    "", "monitor", "verdict", "worst", "score", "alerts", "checked", "note", "data", "model",
    "against",
)  # fmt: skip
_RIGHT = ("alerts", "checked")
_KEPT = 8
"""Columns up to the note stay, however narrow the terminal is."""


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
    rows = [_row(one, now, form) for one in found]
    if form is None:
        _print(rows)
        for one in found:
            if one.wrong:
                output.say(output.visible(f"{one.name}: {one.wrong}"))
    else:
        print_rows(_NAMES, rows, form, right=_RIGHT)


def _print(rows: Sequence[Sequence[str]]) -> None:
    """Print the lines, without columns in which nothing stands or for which there is no room."""
    there = [n for n in range(len(_NAMES)) if any(row[n] for row in rows)]
    kept = sum(n < _KEPT for n in there)
    heads = [output.Heading(_NAMES[n], "right" if _NAMES[n] in _RIGHT else "left") for n in there]
    table = output.Table(heads, [[row[n] for n in there] for row in rows])
    output.lines(output.aligned(output.fitting(table, keep=kept)))


def fields(one: "WatchedLine") -> dict[str, Any]:
    """Return a line as JSON gives it."""
    worst = [
        {"column": name, "verdict": verdict, "effect": effect}
        for name, verdict, effect in one.worst
    ]
    times = {"checked": words.iso(one.checked), "data_time": words.iso(one.data_time)}
    return {**one._asdict(), **times, "worst": worst}


def _row(one: "WatchedLine", now: float, form: str | None) -> list[str]:
    checked = "never" if one.checked is None else words.age(now - one.checked)
    worst = ", ".join(name for name, _, _ in one.worst[:_MOST_WORST])
    return [
        LETTERS.get(one.verdict, ""), one.name, one.verdict, worst,
        words.bars(one.trend[-_MOST_TREND:]), str(one.alerts or ""), checked,
        "; ".join(_notes(one, form)), _data(one, now), _model(one), one.reference,
    ]  # fmt: skip


def _model(one: "WatchedLine") -> str:
    version = "" if one.version is None else f" (v{one.version})"
    return f"{one.model}{f'@{one.stage}' if one.stage else ''}{version}" if one.model else ""


def _data(one: "WatchedLine", now: float) -> str:
    age = "" if one.data_time is None else f", {words.age(now - one.data_time)}"
    return f"{one.data}{age}"


def _notes(one: "WatchedLine", form: str | None) -> Iterator[str]:
    if one.wrong:
        yield one.wrong if form else "see below"
    if one.overdue:
        yield "overdue"
    if one.acknowledged:
        yield f"{words.count(one.acknowledged)} acknowledged"
    if one.muted:
        yield f"muted: {', '.join(one.muted)}"
