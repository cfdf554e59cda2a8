"""The catalogue keeps up with reports of drift and what is said of alerts; none hides another."""

import gzip
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN, write_workspace
from tests.drift_building import MONITOR, drift_workspace, key, report, write
from workbench.catalogue import drift_lines
from workbench.catalogue import drift_reports as stored
from workbench.catalogue.faults import faults
from workbench.clock import FixedClock
from workbench.datasets.drift import records, storing
from workbench.datasets.drift.records import ACKNOWLEDGED, Record
from workbench.datasets.drift.report import DRIFT, SEVERE
from workbench.operations.session import Session, open_session
from workbench.sync.turns import TRY_AGAIN_S


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock()


@pytest.fixture
def session(tmp_path: Path, clock: FixedClock) -> Iterator[Session]:
    """A session on a workspace with one monitor and no report, its catalogue in memory."""
    root = write_workspace(tmp_path / "w")
    (root / "workbench.toml").write_text(MONITOR, "utf-8")
    with open_session(root, clock=clock, in_memory=True) as made:
        yield made


def labels(session: Session, monitor: str = "flights") -> list[str]:
    """Return the chunks that count, in order."""
    return [one.label for one in drift_lines.heads(session.catalogue, monitor)]


def told(session: Session) -> dict[str, str]:
    """Return the faults: reason by path."""
    return {one.path: one.reason for one in faults(session.catalogue)}


def said(number: int = 1, **fields: object) -> Record:
    """Return what somebody said of an alert."""
    known: dict[str, object] = {
        "id": f"01kd{number:022d}", "kind": ACKNOWLEDGED, "monitor": "flights", "time": BEGIN,
        "actor": "ana", "label": "2013-04",
    }  # fmt: skip
    return Record(**(known | fields))  # type: ignore[arg-type]


def test_a_workspace_without_reports_holds_none(session: Session) -> None:
    """There is nothing to watch, and nothing to say."""
    assert session.sweep().drift == frozenset()
    assert session.sweeper().drift_folders() == []
    assert labels(session) == []


def test_reports_that_are_there_are_found_once(session: Session) -> None:
    """Sweeping again finds nothing."""
    write(session.root, report(number=1))
    write(session.root, report(monitor="weather", number=1))
    assert session.sweep().drift == {"flights", "weather"}
    assert not session.sweep()
    assert labels(session) == ["2013-04"]


def test_a_colleagues_report_is_seen_by_the_next_sweep(session: Session) -> None:
    """Also within one tick of the disk's clock; only its monitor has changed."""
    write(session.root, report(number=1))
    session.sweep()
    folder = session.root / storing.FOLDER / "flights"
    stamp = folder.stat().st_mtime_ns
    write(session.root, report(number=2, label="2013-05"))
    os.utime(folder, ns=(stamp, stamp))
    assert session.sweep().drift == {"flights"}
    assert labels(session) == ["2013-04", "2013-05"]


def test_a_report_after_a_long_rest_is_seen(session: Session, clock: FixedClock) -> None:
    """A folder that was quiet is not forgotten."""
    write(session.root, report(number=1))
    session.sweep()
    clock.advance(60)
    assert not session.sweep()
    write(session.root, report(number=2, label="2013-05"))
    assert session.sweep().drift == {"flights"}


def test_of_a_chunk_that_was_checked_twice_the_newest_report_counts(session: Session) -> None:
    """Whichever file came first."""
    write(session.root, report(number=2, verdicts={"temp": SEVERE}))
    session.sweep()
    write(session.root, report(number=1, verdicts={"temp": "stable"}))
    session.sweep()
    (head,) = drift_lines.heads(session.catalogue, "flights")
    assert (head.verdict, head.key) == (SEVERE, key("flights", 2))


def test_reports_that_go_are_forgotten(session: Session) -> None:
    """One, then the monitor with all of its own."""
    first = write(session.root, report(number=1))
    write(session.root, report(number=2, label="2013-05"))
    session.sweep()
    first.unlink()
    assert session.sweep().drift == {"flights"}
    assert labels(session) == ["2013-05"]
    shutil.rmtree(first.parent)
    assert session.sweep().drift == {"flights"}
    assert labels(session) == []
    assert stored.known_monitors(session.catalogue) == {}


def test_a_broken_report_is_a_fault_and_hides_no_other(session: Session) -> None:
    """Each says its file and why; what is beside it is listed."""
    good = write(session.root, report(number=1))
    hostile = {
        2: b"", 3: b"junk", 4: gzip.compress(b'{"format": 99}'), 5: good.read_bytes()[:-9],
        6: good.read_bytes(),
    }  # fmt: skip
    for number, data in hostile.items():
        (good.parent / f"{key('flights', number)}{storing.ENDING}").write_bytes(data)
    (good.parent / f"{key('flights', 7)}{storing.ENDING}").mkdir()
    (good.parent / f"not-a-key{storing.ENDING}").write_bytes(b"")
    (good.parent.parent / "linked").symlink_to(good.parent)
    (good.parent.parent / "Not A Name").mkdir()
    changes = session.sweep()
    assert changes.drift == {"flights"}
    assert changes.faults
    assert labels(session) == ["2013-04"]
    found = told(session)
    for number in (*hostile, 7):
        assert storing.path_of("flights", key("flights", number)) in found
    assert "another one" in found[storing.path_of("flights", key("flights", 6))]
    assert "link" in found[f"{storing.FOLDER}/linked"]
    assert "called so" in found[f"{storing.FOLDER}/flights/not-a-key{storing.ENDING}"]


def test_a_broken_report_that_is_put_right_is_read(session: Session, clock: FixedClock) -> None:
    """A copy that was not through is tried again, once it is another file."""
    path = session.root / storing.path_of("flights", key("flights", 1))
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half a")
    session.sweep()
    assert told(session)
    path.unlink()
    write(session.root, report(number=1))
    os.utime(path, (BEGIN, BEGIN))
    clock.advance(TRY_AGAIN_S + 1)
    assert session.sweep().drift == {"flights"}
    assert not told(session)
    assert labels(session) == ["2013-04"]


def test_many_reports_come_in_parts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen fills while they are read, and a sweep that is ended goes on with the next."""
    monkeypatch.setattr("workbench.sync.drift_reports._BATCH", 2)
    for number in range(1, 6):
        write(session.root, report(number=number, label=f"2013-{number:02d}"))
    waiting = []
    session.sweep(lambda part: waiting.append(part.waiting) if part.drift else None)
    assert waiting == [3, 1, 0]
    with open_session(session.root, clock=FixedClock(), in_memory=True) as other:
        other.sweeper().sweep(stopped=lambda: bool(labels(other)))
        assert len(labels(other)) == 2
        other.sweep()
        assert len(labels(other)) == 5


def test_a_report_that_cannot_be_stored_says_why(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are stored all the same."""
    write(session.root, report(number=1))
    write(session.root, report(number=2, label="2013-05"))
    store = stored.store

    def refusing(catalogue: object, found: list[stored.Found], **more: object) -> None:
        if any(one.report and one.report.chunks[0].label == "2013-05" for one in found):
            raise ValueError("no room for it")
        store(catalogue, found, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("workbench.sync.drift_reports.stored.store", refusing)
    session.sweep()
    assert labels(session) == ["2013-04"]
    assert list(told(session).values()) == ["no room for it"]


def test_what_a_colleague_says_of_an_alert_is_seen_by_the_next_sweep(session: Session) -> None:
    """Only of its monitor; a file that is none is a fault beside it."""
    session.sweep()
    records.write(session.root, said())
    (session.root / "alerts/2026-11/broken.json").write_text("{", "utf-8")
    assert session.sweep().drift == {"flights"}
    assert not session.sweep().drift
    rows = session.catalogue.cursor().execute("SELECT actor, label FROM alert_records").fetchall()
    assert rows == [("ana", "2013-04")]
    assert "alerts/2026-11/broken.json" in told(session)


def test_the_catalogue_forgets_what_is_not_in_the_folder_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that was taken out by hand is gone at the next start."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    root = drift_workspace(tmp_path / "w", months=2)
    records.write(root, said(1))
    records.write(root, said(2))
    for expected, gone in ((2, 1), (1, None)):
        with open_session(root) as session:
            session.sweep()
            count = session.catalogue.cursor().execute("SELECT count(*) FROM alert_records")
            assert count.fetchone() == (expected,)
        if gone:
            (root / records.path_of(said(gone))).unlink()


def test_a_second_start_opens_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the catalogue knows is not read again."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    root = drift_workspace(tmp_path / "w")
    with open_session(root) as session:
        session.sweep()

    def reading(*_: object) -> None:
        raise AssertionError("a report was opened")

    monkeypatch.setattr(storing, "read_for_lists", reading)
    with open_session(root) as session:
        assert not session.sweep().drift
        assert len(labels(session)) == 12


def test_what_the_settings_say_of_monitors_and_is_misspelt_is_a_fault(session: Session) -> None:
    """With its line, as soon as it is written; who looks is told that monitors changed."""
    session.sweep()
    (session.root / "workbench.toml").write_text(MONITOR + 'chunk = "day"\n', "utf-8")
    assert session.sweep().drift == {"flights"}
    (fault,) = faults(session.catalogue)
    assert (fault.path, fault.line) == ("workbench.toml", MONITOR.count("\n") + 1)


def test_names_with_escapes_are_shown_as_signs(session: Session) -> None:
    """What a report says never steers a terminal."""
    name = "te\x1b[31mmp"
    write(session.root, report(verdicts={name: DRIFT}))
    session.sweep()
    found = drift_lines.columns(session.catalogue, "flights")
    ((names, cells),) = found.values()
    assert names == (name,)
    assert "\x1b" not in cells[0].words
