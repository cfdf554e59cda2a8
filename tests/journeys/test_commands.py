"""The main job on the real command line: each command a process, data on stdout."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.surroundings import Surroundings

TRAIN = Path(__file__).parent / "scripts" / "train.py"
SPECIMEN = Path(__file__).parents[1] / "specimens" / "mlflow_file" / "data" / "mlruns"


def train(here: Surroundings, folder: Path, name: str, steps: int) -> str:
    """Train to the end and return the run's id."""
    with here.script(TRAIN, name, "0.1", workspace=folder) as script:
        said, _ = script.communicate("\n" * steps)
    return said.split()[0]


def test_the_main_job_from_an_empty_folder_to_the_trash_and_back(
    here: Surroundings, tmp_path: Path
) -> None:
    """Init, train, list, show, plot, annotate, ask, put away, bring back, make anew."""
    folder = tmp_path / "team"
    assert here.run("init", folder).returncode == 0
    good, bad = train(here, folder, "good", 9), train(here, folder, "bad", 3)

    listed = json.loads(here.run("runs", folder, "--json").stdout)
    assert {run["id"]: run["status"] for run in listed} == {good: "finished", bad: "finished"}
    assert next(run for run in listed if run["id"] == good)["metrics"]["loss"]["count"] == 9
    one = here.run("runs", folder, "--filter", "metrics.loss < 0.2", "--csv")
    assert "good" in one.stdout
    assert "bad" not in one.stdout

    assert good in here.run("show", "good", "-w", folder).stdout
    drawn = here.run("plot", "good", "bad", "--metric", "loss", "-w", folder)
    assert drawn.returncode == 0, drawn.stderr
    assert "good" in drawn.stdout

    assert here.run("notes", "good", "take [this]", "-w", folder).returncode == 0
    assert here.run("notes", "good", "-w", folder).stdout.strip() == "take [this]"
    asked = here.run("sql", "SELECT count(*) AS n FROM runs", "-w", folder, "--json")
    assert json.loads(asked.stdout) == [{"n": 2}]

    plan = here.run("gc", "--run", "bad", "-w", folder)
    assert plan.returncode == 0
    assert len(json.loads(here.run("runs", folder, "--json").stdout)) == 2
    assert here.run("gc", "--run", "bad", "--yes", "-w", folder).returncode == 0
    assert [run["id"] for run in json.loads(here.run("runs", folder, "--json").stdout)] == [good]
    assert here.run("restore", bad, "-w", folder).returncode == 0
    assert here.run("rebuild", folder).returncode == 0
    listed = json.loads(here.run("runs", folder, "--json").stdout)
    assert {run["id"] for run in listed} == {good, bad}
    assert here.run("doctor", folder).returncode == 0
    assert here.run("formats").returncode == 0


def test_whoever_gives_no_folder_is_told_what_there_is_to_do(
    here: Surroundings, tmp_path: Path
) -> None:
    """A command that needs a workspace and finds none says so, and asks nothing."""
    done = here.run("runs", cwd=tmp_path)
    assert done.returncode == 2
    assert "workbench" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("runs", "--filter", "lr >> 3"), 2, "^"),
        (("show", "nobody"), 2, "nobody"),
        (("sql", "DROP TABLE runs"), 2, ""),
        (("sql", "SELECT * FROM read_csv('/etc/passwd')"), 2, ""),
        (("restore", "nothing"), 2, "nothing"),
        (("plot", "good", "--metric", "none"), 2, "none"),
        (("rnus",), 2, "runs"),
    ],
)
def test_what_cannot_be_done_has_its_code_and_its_sentence(
    here: Surroundings, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    """Stderr says it in a sentence without a traceback; stdout stays empty."""
    folder = tmp_path / "team"
    train(here, folder, "good", 2)
    done = here.run(*words, *(["-w", folder] if words[0] != "rnus" else []))
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_commands_that_write_refuse_a_folder_of_another_tool(here: Surroundings) -> None:
    """What belongs to MLflow is looked at only: exit code 4, and a sentence."""
    listed = here.run("runs", SPECIMEN, "--json")
    assert len(json.loads(listed.stdout)) == 8
    run = json.loads(listed.stdout)[0]["id"]
    done = here.run("notes", run, "mine", "-w", SPECIMEN)
    assert done.returncode == 4
    assert "another tool" in done.stderr


def test_a_watch_tells_of_a_run_while_it_goes_on(here: Surroundings, tmp_path: Path) -> None:
    """Somebody without a screen follows runs line by line, and stops with Ctrl-C."""
    folder = tmp_path / "team"
    train(here, folder, "before", 1)
    with subprocess.Popen(
        [sys.executable, "-m", "workbench", "watch", str(folder), "--json"],
        env=here.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as watch:  # fmt: skip
        assert watch.stdout is not None
        assert '"here"' in watch.stdout.readline()
        run = train(here, folder, "seen", 3)
        heard = watch.stdout.readline()
        watch.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGINT)
        _, said = watch.communicate()
    assert run in heard
    assert os.name == "nt" or watch.returncode == 130
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_demo_trains_for_real_and_prints_its_table(here: Surroundings, tmp_path: Path) -> None:
    """Without a terminal the sample projects run to their ends, a crash and a divergence too."""
    done = here.run("demo", tmp_path / "demo", "--headless", patience=280)
    assert done.returncode == 0, done.stderr
    runs = json.loads(here.run("runs", tmp_path / "demo", "--json").stdout)
    assert {"finished", "failed"} <= {run["status"] for run in runs}
    assert {"digits", "flights"} <= {run["experiment"].split("-")[0] for run in runs}
