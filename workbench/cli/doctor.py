"""``doctor``: what is installed, opened, and possible on this drive."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.operations.doctor import Finding

_MARKS = {"ok": "✓", "warning": "!", "bad": "✗"}


@command("doctor")
@workspace_option
@form_options("json")
def doctor_command(workspace: Path | None, form: str | None) -> int:
    """Check the installation, the workspace, the catalogue and the file system.

    Names each library with its job, and says what the drive can do that a shared
    workspace rests on. Ends with 1 if something is bad.
    """
    from workbench.operations.doctor import BAD, examine  # noqa: PLC0415 - after parsing

    try:
        session = opened(workspace, sweep=False)
    except NotFoundError:
        if workspace is not None:
            raise
        session = None
    try:
        findings = tuple(examine(session))
    finally:
        if session is not None:
            session.close()
    if form == "json":
        output.json_array(one._asdict() for one in findings)
    else:
        _print(findings)
    return int(any(one.state == BAD for one in findings))


def _print(findings: "tuple[Finding, ...]") -> None:
    part = ""
    for one in findings:
        if one.part != part:
            output.line(("" if not part else "\n") + one.part)
            part = one.part
        output.line(f"  {_MARKS[one.state]} {one.name:<14}{output.visible(one.words)}")
