"""Changes by people: one file each, never over one another, and back again."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, Built, write_run, write_workspace
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.places import numbers
from workbench.clock import FixedClock
from workbench.errors import ConflictError, NotAllowedError, UsageError
from workbench.operations import edits
from workbench.operations.session import Session, open_session

NOTHING: dict[str, Any] = {}


class Two:
    """Two people at one workspace, each with a session and a name of their own."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = FixedClock()
        self.ana = open_session(root, clock=self.clock, in_memory=True)
        self.ben = open_session(root, clock=self.clock, in_memory=True)
        self.ana.settings = self.ana.settings._replace(user="ana")
        self.ben.settings = self.ben.settings._replace(user="ben")
        self._monkeypatch = monkeypatch

    def edit(self, who: Session, runs: list[Built], changes: dict[str, Any]) -> str:
        """Change something; every change is a second later than the one before."""
        self.clock.advance(1)
        return edits.edit(who, [run.run_id for run in runs], changes)

    def undo(self, who: Session) -> edits.EditLine:
        """Take back somebody's last edit."""
        self.clock.advance(1)
        return edits.undo(who)

    def at_once(self, runs: list[Built], hers: dict[str, Any], his: dict[str, Any]) -> None:
        """Let both change something without either knowing of the other."""
        with self._monkeypatch.context() as blind:
            blind.setattr(edits, "_after", lambda *_: {})
            self.edit(self.ana, runs, hers)
            self.edit(self.ben, runs, his)

    def seen(self, run: Built) -> RunRecord:
        """Return a run as ben sees it."""
        self.ben.sweep()
        number = numbers(self.ben.catalogue, [run.run_id])[run.run_id]
        (record,) = cards(self.ben.catalogue, [number])
        return record


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """Two people at an empty workspace."""
    made = Two(write_workspace(tmp_path / "w"), monkeypatch)
    yield made
    made.ana.close()
    made.ben.close()


@pytest.fixture
def runs(two: Two) -> list[Built]:
    """Three runs."""
    return [write_run(two.ana.root, number=n, name=f"run-{n}") for n in range(3)]


def files(session: Session) -> list[Path]:
    """Return every file below the edits."""
    return sorted(path for path in (session.root / "edits").rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"name": "new näme"}, "name", "new näme"),
        ({"note": "two\nlines"}, "note", "two\nlines"),
        ({"tags.team": "ads"}, "tags", {"team": "ads"}),
        ({"tags.team": None}, "tags", {}),
        ({"tags.a.b c": ""}, "tags", {"team": "risk", "a.b c": ""}),
        ({"archived": True}, "archived", True),
    ],
)
def test_an_edit_is_seen_by_the_other_and_undone_by_its_author(
    two: Two, runs: list[Built], changes: dict[str, Any], field: str, value: object
) -> None:
    """Undoing gives back what the run itself said."""
    before = getattr(two.seen(runs[0]), field)
    two.edit(two.ana, runs[:1], changes)
    assert getattr(two.seen(runs[0]), field) == value
    two.undo(two.ana)
    assert getattr(two.seen(runs[0]), field) == before
    assert two.seen(runs[0]).contested == ()


def test_one_edit_of_many_runs_is_one_file_and_undone_run_by_run(
    two: Two, runs: list[Built]
) -> None:
    """Every run gets back what held before of it, whoever had said it."""
    two.edit(two.ana, runs[:1], {"note": "first"})
    two.edit(two.ben, runs[1:2], {"note": "second"})
    two.edit(two.ana, runs, {"note": "all", "tags.x": "1"})
    assert [two.seen(run).note for run in runs] == ["all"] * 3
    assert len(files(two.ana)) == 3
    two.undo(two.ana)
    assert [two.seen(run).note for run in runs] == ["first", "second", ""]
    assert [two.seen(run).tags for run in runs] == [{"team": "risk"}] * 3
    assert all(two.seen(run).contested == () for run in runs)


def test_an_undo_that_broke_off_halfway_can_be_finished(
    two: Two, runs: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs that held different names before are given back one by one; what is left can be."""
    two.edit(two.ana, runs[:1], {"name": "one"})
    two.edit(two.ana, runs[:2], {"name": "both"})
    written = edits.write_once
    calls: list[object] = []

    def breaks(*args: Any, **named: Any) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise OSError(28, "no space left")
        written(*args, **named)

    with monkeypatch.context() as full:
        full.setattr(edits, "write_once", breaks)
        with pytest.raises(NotAllowedError):
            two.undo(two.ana)
    assert two.undo(two.ana).what == "name = both"
    assert [two.seen(run).name for run in runs[:2]] == ["one", runs_name(runs[1])]


def runs_name(built: Built) -> str:
    """Return the name the run itself gave."""
    return str(json.loads((built.folder / "run.json").read_bytes())["name"])


def test_undoing_goes_back_edit_by_edit(two: Two, runs: list[Built]) -> None:
    """The second undo takes back the edit before, and then there is none left."""
    for name in ("one", "two", "three"):
        two.edit(two.ana, runs[:1], {"name": name})
    seen = []
    while edits.can_undo(two.ana):
        two.undo(two.ana)
        seen.append(two.seen(runs[0]).name)
    assert seen == ["two", "one", "run-0"]
    with pytest.raises(UsageError, match="no edit of yours"):
        edits.undo(two.ana)


def test_a_tag_undone_and_set_again_can_be_undone_again(two: Two, runs: list[Built]) -> None:
    """However often it goes back and forth, the run's own tag is there in the end."""
    two.edit(two.ana, runs[:1], {"tags.team": None})
    two.undo(two.ana)
    two.edit(two.ana, runs[:1], {"tags.team": "ads"})
    two.edit(two.ana, runs[:1], {"tags.team": None})
    seen = [two.seen(runs[0]).tags]
    for _ in range(2):
        two.undo(two.ana)
        seen.append(two.seen(runs[0]).tags)
    assert seen == [{}, {"team": "ads"}, {"team": "risk"}]
    assert edits.journal(two.ana)[0].what == "undo: tags.team as before"


def test_an_undo_is_refused_if_somebody_edited_since(two: Two, runs: list[Built]) -> None:
    """Their word is not taken away unseen; fields they left alone can still be undone."""
    two.edit(two.ana, runs, {"name": "hers"})
    two.edit(two.ben, runs[1:2], {"name": "his"})
    with pytest.raises(ConflictError, match="ben changed name since"):
        two.undo(two.ana)
    assert [two.seen(run).name for run in runs] == ["hers", "his", "hers"]
    two.edit(two.ben, runs[:1], {"note": "another field"})
    two.undo(two.ben)
    two.undo(two.ben)
    two.undo(two.ana)
    assert [two.seen(run).name for run in runs] == ["run-0", "run-1", "run-2"]


def test_each_undoes_only_what_is_theirs(two: Two, runs: list[Built]) -> None:
    """My undo never takes back the last edit of somebody else."""
    two.edit(two.ana, runs[:1], {"name": "hers"})
    two.edit(two.ben, runs[1:2], {"name": "his"})
    two.undo(two.ana)
    assert [two.seen(run).name for run in runs[:2]] == ["run-0", "his"]
    assert not edits.can_undo(two.ana)


def test_rivals_are_both_kept_and_the_field_is_marked(two: Two, runs: list[Built]) -> None:
    """Two edits that did not know of each other: the later is shown, the next one settles it."""
    two.at_once(runs[:1], {"name": "hers", "note": "n"}, {"name": "his"})
    seen = two.seen(runs[0])
    assert (seen.name, seen.contested) == ("his", ("name",))
    with pytest.raises(ConflictError, match="ben"):
        two.undo(two.ana)
    two.edit(two.ana, runs[:1], {"name": "agreed"})
    seen = two.seen(runs[0])
    assert (seen.name, seen.note, seen.contested) == ("agreed", "n", ())
    assert len(files(two.ana)) == 3


def test_undoing_what_settled_a_contest_gives_back_the_contest_s_later_word(
    two: Two, runs: list[Built]
) -> None:
    """What was shown before is shown again."""
    two.at_once(runs[:1], {"name": "hers"}, {"name": "his"})
    two.edit(two.ana, runs[:1], {"name": "agreed"})
    two.undo(two.ana)
    assert two.seen(runs[0]).name == "his"


def test_the_journal_tells_every_edit_in_words_newest_first(two: Two, runs: list[Built]) -> None:
    """Who, when and what, undone ones too."""
    two.edit(two.ana, runs[:2], {"name": "x", "tags.team": None})
    two.edit(two.ben, runs[:1], {"archived": True})
    two.undo(two.ben)
    told = [(line.time, line.actor, len(line.runs), line.what) for line in edits.journal(two.ana)]
    assert told == [
        (BEGIN + 3, "ben", 1, "undo: brought back"),
        (BEGIN + 2, "ben", 1, "archived"),
        (BEGIN + 1, "ana", 2, "name = x, tags.team taken away"),
    ]


def test_a_file_says_what_the_format_promises_and_nothing_else_is_left(
    two: Two, runs: list[Built]
) -> None:
    """It stands under its month and its id, and no temporary file stays."""
    first = two.edit(two.ana, runs[:1], {"name": "a"})
    second = two.edit(two.ben, runs[:1], {"name": "b"})
    assert files(two.ana) == [
        two.ana.root / "edits" / "2026-11" / f"{one}.json" for one in (first, second)
    ]
    fields = json.loads(files(two.ana)[1].read_text("utf-8"))
    assert fields == {
        "format": 1, "id": second, "time": BEGIN + 2, "actor": "ben", "kind": "run",
        "of": [runs[0].run_id], "set": {"name": "b"},
        "after": {runs[0].run_id: {"name": [first]}}, "undoes": None,
    }  # fmt: skip
    assert list(two.ana.root.rglob("*.tmp")) == []


@pytest.mark.parametrize(
    "changes",
    [NOTHING, {"colour": "red"}, {"name": " "}, {"name": 1}, {"archived": "yes"}, {"tags.": "x"},
     {"status": "RUNNING"}, {"note": "x" * 100_001}, {"tags.x": 1}],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_is_written(
    two: Two, runs: list[Built], changes: dict[str, Any]
) -> None:
    """A field nobody knows, or a value it cannot have, leaves no file."""
    with pytest.raises(UsageError):
        two.edit(two.ana, runs[:1], changes)
    with pytest.raises(UsageError, match="No run"):
        edits.edit(two.ana, [], {"name": "x"})
    assert files(two.ana) == []


def test_a_folder_of_another_tool_says_why_nothing_is_written(tmp_path: Path) -> None:
    """The sentence says what to do instead."""
    with open_session(tmp_path, in_memory=True) as session:
        assert not session.writable
        assert not edits.can_undo(session)
        assert edits.journal(session) == ()
        with pytest.raises(NotAllowedError, match="workbench init DIR --follow"):
            edits.edit(session, ["x"], {"name": "y"})
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_told_in_one_sentence(
    two: Two, runs: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was changed, and the sentence says so."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(edits, "write_once", full)
    with pytest.raises(NotAllowedError, match="No space left on device") as refusal:
        two.edit(two.ana, runs[:1], {"name": "x"})
    assert "Nothing was changed" in refusal.value.hint
    assert files(two.ana) == []


def test_a_folder_without_permission_is_looked_at_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member who may not write is told so, and sees everything."""
    root = write_workspace(tmp_path)
    write_run(root)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with open_session(root, in_memory=True) as session:
        assert len(session.sweep().new) == 1
        with pytest.raises(NotAllowedError, match="not write to it"):
            edits.edit(session, ["x"], {"name": "y"})


def test_without_a_setting_the_actor_is_user_at_host(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container without users it is nobody in particular."""
    two.ana.settings = two.ana.settings._replace(user="")
    monkeypatch.setattr(edits, "gethostname", lambda: "trainbox")
    monkeypatch.setattr(edits.getpass, "getuser", lambda: "eva")
    assert edits.actor(two.ana) == "eva@trainbox"

    def nobody() -> str:
        raise KeyError("uid")

    monkeypatch.setattr(edits.getpass, "getuser", nobody)
    assert edits.actor(two.ana) == "unknown@trainbox"


def test_ones_own_name_counts_before_the_workspaces(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All who share a workspace share its settings; each has an environment of their own."""
    monkeypatch.setenv("WORKBENCH_USER", "eva")
    assert edits.actor(two.ana) == "eva"
    monkeypatch.setenv("WORKBENCH_USER", "  ")
    assert edits.actor(two.ana) == "ana"
