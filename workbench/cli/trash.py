"""``gc`` and ``restore``: what eats the disk, the trash, and back."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option

if TYPE_CHECKING:
    from workbench.operations.housekeeping import Plan, Sized

_MOST_SHOWN = 20


@command("gc")
@workspace_option
@click.option("--run", "runs", multiple=True, metavar="RUN", help="This run, archived or not.")
@click.option("--empty-trash", is_flag=True, help="Also delete for good what is in the trash now.")
@click.option("--yes", is_flag=True, help="Do it; without, only the plan is shown.")
@form_options("json")
def gc_command(
    workspace: Path | None, runs: tuple[str, ...], empty_trash: bool, yes: bool, form: str | None
) -> int:
    """Show what eats the disk; put archived runs in the trash.

    Without --yes nothing is changed: the sizes and the plan are printed. Runs in the trash
    come back with `workbench restore`. Also deletes temporary files older than a day, and
    puts files of models that no version needs in the trash. A run that is going on, that made
    a version in a stage, or that another tool wrote, is never moved.
    """
    from workbench.operations.housekeeping import clean, plan  # noqa: PLC0415 - after parsing
    from workbench.operations.select import select  # noqa: PLC0415

    with opened(workspace) as session:
        chosen = [select(session, run).run for run in runs] if runs else None
        what = plan(session, chosen, empty_trash=empty_trash)
        if form == "json":
            output.line(output.as_json(_fields(what), indent=1))
        else:
            _print_sizes(what)
        for sized in what.refused:
            output.say(output.visible(f"{sized.record.name} stays: {sized.refused}."))
        if not yes:
            _say_plan(what)
            return 0
        done = clean(session, what)
        for one in done.trashed:
            output.say(output.visible(f"{one.name} is in the trash as {one.id}."))
        for sentence in done.failed:
            output.say(output.visible(sentence))
        output.say(
            f"Moved {words.plural(len(done.trashed), 'item')} to the trash, deleted "
            f"{words.plural(done.leftovers, 'leftover')} and "
            f"{words.plural(done.deleted, 'item')} from the trash."
        )
        return 1 if done.failed else 0


@command("restore")
@click.argument("run", required=False, metavar="[TRASH_ID]")
@workspace_option
@form_options("json")
def restore_command(run: str | None, workspace: Path | None, form: str | None) -> None:
    """Bring back a run, a dataset's version or a model's files.

    Without TRASH_ID the trash is listed. It is the id in the trash, the id of the run, its
    name, or a version of a dataset such as census@2. Files of a model's version that was
    deleted come back as files; the version stays deleted.
    """
    from workbench.operations.trash import restore, trashed  # noqa: PLC0415 - after parsing

    with opened(workspace, sweep=False) as session:
        if run is not None:
            one = restore(session, _plain(run))
            output.say(output.visible(f"{one.name} is back at {one.origin}."))
            return
        found = trashed(session)
    if form == "json":
        output.json_array(one._asdict() for one in found)
        return
    if not found:
        output.say("The trash is empty.")
        return
    titles = ("id", "name", "experiment", "put there", "by", "size")
    headings = [output.Heading(title) for title in titles]
    rows = [
        [one.id, one.name, one.experiment, words.moment(one.time), one.actor,
         words.size(one.bytes)]
        for one in found
    ]  # fmt: skip
    output.lines(output.aligned(output.Table(headings, rows)))


def _plain(name: str) -> str:
    """Return a name as the trash knows it: ``datasets:/census@2`` is ``census@2`` there."""
    from workbench.operations.datasets import names  # noqa: PLC0415 - after parsing

    return str(names.parse(name)) if name.startswith(names.SCHEME) else name


def _fields(what: "Plan") -> dict[str, object]:
    def ids(some: tuple["Sized", ...]) -> list[str]:
        return [one.record.run_id for one in some]

    return {
        "sizes": [
            {"id": one.record.run_id, "name": one.record.name, "bytes": one.bytes,
             "files": one.files, "archived": one.record.archived}
            for one in what.sizes
        ],
        "to_trash": ids(what.to_trash),
        "refused": {one.record.run_id: one.refused for one in what.refused},
        "leftovers": [one._asdict() for one in what.leftovers],
        "unnamed": [one._asdict() for one in what.unnamed],
        "to_delete": [one.id for one in what.to_delete],
    }  # fmt: skip


def _print_sizes(what: "Plan") -> None:
    headings = [
        output.Heading("size", "right"), output.Heading("files", "right"), output.Heading("run"),
        output.Heading("id"), output.Heading("experiment"), output.Heading("status"),
    ]  # fmt: skip
    rows = [
        [
            words.size(one.bytes), f"{one.files:,}", one.record.name, one.record.run_id,
            one.record.experiment,
            one.record.status.lower() + (", archived" if one.record.archived else ""),
        ]
        for one in what.sizes[:_MOST_SHOWN]
    ]  # fmt: skip
    if rows:
        output.lines(output.aligned(output.Table(headings, rows)))
    total = words.size(sum(one.bytes for one in what.sizes))
    more = f"; the largest {len(rows)} are shown" if len(rows) < len(what.sizes) else ""
    output.say(f"{words.plural(len(what.sizes), 'run')} take {total}{more}.")


def _say_plan(what: "Plan") -> None:
    if not (what.to_trash or what.leftovers or what.to_delete or what.unnamed):
        output.say("There is nothing to clean up: no archived run, no leftover.")
        return
    parts = [
        (
            f"move {words.plural(len(what.to_trash), 'run')} "
            f"({words.size(sum(one.bytes for one in what.to_trash))}) to the trash"
        ),
        (
            f"delete {words.plural(len(what.leftovers), 'leftover')} "
            f"({words.size(sum(one.bytes for one in what.leftovers))})"
        ),
    ]
    if what.unnamed:
        size = words.size(sum(one.bytes for one in what.unnamed))
        folders = words.plural(len(what.unnamed), "folder")
        parts.insert(1, f"move {folders} of files no version needs ({size}) to the trash")
    if what.to_delete:
        size = words.size(sum(one.bytes for one in what.to_delete))
        runs = words.plural(len(what.to_delete), "run")
        parts.append(f"delete {runs} ({size}) from the trash for good")
    output.say(f"This would {', '.join(parts[:-1])} and {parts[-1]}. Do it with --yes.")
