"""Alerts of a workspace: who sees them, who says what of them, and what that changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN
from tests.drift_building import MONITOR, chunk, drift_workspace, judged, key, report, write
from workbench.clock import FixedClock
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE, Finding
from workbench.errors import NotAllowedError, NotFoundError, UsageError
from workbench.operations.drift.alerts import (
    Alert,
    acknowledge,
    alerts,
    last_said,
    mute,
    mutes,
    named,
    take_back,
    unmute,
)
from workbench.operations.session import Session, open_session

LATER = "2026-12-31"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session of ana's on a year of drift."""
    with opened(drift_workspace(tmp_path / "w")) as made:
        yield made


def opened(root: Path, clock: FixedClock | None = None) -> Session:
    """Open a workspace as it is; the year was checked day by day from `BEGIN` on."""
    session = open_session(root, clock=clock or FixedClock(BEGIN + 13 * 86_400), in_memory=True)
    session.sweep()
    return session


def spans(found: tuple[Alert, ...]) -> list[str]:
    """Return from which month to which each alert goes, and over how many chunks."""
    return [
        f"{one.since.removeprefix('2013-')}-{one.label.removeprefix('2013-')} {one.chunks}"
        for one in found
    ]


def settings(root: Path, text: str) -> None:
    """Write other settings."""
    (root / "workbench.toml").write_text(text, "utf-8")


def test_an_alert_says_what_drifted_how_often_and_of_which_version(session: Session) -> None:
    """Half a year of drift is one alert; the first month in drift asks for nobody."""
    found = alerts(session)
    assert spans(found) == ["07-12 6"]
    (year,) = found
    assert year.columns == ("dest", "temp", "dewp", "humid", "prediction", "label", "dep_delay")
    assert year.words == "dest, temp, dewp, 4 more: severe, since 2013-07, 6 chunks"
    assert (year.model, year.stage, year.version) == ("flights", "production", 1)
    assert year.key == key("flights", 12)
    assert found == alerts(session, "flights")
    assert alerts(session, "nobody") == ()


def test_the_severity_of_the_monitor_comes_first(session: Session) -> None:
    """What the team calls critical is above what it calls a note."""
    for number in (1, 2):
        verdicts = {"dest": SEVERE}
        write(session.root, report("payments", f"2012-{number:02d}", verdicts, number=number))
    more = '[monitor.payments]\ndata = "x"\nreference = "y@1"\nseverity = "critical"\n'
    settings(session.root, MONITOR + more)
    session.sweep()
    assert [one.severity for one in alerts(session)] == ["critical", "warning"]


def test_an_acknowledgement_is_seen_by_colleagues_with_its_note(session: Session) -> None:
    """It is a file in the workspace; the alert is open no more, and is listed when asked for."""
    one = alerts(session)[0]
    acknowledge(session, one.id, "  new timetable  ")
    with opened(session.root) as colleague:
        assert one.id not in {each.id for each in alerts(colleague)}
        (seen,) = [each for each in alerts(colleague, all=True) if each.id == one.id]
        assert (seen.note, seen.acknowledged_at) == ("new timetable", session.clock.now())
        assert seen.acknowledged_by
        assert alerts(colleague, all=True)[-1] == seen


def test_a_colleague_who_is_looking_sees_it_with_the_next_sweep(session: Session) -> None:
    """No restart, and the screen is told which monitor it is of."""
    with opened(session.root) as colleague:
        before = len(alerts(colleague))
        acknowledge(session, alerts(session)[0].id, "seen")
        assert colleague.sweep().drift == {"flights"}
        assert len(alerts(colleague)) == before - 1


def test_an_alert_is_open_again_when_more_drifts_in_its_chunk(session: Session) -> None:
    """Nobody has seen that column; what became less, or goes on, is still seen."""
    (one,) = alerts(session)
    acknowledge(session, one.id, "seen")
    write(session.root, report(number=19, chunks=[judged(chunk("2014-01", {"dest": DRIFT}))]))
    session.sweep()
    assert alerts(session) == ()
    better = judged(chunk("2013-12", {"dest": DRIFT, "temp": STABLE}))
    write(session.root, report(number=20, chunks=[better]))
    session.sweep()
    assert one.id not in {each.id for each in alerts(session)}
    worse = judged(chunk("2013-12", {"dest": DRIFT, "hour": DRIFT}))
    write(session.root, report(number=21, chunks=[worse]))
    session.sweep()
    (again,) = [each for each in alerts(session) if each.id == one.id]
    assert (again.key, again.columns) == (key("flights", 21), ("dest", "hour"))


def test_where_one_chunk_is_enough_the_newest_is_named_so(session: Session) -> None:
    """Among many chunks it is not the only one."""
    settings(session.root, MONITOR.replace('alert = "2 of 3"', 'alert = "1 of 1"'))
    write(session.root, report(number=18, chunks=[judged(chunk("2014-01", {"dest": STABLE}))]))
    write(session.root, report(number=19, chunks=[judged(chunk("2014-03", {"dest": SEVERE}))]))
    session.sweep()
    said = [one.words for one in alerts(session) if one.label == "2014-03"]
    assert said == ["dest: severe, in the newest chunk"]


def test_an_alert_is_named_by_the_beginning_of_its_id(session: Session) -> None:
    """Where that is of one alone."""
    one = alerts(session)[0]
    assert named(session, one.id[:8].upper()) == one
    with pytest.raises(NotFoundError, match="no alert"):
        named(session, "zzz")
    with pytest.raises(NotFoundError):
        named(session, "")
    with pytest.raises(NotFoundError):
        acknowledge(session, "../../x", "seen")


def test_a_note_must_say_something(session: Session) -> None:
    """Nothing is written otherwise."""
    for note in ("", "  ", "x" * 10_001, "a\0b"):
        with pytest.raises(UsageError, match="note must say"):
            acknowledge(session, alerts(session)[0].id, note)
    assert not (session.root / "alerts").exists()


def test_a_muted_column_does_not_alert_and_the_others_do(session: Session) -> None:
    """What is left of a chunk is judged by the rule of checks, importances and all."""
    mute(session, "flights", "dest", LATER, "new timetable")
    (summer,) = alerts(session)
    assert spans((summer,)) == ["07-10 4"]
    assert "dest" not in summer.columns
    (one,) = mutes(session, "flights")
    assert (one.column, one.until, one.reason) == ("dest", LATER, "new timetable")
    assert one.actor
    with opened(session.root) as colleague:
        assert spans(alerts(colleague)) == ["07-10 4"]


def test_a_mute_is_over_with_its_day(session: Session) -> None:
    """It covers what was checked until then; a check that is made later alerts again."""
    mute(session, "flights", "dest", LATER, "new timetable")
    later = FixedClock(BEGIN + 50 * 86_400)
    with opened(session.root, later) as after:
        assert mutes(after, "flights") == ()
        assert spans(alerts(after)) == ["07-10 4"]
        january = judged(chunk("2014-01", {"dest": DRIFT}))
        write(after.root, report(number=50, chunks=[january]))
        after.sweep()
        assert alerts(after)[0].label == "2014-01"


def test_the_settings_mute_too(session: Session) -> None:
    """They are changed by hand, not by `unmute`."""
    entry = f'[[monitor.flights.mutes]]\ncolumn = "dest"\nuntil = {LATER}\nreason = "known"\n'
    settings(session.root, MONITOR + entry)
    session.sweep()
    assert spans(alerts(session)) == ["07-10 4"]
    assert [one.reason for one in mutes(session, "flights")] == ["known"]
    with pytest.raises(UsageError, match=r"workbench\.toml"):
        unmute(session, "flights", "dest")


def test_a_column_alerts_again_when_it_is_unmuted(session: Session) -> None:
    """By whomever."""
    mute(session, "flights", "dest", LATER, "new timetable")
    with opened(session.root) as colleague:
        unmute(colleague, "flights", "dest")
    assert spans(alerts(session)) == ["07-12 6"]
    assert mutes(session, "flights") == ()
    with pytest.raises(NotFoundError, match="not muted"):
        unmute(session, "flights", "dest")


def test_muting_again_takes_the_place_of_the_first_mute(session: Session) -> None:
    """One that was made longer is one to take back."""
    mute(session, "flights", "dest", "2026-12-01", "first")
    mute(session, "flights", "dest", LATER, "second")
    assert [one.reason for one in mutes(session, "flights")] == ["second"]
    unmute(session, "flights", "dest")
    assert mutes(session, "flights") == ()


@pytest.mark.parametrize(
    ("monitor", "column", "until", "reason", "says"),
    [
        ("flights", "dest", "tomorrow", "x", "is no day"),
        ("flights", "dest", "2026-02-31", "x", "is no day"),
        ("flights", "dest", "", "x", "is no day"),
        ("flights", "dest", "2020-01-01", "x", "is over"),
        ("flights", "dest", LATER, " ", "reason must say"),
        ("flights", "dset", LATER, "x", "no column"),
        ("fligths", "dest", LATER, "x", "no monitor"),
        ("../x", "dest", LATER, "x", "no monitor"),
    ],
)
def test_a_mute_needs_a_column_a_day_to_come_and_a_reason(
    session: Session, monitor: str, column: str, until: str, reason: str, says: str
) -> None:
    """One sentence each, and nothing is written."""
    with pytest.raises((UsageError, NotFoundError), match=says):
        mute(session, monitor, column, until, reason)
    assert not (session.root / "alerts").exists()


def test_a_feature_that_is_gone_alerts_and_can_be_muted(session: Session) -> None:
    """The table says so, and no column does."""
    gone = Finding("missing column", "dest is not there any more", "breaking", "dest")
    for number, label in ((30, "2014-01"), (31, "2014-02")):
        made = chunk(label, {"temp": STABLE}, findings=(gone,), verdict=SEVERE)
        write(session.root, report(number=number, chunks=[made]))
    session.sweep()
    newest = alerts(session)[0]
    assert (newest.label, newest.columns[0]) == ("2014-02", "dest")
    mute(session, "flights", "dest", "2027-06-01", "dropped on purpose")
    assert spans(alerts(session)) == ["07-10 4"]


def test_the_last_thing_one_said_is_taken_back(session: Session) -> None:
    """Of oneself alone, the newest first, until there is nothing."""
    acknowledge(session, alerts(session)[0].id, "seen")
    assert isinstance(session.clock, FixedClock)
    session.clock.advance(1)
    mute(session, "flights", "temp", LATER, "summer")
    assert last_said(session) is not None
    assert take_back(session) == f"muted temp of flights until {LATER}: summer"
    assert mutes(session, "flights") == ()
    assert take_back(session).startswith("acknowledged 2013-12 of flights")
    assert spans(alerts(session)) == ["07-12 6"]
    with pytest.raises(UsageError, match="nothing that could be taken back"):
        take_back(session)


def test_what_somebody_else_said_is_not_mine_to_undo(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`u` undoes my own."""
    acknowledge(session, alerts(session)[0].id, "seen")
    monkeypatch.setenv("WORKBENCH_USER", "bob")
    with pytest.raises(UsageError, match="nothing that could be taken back"):
        take_back(session)


def test_a_monitor_that_nobody_wants_any_more_alerts_nobody(session: Session) -> None:
    """Settings that cannot be read are no such wish: then everything alerts."""
    settings(session.root, "")
    assert alerts(session) == ()
    settings(session.root, "[monitor")
    assert spans(alerts(session)) == ["07-12 6"]


def test_nothing_is_written_where_nothing_may_be(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, and no file."""
    monkeypatch.setattr(Session, "why_not", property(lambda _: "You may look but not write."))
    one = alerts(session)[0]
    for act in (
        lambda: acknowledge(session, one.id, "seen"),
        lambda: mute(session, "flights", "dest", LATER, "x"),
        lambda: unmute(session, "flights", "dest"),
        lambda: take_back(session),
    ):
        with pytest.raises(NotAllowedError, match="may look"):
            act()
    assert not (session.root / "alerts").exists()
