"""The difference between two sources: exact with the repository, honest without it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.building import write_run, write_workspace
from tests.repositories import captured, commit, git, git_bytes, make_repository, write
from workbench.catalogue.cards import RunRecord
from workbench.clock import FixedClock
from workbench.operations import rebuilt
from workbench.operations.code import CodeDifference, code_difference
from workbench.operations.select import select
from workbench.operations.session import Session, open_session
from workbench.runs.unified import FileDifference, Side, difference

TEXT = b"".join(b"line %d\n" % n for n in range(40))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session outside of any repository."""
    workspace = write_workspace(tmp_path / "w")
    monkeypatch.chdir(workspace)
    with open_session(workspace, clock=FixedClock(), in_memory=True) as made:
        yield made


def record(
    session: Session, number: int, commit_id: str | None, patch: bytes = b"", **facts: object
) -> RunRecord:
    """Return a run that captured this."""
    said = {"dirty": bool(patch), **facts}
    made = write_run(
        session.root,
        number=number,
        name=f"run-{number}",
        git={"commit": commit_id, "branch": "main"} if commit_id else None,
        updates=[{"time": 1.0, "kind": "fact", "facts": said}],
    )
    if patch:
        (made.folder / "source.diff").write_bytes(patch)
    session.sweep()
    return select(session, made.run_id)


def tree_of(folder: Path) -> dict[str, bytes]:
    """Return the tracked files as they are, by name."""
    names = git(folder, "ls-files", "-z").split("\0")
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def put_on(folder: Path, files: Mapping[str, bytes], patch: bytes) -> dict[str, bytes]:
    """Return files after git itself put a patch on them."""
    make_repository(folder, {})
    commit(folder, files)
    git_bytes(folder, "apply", "--index", "-", given=patch)
    return tree_of(folder)


def test_two_dirty_runs_of_two_commits_are_compared_exactly(
    session: Session, tmp_path: Path
) -> None:
    """Both sources are built again, uncommitted changes included; git agrees with the patch."""
    project = tmp_path / "project"
    first = make_repository(
        project,
        {"train.py": TEXT, "old name.py": TEXT + b"x\n", "gone.py": b"g\n", "täg.txt": b"no end",
         "back.py": b"1\n", "run.sh": b"echo\n"},
    )  # fmt: skip
    write(project, {"train.py": TEXT.replace(b"line 3\n", b"lr = 1\n"), "täg.txt": b"no end\nmore",
                    "back.py": b"2\n"})  # fmt: skip
    a, tree_a = record(session, 1, first, captured(project)), tree_of(project)
    git(project, "checkout", "-q", "-f", ".")
    second = commit(
        project,
        {"old name.py": None, "new name.py": TEXT + b"y\n", "gone.py": None, "back.py": b"2\n",
         "run.sh": b"echo\n", "added.py": b"n\n"},
    )  # fmt: skip
    write(project, {"train.py": TEXT.replace(b"line 30\n", b"lr = 2\n"), "added.py": b"m\n"})
    b, tree_b = record(session, 2, second, captured(project)), tree_of(project)
    found = code_difference(session, a, b, at=project)
    assert found.same is False
    assert found.missing == ()
    assert put_on(tmp_path / "checked", tree_a, found.patch) == tree_b
    changed = {one.path: (one.added, one.removed) for one in found.files}
    assert changed == {
        "train.py": (2, 2), "new name.py": (1, 1), "gone.py": (0, 1), "added.py": (1, 0),
        "täg.txt": (1, 2),
    }  # fmt: skip
    assert "rename from old name.py" in found.text
    assert first[:12] in found.basis
    assert project.name in found.basis


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_done_the_patch_leads_from_a_to_b(
    session: Session, tmp_path: Path, seed: int
) -> None:
    """Random edits, committed or not: git's own apply turns A's files into B's."""
    random = np.random.default_rng(seed)
    project = tmp_path / "project"
    names = [f"{n}.py" for n in range(6)]

    def text() -> bytes:
        lines = [b"%d\n" % k for k in range(60)]
        for place in random.integers(0, 60, 5):
            lines[place] = b"%d\n" % random.integers(100)
        return b"".join(lines)[: -int(random.integers(0, 2)) or None]

    def edits() -> dict[str, bytes | None]:
        there = [name for name in names if (project / name).exists()]
        chosen = random.choice(names, 3, replace=False)
        gone = {str(name): None for name in chosen[:1] if name in there}
        return {**{str(name): text() for name in chosen[1:]}, **gone}

    make_repository(project, {name: text() for name in names[:4]})
    sides = []
    for number in (1, 2):
        now = commit(project, edits())
        write(project, edits())
        git(project, "add", "-A", "-N")
        sides.append((record(session, number, now, captured(project)), tree_of(project)))
        git(project, "add", "-A")
        git(project, "checkout", "-q", "-f", "HEAD")
    (a, tree_a), (b, tree_b) = sides
    found = code_difference(session, a, b, at=project)
    assert found.missing == ()
    assert put_on(tmp_path / "checked", tree_a, found.patch) == tree_b


def of_one_commit(
    session: Session, project: Path, *states: Mapping[str, bytes | None]
) -> CodeDifference:
    """Return the difference of two runs with these changes, without the repository."""
    records = []
    now = git(project, "rev-parse", "HEAD")
    for number, state in enumerate(states):
        write(project, state)
        git(project, "add", "-A", "-N")
        records.append(record(session, number, now, captured(project)))
        git(project, "add", "-A")
        git(project, "reset", "-q", "--hard")
    return code_difference(session, records[0], records[1])


def test_one_commit_needs_no_repository(session: Session, tmp_path: Path) -> None:
    """Two sets of changes to one commit say all; what neither shows is the same in both."""
    project = tmp_path / "project"
    make_repository(
        project, {"a.py": TEXT, "b.py": TEXT, "c.py": b"c\n", "d.py": TEXT, "e.py": b"e\n"}
    )
    mine = {"a.py": TEXT.replace(b"line 2\n", b"A\n"), "c.py": None, "d.py": TEXT + b"d\n"}
    theirs = {
        "a.py": TEXT.replace(b"line 2\n", b"B\n").replace(b"line 30\n", b"B\n"),
        "b.py": TEXT.replace(b"line 9\n", b""), "d.py": TEXT + b"d\n", "n.py": b"new\n",
        "e.py": b"f\n",
    }  # fmt: skip
    files = {"a.py": TEXT, "b.py": TEXT, "c.py": b"c\n", "d.py": TEXT, "e.py": b"e\n"}
    found = of_one_commit(session, project, mine, theirs)
    here = {name: data for name, data in {**files, **mine}.items() if data is not None}
    assert put_on(tmp_path / "checked", here, found.patch) == {**files, **theirs}
    assert found.same is False
    assert [one.path for one in found.files] == ["a.py", "b.py", "c.py", "e.py", "n.py"]
    assert found.missing == (f"There is no git repository at or above {session.root}.",)


def test_the_same_source_is_said_to_be_the_same(session: Session) -> None:
    """One commit and the same changes, or none, is the same source; whatever git is there."""
    patch = b"diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    a, b = (record(session, number, "9" * 40, patch) for number in (1, 2))
    assert code_difference(session, a, b).same is True
    clean = record(session, 3, "9" * 40), record(session, 4, "9" * 40)
    found = code_difference(session, *clean)
    assert found.same is True
    assert "without uncommitted changes" in found.basis


def test_what_is_not_known_is_not_called_the_same(session: Session) -> None:
    """Changes that were cut, lost or never looked for leave the answer open, and are said."""
    whole = record(session, 1, "9" * 40)
    for number, facts, words in (
        (2, {"dirty": True}, "were not kept"),
        (3, {"dirty": None}, "was not recorded"),
        (4, {"diff_cut": True}, "cut at 1 MB"),
    ):
        found = code_difference(session, whole, record(session, number, "9" * 40, **facts))
        assert found.same is None
        assert words in " ".join(found.missing)


def test_different_commits_without_a_repository_are_laid_side_by_side(session: Session) -> None:
    """The captured changes are shown under labels, and that the commits are unknown is said."""
    head = b"diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n"
    a = record(session, 1, "a" * 40, head + b"@@ -1,2 +1,2 @@\n-old\n+same\n-one\n+two\n")
    b = record(session, 2, "b" * 40, head + b"@@ -8,2 +8,2 @@\n-old\n+same\n-one\n+three\n")
    found = code_difference(session, a, b)
    assert found.same is None
    assert found.patch == b""
    assert found.text.splitlines() == [
        "# only in the changes of A: x.py (changed)", "+two",
        "# only in the changes of B: x.py (changed)", "+three",
    ]  # fmt: skip
    assert "aaaaaaaaaaaa" in found.basis
    assert "bbbbbbbbbbbb" in found.basis
    assert any("committed between" in one for one in found.missing)


def test_runs_without_git_are_told(session: Session, tmp_path: Path) -> None:
    """A run outside of any repository, or of a format that captures nothing, is no error."""
    a = record(session, 1, None)
    found = code_difference(session, a, record(session, 2, None))
    assert (found.same, found.text) == (None, "")
    assert found.missing == (
        "The commit of A was not recorded.",
        "The commit of B was not recorded.",
    )
    short = record(session, 3, "9f3c")
    assert any("not a whole id" in one for one in code_difference(session, a, short).missing)
    now = make_repository(tmp_path / "p", {"x": b"1\n"})
    half = code_difference(session, a, record(session, 4, now), at=tmp_path / "p")
    assert half.same is None
    assert "B ran commit" in half.basis


def test_changes_that_do_not_fit_their_commit_are_told(session: Session, tmp_path: Path) -> None:
    """A patch that was made on something else is not bent until it fits."""
    now = make_repository(tmp_path / "p", {"x.py": b"1\n", "y.py": b"1\n"})
    wrong = b"diff --git a/x.py b/x.py\nindex 1..2 100644\n@@ -1 +1 @@\n-9\n+2\n"
    right = b"diff --git a/y.py b/y.py\nindex 1..2 100644\n@@ -1 +1 @@\n-1\n+2\n"
    found = code_difference(
        session, record(session, 1, now), record(session, 2, now, wrong + right), at=tmp_path / "p"
    )
    assert [one.path for one in found.files] == ["y.py"]
    assert any(one.startswith("x.py cannot be built again as B had it") for one in found.missing)


def test_a_long_difference_is_cut_at_a_file(session: Session, tmp_path: Path) -> None:
    """What is shown stays a patch that fits; how much is not shown is said."""
    project = tmp_path / "p"
    first = make_repository(project, {"a": b"1\n"})
    long = b"".join(b"%d\n" % n for n in range(90_000))
    second = commit(project, {f"{n}.txt": long for n in range(3)})
    found = code_difference(
        session, record(session, 1, first), record(session, 2, second), at=project
    )
    assert len(found.patch) < 1 << 20
    assert len(found.files) == 3
    assert any("of 3 are not shown" in one for one in found.missing)
    assert put_on(tmp_path / "checked", {"a": b"1\n"}, found.patch)["0.txt"] == long


def test_beyond_the_bound_no_lines_are_compared(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are then told to differ and no more, and how many those are is said."""
    project, compared = tmp_path / "p", []

    def watched(a: Side, b: Side) -> FileDifference | None:
        compared.append(a.path)
        return difference(a, b)

    monkeypatch.setattr(rebuilt, "difference", watched)
    first = make_repository(project, {f"{n}.txt": b"1\n" for n in range(6)})
    long = b"".join(b"%d\n" % n for n in range(90_000))
    second = commit(project, {f"{n}.txt": long if n else b"0\n" for n in range(5)})
    found = code_difference(
        session, record(session, 1, first), record(session, 2, second), at=project
    )
    assert compared == ["0.txt", "1.txt", "2.txt"]
    assert [one.path for one in found.files] == [f"{n}.txt" for n in range(5)]
    assert "The lines of 2 files were not compared." in found.missing
    assert any("3 files of 5 are not shown" in one for one in found.missing)


def test_files_too_large_to_compare_are_named(session: Session, tmp_path: Path) -> None:
    """A file beyond the bound differs and is named, without its lines."""
    project = tmp_path / "p"
    first = make_repository(project, {"big": b"x" * 2_000_000})
    second = commit(project, {"big": b"y" * 2_000_000})
    found = code_difference(
        session, record(session, 1, first), record(session, 2, second), at=project
    )
    assert found.same is False
    assert [one.path for one in found.files] == ["big"]
    assert any("longer than 1 MB" in one for one in found.missing)


def test_names_out_of_a_patch_lead_nowhere(session: Session, tmp_path: Path) -> None:
    """A patch that names files outside of the repository reads none of them."""
    now = make_repository(tmp_path / "p", {"x.py": b"1\n"})
    (tmp_path / "secret").write_bytes(b"secret\n")
    patch = b"diff --git a/../secret b/../secret\nindex 1..2 100644\n@@ -1 +1 @@\n-secret\n+2\n"
    found = code_difference(
        session, record(session, 1, now), record(session, 2, now, patch), at=tmp_path / "p"
    )
    assert found.files == ()
    assert json.dumps(found.text) == '""'
