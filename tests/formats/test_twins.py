"""Curves that a tool tells twice, shown once while its own is as far."""

import math

import pytest

from workbench.formats.contract import Curves, Points
from workbench.formats.trainers.huggingface import HuggingFaceReader
from workbench.formats.twins import HasTwins, followed_once, twins


def naming(name: str) -> str:
    """Call ``t/x`` what the tool calls ``x``."""
    return name.removeprefix("t/")


def curve(*steps: float) -> Points:
    """Return points at steps."""
    return Points(list(steps), [0.0] * len(steps), [1.0] * len(steps))


class Run:
    """Two loggers' curves that grow; the progress is how many points were given of each."""

    def __init__(self, **steps: list[float]) -> None:
        self.steps = {name.replace("_", "/"): found for name, found in steps.items()}

    def follow(self, progress: object) -> Curves:
        """Return the points past a progress."""
        known = progress if isinstance(progress, dict) else {}
        new = {n: curve(*all_[known.get(n, 0) :]) for n, all_ in self.steps.items()}
        after = {name: len(all_) for name, all_ in self.steps.items()}
        return Curves({n: points for n, points in new.items() if points.steps}, after)


@pytest.mark.parametrize(
    ("last", "left"),
    [
        ({"x": 5.0, "t/x": 5.0}, {"t/x"}),
        ({"x": 5.0, "t/x": 6.0}, set()),
        ({"x": None, "t/x": 6.0}, set()),
        ({"x": 5.0, "t/x": None}, {"t/x"}),
        ({"t/x": 6.0}, set()),
        ({"x": 5.0, "y": 5.0}, set()),
    ],
)
def test_a_twin_is_left_out_while_the_own_curve_is_as_far(
    last: dict[str, float | None], left: set[str]
) -> None:
    """Nothing is left out that only the other logger has."""
    assert twins(last, [naming]) == left


def test_a_run_that_goes_on_shows_what_is_ahead() -> None:
    """Between two records the other logger's curve comes back, and goes when it is caught up."""
    run = Run(x=[1.0, 2.0], t_x=[1.0, 2.0], other=[1.0, math.nan])
    found = followed_once([naming], None, run.follow)
    assert (set(found.points), found.restarted) == ({"x", "other"}, False)
    run.steps["other"].append(3.0)
    found = followed_once([naming], found.progress, run.follow)
    assert (found.points, found.restarted) == ({"other": curve(3.0)}, False)
    run.steps["t/x"].append(3.0)
    found = followed_once([naming], found.progress, run.follow)
    assert (set(found.points), found.restarted) == ({"x", "t/x", "other"}, True)
    run.steps["t/x"].append(4.0)
    found = followed_once([naming], found.progress, run.follow)
    assert (found.points, found.restarted) == ({"t/x": curve(4.0)}, False)
    run.steps["x"] += [3.0, 4.0]
    found = followed_once([naming], found.progress, run.follow)
    assert (set(found.points), found.restarted) == ({"x", "other"}, True)
    assert set(followed_once([], None, run.follow).points) == {"x", "t/x", "other"}


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("train/loss", "loss"), ("eval/loss", "eval_loss"), ("test/f1", "test_f1"),
        ("runs/Nov21_02-12-43_box/train/loss", "loss"), ("train/a/b", "a/b"),
        ("loss", "loss"), ("my/train/loss", "my/train/loss"), ("train/", "train/"),
    ],
)  # fmt: skip
def test_a_trainer_says_what_it_calls_what_is_in_its_event_files(name: str, own: str) -> None:
    """As its TensorBoard callback renames them, the other way round."""
    reader = HuggingFaceReader()
    assert isinstance(reader, HasTwins)
    assert reader.own_name(name) == own
