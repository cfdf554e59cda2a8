"""The same moments in files that know moments and in files that hold texts: no change of kind."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.datasets.drift.judged import beside, column, findings, named
from workbench.datasets.drift.report import ALARMS, BREAKING, NOTE, SEVERE, STABLE, ColumnDrift
from workbench.operations.drift.checking import check
from workbench.operations.drift.planning import Asked

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = [BEGIN + timedelta(hours=7 * (k // 2)) for k in range(400)]
"""Each there twice, so that they name no rows."""
PLAIN = [one.replace(tzinfo=None) for one in MOMENTS]
DAYS = [one.date() for one in MOMENTS]
FORMS = {
    "day": "%Y-%m-%d",
    "T": "%Y-%m-%dT%H:%M:%S",
    "blank": "%Y-%m-%d %H:%M:%S",
    "minutes": "%Y-%m-%d %H:%M",
    "fractions": "%Y-%m-%dT%H:%M:%S.%f",
    "zulu": "%Y-%m-%dT%H:%M:%SZ",
    "offset": "%Y-%m-%d %H:%M:%S+01:00",
    "offset without a colon": "%Y-%m-%dT%H:%M:%S+0100",
}
KEPT: dict[str, list[Any]] = {"dates": DAYS, "datetimes": PLAIN, "datetimes with a zone": MOMENTS}


def written(form: str) -> list[str]:
    """Return the moments as texts."""
    return [one.strftime(FORMS[form]) for one in MOMENTS]


def of_files(reference: Path, current: Path) -> ColumnDrift:
    """Return the judgement on the column ``when`` of two files."""
    report = check(None, Asked(current=str(current), reference=str(reference)))
    return next(one for one in report.chunks[0].columns if one.name == "when")


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("form", FORMS)
def test_moments_of_a_csv_file_and_of_parquet_are_alike(
    tmp_path: Path, kept: str, form: str
) -> None:
    """Whatever way of ISO 8601 the text file writes, and with either one as the reference."""
    csv, parquet = tmp_path / "a.csv", tmp_path / "b.parquet"
    values = [float(k % 37) for k in range(len(MOMENTS))]
    pl.DataFrame({"x": values, "when": written(form)}).write_csv(csv)
    pl.DataFrame({"x": values, "when": KEPT[kept]}).write_parquet(parquet)
    for found in (of_files(parquet, csv), of_files(csv, parquet)):
        assert found.verdict == STABLE
        assert all(one.severity == NOTE for one in found.findings)


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("form", FORMS)
def test_texts_that_read_as_moments_are_moments_beside_some(kept: str, form: str) -> None:
    """Parquet and JSON lines hold such texts as texts: a note says so, and nothing breaks."""
    for one, two in ((KEPT[kept], written(form)), (written(form), KEPT[kept])):
        found = column(one, two)
        assert (found.verdict, found.role) == (STABLE, "datetime")
        assert findings(found)["retyped"].severity == NOTE
        assert "text that reads as moments" in findings(found)["retyped"].words


def test_later_moments_as_texts_are_no_drift() -> None:
    """Every text is new a month later: as with moments, only missing ones are judged."""
    later = [(one + timedelta(days=400)).strftime(FORMS["T"]) for one in MOMENTS]
    found = column(written("T"), later)
    assert (found.verdict, found.findings) == (STABLE, ())
    assert found.words == "later moments are no drift: only missing ones are judged"
    assert column(written("T"), later, roles={"x": "category"}).verdict in ALARMS
    missing = column(written("T"), [None, *later[1:]] * 2 + [None] * 400)
    assert (missing.verdict, missing.test) == (SEVERE, "null rate")


def test_a_few_rows_a_part_are_no_reason_to_call_texts_of_moments_another_kind() -> None:
    """Ten parts of two rows: too few to judge anything."""
    found = beside(pl.DataFrame({"x": PLAIN[:20]}), pl.DataFrame({"x": written("blank")[:2]}))
    assert found.verdict == "too few"


def test_texts_some_of_which_are_no_moments_are_of_another_kind() -> None:
    """One word among them is said with how many there are: a program that reads them fails."""
    found = column(PLAIN, [*written("T")[:-1], "soon"])
    assert (found.verdict, findings(found)["retyped"].severity) == (SEVERE, BREAKING)
    assert found.words == (
        "moments in the reference, texts now, 1 of 400 of which do not read as moments"
    )
    beyond = column([date(2024, 1, 31)] * 400, ["2024-13-31", "2024-01-32"] * 200)
    assert beyond.words == "moments in the reference, texts now"


def test_many_different_texts_are_read_too() -> None:
    """More than are kept, and more than are looked at one by one."""
    frame = pl.DataFrame(
        {"x": pl.datetime_range(BEGIN, BEGIN + timedelta(days=2), "1s", eager=True)}
    )
    text = frame.with_columns(pl.col("x").dt.strftime(FORMS["zulu"]))
    found = named(beside(frame, text), "x")
    assert (found.verdict, found.role) == (STABLE, "datetime")
