"""Drift as a team meets it: a month arrives, alarms, is looked at, and one says enough for all."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.building import write_workspace
from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import LARGE, SMALL, Terminal

Start = Callable[..., Terminal]
BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])
SETTINGS = """\
[monitor.orders]
data = "orders"
reference = "orders@1"
time = "day"
alert = "1 of 1"
"""
ROWS = 600


def month(path: Path, number: int, price: float) -> Path:
    """Write a month of orders, their prices around a number."""
    rng = np.random.default_rng(number)
    rows = (
        f"2026-{number:02d}-{1 + row % 28:02d},{rng.choice(['Rome', 'Oslo', 'Bern'])},"
        f"{rng.normal(price, 4):.2f},{rng.integers(1, 500)}\n"
        for row in range(ROWS)
    )
    path.write_text("day,city,price,items\n" + "".join(rows), "utf-8")
    return path


@pytest.fixture
def team(tmp_path: Path, here: Surroundings) -> Path:
    """Return a workspace that watches a dataset, of which there is one version."""
    folder = write_workspace(tmp_path / "team")
    (folder / "workbench.toml").write_text(SETTINGS, "utf-8")
    arrive(here, folder, month(tmp_path / "january.csv", 1, 20))
    return folder


def arrive(here: Surroundings, folder: Path, path: Path) -> None:
    """Register a month from another process."""
    done = here.run("datasets", "add", "-w", folder, "orders", path)
    assert done.returncode == 0, done.stderr


def colleague(tmp_path: Path) -> Surroundings:
    """Return the surroundings of somebody else: another name, another index."""
    places = tmp_path / "bob"
    places.mkdir()
    return Surroundings(places, tmp_path / "network.txt", "bob")


def drift_screen(start: Start, folder: Path, size: tuple[int, int], **more: str) -> Terminal:
    """Open the program and go to the screen of drift."""
    terminal = start("open", folder, size=size, **more)
    terminal.wait_for("runs")
    terminal.press("4").wait_for("orders")
    return terminal


def reports(folder: Path) -> list[Path]:
    """Return the reports on disk."""
    return sorted(folder.glob("reports/drift/orders/*"))


@BOTH
def test_a_month_that_drifts_is_seen_looked_at_and_muted_for_everybody(
    start: Start, here: Surroundings, team: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    """It is checked by itself, alarms on two screens, and is muted on one with a reason."""
    bob = colleague(tmp_path)
    ana = drift_screen(start, team, size)
    ana.wait_row("orders", "never checked")  # the reference is not held against itself
    his = drift_screen(start, team, LARGE, **bob.environment())
    arrive(here, team, month(tmp_path / "february.csv", 2, 26))
    for terminal in (ana, his):
        terminal.wait_row("orders", "severe", "▲1")
    assert len(reports(team)) == 1
    his.press("6").wait_for("Alerts 1", "orders orders@2")
    his.press("4").wait_row("orders", "severe", "▲1")

    ana.press("enter").wait_for("price", "orders@2", "higher throughout")
    ana.press("enter").wait_for("distributions")
    ana.press("t").wait_for("Tenths of the reference", "16.66")
    ana.press("t").wait_without("Tenths of the reference")
    ana.press("K").wait_for("cumulative")
    ana.press("v").wait_for("Rome", "of 600 rows", "price")
    ana.press("escape").wait_without("of 600 rows")
    ana.press("escape").wait_for("cumulative")
    ana.press("d").wait_for("600 added, 600 removed")
    ana.press("escape").wait_for("cumulative")

    ana.press("M").wait_for("Mute price of orders", "that day included")
    ana.press_to_next_line().type("a new price list").press("enter", "tab", "enter")
    ana.wait_for("Muted price until")
    his.wait_row("orders", "severe", "∅1")
    his.wait_without("1 alert")
    his.press("enter").wait_for("∅")
    said = json.loads(bob.run("drift", "alerts", "-w", team, "--json").stdout)
    assert said == []
    ana.press("escape").wait_row("orders", "∅1")
    for terminal in (ana, his):
        terminal.press("q")
        assert terminal.wait_end() == 0


@BOTH
def test_an_alert_is_acknowledged_with_a_note_that_a_colleague_reads(
    start: Start, here: Surroundings, team: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Its light goes out, and whoever asks is told who saw it and what they said."""
    arrive(here, team, month(tmp_path / "february.csv", 2, 26))
    ana = drift_screen(start, team, size)
    ana.wait_row("orders", "severe", "▲1")
    ana.press("A").wait_for("Acknowledge orders orders@2?")
    ana.type("the new price list").press("enter")
    ana.wait_without("1 alert")
    told = colleague(tmp_path).run("drift", "alerts", "-w", team, "--all", "--json")
    (alert,) = json.loads(told.stdout)
    assert alert["note"] == "the new price list"
    assert "ana" in alert["acknowledged_by"]


def test_a_monitor_that_is_misspelt_is_said_and_stops_no_screen(
    start: Start, here: Surroundings, team: Path
) -> None:
    """A key nobody knows: a sentence with its line, exit code 2, nothing written, and it mends."""
    settings = team / "workbench.toml"
    settings.write_text(SETTINGS.replace("alert =", "alarm ="), "utf-8")
    done = here.run("monitor", "run", "-w", team)
    assert (done.returncode, done.stdout) == (2, "")
    assert "alarm" in done.stderr
    assert "line 5" in done.stderr
    assert reports(team) == []
    terminal = drift_screen(start, team, SMALL)
    terminal.wait_row("orders", "never checked", "✗")
    terminal.press("6").wait_for("no 'alarm'", "Did you mean alert?")
    terminal.press("4").wait_row("orders", "never checked")
    settings.write_text(SETTINGS, "utf-8")
    terminal.wait_without("✗")
    terminal.wait_row("orders", "never checked")  # the reference is not held against itself
