"""Registering from a run's artifacts: which one is meant, and what the script said of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import Built, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, NotFoundError, UsageError
from workbench.operations.listing import listed
from workbench.operations.registry.log_model import CARD
from workbench.operations.registry.register_run import model_artifacts, register_run
from workbench.operations.runs_table import RunQuery
from workbench.operations.session import Session, open_session

ONNX = b"\x08\x07"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session in an empty workspace."""
    with open_session(
        write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True
    ) as opened:
        yield opened


def ran(session: Session, *names: str, **contents: bytes) -> Built:
    """Write a run with artifacts, and see it."""
    run = write_run(session.root, artifacts={**dict.fromkeys(names, ONNX), **contents})
    session.sweep()
    return run


def paths(session: Session, hash_: str) -> set[str]:
    """Return what is in a version's folder, without the manifest."""
    folder = session.root / "registry/churn/files" / hash_
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix() for file in files} - {"MANIFEST.json"}


def test_the_one_model_of_a_run_is_meant(session: Session) -> None:
    """Plots and tables beside it are no models."""
    run = ran(session, "plot.png", "out/model.onnx", "table.csv")
    made = register_run(session, "baseline", "churn")
    assert made.event.details["run"]["id"] == run.run_id
    assert paths(session, made.manifest.hash) == {"model.onnx"}


def test_a_run_that_several_tools_wrote_gives_its_model_too(session: Session) -> None:
    """Who wrote a run is one thing, who reads its folder another."""
    other = session.root.parent / "theirs"
    (other / "job" / ".hydra").mkdir(parents=True)
    (other / "job" / ".hydra" / "overrides.yaml").write_text("- lr=0.1\n")
    (other / "job" / ".hydra" / "config.yaml").write_text("lr: 0.1\n")
    (other / "job" / "metrics.csv").write_text("step,loss\n1,0.5\n")
    (other / "job" / "model.onnx").write_bytes(ONNX)
    settings = session.root / "workbench.toml"
    settings.write_text('[sources]\nfolders = ["../theirs"]\n')
    with open_session(session.root, clock=session.clock, in_memory=True) as following:
        following.sweep()
        (written,) = listed(following, RunQuery())
        assert written.format == "plain+hydra"
        made = register_run(following, written.run_id, "churn")
    assert paths(session, made.manifest.hash) == {"model.onnx"}


def test_of_several_models_one_must_be_named(session: Session) -> None:
    """The hint names them; a leading folder is enough to mean all of it."""
    ran(session, "a.onnx", "b/c.onnx", "b/d.txt")
    with pytest.raises(UsageError, match=r"Several .*--artifact: a\.onnx, b/c\.onnx"):
        register_run(session, "baseline", "churn")
    made = register_run(session, "baseline", "churn", "b/c.onnx")
    assert paths(session, made.manifest.hash) == {"c.onnx"}
    whole = register_run(session, "baseline", "churn", "b/")
    assert (whole.version, paths(session, whole.manifest.hash)) == (2, {"c.onnx", "d.txt"})


def test_a_run_without_a_model_says_what_it_has(session: Session) -> None:
    """Perhaps the model has a name nobody would guess."""
    ran(session, "notes.txt")
    with pytest.raises(UsageError, match=r"No artifact .*: notes\.txt"):
        register_run(session, "baseline", "churn")
    assert register_run(session, "baseline", "churn", "notes.txt").version == 1


def test_an_artifact_that_is_not_there_is_named(session: Session) -> None:
    """With those that look like models."""
    ran(session, "a.onnx")
    with pytest.raises(NotFoundError, match=r"no artifact 'b\.onnx'.*a\.onnx"):
        register_run(session, "baseline", "churn", "b.onnx")


@pytest.mark.parametrize("artifact", ["../../secret", "/etc/passwd", "..", "a.onnx/.."])
def test_no_artifact_leads_out_of_the_run(session: Session, artifact: str) -> None:
    """Only what the run lists can be named."""
    (session.root / "secret").write_text("s")
    ran(session, "a.onnx")
    with pytest.raises(NotFoundError):
        register_run(session, "baseline", "churn", artifact)


def test_an_artifact_somebody_replaced_by_a_link_is_not_copied(session: Session) -> None:
    """The whole workspace would read a secret of whoever registers."""
    run = ran(session, "a.onnx", "b/c.onnx")
    (session.root.parent / "secret").write_text("s")
    for name in ("a.onnx", "b/c.onnx"):
        (run.folder / "artifacts" / name).unlink()
        (run.folder / "artifacts" / name).symlink_to(session.root.parent / "secret")
    for name in ("a.onnx", "b"):
        with pytest.raises(NotFoundError, match="leads out"):
            register_run(session, "baseline", "churn", name)
    (run.folder / "artifacts/b/c.onnx").unlink()
    (run.folder / "artifacts/b/c.onnx").write_bytes(ONNX)
    (run.folder / "artifacts/b/extra").symlink_to(session.root.parent / "secret")
    with pytest.raises(NotAllowedError, match="leads out"):
        register_run(session, "baseline", "churn", "b")


def test_what_the_script_said_of_it_comes_along(session: Session) -> None:
    """Signature, example, reason and words stand in a card beside the model."""
    signature = {"columns": [{"name": "a", "dtype": "int64", "nullable": False}], "output": None}
    card = {
        "format": 1, "description": "said", "tags": {"team": "risk", "n": 1},
        "signature": signature, "example": {"input": [[1]], "output": [2]}, "why_format": "because",
    }  # fmt: skip
    ran(session, "churn/model.joblib", **{f"churn/{CARD}": json.dumps(card).encode()})
    made = register_run(session, "baseline", "churn", "churn", tags={"team": "fraud"})
    details = made.event.details
    assert paths(session, made.manifest.hash) == {"model.joblib"}
    assert (details["description"], details["why_format"]) == ("said", "because")
    assert details["tags"] == {"team": "fraud", "n": "1"}
    assert (details["signature"], details["example"]["output"]) == (signature, [2])
    assert len(details["signature_hash"]) == 64


@pytest.mark.parametrize(
    "card",
    [b"", b"[]", b"{", b'{"signature": [], "tags": 3, "description": {}}', b"[" * 99_999],
    ids=["empty", "a list", "cut short", "of wrong kinds", "deep"],
)
def test_a_card_that_makes_no_sense_says_nothing(session: Session, card: bytes) -> None:
    """The model is registered all the same."""
    ran(session, "m/model.onnx", **{f"m/{CARD}": card})
    details = register_run(session, "baseline", "churn").event.details
    assert (details["description"], details["signature"], details["tags"]) == ("", None, {})


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ((), ()),
        (("a.txt", "b.csv"), ()),
        (("B.ONNX", "a.skops"), ("B.ONNX", "a.skops")),
        (("model/MLmodel", "model/model.pkl", "model/env.yaml"), ("model",)),
        (("hf/config.json", "hf/model.safetensors", "hf/vocab.txt"), ("hf",)),
        (("config.json", "a.pt"), ("a.pt",)),
    ],
)
def test_models_are_known_by_their_names(names: tuple[str, ...], found: tuple[str, ...]) -> None:
    """Files that say of their folder that it is one model make it one."""
    assert model_artifacts(names) == found
