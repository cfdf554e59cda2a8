"""One screen of datasets over a real workspace, and what was told on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.screen import Screen

from tests.tui.stage import Stage, opened
from workbench.operations.session import Session
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.screen import DataScreen


@contextmanager
def shown(
    team: Path, make: Callable[[Session], Screen[Any]] = DataScreen
) -> Iterator[tuple[Stage, Session]]:
    """Give a program that shows one screen of a workspace."""
    with opened(team) as session:
        yield Stage(session, lambda: make(session)), session


def dataset(name: str, version: int | None = None) -> Callable[[Session], DatasetScreen]:
    """Return what makes the page of a dataset."""
    return lambda session: DatasetScreen(session, name, version)


def column(name: str, column: str) -> Callable[[Session], ColumnScreen]:
    """Return what makes the page of a column."""
    return lambda session: ColumnScreen(session, name, None, column)
