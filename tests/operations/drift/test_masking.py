"""A column that was said to be sensitive after a check hides its values from then on."""

import gzip

import msgspec
import polars as pl
import pytest

from tests.operations.drift.watched import MONITOR, Watched, frame
from workbench.datasets.fields import MASK
from workbench.operations.drift.masking import without_values
from workbench.operations.drift.series import report_of, series


def test_what_became_sensitive_is_hidden_where_a_report_is_read(watched: Watched) -> None:
    """The file stays as it is, and what is read of it names no value any more."""
    watched.hold()
    moved = frame(0.0, seed=2).with_columns(
        dest=frame(0.0, seed=2)["dest"].str.replace("BOS", "XYZ")
    )
    watched.add("month", moved)
    watched.settings(MONITOR)
    report = watched.one()
    watched.ana.sweep()
    (path,) = (watched.root / "reports/drift/flights").iterdir()
    assert b"XYZ" in gzip.decompress(path.read_bytes())
    assert b"XYZ" in msgspec.json.encode(report_of(watched.ana, "flights", report.key))
    watched.settings(MONITOR + '[datasets.month]\nsensitive = ["dest", "delay"]\n')
    shown = report_of(watched.ana, "flights", report.key)
    assert b"XYZ" not in msgspec.json.encode(shown)
    columns = {one.name: one for one in shown.chunks[0].columns}
    dest, delay = columns["dest"].shape, columns["delay"].shape
    assert dest is not None
    assert set(dest.categories) == {MASK}
    assert delay is not None
    assert 0.0 not in delay.at
    assert 1.0 not in delay.at
    words = [cell.words for row in series(watched.ana, "flights").cells for cell in row if cell]
    assert not any("XYZ" in one for one in words)
    assert shown.verdict == report.verdict


def test_a_file_that_is_a_dataset_hides_what_became_sensitive(watched: Watched) -> None:
    """By its bytes and by its path: a report on files names no dataset."""
    watched.add("train", frame(0.0, seed=1))
    watched.add("month", frame(0.0, seed=2).with_columns(dest=pl.lit("XYZ")))
    watched.settings('[monitor.filem]\ndata = "data/month.parquet"\nreference = "train@1"\n')
    report = watched.one()
    watched.ana.sweep()
    assert b"XYZ" in msgspec.json.encode(report_of(watched.ana, "filem", report.key))
    for said in ("[datasets.month]\n", '[datasets.other]\npath = "data"\n'):
        told = f'{said}sensitive = ["dest"]\n[monitor.filem]\ndata = "data/month.parquet"\n'
        watched.settings(told + 'reference = "train@1"\n')
        shown = report_of(watched.ana, "filem", report.key)
        assert b"XYZ" not in msgspec.json.encode(shown)
        found = series(watched.ana, "filem")
        assert not any("XYZ" in one.words for row in found.cells for one in row if one)


def test_predictions_hide_what_became_sensitive_where_they_were_made(watched: Watched) -> None:
    """By the dataset that whoever logged them named: what was predicted of it is as sensitive."""
    watched.hold()
    watched.add("held-out", frame(0.0, seed=2))
    watched.predict(1, 0, role="evaluation")
    watched.predict(1, 1, share=0.9, dataset=("held-out", "sha256:" + "a" * 64))
    watched.settings('[monitor.flights]\nmodel = "churn@production"\ndata = "predictions"\n')
    report = watched.one()
    watched.ana.sweep()
    assert b'"true"' in msgspec.json.encode(report_of(watched.ana, "flights", report.key))
    said = '[datasets.held-out]\nlabel = "dest"\nsensitive = ["dest"]\n'
    watched.settings(f'{said}[monitor.flights]\nmodel = "churn@production"\ndata = "predictions"\n')
    shown = msgspec.json.encode(report_of(watched.ana, "flights", report.key))
    assert b'"true"' not in shown


def test_what_is_not_sensitive_is_shown_as_it_was_kept(watched: Watched) -> None:
    """Nothing is lost."""
    watched.hold()
    watched.months(1.0)
    watched.settings(MONITOR)
    report = watched.one()
    watched.ana.sweep()
    assert report_of(watched.ana, "flights", report.key) == report


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("'b' 32.2% → 33.3%", f"{MASK} 32.2% → 33.3%"),
        ("'it's' and 'b' gone", f"{MASK} gone"),
        ("median 3 → 4", "median 3 → 4"),
        ("only b now, it varied before", f"only {MASK} now, it varied before"),
        ("always 7 in the reference, b now", f"always {MASK} now"),
    ],
)
def test_values_are_taken_out_of_words(words: str, kept: str) -> None:
    """In quotation marks or not, and whatever is in them."""
    assert without_values(words) == kept
