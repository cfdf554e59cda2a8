"""The versions, stages and open requests of a model as rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench import words
from workbench.operations.registry.card import Delta
from workbench.operations.registry.differences import last_values, metric_deltas
from workbench.operations.registry.metric_order import in_order
from workbench.registry.state import Holding, Request, Version
from workbench.tui.cells import Cell
from workbench.tui.registry.choices import held_by, standing
from workbench.tui.registry.loader import ModelPage
from workbench.tui.registry.rows import FLAGS
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

_MOST_METRICS = 6
_ALL = 400
"""A reason takes the room there is."""
STAGES = (
    Column("stage", "stage", pinned=True, most=20),
    Column("version", "holds"),
    Column("since", "for", "right"),
    Column("actor", "put there by", most=24),
    Column("reason", "because", most=_ALL),
    Column("flags", "stands out", most=80),
)
REQUESTS = (
    Column("asked", "asked for", pinned=True, most=24),
    Column("actor", "by", most=20),
    Column("age", "age", "right"),
    Column("reason", "because", most=_ALL),
)


def metric_names(page: ModelPage) -> tuple[str, ...]:
    """Return the metrics worth a column, those that checks name first."""
    found: dict[str, None] = {}
    for version in standing(page.state):
        found |= dict.fromkeys(last_values(version))
    names = sorted(name for name in found if not name.startswith("system/"))
    return in_order(names, page.goals, page.asked)[:_MOST_METRICS]


def version_columns(names: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of the list of versions."""
    return (
        Column("version", "version", pinned=True),
        Column("stage", "stage", most=20),
        *(Column(f"metric:{name}", name, "right", most=26) for name in names[:1]),
        Column("format", "format", most=30),
        Column("age", "age", "right"),
        Column("author", "author", most=20),
        Column("run", "run", most=24),
        *(Column(f"metric:{name}", name, "right", most=26) for name in names[1:]),
        Column("size", "size", "right"),
        Column("description", "description", most=60),
    )


def version_entries(
    page: ModelPage, names: Sequence[str], champion: int | None, typed: str = ""
) -> list[Entry]:
    """Return a row per version, newest first, with deltas to the champion."""
    against = page.state.versions.get(champion) if champion is not None else None
    return [
        _version(version, page, names, against)
        for version in standing(page.state)
        if holds(_searched(version, page), typed)
    ]


def format_words(details: Mapping[str, Any]) -> str:
    """Return a format and what loading it means: ``skops · data``, ``pickle · code``."""
    rung, types = str(details.get("rung") or "unknown"), details.get("types") or ()
    if rung == "data with extra types" and isinstance(types, list | tuple):
        rung = f"data, {words.plural(len(types), 'extra type')}"
    return f"{words.value(details.get('format') or 'files')} · {rung}"


def rung_style(details: Mapping[str, Any]) -> str:
    """Return the style of a format: what runs code when it is loaded stands out."""
    return "" if details.get("rung") == "data" else "warn"


def run_name(details: Mapping[str, Any]) -> str:
    """Return the name of the run a version came from, empty for files."""
    run = details.get("run")
    return str(run.get("name") or run.get("id") or "") if isinstance(run, Mapping) else ""


def _searched(version: Version, page: ModelPage) -> str:
    tags = " ".join(f"{name}={value}" for name, value in version.tags.items())
    found = (
        f"v{version.number}", *held_by(version.number, page), version.event.actor,
        version.description, tags, run_name(version.event.details),
    )  # fmt: skip
    return " ".join(found)


def _version(
    version: Version, page: ModelPage, names: Sequence[str], champion: Version | None
) -> Entry:
    details = version.event.details
    deltas = {each.metric: each for each in metric_deltas(version, champion, page.goals)}
    is_champion = champion is not None and champion.number == version.number
    metrics = [_metric(deltas.get(name), compared=not is_champion) for name in names]
    cells = (
        Cell(f"v{version.number}", "dim" if version.retired else "bold"),
        _stage_cell(version, page, champion=is_champion),
        *metrics[:1],
        Cell(format_words(details), rung_style(details)),
        Cell(words.age(page.now - version.event.effective), "dim"),
        Cell(version.event.actor),
        Cell(run_name(details) or "files", "dim"),
        *metrics[1:],
        Cell(words.size(_whole(details.get("size"))), "dim"),
        Cell(version.description.partition("\n")[0], "dim"),
    )
    found = last_values(version)
    values = (
        version.number, " ".join(held_by(version.number, page)),
        *(found.get(name) for name in names[:1]), format_words(details),
        page.now - version.event.effective, version.event.actor, run_name(details),
        *(found.get(name) for name in names[1:]), _whole(details.get("size")), version.description,
    )  # fmt: skip
    return Entry(version.number, cells, values)


def _stage_cell(version: Version, page: ModelPage, *, champion: bool) -> Cell:
    if version.retired is not None:
        return Cell("■ retired", "dim")
    held = ", ".join(held_by(version.number, page))
    return Cell(f"{'=' if champion else ''}{held}", "accent" if held else "")


def _metric(delta: Delta | None, *, compared: bool) -> Cell:
    if delta is None or delta.now is None:
        return Cell(words.UNKNOWN, "faint")
    value = words.number(delta.now, pad=True)
    if delta.was is None or not compared:
        return Cell(value)
    word, style = {True: (" better", "good"), False: (" worse", "bad"), None: ("", "")}[
        delta.better
    ]
    return Cell(f"{value} {words.delta(delta.now - delta.was)}{word}", style)


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


# ---------------------------------------------------------------- stages and requests


def stage_entries(page: ModelPage) -> list[Entry]:
    """Return a row per stage: what holds it, since when, who put it there and why."""
    return [_stage(stage, page) for stage in page.stages]


def _stage(stage: str, page: ModelPage) -> Entry:
    holding = page.state.stage(stage).holding
    held = holding.version if holding is not None else None
    flags = tuple(stage_flags(stage, page))
    cells = (
        Cell(stage, "bold"),
        _held_cell(stage, held, page),
        Cell(words.age(page.now - holding.since) if holding else words.UNKNOWN, "dim"),
        Cell(holding.event.actor if holding else ""),
        Cell(holding.event.reason if holding else "never promoted to", "italic"),
        Cell("  ".join(text for text, _ in flags), flags[0][1] if flags else ""),
    )
    return Entry(stage, cells)


def _held_cell(stage: str, held: int | None, page: ModelPage) -> Cell:
    """Return what a stage holds, with what stands out: that must be seen at every width."""
    freeze = page.state.stage(stage).freeze
    found = [FLAGS["not deployed"]] * bool(page.overdue.get(stage))
    found += [FLAGS["overridden"]] * bool(overrides(page.state.stage(stage).holding))
    found += [FLAGS["frozen"]] * (freeze is not None and freeze.holds(page.now))
    words_ = "".join(f"  {text}" for text, _ in found)
    style = found[0][1] if found else "bold" if held is not None else "faint"
    return Cell(f"{'empty' if held is None else f'v{held}'}{words_}", style)


def stage_flags(stage: str, page: ModelPage) -> Iterator[tuple[str, str]]:
    """Yield what stands out about a stage: words and a style each."""
    late = page.overdue.get(stage)
    if late:
        words_, style = FLAGS["not deployed"]
        yield f"{words_}: {late}", style
    waiting = page.drift.get(stage)
    if waiting:
        words_, style = FLAGS["drift"]
        yield f"{words_}: {words.plural(waiting, 'alert')} nobody acknowledged", style
    named = overrides(page.state.stage(stage).holding)
    if named:
        words_, style = FLAGS["overridden"]
        yield f"{words_}: {', '.join(named)}", style
    freeze = page.state.stage(stage).freeze
    if freeze is not None and freeze.holds(page.now):
        words_, style = FLAGS["frozen"]
        until = f" until {words.moment(freeze.until)}" if freeze.until is not None else ""
        yield f"{words_}{until} by {freeze.event.actor}: {freeze.event.reason}", style


def overrides(holding: Holding | None) -> Mapping[str, Any]:
    """Return why checks that did not pass were overridden, by name."""
    found = holding.event.details.get("overrides") if holding is not None else None
    return found if isinstance(found, Mapping) else {}


def open_requests(page: ModelPage) -> tuple[Request, ...]:
    """Return the requests nobody has closed, newest first."""
    return tuple(each for each in reversed(page.state.requests) if each.closed_by is None)


def request_entries(page: ModelPage) -> list[Entry]:
    """Return a row per open request."""
    return [
        Entry(
            each.event.id,
            (
                Cell(f"? v{each.version} → {each.stage}", "accent"),
                Cell(each.event.actor),
                Cell(words.age(page.now - each.event.effective), "dim"),
                Cell(each.event.reason, "italic"),
            ),
        )
        for each in open_requests(page)
    ]
