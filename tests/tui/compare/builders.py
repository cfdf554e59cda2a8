"""Runs to put side by side, and the screen over them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.tui.compare.screen import CompareScreen

NARROW, WIDE = (80, 24), (160, 50)


def write_runs(root: Path, number: int, *, params: int = 3, metrics: int = 2) -> Path:
    """Write runs of which only ``lr``, two params and the metrics differ."""
    write_workspace(root)
    for k in range(number):
        values = {f"group_{p % 7}.param_{p}": p for p in range(params - 1)}
        names = ["val/auc", "train/loss", *(f"layer{m}/norm" for m in range(metrics - 2))]
        lines = [
            (step, BEGIN + step, {name: (k + m + 1) / (step + 2) for m, name in enumerate(names)})
            for step in range(3)
        ]
        write_run(
            root, number=k, name=f"run-{k}", metrics=lines, params={"lr": 10.0**-k} | values,
            ended=BEGIN + 60 + k,
        )  # fmt: skip
    return root


@contextmanager
def opened(root: Path) -> Iterator[Session]:
    """Open runs at a fixed time, every one of them read."""
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        session.sweep()
        yield session


class Desk:
    """The screen over some runs, and every view it handed back."""

    def __init__(self, session: Session, number: int, **view: Any) -> None:
        self.taken: list[View] = []
        marks = tuple(run_id(k) for k in range(number))
        self.screen = CompareScreen(session, View(marks=marks, **view), self.taken.append)
        self.app = Stage(session, lambda: self.screen)


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


def written(folder: Path, pattern: str) -> list[Path]:
    """Return the files that were written, by name."""
    return sorted(folder.glob(pattern))


def delete(root: Path, number: int) -> None:
    """Take a run's folder away, as somebody else may at any time."""
    shutil.rmtree(next(root.glob(f"runs/*/{run_id(number)}")))
