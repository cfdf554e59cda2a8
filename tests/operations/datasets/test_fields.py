"""What people say of a dataset: which word counts, what can be taken back, what is hidden."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.clock import FixedClock
from workbench.datasets.fields import MASK, Fields
from workbench.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from workbench.operations import edits
from workbench.operations.datasets.add import add
from workbench.operations.datasets.diff import diff
from workbench.operations.datasets.fields import (
    archive,
    fields_of,
    is_archived,
    replaced,
    set_fields,
)
from workbench.operations.datasets.profiles import profile_of
from workbench.operations.datasets.rows import open_rows
from workbench.operations.datasets.version import detail, sections
from workbench.operations.session import Session


def test_by_hand_counts_before_the_settings_and_those_before_the_registration(
    session: Session, census: Path, clock: FixedClock
) -> None:
    """And what is given back lets the word below it count again."""
    add(session, "census", census, fields=Fields(owner="first", licence="CC0", label="age"))
    (session.root / "workbench.toml").write_text(
        "[datasets.census]\nowner = 'settings'\nlabel = 'id'\nroles = { id = 'identifier' }\n"
    )
    set_fields(session, "census", {"owner": "hand", "roles.age": "category"})
    said = fields_of(session, "census")
    assert (said.owner, said.label, said.licence) == ("hand", "id", "CC0")
    assert said.roles == {"id": "identifier", "age": "category"}
    clock.advance(1)
    set_fields(session, "census", {"owner": None})
    assert fields_of(session, "census").owner == "settings"
    (session.root / "workbench.toml").unlink()
    assert fields_of(session, "census").owner == "first"


def test_an_empty_word_says_that_there_is_nothing(session: Session, census: Path) -> None:
    """Otherwise a column once sensitive would be so for ever."""
    add(session, "census", census, fields=Fields(sensitive=("ssn",), owner="ana"))
    set_fields(session, "census", {"sensitive": [], "owner": ""})
    assert fields_of(session, "census") == Fields()


def test_a_change_can_be_taken_back(session: Session, census: Path, clock: FixedClock) -> None:
    """Once for each change, back to what was said before it."""
    add(session, "census", census)
    set_fields(session, "census", {"owner": "ana", "purposes": ["credit"]})
    clock.advance(1)
    set_fields(session, "census", {"owner": "ben"})
    clock.advance(1)
    assert edits.undo(session).what == "owner = ben"
    clock.advance(1)
    assert fields_of(session, "census").owner == "ana"
    assert edits.undo(session).what == "owner = ana, purposes = credit"
    assert fields_of(session, "census") == Fields()
    with pytest.raises(UsageError, match="no edit of yours"):
        edits.undo(session)


def test_nobody_takes_back_what_somebody_changed_since(
    session: Session, census: Path, clock: FixedClock
) -> None:
    """The undo is refused and names who."""
    add(session, "census", census)
    set_fields(session, "census", {"owner": "ana"})
    clock.advance(1)
    session.settings = session.settings._replace(user="ben")
    set_fields(session, "census", {"owner": "ben"})
    session.settings = session.settings._replace(user="ana")
    with pytest.raises(ConflictError, match="ben changed"):
        edits.undo(session)


def test_an_edit_of_a_dataset_is_none_of_a_run(session: Session, census: Path) -> None:
    """The file says of what it is; fields of the one are refused for the other."""
    add(session, "census", census)
    set_fields(session, "census", {"owner": "ana"})
    (line,) = edits.journal(session)
    assert (line.dataset, line.what) == ("census", "owner = ana")
    with pytest.raises(UsageError):
        edits.edit(session, ["01kb"], {"data.owner": "ana"})
    with pytest.raises(UsageError):
        edits.edit_dataset(session, "census", {"name": "other"})


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"colour": "red"}, "no 'colour'"),
        ({"owner": 3}, "is a text"),
        ({"sensitive": [3]}, "list of texts"),
        ({"sensitive": [""]}, "list of texts"),
        ({"personal": "yes"}, "one of none"),
        ({"retention_until": "tomorrow"}, "is no day"),
        ({"retention_until": "2027-02-30"}, "is no day: the calendar does not have it"),
        ({"sensitive": ["ssn,age"]}, "no column 'ssn,age'"),
        ({"key": "nokey"}, "no column 'nokey', and it cannot be a key"),
        ({"roles.agee": "number"}, "no column 'agee', and it cannot be given a role"),
        ({"roles.age": "numeric"}, "no role"),
        ({"roles.": "number"}, "no 'roles.'"),
        ({}, "Nothing"),
    ],
)
def test_what_cannot_be_said_is_refused(
    session: Session, census: Path, changes: dict[str, Any], why: str
) -> None:
    """Nothing is written then."""
    add(session, "census", census)
    with pytest.raises(UsageError, match=why):
        set_fields(session, "census", changes)
    assert edits.journal(session) == ()


def test_only_a_dataset_that_is_there_can_be_spoken_of(session: Session) -> None:
    """One that the settings name is, before its first version."""
    with pytest.raises(NotFoundError):
        set_fields(session, "census", {"owner": "ana"})
    (session.root / "workbench.toml").write_text("[datasets.census]\npath = 'x.csv'\n")
    set_fields(session, "census", {"owner": "ana"})
    assert fields_of(session, "census").owner == "ana"


def test_a_dataset_can_be_put_away_and_brought_back(
    session: Session, census: Path, clock: FixedClock
) -> None:
    """As an edit, so an undo brings it back too."""
    add(session, "census", census)
    archive(session, "census")
    assert is_archived(session, "census")
    clock.advance(1)
    archive(session, "census", archived=False)
    assert not is_archived(session, "census")
    clock.advance(1)
    edits.undo(session)
    assert is_archived(session, "census")


def test_nothing_is_said_where_nothing_can_be_written(
    session: Session, census: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason is that of the session."""
    add(session, "census", census)
    monkeypatch.setattr(Session, "why_not", "You may look at it.")
    with pytest.raises(NotAllowedError, match="may look"):
        set_fields(session, "census", {"owner": "ana"})


def test_a_column_said_to_be_sensitive_later_is_hidden_at_once(
    session: Session, census: Path
) -> None:
    """Though the stored profile of before cannot be changed."""
    made = add(session, "census", census).manifest
    before = profile_of(session, made)
    set_fields(session, "census", {"sensitive": ["ssn"]})
    after = profile_of(session, made)
    assert before is not None
    assert after is not None
    shown, hidden = before.columns[1], after.columns[1]
    assert min(count for _, count in shown.top) < 5
    assert hidden.sensitive
    assert all(count >= 5 for _, count in hidden.top)
    assert sum(count for _, count in hidden.top) + hidden.other == 100
    assert after.columns[0] == before.columns[0]
    set_fields(session, "census", {"sensitive": ["age"]})
    ages = profile_of(session, made).columns[2].numbers
    assert (ages.min, ages.max) == (None, None)
    assert profile_of(session, made, unmask=True) == before


@pytest.mark.parametrize(
    "text",
    [
        "[datasets.census",
        "[datasets.census]\nsensitve = ['ssn']",
        "datasets.census.sensitive = 3",
        "datasets.census.sensitive = ['snn']",
    ],
)
def test_where_it_is_in_doubt_what_is_sensitive_everything_is(
    session: Session, census: Path, text: str
) -> None:
    """Settings that somebody is just writing must not show what was hidden before."""
    add(session, "census", census)
    (session.root / "workbench.toml").write_text("[datasets.census]\nsensitive = ['ssn']\n")
    assert fields_of(session, "census").sensitive == ("ssn",)
    (session.root / "workbench.toml").write_text(text + "\n")
    assert fields_of(session, "census").sensitive == ("id", "ssn", "age")
    set_fields(session, "census", {"sensitive": ["age"]})
    assert fields_of(session, "census").sensitive == ("age",)


def test_in_doubt_columns_only_an_older_version_has_are_hidden_too(
    session: Session, census: Path
) -> None:
    """A column that was dropped since is in the rows, profile and comparison of before."""
    first = add(session, "census", census).manifest
    pl.read_parquet(census).drop("ssn").write_parquet(census.with_name("second.parquet"))
    add(session, "census", census.with_name("second.parquet"))
    (session.root / "workbench.toml").write_text("[datasets.census]\nsensitve = ['ssn']\n")
    found = profile_of(session, first)
    assert found is not None
    assert all(column.sensitive for column in found.columns)
    with open_rows(session, first) as rows:
        assert rows.masked == {"id", "ssn", "age"}
    compared = diff(session, "census@1", "census@2", key=("id",)).rows
    assert compared is not None
    assert compared.columns == ()
    lone = diff(session, "census@2", str(census), key=()).rows
    assert lone is not None
    assert not [value for row in lone.added_rows for _, value in row.values if value != MASK]


def test_what_is_shown_from_now_on_is_said() -> None:
    """Of every list what it lost; nothing while all columns are masked anyway."""
    before = Fields(sensitive=("a", "b"), key=("id", "day"), purposes=("credit",))
    assert replaced(before, before) == ()
    assert replaced(before, Fields(sensitive=("c",), key=("id",), purposes=("credit", "x"))) == (
        "sensitive replaces what was said before: a, b are no longer masked.",
        "key replaces what was said before: day is no longer in key.",
    )
    doubt = Fields(sensitive=("a",), all_sensitive=True)
    assert replaced(Fields(sensitive=("b",)), doubt) == ()
    (said,) = replaced(doubt, Fields(sensitive=("a",)))
    assert said.endswith("now a.")


def test_two_who_mask_columns_at_once_mask_both_and_are_told(
    session: Session, census: Path, clock: FixedClock
) -> None:
    """Nobody's list shows what another's hid; the page says which field is contested."""
    made = add(session, "census", census, fields=Fields(sensitive=("id",))).manifest
    assert made.fields.sensitive == ("id",)
    set_fields(session, "census", {"sensitive": ["ssn"]})
    clock.advance(1)
    rival = set_fields(session, "census", {"sensitive": ["age"]})
    (file,) = session.root.rglob(f"{rival}.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "after": {}}))
    assert set(fields_of(session, "census").sensitive) == {"ssn", "age"}
    session.sweep()
    shown = sections(detail(session, made, None))
    (said,) = (one.rows for one in shown if one.title == "what people say")
    assert ("changed by two people at once", "sensitive") in said
    clock.advance(1)
    set_fields(session, "census", {"sensitive": []})
    assert fields_of(session, "census").sensitive == ()
    clock.advance(1)
    edits.undo(session)
    assert set(fields_of(session, "census").sensitive) == {"ssn", "age"}
