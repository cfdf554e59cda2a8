"""Evaluation logs of boosting: a value a round, written once, of one training or several."""

import json
import math
from pathlib import Path

import pytest

from tests.formats.checking import LATER
from tests.formats.following import looked_at
from workbench.formats.detect import reader_named
from workbench.formats.trainers.boosting import BoostingReader

READER = BoostingReader()


def test_the_step_is_the_round(tmp_path: Path) -> None:
    """Values come in order from 0; NaN and the infinities are values."""
    found = {"val": {"l2": [1, math.nan, -math.inf], "auc": [0.5]}}
    (tmp_path / "evals_result.json").write_text(json.dumps(found), "utf-8")
    card, curves = looked_at(READER, tmp_path)
    assert curves.points["val/l2"].steps == [0, 1, 2]
    assert repr(curves.points["val/l2"].values) == "[1.0, nan, -inf]"
    assert (card.status, card.inferred) == ("UNKNOWN", True)


def test_several_logs_are_told_apart_by_their_names(tmp_path: Path) -> None:
    """The folds of a cross-validation are one run; a log that comes renames no other."""
    for name in ("evals_result.json", "evals_result_fold1.json", "eval_results-2.json"):
        (tmp_path / name).write_text('{"val": {"auc": [0.5, 0.6]}}', "utf-8")
    card, _ = looked_at(READER, tmp_path)
    assert set(card.metrics) == {"val/auc", "fold1/val/auc", "2/val/auc"}


def test_a_table_of_a_cross_validation_is_read(tmp_path: Path) -> None:
    """`cv` gives its means without a dataset above them."""
    (tmp_path / "evals_result.json").write_text('{"test-auc-mean": [0.5, 0.6]}', "utf-8")
    card, _ = looked_at(READER, tmp_path)
    assert card.metrics["test-auc-mean"].last == 0.6


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ('{"val": {"auc": [0.5, "x", 0.7]}}', {"val/auc": 1}),
        ('{"val": {"auc": [0.5, null]}}', {"val/auc": 1}),
        ('{"val": {"auc": []}, "note": "x"}', {}),
        ("[1, 2]", {}),
        ('{"val": {"auc": [1', {}),
        ("{" * 100_000, {}),
    ],
)
def test_what_is_no_log_is_a_fault(tmp_path: Path, text: str, counts: dict[str, int]) -> None:
    """Values up to the first that is none are shown, and the rest is told."""
    (tmp_path / "evals_result.json").write_text(text, "utf-8")
    card, _ = looked_at(READER, tmp_path)
    assert {name: s.count for name, s in card.metrics.items()} == counts
    assert len(card.faults) == (0 if '"note"' in text else 1)


def test_a_file_of_that_name_need_not_be_a_log(tmp_path: Path) -> None:
    """Only what begins as a log makes a folder a run."""
    (tmp_path / "evals_result.json").write_text('{"accuracy": 0.5}', "utf-8")
    assert reader_named("folders").survey(tmp_path, None).refs == {}


def test_a_log_written_anew_starts_over(tmp_path: Path) -> None:
    """A longer one goes on, another one begins again."""
    path = tmp_path / "evals_result.json"
    path.write_text('{"val": {"auc": [1, 2]}}', "utf-8")
    first = READER.points(tmp_path, ".", None, None)
    path.write_text('{"val": {"auc": [1, 2, 3]}}', "utf-8")
    more = READER.points(tmp_path, ".", None, first.progress)
    assert (more.restarted, more.points["val/auc"].values) == (False, [3])
    path.write_text('{"val": {"auc": [9]}}', "utf-8")
    other = READER.points(tmp_path, ".", None, more.progress)
    assert (other.restarted, other.points["val/auc"].values) == (True, [9])
    assert READER.read(tmp_path, ".", b"", LATER).card.metrics["val/auc"].count == 1
