"""Shapes of plain tables in what is open, and the answers a person gives."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, NotFoundError, SettingsError, UsageError
from workbench.formats.tables.answers import ANSWERS, Answer
from workbench.operations.session import Session, open_session
from workbench.operations.shapes import answer, answers_file, met, shape_called, undecided
from workbench.settings import SETTINGS

TABLE = "t,loss\n0,1\n1,0.5\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A folder with three plain tables of two shapes, only looked at."""
    for number in range(2):
        write(tmp_path / "root" / f"fold{number}" / f"log_{number}.csv", TABLE)
    write(tmp_path / "root" / "done" / "metrics.csv", "step,loss\n0,1\n")
    with open_session(tmp_path / "root", clock=FixedClock(), in_memory=True) as opened:
        yield opened
    ANSWERS.follow()


def write(path: Path, text: str) -> None:
    """Write a file and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_undecided_are_listed_first_with_what_is_assumed(session: Session) -> None:
    """How many folders, one of them, and the columns that may be the step."""
    first, second = met(session)
    assert (first.guess.shape.table, first.folders, first.undecided) == ("log_#.csv", 2, 2)
    assert (first.example, first.guess.steps) == ("fold0/log_0.csv", ("t",))
    assert first.assumed == "step unknown, not listed"
    assert (second.guess.shape.table, second.undecided) == ("metrics.csv", 0)
    assert second.assumed == "the step is step"
    assert undecided((first, second)) == 2


def test_an_answer_is_kept_in_a_file_that_can_be_read_by_hand(session: Session) -> None:
    """It counts at once, in this folder and in every other, and can be changed."""
    session.sources()
    assert session.undecided == 2
    (one, _) = met(session)
    path = answer(session, one, Answer(step="t"))
    assert path == answers_file()
    assert path.read_text().startswith("# What tables without a known step are.")
    assert 'step = "t"' in path.read_text()
    session.sweeper().set_sources(session.sources())
    session.sweep()
    assert session.undecided == 0
    names = session.catalogue.cursor().execute("SELECT name FROM runs ORDER BY name").fetchall()
    assert names == [("done",), ("fold0",), ("fold1",)]
    again = shape_called(met(session), "log_#.csv")
    assert (again.assumed, again.undecided) == ("the step is t", 0)
    answer(session, again, Answer(no=True))
    assert path.read_text().count("[shapes.") == 1
    assert shape_called(met(session), again.guess.shape.id[:5]).assumed == "no runs"


def test_what_else_stands_in_the_file_is_kept(session: Session) -> None:
    """An answer somebody wrote by hand, and their remarks."""
    answers_file().write_text("# mine\n[shapes.aaaaaaaa]\nrows = true\n")
    (one, _) = met(session)
    answer(session, one, Answer(rows=True))
    text = answers_file().read_text()
    assert text.startswith("# mine\n[shapes.aaaaaaaa]\nrows = true\n\n[shapes.")


def test_a_file_that_is_no_toml_is_not_written_over(session: Session) -> None:
    """It may hold answers that somebody wrote by hand."""
    answers_file().write_text("[shapes.")
    (one, _) = met(session)
    with pytest.raises(SettingsError):
        answer(session, one, Answer(rows=True))
    assert answers_file().read_text() == "[shapes."


def test_a_column_must_be_there_and_hold_numbers(session: Session, tmp_path: Path) -> None:
    """Otherwise the answer is refused before anything is written."""
    write(tmp_path / "root" / "x" / "named.csv", "who,age\nada,36\nbob,41\n")
    one = shape_called(met(session), "named.csv")
    for said in (Answer(step="nope"), Answer(step="who"), Answer(rows=True, time="nope")):
        with pytest.raises(UsageError):
            answer(session, one, said)
    assert not answers_file().exists()


def test_a_shape_is_called_by_its_id_or_its_file(session: Session) -> None:
    """A word that fits none or several is refused, with the ids there are."""
    shapes = met(session)
    assert shape_called(shapes, shapes[0].guess.shape.id) == shapes[0]
    for words in ("", "nothing.csv"):
        with pytest.raises(NotFoundError):
            shape_called(shapes, words)


def test_a_folder_that_is_only_looked_at_takes_no_answer_for_all(session: Session) -> None:
    """There is no workspace to write it into."""
    with pytest.raises(NotAllowedError):
        answer(session, met(session)[0], Answer(rows=True), for_all=True)


def test_in_a_workspace_an_answer_may_be_for_all(tmp_path: Path) -> None:
    """It stands in workbench.toml beside all that was there, and counts for what is followed."""
    root = write_workspace(tmp_path / "w")
    write(tmp_path / "theirs" / "a" / "log.csv", TABLE)
    (root / SETTINGS).write_text('[sources]\nfolders = ["../theirs"]\n')
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        (one,) = met(session)
        assert (one.example, one.undecided) == ("../theirs/a/log.csv", 1)
        assert answer(session, one, Answer(step="t"), for_all=True) == root / SETTINGS
        assert (root / SETTINGS).read_text().startswith('[sources]\nfolders = ["../theirs"]\n')
        session.sweeper().set_sources(session.sources())
        session.sweep()
        assert session.undecided == 0
        found = session.catalogue.cursor().execute("SELECT name FROM runs").fetchall()
        assert found == [("a",)]
    assert not answers_file().exists()
    ANSWERS.follow()
