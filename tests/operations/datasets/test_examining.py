"""The doctor says what is so with datasets, and what is not."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.dataset_building import claim
from workbench.clock import FixedClock
from workbench.operations.datasets.add import add
from workbench.operations.datasets.examining import examine_datasets, gaps_in
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace with a file of data beside it."""
    root = write_workspace(tmp_path / "w")
    (tmp_path / "census.csv").write_text("age\n1\n2\n", "utf-8")
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.cache = tmp_path / "cache"
        yield made


def found(session: Session) -> list[tuple[str, str, str]]:
    """Return name, state and words of every line."""
    session.sweep()
    return [(one.name, one.state, one.says) for one in examine_datasets(session)]


def test_without_datasets_there_is_one_line(session: Session) -> None:
    """It says so."""
    assert found(session) == [("registered", "good", "none")]


def test_whole_datasets_are_counted(session: Session) -> None:
    """And nothing else is said of them."""
    add(session, "census", session.root.parent / "census.csv", copy=True)
    assert found(session) == [("registered", "good", "1 dataset, 1 version")]


def test_what_is_broken_is_bad(session: Session) -> None:
    """A manifest, a number that is gone, a profile, a copy; each with its place."""
    file = session.root.parent / "census.csv"
    for rows in range(1, 4):
        file.write_text("age\n" + "1\n" * rows, "utf-8")
        add(session, "census", file, copy=True)
    folder = session.root / "datasets/census"
    shutil.rmtree(folder / "2")
    copy = folder / "1/files/census.csv"
    copy.chmod(0o600)
    copy.write_text("age\n", "utf-8")
    (folder / "3/profile.json.gz").write_bytes(b"nothing")
    (folder / "4").mkdir()
    (folder / "4/manifest.json").write_text("{", "utf-8")
    (session.root / "workbench.toml").write_text('[datasets.census]\nonwer = "a"\n', "utf-8")
    lines = {name: (state, says) for name, state, says in found(session)}
    assert lines["workbench.toml, line 2"] == (
        "bad",
        "A dataset has no 'onwer'. Did you mean owner?",
    )
    assert lines["census@4"][0] == "bad"
    assert lines["census"] == (
        "bad", "version 2 is gone, and nobody deleted it here: bring it back from a copy",
    )  # fmt: skip
    assert lines["census@3"][1].startswith("its profile cannot be read: ")
    assert lines["census@1"][1].startswith("its copy was changed: ")


def test_what_is_due_or_away_is_a_note(session: Session) -> None:
    """Nothing is wrong with the workspace."""
    (session.root / "workbench.toml").write_text(
        '[datasets.census]\nretention_until = "2020-01-01"\n', "utf-8"
    )
    claim(session.root, "census", 1, unread="files")
    lines = found(session)
    assert ("census@1", "note", "its files are away: data/census.parquet") in lines
    assert [state for name, state, says in lines if "was to be gone after 2020-01-01" in says] == [
        "note"
    ]


def test_a_folder_of_another_tool_has_no_datasets(tmp_path: Path) -> None:
    """Nothing is said."""
    with open_session(tmp_path, clock=FixedClock(), in_memory=True) as other:
        assert list(examine_datasets(other)) == []


def test_gaps_are_told_without_counting_through_them() -> None:
    """A marker with an absurd number costs nothing."""
    assert gaps_in([2, 5, 1, 10**18]) == [(3, 4), (6, 10**18 - 1)]
    assert gaps_in([]) == []


def test_what_the_settings_say_of_monitors_is_told_elsewhere(session: Session) -> None:
    """Each fault stands once; a dataset that is misspelt beside it is told here."""
    (session.root / "workbench.toml").write_text(
        '[monitor.bad]\ndata = "x"\nreference = "y"\nchunk = "day"\n'
        '[datasets.census]\nsensitve = ["age"]\n', "utf-8"
    )  # fmt: skip
    bad = [says for _, state, says in found(session) if state == "bad"]
    assert len(bad) == 1
    assert "sensitve" in bad[0]


def test_what_the_settings_follow_and_is_not_there_is_bad(session: Session) -> None:
    """No screen has to be open for it; and nothing is registered by looking."""
    (session.root / "here.csv").write_text("a\n1\n", "utf-8")
    (session.root / "workbench.toml").write_text(
        '[datasets.gone]\npath = "gone.csv"\n[datasets.here]\npath = "here.csv"\n', "utf-8"
    )
    lines = found(session)
    assert [(name, state) for name, state, _ in lines if state != "good"] == [("gone.csv", "bad")]
    assert ("registered", "good", "none") in lines
