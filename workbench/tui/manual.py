"""The manual's table of keys, made from the key table itself.

``python -m workbench.tui.manual docs/screens-and-keys.md`` renews it in place.
"""

import sys
from pathlib import Path

from workbench.tui.keys import KEYS, TITLES, Key

BEGIN = "<!-- keys: made by `python -m workbench.tui.manual docs/screens-and-keys.md` -->"
END = "<!-- keys: end -->"


def key_tables() -> str:
    """Return one Markdown table for each place that keys hold in."""
    parts = [
        _table(title, [key for key in KEYS if scope in key.scopes and key.keys])
        for scope, title in TITLES.items()
    ]
    nameless = [key for key in KEYS if not key.keys]
    return "\n".join([*parts, _table("In the palette only", nameless)])


def _table(title: str, keys: list[Key]) -> str:
    rows = "\n".join(_row(key) for key in keys)
    return f"### {title}\n\n| key | does | in full | id |\n|---|---|---|---|\n{rows}\n"


def _row(key: Key) -> str:
    shown = f"`{key.shown}`" if key.keys else "`:`"
    cells = (shown, key.words, key.sentence, f"`{key.id}`")
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def renewed(text: str) -> str:
    """Return a page with its tables of keys as they are now.

    Raises:
        ValueError: The page has no place for them.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page lacks the line {BEGIN!r} or {END!r}.")
    return f"{before}{BEGIN}\n\n{key_tables()}\n{END}{after}"


def main(path: Path) -> None:
    """Renew the tables in a page."""
    path.write_text(renewed(path.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
