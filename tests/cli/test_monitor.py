"""`monitor run` and `ls` over a real workspace: one shot, idempotent, heard of by one's own."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from workbench.cli import monitor_run
from workbench.cli.main import program
from workbench.errors import NotAllowedError
from workbench.operations.drift import monitoring
from workbench.operations.places import CONFIG

MONITOR = '[monitor.census]\ndata = "census"\nreference = "ref@1"\nalert = "1 of 1"\nevery = "1d"\n'


def run(*words: str) -> Result:
    """Run a command where we are, without a terminal."""
    return CliRunner().invoke(program, list(words))


def write(path: Path, *, shift: float, seed: int, rows: int = 400) -> Path:
    """Write a CSV file of two columns, of which ``age`` is so much higher."""
    draw = np.random.default_rng(seed)
    lines = [f"{draw.normal(40 + shift, 10):.2f},{draw.choice(['a', 'b'])}" for _ in range(rows)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("age,city\n" + "\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a reference, a version that did not move, and a monitor."""
    root = tmp_path / "ws"
    assert run("init", str(root)).exit_code == 0
    monkeypatch.chdir(root)
    (root / "workbench.toml").write_text(MONITOR, "utf-8")
    add(root, "ref", shift=0, seed=1)
    add(root, "census", shift=0, seed=2)
    return root


def add(root: Path, name: str, *, shift: float, seed: int, rows: int = 400) -> None:
    """Register a file as the next version of a dataset."""
    file = write(root / "data" / f"{name}.csv", shift=shift, seed=seed, rows=rows)
    done = run("datasets", "add", name, str(file), "--copy")
    assert done.exit_code == 0, done.output


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Own settings whose command writes down what it hears; the file it writes."""
    home, out = tmp_path / "home", tmp_path / "heard.jsonl"
    home.mkdir(mode=0o700)
    code = f"import sys; open({str(out)!r}, 'a').write(sys.stdin.read())"
    words = json.dumps([sys.executable, "-c", code])
    (home / "config.toml").write_text(f"[alerts]\ncommand = {words}\n", "utf-8")
    monkeypatch.setenv(CONFIG, str(home / "config.toml"))
    return out


def told(heard: Path) -> list[str]:
    """Return the chunks the command heard of, in order."""
    lines = heard.read_text("utf-8").splitlines() if heard.exists() else []
    return [json.loads(line)["label"] for line in lines]


def reports(root: Path) -> list[Path]:
    """Return the reports that are kept."""
    return sorted((root / "reports").rglob("*.json.gz"))


def test_a_run_keeps_what_is_new_and_a_second_finds_nothing_new(ws: Path) -> None:
    """The same data are one report, however often it is run; both runs end alike."""
    first = run("monitor", "run")
    assert (first.exit_code, first.stdout.startswith("census: stable: none of 2 columns")) == (
        0, True,
    ), first.output  # fmt: skip
    kept = reports(ws)
    second = run("monitor", "run")
    assert (second.exit_code, second.stdout) == (
        0, "census: stable; nothing new since the last check\n",
    )  # fmt: skip
    assert reports(ws) == kept
    assert len(kept) == 1


def test_what_is_muted_is_silent_for_machines_and_told_to_people(ws: Path) -> None:
    """Exit code and metrics go by the other columns; the report and the list say what is so."""
    add(ws, "census", shift=40, seed=3)
    done = run("drift", "mute", "census", "age", "--until", "2999-12-31", "--reason", "new form")
    assert done.exit_code == 0, done.output
    first = run("monitor", "run", "--prom", "drift.prom")
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines()[-1].startswith("census: severe: 1 of 2 columns moved")
    assert first.stdout.endswith("(muted)\n")
    text = (ws / "drift.prom").read_text("utf-8")
    assert 'workbench_drift_column_alarm{monitor="census",column="age"} 0' in text
    assert 'verdict="severe"} 0' in text
    assert json.loads(run("drift", "ls", "--json").stdout)[0]["verdict"] == "severe"
    assert run("drift", "unmute", "census", "age").exit_code == 0
    assert run("monitor", "run").exit_code == 3


def test_drift_ends_with_3_also_when_somebody_else_found_it(ws: Path) -> None:
    """The exit code says how it stands, not who was first."""
    run("monitor", "run")
    add(ws, "census", shift=30, seed=3)
    assert [run("monitor", "run").exit_code for _ in range(2)] == [3, 3]
    add(ws, "census", shift=0, seed=4)
    assert run("monitor", "run").exit_code == 0


def test_json_has_a_record_for_each_report(ws: Path) -> None:
    """With the report's fields, whether it is new, and the verdict that stands."""
    add(ws, "census", shift=30, seed=3)
    done = run("monitor", "run", "census", "--json")
    records = json.loads(done.stdout)
    assert [(one["monitor"], one["new"]) for one in records] == [("census", True)] * len(records)
    assert records[-1]["report"]["verdict"] in ("drift", "severe")
    assert records[-1]["verdict"] == records[-1]["report"]["verdict"]
    assert done.exit_code == 3


def test_too_few_rows_end_with_5(ws: Path) -> None:
    """What could not be judged is no pass."""
    add(ws, "census", shift=0, seed=5, rows=12)
    assert run("monitor", "run").exit_code == 5


def test_prometheus_text_is_written_in_one_step(ws: Path) -> None:
    """For all monitors, whichever were run; a name nobody would read is said."""
    (ws / "workbench.toml").write_text(MONITOR + MONITOR.replace(".census]", ".other]"), "utf-8")
    done = run("monitor", "run", "census", "--prom", str(ws / "drift.prom"))
    assert done.exit_code == 0, done.output
    text = (ws / "drift.prom").read_text("utf-8")
    assert 'workbench_drift_verdict{monitor="census",model="",stage="",verdict="stable"} 1' in text
    assert 'monitor="other"' in text
    assert not list(ws.glob("*.tmp"))
    assert done.stderr == ""
    assert ".prom" in run("monitor", "run", "--prom", str(ws / "drift.txt")).stderr
    assert run("monitor", "run", "--prom", "-").stdout.startswith("# HELP workbench_drift_")


def test_an_unknown_key_is_said_with_its_line_and_nothing_is_written(ws: Path) -> None:
    """Exit code 2; the monitor that is in order is run all the same."""
    broken = '[monitor.broken]\ndata = "census"\nreference = "ref@1"\nchunk = "month"\n'
    (ws / "workbench.toml").write_text(broken + MONITOR, "utf-8")
    for words in (("monitor", "run", "broken"), ("monitor", "ls")):
        done = run(*words)
        assert done.exit_code == 2, done.output
        assert "line 4" in done.stderr
        assert "Did you mean chunks?" in done.stderr
    assert reports(ws) == []
    assert run("monitor", "run").exit_code == 2
    assert len(reports(ws)) == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("monitor", "run", "cencus"), "Did you mean census?"),
        (("monitor", "run", "--json", "--prom", "-"), "both go to stdout"),
    ],
)
def test_what_cannot_be_meant_is_said(ws: Path, words: tuple[str, ...], says: str) -> None:
    """One sentence, exit code 2, nothing kept."""
    done = run(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert reports(ws) == []


def test_drift_is_not_hidden_by_a_monitor_that_is_broken(ws: Path) -> None:
    """3 before 2: both are said, and the graver counts."""
    add(ws, "census", shift=30, seed=3)
    (ws / "workbench.toml").write_text(
        MONITOR + '[monitor.gone]\ndata = "nothing"\nreference = "ref@1"\n', "utf-8"
    )
    done = run("monitor", "run")
    assert done.exit_code == 3
    assert "gone: " in done.stderr


def test_monitors_are_listed_as_they_are_written(ws: Path) -> None:
    """A line each, or every key for programs."""
    done = run("monitor")
    assert done.exit_code == 0
    assert done.stdout == run("monitor", "ls").stdout
    assert done.stdout.splitlines()[1].split()[:2] == ["census", "census"]
    (one,) = json.loads(run("monitor", "ls", "--json").stdout)
    assert (one["reference"], one["every_s"], one["alert"]) == ("ref@1", 86_400.0, [1, 1])
    (ws / "workbench.toml").write_text("", "utf-8")
    assert "[monitor.NAME]" in run("monitor").stderr


def test_own_command_hears_of_each_new_alert_once(ws: Path, heard: Path) -> None:
    """Not of what is stable, not twice; of what somebody acknowledged when it opens again."""
    run("monitor", "run")
    assert told(heard) == []
    add(ws, "census", shift=30, seed=3)
    assert run("monitor", "run").exit_code == 3
    run("monitor", "run")
    assert told(heard) == ["census@2"]
    add(ws, "census", shift=60, seed=4)
    run("monitor", "run")
    assert told(heard) == ["census@2"], "it goes on: it is the same alert"
    (alert,) = json.loads(run("drift", "alerts", "--json").stdout)
    run("drift", "acknowledge", alert["id"], "--note", "seen")
    run("monitor", "run")
    run("drift", "acknowledge", alert["id"], "--undo")
    run("monitor", "run")
    assert told(heard) == ["census@2", "census@3"]


def test_who_was_second_hears_of_it_too(
    ws: Path, heard: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was told is kept on each machine: a colleague's run keeps nobody from hearing."""
    run("monitor", "run")
    own = os.environ["WORKBENCH_STATE"]
    monkeypatch.setenv("WORKBENCH_STATE", str(tmp_path / "colleague"))
    add(ws, "census", shift=30, seed=3)
    run("monitor", "run")
    monkeypatch.setenv("WORKBENCH_STATE", own)
    run("monitor", "run")
    assert told(heard) == ["census@2"] * 2


def test_the_past_of_an_old_workspace_is_not_told(
    ws: Path, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever begins hears of what this run found, not of last year."""
    config = os.environ[CONFIG]
    monkeypatch.setenv(CONFIG, str(heard.parent / "none.toml"))
    add(ws, "census", shift=30, seed=3)
    run("monitor", "run")
    monkeypatch.setenv(CONFIG, config)
    run("monitor", "run")
    add(ws, "census", shift=0, seed=5)
    add(ws, "census", shift=60, seed=4)
    run("monitor", "run")
    assert told(heard) == ["census@4"]


def test_a_failing_command_is_said_and_tried_again(ws: Path, heard: Path) -> None:
    """The exit code is of the data, not of the mail server."""
    config = Path(os.environ[CONFIG])
    works = config.read_text("utf-8")
    words = json.dumps([sys.executable, "-c", "import sys; sys.exit('no route')"])
    config.write_text(f"[alerts]\ncommand = {words}\n", "utf-8")
    add(ws, "census", shift=30, seed=3)
    done = run("monitor", "run")
    assert done.exit_code == 3
    assert "exit code 1: no route" in done.stderr
    config.write_text(works, "utf-8")
    run("monitor", "run")
    assert told(heard) == ["census@2"]


def test_a_command_in_the_workspace_is_never_started(ws: Path) -> None:
    """Whatever its settings say."""
    out = ws / "evil.txt"
    words = json.dumps([sys.executable, "-c", f"open({str(out)!r}, 'w')"])
    text = f"{MONITOR}[alerts]\ncommand = {words}\n"
    (ws / "workbench.toml").write_text(text, "utf-8")
    add(ws, "census", shift=30, seed=3)
    assert run("monitor", "run").exit_code == 3
    assert not out.exists()


def test_own_settings_that_cannot_be_meant_do_not_stop_the_checks(ws: Path, heard: Path) -> None:
    """It is said, and the run ends with 2 where the data would have passed."""
    Path(os.environ[CONFIG]).write_text('[alerts]\ncomand = ["x"]\n', "utf-8")
    done = run("monitor", "run")
    assert (done.exit_code, len(reports(ws))) == (2, 1)
    assert "comand" in done.stderr
    assert told(heard) == []


def test_what_could_not_be_run_now_is_listed_with_its_reason(ws: Path) -> None:
    """Without a run; `drift ls` says it as well."""
    (ws / "workbench.toml").write_text(
        MONITOR + '[monitor.other]\ndata = "cesus"\nreference = "ref@1"\n', "utf-8"
    )
    for command, code in ((("monitor", "ls"), 2), (("drift", "ls"), 0)):
        done = run(*command)
        assert done.exit_code == code, done.output
        assert done.stderr == (
            "other: There is neither a dataset nor a file cesus. Did you mean census?\n"
        )
    assert reports(ws) == []


def test_what_came_of_a_monitor_is_said_before_the_next_begins(
    ws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes an hour, or ends the program, hides none before it."""
    both = MONITOR + MONITOR.replace(".census]", ".other]")
    (ws / "workbench.toml").write_text(both, "utf-8")
    real = monitoring.states

    def states(session: Any, monitor: Any, *rest: Any, **more: Any) -> Any:
        if monitor.name == "other":
            raise KeyboardInterrupt
        return real(session, monitor, *rest, **more)

    monkeypatch.setattr(monitoring, "states", states)
    done = run("monitor", "run")
    assert done.exit_code != 0
    assert done.stdout.startswith("census: stable")


def test_a_prometheus_file_that_cannot_be_written_swallows_nothing(
    ws: Path, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is printed, alerts are told, and drift is what the exit code says."""
    run("monitor", "run")
    prom = str(ws / "drift.prom")

    def write_text(_path: Path, _text: str) -> None:
        raise NotAllowedError("The disk is full.")

    monkeypatch.setattr(monitor_run, "write_text", write_text)
    quiet = run("monitor", "run", "--prom", prom)
    assert quiet.exit_code == 4
    assert quiet.stdout.startswith("census: stable")
    assert "The disk is full" in quiet.stderr
    add(ws, "census", shift=30, seed=3)
    done = run("monitor", "run", "--prom", prom)
    assert done.exit_code == 3
    assert done.stdout.startswith("census: severe")
    assert "The disk is full" in done.stderr
    assert told(heard) == ["census@2"]


def test_the_newest_report_hides_what_became_sensitive(ws: Path) -> None:
    """Also where nothing is new and the report is only given back."""
    write(ws / "data" / "census.csv", shift=0, seed=2).write_text(
        "age,city\n" + "".join(f"{n}.5,Trier\n" for n in range(400)), "utf-8"
    )
    assert run("datasets", "add", "census", "data/census.csv", "--copy").exit_code == 0
    assert "Trier" in run("monitor", "run", "--json").stdout
    said = '[datasets.census]\nsensitive = ["city"]\n'
    (ws / "workbench.toml").write_text(MONITOR + said, "utf-8")
    assert "Trier" not in run("monitor", "run", "--json").stdout
