"""``formats``, ``formats shapes`` and ``formats answer``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from workbench.formats.tables.answers import ANSWERS
from workbench.operations.shapes import answers_file


@pytest.fixture(autouse=True)
def _no_answers() -> Iterator[None]:
    """Let no answer of one test count in another."""
    yield
    ANSWERS.follow()


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A folder with two tables of one shape whose step nobody knows, one with odd names."""
    root = tmp_path / "tables"
    for number in range(2):
        (root / f"fold{number}").mkdir(parents=True)
        path = root / f"fold{number}" / f"log_{number}.csv"
        path.write_text("t,loss,\x1b[31mred\n0,1,2\n1,0.5,2\n")
    return root


def test_formats_alone_lists_them(run: Run) -> None:
    """The group without a word is its list, with the same forms."""
    named = [one["name"] for one in json.loads(run("formats", "--json").stdout)]
    assert {"native", "dvclive", "sacred", "guild", "kept", "plain"} <= set(named)
    assert run("formats", "ls", "--json").stdout == run("formats", "--json").stdout


def test_shapes_are_listed_with_what_is_assumed(run: Run, tables: Path) -> None:
    """For people with what to do, and as JSON with every field; no control character passes."""
    said = run("formats", "shapes", str(tables))
    assert "log_#.csv  in 2 folders" in said.stdout
    assert "assumed: step unknown, not listed" in said.stdout
    assert "2 folders are not listed as runs." in said.stderr
    assert "\x1b" not in said.stdout
    (one,) = json.loads(run("formats", "shapes", str(tables), "--json").stdout)
    assert (one["file"], one["candidates"], one["undecided"]) == ("log_#.csv", ["t"], 2)
    assert one["example"] == "fold0/log_0.csv"


def test_an_answer_is_kept_and_the_runs_are_there(run: Run, tables: Path) -> None:
    """Nothing is asked; the sentence says what counts now and where it stands."""
    assert json.loads(run("runs", "-w", str(tables), "--json").stdout) == []
    done = run("formats", "answer", "log_#.csv", "--step", "t", "--path", str(tables))
    assert done.exit_code == 0
    assert f"the step is t. Kept in {answers_file()}." in done.stderr
    names = {one["name"] for one in json.loads(run("runs", "-w", str(tables), "--json").stdout)}
    assert names == {"fold0", "fold1"}
    run("formats", "answer", "log_#.csv", "--no", "--path", str(tables))
    assert json.loads(run("runs", "-w", str(tables), "--json").stdout) == []


@pytest.mark.parametrize(
    "words",
    [("log_#.csv",), ("log_#.csv", "--rows", "--no"), ("log_#.csv", "--step", "nope"),
     ("other", "--rows"), ("log_#.csv", "--rows", "--for-all")],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused(
    run: Run, tables: Path, words: tuple[str, ...]
) -> None:
    """None, two, an unknown column or shape, and a folder that takes none: nothing is written."""
    assert run("formats", "answer", *words, "--path", str(tables)).exit_code != 0
    assert not answers_file().exists()


def test_a_long_name_of_a_column_is_cut(run: Run, tmp_path: Path) -> None:
    """A name of thousands of signs does not fill the screen; JSON has it in full."""
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "log.csv").write_text(f"t,{'x' * 5000}\n0,1\n1,0.5\n")
    assert max(map(len, run("formats", "shapes", str(tmp_path / "t")).stdout.splitlines())) < 200
    (told,) = json.loads(run("formats", "shapes", str(tmp_path / "t"), "--json").stdout)
    assert len(told["columns"][1]) == 5000


def test_answers_that_cannot_be_are_told(run: Run, tables: Path) -> None:
    """A column that the tables have not is named; a file that cannot be read is, by every list."""
    (told,) = json.loads(run("formats", "shapes", str(tables), "--json").stdout)
    answers_file().write_text(f'[shapes.{told["shape"]}]\nstep = "__import__"\n')
    said = run("formats", "shapes", str(tables)).stdout
    assert "assumed: step unknown" in said
    assert "what was said does not count: log_#.csv has no column '__import__'" in said
    answers_file().write_text("[shapes.")
    done = run("runs", str(tables))
    assert f"{answers_file()} cannot be read" in done.stderr
