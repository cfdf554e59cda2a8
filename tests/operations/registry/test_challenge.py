"""The check ``prediction``: which files count, and what to run where there are none."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.datasets.answering import about, frame
from tests.operations.registry.people import MODEL, People
from workbench.datasets import predictions
from workbench.errors import FormatError, UsageError
from workbench.operations.registry.challenge import challenge
from workbench.registry.checks import Check, Result

GOOD, POOR = frame(500, noise=0.3), frame(500, noise=3.0, seed=2)


def _check(**options: Any) -> Check:
    said = {"dataset": "census", "metric": "roc_auc", "margin": 0.01, "segments": ()} | options
    return Check("not worse", "prediction", "roc_auc on census", said)


def _keep(people: People, table: pl.DataFrame, version: int | None, **fields: Any) -> Path:
    people.clock.advance(1)
    said = about(version=version, time=people.clock.now(), **fields)
    return predictions.write(people.root, said, predictions.normal(table))


def _asked(people: People, challenger: int = 2, champion: int | None = 1, **options: Any) -> Result:
    versions = people.state().versions
    against = versions[champion] if champion else None
    return challenge(people.ana, MODEL, versions[challenger], against, _check(**options))


@pytest.fixture(name="two")
def _two(people: People) -> People:
    """Two versions are registered."""
    people.register()
    people.register()
    return people


def test_a_better_version_holds_and_a_worse_one_fails(two: People) -> None:
    """Both values and the interval stand in the result."""
    _keep(two, POOR, 1, segments=("region",))
    _keep(two, GOOD, 2)
    better, worse = _asked(two), _asked(two, challenger=1, champion=2)
    assert (better.outcome, worse.outcome) == ("holds", "fails")
    assert better.observed.startswith("better: roc_auc 0.")
    assert better.required == "not worse by more than 0.01"
    assert better.sentence.startswith("Worst of 3 segments: region = ")
    assert worse.sentence.startswith("Worse by more than 0.01: roc_auc ")


def test_what_cannot_be_told_is_undecided(two: People) -> None:
    """It is not passed, and says about how many rows it would take."""
    _keep(two, frame(100), 1)
    _keep(two, frame(100, seed=2), 2)
    found = _asked(two)
    assert found.outcome == "undecided"
    assert "rows would be needed" in found.sentence
    assert not found.passed


def test_rows_the_challenger_left_out_are_not_passed(two: People) -> None:
    """However good it is on the others."""
    _keep(two, frame(5000, noise=1.0), 1)
    other = frame(5000, noise=1.0, seed=2)
    _keep(two, other.filter(pl.col("prediction") == pl.col("label")).head(300), 2)
    found = _asked(two, metric="accuracy")
    assert (found.outcome, found.passed) == ("undecided", False)
    assert "Left out: 4,700 rows only of the champion." in found.sentence


def test_without_a_champion_it_does_not_apply(two: People) -> None:
    """Somebody has to be first; and nobody is measured against itself."""
    assert _asked(two, champion=None).outcome == "not applicable"
    assert _asked(two, challenger=1, champion=1).outcome == "not applicable"


def test_missing_files_say_whose_and_what_to_run(two: People) -> None:
    """The command is ready to be copied."""
    found = _asked(two)
    assert found.outcome == "undecided"
    assert found.sentence.startswith(
        "There are no predictions of churn@1 and churn@2 for dataset census."
    )
    _keep(two, POOR, 1)
    assert "predictions of churn@2 for" in _asked(two).sentence
    assert "log_predictions(frame, model='churn@2', dataset=('census', data))" in (
        _asked(two).sentence
    )


def test_predictions_of_two_states_of_a_dataset_are_not_compared(two: People) -> None:
    """The hash decides, not the name."""
    _keep(two, POOR, 1, dataset_hash="sha256:aaaa")
    _keep(two, GOOD, 2, dataset_hash="sha256:bbbb")
    found = _asked(two)
    assert found.outcome == "undecided"
    assert "churn@1 on aaaa and churn@2 on bbbb" in found.sentence
    _keep(two, POOR, 1, dataset_hash="sha256:bbbb")
    assert _asked(two).outcome == "holds"


def test_the_newest_file_counts(two: People) -> None:
    """Whoever evaluates again means it; production files and other models do not count."""
    _keep(two, POOR, 1)
    _keep(two, POOR, 2)
    _keep(two, GOOD, 2)
    _keep(two, GOOD.with_columns(time=pl.lit(1.8e9)), 1, role="production")
    strange = _keep(two, GOOD, 1, model="other")
    strange.rename(two.root / "predictions/churn/strange.parquet")
    assert _asked(two).outcome == "holds"


def test_predictions_of_the_run_belong_to_the_version_registered_from_it(two: People) -> None:
    """A script logs them before the version has a number."""
    number = two.register(run={"id": "r9", "name": "gbm"})
    _keep(two, GOOD, None, run="r9")
    _keep(two, POOR, None, run="another")
    _keep(two, POOR, 1)
    assert _asked(two, challenger=number).outcome == "holds"
    assert _asked(two, challenger=2).outcome == "undecided"


def test_a_damaged_file_is_told_and_does_not_hide_an_older_one(two: People) -> None:
    """A file that is being written is not there yet."""
    _keep(two, POOR, 1)
    (two.root / "predictions/churn/half.parquet").write_bytes(b"PAR1")
    assert "half.parquet does not count. It cannot be read" in _asked(two).sentence
    _keep(two, GOOD, 2)
    held, failed = _asked(two), _asked(two, challenger=1, champion=2)
    assert (held.outcome, failed.outcome) == ("holds", "fails")
    assert all("half.parquet does not count." in found.sentence for found in (held, failed))


def test_rows_out_of_order_and_an_unknown_metric_are_said(two: People) -> None:
    """The gate makes them undecided."""
    path = _keep(two, POOR, 1)
    _keep(two, GOOD, 2)
    with pytest.raises(UsageError, match="There is no metric 'auc'"):
        _asked(two, metric="auc")
    about_it = predictions.encode(predictions.read_about(path), 500)
    POOR.with_columns(row_id=pl.lit(1)).write_parquet(path, metadata={"workbench": about_it})
    with pytest.raises(FormatError, match="stands more than once"):
        _asked(two)


def _in_words(wrong: int) -> pl.DataFrame:
    """Return labels in words; each ``wrong``-th prediction is of the other class."""
    names, label = ("legit", "fraud"), GOOD["label"].to_list()
    said = [names[one ^ (place % wrong == 0)] for place, one in enumerate(label)]
    return pl.DataFrame(
        {"row_id": GOOD["row_id"], "prediction": said, "label": [names[one] for one in label]}
    )


def test_the_class_that_counts_is_the_one_the_settings_name(two: People) -> None:
    """F1 of the one is not F1 of the other, and unless it is said the last in order counts."""
    _keep(two, _in_words(4), 1)
    _keep(two, _in_words(20), 2)
    found = _asked(two, metric="f1", positive="fraud")
    assert "positive class 'fraud'" in found.observed
    assert "none is named" not in found.observed
    other = _asked(two, metric="f1")
    assert "positive class 'legit' (the last; none is named)" in other.observed
    assert found.observed.split(" on ")[0] != other.observed.split(" on ")[0]
    with pytest.raises(UsageError, match="There is no class 'yes'"):
        _asked(two, metric="f1", positive="yes")


def test_the_gate_asks_it(two: People) -> None:
    """As workbench.toml says it, with every option."""
    two.promote(1)
    _keep(two, POOR, 1)
    _keep(two, GOOD, 2)
    two.settings(
        '[[stages.production.checks]]\nname = "better"\nkind = "prediction"\n'
        'dataset = "census"\nmetric = "accuracy"\nmargin = 0.002\nsegments = ["region"]\n'
    )
    two.clock.advance(1)
    (result,) = two.look(2).checks
    assert (result.outcome, result.passed) == ("holds", True)
    assert "Worst of 3 segments" in result.sentence
