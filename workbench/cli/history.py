"""``history``: who did what, when and why; what was in production on a day."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.registry_options import say_unreadable
from workbench.cli.rows import print_rows
from workbench.errors import FormatError, UsageError

if TYPE_CHECKING:
    from workbench.operations.registry.history import HeldLine, HistoryLine
    from workbench.operations.session import Session

_AT_FIRST = 40
"""Lines a terminal is given unless more are asked for."""


@command("history")
@click.argument("model", required=False)
@workspace_option
@click.option("--at", metavar="WHEN", help="What each stage held then: 2026-08-14, its end; -2d.")
@click.option("--since", metavar="WHEN", help="Only what happened since.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N lines; 0 for all.")
@click.option("--anchor", is_flag=True, help="Print the newest hash of each journal, and only it.")
@form_options("json", "csv", "md")
def history_command(
    model: str | None,
    workspace: Path | None,
    at: str | None,
    since: str | None,
    limit: int | None,
    anchor: bool,
    form: str | None,
) -> None:
    """Say who did what when and why, newest first.

    MODEL is a model, or a stage of it such as churn@production; without it all models are
    told. --at says what was in each stage on a day. --anchor prints what to keep outside
    the workspace, in a commit message or a mail: with it, a history that was rewritten as
    a whole shows too.
    """
    if sum((at is not None, since is not None, anchor)) > 1:
        raise UsageError("--at, --since and --anchor cannot be given together.")
    with opened(workspace) as session:
        name, stage = _meant(session, model)
        if anchor:
            output.lines(_anchors(session, name, stage))
            return
        if at is not None:
            _print_held(*_held(session, name, stage, at), model or "", form)
            return
        say_unreadable(session, name)
        told = _told(session, name, stage, since, limit, form)
    _print(told, form, narrowed=model is not None or since is not None)


def _meant(session: "Session", text: str | None) -> tuple[str | None, str]:
    """Return the model and stage that are named, both known to exist.

    Raises:
        NotFoundError: There is no such model.
        UsageError: A version is named, or there is no such stage.
    """
    from workbench.operations.registry import names  # noqa: PLC0415 - after parsing
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415
    from workbench.operations.registry.stages import stage_to_change  # noqa: PLC0415

    if text is None:
        return None, ""
    ref = names.parse(text)
    if ref.version is not None:
        raise UsageError(
            f"{text} is a version.", hint=f"Ask for the model with: workbench history {ref.model}"
        )
    known = state(session, ref.model)
    if ref.stage is not None:
        stage_to_change(session, known, ref.stage)
    return ref.model, ref.stage or ""


def _anchors(session: "Session", model: str | None, stage: str) -> Iterator[str]:
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415
    from workbench.registry.journal import models  # noqa: PLC0415
    from workbench.registry.verification import anchor  # noqa: PLC0415

    if stage:
        raise UsageError("An anchor is of a whole model.", hint=f"Write {model} alone.")
    names = models(session.root) if model is None else (model,)
    yield from anchor([state(session, name) for name in names])


def _held(
    session: "Session", model: str | None, stage: str, at: str
) -> "tuple[float | None, Sequence[HeldLine], Sequence[tuple[str, str]]]":
    """Return the moment, what was held then, and of which models that cannot be told."""
    from workbench.operations.moments import moment_at  # noqa: PLC0415
    from workbench.operations.registry.history import held, untold  # noqa: PLC0415

    moment = moment_at(at, session.clock.now())
    lines = [one for one in held(session, moment, model) if stage in ("", one.stage)]
    return moment, lines, untold(session, moment, model)


def _print_held(
    moment: float | None,
    lines: "Sequence[HeldLine]",
    unsure: "Sequence[tuple[str, str]]",
    asked: str,
    form: str | None,
) -> None:
    """Print what was held.

    Raises:
        FormatError: Of some models it cannot be told; the others are printed.
    """
    if form == "json":
        output.json_array({**one._asdict(), "since": words.iso(one.since)} for one in lines)
    else:
        output.say("As of now:" if moment is None else f"As of {words.second(moment)}:")
        _print_lines(lines, form)
    if unsure:
        told = " ".join(f"{name}: {why}" for name, why in unsure)
        raise FormatError(told, hint="Look closer with: workbench doctor --registry")
    if not lines and form != "json":
        whose = f"{asked} held nothing" if "@" in asked else "No stage held anything"
        output.say(output.visible(f"{whose} until then."))


def _print_lines(lines: "Sequence[HeldLine]", form: str | None) -> None:
    if not lines:
        return
    names = ("model", "stage", "version", "since", "by", "reason")
    rows = [
        (one.model, one.stage, "empty" if one.version is None else str(one.version),
         words.second(one.since), one.actor, one.reason)
        for one in lines
    ]  # fmt: skip
    print_rows(names, rows, form)


def _told(
    session: "Session",
    model: str | None,
    stage: str,
    since: str | None,
    limit: int | None,
    form: str | None,
) -> "list[HistoryLine]":
    from workbench.operations.moments import moment_since  # noqa: PLC0415
    from workbench.operations.registry.history import history  # noqa: PLC0415

    start = None if since is None else moment_since(since, session.clock.now())
    most = limit if limit is not None else (_AT_FIRST if form is None and output.terminal() else 0)
    found = history(session, model, since=start)
    told = [one for one in found if stage in ("", one.stage)]
    if most and len(told) > most:
        output.say(f"The newest {most} of {len(told):,} are shown; --limit 0 shows all.")
    return told[: most or None]


def _print(told: "list[HistoryLine]", form: str | None, *, narrowed: bool) -> None:
    if form == "json":
        output.json_array(_fields(one) for one in told)
        return
    if not told:
        nothing = "Nothing happened yet. Register a model with: workbench register RUN MODEL"
        output.say("Nothing of the kind happened." if narrowed else nothing)
        return
    names = ("when", "model", "what", "by", "why", "overridden", "approved by")
    rows = [
        (words.second(one.time), one.model, one.what, one.actor, one.why,
         "; ".join(f"{name}: {why}" for name, why in one.overrides.items()),
         ", ".join(one.approvals))
        for one in told
    ]  # fmt: skip
    print_rows(names, rows, form)


def _fields(one: "HistoryLine") -> dict[str, Any]:
    return {
        **one._asdict(),
        "time": words.iso(one.time),
        "said": words.iso(one.said),
        "checks": [check._asdict() for check in one.checks],
    }
