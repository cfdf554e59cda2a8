"""From marks to why to a note: two runs are compared as a person does it, and it is kept."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.building import BEGIN, append_metrics, points, run_id, write_run
from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import LARGE, SMALL, Terminal
from tests.screens.workspaces import seeds

Start = Callable[..., Terminal]
BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])
IDS = (run_id(0), run_id(1))


def mark_two(terminal: Terminal) -> None:
    """Mark a run of each learning rate and put them side by side."""
    terminal.wait_for("mlp-0", "mlp-7")
    terminal.type("/seed = 0").press("enter").wait_for("2 of 8 runs")
    terminal.press("G").wait_row("▌", "mlp-0")
    terminal.press("space").wait_row("a mlp-0")
    terminal.press("g").wait_row("▌", "mlp-1")
    terminal.press("space").wait_for("2 marked")
    terminal.press("2").wait_for("Compare", "2 runs", "a lr=0.1", "b lr=0.03")


def axis(lines: list[str]) -> list[str]:
    """Return the lowest lines of a screen, in which the numbers of an x-axis are."""
    return [f"{line} " for line in lines[-6:]]


@BOTH
def test_from_marks_to_why_to_a_note(
    here: Surroundings, start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Mark, compare, ask why, save, leave, come back to the same page, and print it as a note."""
    folder = seeds(tmp_path / "team")
    terminal = start("open", folder, size=size)
    mark_two(terminal)
    terminal.wait_row("lr", "0.1", "0.03")
    terminal.wait_row("params", "1 differ, 2 equal rows")
    terminal.wait_without("seed ")
    terminal.press("g", "}").wait_row("▌", "duration")
    terminal.press("}").wait_row("▌", "started")
    terminal.press("}").wait_row("▌", " lr ")

    terminal.press("w").wait_for("Compare › Why", "Result", "Over seeds and folds: B − A =")
    terminal.wait_for("paired t, n=4", "The curves of")
    terminal.wait_row("lr", "→")
    terminal.press("escape").wait_row("▌", " lr ")

    terminal.press("V").wait_for("Save this view")
    terminal.press("enter").wait_for("Save this view as")
    terminal.type("weekly").press("enter").wait_for("Saved the view weekly")
    terminal.press("q")
    assert terminal.wait_end() == 0

    again = start("open", folder, "--view", "weekly", size=size)
    again.wait_for("Compare", "2 runs")
    again.wait_row("lr", "0.1", "0.03")
    assert again.press("q").wait_end() == 0

    note = here.run("report", "weekly", "-w", folder)
    assert note.returncode == 0, note.stderr
    assert note.stdout.startswith("# ")
    assert all(one in note.stdout for one in IDS)
    assert "python train.py --lr 0.1" in note.stdout
    assert "python train.py --lr 0.03" in note.stdout
    assert "| lr |" in note.stdout


def test_the_page_and_its_charts_are_taken_along(start: Start, tmp_path: Path) -> None:
    """``e`` says where the files are, and there they are: a page, and the pictures it shows."""
    goes = tmp_path / "here"
    goes.mkdir()
    terminal = start("open", seeds(tmp_path / "team"), size=LARGE, cwd=goes)
    mark_two(terminal)
    terminal.wait_row("lr", "0.1", "0.03")
    terminal.wait_for("┤")
    terminal.press("e").wait_for("Wrote", "beside")
    (page,) = goes.glob("compare-*.md")
    assert page.stem in "".join(line.strip() for line in terminal.text.splitlines())
    text = page.read_text("utf-8")
    assert "| lr |" in text
    pictures = sorted(goes.glob("compare-*.svg"))
    assert pictures
    assert all(f"]({picture.name})" in text for picture in pictures)
    terminal.press("w").wait_for("Result", "Params")
    terminal.press("e").wait_for("Wrote", "why-")
    assert "Over seeds and folds" in next(goes.glob("why-*.md")).read_text("utf-8")


@BOTH
def test_a_run_that_logs_on_moves_and_the_cursor_stays(
    start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Its value is another one, its curve is longer, and the cursor is where it was."""
    folder = tmp_path / "team"
    write_run(folder, number=0, name="done", params={"lr": 0.1}, metrics=points(20, "loss"))
    going = write_run(folder, number=1, name="going", params={"lr": 0.2}, status=None,
                      metrics=points(10, "loss"))  # fmt: skip
    terminal = start("open", folder, size=size)
    terminal.wait_for("done", "going")
    terminal.press("space", "space").wait_for("2 marked")
    terminal.press("2").wait_for("Compare", "2 runs", "Values may still change of going")
    terminal.wait_row("loss", "0.05", "0.1")
    terminal.type("/lr").wait_for("Apply")
    terminal.press("enter").wait_for("/lr", "? Help")
    terminal.press("}").wait_row("▌", " lr ", "0.1", "0.2")
    terminal.wait(lambda lines: any("└" in line for line in axis(lines)), "a chart read")
    terminal.press("escape").wait_row("loss", "0.05", "0.1")
    terminal.wait(lambda lines: not any(" 30 " in line for line in axis(lines)), "a short axis")
    append_metrics(going, points(30, "loss", begin=BEGIN, first=10))
    terminal.wait_row("loss", "0.05", "0.025")
    terminal.wait(lambda lines: any(" 30 " in line for line in axis(lines)), "a longer axis")
    terminal.wait_row("▌", " lr ", "0.1", "0.2")


def test_a_run_deleted_meanwhile_is_said(start: Start, tmp_path: Path) -> None:
    """The two that are left stay side by side, and the page says which is gone."""
    folder = tmp_path / "team"
    built = [
        write_run(folder, number=k, name=f"run-{k}", params={"lr": 0.1 * (k + 1)}) for k in range(3)
    ]
    terminal = start("open", folder)
    terminal.wait_for("run-0", "run-2")
    terminal.press("space", "space", "space").wait_for("3 marked")
    terminal.press("2").wait_for("Compare", "3 runs")
    shutil.rmtree(built[1].folder)
    terminal.wait_for("2 runs", "any more")
    terminal.wait_row("lr", "0.1", "0.3")
    assert terminal.press("q").wait_end() == 0
