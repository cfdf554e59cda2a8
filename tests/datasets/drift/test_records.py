"""What people say of alerts, on disk."""

import json
from pathlib import Path

import pytest

from workbench.datasets.drift import records
from workbench.datasets.drift.records import ACKNOWLEDGED, MUTED, Record
from workbench.errors import FormatError, NotAllowedError

AT = 1_795_000_000.0


def record(**fields: object) -> Record:
    """Return a mute; ``fields`` replace what it says."""
    said: dict[str, object] = {
        "id": "01kd0000000000000000000001", "kind": MUTED, "monitor": "flights", "time": AT,
        "actor": "ana@lab", "column": "dest", "until": "2026-12-31", "said": "new timetable",
    }  # fmt: skip
    return Record(**(said | fields))  # type: ignore[arg-type]


def test_what_was_said_is_a_file_a_person_can_read(tmp_path: Path) -> None:
    """It lies in its month, and is read back as it was written."""
    records.write(tmp_path, record())
    path = tmp_path / "alerts/2026-11/01kd0000000000000000000001.json"
    assert records.read(path) == record()
    assert '"said": "new timetable"' in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"kind": "deleted"}, "nothing that can be said"),
        ({"monitor": "../x"}, "nothing that can be said"),
        ({"time": -1}, "time is none"),
        ({"time": 1e300}, "time is none"),
        ({"until": ""}, "needs a column, a last day and a reason"),
        ({"until": "2026-02-31"}, "needs a column, a last day and a reason"),
        ({"said": ""}, "needs a column, a last day and a reason"),
        ({"column": "a\0b"}, "zero character"),
        ({"said": "x" * 10_001}, "too long"),
        ({"takes_back": ["x"] * 20_000}, "too long"),
        ({"format": 2}, "newer program"),
        ({"id": "01kd0000000000000000000002"}, "not the name of its file"),
        ({"actor": 7}, "cannot stand there"),
    ],
)
def test_what_cannot_be_said_is_refused(
    tmp_path: Path, fields: dict[str, object], says: str
) -> None:
    """Anybody may have written it: a mute without an end would silence for ever."""
    said = {
        "id": "01kd0000000000000000000001", "kind": MUTED, "monitor": "flights", "time": AT,
        "actor": "ana", "column": "dest", "until": "2026-12-31", "said": "x",
    }  # fmt: skip
    path = tmp_path / "01kd0000000000000000000001.json"
    path.write_text(json.dumps(said | fields), "utf-8")
    with pytest.raises(FormatError, match=says):
        records.read(path)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"[" * 100_000, b"\xff\xfe", b" " * (2 << 20)])
def test_what_is_no_record_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    """However it is broken."""
    path = tmp_path / "01kd0000000000000000000001.json"
    path.write_bytes(data)
    with pytest.raises(FormatError):
        records.read(path)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A folder of alerts that leads out of the workspace is refused."""
    root, away = tmp_path / "ws", tmp_path / "away"
    root.mkdir()
    away.mkdir()
    (root / "alerts").symlink_to(away)
    with pytest.raises(NotAllowedError, match="leads out"):
        records.write(root, record(kind=ACKNOWLEDGED))
    assert not list(away.iterdir())
