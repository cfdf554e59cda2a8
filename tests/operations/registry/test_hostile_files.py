"""A workspace somebody filled with traps: nothing runs, nothing leaves, each is one sentence."""

import os
import pickle  # noqa: TID251 - made here, never loaded
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.building import Built, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import WorkbenchError
from workbench.operations.registry.consume import load_model, model_path
from workbench.operations.registry.register import register
from workbench.operations.registry.register_run import register_run
from workbench.operations.session import Session, open_session

ONNX = b"\x08\x07"


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (str(self.path), "w"))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session in an empty workspace."""
    with open_session(
        write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True
    ) as opened:
        yield opened


def outside(session: Session) -> set[str]:
    """Return everything beside the workspace."""
    return {
        path.relative_to(session.root.parent).as_posix()
        for path in session.root.parent.rglob("*")
        if not path.is_relative_to(session.root)
    }


def sentence(act: Callable[[], object]) -> str:
    """Return what an act that is refused says, printable and short."""
    with pytest.raises(WorkbenchError) as caught:
        act()
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500
    return str(caught.value)


def ran(session: Session, artifacts: dict[str, bytes]) -> Built:
    """Write a run with artifacts, and see it."""
    run = write_run(session.root, artifacts=artifacts)
    session.sweep()
    return run


def test_pickles_under_every_name_are_registered_and_never_run(session: Session) -> None:
    """They are bytes on the rung of code, or not known; looking at them is not loading them."""
    trap = pickle.dumps(Trap(session.root.parent / "owned"))
    names = ("a.pkl", "b.joblib", "c.pt", "d.onnx", "e.safetensors", "f.skops")
    ran(session, {**dict.fromkeys(names, trap), "g.joblib": zlib.compress(trap)})
    before = outside(session)
    rungs = []
    for name in (*names, "g.joblib"):
        made = register_run(session, "baseline", "churn", name)
        rungs.append(made.event.details["rung"])
        said = sentence(lambda made=made: load_model(str(made), workspace=session.root))
        assert "code" in said or "no skops file" in said
    assert rungs == ["code"] * 5 + ["unknown", "code"]
    assert outside(session) == before


def test_an_artifact_of_ten_gigabytes_of_holes_is_refused(session: Session) -> None:
    """At once, and without using the room."""
    run = ran(session, {"m.onnx": ONNX})
    os.truncate(run.folder / "artifacts/m.onnx", 10 << 30)
    assert "nearly all holes" in sentence(lambda: register_run(session, "baseline", "churn"))
    assert list((session.root / ".workbench/tmp").iterdir()) == []


def test_an_artifact_that_is_a_pipe_holds_nobody(session: Session) -> None:
    """It was a file when the run was looked at."""
    run = ran(session, {"m/m.onnx": ONNX, "m/n.onnx": ONNX})
    (run.folder / "artifacts/m/n.onnx").unlink()
    os.mkfifo(run.folder / "artifacts/m/n.onnx")
    assert "not a plain file" in sentence(lambda: register_run(session, "baseline", "churn", "m"))
    assert "no file" in sentence(lambda: register_run(session, "baseline", "churn", "m/n.onnx"))


def test_names_that_steer_a_terminal_are_refused_in_plain_words(session: Session) -> None:
    """The sentence shows where the escape was."""
    ran(session, {"m/\x1b]0;owned\x07.onnx": ONNX, "m/b.onnx": ONNX})
    said = sentence(lambda: register_run(session, "baseline", "churn", "m"))
    assert "owned" in said
    assert not (session.root / "registry/churn/files").exists()


@pytest.mark.parametrize(
    "link", ["registry", "registry/churn", "registry/churn/files", ".workbench/tmp"]
)
def test_a_registry_that_leads_out_is_not_written_into(session: Session, link: str) -> None:
    """Whoever made the link would get the model, or have us fill a folder of theirs."""
    away = session.root.parent / "away"
    away.mkdir()
    place = session.root / link
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.rmdir()
    place.symlink_to(away, target_is_directory=True)
    model = session.root / "model.onnx"
    model.write_bytes(ONNX)
    assert "lead" in sentence(lambda: register(session, "churn", model))
    assert list(away.rglob("*")) == []


def test_a_version_whose_folder_was_swapped_is_not_given(session: Session) -> None:
    """A link to a folder of the same content elsewhere is not the registry's either."""
    model = session.root / "model.onnx"
    model.write_bytes(ONNX)
    made = register(session, "churn", model)
    folder = session.root / "registry/churn/files" / made.manifest.hash
    folder.rename(session.root.parent / "away")
    folder.symlink_to(session.root.parent / "away", target_is_directory=True)
    said = sentence(lambda: model_path("churn@1", workspace=session.root))
    assert "leads out" in said


def test_a_file_that_was_never_registered_is_not_given_along(session: Session) -> None:
    """A module beside the model would be imported by whoever puts the folder on the path."""
    model = session.root / "model.onnx"
    model.write_bytes(ONNX)
    made = register(session, "churn", model)
    folder = session.root / "registry/churn/files" / made.manifest.hash
    (folder / "numpy.py").write_text("raise SystemExit")
    said = sentence(lambda: model_path("churn@1", workspace=session.root))
    assert "numpy.py was not registered" in said
