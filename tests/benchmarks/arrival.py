"""How soon a run that ends in another process is seen to have ended."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.place import CHECKOUT, Place, program
from tests.benchmarks.rows import Row, share, spread
from tests.benchmarks.starting import NO_TERMINAL
from tests.building import write_many

if TYPE_CHECKING:
    from tests.journeys.terminal import Terminal

_OTHERS = 20


def rows(place: Place) -> Iterator[Row]:
    """Let runs end one by one while the table is on a terminal."""
    what = "local run finished -> row on screen, p95"
    if os.name == "nt":
        yield Row(what, None, note=NO_TERMINAL)
        return
    from tests.benchmarks.screen import opening
    from tests.journeys.terminal import LARGE, Terminal

    workspace = place.workspace("watched", lambda path: write_many(path, _OTHERS))
    environment = place.environment()
    with Terminal(opening(workspace), environment, CHECKOUT, LARGE) as terminal:
        terminal.wait_for("watching")
        terminal.press("f")  # stay with the newest; else they come in above what is in sight
        delays = _delays(place, workspace, terminal)
    p50 = share(delays, 0.5)
    yield Row(
        what, share(delays, 0.95), "s", 1.0,
        f"p50 {p50:.2f} s; {spread(delays, 's')}; from the call of finish()",
    )  # fmt: skip


def _delays(place: Place, workspace: Path, terminal: "Terminal") -> list[float]:
    """Return the seconds from each run's ``finish`` to its row saying so."""
    from workbench.clock import SYSTEM

    delays = []
    with subprocess.Popen(
        [*program("finishing"), str(workspace)], env=place.environment(), cwd=CHECKOUT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        for number in range(place.scale.finishes):
            name = f"ends-{number:02}"
            _say(other, name)
            _wait(terminal, name, "running")
            at = float(_say(other, "finish"))
            _wait(terminal, name, "finished")
            delays.append(SYSTEM.steady() - at)
        other.communicate()
    return delays


def _say(other: "subprocess.Popen[str]", words: str) -> str:
    """Tell the other process what to do and return its answer."""
    assert other.stdin
    assert other.stdout
    other.stdin.write(f"{words}\n")
    other.stdin.flush()
    return other.stdout.readline()


def _wait(terminal: "Terminal", name: str, status: str) -> None:
    """Wait until the run's own row says so; other panes stand on the same lines."""
    row = re.compile(rf"{name}\W+{status}")
    terminal.wait(lambda lines: any(map(row.search, lines)), f"{name} {status}")
