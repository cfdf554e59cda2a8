"""``runs``: the table and the data."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_many, write_run
from tests.cli.conftest import Run


def test_json_is_the_whole_record(run: Run) -> None:
    """Every run is an object with params, tags, metrics, artifacts and more."""
    records = {one["name"]: one for one in json.loads(run("runs", "--json").stdout)}
    good = records["good"]
    assert good["id"] == run_id(1)
    assert good["status"] == "finished"
    assert good["raw_status"] is None
    assert good["experiment"] == "churn"
    assert good["params"] == {"lr": 0.1, "seed": 1}
    assert good["tags"] == {"team": "risk"}
    assert good["artifacts"] == ["report.txt"]
    assert good["start_time_ms"] == 1_795_000_000_000
    assert good["duration"] == 60
    assert good["note"] == "keep"
    assert good["path"] == f"runs/churn/{run_id(1)}"
    loss = good["metrics"]["loss"]
    assert (loss["last"], loss["count"], loss["first_step"], loss["last_step"]) == (1 / 3, 3, 0, 2)
    assert records["diverged"]["metrics"]["loss"]["last"] == "NaN"
    assert records["diverged"]["metrics"]["loss"]["max"] == 1.0
    assert records["crashed"]["status"] == "failed"
    assert records["crashed"]["error"] == ["ValueError: no"]


def test_filter_sort_columns_and_limit(run: Run) -> None:
    """The options mean what they mean on the screen."""
    done = run("runs", "--csv", "--sort", "-lr", "--columns", "name,lr,max(loss)")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0] == ["id", "name", "params.lr", "max(metrics.loss)"]
    assert [row[1:3] for row in rows[1:]] == [
        ["diverged", "40"],
        ["crashed", "0.2"],
        ["good", "0.1"],
    ]
    done = run("runs", "--csv", "--columns", "name", "-f", "lr < 1", "--sort", "lr", "--limit", "1")
    assert [row[1] for row in csv.reader(io.StringIO(done.stdout))][1:] == ["good"]


def test_an_unknown_column_is_named(run: Run) -> None:
    """A slip in a column's name gets the likely one."""
    done = run("runs", "--sort", "auc")
    assert done.exit_code == 2
    assert "val/auc" in done.stderr


def test_the_table_is_for_people(run: Run) -> None:
    """Without options the runs stand in a table, newest first, and data is all there is."""
    done = run("runs")
    head, *rows = done.stdout.splitlines()
    assert head.split()[:3] == ["id", "name", "status"]
    assert len(rows) == 3
    assert done.stderr == ""


def test_a_limit_says_what_is_left(run: Run) -> None:
    """A table that is cut says of how many it shows how many."""
    assert "showing 1 of 3 runs" in run("runs", "--limit", "1").stderr
    assert "None of 3 runs matches." in run("runs", "-f", "lr > 1000").stderr


def test_groups_have_mean_and_spread(run: Run) -> None:
    """One line a group, with how many runs are in it."""
    groups = json.loads(run("runs", "--group", "experiment", "--json").stdout)
    assert {(one["group"][0], one["runs"]) for one in groups} == {("churn", 2), ("other", 1)}


@pytest.mark.parametrize("form", [(), ("--md",), ("--csv",)], ids=["text", "md", "csv"])
def test_a_mean_of_fewer_runs_than_the_group_has_says_so(run: Run, form: tuple[str, ...]) -> None:
    """One of the two runs diverged: the mean is of the other alone."""
    lines = run("runs", "--group", "experiment", "--columns", "loss", *form).stdout.splitlines()
    (churn,) = (line for line in lines if "churn" in line)
    assert "n=1" in churn
    asked = ("runs", "--group", "experiment", "--columns", "loss", "-f", "loss < 1", *form)
    assert "n=" not in run(*asked).stdout


def test_seeds_collapse(run: Run, workspace: Path) -> None:
    """Runs equal in all but the seed are one line."""
    write_run(workspace, number=9, name="again", params={"lr": 0.1, "seed": 2})
    lines = run("runs", "--collapse-seeds", "--columns", "name").stdout.splitlines()
    assert len(lines) == 4
    assert any(line.startswith("2×") for line in lines)


def test_archived_runs_are_put_away_and_marked(run: Run, workspace: Path) -> None:
    """The table leaves them out; the whole record of everything says which they are."""
    from workbench.operations.edits import edit
    from workbench.operations.session import open_session

    with open_session(workspace) as session:
        edit(session, [run_id(1)], {"archived": True})
    assert "good" not in run("runs").stdout
    assert "good" in run("runs", "--archived").stdout
    everything = json.loads(run("runs", "--json").stdout)
    assert {one["name"] for one in everything if one["archived"]} == {"good"}
    assert len(everything) == 3
    chosen = json.loads(run("runs", "--json", "-f", "archived = false").stdout)
    assert {one["name"] for one in chosen} == {"diverged", "crashed"}


def test_many_runs_come_in_pages(run: Run, tmp_path: Path) -> None:
    """All runs are given unless a limit says otherwise, each once and in order."""
    write_many(tmp_path / "many", 1203, params=2, metrics=1)
    records = json.loads(run("runs", str(tmp_path / "many"), "--json").stdout)
    assert len({one["id"] for one in records}) == 1203
    starts = [one["start_time_ms"] for one in records]
    assert starts == sorted(starts, reverse=True)


def test_text_of_users_is_harmless(run: Run, workspace: Path) -> None:
    """Control characters and formulas in a name reach neither terminal nor spreadsheet."""
    write_run(workspace, number=7, name="\x1b[2J=evil", params={"note": "=1+1"})
    for words in (("runs",), ("runs", "--md"), ("show", run_id(7))):
        assert "\x1b" not in run(*words).stdout
    assert ",'=1+1\n" in run("runs", "--csv", "--columns", "params.note").stdout


@pytest.mark.parametrize("name", ["mlflow_file", "mlflow2_file", "plain"])
def test_a_folder_of_another_tool_is_untouched(run: Run, name: str, tmp_path: Path) -> None:
    """Looking at another tool's runs writes nothing beside them."""
    import shutil

    source = Path(__file__).parents[1] / "specimens" / name
    root = shutil.copytree(source, tmp_path / name)
    before = sorted(path for path in root.rglob("*"))
    expected = json.loads((root / "expected.json").read_text("utf-8"))["runs"]
    records = json.loads(run("runs", str(root / "data"), "--json").stdout)
    assert {one["name"] for one in records} == {one["name"] for one in expected}
    assert sorted(path for path in root.rglob("*")) == before


def test_a_group_says_what_it_is_a_group_of_and_its_best(run, workspace):
    """The first column is the value runs have in common; the best stands behind the spread."""
    write_run(workspace, number=7, name="second", params={"lr": 0.1},
              metrics=[(0, BEGIN, {"loss": 0.125, "val/auc": 0.75})])  # fmt: skip
    done = run("runs", "--group", "lr", "--columns", "name,loss,val/auc")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("0.1 ")]
    assert "2×" in line
    assert "↓0.125" in line
    assert "↑0.75" in line


def test_a_long_param_is_no_column_of_its_own_accord(run: Run, workspace: Path) -> None:
    """It would be all of the table; who asks for it has it."""
    for number in (7, 8):
        write_run(workspace, number=number, params={"prompt": f"{number}" * 5000, "seed": number})
    shown = run("runs").stdout
    assert "prompt" not in shown
    assert "seed" in shown
    assert "prompt" in run("runs", "--columns", "name,prompt").stdout
