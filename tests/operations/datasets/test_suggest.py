"""Proposing rules for a dataset: they hold on its data, and say what they rest on."""

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.errors import NotFoundError, StoppedError
from workbench.operations.datasets.add import add
from workbench.operations.datasets.check import check
from workbench.operations.datasets.fields import set_fields
from workbench.operations.datasets.suggest import suggest_for_file, suggest_rules
from workbench.operations.session import Session


def test_what_is_proposed_can_be_pasted_into_the_settings_and_holds(
    session: Session, census: Path, root: Path
) -> None:
    """The check of the version that it was made from ends well."""
    add(session, "census", census)
    found = suggest_rules(session, "census")
    assert found.subject == "census@1"
    assert "Every rule holds on the 100 rows it was made from." in found.said
    assert len(tomllib.loads(found.text)["datasets"]["census"]["rules"]) == len(found.suggestions)
    (root / "workbench.toml").write_text(found.text, "utf-8")
    assert check(session, "census").outcome == "holds"


def test_no_value_of_a_column_that_is_sensitive_by_now_is_proposed(
    session: Session, root: Path
) -> None:
    """Said before it was registered or after: neither its ends nor its values are told."""
    ages, towns = [40 + row % 23 for row in range(400)], ["Rome", "Oslo"] * 200
    pl.DataFrame({"age": ages, "town": towns}).write_parquet(root / "people.parquet")
    add(session, "people", root / "people.parquet")
    assert {"62", "Oslo"} <= set(re.findall(r"\w+", suggest_rules(session, "people").text))
    set_fields(session, "people", {"sensitive": ["age", "town"]})
    text = suggest_rules(session, "people").text
    assert {one["kind"] for one in tomllib.loads(text)["datasets"]["people"]["rules"]} == {
        "type", "rows", "not_null",
    }  # fmt: skip
    assert not {"40", "62", "Oslo", "Rome"} & set(re.findall(r"\w+", text))


def test_that_the_data_were_not_asked_is_said(session: Session, census: Path) -> None:
    """A profile alone may be all there is left."""
    add(session, "census", census)
    census.unlink()
    found = suggest_rules(session, "census@1")
    assert found.suggestions
    assert "not asked of the data itself: There is nothing at" in found.text


def test_what_the_data_do_not_keep_is_left_out() -> None:
    """A profile of other rows proposes what these do not keep."""
    made = profile(of_frame(TABLE), correlations=False)
    other = of_frame(TABLE.with_columns(id=pl.lit(1)))
    found = suggest_for_file("t.parquet", made, other)
    kinds = [one.table["kind"] for one in found.suggestions]
    assert "unique" not in kinds
    assert "1 proposal left out" in found.text


def test_whoever_gives_up_is_proposed_nothing(session: Session, census: Path) -> None:
    """Rules nobody asked the data must not look as if the data did not keep them."""
    add(session, "census", census)
    with pytest.raises(StoppedError):
        suggest_rules(session, "census", stopped=lambda: True)


def test_few_rows_are_said_to_be_few() -> None:
    """Nothing but types is proposed of three rows."""
    made = profile(of_frame(TABLE.head(3)), correlations=False)
    found = suggest_for_file("t.parquet", made, of_frame(TABLE.head(3)))
    assert "From 3 rows nothing follows but types: 30 would be needed." in found.text


def test_what_is_no_table_has_no_rules(session: Session, root: Path) -> None:
    """A set of files has no profile."""
    (root / "model.bin").write_bytes(b"x")
    add(session, "blobs", root / "model.bin", files=True)
    with pytest.raises(NotFoundError, match="no profile"):
        suggest_rules(session, "blobs")
