"""What changed between two versions or files: columns, rows and distributions, or why not."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.errors import NotFoundError, UsageError
from workbench.operations import sections
from workbench.operations.datasets import diff_forms, diff_sections
from workbench.operations.datasets.add import add
from workbench.operations.datasets.diff import diff
from workbench.operations.datasets.fields import set_fields
from workbench.operations.session import Session

NEWER = TABLE.with_columns(
    age=pl.when(pl.col("id") < 10).then(pl.col("age") + 1).otherwise("age"),
    ssn=pl.when(pl.col("id") == 3).then(pl.lit("t")).otherwise("ssn"),
).filter(pl.col("id") > 0)


@pytest.fixture
def versions(session: Session, census: Path) -> Session:
    """Return a session with two versions of a dataset in two files."""
    add(session, "census", census)
    newer = census.with_name("newer.parquet")
    NEWER.write_parquet(newer)
    add(session, "census", newer)
    return session


def test_two_versions_are_compared_by_their_key(versions: Session) -> None:
    """The key is the dataset's; the sensitive column is masked unless somebody asks."""
    set_fields(versions, "census", {"key": ["id"], "sensitive": ["ssn"]})
    found = diff(versions, "census@1", "census@2")
    assert found.rows is not None
    assert (found.a.title, found.b.title, found.same) == ("census@1", "census@2", False)
    assert (found.rows.key, found.rows.changed, found.rows.removed) == (("id",), 9, 1)
    cells = {cell for row in found.rows.changed_rows for cell in row.cells if cell.column == "ssn"}
    assert cells == {("ssn", "•••", "•••")}
    shown = diff(versions, "census@1", "census@2", unmask=True)
    assert shown.rows is not None
    assert ("ssn", "s3", "t") in [cell for row in shown.rows.changed_rows for cell in row.cells]
    assert diff_forms.row_sentences(found.rows)[:2] == (
        "100 → 99 rows, compared by id.",
        "0 added, 1 removed, 9 changed, 90 unchanged.",
    )


def test_no_value_of_a_sensitive_column_is_in_what_changed(session: Session, root: Path) -> None:
    """Neither of categories, nor of ends of moments, nor of a file beside a version."""
    (root / "data").mkdir()
    days = pl.date_range(
        pl.date(1931, 5, 2), pl.date(1931, 5, 2) + pl.duration(days=199), eager=True
    )
    old = pl.DataFrame(
        {"id": range(200), "ill": ["flu"] * 120 + ["none"] * 80, "born": days, "pay": range(200)}
    )
    new = old.with_columns(
        ill=pl.Series(["cancer"] * 140 + ["none"] * 60), born=pl.col("born") + pl.duration(days=9)
    )
    old.write_parquet(root / "data/old.parquet")
    new.write_parquet(root / "data/new.parquet")
    add(session, "people", root / "data/old.parquet")
    add(session, "people", root / "data/new.parquet")
    set_fields(session, "people", {"key": ["id"], "sensitive": ["ill", "born", "pay"]})
    for other in ("people@2", str(root / "data/new.parquet")):
        for names in ("people@1", other), (other, "people@1"):
            told = diff_forms.as_json(diff(session, *names))
            text = sections.text(diff_sections.sections(diff(session, *names)))
            for value in ("flu", "cancer", "1931-05", "199.0"):
                assert value not in told + "".join(text)
            assert "TVD" in told
        assert "cancer" in diff_forms.as_json(diff(session, "people@1", other, unmask=True))


def test_a_renamed_column_is_sensitive_under_either_name(session: Session, root: Path) -> None:
    """Who said it of the old name meant the values."""
    (root / "data").mkdir()
    old = pl.DataFrame({"id": range(60), "ill": ["flu"] * 30 + ["none"] * 30})
    old.write_parquet(root / "data/old.parquet")
    new = old.select("id", diagnosis=pl.Series(["cancer"] * 30 + ["none"] * 30))
    new.write_parquet(root / "data/new.parquet")
    add(session, "people", root / "data/old.parquet")
    add(session, "people", root / "data/new.parquet")
    for said in ("ill", "diagnosis"):
        set_fields(session, "people", {"sensitive": [said]})
        for key in ((), ("id",)):
            found = diff(session, "people@1", "people@2", key=key, renamed={"ill": "diagnosis"})
            assert found.rows is not None
            assert found.rows.added or found.rows.changed
            assert not {"flu", "cancer"} & {*diff_forms.as_json(found).split('"')}
            assert "cancer" not in diff_forms.as_json(found)


def test_without_a_key_rows_are_compared_as_a_whole(versions: Session) -> None:
    """A version against a file is compared like two versions."""
    path = str(versions.root / "data/newer.parquet")
    found = diff(versions, "census@1", path)
    assert found.rows is not None
    assert (found.rows.key, found.rows.added, found.rows.removed) == ((), 9, 10)
    assert diff(versions, "census@2", path).same
    assert list((versions.cache / "rows").iterdir()) == []


def test_equal_versions_are_the_same(versions: Session) -> None:
    """By their bytes, even where rows are not looked at."""
    found = diff(versions, "census@1", "census@1", rows=False)
    assert (found.same, found.identical, found.why_no_rows) == (
        True, True, "They were not asked for.",
    )  # fmt: skip
    assert not diff(versions, "census@1", "census@2", rows=False).same


def test_the_rows_of_a_version_that_are_gone_are_not_made_up(versions: Session) -> None:
    """Its columns and its profile are still compared."""
    NEWER.head(3).write_parquet(versions.root / "data/census.parquet")
    found = diff(versions, "census@1", "census@2")
    assert found.rows is None
    assert "have changed since" in found.why_no_rows
    assert {one.column for one in found.deltas} == {"id", "ssn", "age"}
    assert not found.same


def test_a_column_can_be_followed_under_its_new_name(versions: Session, tmp_path: Path) -> None:
    """Where somebody says that it is one."""
    path = tmp_path / "renamed.csv"
    NEWER.rename({"age": "age_years"}).write_csv(path)
    found = diff(versions, "census@1", str(path), key=["id"], renamed={"age": "age_years"})
    assert found.rows is not None
    assert found.rows.changed == 9
    assert "age_years" in {one.column for one in found.deltas}
    assert [(one.old, one.new) for one in found.schema.renamed] == [("age", "age_years")]
    with pytest.raises(UsageError, match="no column 'agee'"):
        diff(versions, "census@1", str(path), renamed={"agee": "age_years"})


@pytest.mark.parametrize("tolerance", [-1.0, float("nan"), float("inf")])
def test_a_tolerance_is_a_number_from_0_on(versions: Session, tolerance: float) -> None:
    """With one below it every number would have changed."""
    with pytest.raises(UsageError, match="from 0 on"):
        diff(versions, "census@1", "census@2", tolerance=tolerance)


def test_where_no_row_was_compared_the_reason_stands_in_place_of_counts(tmp_path: Path) -> None:
    """Nothing added, removed or changed would be read as: all is the same."""
    for name, value in (("a", 1), ("b", 2)):
        pl.DataFrame({"k": [1, 1], "x": [value, 3]}).write_csv(tmp_path / f"{name}.csv")
    found = diff(None, str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), key=["k"])
    assert found.rows is not None
    assert [one for one in diff_forms.row_sentences(found.rows) if "unchanged" in one] == []
    assert "1 key names several rows" in diff_forms.row_sentences(found.rows)[1]
    pl.DataFrame({"k": [1, 1, 5], "x": [1, 3, 5]}).write_csv(tmp_path / "a.csv")
    found = diff(None, str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), key=["k"])
    assert found.rows is not None
    assert diff_forms.row_sentences(found.rows)[2] == "0 added, 1 removed, 0 changed, 0 unchanged."


def test_files_need_no_workspace(tmp_path: Path) -> None:
    """Two files are compared where they lie."""
    for name, table in (("a.parquet", TABLE), ("b.csv", NEWER)):
        getattr(table, f"write_{name.partition('.')[2]}")(tmp_path / name)
    found = diff(None, str(tmp_path / "a.parquet"), str(tmp_path / "b.csv"), key=["id"])
    assert found.rows is not None
    assert found.rows.changed == 9
    with pytest.raises(NotFoundError):
        diff(None, str(tmp_path / "gone.parquet"), str(tmp_path / "b.csv"))


def test_what_is_not_there_is_not_compared(versions: Session) -> None:
    """A version that does not exist is named."""
    with pytest.raises(NotFoundError, match="census"):
        diff(versions, "census@1", "census@9")
    with pytest.raises(NotFoundError, match="neither a file nor a dataset"):
        diff(versions, "census@1", "gone.csv")


def test_what_changed_is_json_for_programs(versions: Session) -> None:
    """Everything a person sees, and it can be read back."""
    fields = json.loads(diff_forms.as_json(diff(versions, "census@1", "census@2", key=["id"])))
    assert (fields["same"], fields["rows"]["changed"], fields["rows"]["removed"]) == (False, 9, 1)
    assert fields["rows"]["changed_rows"][0]["cells"][0]["column"] in {"age", "ssn"}
    assert fields["deltas"][0]["measure"]
