"""A minute of several live writers under an open screen: memory and threads stay bounded."""

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from time import monotonic

import psutil
import pytest

from tests.building import write_workspace
from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import LARGE, Terminal

DOOMED = Path(__file__).parent / "scripts" / "doomed.py"
WARM_S, SOAK_S = 15, 60


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_an_hour_does_not_cost_more_than_a_minute(
    here: Surroundings, start: Callable[..., Terminal], tmp_path: Path
) -> None:
    """After a warm-up neither memory nor threads grow with what goes by."""
    folder = write_workspace(tmp_path / "team")
    terminal = start("open", folder, size=LARGE)
    terminal.wait_for("No runs yet")
    process = psutil.Process(terminal.process.pid)
    writers = [here.script(DOOMED, "4000", workspace=folder) for _ in range(3)]
    try:
        terminal.wait_for("running")
        began = monotonic()
        warm: tuple[float, int] | None = None
        for key in cycle(("down", "space", "n", "up", "t", "t", "s")):
            terminal.press(key).wait_for("Runs")
            terminal.pause()
            memory, threads = process.memory_info().rss / 2**20, process.num_threads()
            if warm is None and monotonic() - began > WARM_S:
                warm = memory, threads
            if monotonic() - began > SOAK_S:
                break
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert warm is not None
    assert threads <= warm[1] + 8
    assert memory < warm[0] + 80
    assert terminal.press("q").wait_end() == 0
