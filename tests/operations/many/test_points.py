"""Charts of a point a run, over a real catalogue."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.building import BEGIN, Point, run_id, write_run, write_workspace
from workbench.charts.figure import Dots
from workbench.charts.figure import Path as Line
from workbench.clock import FixedClock
from workbench.errors import FilterError, NotFoundError, UsageError
from workbench.operations.many import Asked, Picture, choices, picture
from workbench.operations.runs_table import Column
from workbench.operations.session import Session, open_session

LR, DEPTH, OPT = Column("param", "lr"), Column("param", "depth"), Column("param", "opt")
LOSS, AUC = Column("metric", "loss"), Column("metric", "val/auc")
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)


def logged(**values: float) -> list[Point]:
    """Return one point of each metric."""
    return [(0, BEGIN, {name.replace("__", "/"): value for name, value in values.items()})]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Twelve runs over six rates and two optimizers, one that diverged, one without a rate."""
    root = write_workspace(tmp_path_factory.mktemp("many") / "w")
    (root / "workbench.toml").write_text('[metrics]\nloss = "min"\n"val/auc" = "max"\n')
    for number in range(12):
        rate = RATES[number % 6]
        write_run(
            root, number=number, name=f"run-{number}", started=BEGIN + number * 60,
            params={"lr": rate, "depth": 3 + number % 2, "opt": ("adam", "sgd")[number // 6],
                    "same": 1},
            metrics=logged(loss=1 - rate - number / 100, val__auc=0.5 + rate + number / 50),
        )  # fmt: skip
    write_run(root, number=20, name="diverged", started=BEGIN + 1000, params={"lr": 40.0},
              metrics=logged(loss=math.nan))  # fmt: skip
    write_run(root, number=21, name="bare", started=BEGIN + 1100, params={"depth": 5},
              metrics=logged(loss=0.2))  # fmt: skip
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


def asked(kind: str, **said: Any) -> Asked:
    """Return what is asked of a chart."""
    return Asked(kind, **said)


def column(found: Picture, heading: str) -> list[Any]:
    """Return one column of a picture's table."""
    place = found.headings.index(heading)
    return [row[place] for row in found.rows]


def test_columns_that_nobody_named_are_chosen(session: Session) -> None:
    """Up is the metric that counts, across what goes most with it; or with the one named."""
    chosen = picture(session, asked("scatter")).asked
    assert (chosen.x, chosen.y) == (LR, AUC)
    found = picture(session, asked("scatter", metric="loss"))
    assert (found.asked.x, found.asked.y) == (LR, LOSS)
    assert found.headings == ("id", "name", "params.lr", "metrics.loss")
    assert (found.inside, found.total, len(found.rows)) == (14, 14, 12)
    assert found.said == (
        "1 of 14 runs has no lr.",
        "1 of 14 runs has NaN or infinity for loss.",
    )


def test_the_table_holds_what_is_drawn(session: Session) -> None:
    """The same numbers, from left to right, and the rank correlation over them."""
    found = picture(session, asked("scatter", x=LR, y=AUC))
    (dots,) = (layer for layer in found.figure.layers if isinstance(layer, Dots))
    np.testing.assert_allclose(10**dots.x, column(found, "params.lr"))
    np.testing.assert_allclose(dots.y, column(found, "metrics.val/auc"))
    assert list(dots.x) == sorted(dots.x)
    assert found.figure.aside.startswith("ρ = ")
    assert found.figure.aside.endswith("n = 12")
    assert column(found, "id")[0] == run_id(0)


def test_a_logarithmic_axis_is_drawn_in_powers_and_leaves_zero_out(session: Session) -> None:
    """What has no place there is counted in words; the table keeps the numbers themselves."""
    found = picture(session, asked("scatter", x=LR, y=LOSS, log_x=True))
    (dots,) = (layer for layer in found.figure.layers if isinstance(layer, Dots))
    np.testing.assert_allclose(10**dots.x, column(found, "params.lr"))
    assert found.figure.x.log
    drop = Column("metric", "loss", "step_of_min")
    none = picture(session, asked("scatter", x=drop, y=LR, log_x=True))
    assert (none.rows, bool(none.figure.empty)) == ((), True)
    assert "13 of 14 runs have no step of min loss above 0, as its axis needs." in none.said


def test_categories_stand_at_their_places(session: Session) -> None:
    """Texts are names on the axis, and there is no correlation of names."""
    found = picture(session, asked("scatter", x=OPT, y=LOSS))
    assert [tick.label for tick in found.figure.x.ticks] == ["adam", "sgd"]
    assert set(column(found, "params.opt")) == {"adam", "sgd"}
    assert found.figure.aside == "n = 12"


def test_marks_are_bright_and_named_by_what_differs(session: Session) -> None:
    """A mark that cannot be drawn is said; its letter stays away with it."""
    marks = (run_id(1), run_id(20), run_id(3), "nobody")
    found = picture(session, asked("scatter", x=LR, y=LOSS, marks=marks))
    letters = {entry.letter: entry.label for entry in found.figure.entries}
    assert letters == {"a": "lr=0.003", "c": "lr=0.03"}
    assert "1 marked run not among the runs that match." in found.said
    assert "1 marked run not drawn: outside the ranges or without a value." in found.said
    bright = [one for one in found.figure.layers if isinstance(one, Dots) and one.bright]
    assert [one.sign for one in bright] == ["a", "c"]
    np.testing.assert_allclose([10 ** one.x[0] for one in bright], [0.003, 0.03])


def test_a_brush_leaves_runs_out_and_is_a_filter(session: Session) -> None:
    """What falls away is counted, and the filter finds what is left."""
    wide = asked("scatter", x=LR, y=LOSS, filter="depth < 5", brush=((LR, 0.01, 0.1),))
    found = picture(session, wide)
    assert (found.inside, found.total) == (6, 12)
    assert found.filter == "params.depth < 5 AND params.lr >= 0.01 AND params.lr <= 0.1"
    again = picture(session, replace(wide, filter=found.filter, brush=()))
    assert again.rows == found.rows
    assert "6 of 12 runs lie within the ranges." in found.said


def test_groups_have_letters_means_and_bests(session: Session) -> None:
    """Each run's row says what its group reaches; the groups stand by themselves too."""
    found = picture(session, asked("scatter", x=LR, y=LOSS, group=(OPT,)))
    assert [(one.letter, one.name, one.n) for one in found.groups] == [
        ("a", "opt=adam", 6), ("b", "opt=sgd", 6),
    ]  # fmt: skip
    losses = [1 - rate - number / 100 for number, rate in enumerate(RATES)]
    first = found.groups[0]
    assert first.mean == pytest.approx(np.mean(losses))
    assert first.std == pytest.approx(np.std(losses, ddof=1))
    assert first.best == pytest.approx(min(losses))
    assert set(column(found, "group_n")) == {6}
    assert [one.label for one in found.figure.entries] == ["opt=adam", "opt=sgd"]


def test_progress_runs_with_time_to_the_best_so_far(session: Session) -> None:
    """The frontier follows the goal, and runs stand in the order in which they began."""
    found = picture(session, asked("progress", metric="loss"))
    best = column(found, "best_so_far")
    assert best == list(np.minimum.accumulate(column(found, "metrics.loss")))
    assert column(found, "started") == sorted(column(found, "started"))
    (line,) = (layer for layer in found.figure.layers if isinstance(layer, Line))
    np.testing.assert_allclose(line.y, [*best, best[-1]])
    assert line.steps


def test_progress_without_a_goal_says_so(session: Session) -> None:
    """There is no best of a number nobody called good."""
    found = picture(session, asked("progress", y=LR))
    assert "best_so_far" not in found.headings
    assert "lr has no goal, so there is no best so far." in found.said


def test_the_pareto_front_is_of_the_runs_none_beats(session: Session) -> None:
    """Two metrics with goals are chosen; each run of the front is better in one of them."""
    found = picture(session, asked("pareto"))
    assert {found.asked.x, found.asked.y} == {LOSS, AUC}
    losses, scores = column(found, "metrics.loss"), column(found, "metrics.val/auc")
    for loss, score, front in zip(losses, scores, column(found, "front"), strict=True):
        beaten = any(
            other <= loss and better >= score and (other < loss or better > score)
            for other, better in zip(losses, scores, strict=True)
        )
        assert front is not beaten
    three = picture(session, asked("pareto", x=LOSS, y=AUC, z=Column("attribute", "duration")))
    assert three.headings[-2:] == ("duration", "front")
    with pytest.raises(UsageError, match="more or less lr is better"):
        picture(session, asked("pareto", x=LOSS, y=LR))


def test_the_run_under_the_cursor_is_known(session: Session) -> None:
    """Points are walked from left to right; past the ends it stays on the last."""
    found = picture(session, asked("scatter", x=LR, y=LOSS, cursor=1))
    ids = dict(session.catalogue.cursor().execute("SELECT run, run_id FROM runs").fetchall())
    assert found.here is not None
    assert ids[found.here] == found.rows[1][0]
    last = picture(session, asked("scatter", x=LR, y=LOSS, cursor=999))
    assert last.here is not None
    assert ids[last.here] == last.rows[-1][0]
    assert last.asked.cursor == len(last.rows) - 1
    assert picture(session, asked("scatter", x=LR, y=LOSS)).here is None


def test_no_run_is_a_picture_that_says_so(session: Session) -> None:
    """An empty answer is no error."""
    found = picture(session, asked("scatter", filter="name = 'nobody'"))
    assert (found.figure.empty, found.rows, found.total) == ("No run matches.", (), 0)


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        (asked("pie"), UsageError, "There is no chart of kind 'pie'."),
        (asked("scatter", filter="lr >"), FilterError, ""),
        (asked("scatter", x=Column("param", "nope")), NotFoundError,
         "None of these 14 runs has nope."),
        (asked("scatter", x=LR, filter="name = 'bare'"), NotFoundError, "This run has no lr."),
        (asked("scatter", x=LR, y=LOSS, brush=((OPT, "lion", "lion"),)), UsageError,
         "opt has no value 'lion'."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_one_sentence(
    session: Session, what: Asked, error: type[Exception], words: str
) -> None:
    """A wrong kind, filter, column or range says what is wrong with it."""
    with pytest.raises(error) as caught:
        picture(session, what)
    assert words in str(caught.value)


def test_choices_begin_with_what_counts(session: Session) -> None:
    """Metrics with goals, then params that differ, then the rest; attributes last."""
    found = [one.column for one in choices(session)]
    assert set(found[:2]) == {LOSS, AUC}
    assert found.index(LR) < found.index(Column("param", "same"))
    assert Column("attribute", "started") in found


def test_a_workspace_without_a_metric_says_what_to_name(tmp_path: Path) -> None:
    """Nothing to choose from is said with what to do."""
    root = write_workspace(tmp_path / "w")
    write_run(root, params={"lr": 1.0}, metrics=[])
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        with pytest.raises(UsageError, match="None of these runs has a metric"):
            picture(made, asked("scatter"))
