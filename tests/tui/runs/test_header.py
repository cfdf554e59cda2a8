"""What the runs screen says of marks and groups above the table."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import Built, points, write_run, write_workspace
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations.runs_table import Column
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.tui.runs.screen import RunsScreen

SIZE = (120, 40)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty workspace."""
    return write_workspace(tmp_path / "w")


@pytest.fixture
def built(root: Path) -> list[Built]:
    """Write four runs, two of each rate."""
    return [
        write_run(root, number=number, name=f"run-{number}", params={"lr": number // 2},
                  metrics=points(number + 1, "loss"))
        for number in range(4)
    ]  # fmt: skip


@pytest.fixture
def session(root: Path, built: list[Built]) -> Iterator[Session]:
    """Open the workspace with its runs."""
    assert built
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


async def test_a_marked_run_that_was_deleted_is_counted_as_gone(
    session: Session, built: list[Built]
) -> None:
    """The header counts the marks that can be looked at, and says how many cannot."""
    screen = RunsScreen(session, View(marks=tuple(one.run_id for one in built[:3])))
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "3 marked" in screen_text(pilot.app))
        assert "gone" not in screen_text(pilot.app)
        shutil.rmtree(built[1].folder)
        session.sweep()
        screen.reload()
        await until(pilot, lambda: "2 marked, 1 gone" in screen_text(pilot.app))


async def test_columns_are_narrow_again_when_a_group_is_taken_off(session: Session) -> None:
    """What a spread needed is given back to the columns beside it."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "run-2" in screen_text(pilot.app))
        alone = dict(screen.table._widths)
        screen.change(group=(Column("param", "lr"),))
        await until(pilot, lambda: "±" in screen_text(pilot.app))
        loss = "metric:loss:last"
        assert screen.table._widths[loss] > alone[loss]
        screen.change(group=())
        await until(pilot, lambda: "±" not in screen_text(pilot.app))
        assert screen.table._widths == alone


async def test_the_tool_of_a_folder_of_one_tool_is_named(tmp_path: Path) -> None:
    """No column says it there; in a workspace, or beside other tools, the columns do."""
    folder = tmp_path / "logs" / "version_0"
    folder.mkdir(parents=True)
    (folder / "metrics.csv").write_text("epoch,step,loss\n0,1,0.5\n", "utf-8")
    (folder / "hparams.yaml").write_text("lr: 0.1\n", "utf-8")
    with open_session(tmp_path / "logs", clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        screen = RunsScreen(made)
        async with Stage(made, lambda: screen).run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: "1 run of lightning" in screen_text(pilot.app))
            screen.open_run(1)
            await until(pilot, lambda: "format      lightning" in screen_text(pilot.app))
            shown = screen_text(pilot.app)
    assert shown.index("format ") < shown.index("experiment ")
    assert "Metrics 1" in shown
    assert "loss        0.5" in shown
    assert "its times are the files' dates" in shown
