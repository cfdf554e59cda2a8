"""Monitors: what has not been checked is checked once, the oldest first."""

import gzip
import os
from pathlib import Path
from threading import Barrier, Thread

import polars as pl
import pytest

from tests.operations.drift.watched import DATED, MONITOR, Watched, frame
from workbench.datasets.drift import storing
from workbench.errors import NotFoundError, StoppedError
from workbench.operations.datasets import agreed, reading_in
from workbench.operations.datasets.add import add
from workbench.operations.drift import monitoring
from workbench.operations.drift.listing import watched as watched_lines
from workbench.operations.drift.monitoring import Ran, run


def told(ran: tuple[Ran, ...]) -> list[tuple[str, str]]:
    """Return what was checked, in order, with its verdict."""
    return [(one.report.current.name, one.report.verdict) for one in ran if one.report and one.new]


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


def test_previous_is_the_version_before(watched: Watched) -> None:
    """The first has none, which is said."""
    watched.months(0.0, 0.0, 1.0)
    watched.settings('[monitor.flights]\ndata = "month"\nreference = "previous"\n')
    ran = watched.run()
    assert told(ran) == [("month@1", "too few"), ("month@2", "stable"), ("month@3", "severe")]
    chunks = [one.report.chunks[0] for one in ran if one.report]
    assert [chunk.reference for chunk in chunks] == ["", "month@1", "month@2"]
    assert chunks[0].reason == "there is no chunk before it"


def test_last_year_is_the_same_month_of_the_year_before(watched: Watched) -> None:
    """Season is no drift then."""
    for year, shift in ((2024, 0.0), (2025, 0.0)):
        for month in (1, 7):
            table = frame(shift + month, seed=year + month, month=month)
            moved = table.with_columns(table["when"].dt.offset_by(f"{year - 2025}y"))
            watched.add("month", moved)
    watched.settings('[monitor.flights]\ndata = "month"\nreference = "last year"\n' + DATED)
    ran = watched.run()
    assert told(ran)[2:] == [("month@3", "stable"), ("month@4", "stable")]
    assert [one.report.chunks[0].reference for one in ran if one.report][2:] == [
        "month@1",
        "month@2",
    ]


def test_within_a_version_each_chunk_has_its_own_reference(watched: Watched) -> None:
    """And the first one that of the version before."""
    watched.add("month", frame(0.0, seed=1, rows=1000, month=1))
    table = frame(0.0, seed=2, rows=4000, month=2)
    watched.add("month", table)
    watched.settings(
        '[monitor.flights]\ndata = "month"\nreference = "previous"\nchunks = "week"\n' + DATED
    )
    ran = watched.run()
    report = ran[-1].report
    assert report is not None
    references = [chunk.reference for chunk in report.chunks]
    assert references[1:] == [chunk.label for chunk in report.chunks[:-1]]
    assert any("month@1 was passed over" in sentence for sentence in report.said)


def test_a_segment_is_held_against_the_same_one_before(watched: Watched) -> None:
    """Where it was not there, or the rows before are gone, it is said; the rest is judged."""
    before, after = frame(0.0, seed=1, rows=1200), frame(0.0, seed=2, rows=1200, month=2)
    moved = after["delay"] + 2.0 * (after["dest"] == "SFO").cast(float)
    after = after.with_columns(delay=moved, dest=after["dest"].replace("ORD", "LAX"))
    watched.add("month", before, copy=True)
    watched.add("month", after, copy=True)
    watched.settings(
        '[monitor.flights]\ndata = "month"\nreference = "previous"\nsegments = ["dest"]\n'
    )
    report = watched.run()[-1].report
    assert report is not None
    found = {one.segment: one for one in report.chunks}
    assert {name: one.reference for name, one in found.items()} == {
        "": "month@1", "dest=BOS": "month@1", "dest=SFO": "month@1", "dest=LAX": "",
    }  # fmt: skip
    assert (found["dest=SFO"].verdict, found["dest=BOS"].verdict) == ("severe", "stable")
    assert found["dest=LAX"].reason == "there is no chunk before it"
    watched.add("month", frame(0.0, seed=3, rows=1200, month=3))
    watched.add("month", frame(0.0, seed=4, rows=1200, month=4))
    report = watched.run()[-1].report
    assert report is not None
    found = {one.segment: one for one in report.chunks}
    assert (found[""].reference, found["dest=SFO"].reference) == ("month@3", "")
    assert (found[""].verdict, found["dest=SFO"].verdict) == ("stable", "too few")
    assert any("Segments are not held against month@3" in one for one in report.said)


def test_overdue_is_told_by_the_newest_check(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the clock of the disk."""
    watched.hold()
    watched.settings(MONITOR + 'every = "1d"\n' + DATED)
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


def test_a_file_that_is_put_back_is_what_the_newest_check_tells_of(watched: Watched) -> None:
    """Seen a second time in a row it is nothing new; nor is it for somebody else."""
    watched.hold()
    watched.settings(MONITOR.replace('"month"', '"data/drop.parquet"'))
    for shift, verdict in ((0.0, "stable"), (1.0, "severe"), (0.0, "stable"), (1.0, "severe")):
        watched.write("drop", frame(shift, seed=4))
        assert told(watched.run()) == [("data/drop.parquet", verdict)]
        assert told(watched.run()) == []
        assert told(watched.run(who=watched.ben)) == []
        watched.ana.sweep()
        (line,) = watched_lines(watched.ana)
        assert line.verdict == verdict
    assert len(watched.reports()) == 4


def test_a_reference_that_is_put_back_is_what_the_newest_check_tells_of(watched: Watched) -> None:
    """Of a dataset the newest version alone is checked anew."""
    watched.months(0.0, 0.0)
    watched.settings('[monitor.flights]\ndata = "month"\nreference = "data/known.parquet"\n')
    for shift, checked in ((0.0, ["month@1", "month@2"]), (1.0, ["month@2"]), (0.0, ["month@2"])):
        watched.write("known", frame(shift, seed=4))
        assert [name for name, _ in told(watched.run())] == checked
        assert told(watched.run()) == []


def test_a_model_that_is_rolled_back_is_what_the_newest_check_tells_of(watched: Watched) -> None:
    """The version that was passed over in between has no word left in it."""
    first = watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR)
    watched.run()
    watched.promote(watched.train(frame(1.0, seed=8), "train-2"))
    assert told(watched.run()) == [("month@2", "stable")]
    watched.promote(first)
    (ran,) = watched.run()
    assert ran.report is not None
    assert (ran.report.version, ran.report.verdict, ran.new) == (first, "severe", True)
    assert told(watched.run()) == []


def test_two_programs_come_to_one_report_of_what_was_put_back(watched: Watched) -> None:
    """Its key follows from what it came after, which both of them see."""
    watched.hold()
    watched.settings(MONITOR.replace('"month"', '"data/drop.parquet"'))
    for shift in (0.0, 1.0):
        watched.write("drop", frame(shift, seed=4))
        watched.run()
    kept = watched.reports()
    watched.write("drop", frame(0.0, seed=4))
    watched.run()
    (third,) = set(watched.reports()) - set(kept)
    (watched.root / "reports/drift/flights" / third).unlink()
    assert told(watched.run(who=watched.ben)) == [("data/drop.parquet", "stable")]
    assert third in watched.reports()


def test_versions_with_the_same_bytes_are_checked_each(watched: Watched) -> None:
    """The third is as the first was, and is told of as the newest."""
    watched.hold()
    watched.settings(MONITOR)
    watched.months(0.0)
    watched.add("month", frame(1.0, seed=9))
    watched.add("month", frame(0.0, seed=2, month=2))
    ran = watched.run()
    assert told(ran) == [("month@1", "stable"), ("month@2", "severe"), ("month@3", "stable")]
    hashes = [one.report.current.hash for one in ran if one.report]
    assert hashes[0] == hashes[2]
    assert told(watched.run()) == []


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
