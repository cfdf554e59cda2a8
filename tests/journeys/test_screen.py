"""The main job as a person does it: keys in, a screen out, files in the workspace."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.building import BEGIN, points, run_id, write_run, write_workspace
from tests.journeys.surroundings import Surroundings
from tests.journeys.terminal import LARGE, SMALL, Terminal
from tests.waiting import wait_for

if TYPE_CHECKING:
    import subprocess

Start = Callable[..., Terminal]
TRAIN = Path(__file__).parent / "scripts" / "train.py"
SPECIMEN = Path(__file__).parents[1] / "specimens" / "mlflow_file" / "data" / "mlruns"
BOTH = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "160x50"])


def three_runs(folder: Path) -> Path:
    """Make a workspace of three runs that differ in all a person sorts and filters by."""
    for number, name in enumerate(("alpha", "beta", "gamma")):
        write_run(
            folder, number=number, name=name, params={"lr": (0.1, 0.3, 0.2)[number]},
            metrics=points(30, "loss", "val/auc"), started=BEGIN + 50 - number,
        )  # fmt: skip
    return folder


def edits_of(folder: Path) -> list[dict[str, Any]]:
    """Return what was written to the edits folder, in order."""
    return [json.loads(path.read_bytes()) for path in sorted((folder / "edits").rglob("*.json"))]


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Return time and size of everything below a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size)
        for path in (folder, *folder.rglob("*"))
    }


def order(lines: list[str], *names: str) -> bool:
    """Say whether the names stand under each other in this order."""
    rows = [next((n for n, line in enumerate(lines[2:]) if name in line), None) for name in names]
    return None not in rows and rows == sorted(rows)  # type: ignore[type-var]


def step(script: "subprocess.Popen[str]") -> None:
    """Let the script take one more step, and wait until it has."""
    assert script.stdin is not None
    assert script.stdout is not None
    script.stdin.write("\n")
    script.stdin.flush()
    assert script.stdout.readline()


# ---------------------------------------------------------------- runs arrive


@BOTH
def test_a_run_of_another_process_arrives_grows_and_finishes(
    here: Surroundings, start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """The table is empty, then holds a run that goes on, then one that has finished."""
    folder = write_workspace(tmp_path / "team")
    terminal = start("open", folder, size=size)
    terminal.wait_for("No runs yet", "import workbench")
    with here.script(TRAIN, "gbm-live", "0.1", workspace=folder) as script:
        step(script)
        terminal.wait_row("gbm-live", "running", "0.5000")
        for _ in range(4):
            step(script)
        terminal.wait_row("gbm-live", "running", "0.2000")
        assert script.stdin is not None
        script.stdin.close()
        terminal.wait_row("gbm-live", "finished")
    assert script.returncode == 0
    assert terminal.press("q").wait_end() == 0


def test_the_cursor_stays_on_its_run_while_others_arrive(start: Start, tmp_path: Path) -> None:
    """A new run never takes the place under the cursor."""
    folder = three_runs(tmp_path / "team")
    terminal = start("open", folder)
    terminal.wait_row("▌", "alpha")
    terminal.press("down")
    terminal.wait_row("▌", "beta")
    for number in range(10, 14):
        write_run(folder, number=number, name=f"late-{number}", started=BEGIN + 900)
    terminal.wait_for("late-13", "4 new")
    terminal.wait_row("▌", "beta")


def test_a_run_deleted_by_hand_leaves_the_screen(start: Start, tmp_path: Path) -> None:
    """Nobody has to be told that a folder is gone."""
    folder = three_runs(tmp_path / "team")
    terminal = start("open", folder)
    terminal.wait_for("alpha", "beta", "gamma")
    run = next((folder / "runs" / "churn").glob("*00"))
    run.rename(tmp_path / "elsewhere")
    terminal.wait_for("2 runs")
    terminal.wait_without("alpha")


def test_two_screens_and_a_command_see_the_same(
    here: Surroundings, start: Start, tmp_path: Path
) -> None:
    """What one person does is on the other's screen, and in what a command prints."""
    folder = three_runs(tmp_path / "team")
    ana, ben = start("open", folder), start("open", folder, size=LARGE)
    ana.wait_row("▌", "alpha")
    ben.wait_row("▌", "alpha")
    ana.press("down", "D").wait_for("2 runs")
    ben.wait_for("2 runs")
    listed = json.loads(here.run("runs", folder, "--json", "--filter", "archived = true").stdout)
    assert [run["name"] for run in listed] == ["beta"]
    write_run(folder, number=9, name="delta", started=BEGIN + 900)
    ana.wait_for("delta", "3 runs")
    ben.wait_for("delta", "3 runs")


# ---------------------------------------------------------------- looking


@BOTH
def test_filter_sort_mark_and_overlay(start: Start, tmp_path: Path, size: tuple[int, int]) -> None:
    """Filtering counts while typing, sorting turns rows, marked curves carry their letters."""
    terminal = start("open", three_runs(tmp_path / "team"), size=size)
    terminal.wait_for("alpha", "beta", "gamma")
    terminal.type("/lr > 0.15").wait_for("2 of 3")
    terminal.press("enter").wait_for("2 of 3 runs", "/lr > 0.15")
    terminal.wait(lambda lines: not any("alpha" in line for line in lines[2:8]), "alpha filtered")
    terminal.press("escape").wait(
        lambda lines: "/lr" not in lines[0] or "Stopped reading" in "\n".join(lines), "Escape seen"
    )
    if "/lr" in terminal.lines[0]:  # it stopped the reading of curves
        terminal.press("escape")
    terminal.wait_for("alpha")

    to_lr = terminal.lines[1].split("│")[-1].split().index("lr") + 1
    terminal.press(*["right"] * to_lr, "s")
    terminal.wait(lambda lines: order(lines, "alpha", "gamma", "beta"), "sorted by lr")
    terminal.press("S")
    terminal.wait(lambda lines: order(lines, "beta", "gamma", "alpha"), "sorted the other way")

    terminal.press("g", "space", "space").wait_for("2 marked")
    terminal.wait_row("a beta")
    terminal.wait_row("b gamma")
    terminal.wait_row("a lr=0.3", "b lr=0.2")  # the legend over the curves
    terminal.wait(lambda lines: any(line.endswith(("a", "b", "a │", "b │")) or "⠤a" in line
                                    or "⠤b" in line for line in lines[-14:]),
                  "letters at the ends of the curves")  # fmt: skip


def test_a_filter_that_cannot_be_read_shows_where(start: Start, tmp_path: Path) -> None:
    """The mark stands under the column that is wrong, and Enter does not take the filter."""
    terminal = start("open", three_runs(tmp_path / "team"))
    terminal.wait_for("alpha")
    lines = terminal.type("/lr >> 3").wait_for("▲", "Expected")
    typed = next(line for line in lines if "lr >> 3" in line)
    mark = next(line for line in lines if "▲" in line)
    assert mark.index("▲") == typed.rindex(">")
    terminal.press("enter").type(" ").wait_for("▲")
    terminal.press("escape").wait_without("▲")
    terminal.wait_for("3 runs")


@BOTH
def test_every_screen_opens_and_escape_never_quits(
    start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Run detail, help, palette and activity open, and Esc goes back and no further."""
    terminal = start("open", three_runs(tmp_path / "team"), size=size)
    terminal.wait_row("▌", "alpha")
    terminal.press("enter").wait_for("Overview", "Params", "lr", "trainbox")
    terminal.press("escape").wait_row("▌", "alpha")
    terminal.press("?").wait_for("Keys: Runs", "Esc")
    terminal.press("bare escape").wait_without("Keys: Runs")
    terminal.press("ctrl+p").wait_for("Search")
    terminal.type("GAM").wait_for("GAM", "gamma", "run")
    terminal.press("escape").wait_without("GAM", "Search")
    terminal.wait_row("▌", "alpha", " 0.1 ", "churn")
    terminal.press("6").wait_for("Activity", "Journal")
    terminal.press("1").wait_row("▌", "alpha")
    for _ in range(4):
        terminal.press("escape")
        terminal.press("r").wait_for("Looking for changes")
    assert terminal.process.poll() is None
    assert terminal.press("q").wait_end() == 0


def test_too_small_a_terminal_says_so_and_lets_go(start: Start, tmp_path: Path) -> None:
    """Below 80x24 there is one line and q."""
    terminal = start("open", three_runs(tmp_path / "team"))
    terminal.wait_for("alpha")
    terminal.resize(60, 15).wait_for("80x24")
    terminal.resize(100, 30).wait_for("alpha")
    terminal.resize(60, 15).wait_for("80x24")
    assert terminal.press("q").wait_end() == 0


# ---------------------------------------------------------------- changing


def choose(terminal: Terminal, words: str) -> None:
    """Open the list of what can be changed and take one."""
    terminal.press("E").wait_for("Change ")
    terminal.type(words).wait_without("Declare killed" if words != "Declare" else "several lines")
    terminal.press("enter")


def test_a_run_is_renamed_tagged_noted_and_all_of_it_taken_back(
    start: Start, tmp_path: Path
) -> None:
    """Each change is one file in edits/, the table shows it, and u takes it back."""
    folder = three_runs(tmp_path / "team")
    terminal = start("open", folder, size=LARGE)
    terminal.wait_row("▌", "alpha")

    choose(terminal, "new name")
    terminal.wait_for("Name of 1 run")
    terminal.type("-best").press("enter").wait_row("▌", "alpha-best")
    assert edits_of(folder)[-1]["set"] == {"name": "alpha-best"}

    choose(terminal, "value")
    terminal.wait_for("Tags of 1 run")
    terminal.type("phase=paper").press("enter").wait_for("Tagged 1 run")
    assert wait_for(lambda: edits_of(folder)[1:2])[0]["set"] == {"tags.phase": "paper"}

    choose(terminal, "several")
    terminal.wait_for("Note on 1 run")
    terminal.type("worth [bold]a look[/]").wait_for("worth [bold]a look[/]")
    terminal.press("ctrl+s").wait_for("Noted on 1 run")
    assert wait_for(lambda: edits_of(folder)[2:3])[0]["set"] == {"note": "worth [bold]a look[/]"}
    terminal.wait_for("worth [bold]a look[/]", "paper")

    for left in (4, 5, 6):
        terminal.press("u")
        wait_for(lambda left=left: len(edits_of(folder)) == left)
    terminal.wait_without("alpha-best", "worth [bold]")
    terminal.wait_row("▌", "alpha")
    terminal.press("u").wait_for("no edit of yours to undo")
    assert len(edits_of(folder)) == 6


def test_marked_runs_are_put_away_and_brought_back(start: Start, tmp_path: Path) -> None:
    """Archiving hides, one file says so, and undoing shows again."""
    folder = three_runs(tmp_path / "team")
    terminal = start("open", folder)
    terminal.wait_row("▌", "alpha")
    terminal.press("space", "space").wait_for("2 marked")
    terminal.press("D").wait_for("1 run")
    terminal.wait(lambda lines: not order(lines[:8], "alpha"), "alpha put away")
    (edit,) = edits_of(folder)
    assert edit["set"] == {"archived": True}
    assert len(edit["of"]) == 2
    terminal.press("u").wait_for("3 runs", "alpha", "beta", "gamma")


def test_keys_in_a_row_mean_the_row_they_reach(start: Start, tmp_path: Path) -> None:
    """What is pressed right after moving is done to the run moved to, not to the one before."""
    folder = three_runs(tmp_path / "team")
    terminal = start("open", folder)
    terminal.wait_row("▌", "alpha")
    terminal.press("down", "D")
    (edit,) = wait_for(lambda: edits_of(folder))
    assert edit["of"] == [run_id(1)]


def test_a_marked_run_is_edited_with_its_own_name(start: Start, tmp_path: Path) -> None:
    """The line begins with the name of the run that is chosen, wherever the cursor is."""
    terminal = start("open", three_runs(tmp_path / "team"))
    terminal.wait_row("▌", "alpha")
    terminal.press("space").wait_row("▌", "beta")
    terminal.wait_row("a alpha")
    choose(terminal, "new name")
    terminal.wait_for("Name of 1 run")
    terminal.wait_row("│ alpha")


# ---------------------------------------------------------------- looking only


@BOTH
def test_a_folder_of_mlflow_is_shown_and_never_written(
    here: Surroundings, start: Start, tmp_path: Path, size: tuple[int, int]
) -> None:
    """Keys that write say why not; nothing in the folder changes; mlflow is not imported."""
    folder = tmp_path / "mlruns"
    _copy(SPECIMEN, folder)
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "mlflow.py").write_text(
        f"open({str(tmp_path / 'imported')!r}, 'w').close()\n", "utf-8"
    )
    before = listing(folder)
    path = os.pathsep.join((here.environment()["PYTHONPATH"], str(planted)))
    terminal = start("open", folder, size=size, PYTHONPATH=path)
    terminal.wait_for("baseline-lr0.01", "finished", "read only")
    terminal.wait_row("▌")
    terminal.press("E").wait_for("only looked")
    terminal.press("D", "u")
    terminal.press("space").wait_for("1 marked")
    terminal.press("b", "s", "6").wait_for("Activity")
    assert terminal.press("q").wait_end() == 0
    assert listing(folder) == before
    assert not (tmp_path / "imported").exists()


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target)
