"""The table of what can be opened, from the readers themselves."""

from workbench.formats.detect import installed


def generated() -> dict[str, str]:
    """Return the table, by its page."""
    lines = ["| format | name | a change is seen | checked against |", "|---|---|---|---|"]
    lines += [
        f"| {reader.title} | `{reader.name}` | {reader.live} | {reader.verified} |"
        for reader in installed().formats
    ]
    return {"formats/reading.md": "\n".join(lines)}
