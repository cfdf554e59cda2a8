"""What the settings want watched: every key, and what is said of each that is wrong."""

from pathlib import Path

import pytest

from workbench.datasets import monitors
from workbench.datasets.drift.monitor import Monitor, Mute
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.monitors import Monitors, read, said
from workbench.errors import SettingsError

WHOLE = """
[monitor.flights]
model = "flights@production"
data = "flights-month"
reference = "last year"
chunks = "month"
time = "time_hour"
columns = ["dest", "delay"]
exclude = ["tailnum"]
segments = ["origin"]
roles = { month = "category" }
read = { separator = ";", header = true }
measures = ["jensen_shannon"]
opinions = ["pca", "domain classifier"]
alert = "1 of 2"
severity = "critical"
every = "12h"
follow = false

[monitor.flights.thresholds]
psi = 0.2
fewest = 50

[[monitor.flights.mutes]]
column = "dest"
until = 2026-12-31
reason = "new timetable"
"""
LEAST = '[monitor.x]\ndata = "census"\nreference = "previous"\n'


def of(tmp_path: Path, text: str) -> Monitors:
    """Return what settings say."""
    (tmp_path / "workbench.toml").write_text(text, "utf-8")
    return read(tmp_path)


def wrong(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    """Return line and words of what is wrong."""
    return [(fault.line, fault.message) for fault in of(tmp_path, text).faults]


def test_every_key_is_read(tmp_path: Path) -> None:
    """As the manual shows them."""
    found = of(tmp_path, WHOLE)
    one = found.monitors["flights"]
    assert found.faults == ()
    assert one == Monitor(
        "flights",
        "flights-month",
        model="flights@production",
        reference="last year",
        chunks="month",
        time="time_hour",
        columns=("dest", "delay"),
        exclude=("tailnum",),
        segments=("origin",),
        roles={"month": "category"},
        options={"separator": ";", "header": "yes"},
        measures=("jensen_shannon",),
        opinions=("pca", "domain classifier"),
        thresholds=Thresholds(psi=0.2, fewest=50),
        alert=(1, 2),
        severity="critical",
        every_s=43_200.0,
        mutes=(Mute("dest", "2026-12-31", "new timetable"),),
        follow=False,
        line=2,
        said=one.said,
    )


def test_without_settings_nothing_is_watched(tmp_path: Path) -> None:
    """Nor with settings that say nothing of it."""
    assert read(tmp_path) == monitors.NOTHING
    assert of(tmp_path, "[stages.staging]\n") == monitors.NOTHING


def test_a_model_is_held_against_its_training_data(tmp_path: Path) -> None:
    """Unless another reference is named."""
    found = of(tmp_path, '[monitor.x]\nmodel = "a@3"\ndata = "predictions"\n')
    assert (found.monitors["x"].reference, found.faults) == ("training", ())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LEAST + "thresold = 3\n", 4, "A monitor has no 'thresold' (x). Did you mean thresholds?"),
        (LEAST + 'chunks = "hour"\n', 4, "Chunks cannot be 'hour'"),
        (LEAST + "chunks = 3\n", 4, "chunks of x must be text"),
        (LEAST + 'alert = "3 of 2"\n', 4, 'alert of x must be such as "2 of 3".'),
        (LEAST + "alert = 2\n", 4, 'alert of x must be such as "2 of 3".'),
        (LEAST + 'severity = "warn"\n', 4, "Did you mean warning?"),
        (LEAST + 'every = "soon"\n', 4, "length of time"),
        (LEAST + 'every = "0d"\n', 4, "length of time"),
        (LEAST + 'follow = "yes"\n', 4, "follow of x must be true or false."),
        (LEAST + 'measures = ["hellingr"]\n', 4, "Did you mean hellinger?"),
        (LEAST + 'opinions = ["pcs"]\n', 4, "Did you mean pca?"),
        (LEAST + 'segments = ["a", "b", "c"]\n', 4, "2 columns at most"),
        (LEAST + "columns = [1]\n", 4, "columns of x must be a list of texts."),
        (LEAST + 'roles = { a = "numbr" }\n', 4, "The role of 'a' must be one of"),
        (LEAST + 'read = { seperator = ";" }\n', 4, "Did you mean separator?"),
        (LEAST + "read = { separator = 3 }\n", 4, "read.separator of x must be text."),
        (LEAST + "model = 3\n", 4, "model of x must be text."),
        (LEAST + 'model = "flights"\n', 4, "must name a stage or a version"),
        (LEAST + 'model = "flights@0"\n', 4, "must name a stage or a version"),
        (LEAST + "[monitor.x.thresholds]\npsy = 0.2\n", 5, "Did you mean psi?"),
        (LEAST + '[monitor.x.thresholds]\npsi = "much"\n', 5, "psi of x must be a number."),
        (LEAST + "[monitor.x.thresholds]\npsi = nan\n", 5, "psi of x must be a number."),
        (LEAST + "[monitor.x.thresholds]\npsi = -1\n", 5, "psi of x must be above 0."),
        (LEAST + "[monitor.x.thresholds]\nq = 2\n", 5, "q of x must be above 0 and at most 1."),
        (LEAST + "[monitor.x.thresholds]\ntop = 1.5\n", 5, "whole number from 0 up"),
        (LEAST + "[monitor.x.thresholds]\nmissing_severe = 5\n", 5, "at most 1."),
        (LEAST + "[monitor.x.thresholds]\npsi = true\n", 5, "psi of x must be a number."),
        (LEAST + 'mutes = ["dest"]\n', 4, "Write each mute as [[monitor.x.mutes]]."),
        (LEAST + '[[monitor.x.mutes]]\nuntil = 2026-01-01\nreason = "x"\n', 4, "needs a column"),
        (LEAST + '[[monitor.x.mutes]]\ncolumn = "a"\nuntil = 2026-01-01\n', 4, "needs a reason"),
        (LEAST + '[[monitor.x.mutes]]\ncolumn = "a"\nreason = "x"\n', 4, "needs the day it ends"),
        (LEAST + '[[monitor.x.mutes]]\ncolumn = "a"\nuntil = "2026-02-30"\nreason = "x"\n', 6,
         "needs the day it ends"),
        ('[monitor.x]\nreference = "previous"\n', 1, "x does not say what to watch."),
        ('[monitor.x]\ndata = "census"\n', 1, "names neither a model nor a reference"),
        ('[monitor.x]\ndata = "predictions"\nreference = "previous"\n', 2, "names no model"),
        ('[monitor.x]\ndata = "census"\nreference = "training"\n', 3, "names no model"),
        ("[monitor]\nx = 3\n", 2, "[monitor.x] must be a table."),
        ('[monitor."a b"]\ndata = "x"\n', 1, "No monitor can be called 'a b'."),
        ("monitor = 3\n", 1, "[monitor] must hold tables."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    """And with what is near, where something is."""
    ((at, message),) = wrong(tmp_path, text)
    assert (at, words in message) == (line, True), message


def test_a_wrong_monitor_hides_no_other(tmp_path: Path) -> None:
    """Each has its own faults."""
    found = of(tmp_path, LEAST + "nonsense = 1\n" + LEAST.replace("x", "y"))
    assert list(found.monitors) == ["x", "y"]
    assert len(found.faults_of("x")) == 1
    assert found.faults_of("y") == ()


def test_settings_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    """Nothing is watched by half of a file."""
    with pytest.raises(SettingsError, match="cannot be read"):
        of(tmp_path, "[monitor.x\n")


@pytest.mark.parametrize(
    "line",
    [
        'model = "a@3"', 'chunks = "day"', 'time = "t"', 'columns = ["a"]', 'exclude = ["a"]',
        'segments = ["a"]', 'roles = { a = "number" }', 'read = { separator = ";" }',
        'measures = ["hellinger"]', 'opinions = ["pca"]', "thresholds = { psi = 0.2 }",
    ],
)  # fmt: skip
def test_what_decides_what_is_found_is_in_the_hash(tmp_path: Path, line: str) -> None:
    """A report says by it which settings it was made with."""
    before = of(tmp_path, LEAST).monitors["x"].said
    assert of(tmp_path, f"{LEAST}{line}\n").monitors["x"].said != before


@pytest.mark.parametrize(
    "line",
    [
        'alert = "1 of 1"', 'severity = "note"', 'every = "1d"', "follow = false",
        'mutes = [{ column = "a", until = 2026-01-01, reason = "x" }]',
        "thresholds = { psi = 0.1 }", "# a remark",
    ],
)  # fmt: skip
def test_what_changes_no_finding_is_not(tmp_path: Path, line: str) -> None:
    """Nor is a default that somebody writes out, nor the order of columns."""
    before = of(tmp_path, LEAST).monitors["x"].said
    assert of(tmp_path, f"{LEAST}{line}\n").monitors["x"].said == before


def test_the_order_of_columns_is_not_in_the_hash() -> None:
    """They are looked at one by one."""
    one, other = (
        Monitor("x", "census", columns=columns, exclude=columns[::-1])
        for columns in (("a", "b"), ("b", "a"))
    )
    assert said(one) == said(other)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('data = "census"', (2, 3)),
        ('data = "datasets:/census"', (2, 3)),
        ('data = "in/b.csv"', (1, 1)),
        ('data = "b.csv"', (1, 1)),
        ('data = "in/*.parquet"\nchunks = "month"\ntime = "t"', (2, 3)),
        ('data = "predictions"\nmodel = "churn@production"', (1, 1)),
        ('data = "b.csv"\nalert = "2 of 2"', (2, 2)),
    ],
)
def test_what_is_one_chunk_for_ever_alerts_at_once(
    tmp_path: Path, lines: str, expected: tuple[int, int]
) -> None:
    """Two of the last three chunks would never come."""
    (tmp_path / "workbench.toml").write_text(
        f'[monitor.x]\nreference = "train@1"\n{lines}\n', "utf-8"
    )
    assert monitors.read(tmp_path).monitors["x"].alert == expected
