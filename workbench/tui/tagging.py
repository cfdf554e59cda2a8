"""Tags as a person types them."""

from workbench.runs.edits import TAG


def read_tags(text: str) -> dict[str, str | None] | str:
    """Return the changes a person typed, or a sentence that says what is wrong.

    ``team=risk, -old`` sets one tag and takes another away.
    """
    changes: dict[str, str | None] = {}
    for part in (part.strip() for part in text.split(",")):
        if not part:
            continue
        if part.startswith("-") and part != "-" and "=" not in part:
            changes[TAG + part[1:].strip()] = None
            continue
        name, equals, value = part.partition("=")
        if not equals or not name.strip():
            return f"Write {part!r} as name=value, or -name to take a tag away."
        changes[TAG + name.strip()] = value.strip()
    return changes
