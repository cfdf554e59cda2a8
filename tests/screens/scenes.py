"""What is looked at: a workspace, the runs marked in it, the keys pressed, the words waited for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from textual.screen import Screen

from tests.building import run_id, write_workspace
from tests.drift_building import drift_workspace
from tests.screens import workspaces
from tests.tui.data.building import workspace as data_workspace
from tests.tui.registry.building import workspace as registry_workspace
from workbench.operations.session import Session
from workbench.tui.data.check_screen import DataCheckScreen
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.screen import DataScreen
from workbench.tui.drift.monitor_screen import MonitorScreen
from workbench.tui.drift.screen import DriftScreen
from workbench.tui.registry.history_screen import HistoryScreen
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.registry.screen import ModelsScreen


class Scene(NamedTuple):
    """One look at the compare screen."""

    name: str
    marks: int
    """How many runs are marked, from the first."""
    words: tuple[str, ...]
    """On the screen once it shows what is meant."""
    keys: tuple[str, ...] = ()
    view: dict[str, Any] = {}  # noqa: RUF012 - never changed
    deleted: str = ""
    """Id of a run whose folder is taken away while the screen shows it."""
    make: Callable[[Session], Screen[Any]] | None = None
    """Another screen than the one that compares runs."""


def _chart(kind: str, *words: str, **view: Any) -> Scene:
    """Return a scene of forty runs of which three are marked, with a chart over all of them."""
    return Scene(
        f"chart-{kind}", 3, ("40 runs", *words), view={"plot": kind, "metric": "val/auc", **view}
    )


SEEDS = (
    Scene("two-runs", 2, ("a lr=0.1", "b lr=0.03", "┤")),
    Scene("two-runs-all-rows", 2, ("all rows", "┤"), view={"equal": True}),
    Scene("eight-runs", 8, ("8 runs", "┤")),
    Scene("eight-runs-baseline", 8, ("(base)", "┤"), view={"baseline": run_id(0)}),
    Scene("eight-runs-ordered", 8, ("ordered by val/auc", "┤"),
          ("slash", *"auc", "enter", "}", "s", "escape")),
    Scene("grouped-with-bands", 8, ("8 runs", "mean ± std"), ("o", *"lr", "enter")),
    Scene("curves-as-table", 2, ("no point there", "59"), ("t",)),
    Scene("at-step-10", 2, ("at step 10",), ("@", "1", "0", "enter")),
    Scene("why", 2, ("Result", "Params"), ("w",), {"metric": "val/auc"}),
    Scene("why-further-down", 2, ("No difference known",), ("w", "G"), {"metric": "val/auc"}),
    Scene("code", 2, ("train.py", "warmup"), ("d",)),
    Scene("one-run", 1, ("One run is marked",)),
)  # fmt: skip
SEARCH = (
    Scene("forty-runs", 40, ("40 runs", "10 of 40 runs drawn", "┤")),
    Scene("forty-runs-further-right", 40, ("h 0.00123", "10 of 40 runs drawn"), ("right",) * 7),
    _chart("scatter", "ρ ="),
    _chart("parallel", "parallel coordinates"),
    _chart("heat", "mean val/auc"),
    _chart("hist", "n = 40"),
    _chart("progress", "best so far"),
    _chart("pareto", "◆ front"),
    _chart("importance", "out-of-bag"),
    Scene("chart-scatter-as-table", 3, ("40 runs", "mlp-1"), ("t",),
          {"plot": "scatter", "metric": "val/auc"}),
    Scene("chart-parallel-narrowed", 3, ("let through",),
          ("tab", "right", "+", "+", "+", "+", "+"), {"plot": "parallel", "metric": "val/auc"}),
    Scene("kinds", 3, ("Kind of chart", "importance"), ("K",)),
)  # fmt: skip
PARAMS = (
    Scene("300-params", 3, ("3 runs", "12 differ", "┤")),
    Scene("300-params-all-rows", 3, ("all rows", "┤"), ("pagedown",), {"equal": True}),
)
METRICS = (
    Scene("2000-metrics", 2, ("2 runs", "metrics", "┤")),
    Scene("2000-metrics-at-the-end", 2, ("environment",), ("G",), {"equal": True}),
)
UNLIKE = (
    Scene("no-git", 2, ("No git commit",)),
    Scene("unlike-runs", 6, ("6 runs",)),
    Scene("unlike-runs-missing", 6, ("No packages were recorded",), ("tab",)),
    Scene("unlike-runs-without-curves", 6, ("rmse",), ("n", "n")),
    Scene("deleted-meanwhile", 6, ("any more",), deleted=run_id(1)),
)


def _churn(session: Session) -> ModelScreen:
    return ModelScreen(session, "churn")


REGISTRY = (
    Scene("models", 0, ("churn", "fraud", "v2 ✻", "3 models"), make=ModelsScreen),
    Scene("model", 0, ("4 versions", "v1", "a week is over"), make=_churn),
    Scene("model-version", 0, ("registered", "more data"), ("enter",), make=_churn),
    Scene("model-compared-with-staging", 0, ("v4 in staging",), ("b", *"stag", "enter"),
          make=_churn),
    Scene("model-diff", 0, ("v2 → v4", "Params"), ("d",), make=_churn),
    Scene("model-lineage", 0, ("census", "this one"), ("T",), make=_churn),
    Scene("model-promote", 0, ("Promote churn@4", "fails"), ("p",), make=_churn),
    Scene("model-promote-further", 0, ("Promote churn@4", "Waits for"),
          ("p", "pagedown", "pagedown"), make=_churn),
    Scene("model-check", 0, ("Would churn@4", "fails"), ("!",), make=_churn),
    Scene("model-roll-back", 0, ("Roll production", "v1"), ("down", "down", "R"), make=_churn),
    Scene("model-approve", 0, ("Approve or tick", "Tick model card"), ("A",), make=_churn),
    Scene("model-approve-signing", 0, ("which is not authentication",), ("A", "enter"),
          make=_churn),
    Scene("model-freeze", 0, ("until thawed",), ("tab", "tab", "down", "F", "enter"), make=_churn),
    Scene("history", 0, ("18 events", "asked for v4"), make=HistoryScreen),
    Scene("history-overridden", 0, ("✗ fails", "not worse"), ("slash", *"v3 bob", "enter"),
          make=HistoryScreen),
    Scene("history-at-a-date", 0, ("at 2026",), ("@", *"-1d", "enter"), make=HistoryScreen),
)  # fmt: skip


def _census(session: Session) -> DatasetScreen:
    return DatasetScreen(session, "census")


def _column(dataset: str, column: str) -> Callable[[Session], ColumnScreen]:
    return lambda session: ColumnScreen(session, dataset, None, column)


DATA = (
    Scene("data", 0, ("5 datasets", "1 unreadable", "files away"), make=DataScreen),
    Scene("data-fields", 0, ("Change what of people?", "payroll"), ("G", "E"), make=DataScreen),
    Scene("dataset", 0, ("1,000 rows", "category"), make=_census),
    Scene("dataset-version-before", 0, ("census v2", "Columns of v2"), ("tab", "down"),
          make=_census),
    Scene("dataset-about", 0, ("census@3", "the shop's database"), ("tab",) * 3, make=_census),
    Scene("dataset-sorted-by-nulls", 0, ("1,000 rows", "30%"), (*("right",) * 3, "s"),
          make=_census),
    Scene("dataset-sensitive", 0, ("301 rows", "salary ◉"), ("down",),
          make=lambda session: DatasetScreen(session, "people")),
    Scene("dataset-files", 0, ("registered as files, not as a table",),
          make=lambda session: DatasetScreen(session, "images")),
    Scene("dataset-delete", 0, ("Delete census@3?", "number stays taken"),
          ("D", *"delete", "enter"), make=_census),
    Scene("column-number", 0, ("2 of 7 columns", "median 52", "┤"), make=_column("census", "age")),
    Scene("column-clipped", 0, ("further out not shown", "┤"), ("C",),
          make=_column("census", "wage")),
    Scene("column-category", 0, ("4 of 7 columns", "Oslo", "┤"), make=_column("census", "city")),
    Scene("column-moments", 0, ("6 of 7 columns", "median 2026-02-14", "┤"),
          make=_column("census", "seen")),
    Scene("column-as-table", 0, ("Bins",), ("t",), make=_column("census", "age")),
    Scene("column-over-versions", 0, ("v2", "7 of 7"), ("shift+tab",),
          make=_column("census", "churned")),
    Scene("column-sensitive", 0, ("•••", "sensitive"), ("tab", "tab"),
          make=_column("people", "salary")),
    Scene("data-rules", 0, ("2 of 4 rules fail", "against it"), ("tab",),
          make=lambda session: DataCheckScreen(session, "census")),
    Scene("data-rules-suggested", 0, ("rules proposed from people@1",), ("tab",),
          make=lambda session: DataCheckScreen(session, "people")),
)  # fmt: skip


def _flights(session: Session) -> MonitorScreen:
    return MonitorScreen(session, "flights")


DRIFT = (
    Scene("drift", 0, ("1 monitor", "flights", "1 alert"), make=DriftScreen),
    Scene("monitor", 0, ("2013-12", "ORD ┤"), make=_flights),
    Scene("monitor-quantile-shift", 0, ("quantile shift", "limit ±0.1"),
          ("(", *("}",) * 6, "g", "down", "K", "K"), make=_flights),
    Scene("monitor-over-time", 0, ("effect over time", "limit 1"), ("g", "down", *("K",) * 3),
          make=_flights),
    Scene("monitor-as-table", 0, ("share", "reference"), ("g", "K", "t"), make=_flights),
    Scene("monitor-numbers", 0, ("tested as", "times its limit"), ("tab", "tab"), make=_flights),
    Scene("monitor-chunks", 0, ("score", "2013-01 │"), ("tab",) * 3, make=_flights),
    Scene("monitor-alerts", 0, ("waits for somebody",), ("tab",) * 4, make=_flights),
    Scene("monitor-report", 0, ("feature_importances_",), ("shift+tab",), make=_flights),
    Scene("monitor-marked-and-narrowed", 0, ("●  dest",), ("space", "/", *"de", "enter"),
          make=_flights),
    Scene("monitor-acknowledge", 0, ("Acknowledge flights 2013-12?",), ("A",), make=_flights),
    Scene("monitor-mute", 0, ("that day included",), ("M",), make=_flights),
    Scene("monitor-reference", 0, ("Hold it against what?",), ("b",), make=_flights),
)  # fmt: skip
NO_DRIFT = (Scene("drift-none", 0, ("Nothing is watched yet", "[monitor."), make=DriftScreen),)
NO_DATA = (Scene("data-none", 0, ("No datasets yet",), make=DataScreen),)
NO_MODELS = (Scene("models-none", 0, ("No models yet",), make=ModelsScreen),)
SETS: dict[str, tuple[Callable[[Path], Path], tuple[Scene, ...]]] = {
    "seeds": (workspaces.seeds, SEEDS),
    "search": (workspaces.search, SEARCH),
    "params": (workspaces.many_params, PARAMS),
    "metrics": (workspaces.many_metrics, METRICS),
    "unlike": (workspaces.unlike, UNLIKE),
    "registry": (registry_workspace, REGISTRY),
    "no-models": (write_workspace, NO_MODELS),
    "data": (data_workspace, DATA),
    "no-data": (write_workspace, NO_DATA),
    "drift": (drift_workspace, DRIFT),
    "no-drift": (data_workspace, NO_DRIFT),
}
