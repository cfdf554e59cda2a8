"""The report of a chunk in lines: what the check found, against what, how, and in whose name."""

from typing import TYPE_CHECKING

from workbench import words
from workbench.tui.cells import Cell, Line, visible
from workbench.tui.drift import plots
from workbench.tui.drift.column_lines import finding_lines
from workbench.tui.drift.verdicts import told
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.registry.section_lines import section_lines, sections_lines

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ChunkDrift, DriftReport


def report_lines(
    report: "DriftReport | None", chunk: "ChunkDrift | None", width: int
) -> list[Line]:
    """Return all of a report, the chunk under the cursor first."""
    from workbench.operations.drift.report_sections import sections  # noqa: PLC0415 - when asked

    if report is None:
        return [(Cell("No report is read.", "dim"),)]
    lines = _chunk(chunk, width) if chunk is not None else []
    return [
        *lines,
        *sections_lines(sections(report), width),
        *heading("Written"),
        *_by(report, width),
    ]


def plot_table_lines(subject: plots.Subject, kind: str, width: int) -> list[Line]:
    """Return the numbers of a plot; nothing where there is none."""
    from workbench.operations.sections import Section  # noqa: PLC0415 - one use

    if not kind:
        return []
    title, rows, heads = plots.as_table(subject, kind)
    return section_lines(Section(title, rows, heads), width)[1:]


def _chunk(chunk: "ChunkDrift", width: int) -> list[Line]:
    where = " · ".join(part for part in (visible(chunk.label), visible(chunk.segment)) if part)
    facts = f"  {words.plural(chunk.rows, 'row')}, score {words.number(chunk.score, 2)}"
    lines: list[Line] = [
        (told(chunk.verdict), Cell(f"  {where}", "bold"), Cell(facts, "dim")),
        *bullets([f"against {chunk.reference}"] if chunk.reference else [], "dim", width),
        *bullets([chunk.reason] if chunk.reason else [], "warn", width),
    ]
    if chunk.findings:
        lines += [*heading("Found in this chunk", len(chunk.findings))]
        lines += finding_lines(chunk.findings, width)
    return lines


def _by(report: "DriftReport", width: int) -> list[Line]:
    facts = {
        "when": f"{words.moment(report.time)}, in {words.duration(report.took_s)}",
        "by": f"{report.actor}{f' on {report.host}' if report.host else ''}",
        "key": report.key,
    }
    return labelled({name: fact for name, fact in facts.items() if fact.strip()}, width)
