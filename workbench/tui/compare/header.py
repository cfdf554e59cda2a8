"""What the header and the hairline say of a comparison, and what is missing in it."""

from collections.abc import Sequence

from workbench import words
from workbench.tui.cells import Cell, Line, shorten_line
from workbench.tui.compare.state import Shown
from workbench.tui.folding import folded


def header_facts(shown: Shown | None, metric: str, at: float | None) -> tuple[str, ...]:
    """Return ``4 runs``, ``metric val/auc``, and what is unusual; the first are kept longest."""
    if shown is None:
        return ()
    choices = shown.choices
    facts = [words.plural(len(shown.runs), "run")]
    if metric:
        facts.append(f"metric {metric}")
    if at is not None:
        facts.append(f"at step {words.number(at, 12)}")
    if choices.equal:
        facts.append("all rows")
    if choices.typed:
        facts.append(f"/{choices.typed}")
    if choices.order is not None:
        facts.append(f"ordered by {choices.order.name}")
    return (*facts, *_counted(shown))


def _counted(shown: Shown) -> tuple[str, ...]:
    differ = sum(counts[0] for counts in shown.counts.values())
    equal = sum(counts[1] for counts in shown.counts.values())
    return (f"{words.count(differ)} differ", f"{words.count(equal)} equal")


def table_title(shown: Shown) -> tuple[Line, Line]:
    """Return what stands at both ends of the hairline over the table."""
    equal = sum(counts[1] for counts in shown.counts.values())
    title = "all rows" if shown.choices.equal else "differences"
    if not equal:
        return (Cell(title, "bold"),), ()
    does = "folds" if shown.choices.equal else "opens"
    said = f" {does} {words.plural(equal, 'equal row')}"
    return (Cell(title, "bold"),), (Cell("=", "bold key"), Cell(said, "dim"))


def missing_lines(said: Sequence[str], width: int, most: int, *, whole: bool) -> list[Line]:
    """Return what is missing, a line each, and how many sentences found no place.

    With ``whole`` it is all of it, sentences that are too long folded.
    """
    if whole:
        return [
            (Cell(" ! " if not number else "   ", "warn"), Cell(part, "dim"))
            for each in said
            for number, part in enumerate(folded(each, max(1, width - 3)))
        ]
    shown = said if len(said) <= most else said[: most - 1]
    lines: list[Line] = [
        shorten_line((Cell(" ! ", "warn"), Cell(folded(each, 2_000)[0], "dim")), width)
        for each in shown
    ]
    if len(said) > len(shown):
        more = Cell(f"and {len(said) - len(shown)} more  ", "dim")
        keys = (Cell("Tab", "bold key"), Cell(" reads them", "dim"))
        lines.append((Cell(" ! ", "warn"), more, *keys))
    return lines
