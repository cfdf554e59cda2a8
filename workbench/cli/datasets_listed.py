"""``datasets ls`` and ``datasets show``: which datasets there are, and all about one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.rows import print_rows
from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.operations.datasets.listing import DatasetLine, VersionLine
    from workbench.operations.datasets.version import DatasetDetail
    from workbench.operations.session import Session


@command("ls")
@click.argument("name", required=False, metavar="[DATASET]")
@workspace_option
@click.option("--filter", "words_", default="", metavar="TEXT", help="Only names that hold this.")
@form_options("json", "csv", "md")
def ls_command(name: str | None, workspace: Path | None, words_: str, form: str | None) -> None:
    """List datasets, or the versions of one."""
    from workbench.operations.datasets import listing  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        if name is None:
            _print_datasets(listing.datasets(session, words_), session.clock.now(), form)
        else:
            _print_versions(listing.versions(session, _there(session, name)), form)


def _there(session: "Session", name: str) -> str:
    """Return the dataset that is named.

    Raises:
        NotFoundError: There is none.
        UsageError: A version is named.
    """
    from workbench.operations.datasets import names  # noqa: PLC0415 - after parsing

    ref = names.parse(name)
    if ref.version is not None:
        raise UsageError(
            f"{name} is a version.", hint=f"See it with: workbench datasets show {name}"
        )
    return names.resolve(session, ref).dataset


def _print_datasets(found: "Sequence[DatasetLine]", now: float, form: str | None) -> None:
    if form == "json":
        output.json_array({**one._asdict(), "time": words.iso(one.time)} for one in found)
        return
    if not found:
        output.say("No dataset is registered. Add one with: workbench datasets add NAME FILE")
        return
    names = ["dataset", "version", "rows", "columns", "size", "age", "owner", "runs", "models",
             "note"]  # fmt: skip
    rows = [
        [one.name, str(one.version), _counted(one.rows), _counted(one.columns),
         words.size(one.size), words.age(now - one.time), one.owner, str(one.runs or ""),
         str(one.versions_of_models or ""), ", ".join(one.flags) or one.description]
        for one in found
    ]  # fmt: skip
    print_rows(
        names, rows, form, right=("version", "rows", "columns", "size", "age", "runs", "models")
    )


def _counted(n: int | None) -> str:
    return "" if n is None else words.count(n)


def _print_versions(found: "Sequence[VersionLine]", form: str | None) -> None:
    if form == "json":
        output.json_array({**one._asdict(), "time": words.iso(one.time)} for one in found)
        return
    from workbench.operations.datasets.listing import UNREADABLE  # noqa: PLC0415 - after parsing

    names = ["version", "rows", "columns", "size", "registered", "by", "how", "runs", "models",
             "note"]  # fmt: skip
    rows = [
        [str(one.number), _counted(one.rows), _counted(one.columns), words.size(one.size),
         words.moment(one.time), one.actor, one.how, str(one.runs or ""),
         ", ".join(one.models),
         f"{UNREADABLE}: {one.fault}" if one.fault else one.unread or one.path]
        for one in found
    ]  # fmt: skip
    print_rows(names, rows, form, right=("version", "rows", "columns", "size", "runs"))


@command("show")
@click.argument("version", metavar="DATASET[@VERSION]")
@workspace_option
@click.option("--column", metavar="NAME", help="Everything about this column.")
@click.option("--unmask", is_flag=True, help="Show what sensitive columns hold.")
@form_options("json", "csv", "md")
def show_command(
    version: str, workspace: Path | None, column: str | None, unmask: bool, form: str | None
) -> None:
    """Show a dataset version: what it is, and its profile.

    `census` is the newest version of census, `census@4` the fourth.
    """
    from workbench.cli.profile_lines import print_column, print_profile  # noqa: PLC0415
    from workbench.operations.datasets import names, profiles  # noqa: PLC0415
    from workbench.operations.datasets import version as about  # noqa: PLC0415

    with opened(workspace) as session:
        manifest = names.resolve(session, names.parse(version))
        profile = profiles.profile_of(session, manifest, unmask=unmask)
        if column is None and form not in ("csv", "md"):
            _print_version(about.detail(session, manifest, profile), form, unmask=unmask)
            return
    if profile is None:
        raise UsageError(f"{version} has no profile: {manifest.unread or 'none was made'}.")
    if column is None:
        print_profile(profile, form, unmask=unmask)
    else:
        print_column(profile, column, form, unmask=unmask)


def _print_version(found: "DatasetDetail", form: str | None, *, unmask: bool) -> None:
    from workbench.operations import sections  # noqa: PLC0415
    from workbench.operations.datasets import version as about  # noqa: PLC0415

    if form == "json":
        output.line(output.as_json(about.fields(found, unmask=unmask), indent=1))
    else:
        output.lines(sections.text(about.sections(found, unmask=unmask)))
