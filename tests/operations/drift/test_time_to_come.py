"""A report of a time to come: whoever plants one hides nothing with it."""

from msgspec.structs import replace

from tests.operations.drift.watched import MONITOR, Watched
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import SEVERE, STABLE
from workbench.ids import new_id
from workbench.operations.drift.done import Done
from workbench.operations.drift.listing import watched as listed
from workbench.operations.drift.monitoring import is_overdue
from workbench.operations.drift_alerting import settings_of
from workbench.operations.drift_facts import drift_facts

_PLANTED = 4e9
_DAILY = MONITOR + 'every = "1d"\n'


def _plant(watched: Watched) -> float:
    """Have a severe report and one beside it that says it is newer and all is well."""
    watched.hold()
    watched.months(4.0)
    watched.settings(_DAILY)
    report = watched.one()
    assert report.verdict == SEVERE
    chunks = tuple(replace(one, verdict=STABLE, columns=()) for one in report.chunks)
    planted = replace(
        report, id=new_id(_PLANTED), key="f" * 32, time=_PLANTED, verdict=STABLE, chunks=chunks
    )
    storing.write(watched.root, planted)
    watched.ana.sweep()
    return report.time


def test_it_replaces_no_chunk_and_is_a_fault(watched: Watched) -> None:
    """What was found stands, and the file is told."""
    time = _plant(watched)
    (line,) = listed(watched.ana)
    assert (line.verdict, line.checked) == (SEVERE, time)
    assert "a time to come" in line.fault + line.unread


def test_it_is_no_newest_check(watched: Watched) -> None:
    """Neither for a run nor for a gate, whether or not the index knows it yet."""
    time = _plant(watched)
    assert Done(watched.ana, "flights").newest_time == time
    assert "a time to come" in drift_facts(watched.ana, "churn", 1).why
    assert not any(one.new for one in watched.run())


def test_a_check_in_a_time_to_come_is_overdue(watched: Watched) -> None:
    """A clock that was set back hides nobody's lateness."""
    watched.settings(_DAILY)
    settings = settings_of(watched.ana)
    assert settings is not None
    now = watched.ana.disk_time()
    assert is_overdue(watched.ana, settings["flights"], _PLANTED)
    assert not is_overdue(watched.ana, settings["flights"], now + 60.0)
