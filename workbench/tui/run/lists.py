"""What is listed about a run, as entries of tables: metrics, files, packages, relatives, faults."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench import words
from workbench.operations.run_detail import Relative, RunDetail
from workbench.runfolder import Summary
from workbench.tui import present
from workbench.tui.cells import Cell
from workbench.tui.folding import ending
from workbench.tui.run.loader import SPARK_WIDTH, Opened
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

_PATH = 36
METRICS = (
    Column("metric", "metric", pinned=True, most=26),
    Column("last", "last", "right"),
    Column("best", "best", "right"),
    Column("at", "at step", "right"),
    Column("curve", "curve", width=SPARK_WIDTH),
    Column("min", "min", "right"),
    Column("max", "max", "right"),
    Column("nans", "NaN", "right"),
    Column("count", "count", "right"),
)
FILES = (
    Column("path", "file", most=60),
    Column("size", "size", "right"),
)
PACKAGES = (Column("package", "package", most=40), Column("version", "version", most=30))
FAMILY = (Column("name", "run", most=40), Column("kind", "is its"), Column("status", "status"))
FAULTS = (
    Column("path", "path", most=_PATH),
    Column("line", "line", "right"),
    Column("reason", "reason", most=200),
)
_SYSTEM = "system/"


class Best(NamedTuple):
    """The best value of a metric and where it was."""

    value: float
    step: int | None
    goal: str


def in_order(metrics: Mapping[str, Summary]) -> tuple[str, ...]:
    """Return the names of metrics, those of the machine last."""
    own = [name for name in metrics if not name.startswith(_SYSTEM)]
    return (*own, *(name for name in metrics if name.startswith(_SYSTEM)))


def best_of(summary: Summary, goal: str) -> Best | None:
    """Return the best value, or None while nobody knows which way is better."""
    if goal == "min":
        return Best(summary.min, summary.step_of_min, goal)
    if goal == "max":
        return Best(summary.max, summary.step_of_max, goal)
    return None


def metric_entries(
    opened: Opened, sparks: Mapping[str, str], ink: str, typed: str = ""
) -> list[Entry]:
    """Return a row per metric; ``ink`` is the colour of its curve."""
    record = opened.detail.record
    return [
        _metric(name, record.metrics[name], _goal(opened, name), Cell(sparks.get(name, ""), ink))
        for name in in_order(record.metrics)
        if holds(name, typed)
    ]


def file_entries(detail: RunDetail, typed: str = "") -> list[Entry]:
    """Return a row per file of a run."""
    return [
        Entry(
            each.path,
            (Cell(each.path), Cell(words.size(each.size), "dim")),
            (each.path, each.size),
        )
        for each in detail.record.artifacts
        if holds(each.path, typed)
    ]


def package_entries(packages: Mapping[str, str], typed: str = "") -> list[Entry]:
    """Return a row per package."""
    return [
        Entry(name, (Cell(name), Cell(version, "dim")))
        for name, version in packages.items()
        if holds(f"{name} {version}", typed)
    ]


def family_entries(detail: RunDetail) -> list[Entry]:
    """Return the parent, then the children."""
    parent = [_relative(detail.parent, "parent")] if detail.parent else []
    return [*parent, *(_relative(child, "child") for child in detail.children)]


def fault_entries(detail: RunDetail) -> list[Entry]:
    """Return a row per thing of this run that could not be read."""
    return [
        Entry(
            (each.path, each.line, number),
            (
                Cell(ending(each.path, _PATH)),
                Cell("" if each.line is None else str(each.line), "dim"),
                Cell(each.reason, "warn"),
            ),
            (each.path, each.line, each.reason),
        )
        for number, each in enumerate(detail.record.faults)
    ]


def _goal(opened: Opened, name: str) -> str:
    rule = opened.detail.record.rules.get(name)
    return (rule.goal if rule else None) or opened.goals.get(name, "")


def _metric(name: str, summary: Summary, goal: str, spark: Cell) -> Entry:
    best = best_of(summary, goal)
    arrow = {"min": "↓", "max": "↑"}.get(goal, "")
    dim = "dim" if name.startswith(_SYSTEM) else ""
    return Entry(
        name,
        (
            Cell(name, dim),
            Cell(words.number(summary.last, pad=True), dim or "bold"),
            Cell(f"{arrow} {words.number(best.value, pad=True)}" if best else words.UNKNOWN,
                 "good" if best else "faint"),
            Cell(_step(best.step) if best else "", "dim"),
            spark,
            Cell(words.number(summary.min, pad=True), "dim"),
            Cell(words.number(summary.max, pad=True), "dim"),
            Cell(words.count(summary.nans) if summary.nans else "", "warn"),
            Cell(words.count(summary.count), "dim"),
        ),
        (
            name, summary.last, best.value if best else None, best.step if best else None, None,
            summary.min, summary.max, summary.nans, summary.count,
        ),
    )  # fmt: skip


def _step(step: int | None) -> str:
    return words.UNKNOWN if step is None else str(step)


def _relative(one: Relative, kind: str) -> Entry:
    status = present.status(one.status, inferred=one.inferred)
    return Entry(one.run, (Cell(one.name), Cell(kind, "dim"), status))
