"""Saved views: the workspace's, and how a person left the table."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tests.building import write_workspace
from workbench.catalogue.query import Column, Sort
from workbench.clock import FixedClock
from workbench.errors import UsageError
from workbench.operations import views
from workbench.operations.session import Session, open_session
from workbench.operations.views import View

FULL = View(
    filter="val/auc > 0.9 note ~ 'ä'",
    columns=(Column("attribute", "name"), Column("metric", "val/auc", "best")),
    pinned=2,
    widths=(("attribute:name:last", 30),),
    sort=(Sort(Column("param", "lr"), descending=True),),
    group=(Column("tag", "team"),),
    archived=True,
    baseline="01kb",
    marks=("01kc", "01kd"),
    metric="val/auc",
    smoothing=0.5,
    x="time",
    screen="compare",
    plot="scatter",
    x_scale="symlog",
    y_scale="log",
    mode="envelope",
    values="best",
    at=12.0,
    equal=True,
    chart_columns=3,
    chart_rows=2,
    x_column=Column("param", "lr"),
    y_column=Column("metric", "val/auc", "best"),
    z_column=Column("metric", "loss"),
)


def opened(root: Path, user: str = "ana", clock: FixedClock | None = None) -> Session:
    """Open a workspace as somebody."""
    session = open_session(root, clock=clock or FixedClock(), in_memory=True)
    session.settings = session.settings._replace(user=user)
    return session


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty workspace."""
    return write_workspace(tmp_path / "w")


def test_a_view_saved_by_one_is_there_for_the_other(root: Path) -> None:
    """Whole, with who saved it and when; by name."""
    with opened(root) as ana, opened(root, "ben") as ben:
        views.save(ana, " best runs ", FULL)
        views.save(ana, "all", View())
        found = views.saved(ben)
        assert [(one.name, one.view, one.actor, one.time) for one in found] == [
            ("all", View(), "ana", ana.clock.now()), ("best runs", FULL, "ana", ana.clock.now()),
        ]  # fmt: skip


def test_the_newest_of_a_name_counts_and_one_taken_away_is_gone(root: Path) -> None:
    """Every save is a file of its own; nothing is ever overwritten."""
    clock = FixedClock()
    with opened(root, clock=clock) as session:
        for view in (View(filter="a"), View(filter="b")):
            views.save(session, "mine", view)
            clock.advance(1)
        assert [one.view.filter for one in views.saved(session)] == ["b"]
        views.remove(session, "mine")
        assert views.saved(session) == ()
        clock.advance(1)
        views.save(session, "mine", View(filter="c"))
        assert [one.view.filter for one in views.saved(session)] == ["c"]
    assert len(list((root / "views").iterdir())) == 4


def test_a_view_without_a_name_is_refused(root: Path) -> None:
    """Nothing is written."""
    with opened(root) as session, pytest.raises(UsageError, match="needs a name"):
        views.save(session, "  ", View())
    assert not (root / "views").exists()


def test_where_nothing_can_be_written_a_view_is_the_person_s_own(tmp_path: Path) -> None:
    """A folder of another tool gets no file; the view is there the next time all the same."""
    folder = tmp_path / "mlruns"
    folder.mkdir()
    with opened(folder) as session:
        views.save(session, "mine", FULL)
    with opened(folder) as again:
        assert [one.view for one in views.saved(again)] == [FULL]
    assert list(folder.iterdir()) == []


def test_how_the_table_was_left_is_how_it_begins(root: Path) -> None:
    """It stays on this machine; the first time it is the default."""
    with opened(root) as session:
        assert views.left(session) == View()
        views.leave(session, FULL)
    with opened(root) as again:
        assert views.left(again) == FULL
    assert not (root / "views").exists()


def test_leaving_never_complains(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is no reason to keep somebody in the program."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(views, "replace", full)
    with opened(root) as session:
        views.leave(session, FULL)
        assert views.left(session) == View()


@pytest.mark.parametrize(
    "broken",
    [None, 3, "x", [], {}, [1], [[1]], [["metric"]], {"a": 1}, float("inf"), [None], -1, [[]]],
    ids=repr,
)
@pytest.mark.parametrize("part", [field.name for field in fields(View)])
def test_a_part_that_does_not_fit_is_left_at_its_default(
    root: Path, part: str, broken: Any
) -> None:
    """One wrong part does not cost the others, and whatever comes out can be used."""
    with opened(root) as session:
        session.state.mkdir(parents=True, exist_ok=True)
        said = json.loads(json.dumps(views._encode(FULL))) | {part: broken}
        (session.state / "runs.json").write_text(json.dumps(said), "utf-8")
        found = views.left(session)
    for field in fields(View):
        value = getattr(found, field.name)
        if field.name != part:
            assert value == getattr(FULL, field.name)
        assert type(value) in (type(getattr(FULL, field.name)), type(getattr(View(), field.name)))


def test_a_file_from_before_the_scales_is_read(root: Path) -> None:
    """A logarithmic axis was a yes or a no then."""
    with opened(root) as session:
        session.state.mkdir(parents=True, exist_ok=True)
        old = session.state / "runs.json"
        old.write_text(json.dumps({"log_y": True, "metric": "loss"}), "utf-8")
        assert views.left(session) == View(metric="loss", y_scale="log")
        old.write_text(json.dumps({"log_y": True, "y_scale": "linear"}), "utf-8")
        assert views.left(session) == View()


@pytest.mark.parametrize(
    ("part", "strange"),
    [
        ("screen", "drift"), ("plot", "pie"), ("x_scale", "cubic"), ("y_scale", "LOG"),
        ("mode", ""), ("values", "worst"), ("x", "nope"), ("x", "metric:"), ("at", "12"),
        ("at", float("nan")), ("chart_columns", -4), ("x_column", ["attribute", "nope"]),
    ],
)  # fmt: skip
def test_what_nobody_knows_is_the_usual(root: Path, part: str, strange: Any) -> None:
    """A newer program, or a slip of a hand, may have written it."""
    with opened(root) as session:
        session.state.mkdir(parents=True, exist_ok=True)
        (session.state / "runs.json").write_text(json.dumps({part: strange}), "utf-8")
        assert views.left(session) == View()


def test_a_metric_can_stand_on_the_x_axis(root: Path) -> None:
    """Its name is kept as it is."""
    with opened(root) as session:
        views.leave(session, View(x="metric:tokens/seen"))
        assert views.left(session).x == "metric:tokens/seen"


def test_a_comparison_is_listed_with_the_views(root: Path) -> None:
    """It is opened by name like any other."""
    with opened(root) as session:
        views.save(session, "seeds", View(screen="compare", marks=("01kc", "01kd")))
        assert [one.view.screen for one in views.saved(session)] == ["compare"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"view": 3}', '"x"', "[" * 100_000])
def test_files_that_are_no_views_are_left_out(root: Path, text: str) -> None:
    """The others are still offered."""
    with opened(root) as session:
        views.save(session, "mine", FULL)
        (root / "views" / "zz.json").write_text(text, encoding="utf-8")
        assert [one.name for one in views.saved(session)] == ["mine"]


@pytest.mark.parametrize("wrong", [{"time": "now"}, {"time": None}, {}, {"view": []}])
def test_a_saved_view_with_odd_surroundings_stops_nothing(
    root: Path, wrong: dict[str, Any]
) -> None:
    """A file by another hand may lack who and when."""
    with opened(root) as session:
        views.save(session, "mine", FULL)
        odd = {"screen": "runs", "name": "odd", "view": {"filter": "x"}} | wrong
        (root / "views" / "zz.json").write_text(json.dumps(odd), encoding="utf-8")
        assert "mine" in [one.name for one in views.saved(session)]
