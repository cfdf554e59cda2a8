"""The screens where somebody asked for no colours, as the terminal is told."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.building import points, write_run
from tests.journeys.terminal import Terminal

Start = Callable[..., Terminal]
_RENDITION = re.compile(rb"\x1b\[([0-9;:]*)m")
_COLOR = re.compile(rb"(?:^|[;:])(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?=$|[;:])")


def colors(raw: bytes) -> set[bytes]:
    """Return what a terminal is told of colours; its own ones, 39 and 49, are none."""
    return {told for told in _RENDITION.findall(raw) if _COLOR.search(told)}


def test_no_colour_reaches_a_terminal_that_wants_none(start: Start, tmp_path: Path) -> None:
    """Not in tables, charts, dialogs, help or the palette; where one stands is reverse video."""
    team = tmp_path / "team"
    for number in range(3):
        write_run(team, number=number, name=f"run-{number}", params={"lr": number},
                  metrics=points(30, "loss"))  # fmt: skip
    plain = start("open", team, NO_COLOR="1")
    plain.wait_for("run-0", "run-2")
    plain.press("space", "space").wait_for("2 marked")
    plain.press("V").wait_for("type to narrow")
    plain.press("escape").press("?").wait_for("Help")
    plain.press("escape").press("enter").wait_for("Params")
    plain.press("escape").press("2").wait_for("Compare")
    plain.press("ctrl+p").wait_for("Search")
    assert colors(plain.raw) == set()
    assert b"\x1b[7m" in plain.raw or b";7;" in plain.raw or b"\x1b[7;" in plain.raw

    colored = start("open", team)
    colored.wait_for("run-0", "run-2")
    assert colors(colored.raw)
