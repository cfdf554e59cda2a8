"""A column that was said to be sensitive after a check hides its values from then on."""

import gzip

import msgspec
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
    ],
)
def test_values_stand_in_quotation_marks(words: str, kept: str) -> None:
    """Whatever is in them."""
    assert without_values(words) == kept
