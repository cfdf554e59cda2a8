"""What the commands of the registry say when its files or events are damaged or gone."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

EVENTS = "registry/churn/events"


@pytest.fixture
def promoted(workspace: Path, run: Run) -> Run:
    """Two versions of churn that held production one after the other: four events."""
    for number in (1, 2):
        file = workspace / f"m{number}.json"
        file.write_text(f'{{"weights": {number}}}')
        assert run("register", str(file), "churn", "--files").exit_code == 0
    for number in (1, 2):
        done = run("promote", f"churn@{number}", "--stage", "production", "--reason", "because")
        assert done.exit_code == 0
    return run


def cut(workspace: Path, seq: int) -> None:
    """Leave half of an event."""
    path = workspace / EVENTS / f"{seq:010d}.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-40])


def damage(workspace: Path, number: int) -> None:
    """Change the file of a version."""
    (path,) = workspace.glob(f"registry/churn/files/*/m{number}.json")
    path.chmod(0o644)
    path.write_text("[]")


def _back(run: Run, *more: str) -> str:
    done = run("rollback", "churn", "--stage", "production", "--reason", "bad", *more)
    assert done.exit_code == 4
    return done.stderr


def test_nobody_to_give_back_to_because_of_files(promoted: Run, workspace: Path) -> None:
    """A former holder whose files are damaged is named, with what is amiss."""
    damage(workspace, 1)
    said = _back(promoted)
    assert "v1 cannot come back: m1.json" in said
    assert "--empty" in said


def test_nobody_to_give_back_to_because_of_the_journal(promoted: Run, workspace: Path) -> None:
    """Behind a damaged event nobody knows the former holders: that is the reason."""
    cut(workspace, 4)
    said = _back(promoted)
    assert "0000000004.json cannot be read" in said
    assert "former holder" not in said


def test_an_empty_stage_has_nothing_to_roll_back(promoted: Run) -> None:
    """It is not emptied a second time, and other reasons are not invented."""
    words = ("rollback", "churn", "--stage", "production", "--reason", "bad")
    assert promoted(*words).exit_code == 0
    assert promoted(*words, "--empty").exit_code == 0
    assert "churn@production is empty: there is nothing to roll back" in _back(promoted)
    assert "churn@staging is empty: there is nothing" in promoted(
        "rollback", "churn", "--stage", "staging", "--reason", "bad"
    ).stderr  # fmt: skip


def test_promoting_damaged_files(promoted: Run, workspace: Path) -> None:
    """Nothing is recorded, and the gate says the same before."""
    damage(workspace, 1)
    said = "churn@1 is not as it was registered: m1.json"
    gate = promoted("gate", "churn@1", "--stage", "staging")
    assert (gate.exit_code, said in gate.stdout) == (4, True)
    done = promoted("promote", "churn@1", "--stage", "staging", "--reason", "because")
    assert (done.exit_code, said in done.stderr) == (4, True)


# -- the journal -------------------------------------------------------------------------


def test_a_journal_that_cannot_be_read_is_pending(promoted: Run, workspace: Path) -> None:
    """Cron is told with exit code 7 that nobody knows what the stages are."""
    cut(workspace, 4)
    for words in (("deploy",), ("deploy", "--all"), ("deploy", "churn")):
        done = promoted(*words)
        assert (done.exit_code, "not known what churn@production is" in done.stdout) == (7, True)


def test_the_newest_event_is_gone(promoted: Run, workspace: Path) -> None:
    """Pointers stay, nothing is recorded over it, and the doctor calls it bad."""
    (workspace / EVENTS / "0000000004.json").unlink()
    before = (workspace / "deploy/production/churn.json").read_bytes()
    said = "deploy/production/churn.json was made from event 4"
    done = promoted("deploy", "--all")
    assert (done.exit_code, said in done.stdout) == (7, True)
    assert (workspace / "deploy/production/churn.json").read_bytes() == before
    doctor = promoted("doctor", "--registry")
    assert (doctor.exit_code, said in doctor.stdout) == (3, True)
    again = promoted("promote", "churn@1", "--stage", "staging", "--reason", "because")
    assert (again.exit_code, said in again.stderr) == (4, True)
    other = promoted("register", "m1.json", "churn", "--files")
    assert (other.exit_code, said in other.stderr) == (4, True)
    assert len(list((workspace / EVENTS).iterdir())) == 3


@pytest.mark.parametrize(
    "words", [("models",), ("models", "churn"), ("history",), ("history", "churn"),
              ("models", "churn@1"), ("models", "--json")],
)  # fmt: skip
@pytest.mark.parametrize("gone", [False, True])
def test_what_is_not_shown_is_said(
    promoted: Run, workspace: Path, words: tuple[str, ...], gone: bool
) -> None:
    """Whoever may be shown the state before a damaged event is told so."""
    if gone:
        (workspace / EVENTS / "0000000004.json").unlink()
    else:
        cut(workspace, 4)
    done = promoted(*words)
    assert done.exit_code == 0
    assert done.stderr.count("churn: event 4 cannot be read: ") == 1
    assert "what happened since may not be shown" in done.stderr


def test_a_model_of_which_nothing_can_be_read(promoted: Run, workspace: Path) -> None:
    """Its age is unknown, and its versions are not said to be none."""
    cut(workspace, 1)
    done = promoted("models", "--md")
    assert "| — |" in done.stdout
    (line,) = json.loads(promoted("models", "--json").stdout)
    assert line["registered"] is None
    named = promoted("models", "churn@1")
    assert (named.exit_code, "whether there is a churn@1: registry" in named.stderr) == (1, True)


# -- an anchor ---------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "churn 4 abc\n", "Dear all,\nall is well.\n"])
def test_an_anchor_that_is_none(promoted: Run, workspace: Path, content: str) -> None:
    """A file without one line of an anchor proves nothing, and is refused by its name."""
    (workspace / "mail.txt").write_text(content)
    done = promoted("doctor", "--registry", "--anchor", "mail.txt")
    assert (done.exit_code, "mail.txt" in done.stderr) == (2, True)
    assert "history --anchor" in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_anchor_in_a_mail(promoted: Run, workspace: Path, encoding: str) -> None:
    """Other lines and the ways in which Windows writes files do no harm."""
    text = "Dear all,\n" + promoted("history", "--anchor").stdout + "Ana\n"
    (workspace / "mail.txt").write_text(text, encoding)
    done = promoted("doctor", "--registry", "--anchor", "mail.txt")
    assert (done.exit_code, "1 journal goes on from it" in done.stdout) == (0, True)


def test_an_anchor_behind_a_damaged_event(promoted: Run, workspace: Path) -> None:
    """What cannot be reached is not said to be gone."""
    (workspace / "anchor.txt").write_text(promoted("history", "--anchor").stdout)
    cut(workspace, 3)
    done = promoted("doctor", "--registry", "--anchor", "anchor.txt")
    assert done.exit_code == 3
    assert "cannot be reached: event 3 before it cannot be read" in done.stdout


# -- copies ------------------------------------------------------------------------------


def test_a_damaged_copy_is_found_by_the_doctor(promoted: Run, workspace: Path) -> None:
    """Files that consumers read are looked through as well, and the words name what mends them."""
    (workspace / "workbench.toml").write_text('[stages.production]\ndeploy_to = "served"\n')
    (workspace / "served").mkdir()
    done = promoted("promote", "churn@1", "--stage", "production", "--reason", "because")
    assert done.exit_code == 0, done.output
    assert promoted("doctor", "--registry").exit_code == 0
    file = workspace / "served/churn/1/m1.json"
    file.chmod(0o644)
    file.write_text("[]")
    bad = promoted("doctor", "--registry")
    assert (bad.exit_code, "m1.json" in bad.stdout) == (3, True)
    assert "workbench deploy churn --all" in bad.stdout
    assert promoted("deploy", "churn", "--all").exit_code == 0
    assert promoted("doctor", "--registry").exit_code == 0


@pytest.mark.parametrize("what", ["file", "link"])
def test_a_model_that_is_no_folder_is_named(promoted: Run, workspace: Path, what: str) -> None:
    """It does not vanish from lists, and the doctor names it."""
    model = workspace / "registry" / "churn"
    model.rename(workspace.parent / "away")
    if what == "file":
        model.write_text("x")
    else:
        model.symlink_to(workspace.parent / "away", target_is_directory=True)
    done = promoted("models")
    (line,) = (one for one in done.stdout.splitlines() if one.startswith("churn "))
    assert "unreadable" in line
    assert "—" in line
    doctor = promoted("doctor", "--registry")
    assert doctor.exit_code != 0
    assert "BAD   churn" in doctor.stdout


def test_a_registry_that_is_no_folder_is_not_an_empty_one(promoted: Run, workspace: Path) -> None:
    """Every command that lists models says the same sentence."""
    (workspace / "registry").rename(workspace.parent / "away")
    (workspace / "registry").write_text("x")
    assert "registry is not a folder." in promoted("doctor", "--registry").stdout
    assert "registry is not a folder." in promoted("deploy").stderr
    done = promoted("models")
    assert "No model is registered" not in done.stdout + done.stderr
