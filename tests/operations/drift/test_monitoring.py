"""Monitors: what has not been checked is checked once, the oldest first."""

import gzip
import os
from pathlib import Path
from threading import Barrier, Thread

import polars as pl
import pytest

from tests.operations.drift.watched import DATED, MONITOR, Watched, frame, told
from workbench.datasets.drift import storing
from workbench.errors import NotFoundError, StoppedError
from workbench.operations.datasets import agreed, reading_in
from workbench.operations.datasets.add import add
from workbench.operations.drift import monitoring
from workbench.operations.drift.monitoring import Ran, run


def test_every_version_that_came_is_checked_oldest_first(watched: Watched) -> None:
    """Against the training data of the version that holds the stage."""
    watched.hold()
    watched.months(0.0, 0.0, 1.0)
    watched.settings(MONITOR + DATED)
    ran = watched.run()
    assert told(ran) == [("month@1", "stable"), ("month@2", "stable"), ("month@3", "severe")]
    report = ran[-1].report
    assert report is not None
    assert (report.reference.name, report.reference.kind) == ("train@1", "training")
    assert (report.model, report.version, report.stage) == ("churn", 1, "production")
    assert report.monitor == "flights"
    (chunk,) = report.chunks
    assert (chunk.label, chunk.rows) == ("month@3", 400)
    assert chunk.start is not None
    assert chunk.columns[0].name == "delay"


def test_a_second_run_finds_nothing_new(watched: Watched) -> None:
    """It tells of the newest check, and writes nothing."""
    watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR)
    watched.run()
    before = watched.reports()
    (ran,) = watched.run()
    assert (ran.new, ran.fault) == (False, "")
    assert ran.report is not None
    assert ran.report.current.name == "month@2"
    assert watched.reports() == before
    watched.add("month", frame(0.0, seed=9))
    assert told(watched.run()) == [("month@3", "stable")]


def test_another_model_in_the_stage_is_held_against_the_newest_data_alone(watched: Watched) -> None:
    """What was found of older data under the model of then stands."""
    watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR)
    watched.run()
    second = watched.train(frame(1.0, seed=8), "train-2")
    watched.promote(second)
    ran = watched.run()
    assert told(ran) == [("month@2", "stable")]
    assert ran[0].report is not None
    assert (ran[0].report.version, ran[0].report.reference.name) == (2, "train-2@1")
    assert len(watched.reports()) == 3


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("[monitor.flights.thresholds]\npsi = 0.2\n", True),
        ('columns = ["delay"]\n', True),
        ('exclude = ["dest"]\n', True),
        ('chunks = "10 parts"\n', True),
        ('measures = ["hellinger"]\n', True),
        ('roles = { pax = "category" }\n', True),
        ('alert = "1 of 1"\n', False),
        ('severity = "critical"\n', False),
        ('every = "1d"\n', False),
        ("follow = false\n", False),
        ('[[monitor.flights.mutes]]\ncolumn = "dest"\nuntil = 2030-01-01\nreason = "x"\n', False),
    ],
)
def test_only_what_changes_the_finding_is_another_check(
    watched: Watched, line: str, new: bool
) -> None:
    """Whom it is told, how often and how loud changes nothing that was found."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    watched.run()
    watched.settings(MONITOR + line)
    (ran,) = watched.run()
    assert (ran.fault, ran.new) == ("", new)


def test_the_same_check_has_the_same_key_on_another_machine(watched: Watched) -> None:
    """Somebody else, who opens the folder elsewhere, finds it done."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    watched.run()
    ben = watched.ben
    ben.cache = watched.root.parent / "another-cache"
    ben.sweep()
    (ran,) = watched.run(who=ben)
    assert (ran.new, ran.fault) == (False, "")


def test_two_programs_at_once_make_one_report(watched: Watched) -> None:
    """Each of them has the report, one of them made it."""
    watched.hold()
    watched.months(1.0)
    watched.settings(MONITOR)
    watched.ben.sweep()
    gate, found = Barrier(2), list[tuple[Ran, ...]]()

    def go(who: object) -> None:
        gate.wait()
        found.append(run(who))  # type: ignore[arg-type]

    threads = [Thread(target=go, args=(who,)) for who in (watched.ana, watched.ben)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for ran in found for one in ran) == [False, True]
    assert {one.report.key for ran in found for one in ran if one.report} == {
        name.removesuffix(".json.gz") for name in watched.reports()
    }


def test_a_check_that_is_stopped_leaves_nothing(watched: Watched) -> None:
    """Neither a report nor a piece of one."""
    watched.hold()
    watched.months(1.0)
    watched.settings(MONITOR + 'chunks = "10 parts"\n')
    with pytest.raises(StoppedError):
        run(watched.ana, stopped=lambda: True)
    assert watched.reports() == []
    assert not list((watched.root / ".workbench/tmp").glob("*.tmp"))


def test_a_monitor_that_is_misspelt_is_not_run_and_stops_no_other(watched: Watched) -> None:
    """It is told with its line and what is near."""
    watched.hold()
    watched.months(0.0)
    watched.settings(
        '[monitor.bad]\ndata = "month"\nreference = "previous"\nchunk = "day"\n' + MONITOR
    )
    bad, good = watched.run()
    assert bad.fault == (
        "workbench.toml, line 4: A monitor has no 'chunk' (bad). Did you mean chunks?"
    )
    assert (bad.report, bad.new) == (None, False)
    assert (good.monitor, good.new) == ("flights", True)
    assert watched.reports("bad") == []


def test_an_unknown_monitor_is_told_with_what_is_near(watched: Watched) -> None:
    """Nothing is run then."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    with pytest.raises(NotFoundError, match=r"Did you mean flights\?"):
        watched.run("flight")
    assert watched.reports() == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (MONITOR.replace('"month"', '"mnth"'), "a dataset nor a file mnth. Did you mean month?"),
        (MONITOR.replace("production", "staging"), "No version of churn holds staging"),
        (MONITOR.replace("churn@", "chrn@"), "There is no model chrn. Did you mean churn"),
        (MONITOR + 'reference = "train@9"\n', "There is no train@9"),
        (MONITOR + 'columns = ["delays"]\n', "There is no column 'delays'. Did you mean delay?"),
        (MONITOR + 'chunks = "day"\ntime = "wen"\n', "no column 'wen'. Did you mean when?"),
        (MONITOR + 'segments = ["destination"]\n', "There is no column 'destination'"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_one_sentence(
    watched: Watched, settings: str, words: str
) -> None:
    """And nothing is written."""
    watched.hold()
    watched.months(0.0)
    watched.settings(settings)
    (ran,) = watched.run()
    assert words in ran.fault
    assert ran.report is None
    assert watched.reports() == []


def test_a_dataset_that_is_still_to_come_is_no_fault(watched: Watched) -> None:
    """The settings name it; its first version makes the first check."""
    watched.hold()
    watched.settings(MONITOR + DATED)
    assert watched.run() == (Ran("flights", None, False, "", False),)
    watched.months(0.0)
    assert told(watched.run()) == [("month@1", "stable")]


def test_a_missing_profile_is_one_sentence(watched: Watched) -> None:
    """Of the current data as of the reference."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    profile = watched.root / "datasets/train/1/profile.json.gz"
    kept = profile.read_bytes()
    profile.unlink()
    (ran,) = watched.run()
    assert "train@1 has no profile" in ran.fault
    profile.write_bytes(kept[:50])
    (ran,) = watched.run()
    assert "The profile of train@1 cannot be read" in ran.fault
    profile.write_bytes(kept)
    assert told(watched.run()) == [("month@1", "stable")]


def test_a_version_that_fails_is_passed_over_and_the_newest_is_checked(watched: Watched) -> None:
    """It is said which, and why."""
    watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR)
    (watched.root / "datasets/month/1/profile.json.gz").unlink()
    ran = watched.run()
    assert told(ran) == [("month@2", "severe")]
    assert "month@1 has no profile" in ran[-1].note


def test_rows_that_are_gone_are_not_needed_where_nothing_is_divided(watched: Watched) -> None:
    """Where something is, it is said that they are gone."""
    watched.hold()
    watched.months(0.0, 0.0)
    watched.settings(MONITOR + DATED)
    assert len(told(watched.run())) == 2  # the file of month@1 was replaced
    watched.settings(
        MONITOR.replace("data", 'chunks = "10 parts"\ndata').replace('"month"', '"month@1"')
    )
    (ran,) = watched.run()
    assert "month@1" in ran.fault
    assert "its rows are gone" in ran.fault


def test_a_version_within_one_period_needs_no_rows_either(watched: Watched) -> None:
    """Its stored profile is that of the month."""
    watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR + 'chunks = "month"\n' + DATED)
    ran = watched.run()
    assert told(ran) == [("month@1", "stable"), ("month@2", "severe")]
    labels = [chunk.label for one in ran if one.report for chunk in one.report.chunks]
    assert labels == ["2025-02", "2025-03"]


def test_overdue_is_told_by_the_newest_check(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock of the disk; what was never checked is late from when it was written."""
    watched.hold()
    watched.settings(MONITOR + 'every = "1d"\n' + DATED)
    (ran,) = watched.run()
    assert not ran.overdue
    os.utime(watched.root / "workbench.toml", (1, 1))
    (ran,) = watched.run()
    assert ran.overdue
    watched.months(0.0)
    (ran,) = watched.run()
    assert not ran.overdue
    assert ran.report is not None
    later = ran.report.time + 86_401
    monkeypatch.setattr(watched.ana, "disk_time", lambda: later)
    (ran,) = watched.run()
    assert ran.overdue


def test_rows_that_came_twice_are_found_by_stored_profiles(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted when a version is registered; where they were not, it is said."""
    watched.add("train", frame(0.0, seed=1))
    once = frame(0.0, seed=2)
    watched.add("month", pl.concat([once, once.head(100)]))
    watched.settings('[monitor.months]\ndata = "month"\nreference = "train@1"\n')
    (ran,) = watched.run()
    assert ran.report is not None
    assert "duplicates" in [one.kind for one in ran.report.chunks[0].findings]
    assert ran.report.said == ()
    monkeypatch.setattr(reading_in, "MOST_CELLS", 100)
    watched.add("month", frame(0.0, seed=3))
    (ran,) = watched.run()
    assert ran.report is not None
    assert any(one.startswith("Repeated rows were not counted") for one in ran.report.said)


def test_what_is_sensitive_stays_hidden(watched: Watched) -> None:
    """On both sides if it is so on one."""
    table = frame(0.0).with_columns(secret=frame(0.0)["dest"] + "-secret")
    watched.hold(table=table)
    watched.add("month", table.with_columns(secret=table["dest"] + "-other"))
    watched.settings(MONITOR + '[datasets.train]\nsensitive = ["secret"]\n')
    report = watched.one()
    text = storing.encode(report)

    assert b"-secret" not in gzip.decompress(text)
    assert b"-other" not in gzip.decompress(text)
    assert any(one.name == "secret" for one in report.chunks[0].columns)


def test_the_reference_is_not_held_against_itself(watched: Watched) -> None:
    """It would be stable whatever it is, and count among the last chunks; it is said instead."""
    watched.months(0.0, 1.0)
    watched.settings('[monitor.months]\ndata = "month"\nreference = "month@1"\n')
    ran = watched.run()
    assert told(ran) == [("month@2", "severe")]
    assert ran[-1].note == "month@1 is the reference, and not held against itself."
    assert len(watched.reports("months")) == 1


def test_a_path_is_watched_as_it_is(watched: Watched) -> None:
    """Other bytes are another check; the same ones are none."""
    watched.hold()
    path = watched.write("drop", frame(0.0, seed=4))
    watched.settings(MONITOR.replace('"month"', '"data/drop.parquet"'))
    assert told(watched.run()) == [("data/drop.parquet", "stable")]
    os.utime(path, (1, 1))
    assert told(watched.run()) == []
    watched.write("drop", frame(1.0, seed=5))
    assert told(watched.run()) == [("data/drop.parquet", "severe")]


def test_a_drive_that_does_not_answer_is_the_monitors_fault(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for a monitor that never checked anything."""
    watched.add("train", frame(0.0, seed=1))
    watched.months(0.0)
    watched.settings('[monitor.months]\ndata = "month"\nreference = "train@1"\n')
    watched.run()
    before = watched.reports("months")

    def silent(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(storing, "keys", silent)
        (ran,) = watched.run()
    assert (ran.fault, ran.new) == ("Its reports cannot be listed: Input/output error.", False)
    assert watched.reports("months") == before


def test_a_broken_file_is_one_sentence(watched: Watched) -> None:
    """And nothing is written."""
    watched.hold()
    (watched.root / "data/drop.parquet").write_bytes(b"PAR1 no parquet at all PAR1")
    watched.settings(MONITOR.replace('"month"', '"data/drop.parquet"'))
    (ran,) = watched.run()
    assert "The current data, data/drop.parquet, cannot be read" in ran.fault
    assert watched.reports() == []


def test_a_monitor_that_breaks_stops_no_other(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the failure is."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR + '[monitor.other]\ndata = "month"\nreference = "train"\n')
    real = monitoring.carried_out

    def break_one(session: object, plan: object, *rest: object) -> object:
        if plan.model is not None:  # type: ignore[attr-defined]
            raise ZeroDivisionError("no")
        return real(session, plan, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(monitoring, "carried_out", break_one)
    broken, good = watched.run()
    assert "It could not be checked: ZeroDivisionError: no" in broken.fault
    assert good.new


@pytest.mark.parametrize("key", ["data", "reference"])
def test_a_path_outside_that_a_stranger_may_have_written_is_not_read(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """What is in it would be shown to everybody; who registered it by hand agreed to that."""
    monkeypatch.setattr(agreed, "settings_are_own", lambda _root: False)
    secret = tmp_path / "secret.parquet"
    frame(0.0, seed=5).write_parquet(secret)
    watched.add("month", frame(0.0))
    other = "reference" if key == "data" else "data"
    watched.settings(f'[monitor.flights]\n{other} = "month"\n{key} = "{secret.as_posix()}"\n')
    (ran,) = watched.run()
    assert "nobody on this machine agreed" in ran.fault
    assert watched.reports() == []
    add(watched.ana, "secret", secret)
    (ran,) = watched.run()
    assert (ran.fault, ran.new) == ("", True)
