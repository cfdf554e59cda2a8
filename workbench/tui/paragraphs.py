"""Texts as lines: facts by label, long lines folded, a diff, the console."""

import re
from collections.abc import Mapping, Sequence

from workbench.tui.cells import Cell, Line, cut, fit, visible, width_of
from workbench.tui.folding import folded
from workbench.words import plural

_STEERING = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_LEAST_LABEL, _MOST_LABEL = 10, 24
_MOST_ROWS = 5_000
"""Rows of a diff that are laid out."""
_LONGEST_ROW = 4_000
"""Signs of a row that are looked at; no screen is wider."""


def labelled(facts: Mapping[str, str], width: int) -> list[Line]:
    """Return facts one below the other; a long one goes on under itself."""
    if not facts:
        return []
    wide = min(_MOST_LABEL, max(_LEAST_LABEL, *(width_of(visible(name)) for name in facts)))
    lines: list[Line] = []
    for name, fact in facts.items():
        first, *rest = folded(fact, max(8, width - wide - 2)) or [""]
        lines.append((Cell(fit(name, wide), "dim"), Cell("  "), Cell(first)))
        lines += [(Cell(" " * (wide + 2)), Cell(more)) for more in rest]
    return lines


def heading(title: str, count: int | None = None) -> list[Line]:
    """Return a blank line and a title, with how many there are."""
    number = () if count is None else (Cell(f" {count}", "faint"),)
    return [(), (Cell(title, "bold accent"), *number)]


def console_lines(text: str, width: int) -> list[Line]:
    """Return console output as a terminal would have left it: bars overwritten, no colours."""
    lines: list[Line] = []
    for line in text.removesuffix("\n").split("\n") if text else ():
        last = line.rstrip("\r").rpartition("\r")[2]
        lines += [(Cell(part),) for part in folded(_STEERING.sub("", last), width)]
    return lines


def diff_lines(diff: str, width: int) -> list[Line]:
    """Return a diff with what came and what went; the signs say so without colour.

    A page is laid out while somebody waits for it, so of a very long diff the beginning
    is shown, and how much is not.
    """
    if not diff:
        return []
    rows = diff.removesuffix("\n").split("\n", _MOST_ROWS)
    rest = rows[_MOST_ROWS].count("\n") + 1 if len(rows) > _MOST_ROWS else 0
    shown = [(Cell(cut(row[:_LONGEST_ROW], width), _diff_style(row)),) for row in rows[:_MOST_ROWS]]
    more = Cell(f"{plural(rest, 'more line')}; copying takes all of them.", "warn")
    return [_diff_summary(f"\n{diff}"), (), *shown, *([(), (more,)] if rest else [])]


def _diff_summary(diff: str) -> Line:
    """Return how many lines came and went; each line of ``diff`` has its break before it."""
    came = diff.count("\n+") - diff.count("\n+++")
    went = diff.count("\n-") - diff.count("\n---")
    files = diff.count("\ndiff --git ")
    return (
        Cell(f"{plural(came, 'line')} added", "good"),
        Cell(", ", "dim"),
        Cell(f"{plural(went, 'line')} removed", "bad"),
        *([Cell(f" in {plural(files, 'file')}", "dim")] if files else []),
    )


def _diff_style(row: str) -> str:
    if row.startswith(("diff --git ", "+++", "---")):
        return "bold"
    if row.startswith("@@"):
        return "accent"
    if row.startswith("+"):
        return "good"
    if row.startswith("-"):
        return "bad"
    return "dim" if row.startswith(("index ", "new file", "deleted file", "similarity")) else ""


def bullets(sentences: Sequence[str], style: str, width: int) -> list[Line]:
    """Return sentences folded to a width, all in one style."""
    return [(Cell(part, style),) for each in sentences for part in folded(each, width)]
