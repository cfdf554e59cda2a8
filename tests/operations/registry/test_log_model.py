"""Registering from the script that trains: in a run, outside of one, and when it cannot be."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

import workbench
from workbench.client import Run, active, notice
from workbench.errors import NotFoundError, UsageError
from workbench.operations.registry.log_model import CARD
from workbench.operations.registry.register import near_name
from workbench.operations.registry.register_run import register_run
from workbench.operations.session import open_session
from workbench.registry import manifest
from workbench.registry.journal import FolderJournal
from workbench.settings import create_workspace

FRAME = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0], "b": [1, 1, 0, 0]})
MODEL = LogisticRegression().fit(FRAME, ["no", "no", "yes", "yes"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder where a workspace will be."""
    return tmp_path / "w"


@pytest.fixture
def start(root: Path) -> Callable[..., Run]:
    """Start a run without what goes on beside it."""
    return partial(workbench.start_run, workspace=root, capture=False, system_metrics=False)


@pytest.fixture(autouse=True)
def _nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End what a test leaves open, and tell every sentence anew."""
    monkeypatch.setattr(notice, "_told", set())
    yield
    for run in active.open_runs():
        run.finish()


def unwritable(root: Path) -> None:
    """Break the journal, so that nothing can be registered whoever one is."""
    events = root / "registry/churn/events"
    events.mkdir(parents=True)
    (events / "0000000001.json").write_text("broken")


def test_a_model_is_registered_from_the_active_run(start: Callable[..., Run], root: Path) -> None:
    """With metrics as of now, datasets, an example, and the run still going."""
    with start("churn") as run:
        run.log({"auc": 0.9})
        run.log_dataset(FRAME, "census")
        made = workbench.log_model(MODEL, "churn", input_example=FRAME.head(2), tags={"team": "x"})
        run.log({"auc": 0.95})
    assert made is not None
    details = made.event.details
    assert (str(made), details["rung"], details["why_format"]) == ("churn@1", "data", "")
    assert (details["run"]["id"], details["run"]["status"]) == (run.id, "RUNNING")
    assert details["metrics"]["auc"]["last"] == 0.9
    assert [one["name"] for one in details["datasets"]] == ["census"]
    assert details["example"]["output"][0]["prediction"] == "no"
    assert [one["name"] for one in details["signature"]["columns"]] == ["a", "b"]
    assert details["environment"]["packages"]["scikit-learn"]
    assert manifest.check(root, "churn", made.manifest.hash) == ()
    artifacts = run.folder / "artifacts/churn"
    assert {file.name for file in artifacts.iterdir()} == {"model.skops", CARD}


def test_a_forest_says_which_types_it_needs(start: Callable[..., Run]) -> None:
    """Trees are beyond the known types, because their arrays are followed unchecked."""
    with start("churn"):
        made = workbench.log_model(RandomForestClassifier(2).fit(FRAME, [0, 0, 1, 1]), "churn")
    assert made is not None
    assert made.event.details["rung"] == "data with extra types"
    assert made.event.details["types"] == ["sklearn.tree._tree.Tree"]


def test_a_folder_of_another_library_is_taken_as_bytes(
    start: Callable[..., Run], tmp_path: Path
) -> None:
    """Its content is the version, its name is the artifact's."""
    (tmp_path / "saved/assets").mkdir(parents=True)
    (tmp_path / "saved/model.onnx").write_bytes(b"\x08\x07")
    (tmp_path / "saved/assets/vocab.txt").write_text("a")
    with start("churn") as run:
        made = workbench.log_model(tmp_path / "saved", "churn")
    assert made is not None
    assert [one.path for one in made.manifest.files] == ["assets/vocab.txt", "model.onnx"]
    assert (run.folder / "artifacts/churn/saved/assets/vocab.txt").exists()


def test_a_failure_is_told_once_with_the_command_that_repeats_it(
    start: Callable[..., Run], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The training goes on, the files stay as artifacts, and the command does what it says.

    The same reason again is not news.
    """
    with start("churn") as run:
        unwritable(root)
        assert workbench.log_model(MODEL, "churn", input_example=FRAME.head(2)) is None
        assert workbench.log_model(MODEL, "churn") is None
        run.log({"auc": 1.0})
    said = capsys.readouterr().err
    assert said.count("was not registered") == 1
    found = re.search(r"repeat it with: workbench register (.*)", said)
    assert found is not None
    run_id, model, option, artifact, *where = shlex.split(found[1])
    assert (run_id, option, where) == (run.id, "--artifact", ["--workspace", str(root)])

    (root / "registry/churn/events/0000000001.json").unlink()
    with open_session(root, in_memory=True) as session:
        session.sweep()
        made = register_run(session, run_id, model, artifact)
        facts = session.catalogue.cursor().execute("SELECT facts FROM runs").fetchall()
    assert str(made) == "churn@1"
    assert made.event.details["format"] == "skops"
    assert "registration_failed" in str(facts)


def test_the_command_names_no_workspace_that_is_the_one_near(
    start: Callable[..., Run],
    root: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is as short as it can be."""
    create_workspace(root, 1.0)
    monkeypatch.chdir(root)
    with start("churn") as run:
        unwritable(root)
        workbench.log_model(MODEL, "churn")
    command = f"workbench register {run.id} churn --artifact churn/model.skops\n"
    assert capsys.readouterr().err.endswith(command)


def test_what_was_said_of_it_is_kept_for_the_repetition(
    start: Callable[..., Run], root: Path
) -> None:
    """Signature and example come from the script, which is over by then."""
    with start("churn") as run:
        unwritable(root)
        workbench.log_model(MODEL, "churn", input_example=FRAME.head(2), description="for Ana")
    (root / "registry/churn/events/0000000001.json").unlink()
    with open_session(root, in_memory=True) as session:
        session.sweep()
        details = register_run(session, run.id, "churn").event.details
    assert details["description"] == "for Ana"
    assert len(details["example"]["input"]) == 2
    assert details["signature"]["output"]["categories"] == ["no", "yes"]


def test_another_reason_is_told_too_and_all_are_kept(
    start: Callable[..., Run], root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What failed first is not forgotten for what failed last."""
    with start("churn"):
        workbench.log_model(object(), "churn")
        workbench.log_model("nowhere", "churn")
        workbench.log_model("nowhere", "other")
    assert capsys.readouterr().err.count("was not registered") == 3
    with open_session(root, in_memory=True) as session:
        session.sweep()
        facts = str(session.catalogue.cursor().execute("SELECT facts FROM runs").fetchone())
    assert "churn: The workbench does not write models of type object." in facts
    assert "churn: There is no model at nowhere." in facts
    assert "other: There is no model at nowhere." in facts


def test_no_command_is_offered_where_repeating_is_no_use(
    start: Callable[..., Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not fitted would be registered unfitted, and of an empty folder there is nothing."""
    (tmp_path / "empty").mkdir()
    with start("churn") as run:
        workbench.log_model(LogisticRegression(), "churn", input_example=FRAME)
        workbench.log_model(tmp_path / "empty", "other")
    said = capsys.readouterr().err
    assert said.count("was not registered") == 2
    assert "log it once it is fitted" in said
    assert "There is no file in" in said
    assert "repeat it with" not in said
    assert not (run.folder / "artifacts/other").exists()


def test_a_function_of_the_script_is_warned_of(tmp_path: Path) -> None:
    """No other program could load the version; the script is told while it can still be changed."""
    code = (
        "import workbench, numpy as np\n"
        "from sklearn.preprocessing import FunctionTransformer\n"
        "def cols(x): return x\n"
        "with workbench.start_run('x'):\n"
        "    made = workbench.log_model(FunctionTransformer(cols).fit(np.ones((2, 2))), 'churn')\n"
        "assert made.version == 1\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(workbench.__file__).parents[1])},
    )  # fmt: skip
    assert done.stderr.count("cols is defined in the script; move it to a module") == 1


@pytest.mark.parametrize("name", ["Churn Model", "a@b", "../x", "", "x" * 300, None])
def test_a_wrong_name_stops_no_training(
    start: Callable[..., Run], capsys: pytest.CaptureFixture[str], name: Any
) -> None:
    """The command has a name that can be, and the model is kept under it."""
    with start("churn") as run:
        assert workbench.log_model(MODEL, name) is None
    found = re.search(r"workbench register (.*)", capsys.readouterr().err)
    assert found is not None
    _, model, _, artifact, *_ = shlex.split(found[1])
    assert model == near_name(name)
    assert artifact == f"{model}/model.skops"
    assert (run.folder / "artifacts" / artifact).exists()


def test_a_model_nobody_can_write_stops_no_training(
    start: Callable[..., Run], capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no command to offer then."""
    with start("churn"):
        assert workbench.log_model(object(), "churn") is None
    said = capsys.readouterr().err
    assert "pass the path" in said
    assert "repeat it with" not in said


def test_outside_of_a_run_it_is_registered_from_the_files(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the workspace near, with this process's environment, and errors are errors."""
    create_workspace(root, 1.0)
    monkeypatch.chdir(root)
    made = workbench.log_model(MODEL, "churn")
    assert made is not None
    assert made.event.details["run"] is None
    assert made.event.details["environment"]["packages"]["scikit-learn"]
    path = workbench.model_path("churn@1")
    again = workbench.log_model(path, "churn", workspace=root)
    assert again is not None
    assert (again.version, again.new) == (1, False)
    with pytest.raises(UsageError, match="cannot be called"):
        workbench.log_model(MODEL, "Churn")
    with pytest.raises(UsageError, match="name is text, not None"):
        workbench.log_model(MODEL, None)  # type: ignore[arg-type]


def test_without_a_workspace_there_is_nowhere_to_register(tmp_path: Path) -> None:
    """A run would make one; a model alone does not."""
    with pytest.raises(NotFoundError, match="not a workspace"):
        workbench.log_model(MODEL, "churn", workspace=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_run_of_before_can_be_named(start: Callable[..., Run], root: Path) -> None:
    """From a notebook, a week later."""
    with start("churn") as run:
        run.log({"auc": 0.9})
    made = workbench.log_model(MODEL, "churn", run=run.id, workspace=root)
    assert made is not None
    assert made.event.details["run"]["id"] == run.id
    assert made.event.details["metrics"]["auc"]["last"] == 0.9


def test_each_registration_takes_the_next_number(start: Callable[..., Run], root: Path) -> None:
    """The event takes it, from whichever run it comes."""
    made = []
    for number in range(3):
        with start("churn"):
            weights = LogisticRegression(C=1 + number).fit(FRAME, np.array([0, 0, 1, 1]))
            made.append(workbench.log_model(weights, "churn"))
    assert [one.version for one in made if one] == [1, 2, 3]
    assert len(FolderJournal(root, "churn").read().events) == 3


def test_a_script_that_registers_opens_no_catalogue(tmp_path: Path) -> None:
    """DuckDB is not even loaded; neither are the screens."""
    code = (
        "import sys, workbench, pathlib\n"
        "pathlib.Path('m.onnx').write_bytes(b'1')\n"
        "with workbench.start_run('x'): made = workbench.log_model('m.onnx', 'churn')\n"
        "assert made.version == 1 and workbench.model_path('churn@1').read_bytes() == b'1'\n"
        "print(*{'duckdb', 'textual', 'polars', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(workbench.__file__).parents[1])},
    )  # fmt: skip
    assert done.stdout.strip() == ""
