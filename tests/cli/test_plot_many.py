"""``plot --kind``: charts of many runs, drawn, as a table, and as a picture."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, stdev
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from tests.building import BEGIN, write_run, write_workspace
from workbench.cli.main import program

Run = Callable[..., Result]
KINDS = ("scatter", "parallel", "heat", "hist", "progress", "pareto", "importance")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a workspace of 24 runs, one of them without a rate."""
    root = write_workspace(tmp_path / "ws")
    (root / "workbench.toml").write_text('[metrics]\nloss = "min"\nacc = "max"\n')
    for number in range(24):
        params = {"depth": number % 4, "opt": ("adam", "sgd")[number % 2], "lr": 0.1 / (number + 1)}
        if number == 5:
            del params["lr"]
        write_run(root, number=number, name=f"run-{number}", started=BEGIN + number, params=params,
                  metrics=[(0, BEGIN, {"loss": 1 / (number + 1), "acc": number % 7})])  # fmt: skip
    monkeypatch.chdir(root)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(program, ["plot", *words])

    return invoke


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_in_its_size(run: Run, kind: str) -> None:
    """Without a column named, and no wider than asked for."""
    done = run("--kind", kind, "--width", "70", "--height", "16")
    assert done.exit_code == 0, done.stderr
    chart = done.stdout.split("\n\n")[0].splitlines()
    assert len(chart) <= 17
    assert max(map(len, chart)) <= 70
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_a_table_and_a_picture(run: Run, kind: str) -> None:
    """JSON and CSV hold the same rows; SVG is well-formed, dark or light."""
    rows = json.loads(run("--kind", kind, "--json").stdout)
    lines = list(csv.reader(io.StringIO(run("--kind", kind, "--csv").stdout)))
    assert list(rows[0]) == lines[0]
    assert len(rows) == len(lines) - 1
    dark, light = (run("--kind", kind, "--svg", *more).stdout for more in ((), ("--light",)))
    assert ET.fromstring(dark).tag.endswith("svg")  # noqa: S314 - our own
    assert dark != light


def test_columns_ranges_and_marks_are_those_asked_for(run: Run) -> None:
    """The filter and the ranges choose the runs, what is left out is said."""
    words = ("-k", "scatter", "--x", "lr", "--y", "acc", "-f", "depth < 3")
    done = run(*words, "--brush", "opt=adam", "--csv", "run-8")
    assert [row["name"] for row in csv.DictReader(io.StringIO(done.stdout))] == [
        f"run-{number}" for number in (22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0)
        if number % 4 < 3
    ]  # fmt: skip
    assert "12 of 18 runs lie within the ranges." in done.stderr
    drawn = run(*words, "run-8")
    assert "a run-8" in drawn.stdout
    assert "1 of 18 runs has no lr" in drawn.stdout


def test_groups_stand_below_the_chart(run: Run) -> None:
    """With their letter, number, mean, spread and best."""
    lines = run("-k", "progress", "-m", "loss", "--group", "opt").stdout.splitlines()
    heading = next(n for n, line in enumerate(lines) if line.split()[:2] == ["group", "n"])
    assert lines[heading].split() == ["group", "n", "mean", "std", "best"]
    assert lines[heading + 1].split()[:3] == ["a", "opt=adam", "12"]
    assert lines[heading + 2].split()[-1] == "0.04167"


def test_a_scatter_over_powers_of_ten_is_logarithmic_by_itself(run: Run) -> None:
    """As on parallel axes, and the axis says so; one over fewer stays as it is."""
    write_run(Path.cwd(), number=99, name="fine", params={"lr": 0.0001, "depth": 1},
              metrics=[(0, BEGIN, {"loss": 0.5})])  # fmt: skip
    words = ("-k", "scatter", "--x", "lr", "--y", "loss")
    assert "loss by lr (log)" in run(*words).stdout
    assert "(log)" not in run(*words, "-f", "lr > 0.01").stdout


def test_a_front_is_named_below_the_chart(run: Run) -> None:
    """Who reads the chart learns which runs no other beats, with their ids."""
    rows = json.loads(run("-k", "pareto", "--json").stdout)
    front = [row for row in rows if row["front"]]
    below = run("-k", "pareto").stdout.split("\n\n")[1].splitlines()
    assert below[0].split()[:2] == ["id", "name"]
    assert [line.split()[1] for line in below[1:]] == [row["name"] for row in front]


def test_curves_of_groups_are_means_with_a_band(run: Run) -> None:
    """Drawn, as a picture, and as data with the spread and the number of runs."""
    words = ("-m", "loss", "-f", "loss > 0", "--group", "opt")
    drawn = run(*words, "--width", "70")
    assert drawn.exit_code == 0, drawn.stderr
    assert "opt=adam (n=12)" in drawn.stdout
    assert ET.fromstring(run(*words, "--svg").stdout).tag.endswith("svg")  # noqa: S314 - our own
    lines = run(*words, "--csv").stdout.splitlines()
    assert lines[0] == "group,metric,step,mean,std,n"
    rows = {row["group"]: row for row in csv.DictReader(lines)}
    adam = [1 / (number + 1) for number in range(0, 24, 2)]
    assert float(rows["opt=adam"]["mean"]) == pytest.approx(fmean(adam))
    assert float(rows["opt=adam"]["std"]) == pytest.approx(stdev(adam))
    groups = {one["group"]: one for one in json.loads(run(*words, "--json").stdout)}
    assert (groups["opt=adam"]["n"], len(groups["opt=adam"]["runs"])) == ([12], 12)
    assert groups["opt=sgd"]["mean"] == [pytest.approx(float(rows["opt=sgd"]["mean"]))]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-k", "scatter", "--x", "nope"), "There is no column called 'nope'."),
        (("-k", "scatter", "--x", "dept"), "Did you mean depth?"),
        (("-k", "heat", "--x", "lr", "--y", "lr"), "not twice over lr."),
        (("run-1",), "such as acc, loss"),
        (("-k", "scatter", "-m", "nope"), "There is no metric called 'nope'."),
        (("-k", "scatter", "--brush", "lr"), "'lr' is no range."),
        (("-k", "scatter", "--brush", "opt=lion"), "opt has no value 'lion'."),
        (("-k", "scatter", "nobody"), "There is no run 'nobody'."),
        (("-k", "scatter", "--smoothing", "0.5"), "--smoothing is for curves."),
        (("-k", "scatter", "--scale", "symlog"), "A symmetric log scale is for curves."),
        (("-k", "pareto", "--x", "depth"), "It is not known whether more or less depth is better."),
        (("--y", "loss", "-m", "loss"), "--y is for charts of many runs."),
        (("run-1",), "Curves need a metric."),
        (("-k", "pie"), "Invalid value for '-k' / '--kind'"),
    ],
)
def test_what_does_not_fit_is_one_sentence(run: Run, words: tuple[str, ...], said: str) -> None:
    """With exit code 2, and nothing where data would be."""
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""
