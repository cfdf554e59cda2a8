"""Importing the runs of any tool's folder."""

import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.building import BEGIN, append_metrics, end_writer, points, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError, NotFoundError, StoppedError, UsageError
from workbench.formats.contract import Points, RunCard
from workbench.formats.native.reader import NativeReader
from workbench.ids import is_id
from workbench.operations.edits import edit
from workbench.operations.importing import copying, draft
from workbench.operations.importing.finding import found_at
from workbench.operations.importing.import_runs import import_runs
from workbench.operations.importing.report import Report
from workbench.operations.importing.values import Options, Waiting
from workbench.operations.select import select
from workbench.operations.session import Session, open_session

SPECIMENS = Path(__file__).parents[2] / "specimens"
NOW = 2_000_000_000.0
_NATIVE = NativeReader()
_SAME = ("name", "experiment", "inferred", "group", "started", "ended", "note", "params", "tags",
         "metrics", "rules")  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """An empty workspace."""
    with open_session(
        write_workspace(tmp_path / "w"), clock=FixedClock(NOW), in_memory=True
    ) as made:
        yield made


def cards(root: Path) -> Mapping[str, RunCard]:
    """Return the runs of a workspace by where they were imported from."""
    found = (_NATIVE.read(root, key, b"", NOW).card for key in _NATIVE.survey(root, None).refs)
    return {str(card.facts.get("imported.path", card.run_id)): card for card in found}


def curves(one: Waiting) -> Mapping[str, list[list[str]]]:
    """Return all points of a run, NaN like NaN."""
    return _spelled(one.reader.points(one.root, one.ref.key, None, None).points)


def _spelled(found: Mapping[str, Points]) -> Mapping[str, list[list[str]]]:
    return {name: [[repr(float(n)) for n in column] for column in p] for name, p in found.items()}


def own_curves(root: Path, run_id: str) -> Mapping[str, list[list[str]]]:
    """Return all points of a run of the workspace."""
    key = next(key for key in _NATIVE.survey(root, None).refs if key.endswith(run_id))
    return _spelled(_NATIVE.points(root, key, None, None).points)


def listing(root: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def take(session: Session, path: Path, **options: object) -> Report:
    """Import, with options."""
    return import_runs(session, path, Options(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(path.name for path in SPECIMENS.iterdir() if path.is_dir()))
def test_runs_of_every_tool_are_as_they_were(session: Session, tmp_path: Path, name: str) -> None:
    """Every field of the card, every point of every curve and every file; nothing is written."""
    source = tmp_path / "source"
    shutil.copytree(SPECIMENS / name / "data", source)
    before = listing(source)
    report = take(session, source)
    assert not report.failed
    assert listing(source) == before
    there = cards(session.root)
    waiting = found_at(source, session.root).waiting
    assert len(waiting) == len(report.taken) == len(there)
    for one in waiting:
        own, copy = one.reader.read(one.root, one.ref.key, b"", NOW).card, there[one.place]
        _check_card(own, copy)
        assert own_curves(session.root, copy.run_id) == curves(one)
        for artifact in own.artifacts:
            data = one.reader.artifact(one.root, one.ref.key, artifact.path).read_bytes()
            assert (
                _folder(session, copy.run_id) / "artifacts" / artifact.path
            ).read_bytes() == data
    assert take(session, source).taken == ()


def test_runs_lie_as_deep_as_a_person_put_them(session: Session, tmp_path: Path) -> None:
    """A run whose folder nobody would look into while a table waits is copied all the same."""
    deep = tmp_path.joinpath("source", *"abcdefghijkl")
    deep.mkdir(parents=True)
    (deep / "metrics.csv").write_text("step,loss\n0,1.0\n1,0.5\n", "utf-8")
    shutil.copytree(deep, tmp_path / "source" / "a" / "flat")
    report = take(session, tmp_path / "source")
    assert (len(report.taken), report.failed) == (2, ())


def _check_card(own: RunCard, copy: RunCard) -> None:
    for field in _SAME:
        if field == "inferred" and own.status == "RUNNING":
            continue  # a copy never runs: what it says is concluded
        assert repr(getattr(copy, field)) == repr(getattr(own, field)), field
    assert copy.status == {"RUNNING": "UNKNOWN"}.get(own.status, own.status)
    assert sorted(copy.artifacts) == sorted(own.artifacts)
    assert list(copy.error) == list(own.error)
    assert list(copy.datasets) == list(own.datasets)
    assert own.facts.items() <= copy.facts.items()
    assert is_id(copy.run_id)


def _folder(session: Session, run_id: str) -> Path:
    return next((session.root / "runs").glob(f"*/{run_id}"))


def test_parents_are_linked_whichever_comes_first(session: Session) -> None:
    """A child names its parent by the id that one got here."""
    take(session, SPECIMENS / "mlflow_file" / "data")
    by_name = {card.name: card for card in cards(session.root).values()}
    for child in ("sweep-child-a", "sweep-child-b"):
        assert by_name[child].parent == by_name["sweep parent"].run_id


def test_a_child_imported_alone_finds_its_parent_later(session: Session) -> None:
    """The parent's id is known before it is here, so that nothing has to be mended."""
    source = SPECIMENS / "mlflow_file" / "data"
    take(session, source, only="name = 'sweep-child-a'")
    (child,) = cards(session.root).values()
    take(session, source)
    assert {card.name: card.run_id for card in cards(session.root).values()}[
        "sweep parent"
    ] == child.parent


def _csv(folder: Path, rows: int, first: float = 1.0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["step,loss"] + [f"{n},{first / (n + 1)}" for n in range(rows)]
    (folder / "metrics.csv").write_text("\n".join(lines) + "\n")
    (folder / "config.yaml").write_text("lr: 0.1\n")
    return folder


def test_a_run_that_has_grown_is_copied_anew_with_what_was_said_of_it_here(
    session: Session, tmp_path: Path
) -> None:
    """Its id stays, so that edits hold; without updates the older copy stays as it is."""
    folder = _csv(tmp_path / "logs" / "one", 3)
    (first,) = take(session, folder.parent).taken
    session.sweep()
    edit(session, (first.run_id,), {"note": "keep"})
    _csv(folder, 5)
    assert take(session, folder.parent, update=False).grown == 1
    assert cards(session.root)[first.source].metrics["loss"].count == 3
    (second,) = take(session, folder.parent).taken
    assert second.run_id == first.run_id
    assert cards(session.root)[first.source].metrics["loss"].count == 5
    assert take(session, folder.parent).taken == ()
    markers = list((_folder(session, first.run_id).parent / ".done").iterdir())
    assert [marker.name for marker in markers] == [f"{first.run_id}.0.unknown"]


def test_another_run_at_the_same_place_never_takes_the_copy_of_the_first(
    session: Session, tmp_path: Path
) -> None:
    """A tool that writes each run over the one before loses it; here both are kept."""
    folder = _csv(tmp_path / "logs" / "one", 5)
    (first,) = take(session, folder.parent).taken
    _csv(folder, 2, first=7.0)
    (second,) = take(session, folder.parent).taken
    assert second.run_id != first.run_id
    losses = {card.run_id: card.metrics["loss"].first for card in _all(session)}
    assert losses == {first.run_id: 1.0, second.run_id: 7.0}
    assert take(session, folder.parent).taken == ()


def test_a_run_that_lost_its_end_is_no_other_run(session: Session, tmp_path: Path) -> None:
    """A file cut short, or brought back from yesterday, leaves the longer copy."""
    folder = _csv(tmp_path / "logs" / "one", 5)
    take(session, folder.parent)
    _csv(folder, 3)
    report = take(session, folder.parent)
    assert (report.taken, report.older) == ((), (folder.as_posix(),))
    (card,) = _all(session)
    assert card.metrics["loss"].count == 5


def _mlflow(store: Path, points_: int, ended: int, lr: str = "0.1") -> Path:
    """Write a file store of one run."""
    run = store / "0" / ("ab" * 16)
    for name in ("metrics", "params", "tags", "artifacts"):
        (run / name).mkdir(parents=True, exist_ok=True)
    (store / "0" / "meta.yaml").write_text("experiment_id: '0'\nname: churn\n")
    (run / "meta.yaml").write_text(
        f"end_time: {ended}\nexperiment_id: '0'\nlifecycle_stage: active\nrun_id: {'ab' * 16}\n"
        f"run_name: one\nrun_uuid: {'ab' * 16}\nstart_time: 1700000000000\nstatus: 3\n"
    )
    (run / "params" / "lr").write_text(lr)
    lines = [f"{1700000000000 + n} {1 / (n + 1)} {n}\n" for n in range(points_)]
    (run / "metrics" / "loss").write_text("".join(lines))
    return store


def test_the_longer_history_of_a_run_stays_whichever_store_comes_first(
    session: Session, tmp_path: Path
) -> None:
    """A store that was moved on and the one it was made from are two copies of one run."""
    old = _mlflow(tmp_path / "old", 3, 1700000009000)
    new = _mlflow(tmp_path / "new", 5, 1700000019000, lr="0.2")
    (first,) = take(session, old).taken
    (second,) = take(session, new).taken
    assert (second.run_id, second.state) == (first.run_id, "grown")
    for _ in range(2):
        report = take(session, old)
        assert (report.taken, len(report.older)) == ((), 1)
        assert (take(session, new).taken, take(session, new).same) == ((), 1)
    (card,) = _all(session)
    assert (card.metrics["loss"].count, card.params["lr"]) == (5, "0.2")


def test_equal_histories_do_not_undo_each_other(session: Session, tmp_path: Path) -> None:
    """The place a run was copied from is followed; another one only when that is gone."""
    one = _mlflow(tmp_path / "one", 3, 1700000009000)
    other = _mlflow(tmp_path / "other", 3, 1700000009000, lr="0.2")
    take(session, one)
    assert (take(session, other).taken, take(session, other).same) == ((), 1)
    _mlflow(one, 3, 1700000009000, lr="0.3")
    assert len(take(session, one).taken) == 1
    shutil.rmtree(one)
    assert len(take(session, other).taken) == 1


def test_of_two_stores_below_one_folder_the_longer_history_is_taken(
    session: Session, tmp_path: Path
) -> None:
    """Whichever comes first; the other is told as the same run."""
    for name, count in (("a", 3), ("b", 5), ("c", 4)):
        _mlflow(tmp_path / "job" / name / "mlruns", count, 1700000009000)
    report = take(session, tmp_path / "job")
    (card,) = _all(session)
    assert card.metrics["loss"].count == 5
    assert len(report.failed) == 2
    assert all("/b/mlruns/" in one.reason for one in report.failed[1:])


def _all(session: Session) -> list[RunCard]:
    refs = _NATIVE.survey(session.root, None).refs
    return [_NATIVE.read(session.root, key, b"", NOW).card for key in refs]


def test_files_the_source_has_no_more_stay_with_the_copy(session: Session, tmp_path: Path) -> None:
    """Old checkpoints go at the source as new ones come; what was copied is kept."""
    folder = _csv(tmp_path / "logs" / "one", 3)
    (folder / "epoch-1.ckpt").write_bytes(b"one")
    take(session, folder.parent)
    (folder / "epoch-1.ckpt").unlink()
    (folder / "epoch-2.ckpt").write_bytes(b"two")
    _csv(folder, 4)
    take(session, folder.parent)
    (card,) = _all(session)
    assert {"epoch-1.ckpt", "epoch-2.ckpt"} <= {one.path for one in card.artifacts}


def test_runs_of_another_workspace_stay_the_same_runs(session: Session, tmp_path: Path) -> None:
    """Byte for byte under their own ids, and with what people changed of them since."""
    other = tmp_path / "other"
    built = write_run(other, number=1, artifacts={"a/b.txt": b"text"}, metrics=points(9, "loss"))
    write_run(other, number=2, status=None, metrics=points(4, "loss"))
    with open_session(other, clock=FixedClock(NOW), in_memory=True) as there:
        there.sweep()
        edit(there, (built.run_id,), {"name": "renamed"})
    report = take(session, other)
    assert (len(report.taken), report.edits) == (2, 1)
    copy = listing(session.root / built.key)
    copy.pop("imported.json")
    assert copy == listing(built.folder)
    session.sweep()
    assert select(session, built.run_id).name == "renamed"
    again = take(session, other)
    assert (again.taken, again.edits) == ((), 0)


def test_a_run_of_another_workspace_that_went_on_is_taken_in_again(
    session: Session, tmp_path: Path
) -> None:
    """A copy made while it ran is replaced by what it has become."""
    other = tmp_path / "other"
    built = write_run(other, number=1, status=None, metrics=points(3, "loss"))
    take(session, other)
    more = points(2, "loss", first=3)
    append_metrics(built, more)
    end_writer(built, 0, metrics=[*points(3, "loss"), *more])
    take(session, other)
    (card,) = _all(session)
    assert (card.status, card.metrics["loss"].count) == ("FINISHED", 5)


def test_what_a_stopped_import_copied_stays_and_nothing_is_half_there(
    session: Session, tmp_path: Path
) -> None:
    """Said again, it goes on where it stopped."""
    for number in range(4):
        _csv(tmp_path / "logs" / f"r{number}", 3)
    asked = iter([False] * 10)
    with pytest.raises(StoppedError, match="of 4 runs copied"):
        import_runs(session, tmp_path / "logs", Options(), stop=lambda: next(asked, True))
    done = len(_all(session))
    assert 0 < done < 4
    assert not list((session.root / "runs").glob("*/.new-*"))
    assert len(take(session, tmp_path / "logs").taken) == 4 - done


def test_each_run_is_there_before_the_next_one_is_read(session: Session, tmp_path: Path) -> None:
    """Killed at any moment, an import has kept what it came to."""
    for number in range(4):
        _csv(tmp_path / "logs" / f"r{number}", 3)
    there: list[int] = []
    import_runs(session, tmp_path / "logs", Options(), lambda *_: there.append(len(_all(session))))
    assert there == [0, 1, 2, 3]


def test_what_a_killed_import_left_is_cleared_up(session: Session, tmp_path: Path) -> None:
    """A half-made draft goes, a copy put aside comes back, a missing marker is made."""
    _csv(tmp_path / "logs" / "one", 3)
    (taken,) = take(session, tmp_path / "logs").taken
    place = _folder(session, taken.run_id)
    marker = place.parent / ".done" / f"{taken.run_id}.0.unknown"
    marker.unlink()
    place.rename(place.with_name(f".old-{place.name}"))
    left = place.with_name(f".new-{place.name}{draft._owner()}{2**22 + 5}")
    (left / "writers").mkdir(parents=True)
    assert take(session, tmp_path / "logs").taken == ()
    assert place.is_dir()
    assert marker.exists()
    assert not left.exists()


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_there(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runs copied before are kept."""
    for number in range(2):
        _csv(tmp_path / "logs" / f"r{number}", 3)
    kept: list[Path] = []

    def full(path: Path, data: bytes) -> None:
        kept.append(path)
        if len(kept) > 4:
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(copying, "_write", full)
    with pytest.raises(NotAllowedError, match=r"its disk is full; 1 of 2 runs copied"):
        take(session, tmp_path / "logs")
    assert len(_all(session)) == 1
    assert not list((session.root / "runs").glob("*/.new-*"))


def test_names_that_cannot_be_are_changed_and_kept(session: Session, tmp_path: Path) -> None:
    """Params, metrics and files keep their values; how they were called stands beside them."""
    folder = tmp_path / "logs" / "one"
    folder.mkdir(parents=True)
    lines = [{"step": n, " loss": 1.0 / (n + 1), "bad\x1bname": n} for n in range(3)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (folder / "config.json").write_text(json.dumps({"lr ": 0.1, "lr": 0.2}))
    if os.name != "nt":
        (folder / "what:is?this.txt").write_bytes(b"a file")
    report = take(session, folder.parent)
    (card,) = _all(session)
    (run,) = report.taken
    assert all(name.isprintable() and name == name.strip() for name in card.metrics)
    assert sorted(card.params.values()) == [0.1, 0.2]
    assert "\x1b" not in json.dumps(list(card.metrics))
    for artifact in card.artifacts:
        assert (_folder(session, run.run_id) / "artifacts" / artifact.path).is_file()
    assert "names changed" in report.lost
    assert all(summary.count == 3 for summary in card.metrics.values())


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")
def test_links_are_not_followed(session: Session, tmp_path: Path) -> None:
    """What lies outside the run does not come along."""
    folder = _csv(tmp_path / "logs" / "one", 3)
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret")
    take(session, folder.parent)
    assert b"secret" not in b"".join(listing(session.root).values())


def test_a_dry_run_writes_nothing(session: Session) -> None:
    """It says which runs would be copied, and how large their files are."""
    before = listing(session.root)
    report = take(session, SPECIMENS / "mlflow_file" / "data", dry=True)
    assert (len(report.due), report.taken) == (8, ())
    assert listing(session.root) == before


def test_files_may_stay_where_they_are(session: Session) -> None:
    """The report says how many there were."""
    report = take(session, SPECIMENS / "mlflow_file" / "data", artifacts=False)
    assert all(card.artifacts == () for card in _all(session))
    assert report.lost["artifacts left out"] > 0


def test_only_some_runs_are_asked_for(session: Session) -> None:
    """By a filter, or by a format's name."""
    source = SPECIMENS / "mlflow_file" / "data"
    assert {one.name for one in take(session, source, only="status = FAILED").taken} == {
        "crash-at-7"
    }
    assert take(session, source, only="lightning").found == 0
    assert take(session, source, only="mlflow").same == 1


def test_a_word_that_is_neither_a_format_nor_in_a_run_is_refused(session: Session) -> None:
    """A slip is not taken for a filter that nothing matches."""
    source = SPECIMENS / "mlflow_file" / "data"
    with pytest.raises(UsageError, match="'lightnin' is no format") as refused:
        take(session, source, only="lightnin")
    assert refused.value.hint == "Did you mean lightning?"
    assert take(session, source, only="crash").found == 1
    assert take(session, source, only="name = 'nosuch'").found == 0


def test_the_report_is_kept(session: Session) -> None:
    """Everything that did not come along as it was, run by run."""
    report = take(session, SPECIMENS / "mlflow_file" / "data")
    kept = json.loads((session.root / report.kept).read_bytes())
    assert kept["report"] == report.kept
    assert len(kept["runs"]) == 8
    assert {one["kind"] for run in kept["runs"] for one in run["lost"]} == set(report.lost)


def test_what_holds_no_runs_is_said(session: Session, tmp_path: Path) -> None:
    """A folder that is not there, an empty one, and the workspace itself."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFoundError, match="does not exist"):
        take(session, tmp_path / "missing")
    with pytest.raises(NotFoundError, match="no runs"):
        take(session, tmp_path / "empty")
    with pytest.raises(UsageError, match="in this workspace already"):
        take(session, session.root)


def test_the_status_of_a_copy_says_that_it_was_concluded(session: Session) -> None:
    """A run that was killed without a word is STALE there and here, and marked so."""
    take(session, SPECIMENS / "mlflow_file" / "data")
    killed = next(card for card in _all(session) if card.name == "killed-public")
    assert (killed.status, killed.inferred, killed.ended) == ("STALE", True, None)
    assert killed.facts["imported.status"] == "STALE (inferred)"


def test_a_copy_whose_lines_changed_is_read_from_them(session: Session) -> None:
    """The lines say the same as the end card, so that losing its sums loses nothing."""
    take(session, SPECIMENS / "mlflow_file" / "data")
    before = {card.run_id: card for card in _all(session)}
    for lines in (session.root / "runs").glob("*/*/writers/0/updates.jsonl"):
        with lines.open("ab") as file:
            file.write(b"\n")
    for card in _all(session):
        known = before[card.run_id]
        assert (card.params, card.tags, card.status) == (known.params, known.tags, known.status)
        assert card.facts == known.facts | ({"last_life": card.facts.get("last_life")}
                                            if card.status == "STALE" else {})  # fmt: skip
        assert sorted(card.artifacts) == sorted(known.artifacts)


def test_times_are_of_the_source(session: Session) -> None:
    """Ids sort by when runs began, and curves keep the time of each point."""
    take(session, SPECIMENS / "mlflow_file" / "data")
    found = sorted(_all(session), key=lambda card: card.run_id)
    assert [card.started for card in found] == sorted(card.started or 0 for card in found)
    first = own_curves(session.root, found[0].run_id)["train_loss"]
    assert float(first[1][0]) > BEGIN
    assert not math.isnan(float(first[1][-1]))


def test_every_field_of_a_card_is_compared() -> None:
    """What is compared above is the whole card: a new field has to be thought of here."""
    compared = {*_SAME, "status", "artifacts", "datasets", "facts", "run_id", "parent", "error"}
    assert set(RunCard.__dataclass_fields__) - compared == {"faults", "format"}


def test_who_is_second_leaves_the_copy_of_who_was_first(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two imports at once copy every run once."""
    _csv(tmp_path / "logs" / "one", 3)
    kept = copying.publish

    def beaten(folder: Path, run_id: str, there: Path | None) -> bool:
        monkeypatch.setattr(copying, "publish", kept)
        assert len(take(session, tmp_path / "logs").taken) == 1
        return kept(folder, run_id, there)

    monkeypatch.setattr(copying, "publish", beaten)
    owners = iter(range(1000))
    monkeypatch.setattr(draft, "_owner", lambda: f"-machine{next(owners)}-")
    report = take(session, tmp_path / "logs")
    assert (report.taken, report.same) == ((), 1)
    assert len(_all(session)) == 1
