"""Datasets as a person meets them: a file that is followed, its versions, columns, rows, diff."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.journeys.terminal import LARGE, SMALL, Terminal
from tests.waiting import wait_for

Start = Callable[..., Terminal]
BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])
SETTINGS = """\
[datasets.pay]
path = "data/pay.csv"
copy = true
owner = "anna"
key = ["id"]
sensitive = ["email"]

[[datasets.pay.rules]]
name = "wages are paid"
kind = "range"
column = "wage"
min = 1
"""
HEAD = "id;city;wage;email\n"


def put(folder: Path, *rows: str) -> None:
    """Replace the file in one step, as a careful export does."""
    part = folder / "data" / "pay.part"
    part.parent.mkdir(exist_ok=True)
    part.write_text(HEAD + "".join(f"{row}\n" for row in rows), "utf-8")
    part.replace(folder / "data" / "pay.csv")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Return a workspace whose settings follow a file that is not there yet."""
    folder = write_workspace(tmp_path / "team")
    (folder / "workbench.toml").write_text(SETTINGS, "utf-8")
    return folder


def versions(folder: Path) -> list[int]:
    """Return the numbers of the versions on disk."""
    return sorted(int(one.parent.name) for one in folder.glob("datasets/pay/*/manifest.json"))


@BOTH
def test_a_followed_file_becomes_versions_and_is_looked_at(
    start: Start, team: Path, size: tuple[int, int]
) -> None:
    """From nothing to a version by itself, its columns, its rows, and what a second one changed."""
    terminal = start("open", team, size=size)
    terminal.wait_for("runs")
    terminal.press("3").wait_for("No dataset")
    put(team, *(f"{n};Rome;{n},5;p{n}@x.y" for n in range(1, 41)))
    terminal.wait_for("pay", "v1", "40", "anna")
    put(team, *(f"{n};{'Oslo' if n == 7 else 'Rome'};{n},5;p{n}@x.y" for n in range(2, 43)))
    terminal.wait_for("pay", "v2", "41")
    assert versions(team) == [1, 2]
    assert json.loads((team / "datasets/pay/2/manifest.json").read_text())["how"] == "followed"

    terminal.press("enter").wait_for("city", "wage", "email")
    terminal.press("v").wait_for("Rome", "Oslo", "•••")
    assert "p7@x.y" not in terminal.text
    terminal.press("/").type("wage > 40").press("enter").wait_for("42")
    terminal.wait_without("Oslo")
    terminal.press("escape", "escape").wait_for("wage")

    terminal.press("d").wait_for("2 added, 1 removed, 1 changed")
    terminal.press("tab", "tab").wait_for("Oslo")
    terminal.press("escape").wait_for("wage")
    terminal.press("!").wait_for("wages are paid", "holds")
    terminal.press("escape").wait_for("wage")
    terminal.press("T").wait_for("the data", "data/pay.csv")
    terminal.press("escape", "q")
    wait_for(lambda: terminal.process.poll() is not None)


def test_a_file_that_cannot_be_read_is_a_fault_and_the_version_stands(
    start: Start, team: Path
) -> None:
    """Half a file is never registered; what is wrong with it is said, and the mended one counts."""
    put(team, *(f"{n};Rome;{n},5;p{n}@x.y" for n in range(1, 41)))
    terminal = start("open", team, size=LARGE)
    terminal.wait_for("runs")
    terminal.press("3")
    terminal.wait_for("pay", "v1")
    put(team, "1;Rome;1,5;a@b.c", "2;Rome;1,5;a@b.c;too;many", "3;Rome")
    terminal.press("6").wait_for("pay is not registered")
    assert versions(team) == [1]
    put(team, *(f"{n};Bern;{n},5;p{n}@x.y" for n in range(1, 31)))
    wait_for(lambda: versions(team) == [1, 2])
    terminal.wait_without("pay is not registered")
