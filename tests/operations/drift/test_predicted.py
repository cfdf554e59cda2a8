"""What a model predicts in production is held against what it predicted when it was evaluated."""

from pathlib import Path

import pytest

from tests.operations.drift.watched import DAY, JANUARY, Watched
from workbench.datasets import predictions
from workbench.datasets.drift.report import PREDICTION, DriftReport
from workbench.operations.drift import prediction_log
from workbench.operations.drift.monitoring import Ran

SETTINGS = '[monitor.says]\nmodel = "churn@production"\ndata = "predictions"\nchunks = "day"\n'


def held(watched: Watched, settings: str = SETTINGS) -> int:
    """Put a version into production that was evaluated, and watch what it predicts."""
    watched.clock.at = JANUARY - DAY
    number = watched.register()
    watched.predict(number, -30, role="evaluation", rows=1000, seed=1)
    watched.promote(number)
    watched.settings(settings)
    return number


def new(ran: tuple[Ran, ...]) -> list[DriftReport]:
    """Return the reports that are new."""
    assert [one.fault for one in ran if one.fault] == []
    return [one.report for one in ran if one.report is not None and one.new]


def days(report: DriftReport) -> list[tuple[str, str]]:
    """Return the chunks of a report."""
    return [(chunk.label, chunk.verdict) for chunk in report.chunks]


def test_a_day_of_predictions_is_checked(watched: Watched) -> None:
    """Predictions and scores come first, the row's id is not compared."""
    held(watched)
    watched.predict(1, 0)
    (report,) = new(watched.run())
    assert days(report) == [("2025-01-01", "stable")]
    assert (report.current.name, report.reference.name) == (
        "predictions of churn@1",
        "evaluation of churn@1 on held-out",
    )
    names = {column.name: column.part for column in report.chunks[0].columns}
    assert names == dict.fromkeys(
        ("prediction", "probability_true", "probability_false"), PREDICTION
    )
    assert not report.chunks[0].findings


def test_only_the_days_that_new_files_reach_into_are_checked_again(watched: Watched) -> None:
    """With every row of them: what came in two files is one day."""
    held(watched)
    for day in (0, 1):
        watched.predict(1, day)
    assert [label for label, _ in days(new(watched.run())[0])] == ["2025-01-01", "2025-01-02"]
    assert new(watched.run()) == []
    watched.predict(1, 1.5, share=0.9, seed=5)
    (report,) = new(watched.run())
    assert days(report) == [("2025-01-02", "severe")]
    assert report.chunks[0].rows == 400
    assert len(report.current.parts) == 1


def test_another_version_is_held_against_its_own_evaluation(watched: Watched) -> None:
    """Late predictions of the one before are checked too, as those of the one before."""
    held(watched)
    watched.predict(1, 0)
    watched.run()
    second = watched.register()
    watched.predict(second, -20, role="evaluation", share=0.6, rows=1000, seed=2)
    watched.promote(second)
    watched.predict(1, 2)
    watched.predict(second, 3, share=0.6, seed=6)
    reports = new(watched.run())
    assert [(one.version, days(one)) for one in reports] == [
        (1, [("2025-01-03", "stable")]),
        (2, [("2025-01-04", "stable")]),
    ]


def test_a_version_that_never_held_the_stage_is_a_finding(watched: Watched) -> None:
    """Somebody serves what nobody promoted."""
    held(watched)
    stranger = watched.register()
    watched.predict(stranger, -20, role="evaluation", rows=1000, seed=2)
    watched.predict(stranger, 1)
    (report,) = new(watched.run())
    (finding,) = report.chunks[0].findings
    assert finding.kind == "version"
    assert finding.words.endswith("are of churn@2, which did not hold production ever; churn@1 did")


def test_a_version_that_held_the_stage_before_is_a_finding_when_it_predicts_later(
    watched: Watched,
) -> None:
    """A service that was not restarted."""
    held(watched)
    second = watched.register()
    watched.promote(second)
    watched.clock.advance(DAY * 10)
    watched.predict(1, 9)
    (report,) = new(watched.run())
    (finding,) = report.chunks[0].findings
    assert finding.words.endswith("are of churn@1, which did not hold production then")


def test_without_an_evaluation_it_is_said_how_to_keep_one(watched: Watched) -> None:
    """And nothing is written."""
    watched.promote(watched.register())
    watched.settings(SETTINGS)
    watched.predict(1, 0)
    (ran,) = watched.run()
    assert "no evaluation predictions of churn@1" in ran.fault
    assert "workbench.log_predictions(frame, model='churn@1'" in ran.fault
    assert watched.reports("says") == []


def test_a_file_that_is_none_hides_no_other(watched: Watched) -> None:
    """It is said."""
    held(watched)
    path = watched.predict(1, 0)
    (path.parent / "dropped.parquet").write_bytes(b"no parquet")
    (report,) = new(watched.run())
    assert days(report) == [("2025-01-01", "stable")]
    assert any("dropped.parquet does not count" in sentence for sentence in report.said)


def test_the_day_before_is_a_reference_too(watched: Watched) -> None:
    """Also where it was checked by an earlier run."""
    held(watched, SETTINGS + 'reference = "previous"\n')
    watched.predict(1, 0)
    watched.run()
    watched.predict(1, 1)
    (report,) = new(watched.run())
    assert [(chunk.label, chunk.reference) for chunk in report.chunks] == [
        ("2025-01-02", "2025-01-01")
    ]


@pytest.mark.parametrize("chunks", ["", "file", "100 rows"])
def test_chunks_of_any_kind(watched: Watched, chunks: str) -> None:
    """By file only new files are read; else everything is."""
    held(watched, SETTINGS.replace('"day"', f'"{chunks}"'))
    watched.predict(1, 0)
    (first,) = new(watched.run())
    watched.predict(1, 1, seed=7)
    (second,) = new(watched.run())
    assert first.key != second.key
    rows = {"": 400, "file": 200, "100 rows": 400}[chunks]
    assert sum(chunk.rows for chunk in second.chunks) == rows


def test_no_predictions_are_nothing_to_check(watched: Watched) -> None:
    """Nothing is wrong with that."""
    held(watched)
    assert watched.run() == (Ran("says", None, False, "", False),)


def test_other_thresholds_look_at_the_newest_again(watched: Watched) -> None:
    """As of datasets."""
    held(watched)
    watched.predict(1, 0)
    watched.run()
    watched.predict(1, 1)
    watched.run()
    watched.settings(SETTINGS + "[monitor.says.thresholds]\npsi = 0.2\n")
    (report,) = new(watched.run())
    assert [label for label, _ in days(report)] == ["2025-01-02"]


def test_a_file_of_a_version_that_there_is_not_is_said(watched: Watched) -> None:
    """In every report; where no other file counts it is what is wrong."""
    held(watched)
    path = watched.predict(1, 0)
    second = watched.register()
    strange = watched.predict(second, 1)
    journal = watched.root / "registry/churn/events"
    newest = max(journal.iterdir())
    newest.unlink()
    (report,) = new(watched.run())
    assert any("is of churn@2, which there is not" in sentence for sentence in report.said)
    assert strange.exists()
    path.unlink()
    watched.settings(SETTINGS + 'exclude = ["prediction"]\n')
    (ran,) = watched.run()
    assert "is of churn@2, which there is not" in ran.fault


def test_a_file_that_does_not_count_does_not_keep_others_from_being_looked_at_again(
    watched: Watched,
) -> None:
    """It is no news each time."""
    held(watched)
    path = watched.predict(1, 0)
    (path.parent / "dropped.parquet").write_bytes(b"no parquet")
    watched.run()
    assert new(watched.run()) == []
    watched.settings(SETTINGS + "[monitor.says.thresholds]\npsi = 0.2\n")
    assert len(new(watched.run())) == 1


def test_what_a_file_says_of_itself_is_read_once_on_a_machine(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by the next program; what is remembered and damaged costs a look."""
    held(watched)
    watched.predict(1, 0)
    watched.predict(1, 1)
    looked = list[str]()
    read = predictions.read_about

    def noted(path: Path) -> predictions.About:
        looked.append(path.name)
        return read(path)

    monkeypatch.setattr(predictions, "read_about", noted)

    def files_looked_into() -> int:
        prediction_log._about.cache_clear()
        looked.clear()
        watched.run()
        return sum(".production" in name for name in looked)

    assert files_looked_into() == 2
    assert files_looked_into() == 0
    watched.predict(1, 2)
    assert files_looked_into() == 1
    (watched.ana.cache / "predictions/churn.json").write_bytes(b"{")
    assert files_looked_into() == 3
    assert files_looked_into() == 0
