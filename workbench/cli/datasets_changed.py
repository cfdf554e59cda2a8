"""``datasets add``, ``edit``, ``export`` and ``delete``: what changes which datasets there are."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.data_options import (
    field_options,
    fields_of,
    read_as,
    reading_options,
    said_fields,
)
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.progress import Progress
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.operations.datasets.add import Added
    from workbench.operations.session import Session


@command("add")
@click.argument("name")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@workspace_option
@click.option("--copy", is_flag=True, help="Keep a copy of the files in the workspace.")
@click.option("--files", "as_files", is_flag=True, help="Register what is no table, as bytes.")
@reading_options
@field_options
def add_command(
    name: str,
    files: tuple[Path, ...],
    workspace: Path | None,
    copy: bool,
    as_files: bool,
    **given: Any,
) -> None:
    """Register a file, a folder or files of a pattern.

    Without FILES what `[datasets.NAME]` in `workbench.toml` names is registered. The same
    bytes as the newest version are nothing to do; other bytes become the next version, which
    is printed. The data stays where it is unless --copy is given.
    """
    from workbench.operations.datasets.add import add  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        done = add(
            session, name, files, copy=copy, files=as_files, options=read_as(given),
            fields=fields_of(given), on_progress=Progress().tell,
        )  # fmt: skip
    _tell(done)


def _tell(done: "Added") -> None:
    one = done.manifest
    output.line(f"{one.dataset}@{one.version}")
    for said in done.said:
        output.say(output.visible(said))
    if not done.new:
        return
    rows = "" if one.rows is None else f"{words.plural(one.rows, 'row')}, "
    columns = f"{words.plural(len(one.columns), 'column')}, " if one.columns else ""
    how = ", ".join(f"{name} {value}" for name, value in one.read_as.items())
    read = f"read as {one.reader}{f' ({how})' if how else ''}" if one.reader else one.unread
    output.say(output.visible(f"{rows}{columns}{words.size(one.size)}; {read}"))


@command("edit")
@click.argument("name", metavar="DATASET")
@workspace_option
@click.option("--archive/--unarchive", "archived", default=None, help="Hide it, or show it again.")
@click.option("--forget", multiple=True, metavar="FIELD", help="Let settings speak for a field.")
@field_options
def edit_command(
    name: str,
    workspace: Path | None,
    archived: bool | None,
    forget: tuple[str, ...],
    **given: Any,
) -> None:
    """Say who owns a dataset, what it may be used for, what is masked.

    What is said is kept as an edit that colleagues see and `u` on the screen takes back;
    it counts before what `workbench.toml` says.
    """
    from workbench.operations.datasets import fields as saying  # noqa: PLC0415 - after parsing

    said = said_fields(given)
    roles = {f"roles.{column}": role for column, role in said.pop("roles", {}).items()}
    changes: dict[str, Any] = {**said, **roles, **dict.fromkeys(forget)}
    if not changes and archived is None:
        raise UsageError("Nothing to change.", hint="Say what, such as --owner anna.")
    with opened(workspace) as session:
        dataset = _named(session, name)
        before = saying.fields_of(session, dataset)
        if changes:
            saying.set_fields(session, dataset, changes)
        gone = saying.replaced(before, saying.fields_of(session, dataset))
        if archived is not None:
            saying.archive(session, dataset, archived=archived)
    names = [one.replace("_", " ") for one in changes]
    done = [*names, *([] if archived is None else ["archived" if archived else "unarchived"])]
    output.say(f"{dataset}: {', '.join(done)}")
    for sentence in gone:
        output.say(output.visible(sentence))


def _named(session: "Session", text: str) -> str:
    """Return the dataset that is named.

    Raises:
        NotFoundError: There is none.
        UsageError: A version of it is named.
    """
    from workbench.operations.datasets import names  # noqa: PLC0415 - after parsing

    ref = names.parse(text)
    if ref.version is not None:
        raise UsageError(f"{text} is a version.", hint=f"Name the dataset: {ref.name}.")
    return names.resolve(session, ref).dataset


@command("export")
@click.argument("version", metavar="DATASET[@VERSION]")
@click.argument("folder", type=click.Path(path_type=Path))
@workspace_option
@click.option("--dvc", is_flag=True, required=True, help="Write a .dvc file, which DVC can pull.")
@click.option(
    "--objects",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Where the bytes go; default where DVC looks for them.",
)
@click.option("--force", is_flag=True, help="Write over a .dvc file that is there.")
def export_command(
    version: str,
    folder: Path,
    workspace: Path | None,
    dvc: bool,  # noqa: ARG001 - the only tool there is
    objects: Path | None,
    force: bool,
) -> None:
    """Write a version for another tool.

    With --dvc FOLDER gets a `.dvc` file that names the data by md5. The bytes go into the
    default remote of that folder's repository where it is a folder, else into its cache, so
    that `dvc pull` or `dvc checkout` brings them.
    """
    from workbench.operations.datasets import export_dvc, names  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        made = export_dvc.export_dvc(
            session, names.parse(version), folder, objects=objects, force=force,
            on_progress=Progress().tell,
        )  # fmt: skip
    output.line(str(made.path))
    output.say(made.pull)


@command("delete")
@click.argument("version", metavar="DATASET@VERSION")
@workspace_option
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the number.")
def delete_command(version: str, workspace: Path | None, reason: str) -> None:
    """Put a version in the trash; its number is never used again.

    The data itself stays where it is, unless it was copied into the workspace. A version
    that a model in a stage was made from cannot be deleted.
    """
    from workbench.operations.datasets import deleting, names  # noqa: PLC0415 - after parsing

    ref = names.parse(version)
    if ref.version is None:
        raise UsageError(
            f"{version} is a dataset; a version of it is needed.",
            hint=f"Write it as {version}@3. `datasets edit {version} --archive` hides it all.",
        )
    with opened(workspace) as session:
        deleting.delete(session, ref, reason=reason)
    one = f"{ref.name}@{ref.version}"
    output.say(f"{one} is in the trash; it comes back with: workbench restore {one}")
