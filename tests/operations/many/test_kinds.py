"""Distributions, heat maps, parallel axes and rankings, over a real catalogue."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.building import BEGIN, run_id, write_run, write_workspace
from workbench.charts.figure import Boxes
from workbench.clock import FixedClock
from workbench.errors import UsageError
from workbench.operations.many import KINDS, Asked, Picture, picture
from workbench.operations.runs_table import Column
from workbench.operations.session import Session, open_session

LR, DEPTH, OPT = Column("param", "lr"), Column("param", "depth"), Column("param", "opt")
LOSS = Column("metric", "loss")
COUNT = 40


def _loss(number: int) -> float:
    """Return a loss that hangs on the depth alone, but for a little."""
    return 1.0 / (1 + number % 5) + (number * 7 % 11) / 1000


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Forty runs over five depths, three rates and two optimizers; every tenth has no rate."""
    root = write_workspace(tmp_path_factory.mktemp("kinds") / "w")
    (root / "workbench.toml").write_text('[metrics]\nloss = "min"\n')
    for number in range(COUNT):
        params: dict[str, Any] = {"depth": 2 + number % 5, "opt": ("adam", "sgd")[number % 2]}
        if number % 10:
            params["lr"] = (0.001, 0.01, 0.5)[number % 3]
        write_run(
            root, number=number, name=f"run-{number}", started=BEGIN + number,
            params=params | {"seed": number, "model": {"same": 1}},
            metrics=[(0, BEGIN, {"loss": _loss(number)})],
        )  # fmt: skip
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


def drawn(session: Session, kind: str, **said: Any) -> Picture:
    """Return a picture of a kind."""
    return picture(session, Asked(kind, **said))


def test_a_histogram_counts_every_run_once(session: Session) -> None:
    """The bins of the table are the columns of the chart."""
    found = drawn(session, "hist")
    assert found.headings == ("from", "to", "runs")
    (boxes,) = (layer for layer in found.figure.layers if isinstance(layer, Boxes))
    assert [row[2] for row in found.rows] == list(boxes.y1)
    assert sum(row[2] for row in found.rows) == COUNT


def test_a_histogram_of_names_counts_each(session: Session) -> None:
    """Categories have bars of their own, and runs without one are said."""
    assert drawn(session, "hist", x=OPT).rows == (("adam", 20), ("sgd", 20))
    wide = drawn(session, "hist", x=LR, log_x=True)
    assert wide.said == ("4 of 40 runs have no lr.",)
    assert (wide.rows[0][0], wide.rows[-1][1]) == pytest.approx((0.001, 0.5))


def test_a_heat_map_holds_means_and_counts(session: Session) -> None:
    """Each cell is the mean of the runs in it; the table has the cells that have any."""
    found = drawn(session, "heat", x=DEPTH, y=OPT)
    assert found.headings == ("params.depth", "params.opt", "mean metrics.loss", "runs")
    cells = {(depth, opt): (mean, runs) for depth, opt, mean, runs in found.rows}
    assert len(cells) == 10
    own = [_loss(number) for number in range(COUNT) if number % 5 == 1 and number % 2 == 0]
    assert cells[3.0, "adam"] == (pytest.approx(np.mean(own)), len(own))
    assert sum(runs for _, runs in cells.values()) == COUNT


def test_a_heat_map_of_names_has_no_mean(session: Session) -> None:
    """What is averaged has to be numbers."""
    with pytest.raises(UsageError, match="opt has names, which have no mean"):
        drawn(session, "heat", x=DEPTH, y=LR, z=OPT)


def test_parallel_axes_are_params_by_strength_and_then_the_metric(session: Session) -> None:
    """Constant params and seeds are left out, texts stand after numbers."""
    found = drawn(session, "parallel")
    assert found.asked.axes == (DEPTH, LR, OPT, LOSS)
    assert [tick.label for tick in found.figure.x.ticks] == ["depth", "lr (log)", "opt", "loss"]
    assert found.headings[2:] == ("params.depth", "params.lr", "params.opt", "metrics.loss")
    assert len(found.rows) == COUNT
    assert found.said == ("4 of 40 runs have no lr.",)


def test_more_marks_than_can_be_told_apart_are_said(session: Session) -> None:
    """Eight lines are bright, and how many are not is no secret."""
    found = drawn(session, "parallel", marks=tuple(run_id(number) for number in range(11)))
    assert len(found.figure.entries) == 8
    assert "3 marked runs beyond 8 not bright." in found.said


def test_ranges_on_axes_and_elsewhere_leave_lines_out(session: Session) -> None:
    """The table holds the runs inside all of them, and so does the filter."""
    brush = ((LR, 0.001, 0.01), (OPT, "adam", "adam"), (Column("param", "seed"), 0, 19))
    found = drawn(session, "parallel", axes=(LR, OPT, LOSS), brush=brush, cursor=1)
    wanted = [n for n in range(20) if n % 10 and n % 3 != 2 and n % 2 == 0]
    assert [row[0] for row in found.rows] == [run_id(number) for number in wanted]
    assert found.inside == len(wanted)
    again = drawn(session, "parallel", axes=(LR, OPT, LOSS), filter=found.filter)
    assert again.rows == found.rows


def test_importance_names_what_the_metric_hangs_on(session: Session) -> None:
    """The table has importance, spread, correlation and n; the chart says what it is."""
    found = drawn(session, "importance")
    assert found.headings[:4] == ("param", "importance", "spread", "rho")
    assert found.rows[0][0] == "depth"
    assert found.rows[0][3] < -0.9
    assert found.figure.aside.startswith("random forest permutation importance, out-of-bag R² 0.")
    assert found.figure.aside.endswith("n=40")
    assert {row[0] for row in found.rows} == {"depth", "lr", "opt", "seed"}


def test_a_forest_is_grown_on_so_many_params_and_that_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Params beyond those that most runs have are left out unless somebody names them."""
    for module in ("choosing", "ranking"):
        monkeypatch.setattr(f"workbench.operations.many.{module}.MOST_RANKED", 2)
    found = drawn(session, "importance")
    assert {row[0] for row in found.rows} == {"depth", "opt"}
    assert "The 2 params that most runs have, and no more, are ranked." in found.said
    named = drawn(session, "importance", axes=(LR, DEPTH, OPT))
    assert {row[0] for row in named.rows} == {"depth", "lr", "opt"}


def test_params_whose_names_look_alike_stay_two(tmp_path: Path) -> None:
    """A sign that stands in for what cannot be shown hides no param that has that sign itself."""
    root = write_workspace(tmp_path / "w")
    for number in range(24):
        params = {"depth\x01": number, "depth␁": -number % 7}
        write_run(root, number=number, params=params, metrics=[(0, BEGIN, {"loss": number / 7})])
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        rows = drawn(made, "importance").rows
    assert len(rows) == 2
    assert rows[0][0] == rows[1][0]
    assert rows[0][3] != rows[1][3]


def test_few_runs_are_said_to_be_too_few(session: Session) -> None:
    """Below the stated number there is no forest, only rank correlation."""
    found = drawn(session, "importance", brush=((Column("param", "seed"), 0, 11),))
    assert found.figure.aside == "rank correlation, n=12"
    assert any(words.startswith("Too few runs: 12, at least 20") for words in found.said)
    assert all(row[1] is None for row in found.rows)


def test_groups_where_they_have_no_place_are_said(session: Session) -> None:
    """Nothing that is asked is left out in silence."""
    found = drawn(session, "hist", group=(OPT,))
    assert "Groups have no place in a chart of kind hist." in found.said


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "pareto"])
def test_every_kind_is_drawn_of_a_single_run(session: Session, kind: str) -> None:
    """One run is little to see and no error, if the kind can be of one at all."""
    try:
        found = drawn(session, kind, filter="name = 'run-1'", x=DEPTH, y=LOSS, z=LOSS,
                      axes=(DEPTH, LOSS))  # fmt: skip
    except UsageError as error:
        pytest.fail(f"{kind}: {error}")
    assert found.total == 1
    assert not [cell for row in found.rows for cell in row
                if isinstance(cell, float) and math.isnan(cell)]  # fmt: skip


def test_a_front_needs_two_goals(session: Session) -> None:
    """One metric with a goal is no bargain."""
    with pytest.raises(UsageError, match="two metrics whose goal is known"):
        drawn(session, "pareto")
