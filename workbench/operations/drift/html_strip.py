"""The heat strip of the HTML report: columns by chunks, a letter and a colour in each cell."""

from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.charts.labels import cut_middle
from workbench.datasets.drift.report import (
    FEATURE,
    LETTERS,
    VERDICTS,
    ChunkDrift,
    ColumnDrift,
    DriftReport,
)
from workbench.operations.drift import gist
from workbench.operations.drift.html_style import class_of
from workbench.operations.drift.html_tags import Markup, joined, tag
from workbench.words import count, number, percent

if TYPE_CHECKING:
    from workbench.operations.drift.series import Series

_WIDEST: Final = 26
_LONGEST: Final = 120
"""Characters of what a cell says when it is pointed at; all of it stands below."""
MOST_CHUNKS, MOST_COLUMNS = 60, 200
"""What a page shows; of more the newest chunks and the first columns, and it says so."""
_UNKNOWN: Final = "?"


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


class Strip(NamedTuple):
    """Columns by chunks."""

    chunks: tuple[str, ...]
    whole: tuple[Place, ...]
    """The verdict on each chunk as a whole."""
    lines: tuple[Line, ...]


def of_report(report: DriftReport) -> Strip:
    """Return the strip of one report, columns in the order they are told in."""
    chunks = report.chunks[-MOST_CHUNKS:]
    looked = [{one.name: one for one in chunk.columns} for chunk in chunks]
    lines = tuple(
        Line(told.column.name, told.column.part,
            told.column.importance,
             tuple(_place(found.get(told.column.name)) for found in looked))
        for told in gist.told(report)
    )  # fmt: skip
    whole = tuple(Place(one.verdict, _rows(one)) for one in chunks)
    return Strip(tuple(map(gist.name_of, chunks)), whole, lines)


def of_series(series: "Series") -> Strip:
    """Return the strip of all that a monitor found."""
    first = max(len(series.chunks) - MOST_CHUNKS, 0)
    chunks = series.chunks[first:]
    lines = tuple(
        Line(head.name, head.part,
            head.importance,
             tuple(Place(one.verdict, _said(one.effect, one.words)) if one else None
                   for one in cells[first:]))
        for head, cells in zip(series.columns, series.cells, strict=True)
    )  # fmt: skip
    whole = tuple(
        Place(one.verdict, f"{count(one.rows)} rows, score {number(one.score, 2)}")
        for one in chunks
    )
    names = tuple(" ".join(filter(None, (one.label, one.segment))) or "all rows" for one in chunks)
    return Strip(names, whole, lines)


def _about(line: Line, *, weighed: bool) -> str:
    weight = f"importance {percent(line.importance)}" if weighed and line.importance else ""
    return ", ".join(filter(None, ("" if line.part == FEATURE else line.part, weight)))


def _place(found: ColumnDrift | None) -> Place | None:
    if found is None:
        return None
    return Place(found.verdict, _said(found.effect, found.words or found.reason))


def _said(effect: float, words: str) -> str:
    return ": ".join(filter(None, (f"{number(effect, 2)} × limit" if effect else "", words)))


def _rows(chunk: ChunkDrift) -> str:
    said = f"{count(chunk.rows)} rows, score {number(chunk.score, 2)}"
    return f"{said}: {chunk.reason}" if chunk.reason else said


def drawn(strip: Strip, links: dict[str, str], *, chunks: int) -> Markup:
    """Return the strip as a table, and what its letters mean.

    Args:
        strip: Columns by chunks.
        links: Where on the page a column is told at length, by its name.
        chunks: How many there are in all.
    """
    weighed = len({line.importance for line in strip.lines}) > 1
    head = tag("tr", tag("th", "column"), *(_chunk(one) for one in strip.chunks))
    rows = [tag("tr", tag("th", tag("b", "all columns")), *map(_cell, strip.whole))]
    for line in strip.lines[:MOST_COLUMNS]:
        there = links.get(line.name)
        name = tag("a", line.name, href=there) if there else tag("span", line.name)
        said = _about(line, weighed=weighed)
        about = tag("span", f" {said}", class_="muted") if said else Markup()
        rows.append(tag("tr", tag("th", name, about, scope="row"), *map(_cell, line.cells)))
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="strip")
    return joined(tag("div", table, class_="wide"), _legend(strip), _fewer(strip, chunks))


def _chunk(name: str) -> Markup:
    return tag("th", cut_middle(name, _WIDEST), class_="c", title=name)


def _cell(place: Place | None) -> Markup:
    if place is None:
        return tag("td", class_="v", title="not there")
    title = f"{place.verdict}: {place.words}" if place.words else place.verdict
    letter = LETTERS.get(place.verdict, _UNKNOWN)
    return tag("td", letter, class_=f"v {class_of(place.verdict)}", title=title[:_LONGEST])


def _legend(strip: Strip) -> Markup:
    cells = [*strip.whole, *(one for line in strip.lines for one in line.cells if one)]
    there = {one.verdict for one in cells}
    badges = [
        joined(tag("span", LETTERS[one], class_=f"badge {class_of(one)}"), f" {one}   ")
        for one in VERDICTS
        if one in there
    ]
    return tag("p", *badges, class_="muted") if badges else Markup()


def _fewer(strip: Strip, chunks: int) -> Markup:
    said = []
    if chunks > len(strip.chunks):
        said.append(f"the newest {count(len(strip.chunks))} of {count(chunks)} chunks")
    if len(strip.lines) > MOST_COLUMNS:
        said.append(f"the first {count(MOST_COLUMNS)} of {count(len(strip.lines))} columns")
    return tag("p", f"Shown: {' and '.join(said)}.", class_="muted") if said else Markup()


def named(verdict: str) -> Markup:
    """Return a verdict as a word with its letter and colour."""
    said = f"{LETTERS.get(verdict, _UNKNOWN)} {verdict}"
    return tag("span", said, class_=f"badge {class_of(verdict)}")
