"""What the doctor says of drift."""

import gzip
import json
from pathlib import Path

from tests.building import BEGIN
from tests.drift_building import drift_workspace, key, report
from workbench.clock import FixedClock
from workbench.datasets.drift import storing
from workbench.operations.doctor import Check
from workbench.operations.drift.examining import examine_drift
from workbench.operations.session import open_session


def examined(root: Path) -> list[Check]:
    """Return what the doctor says of a workspace."""
    with open_session(root, clock=FixedClock(BEGIN), in_memory=True) as session:
        session.disk_time = lambda: BEGIN + 12 * 86_400  # type: ignore[method-assign]
        session.sweep()
        return list(examine_drift(session))


def test_what_is_in_order_is_one_line(tmp_path: Path) -> None:
    """And the alerts that wait for somebody."""
    first, second = examined(drift_workspace(tmp_path / "w"))
    assert (first.state, first.says) == ("good", "1 monitor, 12 chunks checked")
    assert (second.state, second.says) == ("note", "1 alert that nobody acknowledged")


def test_reports_that_cannot_be_read_or_opened_are_named(tmp_path: Path) -> None:
    """Also one that is listed, and whose curves are of no column."""
    root = drift_workspace(tmp_path / "w")
    said = json.loads(gzip.decompress(storing.encode(report(number=20, label="2014-01"))))
    said["chunks"][0]["columns"][3]["shape"]["edges"] = [3.0, 1.0]
    for number, data in ((20, gzip.compress(json.dumps(said).encode())), (21, b"junk")):
        (root / storing.path_of("flights", key("flights", number))).write_bytes(data)
    (root / "alerts/2026-11").mkdir(parents=True)
    (root / "alerts/2026-11/x.json").write_text("{", "utf-8")
    bad = {one.name: one.says for one in examined(root) if one.state == "bad"}
    assert "distribution of" in bad[storing.path_of("flights", key("flights", 20))]
    assert "not gzip" in bad[storing.path_of("flights", key("flights", 21))]
    assert "alerts/2026-11/x.json" in bad


def test_a_workspace_that_watches_nothing_says_so(tmp_path: Path) -> None:
    """One line."""
    (line,) = examined(drift_workspace(tmp_path / "w", monitor="", months=0))
    assert line.says == "none"
