"""The commands of the model registry, from registering to rolling back."""

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import Result

from tests.building import points, write_run
from tests.cli.conftest import Run
from tests.formats.checking import SPECIMENS

RULES = """
[user]
name = "ana"

[stages.staging]

[stages.production]

[[stages.production.checks]]
name = "good enough"
rule = "metrics.`val/auc` >= 0.85"

[[stages.production.checks]]
name = "card written"
kind = "manual"
item = "The model card is written."
by = ["ana"]
"""


@pytest.fixture
def registered(workspace: Path, run: Run) -> Run:
    """Three versions of churn: two from files, the third from a run that has a metric."""
    for number in (1, 2):
        file = workspace / f"m{number}.json"
        file.write_text(f'{{"weights": {number}}}')
        assert run("register", str(file), "churn", "--files").stdout == f"churn@{number}\n"
    built = write_run(workspace, number=7, name="best", params={"lr": 0.3},
                      metrics=points(3, "val/auc"), artifacts={"model.json": b"{}"})  # fmt: skip
    done = run("register", built.run_id, "churn", "--artifact", "model.json")
    assert done.stdout == "churn@3\n", done.output
    return run


def _promote(run: Run, ref: str, *more: str) -> Result:
    return run("promote", ref, "--stage", "production", "--reason", "because", *more)


def test_the_same_files_of_the_same_run_are_not_doubled(registered: Run, workspace: Path) -> None:
    """Registering again names the version that is there."""
    done = registered("register", str(workspace / "m1.json"), "churn", "--files")
    assert done.stdout == "churn@1\n"
    assert "registered before" in done.stderr


def test_what_was_held_is_not_guessed(registered: Run, workspace: Path) -> None:
    """Behind an event that cannot be read another version may hold the stage: exit 1 says so."""
    _promote(registered, "churn@1")
    _promote(registered, "churn@2")
    newest = max((workspace / "registry/churn/events").iterdir())
    newest.write_bytes(newest.read_bytes()[:99])
    done = registered("history", "churn@production", "--at", "0d")
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"It cannot be told: registry/churn/events/{newest.name} cannot be read" in done.stderr


def test_promoting_and_rolling_back_are_told_everywhere(registered: Run) -> None:
    """Lists, history and the day say the same; a second rollback never restores the bad one."""
    assert _promote(registered, "churn@1").exit_code == 0
    assert _promote(registered, "churn@2").exit_code == 0
    done = registered("rollback", "churn", "--stage", "production", "--reason", "bad")
    assert (done.exit_code, "churn@1 again" in done.stderr) == (0, True)
    again = registered("rollback", "churn", "--stage", "production", "--reason", "worse")
    assert (again.exit_code, "--empty" in again.stderr) == (4, True)
    (line,) = json.loads(registered("models", "--json").stdout)
    assert [(one["stage"], one["version"]) for one in line["stages"]] == [("production", 1)]
    told = json.loads(registered("history", "churn", "--json").stdout)
    assert [one["kind"] for one in told][:3] == ["rolled-back", "promoted", "promoted"]
    (held,) = json.loads(registered("history", "churn@production", "--at", "0d", "--json").stdout)
    assert (held["version"], held["reason"]) == (1, "bad")
    emptied = registered("rollback", "churn", "--stage", "production", "--reason", "x", "--empty")
    assert (emptied.exit_code, "is empty" in emptied.stderr) == (0, True)


def test_a_gate_says_three_things(registered: Run, workspace: Path) -> None:
    """Fails is 3, undecided 5, and both files carry what the card says."""
    (workspace / "workbench.toml").write_text(RULES)
    done = registered("gate", "churn@3", "--stage", "production", "--json", "out.json",
                      "--junit", "out.xml")  # fmt: skip
    found = json.loads((workspace / "out.json").read_text())
    assert {one["name"]: one["outcome"] for one in found["checks"]} == {
        "good enough": "fails", "card written": "fails",
    }  # fmt: skip
    assert done.exit_code == 3
    suite = ET.parse(workspace / "out.xml").getroot()  # noqa: S314 - our own
    assert len(list(suite.iter("failure"))) == 2
    tick = ("--stage", "production", "--check", "card written")
    assert registered("tick", "churn@1", *tick).exit_code == 0
    undecided = registered("gate", "churn@1", "--stage", "production")
    assert (undecided.exit_code, "val/auc" in undecided.stdout) == (5, True)
    assert "good enough" in done.stdout


def test_an_override_needs_a_reason_and_stays(registered: Run, workspace: Path) -> None:
    """What fails is overridden by name; it is told with the history for ever."""
    (workspace / "workbench.toml").write_text(RULES)
    assert _promote(registered, "churn@3").exit_code == 3
    assert _promote(registered, "churn@3", "--override", "good enough").exit_code == 2
    ticked = registered("tick", "churn@3", "--stage", "production", "--check", "card written")
    assert ticked.exit_code == 0, ticked.output
    done = _promote(registered, "churn@3", "--override", "good enough=pilot only")
    assert done.exit_code == 0, done.output
    (line, *_) = json.loads(registered("history", "churn", "--json").stdout)
    assert line["overrides"] == {"good enough": "pilot only"}


def test_what_an_approval_or_a_tick_is_bound_to_is_said(registered: Run, workspace: Path) -> None:
    """Nobody was shown it before: files, what the stage held, and the rules."""
    assert _promote(registered, "churn@1").exit_code == 0
    (workspace / "workbench.toml").write_text(RULES)
    said = registered("approve", "churn@2", "--stage", "production").stderr
    assert re.search(r"by ana\. Bound to the files \w{12}, to production holding v1 and to ", said)
    assert re.search(r"to the rules \w{12}\. The name is a setting", said)
    assert "staging empty" in registered("approve", "churn@2", "--stage", "staging").stderr
    ticked = registered("tick", "churn@2", "--stage", "production", "--check", "card written")
    assert re.search(r"files \w{12} and to the words: The model card is written\.", ticked.stderr)


def test_an_older_state_is_refused_with_what_is_there(registered: Run) -> None:
    """Whoever expects another holder is told, with exit code 6."""
    assert _promote(registered, "churn@1", "--expect", "none").exit_code == 0
    done = _promote(registered, "churn@2", "--expect", "none")
    assert (done.exit_code, "is version 1, not empty" in done.stderr) == (6, True)
    assert "because" in done.stderr
    assert _promote(registered, "churn@2", "--expect", "v1").exit_code == 0


def test_asking_freezing_and_retiring(registered: Run) -> None:
    """Each act says what it did, and what it forbids is refused with exit code 4."""
    words = ("--stage", "production", "--reason", "quarter's end")
    assert registered("request", "churn@2", *words).exit_code == 0
    assert registered("freeze", "churn", *words, "--until", "7d").exit_code == 0
    assert _promote(registered, "churn@2").exit_code == 4
    assert registered("unfreeze", "churn", *words).exit_code == 0
    assert registered("retire", "churn@2", "--reason", "leaks").exit_code == 0  # closes the request
    refused = _promote(registered, "churn@2")
    assert (refused.exit_code, "retired" in refused.stderr) == (4, True)
    assert registered("retire", "churn@2", "--reason", "it does not", "--undo").exit_code == 0
    assert registered("request", "churn@2", *words).exit_code == 0
    assert registered("request", "churn@2", *words, "--withdraw").exit_code == 0
    assert _promote(registered, "churn@2").exit_code == 0


def test_a_version_and_two_of_them(registered: Run) -> None:
    """Everything about one, and how two differ."""
    text = registered("models", "churn@3").stdout
    assert all(word in text for word in ("best", "val/auc", "model.json", "lr"))
    fields = json.loads(registered("models", "churn@3", "--json").stdout)
    assert (fields["version"], fields["params"]) == (3, {"lr": 0.3})
    text = registered("models", "churn@3", "--against", "churn@1").stdout
    assert "Their files differ." in text
    compared = json.loads(registered("models", "churn@3", "--against", "churn@1", "--json").stdout)
    assert compared["params"] == [{"name": "lr", "was": None, "now": 0.3}]


def test_the_registry_is_examined_against_an_anchor(registered: Run, workspace: Path) -> None:
    """An event that was changed is named, and a rewritten history does not fit the anchor."""
    anchor = registered("history", "--anchor").stdout
    (workspace / "anchor.txt").write_text(anchor)
    good = registered("doctor", "--registry", "--anchor", "anchor.txt")
    assert (good.exit_code, "goes on from it" in good.stdout) == (0, True)
    event = workspace / "registry/churn/events/0000000002.json"
    event.chmod(0o644)
    event.write_bytes(event.read_bytes().replace(b"m2.json", b"m9.json").replace(b"2", b"3", 1))
    bad = registered("doctor", "--registry", "--anchor", "anchor.txt")
    assert (bad.exit_code, "event 2" in bad.stdout) == (3, True)


def test_history_begins_with_the_day_and_knows_its_stages(registered: Run) -> None:
    """A day counts from its beginning, a stage nobody has is named with those there are."""
    assert _promote(registered, "churn@1").exit_code == 0
    today = json.loads(registered("history", "--since", "0d", "--json").stdout)
    assert today == []
    day = date.today().isoformat()  # noqa: DTZ011 - the day of this computer, as people mean it
    told = json.loads(registered("history", "churn@production", "--since", day, "--json").stdout)
    assert [one["kind"] for one in told] == ["promoted"]
    wrong = registered("history", "churn@prodution")
    assert (wrong.exit_code, "production" in wrong.stderr) == (2, True)
    empty = registered("history", "churn@staging", "--at", day)
    assert "churn@staging held nothing" in empty.stderr


def test_describing_and_deleting(registered: Run, workspace: Path) -> None:
    """Words beside a version change; deleting leaves its number and history."""
    assert registered("describe", "churn@1", "pilot", "--tag", "team=risk").exit_code == 0
    fields = json.loads(registered("models", "churn@1", "--json").stdout)
    assert (fields["description"], fields["tags"]) == ("pilot", {"team": "risk"})
    assert registered("describe", "churn@1", "--untag", "team").exit_code == 0
    assert json.loads(registered("models", "churn@1", "--json").stdout)["tags"] == {}
    assert registered("describe", "churn@1").exit_code == 2
    assert registered("delete", "churn@2", "--reason", "leaks").exit_code == 0
    gone = json.loads(registered("models", "churn@2", "--json").stdout)
    assert gone["deleted"] == "leaks"
    assert not (workspace / "registry/churn/files" / gone["manifest"]).exists()
    assert _promote(registered, "churn@1").exit_code == 0
    refused = registered("delete", "churn@1", "--reason", "x")
    assert (refused.exit_code, "holds production" in refused.stderr) == (4, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("models", "chrn"), 2, "churn"),
        (("models", "churn@9"), 2, "no version 9"),
        (("models", "churn@prod"), 2, "production"),
        (("promote", "churn", "--stage", "production", "--reason", "x"), 2, "churn@3"),
        (("promote", "churn@1", "--stage", "prod", "--reason", "x"), 2, "production"),
        (("promote", "churn@1", "--stage", "production", "--reason", " "), 2, "reason"),
        (("promote", "churn@1", "--stage", "production"), 2, "--reason"),
        (("rollback", "churn@1", "--stage", "production", "--reason", "x"), 2, "Name the model"),
        (("rollback", "churn", "--stage", "production", "--reason", "x", "--to", "two"), 2, "two"),
        (("freeze", "churn", "--stage", "production", "--reason", "x", "--until", "1999-01-01"), 2,
         "is over"),
        (("history", "--at", "yesterday"), 2, "2026-08-14"),
        (("history", "--at", "0d", "--anchor"), 2, "together"),
        (("register", "nothing", "churn"), 2, "nothing"),
        (("register", "m1.json", "churn"), 2, "--files"),
        (("register", "m1.json", "Churn Model", "--files"), 2, "churn-model"),
        (("doctor", "--anchor", "m1.json"), 2, "--registry"),
    ],
)  # fmt: skip
def test_wrong_words_get_one_sentence(
    registered: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    """Each says what to write instead, and nothing is recorded."""
    before = registered("history", "--anchor").stdout
    done = registered(*words)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output
    assert registered("history", "--anchor").stdout == before


def test_a_list_of_signers_counts_once_somebody_here_agreed(
    registered: Run, workspace: Path
) -> None:
    """The doctor shows whose keys it lists, and only when the registry is looked at."""
    (workspace / "allowed_signers").write_text(f"ben ssh-ed25519 {'A' * 68}\n")
    done = registered("doctor", "--registry", "--agree-signers")
    assert (done.exit_code, "1 key of ben" in done.stdout) == (0, True), done.output
    again = registered("doctor", "--registry", "--agree-signers")
    assert "agreed to before" in again.stdout
    assert registered("doctor", "--agree-signers").exit_code == 2


@pytest.mark.parametrize("name", ["mlflow_file", "mlflow_sqlite"])
def test_what_a_store_has_registered_is_said(run: Run, name: str) -> None:
    """What there is, with versions and aliases, and how to have it here, not that nothing is."""
    root = SPECIMENS / name / "data"
    done = run("models", "-w", str(root))
    assert done.exit_code == 0
    assert "No model is registered" not in done.output
    assert "iris-sgd-clf" in done.stdout
    assert "champion" in done.stdout
    assert "holds 1 registered model (iris-sgd-clf); `workbench import " in done.output
    assert json.loads(run("models", "--json", "-w", str(root)).stdout) == []
    assert "No model is registered" in run("models").output
