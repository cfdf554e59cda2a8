"""The lines above a chart: its title, what is unusual about it, and whose curve is whose."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.charts.drawing import Ink, Row, Span, cells, fit, shorten, visible
from workbench.charts.look import Look

_WIDEST_LABEL, _NARROWEST_LABEL = 32, 6
_GAP = "   "


class Entry(NamedTuple):
    """One curve in the legend; ``value`` is its value under the crosshair, or nothing."""

    letter: str
    label: str
    color: int
    focused: bool
    value: str = ""


def header(
    look: Look, entries: Sequence[Entry], width: int, rows: int, *, at: str = ""
) -> tuple[Row, ...]:
    """Return at most ``rows`` lines: the title, with the legend beside it or below it.

    ``at`` says where the crosshair stands.
    """
    if rows < 1:
        return ()
    title = _title(look, at, width)
    left = width - sum(cells(span.text) for span in title) - len(_GAP)
    beside = legend(entries, left, whole=rows > 1)
    if beside:
        blank = left + len(_GAP) - sum(cells(span.text) for span in beside)
        return (fit([*title, Span(" " * blank), *beside], width),)
    below = legend(entries, width) if rows > 1 else ()
    return (fit(title, width), fit(below, width)) if below else (fit(title, width),)


def _title(look: Look, at: str, width: int) -> list[Span]:
    title = shorten(visible(look.title), width)
    spans = [Span(title, Ink(look.theme.text, bold=True))]
    aside = visible(" · ".join(words for words in (look.aside, at) if words))
    if aside and cells(title) + cells(aside) + 2 <= width:
        spans.append(Span(("  " if title else "") + aside, Ink(look.theme.muted)))
    return spans


def legend(entries: Sequence[Entry], width: int, *, whole: bool = False) -> tuple[Span, ...]:
    """Return the entries in one line, labels cut as far as needed; the rest as ``+3``.

    Args:
        entries: The curves in order.
        width: Cells to fit into.
        whole: Return nothing rather than cut a label.
    """
    for cap in (_WIDEST_LABEL,) if whole else (_WIDEST_LABEL, 24, 16, 12, 8, _NARROWEST_LABEL):
        spans = _entries(entries, cap)
        if _width(spans) <= width:
            return spans
    return () if whole else _as_many(entries, width)


def _as_many(entries: Sequence[Entry], width: int) -> tuple[Span, ...]:
    for number in range(len(entries) - 1, 0, -1):
        rest = Span(f"{_GAP}+{len(entries) - number}")
        spans = (*_entries(entries[:number], _NARROWEST_LABEL), rest)
        if _width(spans) <= width:
            return spans
    return ()


def _entries(entries: Sequence[Entry], cap: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    for entry in entries:
        if spans:
            spans.append(Span(_GAP))
        spans += _entry(entry, cap)
    return tuple(spans)


def _entry(entry: Entry, cap: int) -> list[Span]:
    label = shorten(visible(entry.label), cap)
    said = f" {label} {entry.value}" if entry.value else f" {label}"
    return [
        Span(entry.letter or "─", Ink(entry.color, bold=True)),
        Span(said, Ink(entry.color, bold=entry.focused)),
    ]


def _width(spans: Sequence[Span]) -> int:
    return sum(cells(span.text) for span in spans)
