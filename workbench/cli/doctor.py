"""``doctor``: what is installed, what is safe here, and whether the registry is whole."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, ends_with, form_options, opened, workspace_option
from workbench.errors import NotFoundError, UsageError, WorkbenchError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbench.operations.doctor import Check

_MARKS = {"good": "ok", "note": "note", "bad": "BAD"}
_FAILED = 3


@command("doctor")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@click.option("--registry", is_flag=True,
              help="Read all of the model registry instead, and compare hashes.")  # fmt: skip
@click.option("--anchor", metavar="FILE",
              type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="With --registry: what `history --anchor` printed earlier.")  # fmt: skip
@click.option("--agree-signers", is_flag=True,
              help="With --registry: let allowed_signers count here as it is now.")  # fmt: skip
@form_options("json")
def doctor_command(
    path: Path | None,
    workspace: Path | None,
    registry: bool,
    anchor: Path | None,
    agree_signers: bool,
    form: str | None,
) -> int:
    """Check the installation, the workspace and its disk.

    Says what each library is for and what is safe in this folder. Files are written only
    into .workbench/tmp of a workspace, and deleted again. Exit code 3 if something is bad.
    With --registry every event and every file of every model is read and its hash
    compared; the first event of a journal that does not fit is named.
    """
    for name, given in (("--anchor", anchor is not None), ("--agree-signers", agree_signers)):
        if given and not registry:
            raise UsageError(f"{name} goes with --registry.")
    place = path if path is not None else workspace
    found = list(_registry(place, anchor, agree=agree_signers) if registry else _checks(place))
    code = ends_with(_FAILED if any(check.state == "bad" for check in found) else 0)
    if form == "json":
        output.json_array(check._asdict() for check in found)
    else:
        _print(found)
    return code


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
    from workbench.operations.datasets.examining import examine_datasets  # noqa: PLC0415
    from workbench.operations.drift.examining import examine_drift  # noqa: PLC0415

    with session:
        yield from examine(session)
        yield from examine_datasets(session)
        yield from examine_drift(session)


def _registry(path: Path | None, anchor: Path | None, *, agree: bool) -> "Iterable[Check]":
    from workbench.operations.doctor import Check  # noqa: PLC0415 - after parsing
    from workbench.operations.registry.examining import examine_registry  # noqa: PLC0415
    from workbench.operations.registry.signatures import agree_to_signers  # noqa: PLC0415

    lines = _anchor_of(anchor) if anchor else []
    with opened(path, sweep=False) as session:
        if agree:
            said = agree_to_signers(session) or "It is the one agreed to before."
            yield Check("registry", "allowed_signers", "good", said)
        yield from examine_registry(session, lines)


def _anchor_of(path: Path) -> list[str]:
    """Return the lines of a file with an anchor in it; Windows may have written it as UTF-16.

    Raises:
        UsageError: No line of it is one of an anchor: it would prove nothing.
    """
    from workbench.registry.verification import anchored  # noqa: PLC0415 - after parsing

    data = path.read_bytes()
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    lines = data.decode("utf-16" if wide else "utf-8-sig", "replace").splitlines()
    if not anchored(lines):
        raise UsageError(
            f"{path} holds no anchor.", hint="Give a file with what `history --anchor` printed."
        )
    return lines


def _print(found: "list[Check]") -> None:
    part = ""
    widest = max(output.cells(check.name) for check in found)
    for check in found:
        if check.part != part:
            part = check.part
            output.line(output.strong(part))
        mark = _MARKS[check.state]
        output.line(output.visible(f"  {mark:<4}  {check.name:<{widest}}  {check.says}"))
