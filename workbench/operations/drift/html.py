"""A drift report as one HTML file: no script, nothing fetched, for light, for dark and for paper.

Sentences and tables are those of the other forms; only the drawing is this one's. Everything a
person wrote or a file held is text (`html_tags`).
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict

from workbench.charts.drifting.sides import missing, off
from workbench.datasets.drift.limits import LIMITS
from workbench.datasets.drift.measures import measure_name
from workbench.datasets.drift.report import ALARMS, ColumnDrift, DriftReport, Finding
from workbench.datasets.drift.thresholds import Thresholds
from workbench.operations.drift import gist, html_strip
from workbench.operations.drift.gist import Told
from workbench.operations.drift.html_plots import Colors, plots
from workbench.operations.drift.html_strip import named
from workbench.operations.drift.html_style import style
from workbench.operations.drift.html_tags import Markup, joined, tag
from workbench.operations.drift.over_time import points_of, promotions_of
from workbench.operations.drift.report_sections import sections
from workbench.operations.drift.series import of_report
from workbench.operations.sections import Section
from workbench.words import count, delta, iso, number, percent, plural

if TYPE_CHECKING:
    from workbench.operations.drift.series import Series

MOST_TOLD: Final = 60
"""Columns that are told at length, with their numbers."""
_DRAWN: Final = 180_000
"""Characters of plots on one page; the columns after that have their numbers alone."""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""Even a browser that is told otherwise loads nothing and runs nothing."""


def page(report: DriftReport, series: "Series | None" = None) -> str:
    """Return a report as one static HTML page.

    Args:
        report: What one check found.
        series: All that its monitor found: then the strip and the effects are over all of it.
    """
    colors = Colors()
    shown = series if series is not None and series.chunks else of_report(report)
    moved = [one for one in gist.told(report) if one.column.verdict in ALARMS][:MOST_TOLD]
    links = {one.column.name: f"#column-{at}" for at, one in enumerate(moved)}
    strip = _strip(shown, links)
    several = len(shown.chunks) > 1
    body = joined(
        _head(report),
        strip if several else Markup(),
        *(_section(one) for one in sections(report)),
        Markup() if several else strip,
        _limits(report.thresholds),
        *_moved(report, shown, moved, colors),
        _foot(report),
    )
    title = f"Drift: {report.monitor or report.current.name}"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", title),
        tag("style", Markup(style(colors.named))),
    )
    return f"<!doctype html>\n{tag('html', head, tag('body', body), lang='en')}\n"


def _head(report: DriftReport) -> Markup:
    return tag(
        "header",
        tag("h1", f"Drift: {report.monitor or report.current.name}"),
        tag("p", named(report.verdict), f" {gist.headline(report)}"),
        tag("p", f"Checked {_moment(report.time)}.", class_="muted"),
    )


def _moment(time: float) -> str:
    return f"{iso(time)[:16].replace('T', ' ')} UTC" if iso(time) else "at no known time"


def _strip(series: "Series", links: dict[str, str]) -> Markup:
    strip, chunks = html_strip.of_series(series), len(series.chunks)
    if not strip.heads:
        return joined(tag("h2", "Columns by chunk"), tag("p", "No chunk was checked."))
    return joined(tag("h2", "Columns by chunk"), html_strip.drawn(strip, links, chunks=chunks))


def _moved(
    report: DriftReport, series: "Series", moved: Sequence[Told], colors: Colors
) -> Iterator[Markup]:
    """Yield the columns that moved, with plots as long as the page stays small."""
    if moved:
        yield tag("h2", "Column by column")
    room, undrawn = _DRAWN, 0
    for at, one in enumerate(moved):
        drawn = _plots(series, one, colors) if room > 0 else Markup()
        undrawn += not drawn
        room -= len(drawn)
        yield _told(report, one, drawn, f"column-{at}")
    if undrawn:
        yield tag("p", f"{plural(undrawn, 'column')} without plots, to keep the page small.",
                  class_="muted")  # fmt: skip


def _plots(series: "Series", one: Told, colors: Colors) -> Markup:
    name, segment = one.column.name, one.chunk.segment
    points = points_of(series, name, segment)
    return plots(one.column, points, promotions_of(series), one.chunk.label, colors)


def _told(report: DriftReport, one: Told, drawn: Markup, anchor: str) -> Markup:
    column = one.column
    several = len(report.chunks) > 1
    where = f" in {gist.name_of(one.chunk)}" if several else ""
    where += f" against {one.chunk.reference}" if one.chunk.reference else ""
    often = f" It drifted in {count(one.alarms)} of {plural(one.chunks, 'chunk')}."
    return tag(
        "section",
        tag("h3", f"{column.name} ", named(column.verdict), id=anchor),
        tag(
            "p", f"{column.words or measure_name(column.measure)}{where}.{often if several else ''}"
        ),
        tag("div", drawn, class_="plots") if drawn else Markup(),
        tag("div", _table(_measures(column)), _table(_facts(column)), class_="facts"),
        *(tag("p", _finding(found)) for found in column.findings),
    )


def _measures(column: ColumnDrift) -> Section:
    rows = [
        (measure_name(one.name), number(one.value, 4) + off(one.within),
         "" if one.limit is None else number(one.limit, 4),
         _chance(one.p).removeprefix("= "), one.words)
        for one in column.measures
    ]  # fmt: skip
    return Section("", tuple(rows), ("measure", "value", "limit", "p", "meaning"))


def _facts(column: ColumnDrift) -> Section:
    judged = f"{column.test}, p {_chance(column.p)}, q {_chance(column.q)}"
    facts = (
        ("tested by", judged if column.test else ""),
        ("effect", f"{number(column.effect, 3)} × limit ({measure_name(column.measure)})"),
        ("middle moved by", f"{delta(column.shift)} of its spread" if column.shift else ""),
        ("values, reference", count(column.reference_rows)),
        ("values, current", count(column.current_rows)),
        ("missing", missing(column).removeprefix("missing ")),
        ("importance", percent(column.importance) if column.importance else ""),
        ("tested as", column.role),
    )
    return Section("", tuple((name, said) for name, said in facts if said))


def _chance(value: float | None) -> str:
    """Return a p-value as it stands behind its letter; 0 is one that no float holds.

    Without a space, at which a narrow table would break it.
    """
    if value is None:
        return ""
    return f"= {number(value, 2)}" if value else "<1e-300"


def _finding(found: Finding) -> str:
    return f"{found.severity}: {found.words}."


def _limits(limits: Thresholds) -> Markup:
    usual = asdict(Thresholds())
    rows = [
        (name.replace("_", " "), number(value, 4),
         LIMITS[name].meaning + (f" (usually {number(usual[name], 4)})"
                                    if value != usual[name] else ""))
        for name, value in asdict(limits).items()
    ]  # fmt: skip
    return _section(Section("limits", tuple(rows), ("", "limit", "of what")))


def _section(one: Section) -> Markup:
    return joined(tag("h2", one.title[:1].upper() + one.title[1:]), _table(one))


def _table(one: Section) -> Markup:
    """Return rows as a table; rows of one cell are paragraphs."""
    if not one.rows:
        return Markup()
    if all(len(row) == 1 for row in one.rows):
        return joined(*(tag("p", row[0]) for row in one.rows))
    one = _used(one)
    heads = [tag("tr", *(tag("th", head) for head in one.heads))] if one.heads else []
    at = one.heads.index("verdict") if "verdict" in one.heads else -1
    rows = [
        tag("tr", *(tag("td", named(cell) if n == at else cell) for n, cell in enumerate(row)))
        for row in one.rows
    ]
    body = tag("tbody", *rows)
    table = tag("table", tag("thead", *heads), body) if heads else tag("table", body)
    return tag("div", table, class_="wide")


def _used(one: Section) -> Section:
    """Return a table without the columns in which nothing stands."""
    wide = max(map(len, one.rows))
    kept = [
        at for at in range(wide) if any(row[at : at + 1] not in ((), ("",)) for row in one.rows)
    ]
    rows = tuple(tuple(row[at] for at in kept if at < len(row)) for row in one.rows)
    return Section(one.title, rows, tuple(one.heads[at] for at in kept if at < len(one.heads)))


def _foot(report: DriftReport) -> Markup:
    parts = (
        f"Report {report.id}" if report.id else "",
        f"key {report.key}" if report.key else "",
        f"by {report.actor} on {report.host}" if report.actor and report.host else report.actor,
        f"took {number(report.took_s, 2)} s" if report.took_s else "",
    )
    return tag("footer", tag("p", " · ".join(filter(None, parts))))
