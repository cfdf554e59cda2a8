"""``formats ls``: what can be opened."""

from workbench.cli import output
from workbench.cli.options import command, form_options


@command("ls")
@form_options("json", "csv", "md")
def ls_command(form: str | None) -> None:
    """List the formats that can be opened."""
    from workbench.formats.detect import installed  # noqa: PLC0415 - after parsing

    there = installed()
    fields = ("name", "title", "live", "verified")
    rows = [[str(getattr(reader, field)) for field in fields] for reader in there.formats]
    if form == "json":
        output.json_array(dict(zip(fields, row, strict=True)) for row in rows)
    elif form == "csv":
        output.lines(output.separated(fields, rows))
    elif form == "md":
        output.lines(output.markdown(output.Table([output.Heading(f) for f in fields], rows)))
    else:
        for name, title, live, verified in rows:
            output.line(f"{output.strong(name)}  {title}")
            output.line(f"    changes: {live}")
            output.line(f"    checked: {verified}")
    for fault in there.faults:
        output.say(output.visible(f"{fault.path} {fault.reason}"))
