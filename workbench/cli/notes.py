"""``notes``: read or write the note of a run."""

import sys
from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option


@command("notes")
@click.argument("run")
@click.argument("text", required=False)
@workspace_option
def notes_command(run: str, text: str | None, workspace: Path | None) -> None:
    """Show or set the note of a run.

    TEXT becomes the note; "-" reads it from stdin; an empty TEXT takes it away. Without
    TEXT, on a terminal, $EDITOR is opened on it; otherwise the note is printed.
    """
    from workbench.operations.edits import edit  # noqa: PLC0415 - after parsing
    from workbench.operations.select import select  # noqa: PLC0415

    with opened(workspace) as session:
        record = select(session, run)
        if text == "-":
            text = sys.stdin.read().rstrip("\n")
        if text is None and output.terminal() and output.may_ask() and session.writable:
            text = _edited(record.note)
            if text is None:
                output.say("The note is as it was.")
                return
        if text is None:
            output.lines(output.visible(line) for line in record.note.splitlines())
            return
        edit(session, [record.run_id], {"note": text})
        output.say(f"The note of {output.visible(record.name)} is set.")


def _edited(note: str) -> str | None:
    """Return the note as the person left it in their editor, or None if unchanged."""
    text = click.edit(note, extension=".md")
    if text is None or text.rstrip("\n") == note.rstrip("\n"):
        return None
    return text.rstrip("\n")
