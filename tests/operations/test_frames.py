"""Runs in a notebook."""

import math
from pathlib import Path

import pytest

import workbench
from tests.building import BEGIN, points, run_id, write_run
from workbench.errors import FilterError, NotFoundError, UsageError
from workbench.operations.frames import by_step


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a run of two metrics and one that still goes on."""
    lines = [(0, BEGIN, {"loss": 1.0}), (0, BEGIN + 1, {"loss": 0.9}), (1, BEGIN + 2, {"acc": 0.5})]
    write_run(
        tmp_path, number=1, name="one", params={"lr": 0.1, "model": {"depth": 4}}, metrics=lines
    )
    write_run(tmp_path, number=2, name="two", status=None, params={"lr": 0.2}, tags={})
    return tmp_path


def test_runs_frame_has_a_row_a_run(root: Path) -> None:
    """Attributes, params, last values of metrics and tags, with times as times."""
    frame = workbench.runs_frame(workspace=root).set_index("name")
    assert frame.loc["one", "params.model.depth"] == 4
    assert frame.loc["one", "metrics.loss"] == 0.9
    assert math.isnan(frame.loc["two", "metrics.acc"])
    assert frame.loc["one", "tags.team"] == "risk"
    assert frame.loc["one", "status"] == "finished"
    assert frame.loc["one", "started"].timestamp() == BEGIN
    assert str(frame.dtypes["ended"]).startswith("datetime64")


def test_runs_frame_filters_and_chooses(root: Path) -> None:
    """The filter is the one of the screen; chosen columns come in order, missing ones empty."""
    frame = workbench.runs_frame(
        "lr < 0.15", workspace=root, columns=["params.lr", "name", "tags.x"]
    )
    assert list(frame.columns) == ["params.lr", "name", "tags.x"]
    assert frame["name"].tolist() == ["one"]
    assert len(workbench.runs_frame("lr > 9", workspace=root)) == 0
    with pytest.raises(FilterError):
        workbench.runs_frame("lr >", workspace=root)


def test_get_run_gives_curves(root: Path) -> None:
    """A step logged twice counts once, with what came last; both kinds of frame agree."""
    run = workbench.get_run("one", workspace=root)
    assert run.id == run_id(1)
    assert run.params == {"lr": 0.1, "model.depth": 4}
    assert run.metrics == {"loss": 0.9, "acc": 0.5}
    assert run.summaries["loss"].count == 2
    assert run.folder == root / "runs/churn" / run_id(1)
    pandas = run.history()
    polars = run.history(frame="polars")
    assert pandas["step"].tolist() == polars["step"].to_list() == [0, 1]
    assert polars["loss"].to_list() == [0.9, None]
    assert pandas["acc"].tolist()[1] == 0.5
    assert pandas["time"].iloc[0].timestamp() == polars["time"][0].timestamp() == BEGIN + 1
    assert list(run.history(["acc"]).columns) == ["step", "time", "acc"]


def test_get_run_says_what_is_wrong(root: Path) -> None:
    """No such run, metric or kind of frame."""
    with pytest.raises(NotFoundError):
        workbench.get_run("nobody", workspace=root)
    run = workbench.get_run("two", workspace=root)
    with pytest.raises(NotFoundError):
        run.history(["nope"])
    with pytest.raises(UsageError):
        run.history(frame="numpy")


def test_points_without_steps_are_numbered() -> None:
    """Their order stands for the step."""
    from workbench.formats.contract import Points

    nan = math.nan
    columns = by_step({"a": Points([nan, nan], [1.0, 2.0], [5.0, 6.0])}, ["a"])
    assert columns == {"step": [0, 1], "time": [1.0, 2.0], "a": [5.0, 6.0]}


def test_a_run_that_goes_on_is_read_as_far_as_it_is(root: Path) -> None:
    """Asking again brings what was logged since."""
    from tests.building import Built, append_metrics

    folder = root / "runs/churn" / run_id(2)
    append_metrics(Built("", run_id(2), folder), points(2, "loss", first=3))
    assert workbench.get_run("two", workspace=root).history()["step"].tolist() == [0, 1, 2, 3, 4]
