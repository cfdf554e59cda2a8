"""``compare``: runs side by side, printed and as data."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_run
from tests.cli.conftest import Run


@pytest.fixture
def many(workspace: Path) -> Path:
    """Six more runs of a family, each a little better than the one before."""
    for number in range(10, 16):
        metrics = [(step, BEGIN + step, {"auc": number / 100 + step}) for step in range(3)]
        rule = {"time": BEGIN, "kind": "rule", "metric": "auc", "goal": "max"}
        write_run(
            workspace, number=number, name=f"gbm-{number}", started=BEGIN + number,
            params={"depth": number // 2, "lr": 0.1}, metrics=metrics, updates=[rule],
        )  # fmt: skip
    return workspace


def words_of(text: str, label: str) -> list[str]:
    """Return the words of the line that begins with a label."""
    return next(line.split() for line in text.splitlines() if line.strip().startswith(label))


def test_two_runs_show_what_differs_and_by_how_much(run: Run, many: Path) -> None:
    """The first of two is the baseline; what is equal is counted, and shown with --all."""
    assert many.is_dir()
    done = run("compare", "gbm-10", "gbm-13")
    assert done.exit_code == 0
    assert words_of(done.stdout, "depth") == ["depth", "5", "6"]
    assert words_of(done.stdout, "auc") == ["auc", "↑", "2.1", "2.13", "*", "+0.03", "better"]
    assert "a depth=5 (baseline)" in done.stdout
    assert "\n  lr " not in done.stdout
    assert "equal rows" in done.stderr
    everything = run("compare", "gbm-10", "gbm-13", "--all")
    assert words_of(everything.stdout, "lr") == ["lr", "0.1", "0.1"]
    assert "equal rows" not in everything.stderr
    back = run("compare", "gbm-13", "gbm-10", "--baseline", "gbm-13", "--at", "1")
    assert "metrics at step 1" in back.stdout
    assert words_of(back.stdout, "auc")[-2:] == ["-0.03", "worse"]


def test_runs_stand_best_first(run: Run, many: Path) -> None:
    """The direction of a metric orders the runs, and a sign before its name otherwise."""
    assert many.is_dir()

    def order(*words: str) -> list[str]:
        told = json.loads(run("compare", "gbm-*", "--json", *words).stdout)
        return [one["name"].removeprefix("gbm-") for one in told["runs"]]

    up = [str(number) for number in range(10, 16)]
    assert order("--sort", "auc") == up[::-1]
    assert order("--sort", "+auc") == up
    assert order("--sort", "-metrics.auc") == up[::-1]
    assert order("--filter", "name = 'good'")[-1] == "good"
    assert run("compare", "gbm-*", "--sort", "au").exit_code == 2


def test_a_table_wider_than_the_terminal_comes_in_blocks(
    run: Run, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run is shown once, no line is longer than the terminal, k/n stands beside."""
    assert many.is_dir()
    monkeypatch.setenv("COLUMNS", "60")
    done = run("compare", "gbm-*")
    lines = done.stdout.splitlines()
    assert max(map(len, lines)) <= 60
    heads = [line for line in lines if line.rstrip().endswith("alike")]
    assert len(heads) > 1
    assert sorted(sign for line in heads for sign in line.split() if len(sign) == 1) == list(
        "abcdef"
    )
    assert words_of(done.stdout, "depth")[-1] == "2/6"


def test_what_is_gone_is_said_and_one_run_is_too_few(run: Run) -> None:
    """A name of nothing costs a sentence on stderr; with fewer than two there is no table."""
    done = run("compare", "good", "nobody", "crashed", "x*")
    assert done.exit_code == 0
    assert "There is no run 'nobody'." in done.stderr
    assert "No run's name fits 'x*'." in done.stderr
    assert "crashed" in done.stdout
    for words in (("good",), ("good", "good"), ("nobody", "good"), ("nobody",), ()):
        done = run("compare", *words)
        assert done.exit_code == 2
        assert done.stdout == ""
    assert "only 'good' is here" in run("compare", "good").stderr


def test_runs_without_much_are_compared_and_said(run: Run, workspace: Path) -> None:
    """No git, no steps, no metric in common: each is a sentence beside what there is."""
    write_run(workspace, number=7, name="bare", git=None, params={}, metrics=[])
    write_run(workspace, number=8, name="other", metrics=[(None, BEGIN, {"f1": 0.5})])
    done = run("compare", "good", "bare", "other")
    assert done.exit_code == 0
    for words in ("No git commit is known of bare", "No steps were given by other", "No metric is"):
        assert words in done.stderr


def test_every_form_can_be_read(run: Run) -> None:
    """JSON is whole, CSV defused, Markdown and LaTeX are tables."""
    run("notes", "good", "=1+1")
    told = json.loads(run("compare", "good", "diverged", "--json").stdout)
    loss = next(one for one in told["facts"] if one["name"] == "loss")
    assert loss["values"] == {run_id(1): 1 / 3, run_id(2): "NaN"}
    assert {"section": "run", "name": "host"}.items() <= next(
        one for one in told["facts"] if one["name"] == "host"
    ).items()
    rows = list(csv.reader(io.StringIO(run("compare", "good", "diverged", "--csv").stdout)))
    assert rows[0] == ["section", "name", run_id(1), run_id(2)]
    assert ["run", "note", "'=1+1", ""] in rows
    text = run("compare", "good", "diverged", "--md", "--columns", "params").stdout
    assert "| lr | 0.1 | 40 |" in text
    assert "loss" not in text.partition("| --- |")[2].partition("\n\n")[0]
    assert "\\bottomrule" in run("compare", "good", "diverged", "--tex").stdout
    assert run("compare", "good", "diverged", "--md", "--tex").exit_code == 2


def test_a_picture_is_valid_whatever_a_run_is_called(run: Run, workspace: Path) -> None:
    """An SVG holds every name and value as text, on a dark ground or a light one."""
    write_run(workspace, number=9, name="<b>&", params={"lr": 0.5, "opt": {"b<": 1}})
    pages = [run("compare", "good", "<b>&", "crashed", "--svg", *more).stdout
             for more in ((), ("--light",))]  # fmt: skip
    assert pages[0] != pages[1]
    for page in pages:
        texts = ["".join(one.itertext()) for one in ET.fromstring(page).iter()]  # noqa: S314 - our own
        for text in ("params", "lr", "opt.b<", "0.5", "1/3", "3 runs compared"):
            assert text in texts


def test_a_value_of_an_earlier_step_is_never_the_best(run: Run, many: Path) -> None:
    """A run that ended before the step asked for says so in every form, and gets no delta."""
    write_run(many, number=20, name="short", metrics=[(0, BEGIN, {"auc": 9.5})])
    asked = ("compare", "gbm-10", "gbm-13", "short", "--at", "2", "--columns", "auc")
    text = run(*asked, "--baseline", "gbm-10").stdout
    assert words_of(text, "auc")[:8] == ["auc", "↑", "2.1", "2.13", "*", "+0.03", "better", "9.5"]
    assert words_of(text, "auc")[8] == "@0"
    assert "| 9.5 `@0` |" in run(*asked, "--md").stdout
    assert "& 9.5 @0 &" in run(*asked, "--tex").stdout
    assert ">9.5 @0<" in run(*asked, "--svg").stdout
    table = list(csv.reader(io.StringIO(run(*asked, "--csv").stdout)))
    assert next(row for row in table if row[1] == "auc")[2:] == ["2.1", "2.13", "9.5 @0"]
    (fact,) = json.loads(run(*asked, "--baseline", "gbm-10", "--json").stdout)["facts"]
    assert fact["steps"] == {run_id(20): 0.0}
    assert fact["best"] == [run_id(13)]
    assert list(fact["deltas"]) == [run_id(13)]


def test_nothing_is_measured_against_a_baseline_that_ended_early(run: Run, many: Path) -> None:
    """A difference to a value of another step would be no difference of runs."""
    write_run(many, number=20, name="short", metrics=[(0, BEGIN, {"auc": 9.5})])
    text = run("compare", "short", "gbm-13", "--at", "2", "--columns", "auc").stdout
    assert words_of(text, "auc") == ["auc", "↑", "9.5", "@0", "2.13"]


def test_a_section_without_facts_is_not_suggested_for_itself(run):
    """Before the first step there are no metrics, which is what is said."""
    done = run("compare", "good", "diverged", "--at", "-1", "--columns", "metrics")
    assert done.exit_code == 2
    assert "Nothing is known of the metrics of these runs here." in done.stderr
    assert "Did you mean" not in done.stderr
