"""``reproduce``: what is needed to run a run again, and doing it when a person says so."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.reproduce import Plan
    from workbench.operations.rerun import Outcome
    from workbench.operations.session import Session

NOT_REPRODUCED = 3
_MOST_PACKAGES = 12


@command("reproduce")
@click.argument("run", metavar="RUN")
@workspace_option
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR",
    help="Also write the patch, the requirements and the steps into this folder.",
)  # fmt: skip
@click.option("--run", "execute", is_flag=True, help="Run it again, once you typed the run's id.")
@click.option("--here", is_flag=True, help="Run in the current folder instead of its commit.")
@click.option("--python", default="", metavar="PATH", help="The interpreter; default this one.")
@click.option("--trust-author", is_flag=True, help="Run what another person's run names.")
@form_options("json")
def reproduce_command(
    run: str, workspace: Path | None, out: Path | None, form: str | None, *, execute: bool,
    **asked: Any,
) -> int:  # fmt: skip
    """Print what is needed to run a run again, or do it.

    Commit, uncommitted changes, packages, data and command, as far as they were recorded, and
    what was not. --run checks the commit out beside your repository, applies the changes, and
    starts the command once it was shown and confirmed by typing the run's id. Afterwards each
    metric must be within its tolerance ([metrics] of workbench.toml): exit code 0 when the run
    was reproduced, 3 when not.
    """
    from workbench.operations import reproduce  # noqa: PLC0415 - after parsing
    from workbench.operations.select import select  # noqa: PLC0415

    with opened(workspace) as session:
        what = reproduce.plan(session, select(session, run).run)
        if out is not None:
            reproduce.write(what, out)
            output.say(output.visible(f"Wrote {out}."))
        if execute:
            return _run_again(session, what, form, **asked)
        if form == "json":
            output.line(output.as_json(reproduce.as_fields(what), indent=1))
        else:
            output.lines(output.visible(line) for line in _lines(what))
        return 0


def _lines(what: "Plan") -> list[str]:
    """Return the plan as lines: what it was, the steps, what differs, what is not known."""
    from workbench.operations.reproduce import steps  # noqa: PLC0415

    record = what.record
    lines = [
        f"# {record.name}  {record.run_id}",
        f"# started {words.moment(record.started)} by {record.user or '?'} on {record.host or '?'}",
        *(["# Python " + what.python] if what.python else []),
        "",
        *steps(what),
    ]
    if what.packages:
        lines += ["", f"# packages: {_packages(what)}", *_differing(what)]
    if what.data:
        lines += ["", "# data"]
        lines += [
            f"#   {one.name}  {one.path or '—'}  {one.hash or '—'}  {one.state}"
            for one in what.data
        ]
    if what.missing:
        lines += ["", *(f"# ! {sentence}" for sentence in what.missing)]
    return lines


def _packages(what: "Plan") -> str:
    others = len(what.differing)
    every = words.plural(len(what.packages), "package")
    return f"{every}, all as here" if not others else f"{every}, {others} of them not as here"


def _differing(what: "Plan") -> list[str]:
    shown = what.differing[:_MOST_PACKAGES]
    lines = [f"#   {one.name} {one.then}, here {one.now or 'not installed'}" for one in shown]
    more = len(what.differing) - len(shown)
    return lines + ([f"#   and {more} more; --out DIR writes them all"] if more else [])


def _run_again(
    session: "Session", what: "Plan", form: str | None, *, here: bool, python: str,
    trust_author: bool,
) -> int:  # fmt: skip
    """Show, ask, run, compare."""
    from workbench.operations import rerun, runnable  # noqa: PLC0415

    session.require_writable()
    runnable.require_runnable(what, here=here)
    reason = runnable.stranger(what)
    if reason and not trust_author:
        raise NotAllowedError(reason, hint="Read the command and use --trust-author to run it.")
    command = rerun.command_line(what, python)
    if here:
        _confirm(what, command, Path.cwd())
        return _judged(session, what, Path.cwd(), python, form)
    repository = rerun.repository_of(session, what)  # before anybody types anything
    filters = repository.filters_at(what.record.commit or "")
    _confirm(what, command, None, filters)
    with rerun.checked_out(session, what) as tree:
        return _judged(session, what, tree / (what.work_folder or "."), python, form)


def _confirm(
    what: "Plan", command: "Sequence[str]", folder: Path | None, filters: "Sequence[str]" = ()
) -> None:
    """Have the command confirmed by typing the run's id.

    Raises:
        NotAllowedError: Nobody is there to type it, or it was not typed.
    """
    if not output.may_ask():
        raise NotAllowedError(
            "Running a run again must be confirmed at a terminal.",
            hint="Run the printed steps by hand.",
        )
    place = f"in {folder}" if folder else f"at commit {(what.record.commit or '')[:12]}"
    output.say(output.visible(f"This runs {place}:"))
    output.say(output.visible(f"  {shlex.join(command)}"))
    if what.patch is not None and folder is None:
        output.say(output.visible(f"with the changes in {what.patch}"))
    if filters:
        names = ", ".join(filters)
        output.say(
            output.visible(f"without git's filters ({names}): their files are there as committed,")
        )
        output.say("so those of Git LFS are pointers and not the data.")
    typed = click.prompt(
        f"Type {what.record.run_id} to run it", default="", show_default=False, err=True
    )
    if typed.strip() != what.record.run_id:
        raise NotAllowedError("That is not the run's id; nothing was run.")


def _judged(session: "Session", what: "Plan", folder: Path, python: str, form: str | None) -> int:
    from workbench.operations import rerun  # noqa: PLC0415

    since = session.clock.now()
    code = rerun.run_again(session, what, folder, python=python)
    found = rerun.outcome(session, what, code, since)
    if form == "json":
        output.line(output.as_json(_outcome_fields(what, found), indent=1))
    else:
        _print_outcome(what, found)
    return 0 if found.reproduced else NOT_REPRODUCED


def _print_outcome(what: "Plan", found: "Outcome") -> None:
    heads = [output.Heading("metric"), *(output.Heading(name, "right") for name in _COLUMNS)]
    rows = [
        (one.metric, words.number(one.then, 6), words.number(one.now, 6),
         words.delta(one.difference), f"±{words.number(one.tolerance, 2)}",
         "same" if one.holds else "not the same")
        for one in found.metrics
    ]  # fmt: skip
    if found.again is None:
        output.say(f"The command ended with exit code {found.exit_code} and logged no run.")
    else:
        output.lines(output.aligned(output.Table([*heads, output.Heading("")], rows)))
        output.say(
            output.visible(
                f"{found.again.name}  {found.again.run_id}  {found.again.status.lower()}"
            )
        )
    verdict = "reproduced" if found.reproduced else "not reproduced"
    output.line(output.visible(f"{what.record.name}: {verdict}"))


_COLUMNS = ("then", "now", "difference", "tolerance")


def _outcome_fields(what: "Plan", found: "Outcome") -> dict[str, Any]:
    return {
        "run": what.record.run_id,
        "again": found.again.run_id if found.again else None,
        "exit_code": found.exit_code,
        "reproduced": found.reproduced,
        "metrics": [
            one._asdict() | {"difference": one.difference, "holds": one.holds}
            for one in found.metrics
        ],
    }
