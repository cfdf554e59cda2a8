"""What goes back to what it was is what the newest check tells of."""

from tests.operations.drift.watched import MONITOR, Watched, frame, told
from workbench.operations.drift.listing import watched as watched_lines


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
