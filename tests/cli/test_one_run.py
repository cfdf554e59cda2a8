"""``show``, ``notes`` and ``plot``: one run, and its curves."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.building import run_id, write_run
from tests.cli.conftest import Run


def test_show_tells_everything(run: Run) -> None:
    """Params, metrics, artifacts, note and where the run is."""
    text = run("show", "good").stdout
    for words in ("good", run_id(1), "finished", "lr", "val/auc", "report.txt", "4 B", "keep"):
        assert words in text
    assert "ValueError: no" in run("show", "crashed").stdout
    fields = json.loads(run("show", "good", "--json").stdout)
    assert Path(fields["folder"]).is_dir()


def test_a_run_is_named_by_id_part_or_name(run: Run, workspace: Path) -> None:
    """Whatever is unique will do; what is not lists who is meant."""
    for words in (run_id(1), run_id(1)[-6:], "good"):
        assert json.loads(run("show", words, "--json").stdout)["id"] == run_id(1)
    write_run(workspace, number=5, name="good")
    done = run("show", "good")
    assert done.exit_code == 2
    assert run_id(1) in done.stderr
    assert run_id(5) in done.stderr
    assert run("show", run_id(1)[:20]).exit_code == 2
    assert run("show", "nobody").exit_code == 2


def test_notes_are_read_and_written(run: Run) -> None:
    """A note comes from the words or from stdin, and is one file in ``edits/``."""
    assert run("notes", "good").stdout == "keep\n"
    assert run("notes", "good", "second try").exit_code == 0
    assert run("notes", "good").stdout == "second try\n"
    run("notes", "good", "-", stdin="from\nstdin\n")
    assert run("notes", "good").stdout == "from\nstdin\n"
    run("notes", "good", "")
    assert run("notes", "good").stdout == ""


def test_a_folder_of_another_tool_takes_no_note(run: Run) -> None:
    """Not allowed has its own exit code and says what to do instead."""
    specimen = Path(__file__).parents[1] / "specimens" / "mlflow_file" / "data"
    done = run("notes", "crash-at-7", "x", "-w", str(specimen))
    assert done.exit_code == 4
    assert "workbench init" in done.stderr


def test_plot_draws(run: Run) -> None:
    """Curves of several runs stand in one chart of the size asked for."""
    done = run("plot", "good", "crashed", "-m", "loss", "--width", "60", "--height", "12")
    lines = done.stdout.splitlines()
    assert len(lines) <= 13
    assert max(map(len, lines)) <= 60
    assert "a lr=0.1   b lr=0.2" in lines[0]
    assert "\x1b" not in done.stdout


def test_plot_takes_a_scale_for_either_axis(run: Run) -> None:
    """The chart says which axis is not linear; --log is short for one of them."""
    drawn = run("plot", "good", "-m", "loss", "--scale", "symlog", "--x-scale", "log").stdout
    assert "symlog · log step" in drawn.splitlines()[0]
    assert "loss  log" in run("plot", "good", "-m", "loss", "--log").stdout


def test_plot_puts_another_metric_across(run: Run) -> None:
    """A metric against a metric, where a run has both."""
    drawn = run("plot", "good", "-m", "loss", "--x", "val/auc")
    assert drawn.exit_code == 0
    assert "val/auc" in drawn.stdout
    refused = run("plot", "crashed", "-m", "loss", "--x", "val/auc")
    assert refused.exit_code == 2
    assert "None of these runs has a metric 'val/auc'." in refused.stderr


def test_plot_chooses_by_pattern_and_filter(run: Run) -> None:
    """A pattern fits names, a filter anything; both can be had as data."""
    done = run("plot", "*oo*", "-f", "name = 'crashed'", "-m", "loss", "--json")
    curves = {one["name"]: one for one in json.loads(done.stdout)}
    assert set(curves) == {"good", "crashed"}
    assert curves["good"]["steps"] == [0, 1, 2]
    assert curves["good"]["values"] == [1.0, 0.5, 1 / 3]
    rows = list(csv.reader(io.StringIO(run("plot", "diverged", "-m", "loss", "--csv").stdout)))
    assert [row[-1] for row in rows] == ["value", "1.0", "nan"]


def test_plot_without_curves_is_an_error(run: Run) -> None:
    """A metric or a run that is not there is said, not drawn empty."""
    assert run("plot", "good", "-m", "nope").exit_code == 2
    assert run("plot", "-m", "loss").exit_code == 2
    assert run("plot", "x*", "-m", "loss").exit_code == 2


def test_plot_draws_the_difference_to_a_baseline(run):
    """A curve against itself is zero, and the title says what is drawn."""
    done = run("plot", "good", "-m", "loss", "--baseline", "good", "--width", "60")
    assert done.exit_code == 0
    assert "loss − baseline" in done.stdout


def test_plot_draws_the_best_so_far(run):
    """What is drawn of the values is said."""
    done = run("plot", "good", "-m", "loss", "--best")
    assert "loss, best so far" in done.stdout


def test_what_is_for_curves_is_refused_elsewhere(run):
    """An option that would do nothing is not taken in silence."""
    done = run("plot", "--kind", "hist", "--best")
    assert done.exit_code == 2
    assert "--best is for curves." in done.stderr


def test_plot_gives_the_points_that_are_drawn(run):
    """The best so far, the difference and another axis are in the data as in the chart."""
    loss = "diverged", "-m", "loss"
    best = run("plot", "good", "-m", "loss", "--best", "--csv", "-f", "name = 'diverged'")
    rows = list(csv.reader(io.StringIO(best.stdout)))
    assert rows[0] == ["id", "name", "metric", "step", "value"]
    assert [row[3:] for row in rows if row[1] == "diverged"] == [["0", "1.0"], ["1", "1.0"]]
    less = run("plot", *loss, "--baseline", "good", "--json")
    (curve,) = json.loads(less.stdout.replace("NaN", "null"))
    assert (curve["steps"], curve["values"][0]) == ([0, 1], 0.0)
    other = run("plot", "good", "-m", "loss", "--x", "val/auc", "--csv").stdout
    assert other.splitlines()[0] == "id,name,metric,metrics.val/auc,value"
    since = run("plot", "good", "-m", "loss", "--x", "relative", "--csv").stdout.splitlines()
    assert since[0] == "id,name,metric,relative,value"
    assert len(since) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--best", "--baseline", "good"), "not both."),
        (("--smoothing", "0.5", "--csv"), "--smoothing is of what is drawn; --csv gives points."),
        (("--mode", "raw", "--json"), "--mode is of what is drawn; --json gives points."),
        (("--baseline", "crashed", "-m", "val/auc", "--csv"), "The baseline has no metric"),
    ],
)
def test_points_that_cannot_be_given_are_refused(run, words, said):
    """Other numbers in silence would be taken for those that were asked for."""
    done = run("plot", "good", "-m", "loss", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
