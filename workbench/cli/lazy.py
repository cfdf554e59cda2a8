"""Commands that are imported when they are named.

The order here is the order of the help page: the main job first.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Final

import click

COMMANDS: Final[Mapping[str, str]] = {
    "open": "screen",
    "demo": "demo",
    "init": "workspace",
    "runs": "runs",
    "show": "show",
    "compare": "compare",
    "diff": "diff",
    "plot": "plot",
    "report": "report",
    "reproduce": "reproduce",
    "datasets": "datasets",
    "profile": "profile",
    "drift": "drift",
    "monitor": "monitor",
    "models": "registered",
    "register": "register",
    "gate": "gate",
    "promote": "promote",
    "rollback": "promote",
    "deploy": "deploy",
    "request": "requests",
    "approve": "requests",
    "tick": "requests",
    "freeze": "freezing",
    "unfreeze": "freezing",
    "retire": "freezing",
    "describe": "describing",
    "delete": "describing",
    "history": "history",
    "export": "exporting",
    "import": "importing",
    "notes": "notes",
    "sql": "sql",
    "watch": "watch",
    "formats": "formats",
    "doctor": "doctor",
    "sync-spool": "spool",
    "rebuild": "rebuild",
    "gc": "trash",
    "restore": "trash",
}
"""Name to module of this folder; the function there has the command's name."""
OF_DATASETS: Final[Mapping[str, str]] = {
    "ls": "datasets_listed",
    "show": "datasets_listed",
    "add": "datasets_changed",
    "edit": "datasets_changed",
    "rows": "dataset_rows",
    "diff": "datasets_compared",
    "check": "datasets_checked",
    "suggest-rules": "datasets_checked",
    "lineage": "datasets_traced",
    "export": "datasets_changed",
    "delete": "datasets_changed",
}
"""The same for what stands after ``datasets``."""
OF_DRIFT: Final[Mapping[str, str]] = {
    "check": "drift_checked",
    "ls": "drift_listed",
    "show": "drift_shown",
    "alerts": "drift_alerts",
    "acknowledge": "drift_alerts",
    "mute": "drift_muted",
    "unmute": "drift_muted",
}
"""The same for what stands after ``drift``."""
OF_MONITOR: Final[Mapping[str, str]] = {"run": "monitor_run", "ls": "monitor_listed"}
"""The same for what stands after ``monitor``."""
OF_FORMATS: Final[Mapping[str, str]] = {
    "ls": "formats_listed",
    "shapes": "formats_shapes",
    "answer": "formats_shapes",
}
"""The same for what stands after ``formats``."""
_SELF = frozenset(("--help", "-h", "--version", "--debug"))


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    table: ClassVar[Mapping[str, str]]
    """Name to module of this folder, in the order of the help page."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, the main job first."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, its module imported now."""
        if cmd_name not in self.table:
            return None
        module = import_module(f"workbench.cli.{self.table[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first word.

        Raises:
            click.UsageError: There is none of that name.
        """
        name = args[0]
        if name not in self.table:
            near = get_close_matches(name, self.table, n=1)
            within = ctx.command_path
            hint = f"Did you mean `{within} {near[0]}`?" if near else f"See `{within} --help`."
            ctx.fail(f"There is no {self.kind} {name!r}. {hint}")
        return super().resolve_command(ctx, args)

    kind: ClassVar[str] = "command"
    """What a first word may be, in words."""


class Everything(LazyGroup):
    """All commands; a first word that names none but a folder means ``open`` that folder.

    No word at all means ``open``.
    """

    table = COMMANDS
    kind = "command or folder"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``open`` before what names no command but a folder or an option of it."""
        return super().parse_args(ctx, with_open(args))


class Listing(LazyGroup):
    """A group of which no word at all means ``ls``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``ls`` before what names no command but an option of it."""
        bare = not args or (args[0].startswith("-") and args[0] not in _SELF)
        return super().parse_args(ctx, ["ls", *args] if bare else args)


class OfDatasets(Listing):
    """What can be done with datasets."""

    table = OF_DATASETS


class OfDrift(Listing):
    """What can be done about drift."""

    table = OF_DRIFT

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command of the first word.

        Raises:
            click.UsageError: There is none of that name; a file there is one to check.
        """
        if args[0] not in self.table and Path(args[0]).exists():
            meant = f"Did you mean `{ctx.command_path} check {args[0]}`?"
            ctx.fail(f"There is no command {args[0]!r}. {meant}")
        return super().resolve_command(ctx, args)


class OfFormats(Listing):
    """What can be opened, and what must be said of it."""

    table = OF_FORMATS


class OfMonitor(Listing):
    """What can be done with what is watched."""

    table = OF_MONITOR


def with_open(args: Sequence[str]) -> list[str]:
    """Return ``args`` with the command ``open`` where none is named but one is meant."""
    own = 0
    while own < len(args) and args[own] == "--debug":
        own += 1
    first = args[own] if own < len(args) else None
    meant = first is None or (first.startswith("-") and first not in _SELF)
    if first is not None and first not in COMMANDS and Path(first).expanduser().exists():
        meant = True
    return [*args[:own], "open", *args[own:]] if meant else list(args)
