"""``datasets rows``: what is printed is what is in the file."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Run


@pytest.fixture
def people(workspace: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Write a Parquet file with values that are hard to print."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    path = workspace / "people.parquet"
    pl.DataFrame(
        {"name": ["Ann", "", None, "=cmd()", "a\x1b[2Jb"], "age": [31, 45, None, -7, 8],
         "score": [1.5, float("nan"), None, -0.25, 1e300], "tags": [[1], [], None, [2, 3], [4]]}
    ).write_parquet(path)  # fmt: skip
    return path


def test_rows_are_printed_aligned(run: Run, people: Path) -> None:
    """A null is a word, an empty text two quotes, a control character a symbol."""
    done = run("datasets", "rows", str(people), "--limit", "0")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "row  name     age   score  tags",
        "  1  Ann       31     1.5  [1]",
        '  2  ""        45     NaN  []',
        "  3  null    null    null  null",
        "  4  =cmd()    -7   -0.25  [2,3]",
        "  5  a␛[2Jb     8  1e+300  [4]",
    ]
    assert done.stderr == "5 of 5 rows.\n"


def test_rows_for_programs(run: Run, people: Path) -> None:
    """JSON and CSV give whole values; numbers stay numbers, no text is a formula."""
    done = run("datasets", "rows", str(people), "--json", "--skip", "3", "--column", "score",
               "--column", "tags")  # fmt: skip
    assert json.loads(done.stdout) == [
        {"score": -0.25, "tags": [2, 3]},
        {"score": 1e300, "tags": [4]},
    ]
    done = run("datasets", "rows", str(people), "--csv", "--filter", "age < 8", "--column", "name",
               "--column", "age", "--column", "score")  # fmt: skip
    assert done.stdout.splitlines() == ["name,age,score", "'=cmd(),-7,-0.25"]
    assert done.stderr == "1 of 1 row that match, of 5.\n"


def test_rows_in_an_order(run: Run, people: Path) -> None:
    """A minus puts the largest first; what has no value comes last."""
    done = run("datasets", "rows", str(people), "--sort", "-age", "--json", "--column", "age")
    assert [row["age"] for row in json.loads(done.stdout)] == [45, 31, 8, -7, None]
    done = run("datasets", "rows", str(people), "--only", "nulls", "--json", "--column", "name")
    assert json.loads(done.stdout) == [{"name": None}]


def test_errors_point_into_the_filter(run: Run, people: Path) -> None:
    """The place is shown under the filter; a name nobody knows says what is near."""
    done = run("datasets", "rows", str(people), "--filter", "agee > 3")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [
        "There is no column called 'agee'.", "  agee > 3", "  ^", "Did you mean age?",
    ]  # fmt: skip
    assert run("datasets", "rows", str(people), "--sort", "agee").exit_code == 2
    assert run("datasets", "rows", "nobody").exit_code == 2


def test_a_version_is_masked_unless_asked(run: Run, people: Path) -> None:
    """Values of sensitive columns are dots, and which are is said."""
    done = run("datasets", "add", "people", str(people), "--sensitive", "name")
    assert done.exit_code == 0, done.output
    done = run("datasets", "rows", "people@1", "--json", "--column", "name", "--limit", "3")
    assert json.loads(done.stdout) == [{"name": "•••"}, {"name": "•••"}, {"name": None}]
    assert done.stderr == "3 of 5 rows; name masked.\n"
    done = run(
        "datasets", "rows", "people", "--json", "--column", "name", "--limit", "1", "--unmask"
    )
    assert json.loads(done.stdout) == [{"name": "Ann"}]
    assert run("datasets", "rows", "people", "--filter", "name = Ann").exit_code == 2


def test_rows_of_a_version_whose_file_is_another_are_not_printed(run: Run, people: Path) -> None:
    """Nothing reaches a program that takes what is printed for the rows of the version."""
    assert run("datasets", "add", "people", str(people)).exit_code == 0
    pl.DataFrame({"name": ["Eve"]}).write_parquet(people)
    done = run("datasets", "rows", "people@1", "--json")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "have changed since it was registered" in done.stderr
    assert json.loads(run("datasets", "rows", str(people), "--json").stdout)[0]["name"] == "Eve"
