"""When drift asks for a person."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from workbench.datasets.drift import alerting
from workbench.datasets.drift.alerting import InDrift, Raised, alert_id
from workbench.datasets.drift.monitor import Mute
from workbench.datasets.drift.records import ACKNOWLEDGED, MUTED, TAKEN_BACK, Record
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE

DAY_S = 86_400.0
AT = 1_795_000_000.0
"""In the night of 2026-11-17, UTC."""


def judged(
    number: int, *columns: str, verdict: str = DRIFT, segment: str = "", time: float = AT
) -> InDrift:
    """Return a chunk in drift."""
    alarms = columns or ("temp",)
    return InDrift(f"2013-{number:02d}", segment, verdict, alarms, time, "k" * 32, number)


def left(chunk: InDrift, silent: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """Say that a chunk is in drift as long as any of its columns is."""
    columns = tuple(name for name in chunk.alarms if name not in silent)
    return (chunk.verdict if columns else STABLE), columns


def raised(
    chunks: Sequence[InDrift],
    least: tuple[int, int] = (2, 3),
    *,
    mutes: Sequence[Mute] = (),
    said: Sequence[Record] = (),
) -> tuple[Raised, ...]:
    """Return the alerts of a monitor called flights."""
    seen = alerting.acknowledged(said)
    return alerting.raised("flights", chunks, least, remaining=left, mutes=mutes, seen=seen)


def labels(found: Sequence[Raised]) -> list[str]:
    """Return the chunks that alert."""
    return [one.chunk.label for one in found]


def record(kind: str, number: int = 1, **fields: object) -> Record:
    """Return what somebody said."""
    said: dict[str, object] = {
        "id": f"01kd{number:022d}", "kind": kind, "monitor": "flights", "time": AT, "actor": "ana",
    }  # fmt: skip
    return Record(**(said | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "least", "expected"),
    [
        ([1], (2, 3), []),
        ([1, 2], (2, 3), [2]),
        ([1, 3], (2, 3), [3]),
        ([1, 4], (2, 3), []),
        ([1, 3, 4, 9], (2, 3), [3, 4]),
        ([1, 5], (1, 1), [1, 5]),
        ([2, 3, 4], (3, 3), [4]),
        ([], (1, 1), []),
    ],
)
def test_so_many_of_the_last_so_many_chunks_must_alarm(
    numbers: list[int], least: tuple[int, int], expected: list[int]
) -> None:
    """One odd month asks for nobody; the chunk itself must be among those that alarm."""
    found = raised([judged(number) for number in numbers], least)
    assert labels(found) == [f"2013-{number:02d}" for number in expected]


def test_segments_count_for_themselves() -> None:
    """Two months of two airports are not two months of one."""
    chunks = [judged(1, segment="origin=JFK"), judged(2, segment="origin=LGA")]
    assert not raised(chunks)
    assert labels(raised([*chunks, judged(3, segment="origin=LGA")])) == ["2013-03"]


def test_an_alert_is_known_by_its_chunk_however_often_that_is_checked() -> None:
    """A month that grows is one alert, not one a day."""
    first, again = judged(1), judged(1)._replace(key="n" * 32, time=AT + DAY_S)
    assert raised([first], (1, 1))[0].id == raised([again], (1, 1))[0].id
    assert alert_id("a", "b", "") != alert_id("a", "", "b")


def test_what_was_acknowledged_stays_so_until_it_is_worse() -> None:
    """Another column, or a graver verdict, is something nobody has seen."""
    said = [record(ACKNOWLEDGED, label="2013-01", verdict=DRIFT, columns=("temp", "dewp"))]
    seen = raised([judged(1, "temp")], (1, 1), said=said)[0].seen
    assert seen is not None
    assert seen.actor == "ana"
    assert raised([judged(1, "temp", "dest")], (1, 1), said=said)[0].seen is None
    assert raised([judged(1, "temp", verdict=SEVERE)], (1, 1), said=said)[0].seen is None
    assert raised([judged(2, "temp")], (1, 1), said=said)[0].seen is None


def test_drift_that_goes_on_is_one_alert_and_seen_once() -> None:
    """Whoever said something of it is not called again each month, and told of all that is new."""
    said = [record(ACKNOWLEDGED, label="2013-03", verdict=DRIFT, columns=("temp", "dewp"))]
    months = [judged(number, "temp") for number in (1, 2, 3, 5, 9, 10)]
    found = raised(months)
    assert labels(found) == ["2013-02", "2013-03", "2013-05", "2013-10"]
    assert [one.since for one in found] == ["2013-02"] * 3 + ["2013-10"]
    assert [one.lasts for one in found] == [1, 2, 3, 1]
    assert len({one.id for one in found}) == 2
    assert [one.seen is None for one in raised(months, said=said)] == [False] * 3 + [True]
    worse = [*months[:3], judged(5, "dest", "temp"), judged(6, "wind", verdict=SEVERE), judged(7)]
    (alert,) = alerting.one_each(raised(worse, said=said))
    assert alert.seen is None
    assert (alert.chunk.label, alert.lasts) == ("2013-06", 5)
    assert alert.columns == ("wind", "dest", "temp")
    assert alert.verdict == SEVERE
    again = record(
        ACKNOWLEDGED, 2, label=alert.chunk.label, verdict=alert.verdict, columns=alert.columns
    )
    assert all(one.seen for one in raised(worse, said=[*said, again]))


def test_an_acknowledgement_is_taken_back() -> None:
    """Then the alert is open again."""
    said = [record(ACKNOWLEDGED, label="2013-01", verdict=DRIFT, columns=("temp",))]
    back = record(TAKEN_BACK, 2, takes_back=(said[0].id,))
    assert raised([judged(1)], (1, 1), said=[*said, back])[0].seen is None


def test_what_is_muted_raises_no_alert_while_it_is() -> None:
    """A check that is made before the day is over is covered, one that is made after is not."""
    mute = Mute("temp", "2026-11-18", "summer")
    until = alerting.end_of("2026-11-18")
    chunks = [judged(1), judged(2, time=until - 1), judged(3, time=until)]
    assert labels(raised(chunks, (1, 1), mutes=[mute])) == ["2013-03"]
    assert labels(raised(chunks, (2, 3), mutes=[mute])) == ["2013-03"]


def test_a_mute_leaves_the_other_columns() -> None:
    """And the alert names those alone."""
    found = raised([judged(1, "temp", "dest")], (1, 1), mutes=[Mute("temp", "9999-12-31", "x")])
    assert found[0].columns == ("dest",)


def test_a_day_that_is_none_mutes_nothing() -> None:
    """A record that was planted cannot silence for ever."""
    assert alerting.end_of("2026-13-45") == 0.0
    assert labels(raised([judged(1)], (1, 1), mutes=[Mute("temp", "soon", "x")])) == ["2013-01"]
    assert alerting.end_of("9999-12-31") > alerting.end_of("9999-12-30")


def test_of_two_mutes_of_a_column_the_longer_holds() -> None:
    """Those whose day is over are gone."""
    mutes = [
        Mute("a", "2026-11-16", "x"),
        Mute("b", "2026-12-01", "y"),
        Mute("b", "2027-01-01", "z"),
    ]
    assert alerting.in_force(mutes, AT) == (mutes[2],)


def test_what_stands_does_not_depend_on_the_order_of_files() -> None:
    """Two people on a drive see the same, whosever file came first."""
    said = [
        record(MUTED, 1, column="temp", until="2027-01-01", said="x"),
        record(TAKEN_BACK, 2, takes_back=(f"01kd{1:022d}",)),
        record(MUTED, 3, column="dest", until="2027-01-01", said="y"),
        record(ACKNOWLEDGED, 4, label="2013-01"),
    ]
    expected = alerting.standing(said)
    assert [one.id[-1] for one in expected] == ["3", "4"]
    for order in permutations(said):
        assert alerting.standing(order) == expected
        assert [one.column for one in alerting.mutes_of(order, "flights")] == ["dest"]
        assert not alerting.mutes_of(order, "other")
