"""A workspace with datasets that have a past: three versions, personal data, files, a broken one.

No clock, no chance, no machine is in them: files are text, values come from the number of a row,
and who registered them where is said.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.building import BEGIN, write_workspace
from tests.screens.workspaces import noise
from workbench.clock import FixedClock
from workbench.datasets.fields import Fields
from workbench.operations.datasets.add import Added, add
from workbench.operations.datasets.deleting import delete
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session, open_session

SETTINGS = """\
[user]
name = "ana"

[datasets.census]
path = "data/census.csv"

[[datasets.census.rules]]
column = "age"
kind = "range"
min = 18
max = 80

[[datasets.census.rules]]
column = "person"
kind = "unique"

[[datasets.census.rules]]
name = "everybody lives somewhere"
column = "city"
kind = "not_null"

[[datasets.census.rules]]
column = "churned"
kind = "type"
type = "boolean"
"""
DAY = 86_400.0
CITIES = ("Rome", "Oslo", "Lima", "Kyoto", "[red]x[/]")
PLANS = ("basic", "pro")
HIDDEN = "Person-0000017"


def census_rows(rows: int, month: int) -> Sequence[str]:
    """Return lines of people: an id, a number, a skewed number, names, moments, a label."""
    return [
        f"{row},{52 + round(35 * noise(row, month) * abs(noise(row, 9)))},"
        f"{round(1800 + 900 * noise(row, month) ** 2 * (1 + month), 2)},"
        f"{'' if row % 10 < month else CITIES[row * row % 13 % len(CITIES)]},"
        f"{PLANS[row % 3 == 0]},{2026}-{1 + row % month:02d}-{1 + row % 28:02d}T08:00:00,"
        f"{'true' if noise(row, 5) > 0.4 else 'false'}"
        for row in range(rows)
    ]


def write_census(root: Path, month: int) -> Path:
    """Write the census as it is in a month: more rows and more holes every time."""
    head = "person,age,wage,city,plan,seen,churned"
    path = root / "data" / "census.csv"
    path.parent.mkdir(exist_ok=True)
    lines = [head, *census_rows(400 + 200 * month, month)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def write_people(root: Path) -> Path:
    """Write personal data with another separator, decimal comma and odd names."""
    lines = [
        "name;salary;[bold]odd[/] \x1b[2J",
        "Ämilie;1234,5;a\tb",
        *(f"Person-{row:07d};{2000 + row % 50},25;plain" for row in range(300)),
    ]
    path = root / "data" / "people.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def workspace(root: Path) -> Path:
    """Make the workspace."""
    write_workspace(root)
    (root / "workbench.toml").write_text(SETTINGS, "utf-8")
    clock = FixedClock(BEGIN - 40 * DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("workbench.operations.datasets.add.gethostname", lambda: "lab")
        with open_session(root, clock=clock, in_memory=True) as session:
            _register(session, root, clock)
    broken = root / "datasets" / "broken" / "1"
    broken.mkdir(parents=True)
    (broken / "manifest.json").write_text('{"dataset": "broken", ', "utf-8")
    return root


def _register(session: Session, root: Path, clock: FixedClock) -> None:
    said = Fields(
        owner="ana", description="People and whether they left, one file a month.",
        source="the shop's database", licence="internal", key=("person",), label="churned",
        time="seen", segments=("plan",),
    )  # fmt: skip
    for month in (1, 2, 3):
        path = write_census(root, month)
        add(session, "census", path, fields=said if month == 1 else Fields(), copy=True)
        clock.advance(10 * DAY)
    secret = Fields(
        owner="hr", personal="special", purposes=("payroll",), retention_until="2026-01-31",
        sensitive=("name", "salary"),
    )  # fmt: skip
    add(session, "people", write_people(root), fields=secret)
    (root / "data" / "images.bin").write_bytes(bytes(range(256)) * 4)
    add(session, "images", root / "data" / "images.bin", files=True)
    gone = add(session, "old", write_census(root, 1))
    _away(session, root, gone)


def _away(session: Session, root: Path, gone: Added) -> None:
    """Take the file of a dataset away; of another one delete a version."""
    (root / "data" / "census.csv").unlink()
    assert gone.new
    delete(session, Ref("census", 1), "half of it was missing")


def cards(root: Path) -> dict[str, object]:
    """Return the manifests there are, by name and version."""
    return {
        f"{path.parents[1].name}@{path.parent.name}": json.loads(path.read_text("utf-8"))
        for path in root.glob("datasets/*/[0-9]*/manifest.json")
        if path.parents[1].name != "broken"
    }
