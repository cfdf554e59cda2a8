"""Reports on disk: what is written is read again, and what anybody else wrote is a sentence."""

import gzip
import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.drift_building import chunk, column, finding, key, report, write
from workbench.datasets.drift import storing
from workbench.datasets.drift.report import DRIFT, SEVERE, DriftReport, Measure
from workbench.datasets.drift.thresholds import Thresholds
from workbench.errors import FormatError, NotAllowedError, NotFoundError


def plain(made: DriftReport) -> dict[str, Any]:
    """Return a report as its JSON."""
    found: dict[str, Any] = json.loads(gzip.decompress(storing.encode(made)))
    return found


def packed(said: object) -> bytes:
    """Return JSON as a file holds it."""
    return gzip.compress(json.dumps(said).encode(), mtime=0)  # names of tests hold it


def planted(root: Path, data: bytes, monitor: str = "flights", number: int = 1) -> str:
    """Put bytes where a report belongs and return its key."""
    path = root / storing.path_of(monitor, key(monitor, number))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return key(monitor, number)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Every field of every column, drawn ones too."""
    made = report(chunks=[chunk("2013-04", {"dest": SEVERE, "temp": DRIFT}, findings=(finding(),))])
    assert storing.write(tmp_path, made)
    assert storing.read(tmp_path, "flights", made.key) == made
    assert storing.keys(tmp_path, "flights") == (made.key,)
    assert storing.names(tmp_path) == ("flights",)


def test_the_limits_it_was_judged_by_are_written_out() -> None:
    """Defaults too: when they are others one day, this report says what it was judged by."""
    usual = msgspec.structs.asdict(Thresholds())
    for thresholds in (None, Thresholds(psi=0.2)):
        made = report() if thresholds is None else report(thresholds=thresholds)
        assert plain(made)["thresholds"] == usual | {"psi": made.thresholds.psi}


def test_a_report_that_names_some_limits_is_read() -> None:
    """Those of before were written without what was the default."""
    said = plain(report())
    said["thresholds"] = {"psi": 0.3}
    assert storing.decode(packed(said)).thresholds == Thresholds(psi=0.3)


def test_the_same_check_is_one_file_whoever_was_first(tmp_path: Path) -> None:
    """The key says what was checked: a second report of it is nothing new and changes nothing."""
    first = report(actor="ana@lab")
    assert storing.write(tmp_path, first)
    assert not storing.write(tmp_path, report(actor="bob@lab"))
    assert storing.read(tmp_path, "flights", first.key).actor == "ana@lab"


def test_the_same_report_gives_the_same_bytes() -> None:
    """The gzip header holds no time."""
    assert storing.encode(report()) == storing.encode(report())


def test_what_is_not_finite_never_costs_the_report(tmp_path: Path) -> None:
    """JSON has no word for it: the largest number stands for infinity, NaN is left out."""
    measures = (Measure("psi", math.inf, 0.1), Measure("ks", math.nan), Measure("tvd", 0.2, p=0.1))
    odd = column("temp", DRIFT, effect=math.inf, shift=math.nan, measures=measures)
    made = report(chunks=[chunk("2013-04", {}, columns=(odd,), verdict=DRIFT)])
    storing.write(tmp_path, made)
    found = storing.read(tmp_path, "flights", made.key).chunks[0].columns[0]
    assert found.effect > 1e300
    assert found.shift is None
    assert [one.name for one in found.measures] == ["psi", "tvd"]


def test_a_distribution_that_cannot_be_said_is_left_out(tmp_path: Path) -> None:
    """The rest of the column is kept."""
    shape = column("temp").shape
    assert shape is not None
    odd = msgspec.structs.replace(shape, current_quantiles=(math.inf,) * len(shape.at))
    made = report(chunks=[chunk("2013-04", {}, columns=(column("temp", shape=odd),))])
    storing.write(tmp_path, made)
    assert storing.read(tmp_path, "flights", made.key).chunks[0].columns[0].shape is None


def test_a_report_that_is_too_large_loses_first_what_is_drawn_of_columns_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What drifted is still drawn, and the report says what is missing."""
    made = report(verdicts={"temp": SEVERE, **{f"c{k}": "stable" for k in range(20)}})
    whole = len(gzip.decompress(storing.encode(made)))
    monkeypatch.setattr(storing, "LARGEST", whole - 1)
    found = storing.decode(storing.encode(made))
    shapes = {one.name: one.shape is not None for one in found.chunks[0].columns}
    assert shapes.pop("temp")
    assert not any(shapes.values())
    assert "columns in order are left out" in found.said[-1]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "end is missing"),
        (b"not gzip at all", "not gzip"),
        (storing.encode(report())[:-20], "end is missing"),
        (gzip.compress(b"{", mtime=0), "cut off or damaged"),
        (gzip.compress(b"[1]", mtime=0), "cannot stand there"),
        (gzip.compress(b'{"x": ' + b"[" * 100_000, mtime=0), "built as it should"),
        (gzip.compress(b'{"format": 99}', mtime=0), "format 99"),
        (gzip.compress(b'{"format": 99, "id": {}}', mtime=0), "format 99"),
    ],
)
def test_what_is_no_report_is_a_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    """Nothing is shown of it, and nothing breaks."""
    with pytest.raises(FormatError, match=says):
        storing.read(tmp_path, "flights", planted(tmp_path, data))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that grows beyond any report is refused before it does."""
    monkeypatch.setattr(storing, "LARGEST", 1_000_000)
    bomb = planted(tmp_path, gzip.compress(b" " * 5_000_000, mtime=0))
    with pytest.raises(FormatError, match="larger than any report"):
        storing.read(tmp_path, "flights", bomb)


COLUMN = ("chunks", 0, "columns", 0)
IMPOSSIBLE = [
    ((*COLUMN, "effect"), -1),
    ((*COLUMN, "importance"), 1e308),
    ((*COLUMN, "q"), -0.5),
    ((*COLUMN, "p"), 7),
    ((*COLUMN, "verdict"), "fine"),
    ((*COLUMN, "part"), "else"),
    ((*COLUMN, "name"), "a\0b"),
    ((*COLUMN, "words"), "x" * 10_001),
    ((*COLUMN, "current_missing"), 2),
    ((*COLUMN, "current_rows"), -1),
    ((*COLUMN, "test"), "x" * 10_001),
    ((*COLUMN, "measures"), [{"name": "psi", "value": 1, "words": "x" * 10_001}]),
    ((*COLUMN, "measures"), [{"name": "x" * 10_001, "value": 1}]),
    ((*COLUMN, "measures"), [{"name": "psi", "value": 1}] * 1_001),
    ((*COLUMN, "findings"), [{"kind": "null rate", "words": "a\0b"}]),
    ((*COLUMN, "findings"), [{"kind": "null rate", "words": "", "severity": "fatal"}]),
    (("chunks", 0, "findings"), [{"kind": "x" * 10_001, "words": ""}]),
    (("said",), ["x" * 10_001]),
    (("left_out",), [{"name": "a", "reason": "b"}] * 200_001),
    (("thresholds",), {"q": -1}),
    (("chunks",), [{"label": str(k), "verdict": "stable", "rows": 1} for k in range(10_001)]),
    (("chunks", 0, "rows"), -1),
    (("chunks", 0, "rows"), 2**70),
    (("chunks", 0, "score"), 1e308),
    (("chunks", 0, "start"), 1e300),
    (("chunks", 0, "verdict"), "good"),
    (("chunks", 0, "label"), "x" * 10_001),
    (("chunks",), []),
    (("time",), -1),
    (("time",), 1e300),
    (("score",), -1),
    (("verdict",), ""),
    (("version",), 0),
    (("current", "time"), 1e300),
    (("current", "rows"), -5),
    (("tests",), -5),
    (("id",), "../../etc/passwd"),
    (("key",), "short"),
    (("monitor",), "../flights"),
]


@pytest.mark.parametrize(("place", "value"), IMPOSSIBLE)
def test_what_can_be_of_no_check_is_refused(
    tmp_path: Path, place: tuple[str | int, ...], value: object
) -> None:
    """One absurd number anywhere, and nothing of the report is believed."""
    said = plain(report(verdicts={"temp": DRIFT}))
    at: Any = said
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    with pytest.raises(FormatError, match=r"cannot be read|another one"):
        storing.read(tmp_path, "flights", planted(tmp_path, packed(said)))


def test_columns_and_chunks_are_there_once(tmp_path: Path) -> None:
    """Whoever says a thing twice may mean two things."""
    said = plain(report(verdicts={"temp": DRIFT}))
    said["chunks"] *= 2
    with pytest.raises(FormatError, match="there twice"):
        storing.read(tmp_path, "flights", planted(tmp_path, packed(said)))
    del said["chunks"][1]
    said["chunks"][0]["columns"] *= 2
    with pytest.raises(FormatError, match="names a column twice"):
        storing.read(tmp_path, "flights", planted(tmp_path, packed(said)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("edges", [3.0, 1.0, 2.0]),
        ("current_shares", [0.5]),
        ("reference_shares", [-1.0] * 10),
        ("current_quantiles", [1.0]),
        ("at", [2.0] * 19),
        ("categories", ["a", "b"]),
        ("scale", -1.0),
    ],
)
def test_a_distribution_that_can_be_of_no_column_is_refused_when_it_is_opened(
    tmp_path: Path, name: str, value: object
) -> None:
    """Lists do not draw it, and go on showing the verdict."""
    said = plain(report(verdicts={"temp": DRIFT}))
    said["chunks"][0]["columns"][0]["shape"][name] = value
    there = planted(tmp_path, packed(said))
    assert storing.read_for_lists(tmp_path, "flights", there).verdict == DRIFT
    with pytest.raises(FormatError, match="distribution of 'temp'"):
        storing.read(tmp_path, "flights", there)


def test_a_report_in_the_place_of_another_is_refused(tmp_path: Path) -> None:
    """A copy under another name would be counted twice."""
    there = planted(tmp_path, storing.encode(report(number=2)))
    with pytest.raises(FormatError, match="another one"):
        storing.read(tmp_path, "flights", there)


def test_a_field_of_a_later_version_is_passed_over(tmp_path: Path) -> None:
    """A later program adds; this one reads the rest."""
    said = plain(report()) | {"colour": "green"}
    assert storing.read(tmp_path, "flights", planted(tmp_path, packed(said))).verdict == "stable"


def test_links_are_not_followed_out_of_the_workspace(tmp_path: Path) -> None:
    """Neither a monitor's folder nor a file in it leads anywhere else."""
    root, away = tmp_path / "ws", tmp_path / "away"
    write(away, report())
    (root / storing.FOLDER / "flights").mkdir(parents=True)
    (root / storing.FOLDER / "linked").symlink_to(away / storing.FOLDER / "flights")
    name = f"{report().key}{storing.ENDING}"
    (root / storing.FOLDER / "flights" / name).symlink_to(away / storing.FOLDER / "flights" / name)
    assert storing.names(root) == ("flights",)
    assert storing.links(root) == ("linked",)
    assert storing.keys(root, "linked") == ()
    with pytest.raises(NotFoundError, match="leads out"):
        storing.read(root, "flights", report().key)
    (root / "reports/drift/flights" / name).unlink()
    (root / "reports/drift/flights").rmdir()
    (root / "reports/drift/flights").symlink_to(away)
    with pytest.raises(NotAllowedError, match="leads out"):
        storing.write(root, report(number=3))


def test_names_that_are_no_names_reach_no_file(tmp_path: Path) -> None:
    """Whatever a person or a screen hands in."""
    for monitor, there in (("../x", "0" * 32), ("flights", "../../x"), ("a/b", "0" * 32)):
        with pytest.raises(NotFoundError):
            storing.read(tmp_path, monitor, there)
    with pytest.raises(NotFoundError):
        storing.keys(tmp_path, "..")
    with pytest.raises(FormatError):
        storing.write(tmp_path, report(monitor="../x"))
    assert storing.keys(tmp_path, "nobody") == ()


def test_what_else_lies_in_the_folder_is_no_report(tmp_path: Path) -> None:
    """A file that is called like none is told apart."""
    write(tmp_path, report())
    folder = tmp_path / storing.FOLDER / "flights"
    (folder / "notes.txt").write_text("x")
    (folder / "mine.json.gz").write_text("x")
    found = storing.listed(tmp_path, "flights")
    assert (found.keys, found.strange) == ((report().key,), ("mine.json.gz",))
