"""``datasets check`` and ``suggest-rules``: whether data is as it must be; what that could be."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli import output
from workbench.cli.data_options import read_as, reading_options
from workbench.cli.options import command, ends_with, opened, opened_for, workspace_option
from workbench.cli.progress import Progress
from workbench.cli.written import write_text
from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.operations.datasets.check import Checked
    from workbench.operations.session import Session

_FILE = click.Path(path_type=Path, allow_dash=True)
_SIGNS = {"holds": "ok", "fails": "FAILS", "undecided": "undecided", "error": "ERROR"}


@command("check")
@click.argument("name", metavar="DATASET[@VERSION]")
@click.argument("file", required=False, metavar="[FILE]", type=click.Path(path_type=Path))
@workspace_option
@click.option("--rules", metavar="TOML", type=click.Path(path_type=Path),
              help="Take the rules from this file, not from workbench.toml.")  # fmt: skip
@click.option("--json", "as_json", metavar="FILE", type=_FILE,
              help="Write the results as JSON; - for stdout.")  # fmt: skip
@click.option("--junit", metavar="FILE", type=_FILE,
              help="Write the results as JUnit XML; - for stdout.")  # fmt: skip
@reading_options
def check_command(
    name: str,
    file: Path | None,
    workspace: Path | None,
    rules: Path | None,
    as_json: Path | None,
    junit: Path | None,
    **given: Any,
) -> int:
    """Say which rules of a dataset hold.

    Asks the newest version, `census@4` that one, or FILE, before it becomes one. Each rule is
    told with how many rows are against it and examples, sensitive columns masked. Exit code 0
    when all hold, 3 when one fails, 5 when one cannot be told, which is never a pass.
    """
    from workbench.operations.datasets import check_forms  # noqa: PLC0415 - after parsing
    from workbench.operations.datasets.check import check  # noqa: PLC0415

    with opened(workspace) as session:
        progress = Progress()
        found = check(
            session, name, file, options=read_as(given), rules_from=rules, on_rows=progress.rows
        )
        progress.end()
    code = ends_with(found.exit_code)
    for path, form in ((as_json, check_forms.as_json), (junit, check_forms.as_junit)):
        if path is not None:
            write_text(path, form(found))
    if Path("-") not in (as_json, junit):
        _print(found)
    return code


def _print(found: "Checked") -> None:
    from workbench.operations.datasets.check_forms import example_lines, facts  # noqa: PLC0415

    width = max((len(_SIGNS[one.state]) for one in found.results), default=0)
    for one in found.results:
        said = f"{one.name}: {one.words}" if one.rule.name else one.words
        more = facts(one)
        sign = _SIGNS[one.state].ljust(width)
        output.line(output.visible(f"{sign}  {said}{f': {more}' if more else ''}"))
        for line in example_lines(one):
            output.line(output.visible(f"{' ' * width}    {line}"))
    if found.doubt:
        output.say(output.visible(found.doubt))


@command("suggest-rules")
@click.argument("name", metavar="DATASET[@VERSION]|FILE")
@workspace_option
@reading_options
def suggest_rules_command(name: str, workspace: Path | None, **given: Any) -> None:
    """Propose rules from a dataset's profile, as TOML.

    They hold on the data they were made from; which of them ought to hold for the next is for
    people to say. Paste those into `workbench.toml`. A file needs no workspace.
    """
    from workbench.operations.datasets.suggest import suggest_rules  # noqa: PLC0415 - after parsing

    with opened_for((name,), workspace) as session:
        if session is not None and not _only_a_file(session, name):
            found = suggest_rules(session, name)
        else:
            from workbench.operations.datasets.profile_file import suggest_from  # noqa: PLC0415

            found = suggest_from(Path(name), read_as(given))
    output.line(found.text.rstrip("\n"))


def _only_a_file(session: "Session", name: str) -> bool:
    """Say whether a name is a file's and no dataset's."""
    from contextlib import suppress  # noqa: PLC0415 - after parsing

    from workbench.operations.datasets.names import is_ref, parse, resolve  # noqa: PLC0415

    if not Path(name).exists():
        return False
    if is_ref(name):
        with suppress(NotFoundError):
            resolve(session, parse(name))
            return False
    return True
