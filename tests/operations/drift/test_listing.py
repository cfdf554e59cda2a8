"""What is watched, a line each."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.building import BEGIN
from tests.drift_building import (
    MONITOR,
    chunk,
    drift_workspace,
    judged,
    key,
    report,
    write,
    write_many,
)
from workbench.clock import FixedClock
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE
from workbench.formats.contract import Fault
from workbench.operations.drift.alerts import acknowledge, alerts, mute
from workbench.operations.drift.listing import TREND, WatchedLine, watched
from workbench.operations.drift.obstacles import words_of
from workbench.operations.session import Session, open_session

OTHERS = """
[monitor.quiet]
data = "census"
reference = "census@1"

[monitor.never]
data = "rides.csv"
reference = "census@1"
every = "1h"
"""


def opened(root: Path) -> Session:
    """Open a workspace a day after its year was checked."""
    session = open_session(root, clock=FixedClock(BEGIN + 13 * 86_400), in_memory=True)
    session.sweep()
    return session


def lines(session: Session) -> dict[str, WatchedLine]:
    """Return the lines by name."""
    return {one.name: one for one in watched(session)}


def test_a_line_says_how_its_monitor_stands(tmp_path: Path) -> None:
    """Of the newest chunk, over all chunks, and what waits for somebody."""
    with opened(drift_workspace(tmp_path / "w")) as session:
        (line,) = watched(session)
        assert (line.model, line.stage, line.version) == ("flights", "production", 1)
        assert (line.data, line.reference) == ("flights-month", "flights-train@1")
        assert (line.verdict, line.worst) == (DRIFT, (("dest", DRIFT, 1.8),))
        assert (line.chunks, len(line.trend), line.rows) == (12, 12, 27_662)
        assert line.trend[-1] > 0.3 > line.trend[0]
        assert (line.alerts, line.acknowledged) == (1, 0)
        assert (line.checked, line.data_time) == (BEGIN + 12 * 86_400, BEGIN + 11.5 * 86_400)
        acknowledge(session, alerts(session)[0].id, "seen")
        mute(session, "flights", "temp", "2027-01-01", "summer")
        line = lines(session)["flights"]
        assert (line.acknowledged, line.muted) == (1, ("temp",))


def test_what_needs_attention_comes_first(tmp_path: Path) -> None:
    """Alerts, faults, then what is overdue; what is quiet last."""
    root = drift_workspace(tmp_path / "w", monitor=MONITOR + OTHERS)
    for number in (1, 2):
        write(root, report("quiet", f"2013-{number:02d}", {"age": STABLE}, number=number))
    wrong = '[monitor.wrong]\ndata = "x"\nreference = "y@1"\nchunks = "fortnight"\n'
    with (root / "workbench.toml").open("a", encoding="utf-8") as file:
        file.write(wrong)
    (root / "rides.csv").write_text("km\n1\n", "utf-8")
    with opened(root) as session:
        assert not lines(session)["never"].overdue, "its entry was written a moment ago"
        os.utime(root / "workbench.toml", (BEGIN, BEGIN))
        assert [one.name for one in watched(session)] == ["flights", "wrong", "never", "quiet"]
        found = lines(session)
        assert "fortnight" in found["wrong"].fault
        assert (found["never"].checked, found["never"].verdict) == (None, "")
        assert found["never"].overdue
        assert not found["quiet"].overdue


def test_a_check_that_is_too_long_ago_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The monitor wants one a day, by the clock of the workspace's disk."""
    with opened(drift_workspace(tmp_path / "w")) as session:
        for days, overdue in ((12.9, False), (13.1, True)):
            now = BEGIN + days * 86_400
            monkeypatch.setattr(session, "disk_time", lambda now=now: now)
            assert lines(session)["flights"].overdue is overdue


def test_a_report_that_cannot_be_read_is_said_and_the_rest_is_shown(tmp_path: Path) -> None:
    """Never a blank page."""
    root = drift_workspace(tmp_path / "w")
    (root / storing.path_of("flights", key("flights", 99))).write_bytes(b"junk")
    with opened(root) as session:
        (line,) = watched(session)
        assert line.fault == ""
        assert line.unread.startswith("The report cannot be read")
        assert line.wrong == f"A report: {line.unread}"
        assert line.chunks == 12


def test_settings_that_cannot_be_read_are_said_and_what_has_reports_is_shown(
    tmp_path: Path,
) -> None:
    """Whoever misspells a bracket does not lose sight of drift."""
    root = drift_workspace(tmp_path / "w", monitor="[monitor.flights")
    with opened(root) as session:
        (line,) = watched(session)
        assert "workbench.toml" in line.fault
        assert (line.alerts, line.model, line.data) == (1, "flights", "flights-month")


def test_a_monitor_that_nobody_wants_any_more_is_not_listed(tmp_path: Path) -> None:
    """Its reports stay where they are."""
    with opened(drift_workspace(tmp_path / "w", monitor="")) as session:
        assert watched(session) == ()


def test_the_newest_chunk_is_the_gravest_of_its_segments(tmp_path: Path) -> None:
    """One airport in drift shows, though all rows together are in order."""
    root = drift_workspace(tmp_path / "w", months=0)
    parts = [
        judged(chunk("2013-04", {"dest": STABLE})),
        judged(chunk("2013-05", {"dest": STABLE})),
        judged(chunk("2013-05", {"dest": SEVERE}, segment="origin=JFK", rows=9)),
    ]
    write(root, report(chunks=parts))
    with opened(root) as session:
        (line,) = watched(session)
        assert (line.verdict, line.chunks, line.rows) == (SEVERE, 2, 27_662)
        assert line.worst == (("dest", SEVERE, 6.0),)
        assert len(line.trend) == 2


def test_a_version_in_the_settings_is_no_stage(tmp_path: Path) -> None:
    """``flights@1`` is watched whatever holds the stage."""
    root = drift_workspace(tmp_path / "w", monitor=MONITOR.replace("@production", "@1"))
    with opened(root) as session:
        assert (lines(session)["flights"].model, lines(session)["flights"].stage) == ("flights", "")


def test_many_monitors_with_many_reports_are_listed(tmp_path: Path) -> None:
    """Each with its own chunks, and no more scores than are shown."""
    with opened(write_many(tmp_path / "w", 3, 30)) as session:
        found = watched(session)
        assert [one.chunks for one in found] == [30, 30, 30]
        assert {len(one.trend) for one in found} == {TREND}
        assert all(one.trend[-1] == one.trend[2] for one in found)


def test_what_only_a_run_would_find_is_said_without_one(tmp_path: Path) -> None:
    """A stage nobody holds, names that are no longer right, data that are away."""
    said = {
        "stage": 'model = "flights@staging"\ndata = "flights-month"\n',
        "model": 'model = "fligts@1"\ndata = "flights-month"\n',
        "training": 'model = "flights@production"\ndata = "flights-month"\n',
        "data": 'data = "flights-mnth"\nreference = "census"\n',
        "path": 'data = "drop/*.csv"\nreference = "census"\n',
        "reference": 'data = "flights-month"\nreference = "census@9"\n',
        "file": 'data = "flights-month"\nreference = "known.csv"\n',
        "right": 'data = "flights-month"\nreference = "previous"\n',
        "to-come": 'data = "later"\nreference = "census@1"\n[datasets.later]\n',
    }
    text = "".join(f"[monitor.{name}]\n{lines}" for name, lines in said.items())
    root = drift_workspace(tmp_path / "w", monitor=text, months=0)
    with opened(root) as session:
        found = {name: line.fault for name, line in lines(session).items()}
    for name, begin in (
        ("stage", "No version of flights holds staging."),
        ("model", "There is no model fligts. Did you mean flights?"),
        ("training", "The training data of flights@1, census, are no registered version"),
        ("data", "There is neither a dataset nor a file flights-mnth. Did you mean flights-month"),
        ("path", "There is nothing at "),
        ("reference", "There is no census@9"),
        ("file", "There is neither a dataset nor a file known.csv."),
    ):
        assert found[name].startswith(begin), found[name]
    assert (found["right"], found["to-come"]) == ("", "")


def test_what_a_run_of_this_program_found_is_said_too(tmp_path: Path) -> None:
    """Of its own monitor, until a run succeeds."""
    with opened(drift_workspace(tmp_path / "w", monitor=MONITOR + OTHERS)) as session:
        session.drift_faults = (Fault("workbench.toml", words_of("quiet", "It is no table.")),)
        assert lines(session)["quiet"].fault == "It is no table."
        assert lines(session)["flights"].fault == ""


def test_a_fault_begins_with_what_is_so(tmp_path: Path) -> None:
    """The line of the settings comes last: a narrow list shows the beginning."""
    wrong = '[monitor.bad]\ndata = "census"\nreference = "census"\nchunk = "day"\n'
    with opened(drift_workspace(tmp_path / "w", monitor=wrong, months=0)) as session:
        assert lines(session)["bad"].fault == (
            "A monitor has no 'chunk' (bad). Did you mean chunks? (workbench.toml, line 4)"
        )


def test_while_reports_are_read_a_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is told that nothing was checked before it is known."""
    root = drift_workspace(tmp_path / "w")
    with open_session(root, clock=FixedClock(BEGIN), in_memory=True) as session:
        monkeypatch.setattr(session, "_watch", SimpleNamespace(status="reading", stop=bool))
        (line,) = watched(session)
        assert (line.reading, line.verdict, line.alerts) == (True, "", 0)
        session.sweep()
        monkeypatch.setattr(session, "_watch", SimpleNamespace(status="watching", stop=bool))
        (line,) = watched(session)
        assert (line.reading, line.verdict, line.alerts) == (False, DRIFT, 1)
