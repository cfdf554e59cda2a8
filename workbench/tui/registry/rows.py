"""Registered models as rows: a column for each stage, the metric that counts, and flags."""

from collections.abc import Iterable, Mapping, Sequence

from workbench import words
from workbench.operations.registry.listing import ModelLine, StageLine
from workbench.operations.registry.metric_order import in_order
from workbench.tui.cells import Cell
from workbench.tui.registry.loader import Models
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

STAGE = "stage:"
FLAGS = {
    "overridden": ("‡ overridden", "warn"),
    "frozen": ("✻ frozen", "accent"),
    "unreadable": ("! unreadable", "bad"),
    "not deployed": ("◌ not deployed", "warn"),
    "drift": ("▲ drift", "warn"),
}
"""Symbol, word and style of what stands out; the symbol stands at the stage too."""


def columns(stages: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of the list; one for each stage."""
    return (
        Column("name", "model", pinned=True, most=24),
        Column("versions", "versions", "right"),
        *(Column(f"{STAGE}{stage}", stage, most=14) for stage in stages),
        Column("metric", "metric", most=26),
        Column("age", "age", "right"),
        Column("requests", "asks", "right"),
        Column("flags", "flags", most=40),
        Column("description", "description", most=60),
    )


def entries(models: Models, typed: str = "") -> list[Entry]:
    """Return a row per model that holds what was typed."""
    return [
        _entry(line, models)
        for line in models.lines
        if holds(f"{line.name} {line.description} {_held(line)}", typed)
    ]


def main_metric(
    metrics: Mapping[str, float], goals: Mapping[str, str], asked: Sequence[str] = ()
) -> str:
    """Return the metric to show: what a check asks about, else one that has a direction."""
    found = in_order(metrics, [name for name, goal in goals.items() if goal], asked)
    return next(iter(found), "")


def flags(line: ModelLine, models: Models) -> tuple[tuple[str, str], ...]:
    """Return what stands out about a model, each with the stage it is about."""
    found = [("unreadable", "")] if line.unreadable else []
    found += [("overridden", stage.stage) for stage in line.stages if stage.overridden]
    found += [("frozen", stage.stage) for stage in line.stages if is_frozen(stage, models.now)]
    found += [("not deployed", stage) for name, stage in models.overdue if name == line.name]
    found += [("drift", stage) for name, stage in models.drift if name == line.name]
    return tuple(found)


def is_frozen(stage: StageLine, now: float) -> bool:
    """Say whether a stage is frozen now."""
    freeze = stage.frozen
    return freeze is not None and (freeze.until is None or now < freeze.until)


def _held(line: ModelLine) -> str:
    return " ".join(f"{each.stage} v{each.version}" for each in line.stages if each.version)


def _entry(line: ModelLine, models: Models) -> Entry:
    held = {stage.stage: stage.version for stage in line.stages}
    metric = main_metric(line.metrics, line.goals, models.asked)
    found = flags(line, models)
    flag_words = "  ".join(dict.fromkeys(FLAGS[flag][0] for flag, _ in found))
    cells = (
        Cell(line.name, "bold"),
        Cell(words.count(line.versions), "dim"),
        *(_stage(stage, held, found) for stage in models.stages),
        _metric(line, metric),
        Cell(words.age(models.now - line.registered) if line.latest else words.UNKNOWN, "dim"),
        Cell(words.count(line.requests) if line.requests else "", "accent"),
        Cell(flag_words, FLAGS[found[0][0]][1] if found else ""),
        Cell(line.description.partition("\n")[0], "dim"),
    )
    values = (
        line.name, line.versions, *(held.get(stage) for stage in models.stages),
        line.metrics.get(metric), models.now - line.registered if line.latest else None,
        line.requests, flag_words, line.description,
    )  # fmt: skip
    return Entry(line.name, cells, values)


def _stage(stage: str, held: Mapping[str, int | None], found: Iterable[tuple[str, str]]) -> Cell:
    """Return what a stage holds, with the symbols of what stands out about it."""
    cell = version_cell(held.get(stage), stage in held)
    symbols = "".join(f" {FLAGS[flag][0][0]}" for flag, of in found if of == stage)
    return Cell(f"{cell.text}{symbols}", cell.style)


def version_cell(version: int | None, known: bool) -> Cell:
    """Return what a stage holds: a version, or that it is empty."""
    if version is not None:
        return Cell(f"v{version}", "bold")
    return Cell("emptied" if known else words.UNKNOWN, "faint")


def _metric(line: ModelLine, metric: str) -> Cell:
    if not metric:
        return Cell(words.UNKNOWN, "faint")
    arrow = {"min": " ↓", "max": " ↑"}.get(line.goals.get(metric, ""), "")
    return Cell(f"{metric} {words.number(line.metrics[metric])}{arrow}")
