"""Tables nobody's library wrote: their shape, what is guessed, and what a person said."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.checking import LATER, damaged
from workbench.errors import FormatError
from workbench.formats.detect import discover, reader_named
from workbench.formats.known import told
from workbench.formats.tables import verdicts as table_verdicts
from workbench.formats.tables.answers import ANSWERS, Answer, Answers, answers_in, entry, without
from workbench.formats.tables.beginnings import beginning
from workbench.formats.tables.shapes import Guess, Shape, guess_of

READER = reader_named("folders")


@pytest.fixture
def answers(tmp_path: Path) -> Iterator[Path]:
    """Return the file of answers that count in a test."""
    path = tmp_path / "shapes.toml"
    ANSWERS.follow(path)
    yield path
    ANSWERS.follow()


def guess(folder: Path, text: str, name: str = "log_1.csv") -> Guess | None:
    """Return what is guessed of a file."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(text)
    return guess_of(beginning(folder, name))


def say(path: Path, shape: Shape, answer: Answer) -> None:
    """Write an answer as a person's program does."""
    path.write_text(entry(shape, answer))
    ANSWERS.look_now()


@pytest.mark.parametrize(
    ("name", "text", "numeric", "steps", "certain"),
    [
        ("a.csv", "t,loss\n0,1\n1,0.5\n", ("t", "loss"), ("t",), False),
        ("a.csv", "epoch,t,loss\n0,0,1\n0,1,0.5\n", ("epoch", "t", "loss"), ("epoch", "t"), True),
        ("a.csv", "step,epoch,loss\n0,0,1\n1,0,1\n", ("step", "epoch", "loss"),
         ("step", "epoch"), True),
        ("a.csv", "name,age\nada,36\nbob,41\n", ("age",), ("age",), False),
        ("a.csv", "x;y\n1,5;2\n3,5;1\n", ("x", "y"), (), False),
        ("a.jsonl", '{"n": 1, "loss": 2}\n{"n": 2, "loss": 1}\n', ("n", "loss"), ("n",), False),
        ("a.jsonl", '{"a": {"b": 2}}\n', ("a/b",), (), False),
    ],
)  # fmt: skip
def test_the_step_is_guessed_by_name_and_by_counting(
    tmp_path: Path, name: str, text: str, numeric: tuple[str, ...], steps: tuple[str, ...],
    certain: bool,
) -> None:  # fmt: skip
    """Known names come first, then columns of whole numbers that rise."""
    found = guess(tmp_path, text, name)
    assert found is not None
    assert (found.numeric, found.steps, found.certain) == (numeric, steps, certain)


@pytest.mark.parametrize(
    "text",
    ["", "t,loss\n", "only words here\nand here\n", "1,2\n3,4\n", "a,a\n1,2\n", "a,\n1,2\n",
     "a,b\n1,2\n3\n", "word\nother\n", "\0\0\0\n\0\n"],
)  # fmt: skip
def test_what_is_no_table_of_numbers_is_not_asked_about(tmp_path: Path, text: str) -> None:
    """No names, no rows, no numbers, names twice or rows of several lengths: nothing to ask."""
    assert guess(tmp_path, text) is None


def test_files_of_like_names_and_columns_are_of_one_shape(tmp_path: Path) -> None:
    """Numbers in the name do not count; another column does."""
    text = "t,loss\n0,1\n"
    one, two = guess(tmp_path, text, "fold_1.csv"), guess(tmp_path, text, "fold_22.csv")
    other = guess(tmp_path, "t,acc\n0,1\n", "fold_3.csv")
    assert one
    assert two
    assert other
    assert one.shape == two.shape == Shape("fold_#.csv", ("t", "loss"))
    assert one.shape.id != other.shape.id
    assert len(one.shape.id) == 8


def test_a_shape_stays_while_the_file_grows(tmp_path: Path) -> None:
    """What was said of it holds for the whole of a run."""
    first = guess(tmp_path, '{"n": 1, "loss": 2}\n', "log.ndjson2.jsonl")
    later = guess(tmp_path, '{"n": 1, "loss": 2}\n{"n": 2, "more": 3}\n', "log.ndjson2.jsonl")
    assert first
    assert later
    assert first.shape == later.shape


def test_tables_without_a_step_are_counted_and_no_runs(tmp_path: Path, answers: Path) -> None:
    """Until somebody says what they are they are known and nothing more."""
    for name in ("a", "b"):
        guess(tmp_path / name, "t,loss\n0,1\n1,2\n")
    found = discover(tmp_path)
    assert (found.sources, found.known, found.undecided) == ((), (), 2)
    assert told(found.known, found.undecided) == "2 folders of tables without a known step"
    assert not answers.exists()


def test_an_answer_makes_runs_of_all_tables_of_the_shape(tmp_path: Path, answers: Path) -> None:
    """The column that was named is the step, and no metric."""
    root = tmp_path / "root"
    root.mkdir()
    shape = None
    for name in ("a", "b"):
        found = guess(root / name, "t,loss\n10,1\n20,0.5\n", f"fold_{ord(name)}.csv")
        assert found
        shape = found.shape
    assert READER.survey(root, None).refs == {}
    assert shape
    say(answers, shape, Answer(step="t"))
    survey = READER.survey(root, None)
    assert set(survey.refs) == {"a", "b"}
    card = READER.read(root, "a", b"", LATER).card
    assert set(card.metrics) == {"loss"}
    assert (card.metrics["loss"].first_step, card.metrics["loss"].last_step) == (10, 20)
    assert READER.points(root, "a", None, None).points["loss"].steps == [10.0, 20.0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log_1.csv", "x,loss\n5,1\n5,\n5,0.5\n"),
        ("stuff.jsonl", '{"x": 5, "loss": 1}\n\n{"x": 5}\n{"x": 5, "loss": 0.5}\n'),
    ],
)
def test_rows_are_counted_over_all_looks(
    tmp_path: Path, answers: Path, name: str, text: str
) -> None:
    """A gap leaves a number out, and what is appended goes on counting."""
    found = guess(tmp_path / "run", text, name)
    assert found
    say(answers, found.shape, Answer(rows=True))
    card, progress = READER.read(tmp_path, "run", b"", LATER)
    curves = READER.points(tmp_path, "run", None, None)
    assert curves.points["loss"].steps == [0.0, 2.0]
    assert curves.points["x"].steps == [0.0, 1.0, 2.0]
    with (tmp_path / "run" / name).open("a") as file:
        file.write('{"loss": 7}\n' if name.endswith("jsonl") else "5,7\n")
    card = READER.read(tmp_path, "run", progress, LATER).card
    assert (card.metrics["loss"].count, card.metrics["loss"].last_step) == (3, 3)
    assert READER.points(tmp_path, "run", None, curves.progress).points["loss"].steps == [3.0]


def test_an_answer_counts_over_what_is_certain(tmp_path: Path, answers: Path) -> None:
    """Another step than the one assumed, or no run at all; and the notes of before are dropped."""
    found = guess(tmp_path / "run", "epoch,t,loss\n0,3,1\n0,4,0.5\n")
    assert found
    card, progress = READER.read(tmp_path, "run", b"", LATER)
    curves = READER.points(tmp_path, "run", None, None)
    assert card.metrics["loss"].last_step == 0
    before = READER.survey(tmp_path, None).refs["run"].stamp
    say(answers, found.shape, Answer(step="t"))
    assert READER.survey(tmp_path, None).refs["run"].stamp != before
    card, progress = READER.read(tmp_path, "run", progress, LATER)
    assert (card.metrics["loss"].count, card.metrics["loss"].last_step) == (2, 4)
    assert set(card.metrics) == {"epoch", "loss"}
    again = READER.points(tmp_path, "run", None, curves.progress)
    assert (again.points["loss"].steps, again.restarted) == ([3.0, 4.0], True)
    say(answers, found.shape, Answer(no=True))
    assert READER.survey(tmp_path, None).refs == {}
    assert discover(tmp_path).undecided == 0


def test_an_answer_is_seen_by_a_survey_that_remembers(tmp_path: Path, answers: Path) -> None:
    """What was found out before an answer does not outlive it."""
    found = guess(tmp_path / "run", "t,loss\n0,1\n1,2\n")
    certain = guess(tmp_path / "other", "step,loss\n0,1\n1,2\n")
    assert found
    assert certain
    survey = READER.survey(tmp_path, None)
    assert set(survey.refs) == {"other"}
    say(answers, found.shape, Answer(step="t"))
    survey = READER.survey(tmp_path, survey.memory)
    assert set(survey.refs) == {"other", "run"}
    answers.write_text(entry(certain.shape, Answer(no=True)))
    ANSWERS.look_now()
    assert set(READER.survey(tmp_path, survey.memory).refs) == set()


def test_the_time_column_gives_the_times(tmp_path: Path, answers: Path) -> None:
    """One that was named counts, whatever it is called."""
    found = guess(tmp_path / "run", "t,at,loss\n0,1700000000,1\n1,1700000060,2\n")
    assert found
    say(answers, found.shape, Answer(step="t", time="at"))
    card = READER.read(tmp_path, "run", b"", LATER).card
    assert (card.started, card.ended) == (1700000000.0, 1700000060.0)
    assert set(card.metrics) == {"loss"}


NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)


@given(NAMES, st.lists(NAMES, max_size=4), NAMES, NAMES)
def test_an_answer_is_read_as_it_was_written(
    table: str, columns: list[str], step: str, time: str
) -> None:
    """Whatever characters names are made of."""
    shape = Shape(table, tuple(columns))
    for answer in (Answer(step=step or "t", time=time), Answer(rows=True), Answer(no=True)):
        text = entry(shape, answer)
        assert answers_in(text) == {shape.id: answer}
        assert tomllib.loads(text)["shapes"][shape.id]["table"] == table
        assert answers_in(without(f"[other]\na = 1\n\n{text}\n[last]\n", shape.id)) == {}
        assert "other" in tomllib.loads(without(f"[other]\na = 1\n\n{text}", shape.id))


def test_a_file_of_answers_that_is_damaged_says_nothing_and_is_told(tmp_path: Path) -> None:
    """Cut or with a byte flipped it never stops a look; whole again it counts."""
    shape = Shape("log_#.csv", ("t", "loss"))
    path = tmp_path / "shapes.toml"
    text = entry(shape, Answer(step="t")).encode()
    answers = Answers()
    answers.follow(path)
    for _, broken in damaged(text):
        path.write_bytes(broken)
        os.utime(path, ns=(1, 1))
        answers.look_now()
        assert set(answers.found().values()) <= {Answer(step="t")}
    path.write_bytes(text)
    answers.look_now()
    assert answers.found() == {shape.id: Answer(step="t")}
    assert answers.faults == ()


def test_a_persons_own_answer_counts_before_the_workspaces(tmp_path: Path) -> None:
    """Two files may say two things of one shape."""
    shape = Shape("log_#.csv", ("t", "loss"))
    own, shared = tmp_path / "own.toml", tmp_path / "workbench.toml"
    shared.write_text("[sources]\nfolders = []\n\n" + entry(shape, Answer(rows=True)))
    answers = Answers()
    answers.follow(own, shared)
    assert answers.found() == {shape.id: Answer(rows=True)}
    own.write_text(entry(shape, Answer(step="t")))
    answers.look_now()
    assert answers.found() == {shape.id: Answer(step="t")}


@pytest.mark.parametrize(
    "text", ["shapes = 3", "[shapes]\na = 1", "[shapes.x]\nstep = 3", "[shapes.x]\nruns = true"]
)
def test_an_entry_that_says_nothing_is_left_out(text: str) -> None:
    """Somebody wrote it by hand."""
    assert answers_in(text) == {}


def test_what_is_no_toml_is_refused() -> None:
    """It would be lost if it were written over."""
    with pytest.raises(FormatError):
        answers_in("[shapes")


def test_a_table_of_another_tools_run_is_not_asked_about(tmp_path: Path, answers: Path) -> None:
    """What a tool's own reader reads is its affair."""
    folder = tmp_path / "dvclive" / "plots" / "metrics"
    folder.mkdir(parents=True)
    (folder / "loss.tsv").write_text("step\tloss\n0\t1\n")
    (tmp_path / "dvclive" / "more").mkdir()
    assert set(READER.survey(tmp_path, None).refs) == {"dvclive"}
    assert discover(tmp_path).undecided == 0
    assert not answers.exists()


def test_tables_below_a_run_are_its_own_affair(tmp_path: Path, answers: Path) -> None:
    """Predictions a script left beside its metrics are no run that waits; the opened folder is."""
    guess(tmp_path, "step,loss\n0,1\n", "metrics.csv")
    guess(tmp_path / "run", "step,loss\n0,1\n", "metrics.csv")
    guess(tmp_path / "run" / "made", "id,age\n7,1\n3,2\n", "predictions.csv")
    assert discover(tmp_path).undecided == 0
    guess(tmp_path / "waits", "t,loss\n0,1\n1,2\n")
    assert discover(tmp_path).undecided == 1
    assert not answers.exists()


@pytest.mark.parametrize(
    "said", [Answer(step="__import__"), Answer(step="who"), Answer(rows=True, time="nope")]
)
def test_an_answer_that_cannot_be_is_told_and_does_not_count(
    tmp_path: Path, answers: Path, said: Answer
) -> None:
    """A column that is not there, or holds no numbers: the table is read as if nobody spoke."""
    root = tmp_path / "root"
    found = guess(root, "step,who,loss\n0,ada,1\n1,bob,0.5\n")
    assert found
    say(answers, found.shape, said)
    card = reader_named("folders").read(root, ".", b"", LATER).card
    assert set(card.metrics) == {"loss"}
    assert card.metrics["loss"].last_step == 1
    (fault,) = card.faults
    assert fault.path == "log_1.csv"
    assert fault.reason.startswith("what was said of it does not count: ")


def test_an_answer_that_cannot_be_leaves_the_question_open(tmp_path: Path, answers: Path) -> None:
    """A folder is no run because of it, and still counted among those nobody decided."""
    found = guess(tmp_path / "root" / "a", "t,loss\n0,1\n1,0.5\n")
    assert found
    say(answers, found.shape, Answer(step="nope"))
    assert discover(tmp_path / "root").undecided == 1
    say(answers, found.shape, Answer(step="t"))
    assert discover(tmp_path / "root").undecided == 0


@pytest.mark.usefixtures("answers")
def test_what_was_judged_of_a_table_is_not_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many tables each is opened once, whether it is a run's or nobody knows."""
    for number in range(40):
        guess(tmp_path / "root" / f"{number}", "t,loss\n0,1\n1,0.5\n")
    guess(tmp_path / "root" / "run", "step,loss\n0,1\n1,0.5\n")
    opened: list[str] = []
    begin = table_verdicts.beginning
    monkeypatch.setattr(
        table_verdicts, "beginning", lambda *file: (opened.append(file[1]), begin(*file))[1]
    )
    assert discover(tmp_path / "root").undecided == 40
    assert len(opened) == 41
    assert discover(tmp_path / "root").undecided == 40
    assert len(opened) == 41
