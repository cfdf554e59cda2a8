"""``sql``: read-only questions to the documented views."""

import json
from pathlib import Path

import pytest

from tests.building import run_id
from tests.cli.conftest import Run


def test_views_can_be_joined(run: Run) -> None:
    """The views hang together by the run's id."""
    query = (
        "select r.name, m.last, p.number from runs r join metrics m using (id) "
        "join params p using (id) where m.name = 'loss' and p.name = 'lr' order by r.name"
    )
    rows = json.loads(run("sql", query, "--json").stdout)
    assert [row["name"] for row in rows] == ["crashed", "diverged", "good"]
    assert rows[1] == {"name": "diverged", "last": "NaN", "number": 40.0}


def test_times_are_text(run: Run) -> None:
    """A moment is given in UTC, whatever else is asked with it."""
    query = "select id, started from runs where name = 'good'"
    row = json.loads(run("sql", query, "--json").stdout)[0]
    assert row == {"id": run_id(1), "started": "2026-11-18 11:06:40+00"}
    assert run("sql", "-", "--csv", stdin="select 1 as one").stdout == "one\n1\n"


@pytest.mark.parametrize(
    "query",
    [
        "drop table main.runs",
        "insert into main.tags values (1, 'a', 'b')",
        "copy runs to '{folder}/out.csv'",
        "select * from read_csv('{folder}/in.csv')",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "select * from nowhere",
        "selec 1",
    ],
)
def test_nothing_is_changed_or_reached(run: Run, tmp_path: Path, query: str) -> None:
    """What is not a question to the index is refused in one sentence."""
    (tmp_path / "in.csv").write_text("a\n1\n")
    done = run("sql", query.format(folder=tmp_path.as_posix()))
    assert done.exit_code == 2
    assert done.stderr.startswith("The query was refused: ")
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "ws"}


def test_without_a_query_the_views_are_listed(run: Run) -> None:
    """Every documented view is there with its columns."""
    columns = json.loads(run("sql", "--json").stdout)
    found = {(one["view"], one["name"]) for one in columns}
    assert {("runs", "started"), ("metrics", "last"), ("faults", "reason")} <= found
    assert "step_of_min" in run("sql").stdout
