"""The plots of a report as printed text."""

from pathlib import Path

from tests.building import BEGIN
from tests.drift_building import chunk, column, drift_workspace, report
from workbench.clock import FixedClock
from workbench.datasets.drift.report import DRIFT
from workbench.operations.drift.plots import history, plots
from workbench.operations.drift.series import series
from workbench.operations.session import open_session


def drawn(**fields: object) -> list[str]:
    """Return the plots of a column that drifted."""
    moved = column("temp", DRIFT, current_missing=0.4, **fields)
    made = report(chunks=[chunk(columns=(moved,), verdict=DRIFT)])
    return ["\n".join(lines) for lines in plots(made, width=80, color=False)]


def test_missing_values_are_drawn_where_they_made_the_verdict() -> None:
    """Elsewhere they are a note below what moved."""
    usual = drawn()
    assert not any("has a value" in plot for plot in usual)
    found = drawn(measure="missing")
    assert len(found) == len(usual) + 1
    assert "has a value" in found[0]


def test_the_history_of_a_column_is_called_after_it(tmp_path: Path) -> None:
    """A plot that is cut out of a log says what it is of."""
    root = drift_workspace(tmp_path / "w", months=3)
    with open_session(root, clock=FixedClock(BEGIN), in_memory=True) as session:
        session.sweep()
        (lines,) = history(series(session, "flights"), "temp", width=80, color=False)
    assert "temp, effect over time" in lines[0]
