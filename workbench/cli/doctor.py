"""``doctor``: what is installed and what is safe here."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import NotFoundError, WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.operations.doctor import Check

_MARKS = {"good": "ok", "note": "note", "bad": "BAD"}
_FAILED = 3


@command("doctor")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@form_options("json")
def doctor_command(path: Path | None, workspace: Path | None, form: str | None) -> int:
    """Check the installation, the workspace and its disk.

    Says what each library is for and what is safe in this folder. Files are written only
    into .workbench/tmp of a workspace, and deleted again. Exit code 3 if something is bad.
    """
    found = list(_checks(path if path is not None else workspace))
    if form == "json":
        output.json_array(check._asdict() for check in found)
    else:
        _print(found)
    return _FAILED if any(check.state == "bad" for check in found) else 0


def _checks(path: Path | None) -> "Iterable[Check]":
    from workbench.operations.doctor import Check, examine, examine_install, trouble  # noqa: PLC0415

    yield from examine_install()
    try:
        session = opened(path)
    except NotFoundError as error:
        if path is not None:
            yield trouble(error)
        else:
            yield Check("workspace", "folder", "note", error.message)
        return
    except WorkbenchError as error:
        yield trouble(error)
        return
    with session:
        yield from examine(session)


def _print(found: "list[Check]") -> None:
    part = ""
    widest = max(output.cells(check.name) for check in found)
    for check in found:
        if check.part != part:
            part = check.part
            output.line(output.strong(part))
        mark = _MARKS[check.state]
        output.line(output.visible(f"  {mark:<4}  {check.name:<{widest}}  {check.says}"))
