"""The command line's part of the manual, from the commands themselves."""

import click

from workbench.catalogue.connection import open_catalogue
from workbench.catalogue.sql import VIEWS, view_columns
from workbench.cli.lazy import COMMANDS
from workbench.cli.main import program


def generated() -> dict[str, str]:
    """Return the generated text of each page."""
    context = click.Context(program, info_name="workbench")
    commands = [(name, program.get_command(context, name)) for name in COMMANDS]
    table = ["| command | what it does |", "|---|---|"]
    table += [f"| [`{name}`](#{name}) | {_first(one)} |" for name, one in commands]
    sections = [part for name, one in commands for part in _sections(name, one, context)]
    return {"command-line.md": "\n".join([*table, "", *sections, *_views()])}


def _sections(name: str, command: click.Command, parent: click.Context) -> list[str]:
    """Return a command's section, and those of the commands within it."""
    own = _section(name, command, parent)
    if not isinstance(command, click.Group):
        return [own]
    context = click.Context(command, info_name=name, parent=parent)
    inner = [(one, command.get_command(context, one)) for one in command.list_commands(context)]
    return [own, *(_section(f"{name} {one}", each, parent) for one, each in inner)]


def _first(command: click.Command) -> str:
    return command.help.partition("\n")[0].rstrip(".")


def _section(name: str, command: click.Command, parent: click.Context) -> str:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(["workbench", name, *command.collect_usage_pieces(context)])
    lines = [f"### {name}", "", f"    {usage}", "", _paragraphs(command.help), ""]
    options = [one for one in command.params if isinstance(one, click.Option)]
    told = [one for one in options if one.name != "debug" and "--debug" not in one.opts]
    if told:
        lines += ["| option | |", "|---|---|"]
        lines += [_option(one, context) for one in told]
        lines.append("")
    return "\n".join(lines)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    return f"| `{record[0]}` | {record[1]} |".replace("[A|", "[A\\|")


def _views() -> list[str]:
    catalogue = open_catalogue(None)
    columns = view_columns(catalogue)
    catalogue.close()
    lines = ["### Views for `sql`", "", "| view | what it holds | columns |", "|---|---|---|"]
    for view, says in VIEWS.items():
        names = ", ".join(f"`{one.name}`" for one in columns if one.view == view)
        lines.append(f"| `{view}` | {says} | {names} |")
    return lines
