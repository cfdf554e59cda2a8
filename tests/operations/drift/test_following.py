"""Monitors run by themselves when what they watch changes."""

from threading import Thread

from tests.operations.drift.watched import DATED, MONITOR, Watched, frame
from tests.waiting import wait_for
from workbench.catalogue.faults import faults
from workbench.operations import news
from workbench.operations.drift.following import Following, follow
from workbench.operations.session import Session


def made(session: Session, told: list[str] | None = None) -> Following:
    """Return one who follows and has no thread."""
    return Following(session, ([] if told is None else told).append)


def rows(session: Session) -> list[tuple[str, str, str]]:
    """Return what Activity shows, oldest first."""
    return [(line.title, line.state, line.message) for line in reversed(session.jobs.lines())]


def said(watched: Watched) -> list[str]:
    """Return the faults of the workspace."""
    watched.ana.sweep()
    return [fault.reason for fault in faults(watched.ana.catalogue)]


def test_a_new_version_is_checked_once(watched: Watched) -> None:
    """As soon as it is there, and told."""
    watched.hold()
    watched.settings(MONITOR + DATED)
    told: list[str] = []
    one = made(watched.ana, told)
    one.look()
    assert (told, rows(watched.ana)) == ([], [])
    watched.months(1.0)
    one.look()
    one.look()
    assert told == ["flights"]
    assert len(watched.reports()) == 1
    assert rows(watched.ana) == [("Check flights", "done", "month@1: severe")]


def test_five_screens_make_one_report_of_a_version(watched: Watched) -> None:
    """Whoever is first; the others find it."""
    watched.hold()
    watched.settings(MONITOR + DATED)
    sessions = [watched.session(f"p{number}") for number in range(5)]
    for one in sessions:
        one.sweep()
    screens = [made(one) for one in sessions]
    watched.months(0.0)
    threads = [Thread(target=one.look) for one in screens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    watched.add("month", frame(1.0, seed=8))
    for one in screens:
        one.look()
    assert len(watched.reports()) == 2
    assert [tuple(one.drift_faults) for one in sessions] == [()] * 5
    for one in sessions:
        one.close()


def test_a_promotion_is_a_change_too(watched: Watched) -> None:
    """The newest data are held against what the new model learned from."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    one = made(watched.ana)
    one.look()
    watched.promote(watched.train(frame(1.0, seed=7), "train-2"))
    one.look()
    assert len(watched.reports()) == 2


def test_a_file_is_checked_when_it_has_come_to_rest(watched: Watched) -> None:
    """Not while it is written."""
    watched.hold()
    watched.settings(MONITOR.replace('"month"', '"data/drop.parquet"'))
    one = made(watched.ana)
    for seed in range(3):
        watched.write("drop", frame(0.0, seed=seed))
        one.look()
        watched.clock.advance(9)
        one.look()
    assert watched.reports() == []
    watched.clock.advance(2)
    one.look()
    assert len(watched.reports()) == 1


def test_predictions_are_checked_when_they_have_come_to_rest(watched: Watched) -> None:
    """As files are."""
    number = watched.register()
    watched.predict(number, -1, role="evaluation", rows=500)
    watched.promote(number)
    watched.settings('[monitor.says]\nmodel = "churn@production"\ndata = "predictions"\n')
    watched.predict(number, 0)
    one = made(watched.ana)
    one.look()
    assert watched.reports("says") == []
    watched.clock.advance(11)
    one.look()
    assert len(watched.reports("says")) == 1


def test_what_cannot_be_checked_is_a_fault_until_it_can(watched: Watched) -> None:
    """It is tried again when something changes; a failure is one row in Activity."""
    watched.train()
    watched.months(0.0)
    watched.settings(MONITOR)
    one = made(watched.ana)
    one.look()
    one.look()
    (fault,) = said(watched)
    assert fault.startswith("flights cannot be checked: No version of churn holds production.")
    assert [state for _, state, _ in rows(watched.ana)] == ["failed"]
    watched.promote(1)
    one.look()
    assert said(watched) == []
    assert len(watched.reports()) == 1


def test_what_failed_is_tried_again_less_and_less_often(watched: Watched) -> None:
    """A drive may come back though no file changes."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    profile = watched.root / "datasets/train/1/profile.json.gz"
    kept = profile.read_bytes()
    profile.unlink()
    one = made(watched.ana)
    one.look()
    assert len(said(watched)) == 1
    profile.write_bytes(kept)
    watched.clock.advance(20)
    one.look()
    assert watched.reports() == []
    watched.clock.advance(15)
    one.look()
    assert (len(watched.reports()), said(watched)) == (1, [])


def test_one_that_is_not_followed_or_misspelt_is_left_alone(watched: Watched) -> None:
    """What is misspelt is told where the settings are read."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR + "follow = false\n[monitor.bad]\ndta = 3\n")
    made(watched.ana).look()
    assert watched.reports() == []
    assert watched.ana.drift_faults == ()


def test_a_fault_goes_with_its_monitor(watched: Watched) -> None:
    """Nobody watches it any more."""
    watched.months(0.0)
    watched.settings(MONITOR)
    one = made(watched.ana)
    one.look()
    assert len(watched.ana.drift_faults) == 1
    watched.settings("")
    one.look()
    assert watched.ana.drift_faults == ()


def test_a_program_that_watches_runs_them_until_it_ends(watched: Watched) -> None:
    """In a thread of its own."""
    watched.hold()
    watched.months(0.0)
    watched.settings(MONITOR)
    told: list[str] = []
    follow(watched.ana, told.append)
    wait_for(lambda: told == ["flights"])
    watched.ana.close()
    assert len(watched.reports()) == 1


def test_whoever_watches_is_told_of_each_check(watched: Watched) -> None:
    """In the news, as of runs and datasets; once."""
    watched.hold()
    watched.months(0.0, 1.0)
    watched.settings(MONITOR)
    seen = news._Seen(watched.ana)
    watched.run()
    told = [
        (one.name, one.detail)
        for one in seen.after(watched.ana.sweep(), silent=False)
        if one.what == "checked"
    ]
    assert told == [("flights", "month@1: stable"), ("flights", "month@2: severe")]
    again = seen.after(watched.ana.sweep(), silent=False)
    assert [one for one in again if one.what == "checked"] == []


def test_predictions_that_come_all_the_time_are_checked_all_the_same(watched: Watched) -> None:
    """Those that have come to rest, and not at every single one."""
    number = watched.register()
    watched.predict(number, -1, role="evaluation", rows=500)
    watched.promote(number)
    watched.settings('[monitor.says]\nmodel = "churn@production"\ndata = "predictions"\n')
    one = made(watched.ana)
    for second in range(20):
        watched.predict(number, second / 100, rows=40, seed=second)
        watched.clock.advance(4)
        one.look()
    assert 1 <= len(watched.reports("says")) <= 4
