"""What a prediction file must be, and that it is read back as it was written."""

import json
import os
from pathlib import Path

import polars as pl
import pytest

from tests.datasets.answering import about, frame
from workbench.datasets import predictions
from workbench.datasets.prediction_rules import objections, unequal_kinds
from workbench.errors import FormatError, NotAllowedError, UsageError

GOOD = frame(30)


def _one(name: str, value: object) -> pl.DataFrame:
    """Return good rows of which the first has another value in a column."""
    first = pl.int_range(pl.len()) == 0
    return GOOD.with_columns(pl.when(first).then(pl.lit(value)).otherwise(pl.col(name)).alias(name))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (GOOD.drop("row_id"), "There is no column row_id."),
        (GOOD.drop("prediction"), "There is no column prediction."),
        (GOOD.head(0), "There are no rows."),
        (_one("row_id", 1), "row_id 1 stands more than once; 1 row repeats an earlier one."),
        (_one("row_id", None), "1 row has no row_id."),
        (GOOD.with_columns(pl.col("row_id") / 1), "row_id must be text or whole numbers, not"),
        (_one("prediction", None), "1 row has no prediction."),
        (GOOD.with_columns(prediction=pl.lit(float("nan"))), "prediction is NaN or infinite in 30"),
        (GOOD.with_columns(label=pl.lit(float("inf"))), "label is NaN or infinite in 30 rows."),
        (_one("probability_1", 1.5), "probability_1 is outside 0 to 1 in 1 row."),
        (_one("probability_1", float("nan")), "probability_1 is outside 0 to 1 in 1 row."),
        (_one("probability_1", None), "1 row has no probability_1."),
        (GOOD.with_columns(probability_1=pl.lit("x")), "probability_1 must be numbers, not"),
        (_one("probability_1", 0.0).head(1), "The probabilities of 1 row do not sum to 1 (off by"),
        (GOOD.with_columns(label=pl.lit("yes")), "prediction holds whole numbers and label texts;"),
        (GOOD.with_columns(time=pl.lit("noon")), "time must be times or seconds since 1970"),
        (GOOD.with_columns(score=pl.lit("high")), "score must be numbers, not String."),
    ],
)  # fmt: skip
def test_each_fault_is_one_sentence(table: pl.DataFrame, sentence: str) -> None:
    """Whoever wrote the table learns what is wrong with it and in how many rows."""
    (said,) = objections(table)
    assert said.startswith(sentence)


def test_a_table_in_order_has_no_objections() -> None:
    """Labels may come later, and printed probabilities need not sum to 1 exactly."""
    assert objections(GOOD) == ()
    assert objections(_one("label", None)) == ()
    assert objections(GOOD.with_columns(pl.col("^probability.*$").round(3))) == ()


def test_production_needs_times() -> None:
    """Without times nobody can say when a model began to fail."""
    assert objections(GOOD, timed=True) == (
        "There is no column time, which production needs: when each was predicted.",
    )
    timed = predictions.normal(GOOD.with_columns(time=pl.lit(1.8e9)))
    assert objections(timed, timed=True) == ()


def test_unequal_types_of_two_files_are_said() -> None:
    """Ids of text and of numbers have no row in common; 1 and 1.0 are one label."""
    text = GOOD.with_columns(pl.col("row_id").cast(pl.String))
    assert unequal_kinds(GOOD, text) == (
        "Column row_id holds whole numbers in the one file and texts in the other.",
    )
    assert unequal_kinds(GOOD, GOOD.with_columns(pl.col("label").cast(pl.Float64))) == ()


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Rows, and what the file says of itself."""
    table = predictions.normal(GOOD)
    path = predictions.write(tmp_path, about(segments=("region",)), table)
    assert path.parent == tmp_path / "predictions/churn"
    assert path.name.endswith(".evaluation.parquet")
    found = predictions.read(path)
    assert found.about == about(segments=("region",), rows=30)
    assert found.frame.equals(table)
    assert list(predictions.files(tmp_path, "churn")) == [path]


def test_nothing_is_left_of_a_write_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk leaves neither half a file nor a temporary one."""

    def full(_: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        predictions.write(tmp_path, about(), predictions.normal(GOOD))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("model", ["../evil", "Churn", "con", ""])
def test_a_model_name_cannot_leave_its_folder(tmp_path: Path, model: str) -> None:
    """Names are path names or refused."""
    with pytest.raises(UsageError, match="cannot be the name of a model"):
        predictions.write(tmp_path, about(model=model), GOOD)


@pytest.mark.parametrize("link", ["predictions", "predictions/churn", ".workbench/tmp"])
def test_folders_that_lead_out_are_not_written_into(tmp_path: Path, link: str) -> None:
    """Whoever made the link would get the rows, or have us fill a folder of theirs."""
    root, away = tmp_path / "team", tmp_path / "away"
    away.mkdir()
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(away, target_is_directory=True)
    with pytest.raises(NotAllowedError, match="leads out"):
        predictions.write(root, about(), predictions.normal(GOOD))
    assert list(away.rglob("*")) == []


def test_rows_that_do_not_fit_are_not_written(tmp_path: Path) -> None:
    """The sentences are those of the rules."""
    with pytest.raises(UsageError, match="There is no column row_id"):
        predictions.write(tmp_path, about(), GOOD.drop("row_id"))
    assert not (tmp_path / "predictions").exists()


def test_anything_that_writes_parquet_can_write_one(tmp_path: Path) -> None:
    """One metadata entry of JSON is all that is asked; an unknown field is no fault."""
    path = tmp_path / "theirs.parquet"
    entry = {"format": 1, "model": "churn", "version": 3, "role": "production", "time": 5, "x": 1}
    timed = GOOD.with_columns(time=pl.lit(1.8e9), prediction=pl.col("prediction").cast(pl.Int8))
    timed.write_parquet(path, metadata={"workbench": json.dumps(entry)})
    found = predictions.read(path)
    assert (found.about.version, found.about.dataset, found.about.rows) == (3, "", 30)
    assert found.frame["time"].dt.year().to_list()[0] == 2027


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("not json", "is not JSON"),
        ("[]", "names no format"),
        ('{"format": 2}', "newer than this program's 1"),
        ('{"format": 1, "model": "../x", "role": "evaluation", "time": 1}', "a wrong type"),
        ('{"format": 1, "model": "churn", "role": "rumour", "time": 1}', "a wrong type"),
        ('{"format": 1, "model": "churn", "role": "evaluation", "time": NaN}', "a wrong type"),
        ('{"format": 1, "model":"a", "role":"production", "time": 1, "version": true}', "type"),
    ],
)  # fmt: skip
def test_what_a_stranger_says_of_a_file_is_not_believed(
    tmp_path: Path, entry: str, sentence: str
) -> None:
    """Every field has its type, or the file is a fault."""
    path = tmp_path / "theirs.parquet"
    GOOD.write_parquet(path, metadata={"workbench": entry})
    with pytest.raises(FormatError, match=sentence):
        predictions.read(path)


def test_files_that_are_none_are_faults(tmp_path: Path) -> None:
    """Bare parquet, half a file, nothing at all, and rows out of order."""
    bare, half, bad = (tmp_path / f"{name}.parquet" for name in ("bare", "half", "bad"))
    GOOD.write_parquet(bare)
    half.write_bytes(bare.read_bytes()[:-50])
    entry = predictions.encode(about(), 30)
    _one("probability_1", 2.0).write_parquet(bad, metadata={"workbench": entry})
    with pytest.raises(FormatError, match="no metadata entry 'workbench'"):
        predictions.read(bare)
    with pytest.raises(FormatError, match="not written to its end yet"):
        predictions.read(half)
    with pytest.raises(FormatError, match="cannot be read as parquet"):
        predictions.read(tmp_path / "none.parquet")
    with pytest.raises(FormatError, match="outside 0 to 1"):
        predictions.read(bad)


def test_reading_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is measured before it is read, in bytes and in rows."""
    path = predictions.write(tmp_path, about(), predictions.normal(GOOD))
    monkeypatch.setattr(predictions, "MOST_ROWS", 29)
    with pytest.raises(FormatError, match="at most 29 are read"):
        predictions.read(path)
    monkeypatch.setattr(predictions, "MOST_BYTES", 10)
    with pytest.raises(FormatError, match="at most 10 are read"):
        predictions.read_about(path)


def test_links_and_temporary_files_are_not_prediction_files(tmp_path: Path) -> None:
    """A link may lead out of the workspace; a name with a leading dot is not finished."""
    path = predictions.write(tmp_path, about(), predictions.normal(GOOD))
    (path.parent / ".half.parquet").write_bytes(b"")
    if os.name != "nt":
        (path.parent / "away.parquet").symlink_to(path)
    assert list(predictions.files(tmp_path, "churn")) == [path]
    assert list(predictions.files(tmp_path, "other")) == []
