"""Everything recorded about a version, as lines: how it stands, then what it is made of."""

from collections.abc import Mapping
from typing import Any

from workbench import words
from workbench.operations.registry.differences import last_values, metric_deltas
from workbench.operations.registry.metric_order import in_order
from workbench.operations.registry.version import VersionDetail, sections
from workbench.registry.state import Holding, Version
from workbench.tui.cells import Cell, Line
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.registry.card_lines import delta_lines
from workbench.tui.registry.choices import held_by
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.rows import FLAGS
from workbench.tui.registry.section_lines import sections_lines
from workbench.tui.registry.versions import format_words, overrides, rung_style, stage_flags

_MOST_TYPES = 40
_BELOW = frozenset(
    ("drift", "params", "datasets", "columns", "example", "files", "git", "environment", "tags")
)
"""Sections that stand as they are under what is said here of stages, metrics and format."""
_RUNGS = {
    "data": "Loading it builds only types this program knows; no code of the file runs.",
    "data with extra types": "Loading it builds types this program does not know; look at each.",
    "code": "Loading it runs code that stands in the file: trust whoever wrote it, or do not.",
    "unknown": "What loading it would do is not known here.",
}


def fact_lines(
    found: VersionDetail, page: ModelPage, champion: int | None, width: int
) -> list[Line]:
    """Return everything about a version, for a width."""
    version = found.version
    details = version.event.details
    lines: list[Line] = [*_head(version, page, width), *_run(details, width)]
    lines += _metrics(version, page, champion, width)
    lines += _held(version, page, width)
    lines += _format(details, width)
    lines += _files(found, width)
    below = [each for each in sections(found) if each.title in _BELOW]
    return [*lines, *sections_lines(below, width)]


def _head(version: Version, page: ModelPage, width: int) -> list[Line]:
    event = version.event
    held = ", ".join(held_by(version.number, page))
    age = words.age(page.now - event.effective)
    lines: list[Line] = [
        (Cell(f"{page.state.model}@{version.number}", "bold"), Cell(f"  {held}", "accent")),
        (Cell(f"registered {age} ago, {words.moment(event.effective)}, by {event.actor}", "dim"),),
    ]
    for closing, word in ((version.retired, "Retired"), (version.deleted, "Deleted")):
        if closing is not None:
            said = f"{word} by {closing.actor}: {closing.reason}"
            lines += bullets([said], "warn", width)
    if version.description:
        lines += [(), *bullets(version.description.split("\n"), "italic", width)]
    return lines


def _run(details: Mapping[str, Any], width: int) -> list[Line]:
    run = details.get("run")
    if not isinstance(run, Mapping):
        return [*heading("From"), (Cell("files, not a run", "dim"),)]
    facts = {
        "run": f"{words.value(run.get('name') or '')}  {words.value(run.get('id') or '')}",
        "experiment": words.value(run.get("experiment") or ""),
    }
    return [
        *heading("From"),
        *labelled(facts, width),
        (Cell("↵", "key"), Cell(" opens the run", "dim")),
    ]


def _metrics(version: Version, page: ModelPage, champion: int | None, width: int) -> list[Line]:
    against = page.state.versions.get(champion) if champion is not None else None
    if against is not None and against.number != version.number:
        found = {each.metric: each for each in metric_deltas(version, against, page.goals)}
        deltas = [found[name] for name in in_order(found, page.goals, page.asked)]
        title = f"Metrics, against v{against.number}"
        return [*heading(title, len(deltas)), *delta_lines(deltas, against.number, version.number)]
    known = last_values(version)
    names = in_order(known, page.goals, page.asked)
    values = {name: words.number(known[name]) for name in names}
    return [*heading("Metrics", len(values)), *labelled(values, width)] if values else []


def _held(version: Version, page: ModelPage, width: int) -> list[Line]:
    lines: list[Line] = []
    for stage in page.stages:
        for holding in reversed(page.state.stage(stage).holdings):
            if holding.version == version.number:
                lines += _holding(holding, width)
        if page.state.stage(stage).holder == version.number:
            for text, style in stage_flags(stage, page):
                lines += bullets([f"  {text}"], style, width)
    return [*heading("Stages"), *(lines or [(Cell("It never held one.", "dim"),)])]


def _holding(holding: Holding, width: int) -> list[Line]:
    event, ended = holding.event, holding.ended_by
    span = f"since {words.moment(holding.since)}"
    if holding.until is not None:
        span = f"{words.moment(holding.since)} – {words.moment(holding.until)}"
    style = "bold" if holding.until is None else ""
    lines: list[Line] = [
        (Cell(f"{holding.stage}  ", style), Cell(f"{span}, {event.actor}", "dim")),
        *bullets([f"  “{event.reason}”"] if event.reason else [], "italic", width),
    ]
    for name, why in overrides(holding).items():
        said = f"  {FLAGS['overridden'][0][0]} {name} did not pass, overridden: {why}"
        lines += bullets([said], "warn", width)
    if ended is not None:
        what = "rolled back" if ended.kind == "rolled-back" else "replaced"
        why = f": “{ended.reason}”" if ended.reason else ""
        lines += bullets([f"  {what} by {ended.actor}{why}"], "dim", width)
    return lines


def _format(details: Mapping[str, Any], width: int) -> list[Line]:
    said = [_RUNGS.get(str(details.get("rung")), _RUNGS["unknown"])]
    why = str(details.get("why_format") or "")
    said += [why] * bool(why)
    lines: list[Line] = [
        *heading("Format"),
        (Cell(format_words(details), rung_style(details) or "bold"),),
    ]
    lines += bullets(said, "dim", width)
    types = details.get("types") or ()
    return [*lines, *bullets([f"  {each}" for each in types][:_MOST_TYPES], "warn", width)]


def _files(found: VersionDetail, width: int) -> list[Line]:
    details = found.version.event.details
    size, number = details.get("size"), details.get("files")
    facts = {
        "manifest": found.version.manifest,
        "size": words.size(size) if isinstance(size, int) else words.UNKNOWN,
        "files": words.value(number),
    }
    lines: list[Line] = [*heading("Bytes"), *labelled(facts, width)]
    return [*lines, *bullets([f"! {found.trouble}"] * bool(found.trouble), "bad", width)]
