"""Points put together by metric."""

import math

from workbench.formats.series import Series
from workbench.runfolder import Summary


def series(*values: float, name: str = "loss") -> Series:
    """Return a metric with one value per step."""
    found = Series()
    for step, value in enumerate(values):
        found.add(name, value, step, step * 10.0)
    return found


def test_summaries_are_what_the_points_come_to() -> None:
    """NaN is counted, infinities are numbers, and the order is that of writing."""
    wanted = Summary.of(1.0, 0).add(math.nan, 1).add(math.inf, 2).add(0.5, 3)
    assert series(1.0, math.nan, math.inf, 0.5).metrics() == {"loss": wanted}


def test_points_are_handed_out_once() -> None:
    """Progress is kept for each metric by itself."""
    found = series(1.0, 2.0)
    found.add("acc", 0.5, None)
    first = found.past(frozenset(["loss"]), None)
    assert first.points.keys() == {"loss"}
    assert first.points["loss"].times == [0.0, 10.0]
    found.add("loss", 3.0, 2)
    second = found.past(None, first.progress)
    assert {name: points.values for name, points in second.points.items()} == {
        "loss": [3.0], "acc": [0.5],
    }  # fmt: skip
    assert math.isnan(second.points["acc"].steps[0])
    assert not second.restarted


def test_another_beginning_starts_over() -> None:
    """Fewer points, other points or none at all are another run's."""
    progress = series(1.0, math.nan).past(None, None).progress
    assert series(1.0, math.nan, 3.0).past(None, progress).points["loss"].values == [3.0]
    for other in (series(1.0), series(1.0, 2.0, 3.0), series(1.0, 2.0, name="acc")):
        assert other.past(None, progress).restarted


def test_there_is_room_for_so_many() -> None:
    """What does not fit is counted, and a metric that is dropped makes room."""
    found = Series(most=2)
    for step in range(4):
        found.add("loss", 1.0, step)
    assert (found.metrics()["loss"].count, found.left_out) == (2, 2)
    found.drop("loss")
    found.add("acc", 1.0, 0)
    assert found.metrics().keys() == {"acc"}


def test_a_metric_may_be_called_otherwise() -> None:
    """The points stay, the order of the metrics too."""
    found = series(1.0)
    found.add("acc", 2.0, 0)
    found.rename("loss", "train")
    assert list(found.metrics()) == ["train", "acc"]
    assert ("loss" in found, "train" in found) == (False, True)
    assert found.span() == (0.0, 0.0)


def test_a_step_between_two_is_none_in_the_summary() -> None:
    """A summary has whole steps; the curve keeps what was written."""
    found = Series()
    found.add("loss", 1.0, 0.5)
    found.add("loss", 2.0, 1.0)
    summary = found.metrics()["loss"]
    assert (summary.first_step, summary.last_step) == (None, 1)
    assert found.past(None, None).points["loss"].steps == [0.5, 1.0]
