"""Optuna itself, running a study in another process while it is followed, in both storages."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.libraries import started
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations.session import Session, open_session

SCRIPT = """
import json, sys
import optuna
from optuna.storages import JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)
STORAGE = {
    "optuna": lambda: RDBStorage(
        "sqlite:///study.db", engine_kwargs={"connect_args": {"timeout": PATIENCE}}
    ),
    "optuna-journal": lambda: JournalStorage(JournalFileBackend("journal.log")),
}["KIND"]()
study = optuna.create_study(study_name="s", storage=STORAGE, directions=["maximize"])
study.set_user_attr("owner", "dev")


def tell(**said):
    print("said " + json.dumps(said), flush=True)
    sys.stdin.readline()


def objective(trial):
    x = trial.suggest_float("x", 0.5, 2.0, log=True)
    trial.suggest_categorical("kind", ["a", None, 3, True])
    trial.suggest_int("n", 1, 9)
    trial.set_user_attr("note", "first")
    for step in range(6):
        value = float("nan") if step == 2 else float("inf") if step == 3 else x * step
        trial.report(value, step)
        if trial.number == 0 and step in (1, 3):
            tell(trial=trial.number, step=step)
    if trial.number == 1:
        raise optuna.TrialPruned
    if trial.number == 2:
        raise ValueError("broken")
    return float("inf") if trial.number == 3 else x


study.enqueue_trial({"x": 1.0})
study.optimize(objective, n_trials=5, catch=(ValueError,))
for number in range(20):
    trial = study.ask()
    for step in range(3):
        trial.report(1.0, step)
    study.tell(trial, 1.0)
def plain(value):
    return value if value == value and abs(value) != float("inf") else repr(value)
trials = [
    {
        "number": t.number, "state": t.state.name, "params": t.params, "user": t.user_attrs,
        "values": None if t.values is None else [plain(v) for v in t.values],
        "reports": [plain(v) for v in t.intermediate_values.values()],
    }
    for t in study.get_trials()
]
print("all " + json.dumps({"trials": trials}), flush=True)
"""
PATIENCE_S = 2
"""How long the writer waits for a lock; after that its commit fails, and the study with it."""
KINDS = ["optuna", "optuna-journal"]
STATUS = {"COMPLETE": "FINISHED", "PRUNED": "KILLED", "FAIL": "FAILED", "RUNNING": "RUNNING"}


def script(kind: str) -> str:
    """Return the script that runs a study in a storage of that kind."""
    return SCRIPT.replace("KIND", kind).replace("PATIENCE", str(PATIENCE_S))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session on a folder that is only looked at."""
    with open_session(tmp_path) as opened:
        yield opened


def look(session: Session) -> dict[str, RunRecord]:
    """Look, and return every run by name."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    return {card.name: card for card in cards(session.catalogue, every(session.catalogue))}


def reports(session: Session, card: RunRecord) -> list[float]:
    """Return what a trial reported."""
    return [float(v) for v in session.curves().series(card.run, "intermediate_value").values]


def line(process: subprocess.Popen[str], word: str) -> dict[str, object]:
    """Wait until the script says something that begins with a word, and return it."""
    assert process.stdout
    seen = []
    for text in process.stdout:
        seen.append(text)
        if text.startswith(f"{word} "):
            found: dict[str, object] = json.loads(text.partition(" ")[2])
            return found
    pytest.fail("the script ended: " + "".join(seen)[-2_000:])


def go_on(process: subprocess.Popen[str]) -> None:
    """Let the script go on."""
    assert process.stdin
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.mark.parametrize("kind", KINDS)
def test_a_study_is_followed_and_ends_as_optuna_says(
    kind: str, session: Session, tmp_path: Path
) -> None:
    """Reports are seen while the trial runs; afterwards every trial is what Optuna itself reads."""
    process = started("small", script(kind), tmp_path)
    line(process, "said")
    card = look(session)["s/trial 0"]
    assert (card.status, card.inferred) == ("RUNNING", False)
    assert reports(session, card) == [0.0, 1.0]
    go_on(process)
    line(process, "said")
    before = {path.name for path in tmp_path.iterdir()}
    card = look(session)["s/trial 0"]
    assert repr(reports(session, card)) == "[0.0, 1.0, nan, inf]"
    assert {path.name for path in tmp_path.iterdir()} == before
    go_on(process)
    truth = line(process, "all")
    process.communicate(timeout=60)
    found = look(session)
    trials = truth["trials"]
    assert isinstance(trials, list)
    assert len(found) == len(trials) == 25
    for trial in trials:
        card = found[f"s/trial {trial['number']}"]
        assert card.status == STATUS[trial["state"]]
        assert card.experiment == "s"
        assert dict(card.params) == trial["params"]
        assert dict(card.tags) == trial["user"]
        told = [v if abs(v) < 1e300 else repr(v) for v in reports(session, card)]  # NaN is not
        assert told == trial["reports"]
        values = [card.metrics["value"].last] if "value" in card.metrics else []
        assert [repr(value) for value in values] == [str(v) for v in trial["values"] or []]


def test_no_commit_fails_for_a_reader(session: Session, tmp_path: Path) -> None:
    """Looked at all the time, the study ends, though its writer has little patience."""
    process = started("small", script("optuna"), tmp_path)
    for _ in range(2):
        line(process, "said")
        look(session)
        go_on(process)
    looks = 0
    while process.poll() is None and looks < 10_000:
        looks += len(look(session)) > 0
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert "locked" not in out
    assert looks
    assert len(look(session)) == 25
