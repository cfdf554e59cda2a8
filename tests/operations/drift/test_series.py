"""Chunks by columns, as the heat strip shows them."""

import shutil
from pathlib import Path

import pytest

from tests.building import BEGIN
from tests.drift_building import chunk, drift_workspace, judged, key, report, write
from tests.registry_building import draft, register, write_journal
from workbench.clock import FixedClock
from workbench.datasets.drift.report import DRIFT, SEVERE, STABLE
from workbench.errors import NotFoundError
from workbench.operations.drift.alerts import acknowledge, alerts, mute
from workbench.operations.drift.series import Series, column_of, report_of, series
from workbench.operations.drift.series_sections import strip
from workbench.operations.sections import text
from workbench.operations.session import Session, open_session
from workbench.registry.event import PROMOTED, ROLLED_BACK


def opened(root: Path) -> Session:
    """Open a workspace as it is."""
    session = open_session(root, clock=FixedClock(BEGIN + 13 * 86_400), in_memory=True)
    session.sweep()
    return session


def row(found: Series, name: str) -> str:
    """Return a column's verdicts, a letter each; a dot where a chunk does not have it."""
    place = [one.name for one in found.columns].index(name)
    return "".join(cell.verdict[:2] if cell else ".." for cell in found.cells[place])


def test_a_year_of_twenty_columns(tmp_path: Path) -> None:
    """Chunks in order of time; what the model says first, then by importance times effect."""
    with opened(drift_workspace(tmp_path / "w")) as session:
        found = series(session, "flights")
        assert [one.label for one in found.chunks] == [f"2013-{n:02d}" for n in range(1, 13)]
        names = [one.name for one in found.columns]
        assert names[:6] == ["prediction", "label", "dest", "temp", "dep_delay", "dewp"]
        assert len(names) == len(found.cells) == 20
        assert row(found, "temp") == "st" * 4 + "dr" + "se" * 5 + "st" * 2
        temp = found.columns[names.index("temp")]
        assert (temp.worst, temp.importance, temp.muted_until) == (SEVERE, 0.08, "")
        cell = found.cells[names.index("temp")][5]
        assert cell is not None
        assert (cell.effect, cell.measure, cell.shift) == (6.0, "wasserstein", 0.6)
        assert cell.words == "the middle of temp moved up by 0.6 of its spread"


def test_alerts_and_mutes_are_marked_while_they_are_open(tmp_path: Path) -> None:
    """On the chunks and on the column."""
    with opened(drift_workspace(tmp_path / "w")) as session:
        one = alerts(session)[0]
        marked = [head.alert for head in series(session, "flights").chunks]
        assert marked == [""] * 6 + [one.id] * 6
        acknowledge(session, one.id, "seen")
        mute(session, "flights", "temp", "2026-12-31", "summer")
        found = series(session, "flights")
        assert not any(head.alert for head in found.chunks)
        muted = {one.name: one.muted_until for one in found.columns if one.muted_until}
        assert muted == {"temp": "2026-12-31"}


def test_columns_come_and_go(tmp_path: Path) -> None:
    """Where a chunk has no such column there is no cell."""
    root = drift_workspace(tmp_path / "w", months=0)
    write(root, report(number=1, label="2013-01", verdicts={"a": STABLE, "b": DRIFT}))
    write(root, report(number=2, label="2013-02", verdicts={"b": STABLE, "c": STABLE}))
    with opened(root) as session:
        found = series(session, "flights")
        assert {one.name: row(found, one.name) for one in found.columns} == {
            "a": "st..", "b": "drst", "c": "..st"
        }  # fmt: skip


def test_segments_follow_all_rows_each_together(tmp_path: Path) -> None:
    """In order of time within."""
    root = drift_workspace(tmp_path / "w", months=0)
    parts = [
        chunk(label, {"a": STABLE}, segment=segment)
        for segment in ("", "origin=LGA", "origin=JFK")
        for label in ("2013-02", "2013-01")
    ]
    write(root, report(chunks=parts))
    with opened(root) as session:
        found = series(session, "flights")
        assert [(one.segment, one.label[-1]) for one in found.chunks] == [
            ("", "1"), ("", "2"), ("origin=JFK", "1"), ("origin=JFK", "2"), ("origin=LGA", "1"),
            ("origin=LGA", "2"),
        ]  # fmt: skip


def test_chunks_without_a_moment_are_in_order_of_their_data(tmp_path: Path) -> None:
    """Versions of a dataset come one after the other, whenever they were checked."""
    root = drift_workspace(tmp_path / "w", months=0)
    for number, time in ((1, 300.0), (2, 100.0), (3, 200.0)):
        made = report(number=number, label=f"month@{number}", verdicts={"a": STABLE})
        side = made.current
        fields = {name: getattr(side, name) for name in side.__struct_fields__} | {"time": time}
        write(
            root,
            report(
                number=number, chunks=made.chunks, current=type(side)(**fields)
            ),
        )  # fmt: skip
    with opened(root) as session:
        labels = [one.label for one in series(session, "flights").chunks]
        assert labels == ["month@2", "month@3", "month@1"]


def test_the_moments_of_promotion_are_those_of_its_stage(tmp_path: Path) -> None:
    """Oldest first; another stage's are nobody's business here."""
    root = drift_workspace(tmp_path / "w")
    shutil.rmtree(root / "registry/flights")
    events = [
        register("flights", 1, 1), register("flights", 2, 2),
        draft(PROMOTED, 3, version=1, stage="staging"),
        draft(PROMOTED, 4, version=1, stage="production"),
        draft(PROMOTED, 5, version=2, stage="production"),
        draft(ROLLED_BACK, 6, version=1, stage="production"),
    ]  # fmt: skip
    write_journal(root, "flights", events)
    with opened(root) as session:
        found = series(session, "flights").promotions
        assert [(version, stage) for _, version, stage in found] == [
            (1, "production"), (2, "production"), (1, "production")
        ]  # fmt: skip
        assert [time for time, _, _ in found] == sorted(time for time, _, _ in found)


def test_a_report_is_read_from_its_file(tmp_path: Path) -> None:
    """With all that is drawn, and each column found in it."""
    with opened(drift_workspace(tmp_path / "w")) as session:
        june = report_of(session, "flights", key("flights", 6))
        temp = column_of(june, "2013-06", "", "temp")
        assert temp.verdict == SEVERE
        assert temp.shape is not None
        for place in (("2013-06", "", "tmep"), ("2013-07", "", "temp"), ("2013-06", "x=1", "temp")):
            with pytest.raises(NotFoundError, match="was not judged"):
                column_of(june, *place)
        with pytest.raises(NotFoundError):
            report_of(session, "flights", "0" * 32)


def test_what_was_never_checked_has_no_chunks(tmp_path: Path) -> None:
    """Nor a column; nothing breaks."""
    with opened(drift_workspace(tmp_path / "w", months=0)) as session:
        assert series(session, "flights") == Series("flights", (), (), (), ())
        assert series(session, "nobody").chunks == ()


def test_the_newest_of_two_reports_of_a_month_is_in_the_strip(tmp_path: Path) -> None:
    """A month that grew is one chunk."""
    root = drift_workspace(tmp_path / "w")
    write(root, report(number=40, chunks=[judged(chunk("2013-06", {"temp": STABLE}))]))
    with opened(root) as session:
        found = series(session, "flights")
        assert len(found.chunks) == 12
        assert found.chunks[5].key == key("flights", 40)
        assert row(found, "dest")[10:12] == ".."


def test_a_label_with_escapes_never_steers_a_terminal(tmp_path: Path) -> None:
    """Neither in a row nor in a heading."""
    root = drift_workspace(tmp_path / "w", months=0)
    write(root, report(label="2013-04\x1b[2J", verdicts={"te\x07mp": DRIFT}))
    with opened(root) as session:
        printed = "".join(text(strip(series(session, "flights"))))
        assert "\x1b" not in printed
        assert "\x07" not in printed
        assert "2013-04␛[2J" in printed
