"""The lines above a chart: its title, what is unusual about it, and whose curve is whose."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.charts.drawing import Ink, Row, Span, cells, fit, shorten, visible
from workbench.charts.labels import abridged, least
from workbench.charts.look import Look

_WIDEST_LABEL, _READABLE = 32, 12
_CAPS = (_WIDEST_LABEL, 24, 16, _READABLE, 8, 6, 4)
_GAP, _TIGHT = "   ", "  "
_SEPARATORS, _CLOSING = " /-_", " /_)]"
_TALL = (14, 20)
"""From so many rows on a chart gives up a third one and a fourth, if its legend needs it."""


class Entry(NamedTuple):
    """One curve in the legend; ``value`` is its value under the crosshair, or nothing."""

    letter: str
    label: str
    color: int
    focused: bool
    value: str = ""


def most_rows(height: int) -> int:
    """Return how many rows title and legend may take of a chart that high."""
    return 2 + sum(height >= tall for tall in _TALL)


def header(
    look: Look, entries: Sequence[Entry], width: int, rows: int, *, at: str = ""
) -> tuple[Row, ...]:
    """Return at most ``rows`` lines: the title, with the legend beside it or below it.

    ``at`` says what else stands beside the title: where the crosshair is.
    """
    if rows < 1:
        return ()
    title = _title(look, at, width)
    left = width - sum(cells(span.text) for span in title) - len(_GAP)
    beside = legend(entries, left, whole=rows > 1)
    if beside:
        blank = left + len(_GAP) - sum(cells(span.text) for span in beside)
        return (fit([*title, Span(" " * blank), *beside], width),)
    below = _below(entries, width, rows - 1)
    return (fit(title, width), *(fit(line, width) for line in below))


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
    spans = _joined(entries, _WIDEST_LABEL)
    if _width(spans) <= width:
        return spans
    lines = () if whole else _below(entries, width, 1)
    return lines[0] if lines else ()


def _below(entries: Sequence[Entry], width: int, most: int) -> tuple[tuple[Span, ...], ...]:
    """Return the legend in few lines of a width: whole, else without what all labels share.

    Another line is begun before labels are cut so far that they cannot be read.
    """
    if not entries or most < 1:
        return ()
    whole = _joined(entries, _WIDEST_LABEL)
    if _width(whole) <= width:
        return (whole,)
    apart = _without_shared(entries)
    readable = _readable([entry.label for entry in apart])
    for number in range(1, most + 1):
        for cap in _caps(apart):
            lines = _wrapped(apart, cap, width)
            if len(lines) <= number and (cap >= readable or number == most):
                return lines
    return _as_many(apart, width)


def _readable(labels: Sequence[str]) -> int:
    """Return how wide labels have to be for it not to be worth another line to widen them."""
    if not least(labels):
        return _READABLE
    return min(max(map(cells, labels)), _WIDEST_LABEL)


def _without_shared(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    labels = without_shared([visible(entry.label) for entry in entries])
    return tuple(entry._replace(label=label) for entry, label in zip(entries, labels, strict=True))


def without_shared(labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels without the words all of them begin with, and those all end with."""
    if len(labels) < 2:  # noqa: PLR2004 - one label shares nothing
        return tuple(labels)
    cuts = range(_shared(labels), 0, -1)
    start = next((at for at in cuts if all(_begins(label, at) for label in labels)), 0)
    rest = [label[start:] for label in labels]
    ends = range(_shared([label[::-1] for label in rest]), 0, -1)
    end = next((at for at in ends if all(_begins_end(label, at) for label in rest)), 0)
    return tuple(label[: len(label) - end] for label in rest)


def _shared(labels: Sequence[str]) -> int:
    """Return how many characters all labels begin with."""
    first, last = min(labels), max(labels)
    pairs = enumerate(zip(first, last, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(last)))


def _begins(label: str, at: int) -> bool:
    """Tell whether a word begins at a place of the label."""
    return bool(label[at:].strip()) and _parts_words(label, at - 1)


def _begins_end(label: str, size: int) -> bool:
    """Tell whether the last ``size`` characters of the label are words after a separator."""
    return bool(label[:-size].strip()) and _parts_words(label, len(label) - size)


def _parts_words(text: str, at: int) -> bool:
    """Tell whether a character is between two words: the sign in =-3 and in 1e-3 is not."""
    before = text[at - 1] if at > 0 else ""
    if text[at] not in _SEPARATORS or not (before.isalnum() or before in _CLOSING):
        return False
    return not (text[at] == "-" and before in "eE" and text[at - 2].isdigit())


def _wrapped(entries: Sequence[Entry], cap: int, width: int) -> tuple[tuple[Span, ...], ...]:
    gap = Span(_GAP if cap >= _READABLE else _TIGHT)
    lines: list[list[Span]] = [[]]
    left = width
    for spans in _cut(entries, cap):
        size = _width(spans)
        if size > width:
            return ((),) * (len(entries) + 1)
        if lines[-1] and size + cells(gap.text) > left:
            lines.append([])
            left = width
        said = [gap, *spans] if lines[-1] else spans
        lines[-1] += said
        left -= _width(said)
    return tuple(map(tuple, lines))


def _as_many(entries: Sequence[Entry], width: int) -> tuple[tuple[Span, ...], ...]:
    """Return one line of as many entries as have room, that of the focused curve among them."""
    numbers = range(len(entries) - 1, 0, -1)
    tries = [(number, cap) for number in numbers for cap in _caps(entries)]
    for number, cap in (*tries, *((number, _CAPS[-1]) for number in numbers)):
        rest = Span(f"{_TIGHT}+{len(entries) - number}")
        spans = (*_joined(_first(entries, number), cap, _TIGHT), rest)
        if _width(spans) <= width:
            return (spans,)
    return ()


def _first(entries: Sequence[Entry], number: int) -> tuple[Entry, ...]:
    """Return so many entries in their order, first of all the focused ones."""
    ranked = sorted(range(len(entries)), key=lambda at: not entries[at].focused)
    return tuple(entries[at] for at in sorted(ranked[:number]))


def _joined(entries: Sequence[Entry], cap: int, gap: str = _GAP) -> tuple[Span, ...]:
    spans: list[Span] = []
    for entry in _cut(entries, cap):
        spans += [Span(gap), *entry] if spans else entry
    return tuple(spans)


def _cut(entries: Sequence[Entry], cap: int) -> list[list[Span]]:
    labels = abridged([visible(entry.label) for entry in entries], cap)
    return [_entry(entry, label) for entry, label in zip(entries, labels, strict=True)]


def _entry(entry: Entry, label: str) -> list[Span]:
    said = "".join(f" {part}" for part in (label, entry.value) if part)
    return [
        Span(entry.letter or "─", Ink(entry.color, bold=True)),
        Span(said, Ink(entry.color, bold=entry.focused)),
    ]


def _caps(entries: Sequence[Entry]) -> tuple[int, ...]:
    """Return how wide labels may be, best first: never so narrow that values of params are cut.

    A letter with a value of its own does without a label.
    """
    needed = least([visible(entry.label) for entry in entries])
    named = least([visible(entry.label) for entry in entries], named=True)
    caps = {needed or _CAPS[-1], named or _CAPS[-1], *(cap for cap in _CAPS if cap >= needed)}
    lettered = all(entry.letter and entry.value for entry in entries)
    return (*sorted(caps, reverse=True), *((0,) if lettered else ()))


def _width(spans: Sequence[Span]) -> int:
    return sum(cells(span.text) for span in spans)
