"""What gates may know of a version's drift; what is not known is never a pass."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN
from tests.drift_building import MONITOR, chunk, judged, key, report, write
from tests.operations.registry.people import People
from workbench.catalogue import drift_lines
from workbench.catalogue.drift_reports import heads_of
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE, Finding
from workbench.operations.drift.alerts import acknowledge, alerts, mute
from workbench.operations.drift_facts import drift_facts
from workbench.registry.checks import Result

RULES = {
    "calm": "drift.severe = 0",
    "few": "drift.drifted <= 1",
    "score": "drift.score < 0.3",
    "seen": "drift.alerts = 0",
    "fresh": "drift.age_days <= 7",
}


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    """Ana, whose model churn is watched, and whose staging asks of drift."""
    made = People(tmp_path / "w")
    checks = (
        f'[[stages.staging.checks]]\nname = "{name}"\nrule = "{rule}"\n'
        for name, rule in RULES.items()
    )
    made.settings(MONITOR.replace("flights@", "churn@") + "".join(checks))
    made.ana.disk_time = lambda: BEGIN + 3 * 86_400  # type: ignore[method-assign]
    yield made
    made.close()


def results(people: People, version: int = 1) -> dict[str, Result]:
    """Return what comes out of the checks, by name."""
    return {one.check.name: one for one in people.look(version, "staging").checks}


def outcomes(people: People, version: int = 1) -> str:
    """Return the outcomes of `RULES`, a letter each."""
    return "".join(one.outcome[0] for one in results(people, version).values())


def checked(people: People, number: int, label: str, verdict: str, **fields: object) -> None:
    """Have a month checked, in which destinations and the temperature are so."""
    made = judged(chunk(label, {"dest": verdict, "temp": verdict, "humid": STABLE}))
    said: dict[str, object] = {"model": "churn", "version": 1} | fields
    write(people.root, report(number=number, chunks=[made], **said))  # type: ignore[arg-type]


def test_a_version_in_order_passes(people: People) -> None:
    """Its newest check found nothing, whatever an older one did."""
    people.register()
    checked(people, 1, "2013-01", SEVERE)
    checked(people, 2, "2013-02", STABLE)
    people.ana.sweep()
    assert outcomes(people) == "hhhhh"


def test_a_version_in_drift_fails_with_both_values(people: People) -> None:
    """Every check says what it found and what it wants."""
    people.register()
    for number in (1, 2):
        checked(people, number, f"2013-{number:02d}", SEVERE)
    people.ana.sweep()
    found = results(people)
    assert outcomes(people) == "ffffh"
    assert found["calm"].sentence == "drift.severe of churn@1 is 2 and must be 0."
    (alert,) = alerts(people.ana)
    acknowledge(people.ana, alert.id, "known")
    assert outcomes(people) == "fffhh"


def test_what_is_muted_is_silent_for_a_gate_too(people: People) -> None:
    """A muted column is as if it had stayed; the others count as before."""
    people.register()
    for number in (1, 2):
        checked(people, number, f"2013-{number:02d}", SEVERE)
    people.ana.sweep()
    mute(people.ana, "flights", "dest", "2999-12-31", "timetable")
    assert drift_facts(people.ana, "churn", 1).facts["severe"] == 1
    mute(people.ana, "flights", "temp", "2999-12-31", "summer")
    facts = drift_facts(people.ana, "churn", 1).facts
    assert (facts["severe"], facts["drifted"], facts["score"], facts["alerts"]) == (0, 0, 0, 0)
    assert outcomes(people) == "hhhhh"


def test_what_the_index_does_not_know_yet_counts(people: People) -> None:
    """A gate decides by the folder as it is now, alerts too."""
    people.register()
    checked(people, 1, "2013-01", SEVERE)
    people.ana.sweep()
    checked(people, 2, "2013-02", SEVERE)
    assert outcomes(people) == "ffffh"
    checked(people, 3, "2013-03", STABLE)
    assert outcomes(people) == "hhhfh"


def test_a_version_that_no_check_was_about_is_undecided(people: People) -> None:
    """Drift of another version, or of data alone, says nothing of it."""
    people.register()
    assert outcomes(people) == "uuuuu"
    checked(people, 1, "2013-01", STABLE, version=2)
    checked(people, 2, "2013-02", STABLE, model="", version=None)
    people.ana.sweep()
    assert outcomes(people) == "uuuuu"
    assert results(people)["calm"].sentence == "churn@1 was never checked for drift."


def test_a_check_that_is_too_old_fails(people: People) -> None:
    """`drift.age_days` is of the oldest monitor's newest check."""
    people.register()
    checked(people, 1, "2013-01", STABLE)
    checked(people, 1, "2013-01", STABLE, monitor="other", key=key("other", 1))
    people.ana.disk_time = lambda: BEGIN + 30 * 86_400  # type: ignore[method-assign]
    checked(people, 25, "2013-02", STABLE)
    people.ana.sweep()
    assert drift_facts(people.ana, "churn", 1).facts["age_days"] == pytest.approx(29)
    assert outcomes(people)[-1] == "f"


def test_a_report_that_cannot_be_read_is_no_pass(people: People) -> None:
    """It may be the newest; the sentence names the file."""
    people.register()
    checked(people, 1, "2013-01", STABLE)
    path = storing.path_of("flights", key("flights", 9))
    (people.root / path).write_bytes(b"junk")
    people.ana.sweep()
    assert outcomes(people) == "uuuuu"
    assert path in results(people)["calm"].sentence


def test_a_broken_report_of_another_model_is_nobodys_business(people: People) -> None:
    """A monitor that was never about this model cannot shut its gate."""
    people.register()
    checked(people, 1, "2013-01", STABLE)
    checked(people, 1, "2013-01", STABLE, monitor="rides", key=key("rides", 1), model="rides")
    (people.root / storing.path_of("rides", key("rides", 9))).write_bytes(b"junk")
    people.ana.sweep()
    assert outcomes(people) == "hhhhh"


def test_a_feature_that_is_gone_counts_as_severe(people: People) -> None:
    """The model cannot be trusted at all."""
    people.register()
    gone = Finding("missing column", "dest is not there any more", "breaking", "dest")
    made = chunk("2013-01", {"temp": STABLE}, findings=(gone,), verdict=SEVERE)
    write(people.root, report(chunks=[made], model="churn"))
    facts = drift_facts(people.ana, "churn", 1).facts
    assert (facts["severe"], facts["drifted"]) == (1, 1)


def test_of_a_report_of_many_chunks_the_newest_counts_with_its_segments(people: People) -> None:
    """A season that is over says nothing of today."""
    parts = [
        judged(chunk("2013-01", {"dest": SEVERE, "temp": SEVERE})),
        judged(chunk("2013-02", {"dest": STABLE, "temp": STABLE})),
        judged(chunk("2013-02", {"dest": DRIFT, "temp": SEVERE}, segment="origin=JFK")),
    ]
    write(people.root, report(chunks=parts, model="churn"))
    facts = drift_facts(people.ana, "churn", 1).facts
    assert (facts["severe"], facts["drifted"]) == (1, 2)


def test_reports_count_alike_before_and_after_the_index_knows_them(people: People) -> None:
    """Which report of a chunk counts, and which chunk it is, does not hang on who reads first."""
    places = [
        ("2013-01", SEVERE), ("2013-03", SEVERE), ("2013-02", STABLE), ("2013-03", DRIFT),
        ("one", DRIFT), ("2013-01", STABLE), ("two", SEVERE),
    ]  # fmt: skip
    for number, (label, verdict) in enumerate(places, 1):
        if number == 4:
            people.ana.sweep()
        checked(people, number, label, verdict, time=BEGIN + number // 3)
    fresh = [
        head
        for number in range(4, 8)
        for head in heads_of(storing.read(people.root, "flights", key("flights", number)))
    ]
    before = drift_lines.alarming(people.ana.catalogue, "flights", fresh)
    people.ana.sweep()
    assert before == drift_lines.alarming(people.ana.catalogue, "flights", fresh)
    assert before == drift_lines.alarming(people.ana.catalogue, "flights")
    assert [(one.label, one.number) for one in before] == [("2013-03", 3), ("one", 4), ("two", 5)]
