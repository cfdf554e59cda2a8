"""Registering data from the script that uses it: in a run, outside of one, and when it fails."""

import os
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

import workbench
from workbench.client import Run, active, notice
from workbench.client.datasets import hash_of_path
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import folder
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.operations.datasets import in_memory, listing, locate, log_dataset, version
from workbench.operations.session import open_session
from workbench.tui.data.summary import summary_lines

ROWS = {"a": [1, 2, 3], "b": ["x", "y", None]}


@pytest.fixture
def start(root: Path) -> Callable[..., Run]:
    """Start a run without what goes on beside it."""
    return partial(workbench.start_run, workspace=root, capture=False, system_metrics=False)


@pytest.fixture(autouse=True)
def _nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test leaves open, and tell every sentence anew."""
    monkeypatch.setattr(notice, "_told", set())
    yield
    for run in active.open_runs():
        run.finish()


def newest(root: Path, name: str) -> Manifest:
    """Return the newest version of a dataset."""
    found = folder.newest(root, name)
    assert found is not None
    return found


def registered(facts: Mapping[str, Any]) -> Any:
    """Return the version that was registered."""
    return facts["registered"]


@pytest.mark.parametrize(
    "table",
    [pl.DataFrame(ROWS), pd.DataFrame(ROWS)],
    ids=["polars", "pandas"],
)
def test_a_table_in_memory_is_a_version_with_the_hash_of_its_run(
    root: Path, start: Callable[..., Run], table: Any
) -> None:
    """It has columns, rows and a profile, and no files."""
    with start("e") as run:
        facts = workbench.log_dataset(table, "People 2026")
    there = newest(root, "people-2026")
    assert registered(facts) == "people-2026@1"
    assert (there.hash, there.run, there.how) == (facts["hash"], run.id, "logged")
    assert (there.rows, [one.name for one in there.columns], there.files) == (3, ["a", "b"], ())
    assert folder.read_profile(root, there.dataset, 1) is not None


def test_a_table_that_no_file_holds_is_told_in_words(root: Path, start: Callable[..., Run]) -> None:
    """As the dataset under the cursor and as a page of its own."""
    with start("e"):
        workbench.log_dataset(pl.DataFrame(ROWS), "people")
    with open_session(root, in_memory=True) as session:
        session.sweep()
        facts = version.sections(version.detail(session, newest(root, "people"), None))[0]
        line = listing.dataset(session, "people")
    assert ("read as", "a table in a script's memory") in facts.rows
    assert line is not None
    shown = [cell.text for row in summary_lines(line, line.time, None, 60) for cell in row]
    assert "a table in a script's memory" in shown


STRANGE = {
    "names": (pd.DataFrame([[1, 2]], columns=["a", "a"]), ["a", "a_2"]),
    "numbers": (pd.DataFrame([[1, 2]]), ["0", "1"]),
    "mixed": (pd.DataFrame({"a": [1, "x", None, [1]]}), ["a"]),
    "levels": (pd.DataFrame({"a": [1], "b": [2], "c": [3]}).set_index(["a", "b"]), ["a", "b", "c"]),
    "empty": (pd.DataFrame(), []),
    "types": (
        pd.DataFrame({"t": pd.to_datetime(["2026-01-01"], utc=True), "c": pd.Categorical(["x"])}),
        ["t", "c"],
    ),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_every_table_of_pandas_is_a_version(
    root: Path, start: Callable[..., Run], kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names that occur twice or are numbers, cells of several types, an index of levels."""
    table, columns = STRANGE[kind]
    before = table.copy()
    with start("e"):
        assert registered(workbench.log_dataset(table, "strange")) == "strange@1"
    assert [one.name for one in newest(root, "strange").columns] == columns
    assert capsys.readouterr().err == ""
    pd.testing.assert_frame_equal(table, before)


def test_the_same_table_is_registered_once(start: Callable[..., Run]) -> None:
    """By every run that uses it."""
    for _ in range(2):
        with start("e"):
            facts = workbench.log_dataset(pl.DataFrame(ROWS), "people")
            assert registered(facts) == "people@1"
    with start("e"):
        assert registered(workbench.log_dataset(pl.DataFrame(ROWS).head(2), "people")) == "people@2"


def test_a_table_is_kept_if_asked(root: Path, start: Callable[..., Run]) -> None:
    """Then its rows can be looked at when the script is long over."""
    with start("e"):
        assert registered(workbench.log_dataset(pl.DataFrame(ROWS), "people")) == "people@1"
        kept = workbench.log_dataset(pl.DataFrame(ROWS), "people", copy=True)
    assert registered(kept) == "people@2"
    with open_session(root, in_memory=True) as session:
        there = newest(root, "people")
        assert locate.open_version(session, there).head(9).to_dict(as_series=False) == ROWS
        with pytest.raises(NotFoundError, match="in a script's memory"):
            locate.files_of(session, folder.read_manifest(root, "people", 1))


def test_a_file_is_a_version_linked_to_the_run(
    root: Path, start: Callable[..., Run], census: Path
) -> None:
    """Its name is the file's, and a second run with the same file changes nothing."""
    with start("e") as run:
        facts = workbench.log_dataset(census, role="test", version="v3", source="the office")
        assert registered(facts) == "census@1"
        assert registered(workbench.log_dataset(str(census))) == "census@1"
    assert (facts["role"], facts["version"], facts["source"]) == ("test", "v3", "the office")
    there = newest(root, "census")
    assert (there.hash, there.run, there.path) == (
        hash_of_path(census), run.id, "data/census.parquet",
    )  # fmt: skip


@pytest.mark.parametrize(
    "data", ["s3://bucket/x.parquet", pl.DataFrame(ROWS), pl.Series("a", [1])], ids=str
)
def test_what_has_no_name_or_is_no_file_is_recorded_with_the_run_alone(
    root: Path, start: Callable[..., Run], data: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address is not fetched, and no dataset is called ``dataset`` by accident."""
    with start("e"):
        assert registered(workbench.log_dataset(data)) is None
    assert folder.names(root) == ()
    assert capsys.readouterr().err == ""


def test_a_training_goes_on_when_it_cannot_be_registered(
    root: Path, start: Callable[..., Run], census: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told once, with a command that repeats it and works."""
    (root / "datasets").write_bytes(b"in the way")
    with start("e"):
        for _ in range(2):
            facts = workbench.log_dataset(census)
        assert registered(facts) is None
        assert facts["hash"] == hash_of_path(census)
    said = capsys.readouterr().err
    assert said.count("was not registered") == 1
    (root / "datasets").unlink()
    command = shlex.split(said.partition("repeat it with: ")[2])
    assert command[:4] == ["workbench", "datasets", "add", "census"]
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[3], env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert newest(root, "census").hash == facts["hash"]


def test_the_command_names_the_option_that_was_missing(
    root: Path, start: Callable[..., Run], capsys: pytest.CaptureFixture[str]
) -> None:
    """Else it would fail as the training did."""
    path = root / "k.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE a (x); CREATE TABLE b (x);")
    with start("e"):
        assert registered(workbench.log_dataset(path, "sq")) is None
    command = shlex.split(capsys.readouterr().err.partition("repeat it with: ")[2])
    assert command[:7] == ["workbench", "datasets", "add", "sq", str(path), "--table", "a"]


def test_another_name_than_was_given_is_said_once(
    start: Callable[..., Run], capsys: pytest.CaptureFixture[str]
) -> None:
    """A dataset cannot have every name that a run may record."""
    with start("e"):
        for _ in range(2):
            facts = workbench.log_dataset(pl.DataFrame(ROWS), "Big Name")
        assert registered(facts) == "big-name@1"
    said = capsys.readouterr().err
    assert said.count("'Big Name': it is registered as big-name") == 1


def test_a_table_that_cannot_be_registered_says_what_to_do(
    start: Callable[..., Run], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can be registered at no other time."""
    monkeypatch.setattr(in_memory, "LARGEST", 10)
    with start("e"):
        assert registered(workbench.log_dataset(pl.DataFrame(ROWS), "people")) is None
    assert "write the table to a file" in capsys.readouterr().err


def test_a_large_file_is_left_to_others(
    root: Path,
    start: Callable[..., Run],
    census: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command is named, unless somebody follows it anyway."""
    monkeypatch.setattr(log_dataset, "CHEAP", 10)
    (root / "workbench.toml").write_text("[datasets.followed]\npath = 'data/census.parquet'\n")
    with start("e"):
        assert registered(workbench.log_dataset(census, "followed")) is None
        assert capsys.readouterr().err == ""
        assert registered(workbench.log_dataset(census)) is None
    assert "workbench datasets add census" in capsys.readouterr().err
    assert folder.names(root) == ()


def test_bad_words_are_an_error_at_the_call(start: Callable[..., Run], tmp_path: Path) -> None:
    """As everywhere in a script, and nothing was recorded then."""
    with start("e"):
        with pytest.raises(NotFoundError):
            workbench.log_dataset(tmp_path / "gone.csv")
        with pytest.raises(UsageError):
            workbench.log_dataset(object())


def test_without_a_run_it_is_registered_and_errors_are_errors(root: Path, census: Path) -> None:
    """There is no training to protect."""
    facts = workbench.log_dataset(census, workspace=root)
    assert registered(facts) == "census@1"
    census.write_bytes(b"PAR1")
    with pytest.raises(FormatError, match="cut off"):
        workbench.log_dataset(census, workspace=root)
    with pytest.raises(NotFoundError, match="start_run"):
        workbench.log_dataset(census, workspace=root / "nowhere")


def test_sensitive_columns_stay_out_of_the_profile_of_a_table(
    root: Path, start: Callable[..., Run]
) -> None:
    """What the settings say counts for tables in memory too."""
    from workbench.datasets.profiling import decode

    (root / "workbench.toml").write_text("[datasets.people]\nsensitive = ['b']\n")
    with start("e"):
        workbench.log_dataset(pl.DataFrame(ROWS), "people")
    data = folder.read_profile(root, "people", 1)
    assert data is not None
    column = decode(data).columns[1]
    assert (column.sensitive, column.top) == (True, ())


def test_the_settings_may_have_every_table_kept(root: Path, start: Callable[..., Run]) -> None:
    """Without asking in each script."""
    (root / "workbench.toml").write_text("[datasets.people]\ncopy = true\n")
    with start("e"):
        workbench.log_dataset(pl.DataFrame(ROWS), "people")
    assert newest(root, "people").copied
    assert (root / "datasets/people/1/files/people.parquet").is_file()


def test_a_table_too_large_to_be_hashed_by_the_client_has_a_hash(root: Path) -> None:
    """Of its schema and rows; the same table is the same."""
    place = log_dataset.place_at(root, log_dataset.SYSTEM)
    first = in_memory.register_table(place, pl.DataFrame(ROWS), "people", None)
    assert not in_memory.register_table(place, pl.DataFrame(ROWS), "people", None).new
    other = in_memory.register_table(place, pl.DataFrame(ROWS).reverse(), "people", None)
    assert other.manifest.hash != first.manifest.hash


def test_without_its_dependencies_data_is_recorded_with_the_run(
    root: Path, census: Path, monkeypatch: pytest.MonkeyPatch, start: Callable[..., Run]
) -> None:
    """A training environment may hold the standard library alone."""
    import importlib

    real = importlib.import_module

    def bare(name: str, package: str | None = None) -> Any:
        if name.startswith("workbench.operations"):
            raise ModuleNotFoundError("No module named 'polars'", name="polars")
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", bare)
    with start("e"):
        facts = workbench.log_dataset(census)
    assert facts["hash"] == hash_of_path(census)
    assert folder.names(root) == ()
