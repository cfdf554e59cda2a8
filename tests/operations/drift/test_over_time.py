"""Effects over time as they are drawn on screens, in print and in HTML."""

from tests.drift_building import chunk, report
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE
from workbench.operations.drift.over_time import points_of, promotions_of
from workbench.operations.drift.series import of_report


def test_points_are_of_one_column_in_one_segment() -> None:
    """A point a chunk that has the column, in the order of chunks."""
    found = of_report(
        report(
            chunks=[
                chunk("2013-01", {"dest": STABLE, "temp": DRIFT}),
                chunk("2013-02", {"temp": STABLE}),
                chunk("2013-03", {"dest": SEVERE}),
                chunk("2013-03", {"dest": DRIFT}, segment="origin=JFK"),
            ]
        )
    )
    assert [(one.label, one.verdict) for one in points_of(found, "dest")] == [
        ("2013-01", STABLE), ("2013-03", SEVERE),
    ]  # fmt: skip
    assert [one.verdict for one in points_of(found, "dest", "origin=JFK")] == [DRIFT]
    assert points_of(found, "gone") == ()


def test_promotions_are_told_by_version_and_stage() -> None:
    """The same words in every picture."""
    found = of_report(report())._replace(promotions=((1.0, 2, "production"),))
    assert [(one.time, one.words) for one in promotions_of(found)] == [(1.0, "v2 production")]
