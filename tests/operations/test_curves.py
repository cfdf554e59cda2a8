"""Curves, live and copied: however they are read, the points are those of the lines."""

import math
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.building import (
    BEGIN,
    Built,
    Point,
    append_metrics,
    end_writer,
    metric_lines,
    points,
    write_run,
    write_workspace,
    write_writer,
)
from tests.waiting import wait_for_copies
from workbench.clock import FixedClock
from workbench.formats.detect import reader_named
from workbench.operations import curves
from workbench.operations.curves import CurveStore
from workbench.operations.session import Session, open_session
from workbench.runs.series import Series

NAN, INF = math.nan, math.inf


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def store(session: Session) -> CurveStore:
    """Return curves that have read nothing yet."""
    return CurveStore(session.catalogue, session.root, session.cache)


def told(series: Series) -> str:
    """Return a curve so that NaN equals NaN."""
    return repr([column.tolist() for column in (series.steps, series.times, series.values)])


def swept(session: Session) -> int:
    """Sweep, and return the number of the only run."""
    session.sweep()
    return 1


ODD: list[Point] = [
    (0, BEGIN, {"loss": NAN, "val": 1.0}),
    (None, BEGIN + 1, {"loss": INF}),
    (2, BEGIN + 2, {"loss": -0.0, "näme": 3.0}),
    (2, BEGIN + 3, {"loss": 1e-300}),
]


def test_a_curve_is_every_point_in_the_order_of_writing(session: Session) -> None:
    """Repeated steps, missing steps, NaN and infinities are all there."""
    write_run(session.root, metrics=ODD)
    found = store(session).series(swept(session), "loss")
    assert told(found) == repr(
        [[0.0, NAN, 2.0, 2.0], [BEGIN, BEGIN + 1, BEGIN + 2, BEGIN + 3], [NAN, INF, -0.0, 1e-300]]
    )
    assert store(session).series(1, "näme").values.tolist() == [3.0]
    assert len(store(session).series(1, "unheard")) == 0


PIECES = st.lists(st.lists(st.sampled_from(ODD), max_size=3), max_size=4)


@settings(max_examples=20)
@given(PIECES, st.lists(st.sampled_from(["loss", "val"]), min_size=4, max_size=4))
def test_a_curve_read_as_it_grows_is_the_curve_read_at_once(
    growing: tuple[Session, Built], pieces: list[list[Point]], asked: list[str]
) -> None:
    """Whichever metric is asked when, and however few lines came in between."""
    session, run = growing
    file = run.writer() / "metrics.jsonl"
    file.unlink()
    file.write_bytes(metric_lines([ODD[0]]))
    session.sweep()
    slow = store(session)
    for piece, metric in zip(pieces, asked, strict=False):
        append_metrics(run, piece)
        session.sweep()
        assert told(slow.series(1, metric)) == told(store(session).series(1, metric))
    for metric in ("loss", "val"):
        assert told(slow.series(1, metric)) == told(store(session).series(1, metric))


@pytest.fixture(scope="module")
def growing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Session, Built]]:
    """A run that goes on, and a session that follows it."""
    root = write_workspace(tmp_path_factory.mktemp("growing"))
    run = write_run(root, status=None)
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        yield session, run


def test_only_what_is_new_is_read(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live curve costs what was appended, and one that has ended costs nothing."""
    run = write_run(session.root, status=None, metrics=points(1000, "loss"))
    kept = store(session)
    assert len(kept.series(swept(session), "loss")) == 1000
    read: list[int] = []
    reader = reader_named("native")
    asked = type(reader).points

    def counted(*args: object) -> object:
        found = asked(*args)  # type: ignore[arg-type]
        read.append(sum(len(one.values) for one in found.points.values()))
        return found

    monkeypatch.setattr(type(reader), "points", counted)
    append_metrics(run, points(2, "loss", first=1000))
    session.sweep()
    assert len(kept.series(1, "loss")) == 1002
    assert read == [2]
    end_writer(run, 0, metrics=points(1002, "loss"))
    session.sweep()
    for _ in range(3):
        assert len(kept.series(1, "loss")) == 1002
    assert read == [2, 1002]


def test_a_file_written_anew_starts_the_curve_over(session: Session) -> None:
    """The points read before are forgotten, not added to."""
    run = write_run(session.root, status=None, metrics=points(5, "loss"))
    kept = store(session)
    kept.series(swept(session), "loss")
    other = run.folder / "other"
    other.write_bytes(metric_lines([(7, BEGIN, {"loss": 9.0})] * 8))
    other.replace(run.writer() / "metrics.jsonl")
    session.sweep()
    found = kept.series(1, "loss")
    assert found.steps.tolist() == [7.0] * 8
    assert found.values.tolist() == [9.0] * 8


def test_points_of_all_writers_are_there(session: Session) -> None:
    """A second process that joins adds its own."""
    run = write_run(session.root, status=None, metrics=points(2, "loss"))
    kept = store(session)
    assert len(kept.series(swept(session), "loss")) == 2
    write_writer(run, 1, metrics=points(3, "loss", first=2))
    session.sweep()
    assert sorted(kept.series(1, "loss").steps.tolist()) == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_a_long_curve_that_has_ended_is_copied_and_the_copy_is_the_curve(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next session reads the copy, without the lines, to the last bit."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 4)
    run = write_run(session.root, metrics=ODD)
    first = store(session)
    wanted = {name: told(first.series(swept(session), name)) for name in ("loss", "val", "näme")}
    wait_for_copies(first)
    (copy,) = (session.cache / "curves").iterdir()
    assert copy.suffix == ".parquet"
    (run.writer() / "metrics.jsonl").unlink()
    second = store(session)
    assert {name: told(second.series(1, name)) for name in wanted} == wanted
    assert len(second.series(1, "unheard")) == 0


def test_a_damaged_copy_is_read_from_the_lines_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cache may hold anything; the run's own files are the truth."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 4)
    write_run(session.root, metrics=ODD)
    first = store(session)
    wanted = told(first.series(swept(session), "loss"))
    wait_for_copies(first)
    (copy,) = (session.cache / "curves").iterdir()
    copy.write_bytes(b"no parquet")
    assert told(store(session).series(1, "loss")) == wanted


def test_a_run_that_changed_after_its_end_has_another_copy(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resumed run is not shown as it was copied before."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 3)
    run = write_run(session.root, metrics=points(3, "loss"))
    first = store(session)
    assert len(first.series(swept(session), "loss")) == 3
    wait_for_copies(first)
    write_writer(run, 1, metrics=points(2, "loss", first=3), started=BEGIN + 100)
    end_writer(run, 1, metrics=points(2, "loss", first=3), started=BEGIN + 100)
    for _ in range(4):
        session.sweep()
    assert len(store(session).series(1, "loss")) == 5


def test_short_curves_and_live_ones_are_not_copied(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that pays for nothing is not written; nor is one of a run that goes on."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 4)
    write_run(session.root, number=1, metrics=points(3, "loss"))
    write_run(session.root, number=2, metrics=points(9, "loss"), status=None)
    session.sweep()
    kept = store(session)
    assert sorted(len(one) for one in kept.many([1, 2], "loss").values()) == [3, 9]
    wait_for_copies(kept)
    assert not (session.cache / "curves").exists()


def test_a_cache_that_is_full_costs_the_copy_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The curve is shown, and no half of a copy stays."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 1)
    session.cache.mkdir(parents=True, exist_ok=True)
    (session.cache / "curves").write_text("a file is in the way", "utf-8")
    write_run(session.root, metrics=ODD)
    kept = store(session)
    assert len(kept.series(swept(session), "loss")) == 4
    wait_for_copies(kept)
    assert (session.cache / "curves").read_text("utf-8") == "a file is in the way"


def test_the_oldest_copies_go_when_there_are_too_many(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest copy stays, whatever its size."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 1)
    for number in range(3):
        write_run(session.root, number=number, metrics=ODD)
    session.sweep()
    kept = store(session)
    kept.series(1, "loss")
    wait_for_copies(kept)
    (first,) = (session.cache / "curves").iterdir()
    monkeypatch.setattr(curves, "_MOST_COPIES_BYTES", first.stat().st_size * 2)
    kept.series(2, "loss")
    kept.series(3, "loss")
    wait_for_copies(kept)
    assert len(list((session.cache / "curves").iterdir())) == 2


def test_closing_writes_no_further_copy(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who leaves waits for the copy in hand, not for all that are owed."""
    monkeypatch.setattr(curves, "_WORTH_COPYING", 1)
    for number in range(3):
        write_run(session.root, number=number, metrics=ODD)
    session.sweep()
    kept = store(session)
    write, begun, go_on = curves.write_copy, threading.Event(), threading.Event()

    def held_up(*args: Any) -> None:
        begun.set()
        go_on.wait(20)
        write(*args)

    monkeypatch.setattr(curves, "write_copy", held_up)
    monkeypatch.setattr(curves, "_CLOSING_S", 0)
    kept.many(range(1, 4), "loss")
    assert begun.wait(20)
    kept.close()
    go_on.set()
    wait_for_copies(kept)
    assert len(list((session.cache / "curves").iterdir())) == 1


def test_a_run_that_is_gone_has_no_curve_and_the_others_do(session: Session) -> None:
    """Between the deletion of a folder and the next sweep nobody sees an error."""
    runs = [write_run(session.root, number=number) for number in range(2)]
    session.sweep()
    shutil.rmtree(runs[1].folder)
    assert sorted(len(one) for one in store(session).many([1, 2, 99], "loss").values()) == [3]
    assert len(store(session).series(99, "loss")) == 0
    assert store(session).of_run(99, ["loss"])["loss"].values.tolist() == []


def test_a_folder_that_is_no_run_any_more_costs_its_own_curve_alone(tmp_path: Path) -> None:
    """Between a run's last table and the next sweep the others are drawn."""
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "metrics.csv").write_text("step,loss\n0,1.0\n1,0.5\n", "utf-8")
    with open_session(tmp_path, in_memory=True) as opened:
        opened.sweep()
        (tmp_path / "a" / "metrics.csv").unlink()
        kept = store(opened)
        assert [len(one) for one in kept.many([1, 2], "loss").values()] == [2]


def test_several_curves_of_a_run_are_read_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of charts costs one pass over the lines."""
    write_run(session.root, metrics=points(10, "a", "b", "c"))
    session.sweep()
    kept = store(session)
    reader, read = type(reader_named("native")), []
    asked = reader.points

    def counted(*args: object) -> object:
        read.append(args[3])
        return asked(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(reader, "points", counted)
    found = kept.of_run(1, ["a", "b", "c"])
    assert [len(found[name]) for name in "abc"] == [10, 10, 10]
    assert read[0] == {"a", "b", "c"}
    assert np.allclose(found["b"].values, [1 / (step + 2) for step in range(10)])


def test_memory_is_kept_for_the_runs_looked_at_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long evening of looking through runs does not fill the machine."""
    monkeypatch.setattr(curves, "_MOST_RUNS", 2)
    for number in range(5):
        write_run(session.root, number=number)
    session.sweep()
    kept = store(session)
    for run in range(1, 6):
        kept.of_run(run, ["loss"])
    kept.many([1, 2, 3], "loss")
    assert len(kept._held) <= 2
