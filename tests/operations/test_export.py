"""Tables a person takes along."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.building import points, write_run, write_workspace
from workbench import words
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import export, runs_table
from workbench.operations.runs_table import Column, RunQuery
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """Three runs, and an empty current folder."""
    root = write_workspace(tmp_path / "w")
    write_run(root, number=0, name="=cmd|' /C calc'!A0", params={"lr": -0.5, "@x": "+1+1"})
    write_run(root, number=1, name='a "quoted", näme\nwith lines', params={"lr": 0.1})
    write_run(root, number=2, name="plain", params={}, metrics=points(0, "loss"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


COLUMNS = (
    Column("attribute", "name"), Column("param", "lr"), Column("param", "@x"),
    Column("metric", "loss"),
)  # fmt: skip


def written(path: Path) -> list[list[str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_a_table_is_written_as_it_is_ordered_and_whole(session: Session) -> None:
    """Values unrounded, missing ones empty, and nothing a spreadsheet would run."""
    view = runs_table.prepare(session, RunQuery(columns=COLUMNS))
    path = export.export_table(session, view, [])
    assert path.name == "runs-20261118-110640.csv"
    rows = written(path)
    assert rows[0] == ["id", "name", "params.lr", "params.@x", "metrics.loss"]
    assert [row[1:] for row in rows[1:]] == [
        ["plain", "", "", ""],
        ['a "quoted", näme\nwith lines', "0.1", "", repr(1 / 3)],
        ["'=cmd|' /C calc'!A0", "-0.5", "'+1+1", repr(1 / 3)],
    ]
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_groups_are_written_with_mean_and_spread(session: Session) -> None:
    """A group's key stands in the place of an id."""
    query = RunQuery(columns=COLUMNS, group=(Column("attribute", "experiment"),))
    rows = written(export.export_table(session, runs_table.prepare(session, query), []))
    assert rows[1][0] == "churn"
    assert rows[1][2] == "'-0.5 … 0.1"
    assert rows[1][4] == repr(1 / 3)


def test_charts_stand_beside_the_table_as_text(session: Session) -> None:
    """One after another, in the order of the screen."""
    view = runs_table.prepare(session, RunQuery(columns=COLUMNS))
    path = export.export_table(session, view, ["first", "zweite ▁▂"])
    assert path.with_suffix(".txt").read_text("utf-8") == "first\n\nzweite ▁▂\n"


def test_a_folder_that_cannot_be_written_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do about it."""

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(export, "replace", refused)
    view = runs_table.prepare(session, RunQuery(columns=COLUMNS))
    with pytest.raises(NotAllowedError, match="Permission denied"):
        export.export_table(session, view, [])


@given(st.text() | st.text(st.sampled_from("=+-@\t\r\n 1.e"), max_size=5))
def test_no_text_begins_as_a_formula_does(text: str) -> None:
    """Numbers stay numbers, everything else that looks like a formula is quoted."""
    found = words.defused(text)
    assert found.removeprefix("'") == text.removeprefix("'")
    if found.startswith(("=", "+", "-", "@", "\t", "\r")):
        float(found)
