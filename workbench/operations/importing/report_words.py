"""A report of an import in words: printed, and shown in Activity."""

from collections.abc import Iterator

from workbench import words
from workbench.operations.importing.report import Report

_KEPT_AS_GIVEN = ("status", "points without steps", "points without times")
"""Kinds that say how little the tool knew, and not that something was lost."""
_FEW = 5
"""Lines of a kind that are said; all are in the report."""


def lines(report: Report) -> Iterator[str]:
    """Yield a report's short form: what was done, what could not be carried over, what to do."""
    for model in report.models:
        yield from model.said
    yield summary(report)
    yield from _lost(report)
    for one in report.failed[:_FEW]:
        yield f"Not taken: {one.what}: {one.reason}"
    if len(report.failed) > _FEW:
        yield f"Not taken: {words.count(len(report.failed) - _FEW)} more."
    yield from report.hints
    if report.kept:
        yield f"All of it is in {report.kept}."


def summary(report: Report) -> str:
    """Return how many runs there were, and what became of them."""
    parts = [f"{words.plural(report.found, 'run')} at {report.path}"]
    size = words.size(sum(one.size for one in (report.due if report.dry else report.taken)))
    if report.dry:
        parts.append(f"{words.count(len(report.due))} would be copied ({size} of files)")
    else:
        parts.append(f"{words.count(len(report.taken))} copied ({size} of files)")
    if report.same:
        parts.append(f"{words.count(report.same)} here already")
    if report.grown:
        parts.append(f"{words.count(report.grown)} grown since and left as they are")
    if report.older:
        where = f"{report.older[0]} …" if len(report.older) > 1 else report.older[0]
        parts.append(f"{words.count(len(report.older))} shorter than the copy here ({where})")
    if report.edits:
        parts.append(f"{words.plural(report.edits, 'later edit')} with them")
    versions = sum(one.new for one in report.models)
    if versions:
        parts.append(f"{words.plural(versions, 'model version')} registered")
    return f"{', '.join(parts)}."


def _lost(report: Report) -> Iterator[str]:
    """Yield how much of each kind could not be carried over, with the first example."""
    examples: dict[str, str] = {}
    for run in report.taken:
        for lost in run.lost:
            examples.setdefault(lost.kind, f"{run.name}: {lost.what}")
    for kind, number in report.lost.items():
        about = "Note" if kind in _KEPT_AS_GIVEN else "Not carried over as it was"
        yield f"{about}: {kind}, {words.count(number)} ({examples[kind]})"
