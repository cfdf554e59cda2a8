"""A drift report as Markdown, fit for a merge request, a ticket or a wiki.

Text of data is text here too: nothing in a name, a category or a reason is ever markup.
"""

from collections.abc import Iterator, Sequence

from workbench.datasets.drift.report import DriftReport
from workbench.operations.compared_forms import markdown_text
from workbench.operations.drift import gist
from workbench.operations.drift.report_sections import sections
from workbench.operations.sections import Section
from workbench.words import iso


def as_markdown(report: DriftReport) -> Iterator[str]:
    """Yield the lines of a note about a report: verdict, chunks, columns, findings, how."""
    title = report.monitor or report.current.name
    yield f"# Drift: {markdown_text(title)}"
    yield ""
    yield f"**{markdown_text(gist.headline(report))}**"
    yield from tables(sections(report))
    yield ""
    yield f"Checked {iso(report.time)[:16].replace('T', ' ')} UTC."


def tables(found: Sequence[Section]) -> Iterator[str]:
    """Yield the lines of sections, each a heading and a table, or sentences."""
    for one in found:
        yield ""
        yield f"## {markdown_text(one.title)}"
        yield ""
        yield from _table(one)


def _table(one: Section) -> Iterator[str]:
    if all(len(row) == 1 for row in one.rows):
        yield from (f"- {markdown_text(row[0])}" for row in one.rows)
        return
    wide = max(map(len, (one.heads, *one.rows)))
    yield _piped(one.heads, wide)
    yield _piped(("---",) * wide, wide, raw=True)
    yield from (_piped(row, wide) for row in one.rows)


def _piped(row: tuple[str, ...], wide: int, *, raw: bool = False) -> str:
    cells = [*row, *[""] * (wide - len(row))]
    return f"| {' | '.join(cells if raw else map(markdown_text, cells))} |"
