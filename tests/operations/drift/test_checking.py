"""A check of anything against anything: two files, versions, what a model learned from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.operations.drift.watched import DATED, ROWS, Watched, frame
from workbench.datasets.drift.report import LABEL, METHOD
from workbench.datasets.drift.thresholds import Thresholds
from workbench.errors import ConflictError, NotFoundError, StoppedError, UsageError
from workbench.operations.datasets.add import add
from workbench.operations.drift import checking, planning
from workbench.operations.drift.checking import Asked, check


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep copies where the test is."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))


def files(folder: Path, **tables: pl.DataFrame) -> tuple[str, ...]:
    """Write tables and return their paths."""
    paths = []
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
        paths.append(str(folder / f"{name}.parquet"))
    return tuple(paths)


def test_two_files_need_no_workspace(tmp_path: Path) -> None:
    """Nor the same format; nothing is written beside them."""
    (old,) = files(tmp_path, old=frame(0.0))
    frame(1.0, seed=2).write_csv(tmp_path / "new.csv")
    before = sorted(one.name for one in tmp_path.iterdir() if one.name != "cache")
    found = check(None, Asked(str(tmp_path / "new.csv"), reference=old))
    assert found.verdict == "severe"
    assert [one.name for one in found.chunks[0].columns if one.verdict == "severe"] == ["delay"]
    assert (found.current.rows, found.reference.rows) == (ROWS, ROWS)
    assert (found.model, found.monitor, found.importance) == ("", "", "uniform")
    assert sorted(one.name for one in tmp_path.iterdir() if one.name != "cache") == before


def test_another_method_or_default_is_another_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key covers how verdicts are come to, so that no old report is taken for a new one."""
    old, new = files(tmp_path, old=frame(0.0), new=frame(1.0, seed=2))
    asked = Asked(new, reference=old, thresholds=Thresholds())
    now = check(None, asked)
    assert now.method == METHOD
    monkeypatch.setattr(planning, "METHOD", METHOD + 1)
    later = check(None, asked)
    limit = check(None, Asked(new, reference=old, thresholds=Thresholds(psi=0.2)))
    assert len({one.key for one in (now, later, limit)}) == 3


def test_a_version_or_a_path_may_be_on_either_side(watched: Watched) -> None:
    """A file with the bytes of a version finds what the version does."""
    watched.add("month", frame(0.0), copy=True)
    watched.add("month", frame(1.0, seed=2), copy=True)
    old = watched.write("old", frame(0.0))
    verdicts = {
        check(watched.ana, Asked(current, reference=reference)).verdict
        for current in (
            "month@2",
            "month",
            "datasets:/month/2",
            str(watched.root / "data/month.parquet"),
        )
        for reference in ("month@1", str(old))
    }
    assert verdicts == {"severe"}
    assert not (watched.root / "reports").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"current": "nothere.csv", "reference": "month"}, "neither a dataset nor a file nothere"),
        ({"current": "mnth", "reference": "month"}, "Did you mean month"),
        ({"current": "month@9", "reference": "month"}, "There is no month@9"),
        ({"current": "month", "reference": "month@9"}, "There is no month@9"),
        ({"current": "month"}, "There is nothing to compare with"),
        ({"current": "month", "model": "churn"}, "names a model and none of its versions"),
        ({"current": "month", "model": "churn@9"}, "churn has no version 9"),
        ({"current": "month", "model": "churn@staging"}, "No version of churn holds staging"),
        ({"current": "month", "reference": "training"}, "Training data are those of a model"),
        ({"current": "month", "model": "churn@2"}, "churn@2 names no training data"),
        ({"current": "month", "model": "churn@3"}, "are no registered version of a dataset"),
        ({"current": "month", "model": "churn@4"}, "trained on several datasets: a, b"),
        ({"current": "month", "model": "churn@5"}, "of which no hash was recorded"),
        ({"current": "month", "reference": "month", "chunks": "fortnight"}, "Chunks cannot be"),
        ({"current": "month", "reference": "month", "segments": ("a", "b", "c")}, "no column 'a'"),
        ({"current": "predictions", "model": "churn@1"}, "no production predictions of churn@1"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_one_sentence(
    watched: Watched, said: dict[str, Any], words: str
) -> None:
    """Of class usage, and nothing is written."""
    watched.train()
    for datasets in (
        [],
        [{"name": "gone", "hash": "sha256:" + "0" * 64, "role": "training"}],
        [{"name": n, "hash": "sha256:" + n * 64, "role": "training"} for n in "ab"],
        [{"name": "frame", "hash": "", "role": "training"}],
    ):
        watched.register(datasets=datasets)
    watched.add("month", frame(0.0))
    with pytest.raises(UsageError) as caught:
        check(watched.ana, Asked(**said))
    assert words in str(caught.value)
    assert caught.value.exit_code == 2
    assert not (watched.root / "reports").exists()


def test_what_a_model_learned_from_is_found_under_any_name(watched: Watched) -> None:
    """By its bytes: the file was registered later, as something else."""
    made = watched.add("renamed", frame(0.0))
    said = {"name": "census", "hash": made.manifest.hash, "role": "training"}
    watched.register(datasets=[said, {"name": "held-out", "hash": "sha256:x", "role": "test"}])
    watched.add("month", frame(1.0, seed=2))
    found = check(watched.ana, Asked("month", model="churn@1"))
    assert (found.reference.name, found.reference.kind) == ("renamed@1", "training")
    assert (found.version, found.stage) == (1, "")


def test_importances_are_those_the_version_was_registered_with(watched: Watched) -> None:
    """And uniform, with words for it, where it says none or nonsense."""
    watched.train(importance={"from": "feature_importances_", "values": {"delay": 3, "pax": 1}})
    watched.register(datasets=watched.state().versions[1].event.details["datasets"],
                     importance={"from": "x", "values": {"delay": float("inf")}})  # fmt: skip
    watched.add("month", frame(1.0, seed=2))
    first, second = (check(watched.ana, Asked("month", model=f"churn@{n}")) for n in (1, 2))
    shares = {one.name: one.importance for one in first.chunks[0].columns}
    assert (first.importance, second.importance) == (
        "feature_importances_ of churn@1",
        "uniform: churn@2 says none",
    )
    assert (shares["delay"], shares["pax"], shares["dest"]) == (0.75, 0.25, 0.0)


def test_the_label_is_listed_as_what_it_is(watched: Watched) -> None:
    """As the dataset's fields say it."""
    watched.settings('[datasets.month]\nlabel = "delay"\n')
    watched.add("month", frame(0.0))
    watched.add("month", frame(0.0, seed=2))
    found = check(watched.ana, Asked("month@2", reference="month@1"))
    assert (found.chunks[0].columns[0].name, found.chunks[0].columns[0].part) == ("delay", LABEL)


# -- the key -----------------------------------------------------------------------------


def test_the_key_is_that_of_bytes_and_settings(tmp_path: Path) -> None:
    """Wherever the files are and whatever they are called."""
    keys = set()
    for place in ("a", "b"):
        folder = tmp_path / place
        folder.mkdir()
        new, old = files(folder, **{f"new-{place}": frame(1.0), f"old-{place}": frame(0.0)})
        keys.add(check(None, Asked(new, reference=old, exclude=("pax", "dest"))).key)
        keys.add(check(None, Asked(new, reference=old, exclude=("dest", "pax"))).key)
    assert len(keys) == 1
    assert len(keys.pop()) == 32


@pytest.mark.parametrize(
    "other",
    [
        {"chunks": "10 parts"}, {"columns": ("delay",)}, {"exclude": ("pax",)}, {"time": "when"},
        {"thresholds": Thresholds(psi=0.2)}, {"measures": ("hellinger",)}, {"segments": ("dest",)},
        {"roles": {"dest": "text"}}, {"opinions": ("pca",)},
    ],
)  # fmt: skip
def test_another_question_has_another_key(tmp_path: Path, other: Mapping[str, Any]) -> None:
    """Also where the answer happens to be the same."""
    new, old = files(tmp_path, new=frame(1.0), old=frame(0.0))
    plain = check(None, Asked(new, reference=old))
    assert check(None, Asked(new, reference=old, **other)).key != plain.key


def test_other_bytes_on_either_side_have_another_key(tmp_path: Path) -> None:
    """The same table written again with another row is another check."""
    new, old, more = files(tmp_path, new=frame(1.0), old=frame(0.0), more=frame(0.0, seed=9))
    keys = {
        check(None, Asked(a, reference=b)).key for a, b in ((new, old), (new, more), (old, new))
    }
    assert len(keys) == 3


# -- care --------------------------------------------------------------------------------


def test_a_file_that_changes_while_it_is_read_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verdict on a mixture of two states is a wrong one."""
    new, old = files(tmp_path, new=frame(1.0), old=frame(0.0))
    real = checking.parts_of

    def replaced(*args: Any) -> Any:
        frame(0.0, seed=7).write_parquet(new)
        return real(*args)

    monkeypatch.setattr(checking, "parts_of", replaced)
    with pytest.raises((ConflictError, UsageError), match="changed while it was read"):
        check(None, Asked(new, reference=old))


def test_it_can_be_stopped(tmp_path: Path) -> None:
    """Before anything is judged."""
    new, old = files(tmp_path, new=frame(1.0), old=frame(0.0))
    with pytest.raises(StoppedError):
        check(None, Asked(new, reference=old), stopped=lambda: True)


def test_progress_is_told(tmp_path: Path) -> None:
    """Of hashing, of columns, of parts, and of judging them."""
    new, old = files(tmp_path, new=frame(1.0), old=frame(0.0))
    told: set[str] = set()
    check(None, Asked(new, reference=old, chunks="2 parts"),
          on_progress=lambda _done, _total, what: told.add(what))  # fmt: skip
    assert {"bytes", f"columns of {old}", f"parts of {new}", "parts compared"} <= told


def test_it_can_be_stopped_while_parts_are_compared(tmp_path: Path) -> None:
    """Whoever stops at the first sight of judging stops it: no report comes back."""
    new, old = files(tmp_path, new=frame(1.0), old=frame(0.0))
    told: list[str] = []

    def stopped() -> bool:
        return told[-1:] == ["parts compared"]

    def heard(_done: int, _total: int, what: str) -> None:
        told.append(what)

    asked = Asked(new, reference=old, chunks="100 parts")
    with pytest.raises(StoppedError, match="nothing was kept"):
        check(None, asked, on_progress=heard, stopped=stopped)


@pytest.mark.parametrize("hidden", ["old", "new", "*"])
def test_a_file_of_a_dataset_is_as_sensitive_as_the_dataset(watched: Watched, hidden: str) -> None:
    """Whoever names the path instead of the dataset sees no more."""
    table = frame(0.0).with_columns(ssn=pl.lit("123-45-") + pl.Series(np.arange(ROWS).astype(str)))
    rare = table.with_columns(
        ssn=pl.when(pl.int_range(ROWS) < 3).then(pl.lit("rare-one")).otherwise("ssn")
    )
    old, new = watched.write("old", table), watched.write("new", rare)
    watched.settings(f'[datasets.people]\npath = "data/{hidden}.parquet"\nsensitive = ["ssn"]\n')
    found = check(watched.ana, Asked(str(new), reference=str(old)))
    import msgspec

    text = msgspec.json.encode(found)
    assert b"rare-one" not in text
    assert b"123-45" not in text


def test_a_dataset_that_is_no_table_is_one_sentence(watched: Watched) -> None:
    """It has no profile and never will."""
    (watched.root / "data/notes.txt").write_text("not a table\n\nat all", "utf-8")
    add(watched.ana, "notes", watched.root / "data/notes.txt", files=True)
    watched.add("month", frame(0.0))
    with pytest.raises(UsageError, match="notes@1 is no table"):
        check(watched.ana, Asked("notes", reference="month"))


def test_segments_need_the_rows_of_the_reference(watched: Watched) -> None:
    """Each group is held against the same group; without rows it is said."""
    watched.add("month", frame(0.0), copy=True)
    watched.add("month", frame(0.0, seed=2), copy=True)
    found = check(watched.ana, Asked("month@2", reference="month@1", segments=("dest",)))
    segments = {chunk.segment for chunk in found.chunks}
    assert segments == {"", "dest=BOS", "dest=ORD", "dest=SFO"}
    assert {chunk.verdict for chunk in found.chunks} == {"stable"}
    watched.add("lost", frame(0.0))
    (watched.root / "data/lost.parquet").unlink()
    found = check(watched.ana, Asked("month@2", reference="lost", segments=("dest",)))
    reasons = {chunk.reason for chunk in found.chunks if chunk.segment}
    assert reasons == {"the rows of the reference are not at hand"}
    assert any("need the rows of lost@1" in sentence for sentence in found.said)


def test_second_opinions_without_rows_say_why(watched: Watched) -> None:
    """The rest of the check stands."""
    watched.add("month", frame(0.0))
    watched.add("month", frame(1.0, seed=2))
    found = check(watched.ana, Asked("month@2", reference="month@1", opinions=("pca",)))
    (opinion,) = found.opinions
    assert (opinion.alarm, "its rows are gone" in opinion.reason) == (False, True)
    assert found.verdict == "severe"


def test_second_opinions_look_at_the_columns_that_are_compared(tmp_path: Path) -> None:
    """A column that was left out does not tell the two apart."""
    old, new = frame(0.0, rows=600), frame(0.0, rows=600, seed=2, month=6)
    marked = new.with_columns(batch=new["pax"] + 1000.0)
    paths = files(tmp_path, new=marked, old=old.with_columns(batch=old["pax"]))
    asked = Asked(paths[0], reference=paths[1], opinions=("domain classifier",), time="when")
    (seen,) = check(None, asked).opinions
    assert seen.alarm
    (unseen,) = check(None, Asked(**{**_said(asked), "exclude": ("batch",)})).opinions
    assert not unseen.alarm


def _said(asked: Asked) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in Asked.__dataclass_fields__}


def test_predictions_are_checked_by_hand_too(watched: Watched) -> None:
    """All that the version predicted."""
    number = watched.register()
    watched.predict(number, -1, role="evaluation", rows=600)
    for day in (0, 1):
        watched.predict(number, day, seed=day)
    found = check(watched.ana, Asked("predictions", model=f"churn@{number}", chunks="day"))
    assert [chunk.label for chunk in found.chunks] == ["2025-01-01", "2025-01-02"]
    with pytest.raises(NotFoundError, match=r"neither a dataset nor a file"):
        check(watched.ana, Asked("predictions", reference="predictions"))


def test_a_version_is_dated_by_its_column_of_time(watched: Watched) -> None:
    """So that chunks stand in the order of time, whenever they were registered."""
    watched.settings(DATED)
    watched.add("month", frame(0.0, month=5))
    watched.add("month", frame(0.0, month=3, seed=2))
    found = check(watched.ana, Asked("month@2", reference="month@1"))
    assert json.dumps(found.chunks[0].start) == json.dumps(
        frame(0.0, month=3, seed=2)["when"].min().timestamp()
    )
