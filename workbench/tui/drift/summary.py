"""The monitor under the cursor in short: what is so, since when, and its strip in small."""

from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.drift.grid import grid_of
from workbench.tui.drift.loader import MonitorPage
from workbench.tui.drift.rows import flags, subject
from workbench.tui.drift.scales import window
from workbench.tui.drift.strip_lines import Cursor, names_wide, strip_lines
from workbench.tui.drift.verdicts import WHOLE, ago, told
from workbench.tui.paragraphs import bullets, heading, labelled

if TYPE_CHECKING:
    from workbench.operations.drift.alerts import Alert
    from workbench.operations.drift.listing import WatchedLine

_COLUMNS: Final = 12
_ALERTS: Final = 3


def summary_lines(
    line: "WatchedLine", now: float, page: MonitorPage | None, width: int
) -> list[Line]:
    """Return what is known of a monitor; its strip once that was read."""
    said = WHOLE.get(line.verdict, _without(line))
    lines: list[Line] = [
        (Cell(cut(line.name, width), "bold"), Cell("  "), told(line.verdict, reading=line.reading)),
        *bullets([said] if said else [], "dim", width),
        *(found for flag in flags(line) for found in bullets([flag.text], flag.style, width)),
    ]
    if page is not None and page.name == line.name:
        lines += _strip(page, width)
        lines += _alerts(page, width)
    return [*lines, *heading("Watched"), *labelled(_facts(line, now), width)]


def _without(line: "WatchedLine") -> str:
    """Return what to say of a monitor that has no verdict; of one with a fault, that says it."""
    if line.reading:
        return "its reports are still being read"
    return "" if line.fault else "! checks it now"


def standing(page: MonitorPage, segment: str) -> tuple[str, ...]:
    """Return how a monitor stands, in the few words that a header has room for."""
    line, waiting = page.line, len(page.open_alerts)
    facts = [told(line.verdict).text] if line is not None and line.verdict else []
    if line is not None and line.checked is not None:
        facts.append(f"checked {ago(page.now - line.checked)}")
    facts += [words.plural(waiting, "alert")] if waiting else []
    facts += ["overdue"] if line is not None and line.overdue else []
    return (*facts, segment) if segment else tuple(facts)


def _strip(page: MonitorPage, width: int) -> list[Line]:
    grid = grid_of(page.series)
    if not grid.places or not grid.rows:
        return []
    names = names_wide(grid, width)
    last = len(grid.places) - 1
    seen = window(len(grid.places), max(1, width - names), last)
    shown = min(_COLUMNS, len(grid.rows))
    more = len(grid.rows) - shown
    lines = strip_lines(grid, seen, Cursor(-1, last, lit=False), shown=shown, names=names)
    rest = [(Cell(f"   and {words.plural(more, 'more column')}", "dim"),)] if more else []
    return [(), *lines, *rest]


def _alerts(page: MonitorPage, width: int) -> list[Line]:
    found = page.open_alerts
    if not found:
        return []
    told_alerts = [f"{where(one)}: {one.words}" for one in found[:_ALERTS]]
    lines = [*heading("Alerts", len(found)), *bullets(told_alerts, "warn", width)]
    return [*lines, (Cell("A", "bold key"), Cell(" acknowledges with a note", "dim"))]


def where(alert: "Alert") -> str:
    """Return the chunk of an alert, and its segment where it is not of all rows."""
    return " ".join(part for part in (alert.label, alert.segment) if part)


def _facts(line: "WatchedLine", now: float) -> dict[str, str]:
    facts = {"of": subject(line), "against": line.reference}
    if line.checked is not None:
        facts["checked"] = f"{ago(now - line.checked)}, {words.moment(line.checked)}"
    if line.data_time is not None:
        facts["data of"] = ago(now - line.data_time)
    if line.rows is not None:
        facts["rows"] = words.count(line.rows)
    facts["chunks"] = words.count(line.chunks)
    facts["severity"] = line.severity
    facts["muted"] = ", ".join(line.muted)
    return {name: fact for name, fact in facts.items() if fact}
