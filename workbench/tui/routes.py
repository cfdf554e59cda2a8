"""Where each thing is shown, imported when somebody goes there.

A model leads to its run and the run's page to the model; were their modules to import each other
there would be no order in which to read them.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, Literal, TypeAlias, get_args

from textual.screen import Screen

from workbench.operations.session import Session

Place: TypeAlias = Literal[
    "run", "model", "history", "lineage", "dataset", "column", "rows", "data lineage", "data diff",
    "data check", "drift", "monitor",
]  # fmt: skip
PLACES: Final[tuple[Place, ...]] = get_args(Place)
_SCREENS: Final[dict[Place, tuple[str, str]]] = {
    "run": ("workbench.tui.run.screen", "RunScreen"),
    "model": ("workbench.tui.registry.model_screen", "ModelScreen"),
    "history": ("workbench.tui.registry.history_screen", "HistoryScreen"),
    "lineage": ("workbench.tui.registry.lineage_screen", "LineageScreen"),
    "dataset": ("workbench.tui.data.dataset_screen", "DatasetScreen"),
    "column": ("workbench.tui.data.column_screen", "ColumnScreen"),
    "rows": ("workbench.tui.data.rows_screen", "DataRowsScreen"),
    "data check": ("workbench.tui.data.check_screen", "DataCheckScreen"),
    "data diff": ("workbench.tui.data.diff_screen", "DataDiffScreen"),
    "drift": ("workbench.tui.drift.screen", "DriftScreen"),
    "monitor": ("workbench.tui.drift.monitor_screen", "MonitorScreen"),
    "data lineage": ("workbench.tui.data.lineage_screen", "DataLineageScreen"),
}


def kind_of(place: Place) -> Callable[..., Screen[Any]]:
    """Return the class of the screen that shows such a thing."""
    module, name = _SCREENS[place]
    found: Callable[..., Screen[Any]] = getattr(import_module(module), name)
    return found


def screen_of(place: Place, session: Session, *what: Any, **how: Any) -> Screen[Any]:
    """Return the screen that shows a thing; what it takes beside the session is its own."""
    return kind_of(place)(session, *what, **how)
