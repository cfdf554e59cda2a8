"""The list of datasets and of their versions, as screens and print-outs show it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.dataset_building import SHA, claim
from tests.registry_building import register, write_journal
from workbench.clock import FixedClock
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import File, SchemaColumn
from workbench.operations.datasets import listing
from workbench.operations.datasets.fields import archive, set_fields
from workbench.operations.datasets.listing import DatasetLine, datasets
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def only(session: Session) -> DatasetLine:
    """Return the line of the only dataset, after a sweep."""
    session.sweep()
    (line,) = datasets(session)
    return line


def logged(content: int = 1, name: str = "census", **more: object) -> dict[str, object]:
    """Return the line of a run that used a dataset."""
    return {"time": BEGIN, "kind": "dataset", "name": name, "role": "training",
            "path": "data/census.parquet", "hash": f"sha256:{SHA}{content}", "rows": 3,
            "columns": None} | more  # fmt: skip


def test_a_dataset_is_shown_by_its_newest_version(session: Session) -> None:
    """With what was said when that one was registered."""
    columns = (SchemaColumn("age", "integer", "Int64"),)
    claim(session.root, "census", 1, rows=3)
    claim(
        session.root, "census", 2, rows=5, columns=columns, size=77, reader="parquet",
        time=BEGIN + 9, fields=Fields(owner="ana", description="people", personal="personal"),
    )  # fmt: skip
    line = only(session)
    assert (line.name, line.version, line.versions) == ("census", 2, 2)
    assert (line.rows, line.columns, line.size, line.time) == (5, 1, 77, BEGIN + 9)
    assert (line.owner, line.description, line.reader) == ("ana", "people", "parquet")
    assert line.flags == ("files away", "personal data")


def test_what_people_say_later_counts_before_what_was_registered(session: Session) -> None:
    """By hand before the settings, these before the manifest."""
    claim(session.root, "census", 1, fields=Fields(owner="ana", description="first"))
    (session.root / "workbench.toml").write_text(
        '[datasets.census]\nowner = "ben"\ndescription = "second"\n', "utf-8"
    )
    session.sweep()
    set_fields(session, "census", {"owner": "cem"})
    line = only(session)
    assert (line.owner, line.description) == ("cem", "second")


def test_an_archived_dataset_says_so(session: Session) -> None:
    """It stays in the list; whoever shows it may leave it out."""
    claim(session.root, "census", 1)
    session.sweep()
    archive(session, "census")
    assert (only(session).archived, "archived" in only(session).flags) == (True, True)
    archive(session, "census", archived=False)
    assert only(session).archived is False


def test_runs_and_models_are_counted_by_bytes(session: Session) -> None:
    """Whatever name the bytes went by; each run and each version of a model once."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    write_run(session.root, number=1, updates=[logged(1), logged(2, role="test")])
    write_run(session.root, number=2, updates=[logged(1, name="other")])
    write_run(session.root, number=3, updates=[logged(9)])
    details = {"datasets": [logged(2)], "run": {"id": run_id(1)}}
    write_journal(session.root, "churn", [register("churn", 1, 1, details=details)])
    line = only(session)
    assert (line.runs, line.versions_of_models) == (2, 1)
    newest, first = listing.versions(session, "census")
    assert (newest.runs, first.runs) == (1, 2)
    assert (newest.models, first.models) == (("churn@1",), ("churn@1",))


def test_a_run_that_used_one_file_of_a_folder_used_the_dataset(session: Session) -> None:
    """It is counted like one that used all of it."""
    files = tuple(File(f"data/{month}.parquet", 10, f"{SHA}{month}") for month in (1, 2))
    claim(session.root, "flights", 5, files=files, folder=True)
    write_run(session.root, number=1, updates=[logged(2, name="february")])
    assert only(session).runs == 1


def test_a_filter_takes_words_in_any_order_and_case(session: Session) -> None:
    """All of them must stand in name, description, owner, path, format or flags."""
    claim(session.root, "census", 1, fields=Fields(owner="Ana", personal="special"))
    claim(session.root, "flights", 2, fields=Fields(description="census of flights"))
    session.sweep()
    names = lambda text: [one.name for one in datasets(session, text)]  # noqa: E731
    assert names("CENSUS") == ["census", "flights"]
    assert names("special ana") == ["census"]
    assert names("flights of") == ["flights"]
    assert names("nobody") == []


def test_retention_and_purposes_are_flags(session: Session) -> None:
    """A version of a model made from it for something else is not allowed."""
    said = Fields(retention_until="2020-01-01", purposes=("pricing",))
    claim(session.root, "census", 1, fields=said)
    details = {"datasets": [logged(1)], "tags": {"purpose": "marketing"}}
    write_journal(session.root, "churn", [register("churn", 1, 1, details=details)])
    line = only(session)
    assert line.flags[:2] == ("retention due", "purpose not allowed")
    due = [duty.words for duty in line.duties if duty.due]
    assert due[1] == "churn@1 is for marketing, which is not allowed"


def test_a_run_that_says_what_it_is_for_is_held_to_it(session: Session) -> None:
    """Its tag is its word."""
    claim(session.root, "census", 1, fields=Fields(purposes=("pricing",)))
    write_run(session.root, number=1, name="try", updates=[logged(1)], tags={"purpose": "spam"})
    line = only(session)
    assert "purpose not allowed" in line.flags
    assert line.duties[0].words == "run try is for spam, which is not allowed"


def test_files_that_are_away_or_changed_are_flags(session: Session) -> None:
    """They are looked at again only after a while."""
    data = session.root / "data/census.parquet"
    data.parent.mkdir()
    data.write_bytes(b"0123456789")
    os.utime(data, ns=(5, 5))
    claim(session.root, "census", 1, files=(File("data/census.parquet", 10, SHA + "1", "", 5),))
    assert only(session).flags == ()
    data.write_bytes(b"01234567890")
    assert only(session).flags == ()
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(10)
    assert only(session).flags == ("changed since",)
    data.unlink()
    clock.advance(10)
    assert only(session).flags == ("files away",)


def test_a_dataset_without_a_standing_version_is_not_listed(session: Session) -> None:
    """An empty folder is none."""
    (session.root / "datasets/census").mkdir(parents=True)
    session.sweep()
    assert datasets(session) == ()
    assert listing.dataset(session, "census") is None


def test_strange_names_and_texts_are_stored_as_they_are(session: Session) -> None:
    """What may hurt a screen is made visible there; the list keeps what was written."""
    said = Fields(owner="[red]x[/]", description="a\x1b[31m\u202eb\0c")
    claim(session.root, "census", 1, fields=said, actor="ana\n")
    line = only(session)
    assert (line.owner, line.description) == (said.owner, said.description)
