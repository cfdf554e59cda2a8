"""A repository is read, and nothing it says is run."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

import pytest

from tests.building import write_workspace
from tests.repositories import captured, commit, git, make_repository, write
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import git as process
from workbench.operations.repository import Repository, find, is_commit, look, repository_at
from workbench.operations.session import Session, open_session


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with two files."""
    folder = tmp_path / "project"
    make_repository(folder, {"train.py": b"lr = 0.1\n", "data/täst.txt": b"\xff\r\nx"})
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace outside of any repository."""
    made = open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True)
    with made:
        yield made


def head(folder: Path) -> str:
    """Return the commit a repository stands at."""
    return git(folder, "rev-parse", "HEAD")


def poison(folder: Path, marker: Path) -> None:
    """Name a program that leaves a marker wherever a repository can name one."""
    touch = f"touch '{marker.as_posix()}'"
    settings = {
        "diff.external": touch,
        "diff.evil.command": touch,
        "diff.evil.textconv": touch,
        "filter.evil.smudge": f"{touch}; cat",
        "filter.evil.clean": f"{touch}; cat",
        "filter.evil.process": touch,
        "filter.evil.required": "true",
        "core.fsmonitor": touch,
        "core.pager": touch,
        "core.sshCommand": touch,
        "core.hooksPath": (folder / "evil").as_posix(),
        "remote.far.url": f"ext::touch {marker.as_posix()}",
        "remote.far.promisor": "true",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "extensions.partialClone": "far",
        "core.repositoryFormatVersion": "1",
    }
    for name, value in settings.items():
        git(folder, "config", name, value)
    for where in (folder / "evil", folder / ".git/hooks"):
        where.mkdir(exist_ok=True)
        for hook in ("post-checkout", "post-index-change", "pre-commit", "reference-transaction"):
            (where / hook).write_text(f"#!/bin/sh\n{touch}\n", "utf-8")
            (where / hook).chmod(0o755)


def test_files_are_read_as_they_were_committed(project: Path) -> None:
    """Bytes of any encoding come back as they are; what is not there is none."""
    here = Repository(project)
    now = head(project)
    assert here.blob(now, "data/täst.txt") == b"\xff\r\nx"
    asked = [(now, "train.py"), (now, "nothing.py"), ("0" * 40, "train.py"), (now, "data")]
    assert here.blobs(asked) == [b"lr = 0.1\n", None, None, None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 40, True), ("0" * 64, True), ("a" * 39, False), ("A" * 40, False),
        ("--upload-pack=x", False), ("HEAD", False), ("", False), (None, False),
        ("a" * 40 + "\n", False),
    ],
)  # fmt: skip
def test_only_a_whole_id_is_a_commit(text: str | None, expected: bool) -> None:
    """Nothing that git could take for an option, a name or a range is one."""
    assert is_commit(text) is expected


def test_names_that_lead_elsewhere_are_not_asked_for(project: Path) -> None:
    """A name out of a run's files cannot climb, begin with a slash or hold a second question."""
    here, now = Repository(project), head(project)
    for path in ("../project/train.py", "/train.py", "./train.py", f"x\n{now}:train.py", ""):
        assert here.blobs([(now, path), (now, "train.py")]) == [None, b"lr = 0.1\n"]


def test_a_commit_is_held_or_not(project: Path) -> None:
    """A blob's id is not a commit's, and other text is no id."""
    here = Repository(project)
    assert here.holds(head(project))
    assert not here.holds(git(project, "rev-parse", "HEAD:train.py"))
    assert not here.holds("HEAD")
    assert not here.holds("0" * 40)


def test_what_two_commits_have_differently_is_listed(project: Path) -> None:
    """New, deleted, changed and renamed files, with their modes."""
    first = head(project)
    text = b"".join(b"line %d\n" % n for n in range(30))
    second = commit(project, {"a.py": text, "b.py": b"1\n"})
    third = commit(project, {"a.py": None, "c d.py": text + b"more\n", "b.py": None, "n": b""})
    listed = Repository(project).changed_paths(second, third)
    assert not listed.cut
    assert {(one.old, one.new) for one in listed.entries} == {
        ("a.py", "c d.py"), ("b.py", None), (None, "n"),
    }  # fmt: skip
    assert Repository(project).changed_paths(first, second).entries[0].new_mode == "100644"
    with pytest.raises(ValueError, match="whole id"):
        Repository(project).changed_paths("HEAD", first)


def test_nothing_a_repository_says_is_run(
    project: Path, tmp_path: Path, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Differs, filters, hooks, monitors and transports in its settings stay still."""
    write(project, {"train.py": b"lr = 0.2\n"})
    patch = captured(project)
    first = head(project)
    second = commit(project, {".gitattributes": b"* diff=evil filter=evil\n"})
    marker = tmp_path / "ran"
    poison(project, marker)
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", f"touch {marker}")
    monkeypatch.setenv("GIT_SSH_COMMAND", f"touch {marker}")
    monkeypatch.chdir(project)
    here = find(session, [first, second])
    assert here == Repository(project)
    assert here.changed_paths(first, second).entries
    assert here.blob(second, "train.py") == b"lr = 0.2\n"
    assert not here.holds("1" * 40)
    assert here.blob("1" * 40, "train.py") is None
    tree = tmp_path / "tree"
    here.worktree_add(tree, first)
    here.apply(tree, patch)
    assert (tree / "train.py").read_bytes() == b"lr = 0.2\n"
    here.worktree_remove(tree)
    assert not marker.exists()
    assert here.filters == ("evil",)
    with suppress(CalledProcessError):
        git(project, "checkout", "-q", "-f", first)
    assert marker.exists(), "the traps do not work"


def test_filters_are_left_out_of_a_checkout(project: Path, tmp_path: Path) -> None:
    """A file stands in the new folder as it was committed, whatever a filter would make of it."""
    now = commit(project, {".gitattributes": b"*.py filter=loud\n"})
    git(project, "config", "filter.loud.smudge", "tr a-z A-Z")
    Repository(project).worktree_add(tmp_path / "tree", now)
    assert (tmp_path / "tree/train.py").read_bytes() == b"lr = 0.1\n"


def test_filters_a_commit_asks_for_are_known(project: Path) -> None:
    """Those of its attributes in any folder, whether settings know them or not; no others."""
    before = head(project)
    now = commit(project, {".gitattributes": b"*.bin filter=lfs -text\n# none\n*.txt text\n",
                           "data/.gitattributes": b"*.key filter=crypt\r\n",
                           "notes.txt": b"filter=other\n"})  # fmt: skip
    assert Repository(project).filters_at(now) == ("crypt", "lfs")
    assert Repository(project).filters_at(before) == ()
    assert Repository(project).filters_at("HEAD") == ()


def test_filters_that_only_a_new_folder_has_are_left_out_too(project: Path, tmp_path: Path) -> None:
    """Settings that hold for checked out folders alone run nothing there, nor for a patch."""
    now = commit(project, {".gitattributes": b"*.py filter=late\n"})
    (tmp_path / "late").write_text('[filter "late"]\nsmudge = tr a-z A-Z\n', "utf-8")
    git(project, "config", "includeIf.gitdir:**/worktrees/**.path", str(tmp_path / "late"))
    here, tree = Repository(project), tmp_path / "tree"
    here.worktree_add(tree, now)
    assert (tree / "train.py").read_bytes() == b"lr = 0.1\n"
    here.apply(tree, b"--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-lr = 0.1\n+lr = 0.3\n")
    assert (tree / "train.py").read_bytes() == b"lr = 0.3\n"
    git(tree, "checkout", "-q", "-f", now)
    (tree / "train.py").unlink()
    git(tree, "checkout", "-q", "train.py")
    assert (tree / "train.py").read_bytes() == b"LR = 0.1\n", "the trap does not work"


def test_a_folder_that_was_lost_is_checked_out_again(project: Path, tmp_path: Path) -> None:
    """A folder deleted by hand does not stop the next one of its name."""
    here, tree = Repository(project), tmp_path / "tree"
    here.worktree_add(tree, head(project))
    (tree / "train.py").unlink()
    here.worktree_remove(tree)
    assert not tree.exists()
    here.worktree_add(tree, head(project))
    assert (tree / "train.py").exists()


def test_a_patch_that_does_not_fit_is_refused(project: Path, tmp_path: Path) -> None:
    """It changes nothing, says why, and never writes outside the folder."""
    here, tree = Repository(project), tmp_path / "tree"
    here.worktree_add(tree, head(project))
    outside = b"diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n"
    for patch in (b"--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-no\n+yes\n",
                  outside + b"@@ -0,0 +1 @@\n+hi\n"):  # fmt: skip
        with pytest.raises(NotAllowedError, match="do not fit"):
            here.apply(tree, patch)
    assert not (tmp_path / "x").exists()
    with pytest.raises(NotAllowedError, match="cannot be checked out"):
        here.worktree_add(tmp_path / "other", "0" * 40)
    with pytest.raises(NotAllowedError, match="whole id"):
        here.worktree_add(tmp_path / "other", "--help")


def test_the_nearest_repository_counts_and_the_reason_is_said(
    session: Session, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The current folder first, then the workspace; why there is none is a sentence."""
    monkeypatch.chdir(tmp_path)
    now = head(project)
    assert look(session, [now]).said.startswith("There is no git repository")
    monkeypatch.chdir(project / "data")
    assert find(session, [now]) == Repository(project)
    found = look(session, [now, "0" * 40])
    assert found.repository is None
    assert "does not hold commit 000000000000" in found.said
    monkeypatch.chdir(tmp_path)
    assert find(session, [now], at=project) == Repository(project)


def test_without_git_there_is_a_sentence(
    session: Session, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where git is not installed nothing fails; a git in the current folder is not used."""
    fake = project / "git"
    fake.write_text("#!/bin/sh\necho no\n", "utf-8")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(project)
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", str(project / "data"))))
    assert look(session, ["a" * 40]) == (None, "Git is not installed.")
    assert Repository(project).blob("a" * 40, "train.py") is None


def test_a_folder_shaped_like_a_repository_is_none(tmp_path: Path) -> None:
    """Settings of a bare repository, which anybody can drop into a shared folder, are not read."""
    git(tmp_path, "init", "-q", "--bare", "shared")
    for name, value in (("core.bare", "false"), ("core.worktree", str(tmp_path / "shared"))):
        git(tmp_path, "config", "--file", "shared/config", name, value)
    assert repository_at(tmp_path / "shared").repository is None


def test_long_output_is_cut_and_slow_git_is_ended(project: Path) -> None:
    """Output ends at the bound, and so does patience."""
    commit(project, {"long.txt": b"x" * 5000})
    answer = process.ask(project, "cat-file", "blob", "HEAD:long.txt", most=100)
    assert (len(answer.data), answer.cut, answer.good) == (100, True, False)
    slow = process.ask(project, "-c", "alias.slow=!sleep 600", "slow", patience=0.2)
    assert slow.code is None
    assert "longer than" in slow.said


def test_somebody_elses_repository_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git refuses a repository of another account; that is told as it is."""
    refusal = process.Output(b"", cut=False, code=128, said="fatal: detected dubious ownership in")
    monkeypatch.setattr("workbench.operations.repository.ask", lambda *_, **__: refusal)
    assert "belongs to somebody else" in repository_at(tmp_path).said
