"""The screen on a damaged workspace: it opens, and nothing found there steers the terminal."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.damage import WICKED, damaged_workspace
from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import LARGE, SMALL, Terminal

Start = Callable[..., Terminal]
PLANTED = (b"PWNED\x07", b"\x1b]0;PWNED", b"\x1b[31mRED", b"\xc2\x9b5m", "\u202e".encode())
BARE = re.compile(rb"[\x00-\x06\x0b\x0c\x10-\x19\x1c-\x1f\x7f]")
"""Control characters a screen never sends; what it does send begins with ESC or moves a line."""


def assert_unsteered(raw: bytes) -> None:
    """Assert that nothing planted in the workspace reached the terminal as control."""
    for planted in PLANTED:
        assert planted not in raw
    assert not BARE.search(raw), BARE.search(raw)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])
def test_every_screen_opens_on_damage_and_is_never_steered(
    start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Runs, one run, its parts, palette and faults are shown with what was planted made visible."""
    damaged_workspace(tmp_path / "team")
    terminal = start("open", tmp_path / "team", size=size)
    terminal.wait_for("whole-0", "long_values", "PWNED")
    terminal.type("/PWNED").wait_for(" of ")
    terminal.press("enter").wait_for("of 20 runs")
    terminal.wait_row("▌", "PWNED")
    terminal.press("space", "g").wait_for("1 marked")
    terminal.press("enter").wait_for("Overview", "Params")
    for _ in range(9):
        terminal.press("tab")
    terminal.press("escape").wait_row("▌", "PWNED")
    terminal.press("E").wait_for("─ Change ")
    terminal.press("enter").wait_for("─ Name of ")
    terminal.press("escape").wait_without("─ Name of ", "─ Change ")
    terminal.press("ctrl+p").wait_for("Search")
    terminal.type("pwned").wait_for("pwned", "PWNED", "run")
    terminal.press("escape").wait_without("pwned", "Search")
    terminal.press("c").wait_for("─ Columns ", "PWNED")
    terminal.press("escape").wait_without("─ Columns ")
    terminal.press("o").wait_for("─ Group runs by ", "PWNED")
    terminal.press("escape").wait_without("─ Group runs by ")
    terminal.wait_row("▌", "PWNED")
    terminal.press("6").wait_for("Activity", "Faults")
    terminal.press("tab", "tab", "tab", "tab").wait_for("workbench.toml")
    terminal.press("1").wait_row("▌", "PWNED")
    assert terminal.press("q").wait_end() == 0
    assert_unsteered(terminal.raw)


def test_every_damaged_run_opens(start: Start, tmp_path: Path) -> None:
    """Enter on whatever row shows a page, and the way back is open."""
    damaged_workspace(tmp_path / "team")
    terminal = start("open", tmp_path / "team", size=LARGE)
    terminal.wait_for("20 runs", "whole-0")
    terminal.press("g")
    for _ in range(20):
        terminal.press("enter").wait_for("Overview", "Environment")
        terminal.press("escape").wait_row("▌", "│")
        terminal.press("down")
    assert terminal.press("q").wait_end() == 0
    assert_unsteered(terminal.raw)


@pytest.mark.parametrize(
    "words",
    [
        ("runs",), ("runs", "--json"), ("runs", "--md"),
        ("notes", "01kb0000000000000000000021"), ("doctor",), ("gc",), ("restore",),
        ("sql", "SELECT * FROM runs"), ("show", "01kb0000000000000000000021"),
        ("plot", "01kb0000000000000000000021", "--metric", "loss"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_commands_print_damage_without_control_characters(
    here: Surroundings, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Stdout and stderr hold nothing a terminal would obey, and no traceback."""
    folder = tmp_path / "team"
    damaged_workspace(folder)
    done = here.run(*words, "-w", folder)
    assert done.returncode in (0, 3), done.stderr
    said = (done.stdout + done.stderr).encode("utf-8", "surrogatepass")
    assert_unsteered(said.replace(b"\r\n", b"\n"))
    assert b"Traceback" not in said
    assert b"\x1b" not in said


@pytest.mark.parametrize("form", ["--csv", "--json", "--md"])
def test_a_form_for_programs_is_made_visible_on_a_terminal(
    start: Start, tmp_path: Path, form: str
) -> None:
    """What a file may hold is not sent to a person's terminal."""
    damaged_workspace(tmp_path / "team")
    terminal = start("runs", "-w", tmp_path / "team", form, size=LARGE)
    assert terminal.wait_end() == 0
    terminal.wait_over()
    assert b"whole-0" in terminal.raw
    assert_unsteered(terminal.raw)


def test_wicked_text_is_what_a_person_typed_after_all(here: Surroundings, tmp_path: Path) -> None:
    """JSON gives back the very characters, escaped; a program is not a terminal."""
    import json

    folder = tmp_path / "team"
    damaged_workspace(folder)
    done = here.run("runs", "-w", folder, "--json")
    assert WICKED in {run["name"] for run in json.loads(done.stdout)}
