"""The heat strip of the HTML report: columns by chunks, a letter and a colour in each cell."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.charts.labels import cut_middle
from workbench.datasets.drift.report import (
    FEATURE,
    LETTERS,
    VERDICTS,
)
from workbench.operations.drift.html_style import class_of
from workbench.operations.drift.html_tags import Markup, joined, tag
from workbench.words import count, number, percent, visible

if TYPE_CHECKING:
    from workbench.operations.drift.series import ChunkHead, Series

_WIDEST: Final = 26
_LONGEST: Final = 120
"""Characters of what a cell says when it is pointed at; all of it stands below."""
_TITLED: Final = 1_500
"""Cells of a strip from which on none says more than its letter: the page would be too large."""
MOST_CHUNKS, MOST_COLUMNS = 60, 200
"""What a page shows; of more the newest chunks and the first columns, and it says so."""
_UNKNOWN: Final = "?"
_ALERT: Final = "▲"


class Place(NamedTuple):
    """One cell: the verdict on a column in a chunk."""

    verdict: str
    words: str = ""


class Line(NamedTuple):
    """A column with its cells, None where a chunk does not have it."""

    name: str
    part: str
    importance: float
    cells: tuple[Place | None, ...]


class Head(NamedTuple):
    """A chunk as a whole."""

    label: str
    segment: str
    place: Place
    alert: bool = False
    """Whether somebody still has to acknowledge it."""


class Strip(NamedTuple):
    """Columns by chunks, the chunks of each segment together."""

    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


def of_series(series: "Series") -> Strip:
    """Return the strip of all that a monitor found."""
    kept = _kept([one.segment for one in series.chunks])
    lines = []
    for head, row in zip(series.columns, series.cells, strict=True):
        found = [row[at] for at in kept]
        cells = tuple(
            None if one is None else Place(one.verdict, _said(one.effect, one.words))
            for one in found
        )
        lines.append(Line(head.name, head.part, head.importance, cells))
    chunks = [series.chunks[at] for at in kept]
    heads = (Head(one.label, one.segment, _whole(one), alert=bool(one.alert)) for one in chunks)
    return Strip(tuple(heads), tuple(lines))


def _kept(segments: Sequence[str]) -> list[int]:
    """Return which chunks are shown: as many of each segment, the newest; all rows are one."""
    groups: dict[str, list[int]] = {}
    for at, segment in enumerate(segments):
        groups.setdefault(segment, []).append(at)
    room = max(MOST_CHUNKS // max(len(groups), 1), 1)
    kept = [at for group in groups.values() for at in group[-room:]]
    return kept[:MOST_CHUNKS]


def _whole(chunk: "ChunkHead") -> Place:
    said = f"{count(chunk.rows)} rows, score {number(chunk.score, 2)}"
    said += f", against {chunk.reference}" if chunk.reference else ""
    return Place(chunk.verdict, ": ".join(filter(None, (said, chunk.reason))))


def _about(line: Line, *, weighed: bool) -> str:
    weight = f"importance {percent(line.importance)}" if weighed and line.importance else ""
    return ", ".join(filter(None, ("" if line.part == FEATURE else line.part, weight)))


def _said(effect: float, words: str) -> str:
    return ": ".join(filter(None, (f"{number(effect, 2)} × limit" if effect else "", words)))


def drawn(strip: Strip, links: dict[str, str], *, chunks: int) -> Markup:
    """Return the strip as a table, and what its letters mean.

    Args:
        strip: Columns by chunks.
        links: Where on the page a column is told at length, by its name.
        chunks: How many there are in all.
    """
    weighed = len({line.importance for line in strip.lines}) > 1
    titled = len(strip.lines) * len(strip.heads) <= _TITLED
    rows = [
        tag("tr", tag("th", tag("b", "all columns")), *(_cell(one.place) for one in strip.heads))
    ]
    if any(one.alert for one in strip.heads):
        rows.append(tag("tr", tag("th", "open alert"), *(_alert(one) for one in strip.heads)))
    for line in strip.lines[:MOST_COLUMNS]:
        there = links.get(line.name)
        name = tag("a", line.name, href=there) if there else tag("span", line.name)
        said = _about(line, weighed=weighed)
        about = tag("span", f" {said}", class_="muted") if said else Markup()
        rows.append(
            tag(
                "tr",
                tag("th", name, about, scope="row"),
                *(_cell(one, titled=titled) for one in line.cells),
            )
        )
    table = tag("table", tag("thead", *_heads(strip)), tag("tbody", *rows), class_="strip")
    return joined(tag("div", table, class_="wide"), _legend(strip), _fewer(strip, chunks))


def _heads(strip: Strip) -> Iterator[Markup]:
    """Yield the segments, where there are any, and under them the labels of the chunks."""
    if any(one.segment for one in strip.heads):
        groups = [(name, len(list(of))) for name, of in groupby(one.segment for one in strip.heads)]
        spans = (tag("th", name or "all rows", colspan=str(wide)) for name, wide in groups)
        yield tag("tr", tag("th"), *spans)
    yield tag("tr", tag("th", "column"), *(_chunk(one.label or "all") for one in strip.heads))


def _chunk(name: str) -> Markup:
    return tag("th", cut_middle(visible(name), _WIDEST), class_="c", title=name)


def _alert(head: Head) -> Markup:
    return tag("td", _ALERT if head.alert else "", class_="v", title="alert" if head.alert else "")


def _cell(place: Place | None, *, titled: bool = True) -> Markup:
    if place is None:
        return tag("td", class_="v", title="not there" if titled else "")
    title = f"{place.verdict}: {place.words}" if place.words else place.verdict
    letter = LETTERS.get(place.verdict, _UNKNOWN)
    return tag(
        "td",
        letter,
        class_=f"v {class_of(place.verdict)}",
        title=title[:_LONGEST] if titled else "",
    )


def _legend(strip: Strip) -> Markup:
    cells = [one for line in strip.lines for one in line.cells if one]
    there = {one.verdict for one in (*cells, *(head.place for head in strip.heads))}
    badges = [
        joined(tag("span", LETTERS[one], class_=f"badge {class_of(one)}"), f" {one}   ")
        for one in VERDICTS
        if one in there
    ]
    return tag("p", *badges, class_="muted") if badges else Markup()


def _fewer(strip: Strip, chunks: int) -> Markup:
    said = []
    if chunks > len(strip.heads):
        each = " of each segment" if any(one.segment for one in strip.heads) else ""
        said.append(f"the newest chunks{each}, {count(len(strip.heads))} of {count(chunks)},")
    if len(strip.lines) > MOST_COLUMNS:
        said.append(f"the first {count(MOST_COLUMNS)} of {count(len(strip.lines))} columns")
    return tag("p", f"Shown: {' and '.join(said)}.", class_="muted") if said else Markup()


def named(verdict: str) -> Markup:
    """Return a verdict as a word with its letter and colour."""
    said = f"{LETTERS.get(verdict, _UNKNOWN)} {verdict}"
    return tag("span", said, class_=f"badge {class_of(verdict)}")
