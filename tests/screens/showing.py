"""Showing scenes one after the other in one program, and waiting until each is complete."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, chdir, contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from tests.building import run_id
from tests.screens.scenes import SETS, Scene
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations.repository import Found
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.runs.correlation import Correlation
from workbench.runs.importance import Importance, Ranking
from workbench.tui.compare.screen import CompareScreen

DUMPS = Path(__file__).parent / "dumps"
SIZES = ((80, 24), (160, 50))
_LOOKS, _LOOKS_BEFORE = 25, 4
"""A screen that looks the same this often with nothing under way is complete, or takes keys."""
_LOOK_S = 0.02


def file_of(scene: Scene, size: tuple[int, int]) -> Path:
    """Return where the dump of a scene is kept."""
    return DUMPS / f"{scene.name}-{size[0]}x{size[1]}.txt"


def plain(text: str) -> str:
    """Return a screen as it is kept: blanks at line ends taken off, one line end at the end."""
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


@contextmanager
def pinned(folder: Path) -> Iterator[None]:
    """Work in a folder without a repository, in UTC, with a forest that is always the same."""
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr("workbench.operations.repository.repository_at", _no_repository)
        patch.setattr("workbench.operations.many.ranking.ranked", _ranked)
        _read_zone()
        yield
    _read_zone()


def _no_repository(_: Path) -> Found:
    """Return what is said where there is none, without the path of this machine."""
    return Found(None, "There is no git repository at or above /home/ana/churn.")


def _read_zone() -> None:
    if hasattr(time, "tzset"):
        time.tzset()


def _ranked(params: dict[str, Any], _target: Any, **_: Any) -> Ranking:
    """Return a ranking as scikit-learn gives one; its last digits change with its versions."""
    names = [f"param {name}" for name in ("lr", "optimizer", "model.depth")]
    assert set(names) <= set(params)
    rho = (Correlation(-0.62, 0.00002, 40), None, Correlation(0.21, 0.19, 40))
    rows = [
        Importance(name, value, spread, found, distinct)
        for name, value, spread, found, distinct in zip(
            names, (0.81, 0.07, 0.02), (0.09, 0.03, 0.02), rho, (40, 3, 7), strict=True
        )
    ]
    return Ranking(tuple(rows), 40, 0.58, "", "permutation importance of a random forest", 40)


@asynccontextmanager
async def playing(
    name: str, folder: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[Pilot[None], Stage]]:
    """Open a program over a set's workspace, with nothing on it yet."""
    root = SETS[name][0](folder / "team")
    with pinned(folder), open_session(root, clock=FixedClock(), in_memory=True) as session:
        session.sweep()
        app = Stage(session, Screen)
        async with app.run_test(size=size) as pilot:
            yield pilot, app


async def show(pilot: Pilot[None], app: Stage, scene: Scene, kept: str | None) -> str:
    """Return what a scene looks like once it is complete; as soon as it looks as it was kept."""
    await _opened(pilot, app, scene)
    await _pressed(pilot, app.session, scene)
    await until(pilot, lambda: all(word in screen_text(app) for word in scene.words))
    text = await _complete(pilot, app, lambda text: text == kept)
    while len(app.screen_stack) > 2:
        await app.pop_screen()
    return text


async def _opened(pilot: Pilot[None], app: Stage, scene: Scene) -> None:
    if scene.make is not None:
        await app.push_screen(scene.make(app.session))
        return
    marks = tuple(run_id(k) for k in range(scene.marks))
    screen = CompareScreen(app.session, View(marks=marks, **scene.view), lambda _: None)
    await app.push_screen(screen)
    await until(pilot, lambda: screen.loaded is not None)


async def _pressed(pilot: Pilot[None], session: Session, scene: Scene) -> None:
    for key in scene.keys:
        await _complete(pilot, pilot.app, lambda _: False, looks=_LOOKS_BEFORE)
        await pilot.press(key)
    if scene.deleted:
        shutil.rmtree(next(session.root.glob(f"runs/*/{scene.deleted}")))
        assert isinstance(pilot.app, Stage)
        pilot.app.watch_again()


async def _complete(
    pilot: Pilot[None], app: Any, good: Callable[[str], bool], *, looks: int = _LOOKS
) -> str:
    """Wait until nothing is under way and the screen has not changed for a while."""
    before, alike = "", 0
    while alike < looks:
        await pilot.pause()
        text = plain(screen_text(app))
        if good(text):
            return text
        busy = any(not worker.is_finished for worker in app.workers)
        alike = alike + 1 if text == before and not busy else 0
        before = text
        await asyncio.sleep(_LOOK_S)
    return before


async def dumps(
    name: str, folder: Path, size: tuple[int, int]
) -> AsyncIterator[tuple[Scene, Path, str]]:
    """Yield every scene of a set with its file and what it looks like now."""
    async with playing(name, folder, size) as (pilot, app):
        for scene in SETS[name][1]:
            file = file_of(scene, size)
            kept = file.read_text("utf-8") if file.is_file() else None
            yield scene, file, await show(pilot, app, scene, kept)
