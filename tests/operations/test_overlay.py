"""The curves of a printed chart: whose, of what, and over what."""

from contextlib import closing

import pytest

from tests.building import BEGIN, run_id, write_run
from workbench.catalogue.places import numbers
from workbench.catalogue.query import SEEDS, Column
from workbench.clock import FixedClock
from workbench.operations.overlay import Shown, overlay
from workbench.operations.session import open_session


@pytest.fixture
def session(tmp_path):
    """Two runs that differ in lr, the second without the metric ``f1``."""
    root = tmp_path / "ws"
    for number, lr in ((1, 0.1), (2, 0.2)):
        points = [
            (step, BEGIN + step, {"loss": lr * (3 - step), "epoch": step * 10.0}
             | ({"f1": 0.5} if number == 1 else {}))
            for step in range(3)
        ]  # fmt: skip
        write_run(root, number=number, name=f"run-{number}", params={"lr": lr}, metrics=points)
    opened = open_session(root, clock=FixedClock(BEGIN + 1000))
    opened.sweep()
    yield opened
    opened.close()


def numbered(session, *runs):
    """Return the numbers the catalogue gave these runs."""
    found = numbers(session.catalogue, [run_id(one) for one in runs])
    return [found[run_id(one)] for one in runs]


def test_curves_are_lettered_and_called_by_what_differs(session):
    """The legend says lr=…, not an id."""
    drawn = overlay(session, numbered(session, 1, 2), "loss", Shown())
    assert [(one.letter, one.label) for one in drawn.curves] == [("a", "lr=0.1"), ("b", "lr=0.2")]
    assert drawn.curves[0].y.tolist() == pytest.approx([0.3, 0.2, 0.1])


def test_a_run_without_the_metric_keeps_its_letter_for_the_others(session):
    """Letters are places among the runs, so that they mean the same in every chart."""
    assert [
        one.letter for one in overlay(session, numbered(session, 2, 1), "f1", Shown()).curves
    ] == ["b"]


def test_another_metric_may_stand_across(session):
    """Over epochs the same points stand at other places, and the axis says so."""
    drawn = overlay(session, numbered(session, 1), "loss", Shown(x="metric:epoch"))
    assert drawn.curves[0].x.tolist() == [0.0, 10.0, 20.0]
    assert drawn.look.x_label == "epoch"


def test_the_baseline_is_subtracted(session):
    """Against the first run it is zero itself, the other what it is off by."""
    runs = numbered(session, 1, 2)
    shown = Shown(values="difference", baseline=runs[0])
    first, second = overlay(session, runs, "loss", shown).curves
    assert first.y.tolist() == pytest.approx([0, 0, 0])
    assert second.y.tolist() == pytest.approx([0.3, 0.2, 0.1])


def test_a_run_that_is_gone_is_left_out(session):
    """What is no longer there has no curve, and the rest is drawn."""
    assert len(overlay(session, [*numbered(session, 1), 999], "loss", Shown()).curves) == 1


def test_runs_alike_are_one_curve_of_their_mean(tmp_path):
    """With one deviation to either side, named by what they have in common."""
    root = tmp_path / "seeds"
    for number in range(4):
        params = {"lr": (0.1, 0.2)[number % 2], "seed": number // 2}
        write_run(root, number=number, name=f"run-{number}", params=params,
                  metrics=[(0, BEGIN, {"loss": float(number)})])  # fmt: skip
    with closing(open_session(root, clock=FixedClock(BEGIN + 1000))) as opened:
        opened.sweep()
        runs = numbered(opened, 0, 1, 2, 3)
        drawn = overlay(opened, runs, "loss", Shown(group=(Column("param", "lr"),)))
        seeds = overlay(opened, runs, "loss", Shown(group=(SEEDS,)))
    assert [(one.letter, one.label) for one in drawn.curves] == [
        ("A", "lr=0.1 (n=2)"),
        ("B", "lr=0.2 (n=2)"),
    ]
    first, second = drawn.curves
    assert (first.y.tolist(), second.y.tolist()) == ([1.0], [2.0])
    assert first.high.tolist() == pytest.approx([1 + 2**0.5])
    assert first.low.tolist() == pytest.approx([1 - 2**0.5])
    assert drawn.look.title == "loss, mean ± std"
    assert [one.y.tolist() for one in seeds.curves] == [[1.0], [2.0]]
