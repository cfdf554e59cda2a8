"""Where data came from, what was made from it, and what is touched if it must go."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.dataset_building import SHA, claim, manifest
from tests.registry_building import draft, register, write_journal
from workbench.clock import FixedClock
from workbench.datasets import predictions
from workbench.datasets.manifest import File
from workbench.datasets.predictions import About
from workbench.datasets.versions import claiming
from workbench.errors import NotFoundError
from workbench.operations import trash
from workbench.operations.datasets.deleting import delete, objections
from workbench.operations.datasets.lineage import lineage, touched, versions_with
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session, open_session
from workbench.registry.event import PROMOTED


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def logged(content: int = 1, name: str = "census", **more: object) -> dict[str, object]:
    """Return the line of a run that used a dataset."""
    return {"time": BEGIN, "kind": "dataset", "name": name, "role": "training",
            "path": "data/census.parquet", "hash": f"sha256:{SHA}{content}", "rows": 3,
            "columns": None} | more  # fmt: skip


def life(session: Session) -> None:
    """Make two versions of census, runs that used them, and a model in production."""
    claim(session.root, "census", 1, run=run_id(1))
    claim(session.root, "census", 2)
    claim(session.root, "twin", 2)
    write_run(session.root, number=1, name="first", updates=[logged(1)])
    write_run(session.root, number=2, name="second", updates=[logged(2), logged(1, role="test")])
    write_run(session.root, number=3, name="stranger", updates=[logged(9, name="fines")])
    from_second = {"datasets": [logged(2)], "run": {"id": run_id(2)}}
    by_run_alone = {"datasets": [], "run": {"id": run_id(1)}}
    write_journal(session.root, "churn", [
        register("churn", 1, 1, details=by_run_alone),
        register("churn", 2, 2, details=from_second),
        draft(PROMOTED, 3, version=1, stage="production"),
        draft(PROMOTED, 4, version=2, stage="production"),
    ])  # fmt: skip
    session.sweep()


def test_a_version_leads_to_what_was_made_from_it(session: Session) -> None:
    """To runs with their roles, to models with their stages, to pointers and to its twin."""
    life(session)
    found = lineage(session, "census", 2)
    assert found.ref == Ref("census", 2)
    assert found.source is None
    assert [(one.name, one.roles) for one in found.runs] == [("second", ("training",))]
    assert found.models == (("churn", 2, ("production",)),)
    assert found.deployments == ("deploy/production/churn.json",)
    assert found.siblings == (Ref("twin", 1),)


def test_a_version_leads_to_the_run_that_brought_it(session: Session) -> None:
    """That run used it too, and so did the model made by it though it names no data."""
    life(session)
    found = lineage(session, "census", 1)
    assert found.source is not None
    assert (found.source.run_id, found.source.name) == (run_id(1), "first")
    assert {one.name for one in found.runs} == {"first", "second"}
    assert {(model, number) for model, number, _ in found.models} == {("churn", 1), ("churn", 2)}


def test_a_run_that_is_gone_is_still_named(session: Session) -> None:
    """Its number is not known any more."""
    claim(session.root, "census", 1, run=run_id(7))
    session.sweep()
    found = lineage(session, "census", 1)
    assert found.source is not None
    assert (found.source.run_id, found.source.run) == (run_id(7), None)


def test_roles_and_files_are_told_apart(session: Session) -> None:
    """A run that used a file of many names it; one that used all of them names none."""
    files = tuple(File(f"data/{month}.parquet", 10, f"{SHA}{month}") for month in (1, 2))
    claim(session.root, "flights", 5, files=files, folder=True)
    write_run(session.root, number=1, name="part", updates=[logged(2, name="feb", role="test")])
    write_run(session.root, number=2, name="all", updates=[logged(5), logged(2, name="feb")])
    session.sweep()
    runs = {one.name: one for one in lineage(session, "flights", 1).runs}
    assert (runs["part"].parts, runs["part"].roles) == (("data/2.parquet",), ("test",))
    assert runs["all"].parts == ()


def test_everything_that_is_touched_is_listed(session: Session) -> None:
    """Runs, versions that hold or held a stage, pointers, and the same bytes elsewhere."""
    life(session)
    found = touched(session, "census")
    assert found.versions == (2, 1)
    assert {one.name for one in found.runs} == {"first", "second"}
    assert {(one.model, one.number): (one.stages, one.before) for one in found.models} == {
        ("churn", 2): (("production",), ()),
        ("churn", 1): ((), ("production",)),
    }
    assert found.deployments == ("deploy/production/churn.json",)
    assert found.same_bytes == (Ref("twin", 1),)
    assert found.files == ("data/census.parquet",)
    assert found.unsure == ()


def test_one_version_touches_less_than_all(session: Session) -> None:
    """Only what was made from its bytes."""
    life(session)
    assert {one.name for one in touched(session, "census", 2).runs} == {"second"}


def test_copies_and_deployed_folders_are_listed(session: Session, tmp_path: Path) -> None:
    """Also where a version that left the stage was deployed to, while its folder is there."""
    claim(session.root, "census", 1, copied=True)
    place = tmp_path / "srv"
    (session.root / "workbench.toml").write_text(
        f'[stages.production]\ndeploy_to = "{place.as_posix()}"\n', "utf-8"
    )
    for number in (1, 2):
        (place / f"churn/{number}").mkdir(parents=True)
    write_journal(session.root, "churn", [
        register("churn", 1, 1, details={"datasets": [logged(1)]}),
        register("churn", 2, 2, details={"datasets": []}),
        draft(PROMOTED, 3, version=1, stage="production"),
        draft(PROMOTED, 4, version=2, stage="production"),
    ])  # fmt: skip
    session.sweep()
    found = touched(session, "census")
    assert found.copies == ("datasets/census/1/files",)
    assert found.deployments == ((place / "churn/1").as_posix(),)


def test_what_only_names_the_dataset_is_not_counted_and_not_hidden(session: Session) -> None:
    """Nobody can know whether it used these bytes."""
    claim(session.root, "census", 1)
    write_run(session.root, number=1, name="no hash", updates=[logged(hash=None)])
    write_run(session.root, number=2, name="other bytes", updates=[logged(9)])
    write_run(session.root, number=3, name="known", updates=[logged(1), logged(hash=None)])
    details = {"datasets": [logged(8)], "run": {}}
    write_journal(session.root, "churn", [register("churn", 1, 1, details=details)])
    session.sweep()
    found = touched(session, "census")
    assert [one.name for one in found.runs] == ["known"]
    assert {(one.model, one.name) for one in found.unsure} == {
        ("", "no hash"), ("", "other bytes"), ("churn", "churn@1"),
    }  # fmt: skip


def test_predictions_of_its_rows_are_touched(session: Session) -> None:
    """Those of its bytes, of one of its files, or of its name alone; by whatever model."""
    files = tuple(File(f"data/{month}.parquet", 10, f"{SHA}{month}") for month in (1, 2))
    claim(session.root, "flights", 5, files=files, folder=True)
    session.sweep()
    frame = pl.DataFrame({"row_id": [1], "prediction": ["a"], "label": ["b"]})

    def predict(model: str, dataset: str, digest: str, role: str = "evaluation") -> str:
        about = About(model, 1, dataset, digest, role, None, BEGIN)
        made = predictions.write(session.root, about, predictions.normal(frame))
        return made.relative_to(session.root).as_posix()

    mine = {
        predict("churn", "flights", f"sha256:{SHA}5"), predict("fraud", "feb", f"sha256:{SHA}2"),
        predict("leads", "flights", ""),
    }  # fmt: skip
    predict("churn", "other", f"sha256:{SHA}9")
    (session.root / "predictions/churn/broken.parquet").write_bytes(b"PAR1")
    assert set(touched(session, "flights").predictions) == mine
    assert touched(session, "flights").as_json()["predictions"] == sorted(mine)


def test_it_is_json(session: Session) -> None:
    """With names that say what each part is."""
    life(session)
    said = json.loads(json.dumps(touched(session, "census").as_json()))
    assert said["same_bytes"] == ["twin@1"]
    assert said["models"][0]["stages"] == ["production"]
    assert {one["run_id"] for one in said["runs"]} == {run_id(1), run_id(2)}


def test_a_deleted_version_is_still_traced_by_its_hash(session: Session) -> None:
    """What was made from it is still there."""
    claim(session.root, "census", 1)
    (session.root / "datasets/census/1").rename(session.root / "trashed")
    (session.root / "datasets/census/1.deleted").write_text(
        f'{{"dataset": "census", "version": 1, "hash": "sha256:{SHA}1"}}', "utf-8"
    )
    write_run(session.root, number=1, name="first", updates=[logged(1)])
    session.sweep()
    assert [one.name for one in touched(session, "census", 1).runs] == ["first"]


@pytest.mark.parametrize("broken_off", [False, True])
def test_copies_of_deleted_versions_are_listed_while_they_are_there(
    session: Session, broken_off: bool
) -> None:
    """In the trash, or on the way to it: data that must go is not gone by deleting its version."""

    def fill(folder: Path) -> None:
        (folder / "census.parquet").write_bytes(b"PAR1")

    for content in (1, 2):
        made = manifest("census", content, copied=True)
        claiming.claim(session.root, made, b"profile", lambda _: False, fill)
    session.sweep()
    before = touched(session, "census", 1)
    assert before.copies == ("datasets/census/1/files",)
    delete(session, Ref("census", 1))
    if broken_off:
        (one,) = trash.trashed(session)
        trash.place_of(session, one).rename(session.root / "datasets/census/1")
    session.sweep()
    found = touched(session, "census", 1)
    (copy,) = found.copies
    assert (session.root / copy / "census.parquet").is_file()
    assert copy == "datasets/census/1/files" or copy.startswith("trash/")
    assert found.files == before.files
    assert len(touched(session, "census").copies) == 2


def test_bytes_lead_to_every_version_that_has_them(session: Session) -> None:
    """For pages of runs and models: what they used, by name and number."""
    life(session)
    found = versions_with(session, [f"sha256:{SHA}2", f"sha256:{SHA}9", ""])
    assert found == {f"sha256:{SHA}2": (Ref("census", 2), Ref("twin", 1))}


@pytest.mark.parametrize(
    ("name", "version", "near"),
    [
        ("cenus", 1, r"There is no dataset cenus\. Did you mean census\?"),
        ("census", 9, r"There is no census@9\. census has versions up to \d\."),
    ],
)
def test_what_is_not_there_is_said(session: Session, name: str, version: int, near: str) -> None:
    """With what is near, in the words of everything else that asks for a dataset."""
    life(session)
    for ask in (lineage, touched):
        with pytest.raises(NotFoundError, match=near):
            ask(session, name, version)


def test_what_a_stage_rests_on_is_protected_under_every_name(session: Session) -> None:
    """A run that logged the bytes under a name of its own makes them no less needed."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    details = {"datasets": [logged(2, name="train")]}
    write_journal(session.root, "churn", [
        register("churn", 1, 1, details=details),
        draft(PROMOTED, 2, version=1, stage="production"),
    ])  # fmt: skip
    session.sweep()
    assert objections(session, Ref("census", 1)) == ()
    (why,) = objections(session, Ref("census", 2))
    assert why == ("census@2 stays: it was used for churn@1, which holds production.")
