"""What consumers get: whole files or nothing, and code only on their word."""

import pickle  # noqa: TID251 - made here; loaded only on the caller's word
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pytest
import skops.io
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import workbench
from tests.operations.registry.people import MODEL, People
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.operations.registry.consume import load_model, model_path
from workbench.operations.registry.register import register
from workbench.registry import ladder

X = np.array([[0.0], [1.0], [2.0], [3.0]])
ESTIMATOR = LogisticRegression().fit(X, [0, 0, 1, 1])
FOREST = RandomForestClassifier(2, random_state=0).fit(X, [0, 0, 1, 1])
TREE = "sklearn.tree._tree.Tree"


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (str(self.path), "w"))


def registered(people: People, name: str, data: bytes) -> str:
    """Register a file and return the version's name."""
    people.clock.advance(1)
    file = people.root.parent / "made" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    return str(register(people.ana, MODEL, file))


def change(file: Path, data: bytes) -> None:
    """Change a file that is read-only."""
    file.chmod(0o644)
    file.write_bytes(data)


# -- paths -------------------------------------------------------------------------------


def test_a_version_and_a_stage_are_found(people: People) -> None:
    """The single file is given; a stage means what holds it now."""
    first, second = people.register(content="one"), people.register(content="two")
    people.promote(first)
    assert model_path("churn@2", workspace=people.root).read_text() == "two"
    for name in ("churn@production", "models:/churn@production"):
        assert model_path(name, workspace=people.root).read_text() == "one"
    people.promote(second)
    assert model_path("churn@production", workspace=people.root).read_text() == "two"


def test_several_files_are_given_as_their_folder(people: People, tmp_path: Path) -> None:
    """Another library loads it as it wrote it."""
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/a.onnx").write_bytes(b"1")
    (tmp_path / "saved/b.txt").write_bytes(b"2")
    register(people.ana, MODEL, tmp_path / "saved")
    folder = model_path("churn@1", workspace=people.root)
    assert {file.name for file in folder.iterdir()} == {"a.onnx", "b.txt", "MANIFEST.json"}


def test_what_held_a_stage_on_a_day_is_still_to_be_had(people: People) -> None:
    """By seconds, by date, by text; a day means its end."""
    start = people.clock.now()
    people.promote(people.register(content="one"))
    people.clock.advance(3 * 86_400)
    people.promote(people.register(content="two"))
    then = datetime.fromtimestamp(start + 86_400, UTC)
    for at in (start + 86_400, then, then.date(), then.date().isoformat()):
        path = model_path("churn@production", at, people.root, clock=people.clock)
        assert path.read_text() == "one"
    with pytest.raises(NotFoundError):
        model_path("churn@production", date(2020, 1, 1), people.root, clock=people.clock)
    with pytest.raises(UsageError, match="no moment"):
        model_path("churn@production", "last tuesday", people.root, clock=people.clock)


def test_today_means_as_it_is_though_a_clock_of_somebody_was_ahead(people: People) -> None:
    """What holds now was put there at a time that has not come here yet."""
    first, second = people.register(content="one"), people.register(content="two")
    people.promote(first)
    here = people.clock.now()
    people.clock.advance(3600)
    people.promote(second)
    people.clock.advance(here - people.clock.now())
    today = datetime.fromtimestamp(here).date()  # noqa: DTZ006 - the zone of this computer
    for at in (None, today, today.isoformat(), "0d"):
        path = model_path("churn@production", at, people.root, clock=people.clock)
        assert path.read_text() == "two"


def test_damaged_files_are_never_given(people: People) -> None:
    """One changed byte, and the consumer hears which file."""
    people.register(content="one")
    path = model_path("churn@1", workspace=people.root)
    change(path, b"One")
    with pytest.raises(FormatError, match=r"churn@1 is not as it was registered: model\.onnx"):
        model_path("churn@1", workspace=people.root)


def test_what_is_not_there_is_said(people: People, tmp_path: Path) -> None:
    """No workspace, no model, no version, nothing in the stage."""
    people.register()
    for name in ("other@1", "churn@9", "churn@production", "churn@qa"):
        with pytest.raises(NotFoundError):
            model_path(name, workspace=people.root)
    with pytest.raises(UsageError):
        model_path("churn", workspace=people.root)
    with pytest.raises(NotFoundError, match="not a workspace"):
        model_path("churn@1", workspace=tmp_path)


def test_the_workspace_near_is_meant(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere."""
    people.register(content="one")
    monkeypatch.chdir(people.root)
    assert workbench.model_path("churn@1").read_text() == "one"


# -- models ------------------------------------------------------------------------------


def test_a_skops_file_of_known_types_is_loaded(people: People) -> None:
    """It predicts as it did."""
    name = registered(people, "m.skops", skops.io.dumps(ESTIMATOR))
    loaded = load_model(name, workspace=people.root)
    assert (loaded.predict_proba(X) == ESTIMATOR.predict_proba(X)).all()


def test_further_types_need_the_callers_word(people: People) -> None:
    """Named one by one, or all of them; the sentence says how."""
    name = registered(people, "m.skops", skops.io.dumps(FOREST))
    with pytest.raises(NotAllowedError, match=r"trust=\['sklearn\.tree\._tree\.Tree'\]"):
        load_model(name, workspace=people.root)
    with pytest.raises(NotAllowedError):
        load_model(name, trust=["something.Else"], workspace=people.root)
    for trust in ([TREE], "code"):
        loaded = load_model(name, trust=trust, workspace=people.root)  # type: ignore[arg-type]
        assert (loaded.predict(X) == FOREST.predict(X)).all()


@pytest.mark.parametrize("name", ["m.pkl", "m.joblib", "m.pickle"])
def test_code_runs_only_on_the_callers_word(people: People, tmp_path: Path, name: str) -> None:
    """Without it nothing of the file is executed; with it, all of it."""
    owned = tmp_path / "owned"
    version = registered(people, name, pickle.dumps(Trap(owned)))
    for trust in (None, ["builtins.open"]):
        with pytest.raises(NotAllowedError, match='trust="code"'):
            load_model(version, trust=trust, workspace=people.root)
        assert not owned.exists()
    load_model(version, trust="code", workspace=people.root).close()
    assert owned.exists()


def test_compressed_joblib_is_loaded_on_the_callers_word(people: People, tmp_path: Path) -> None:
    """And stays code, however it is packed."""
    joblib.dump(ESTIMATOR, tmp_path / "m.joblib", compress=3)
    name = registered(people, "m.joblib", (tmp_path / "m.joblib").read_bytes())
    with pytest.raises(NotAllowedError):
        load_model(name, workspace=people.root)
    loaded = load_model(name, trust="code", workspace=people.root)
    assert (loaded.predict(X) == ESTIMATOR.predict(X)).all()


def test_a_pickle_that_calls_itself_skops_is_not_loaded(people: People, tmp_path: Path) -> None:
    """Not even on the caller's word: it is no skops file."""
    name = registered(people, "m.skops", pickle.dumps(Trap(tmp_path / "owned")))
    for trust in (None, "code"):
        with pytest.raises(FormatError, match="no skops file"):
            load_model(name, trust=trust, workspace=people.root)  # type: ignore[arg-type]
    assert not (tmp_path / "owned").exists()


def test_formats_of_others_are_left_to_their_libraries(people: People) -> None:
    """The path is what they need."""
    name = registered(people, "m.onnx", b"\x08\x07")
    with pytest.raises(UsageError, match=r"workbench\.model_path"):
        load_model(name, workspace=people.root)


def test_a_type_this_computer_does_not_have_is_said(people: People) -> None:
    """The environment of the version is where to look."""
    data = skops.io.dumps(Trap(Path("x")).__class__)
    name = registered(people, "m.skops", data.replace(b'"Trap"', b'"Gone"'))
    with pytest.raises((FormatError, NotAllowedError)):
        load_model(name, trust="code", workspace=people.root)


def _double(x: np.ndarray) -> np.ndarray:
    return 2 * x


def test_what_only_the_script_defined_is_named(
    people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No package of the version has it; whoever defines it too can load it."""
    script = sys.modules["__main__"]
    monkeypatch.setattr(_double, "__module__", "__main__")
    monkeypatch.setattr(_double, "__qualname__", "_double")
    monkeypatch.setattr(script, "_double", _double, raising=False)
    model = make_pipeline(FunctionTransformer(_double), LogisticRegression()).fit(X, [0, 0, 1, 1])
    joblib.dump(model, tmp_path / "m.joblib")
    names = (
        registered(people, "m.skops", skops.io.dumps(model)),
        registered(people, "m.joblib", (tmp_path / "m.joblib").read_bytes()),
    )
    for name in names:
        assert load_model(name, trust="code", workspace=people.root) is not None
    monkeypatch.delattr(script, "_double")
    for name in names:
        with pytest.raises(FormatError, match="_double is defined in the script that made it"):
            load_model(name, trust="code", workspace=people.root)


def test_a_file_of_torch_needs_torch(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the caller's own, and may not be there."""
    name = registered(people, "m.pt", b"PK")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(NotFoundError, match="a file of torch, and torch is not installed here"):
        load_model(name, trust="code", workspace=people.root)


@pytest.mark.parametrize("name", [None, 3, ["churn@1"], Path("churn@1")])
def test_a_version_is_named_by_text(people: People, name: Any) -> None:
    """One sentence, whatever was passed."""
    for ask in (model_path, load_model):
        with pytest.raises(UsageError, match="A version is named by text, not by"):
            ask(name, workspace=people.root)


@pytest.mark.parametrize("trust", [True, False, 3, [3]])
def test_trust_is_the_word_or_a_list_of_types(people: People, trust: Any) -> None:
    """Yes and no say nothing of what."""
    people.register()
    with pytest.raises(UsageError, match="says nothing of what to trust"):
        load_model("churn@1", trust=trust, workspace=people.root)


def test_nothing_is_loaded_from_files_that_changed(people: People, tmp_path: Path) -> None:
    """The files are verified before anything looks into them."""
    name = registered(people, "m.joblib", pickle.dumps([1]))
    change(model_path(name, workspace=people.root), pickle.dumps(Trap(tmp_path / "owned")))
    with pytest.raises(FormatError, match="not as it was registered"):
        load_model(name, trust="code", workspace=people.root)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("name", ["m.skops", "m.joblib"])
def test_what_is_loaded_is_what_was_verified(
    people: People, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A file that is changed after it was verified is not loaded, on whatever word."""
    written = skops.io.dumps(ESTIMATOR)
    if name.endswith("joblib"):
        made = people.root.parent / "made.joblib"
        joblib.dump(ESTIMATOR, made)
        written = made.read_bytes()
    ref = registered(people, name, written)
    assert load_model(ref, trust="code", workspace=people.root).predict(X).tolist() == [0, 0, 1, 1]
    look, looks = ladder.look, []

    def looks_while_somebody_changes(file: Path) -> ladder.Format:
        looks.append(look(file))
        if len(looks) == 2:  # the last look before it is loaded
            change(file, pickle.dumps(Trap(people.root.parent / "owned")))
        return looks[-1]

    monkeypatch.setattr(ladder, "look", looks_while_somebody_changes)
    with pytest.raises(FormatError, match="another content"):
        load_model(ref, trust="code", workspace=people.root)
    assert not (people.root.parent / "owned").exists()
