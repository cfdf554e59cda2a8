"""A model of January to March watched over the year: what alarms, what does not, and why."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import polars as pl
import pytest
from click.testing import CliRunner

from tests.sample_projects.conftest import SAMPLES, environment
from workbench.cli.main import program
from workbench.clock import SYSTEM
from workbench.datasets import monitors
from workbench.datasets.drift.report import ALARMS
from workbench.operations.datasets.add import add
from workbench.operations.drift import monitoring
from workbench.operations.session import open_session
from workbench.settings import create_workspace

SETTINGS = SAMPLES / "demo-workbench.toml"
MODEL = "late-flights"
GATE, DAYS, NAIVE = "late-flights-gate", "timetable", "timetable-naive"
TRAINED_ON = ("2013-01", "2013-02", "2013-03")
LEARNED = {"carrier", "origin", "dest", "sched_min", "weekday", "distance"}


def script(name):
    """Return a script of the sample as a module."""
    sys.path.insert(0, str(SAMPLES / "flights"))
    try:
        spec = importlib.util.spec_from_file_location(
            f"watched_{name}", SAMPLES / f"flights/{name}.py"
        )
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(SAMPLES / "flights"))
        sys.modules.pop("flights", None)
    return module


def workspace(folder):
    """Return a workspace with the settings of the demo."""
    root = folder / "workspace"
    create_workspace(root, SYSTEM.now())
    (root / "workbench.toml").write_bytes(SETTINGS.read_bytes())
    return root


def arriving(root, months, names):
    """Yield what the monitors found when each month had arrived, then when nothing new had."""
    arrive = script("arrive")
    flights = pl.read_parquet(arrive.DATA)
    with open_session(root, in_memory=True) as session:
        for month in months:
            arrive.put(flights, month, root / arrive.PLACE)
            add(session, arrive.NAME, root / arrive.PLACE, copy=True)
            session.sweep()
            yield monitoring.run(session, names)
        yield monitoring.run(session, names)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """Return what is found of the models that hold a stage, month by month as the year arrives."""
    root = workspace(tmp_path_factory.mktemp("year"))
    keep(root, 1, "production", "--model", "sgd")
    keep(root, 2, "staging", "--model", "hgb", "--features", "gate")
    return list(arriving(root, range(1, 13), [MODEL, GATE]))


def keep(root, version, stage, *kind):
    """Train a little, register the model and put it in a stage."""
    words = [*kind, "--epochs", "1", "--fraction", "0.1", "--register"]
    train = [sys.executable, str(SAMPLES / "flights/train.py"), *words]
    subprocess.run(train, env=environment(root), cwd=root.parent, check=True, capture_output=True)
    words = [f"{MODEL}@{version}", "--stage", stage, "--reason", "to see", "-w", str(root)]
    done = CliRunner().invoke(program, ["promote", *words])
    assert done.exit_code == 0, done.output


@pytest.fixture(scope="module")
def autumn(tmp_path_factory):
    """Return what is found of the timetable, day by day from August on."""
    root = workspace(tmp_path_factory.mktemp("autumn"))
    return list(arriving(root, range(8, 13), [DAYS, NAIVE]))


def reports(found, monitor):
    """Return the reports of a monitor, the oldest first."""
    return [one.report for ran in found for one in ran if one.monitor == monitor and one.new]


def alarms(found, monitor):
    """Return the columns that drifted by chunk, of the chunks that alarm."""
    return {
        chunk.label: {one.name for one in chunk.columns if one.verdict in ALARMS}
        for report in reports(found, monitor)
        for chunk in report.chunks
        if chunk.verdict in ALARMS
    }


def test_every_month_is_checked_once(year):
    """Twelve months, twelve reports, no fault; what was checked is not checked again."""
    assert [one.fault for ran in year for one in ran if one.fault] == []
    months = [f"2013-{month:02d}" for month in range(1, 13)]
    for monitor in (MODEL, GATE):
        assert [one.label for report in reports(year, monitor) for one in report.chunks] == months
    assert not any(one.new for one in year[-1])


def test_the_reference_is_what_the_model_in_production_learned_from(year):
    """The training data by their bytes, and the importance of each column as the training said."""
    report = reports(year, MODEL)[0]
    assert (report.reference.dataset, report.reference.version) == ("flights-train", 1)
    assert (report.model, report.version, report.stage) == (MODEL, 1, "production")
    assert f"{MODEL}@1" in report.importance
    weights = {one.name: one.importance for one in report.chunks[0].columns}
    assert {name for name, weight in weights.items() if weight > 0} <= LEARNED
    assert sum(weights.values()) == pytest.approx(1)


def test_the_label_is_listed_first_and_is_not_a_feature(year):
    """Whether a flight was late is no column the model looks at."""
    (chunk,) = reports(year, MODEL)[5].chunks
    assert (chunk.columns[0].name, chunk.columns[0].part) == ("late", "label")


def test_the_months_a_model_learned_from_do_not_alarm(year):
    """January to March are their own reference, each a third of it."""
    assert not set(TRAINED_ON) & {*alarms(year, MODEL), *alarms(year, GATE)}


def test_the_model_of_the_timetable_has_drifted_by_its_label_alone(year):
    """Nothing it looks at moves enough to count; in September half as many flights are late."""
    assert alarms(year, MODEL) == {"2013-09": {"dep_delay", "dest", "late"}}
    moved = {one.name for report in reports(year, MODEL) for one in report.chunks[0].columns
             if one.verdict in ALARMS}  # fmt: skip
    assert moved == {"dep_delay", "dest", "late"}


def test_the_model_at_the_gate_drifts_from_june_on(year):
    """It lives on the departure delay, which is another one from June on; August is like spring.

    August alarms all the same: the delay has moved a little, and other destinations are flown to.
    """
    found = alarms(year, GATE)
    assert sorted(found) == [f"2013-{month:02d}" for month in range(6, 13)]
    august = found.pop("2013-08")
    assert august == {"dest"}
    assert all("dep_delay" in moved for moved in found.values())


def test_a_saturday_is_no_news_to_who_compares_it_with_the_last(autumn):
    """Against the day before two Saturdays alarm; against the same weekday no Saturday does."""
    naive, same_weekday = alarms(autumn, NAIVE), alarms(autumn, DAYS)
    saturdays = {"2013-09-14": {"origin"}, "2013-09-28": {"origin"}}
    assert saturdays.items() <= naive.items()
    assert not saturdays.keys() & same_weekday.keys()


def test_a_holiday_is_news_to_both(autumn):
    """Thanksgiving alarms against Wednesday and against the Thursday before, and is over soon."""
    assert alarms(autumn, DAYS) == {"2013-11-28": {"sched_min"}, "2013-12-05": {"sched_min"}}
    found = {day: moved for day, moved in alarms(autumn, NAIVE).items() if day > "2013-10"}
    assert found == {"2013-11-28": {"sched_min"}, "2013-11-29": {"sched_min"}}


def test_the_settings_of_the_demo_have_no_fault(tmp_path):
    """Every monitor of the demo can be run."""
    (tmp_path / "workbench.toml").write_bytes(SETTINGS.read_bytes())
    found = monitors.read(tmp_path)
    assert (tuple(found.monitors), found.faults) == ((MODEL, GATE, DAYS, NAIVE), ())
